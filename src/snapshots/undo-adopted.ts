import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { firstChangeOf } from '../store/changes/index.ts'
import { NAMED } from './bare-tags.ts'
import { findTaken, type Move } from './keys.ts'
import type { PushRow } from './push.ts'
import type { Undoing } from './undoing.ts'

/** Why a tag goes that no push has brought. */
export const REPLACED = 'made since the push: the one that comes back takes its place, with its contacts'

interface Standin {
  locationId: string
  id: string
  lineage: string
  name: string
  key: string
  hash: string
}

/**
 * Tags that have come with a contact since the push under names which are to come back, if they are nothing but the
 * name: no push knows them, and no document names them. Contacts carry the name, so the tag that comes back is theirs,
 * and nothing is lost. What somebody has made as a tag is theirs, and stays.
 */
async function findStandins<M extends Move>(tx: Tx, push: PushRow, taken: ReadonlySet<M>): Promise<Standin[]> {
  if (taken.size === 0) return []
  const moves = [...taken]
  return query(
    tx,
    sql<Standin>`
      select a.location_id as "locationId", a.id, a.lineage, a.name, a.unique_key as key, encode(a.hash, 'hex') as hash
      from (select distinct * from unnest(${texts(moves.map((move) => move.locationId))},
        ${texts(moves.map((move) => move.to))})) w(location_id, key)
      join asset a on a.location_id = w.location_id and a.kind = ${NAMED} and a.unique_key = w.key
      where a.base_hash is null and a.source_push is null and a.created_at >= ${push.createdAt}
        and exists (
          select 1 from change c
          join change r on r.location_id = c.location_id and r.cause = c.cause and r.kind = 'contacts'
          where c.location_id = a.location_id and c.kind = a.kind and c.entity_id = a.id and c.op = 'create'
            and c.id >= ${firstChangeOf(push)} and r.id >= ${firstChangeOf(push)})
        and not exists (select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind
          and l.id = a.id)
        and not exists (
          select 1 from asset d join blob b on b.hash = d.hash
          where d.location_id = a.location_id and b.refs && array[${`${NAMED}:`} || a.lineage])`,
  )
}

/** What goes, as if the push had made it. Remembered, as people may ask for it by its id. */
function replace({ locationId, id, lineage, name, key, hash }: Standin): Undoing {
  const known = { delta: null, pairPush: null, leftPush: null, isEdited: true, lastEdit: null, isBuried: false }
  const trace = {
    locationId,
    kind: NAMED,
    id,
    op: 'create' as const,
    before: null,
    after: hash,
    now: hash,
    lineage,
    name,
    key,
    ...known,
  }
  return { trace, act: 'remove', outcome: 'deleted', reason: REPLACED, name, key }
}

/** Moves that cannot have their keys, and the tags that give way to others. `leaving` gains these. */
export async function takeOver<M extends Move>(
  tx: Tx,
  { push, kind, moves, leaving }: { push: PushRow; kind: string; moves: readonly M[]; leaving: Set<string> },
): Promise<{ taken: Set<M>; replaced: Undoing[] }> {
  const taken = await findTaken(tx, kind, moves, leaving)
  const standins = kind === NAMED ? await findStandins(tx, push, taken) : []
  if (standins.length === 0) return { taken, replaced: [] }
  for (const { locationId, id } of standins) leaving.add(`${locationId}/${id}`)
  const left = await findTaken(tx, kind, moves, leaving)
  const free = new Set([...taken].filter((move) => !left.has(move)).map(({ locationId, to }) => `${locationId}/${to}`))
  return {
    taken: left,
    replaced: standins.filter(({ locationId, key }) => free.has(`${locationId}/${key}`)).map(replace),
  }
}

/** Contacts keep the name of a tag that was deleted: renamed with the other one, they would be lost to it. */
export const makeRoom = ({ trace: { kind }, act }: Undoing): string =>
  kind === NAMED && act !== 'restore' ? 'delete it (its contacts keep the name)' : 'rename it'
