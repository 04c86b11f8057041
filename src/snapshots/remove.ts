import { sql } from 'kysely'
import { type Db, query, type Tx, texts } from '../db/pool.ts'
import { numberedChangeId } from '../store/changes/index.ts'
import type { Target } from './decide.ts'
import { heldElsewhereSql, isAbout } from './elsewhere.ts'
import { assetOf, type Identities, nameOf } from './identity.ts'
import { keepPipelines } from './leaving-pipelines.ts'
import { OUTCOME_OF, type Policy } from './options.ts'
import { isLeftAlone, type OutcomeRow } from './outcomes.ts'
import type { Piece, PushAuthor } from './piece.ts'
import { releaseAssets } from './release.ts'
import { readUndoneNames } from './rollback-parts.ts'
import type { LeavingStage } from './stages.ts'
import { STAGED } from './stages-after.ts'
import { policyIn, takesIn, type Wanted, type WantedKind } from './wanted.ts'

/** A pair of this snapshot with an asset that no entry of the version reaches. */
interface LeftPair {
  locationId: string
  lineage: string
  id: string
  own: string
  name: string
  byAlias: boolean
  mine: string
  base: string
  /** Snapshots whose newest pushed version holds it, too. */
  others: string[]
}

/**
 * An asset of a target whose entries left the snapshot, by the newest of their lineages: its pair, and what else this
 * snapshot knows it by.
 */
interface Removal extends LeftPair {
  isClients: boolean
  older: readonly Pick<LeftPair, 'lineage' | 'byAlias'>[]
}

export interface PlannedRemoval extends Removal {
  action: 'delete' | 'release' | 'keep' | 'conflict' | 'skip'
  reason: string
  /** Of a pipeline: stages whose opportunities go elsewhere, as it was said. */
  leavingStages?: LeavingStage[]
}

export interface RemovalScope {
  wanted: Wanted
  kind: WantedKind
  targets: readonly Target[]
  identities: Identities
  /** Only these, where somebody decided about conflicts, or something is tried again. */
  only: readonly { locationId: string; lineage: string }[] | undefined
}

/** What happens to assets that left the snapshot, when deletions travel (docs/decisions/0011). */
export async function planRemovals(db: Db, scope: RemovalScope): Promise<PlannedRemoval[]> {
  const { wanted, identities, kind, only } = scope
  if (kind.gone.length === 0 || scope.targets.length === 0) return []
  const policyFor = policyIn(wanted, kind.kind)
  const takesFor = takesIn(wanted, kind.kind)
  const isReached = reachedBy(scope)
  const gone = new Set(kind.gone)
  const isAsked = ({ locationId, lineage }: LeftPair) =>
    gone.has(lineage) && (only?.some((pair) => pair.locationId === locationId && pair.lineage === lineage) ?? true)
  const pairs = (await readLeftPairs(db, scope)).filter((pair) => !isReached(pair))
  const removals = [...Map.groupBy(pairs, ({ locationId, id }) => `${locationId}/${id}`).values()].flatMap((group) =>
    toRemoval(group, isAsked),
  )
  const claimed = identities.claimed(kind)
  const planned = removals.map((removal) => ({
    ...removal,
    ...unlessClaimed(
      claimed.get(`${removal.locationId}/${removal.id}`),
      kind.resource.noun,
      actionFor(removal, {
        deletions: wanted.options.deletions === 'all' ? 'all' : true,
        policy: policyFor(removal.lineage, removal.locationId),
        stays: takesFor(removal.lineage, removal.locationId).get('') === 'target',
      }),
    ),
  }))
  return kind.kind === STAGED.kind ? keepPipelines(db, scope, planned) : planned
}

/**
 * True for assets that an entry of the version reaches: as the entries are told apart in this push, whatever the aliases
 * were before it.
 */
function reachedBy({ wanted, kind: { kind }, identities: { links } }: RemovalScope): (pair: LeftPair) => boolean {
  const linked = new Set([...links.values()].map(assetOf))
  const held = new Set(wanted.entries.filter((entry) => entry.kind === kind).map(({ lineage }) => lineage))
  return ({ locationId, id, own }) =>
    linked.has(assetOf({ locationId, kind, id })) ||
    (held.has(own) && !links.has(nameOf({ locationId, kind, lineage: own })))
}

/**
 * One decision for all lineages by which a snapshot reached an asset, newest first. What was pushed last tells whether
 * it is as it was pushed; it is the client's where none of them brought it.
 */
function toRemoval(pairs: readonly LeftPair[], isAsked: (pair: LeftPair) => boolean): Removal[] {
  const told = pairs.find(isAsked)
  if (told === undefined) return []
  const { base } = pairs[0] as LeftPair
  return [
    {
      ...told,
      base,
      isClients: told.own === told.id || pairs.every(({ byAlias }) => byAlias),
      older: pairs.filter((pair) => pair !== told),
    },
  ]
}

/**
 * What an ambiguous entry may be is there until somebody says which one it is: it could not be answered with what is
 * gone.
 */
function unlessClaimed(
  by: string | undefined,
  noun: string,
  planned: Pick<PlannedRemoval, 'action' | 'reason'>,
): Pick<PlannedRemoval, 'action' | 'reason'> {
  if (by === undefined || planned.action !== 'delete') return planned
  return { action: 'keep', reason: `left the snapshot; stays, as it may be the ${noun} "${by}", which is ambiguous` }
}

/** Assets that go: `location/id`. */
export const leavingOf = (removals: readonly PlannedRemoval[]): Set<string> =>
  new Set(removals.filter((removal) => removal.action === 'delete').map(({ locationId, id }) => `${locationId}/${id}`))

/** Why an asset is deleted. It stands in no row of its own, as the change log tells of the deletion. */
export const DELETION = 'deleted in the snapshot'

interface Removing {
  deletions: true | 'all'
  policy: Policy
  /** Somebody took the target's side: it is the client's from then on, or the same would be asked again. */
  stays: boolean
}

function actionFor(
  { isClients, mine, base, others }: Removal,
  { deletions, policy, stays }: Removing,
): Pick<PlannedRemoval, 'action' | 'reason'> {
  if (others.length > 0)
    return { action: 'keep', reason: `left the snapshot; stays, as ${others.join(', ')} brought it too` }
  if (stays) return { action: 'release', reason: 'left the snapshot; somebody decided that it stays, untracked' }
  if (deletions !== 'all' && isClients)
    return { action: 'release', reason: 'left the snapshot; it was there before the first push, and stays untracked' }
  if (mine === base || policy === 'override') return { action: 'delete', reason: DELETION }
  return { action: policy === 'skip' ? 'skip' : 'conflict', reason: 'deleted in the snapshot, changed in the target' }
}

/** What this snapshot brought here under lineages it no longer holds: all its pairs with these assets, newest first. */
async function readLeftPairs(
  db: Db,
  { wanted: { snapshotId, entries }, kind: { kind, gone }, targets, identities }: RemovalScope,
): Promise<LeftPair[]> {
  const locationIds = targets.map((target) => target.locationId)
  const undone = await readUndoneNames(db, { beside: snapshotId, locationIds })
  const held = entries.filter((entry) => entry.kind === kind).map((entry) => entry.lineage)
  const isOwn = sql`not exists (
    select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind and l.lineage = a.lineage)`
  return query(
    db,
    sql<LeftPair>`
      with reached as (
        select l.location_id, l.id from asset_alias l
        where l.kind = ${kind} and l.location_id = any(${texts(locationIds)}) and l.lineage = any(${texts(gone)})
          and l.base_hash is not null
        union
        select a.location_id, a.id from asset a
        where a.kind = ${kind} and a.location_id = any(${texts(locationIds)}) and a.lineage = any(${texts(gone)})
          and a.base_hash is not null and ${isOwn}
      ), pair as (
        select r.location_id, r.id, l.lineage, l.base_hash as base, l.source_push, true as by_alias from reached r
        join asset_alias l on l.location_id = r.location_id and l.kind = ${kind} and l.id = r.id
        where l.base_hash is not null
        union all
        select r.location_id, r.id, a.lineage, a.base_hash, a.source_push, false from reached r
        join asset a on a.location_id = r.location_id and a.kind = ${kind} and a.id = r.id
        where a.base_hash is not null and ${isOwn}
      )
      select r.location_id as "locationId", r.lineage, a.id, a.lineage as own, a.name, r.by_alias as "byAlias",
        a.hash as mine, r.base, o.others
      from pair r join asset a on a.location_id = r.location_id and a.kind = ${kind} and a.id = r.id
      left join push n on n.id = r.source_push
      cross join lateral (
        select coalesce(array_agg(distinct h.name), '{}') as others
        from ${heldElsewhereSql(snapshotId, { leaving: identities.turns.leavingOf(kind), undone })} h
      ) o
      where r.lineage <> all(${texts(held)}) and exists (
          select 1 from push_target t join push p on p.id = t.push_id
          join snapshot_entry e on e.snapshot_id = p.snapshot_id and e.version = p.version and e.kind = ${kind}
            and e.lineage = r.lineage
          where t.location_id = a.location_id and p.snapshot_id = ${snapshotId} and p.reverts is null
            and t.state in ('completed', 'partial', 'processing')
            and ${isAbout({ locationId: sql`t.location_id`, kind: sql`e.kind`, lineage: sql`e.lineage` }, undone)}
            -- Nor does a push bring what it leaves alone, or deleted: another snapshot has brought it.
            and not exists (
              select 1 from push_outcome o where o.location_id = t.location_id and o.push_id = p.id and o.kind = e.kind
                and o.lineage = e.lineage and (${isLeftAlone} or o.outcome = 'kept' and o.id is null)))
      order by 1, n.created_at desc nulls last, n.id desc, r.lineage`,
  )
}

/** Carries the removals of a piece out: deletions and releases; the rest is only reported. */
export async function removeGone(tx: Tx, { scope, removals, author }: Piece): Promise<void> {
  const of = (action: PlannedRemoval['action']) =>
    removals.filter((removal) => removal.action === action).map((removal) => ({ ...removal, kind: scope.kind }))
  await deleteAssets(tx, { author, assets: of('delete'), remember: true })
  await releaseAssets(tx, author, of('release'))
}

export function removalOutcomes({ scope, removals }: Piece): OutcomeRow[] {
  return removals.map(({ locationId, lineage, id, name, action, reason }) => ({
    locationId,
    kind: scope.kind,
    lineage,
    id,
    name,
    outcome: OUTCOME_OF[action],
    reason: action === 'delete' ? null : reason,
    detail: null,
  }))
}

interface Deletion {
  author: PushAuthor
  /** `linked`: the alias that leads again where it led when the asset is gone. */
  assets: readonly { locationId: string; kind: string; id: string; lineage: string; linked?: object | null }[]
  /** They may come back, and then as they were known. */
  remember: boolean
}

/** Removes assets for a push. Their change rows hold all that is needed to bring them back. */
export async function deleteAssets(tx: Tx, { author, assets, remember }: Deletion): Promise<void> {
  if (assets.length === 0) return
  await sql`
    with doomed as (
      select d.location_id, d.kind, d.id, d.lineage, d.linked::jsonb as linked
      from unnest(${texts(assets.map((a) => a.locationId))}, ${texts(assets.map((a) => a.kind))},
        ${texts(assets.map((a) => a.id))}, ${texts(assets.map((a) => a.lineage))},
        ${texts(assets.map(({ linked }) => (linked ? JSON.stringify(linked) : null)))})
        d(location_id, kind, id, lineage, linked)
    ), gone as (
      delete from asset a using doomed d where a.location_id = d.location_id and a.kind = d.kind and a.id = d.id
      returning a.*, d.lineage as incoming, d.linked
    ), aliases as (
      delete from asset_alias l using doomed d where l.location_id = d.location_id and l.kind = d.kind and l.id = d.id
      returning l.*
    ), remembered as (
      insert into asset_tombstone (location_id, kind, lineage, id, name, own_lineage, local, part_aliases, deleted_at)
      select g.location_id, g.kind, l.lineage, g.id, g.name, g.lineage, g.local, l.part_aliases,
        ${new Date(author.atMs)}
      from gone g cross join lateral (
        select g.lineage, g.part_aliases union all
        select l.lineage, l.part_aliases from aliases l where l.location_id = g.location_id and l.kind = g.kind
          and l.id = g.id and l.lineage <> g.lineage
      ) l where ${remember}::boolean
      on conflict (location_id, kind, lineage) do update set id = excluded.id, name = excluded.name, base_hash = null,
        source_push = null, own_lineage = excluded.own_lineage, local = excluded.local,
        part_aliases = excluded.part_aliases, deleted_at = excluded.deleted_at
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select g.location_id, ${numberedChangeId(author.atMs)}, g.kind, g.id, 'delete',
      jsonb_build_object('lineage', g.incoming, 'own', g.lineage, 'name', g.name, 'key', g.key,
        'uniqueKey', g.unique_key, 'base', encode(g.base_hash, 'hex'), 'local', g.local, 'sourcePush', g.source_push,
        'parts', g.part_aliases, 'createdAt', g.created_at, 'updatedAt', g.updated_at,
        'aliases', (
          select coalesce(jsonb_agg(to_jsonb(l) - 'location_id' - 'kind' - 'hash' - 'drift_push'), '[]') from aliases l
          where l.location_id = g.location_id and l.kind = g.kind and l.id = g.id))
        || case when g.linked is null then '{}' else jsonb_build_object('linked', g.linked) end
        || case when ${remember}::boolean then coalesce((
            select jsonb_build_object('covers', jsonb_agg(to_jsonb(z))) from asset_tombstone z
            where z.location_id = g.location_id and z.kind = g.kind and z.id <> g.id
              and (z.lineage = g.lineage or z.lineage = any(
                select l.lineage from aliases l
                where l.location_id = g.location_id and l.kind = g.kind and l.id = g.id))
            having count(*) > 0), '{}') else '{}' end,
      g.hash, null, ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from gone g`.execute(tx)
}
