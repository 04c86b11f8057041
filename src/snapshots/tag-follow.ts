import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { firstChangeOf, firstIdAt } from '../store/changes/index.ts'
import { type NameTaken, renameTagOnContacts, type TagRename } from '../store/records/index.ts'
import type { PushAuthor } from './piece.ts'
import type { PushRow } from './push.ts'

interface Renamed extends Pick<TagRename, 'locationId' | 'from' | 'to'> {
  id: string
  /** Its content before. */
  before: string
}

/** Contacts bear the new names of tags that this batch has pushed or merged. */
export async function renameTagsOnContacts(tx: Tx, author: PushAuthor, locationIds: readonly string[]): Promise<void> {
  const renamed = await readRenamed(tx, author, locationIds)
  if (renamed.length > 0) await renameTagOnContacts(tx, authorOf(author), renamed)
}

/**
 * Contacts bear the names again that tags had before this push, which is rolled back. Those that carried the name
 * before the push gave it to the tag, of another tag or of none, keep it: they have never borne this tag.
 */
export async function restoreTagsOnContacts(
  tx: Tx,
  author: PushAuthor,
  push: PushRow,
  locationIds: readonly string[],
): Promise<void> {
  const renamed = await readRenamed(tx, author, locationIds)
  if (renamed.length === 0) return
  const taken = await readTaken(tx, push, renamed)
  await renameTagOnContacts(
    tx,
    authorOf(author),
    renamed.map((one) => ({ ...one, taken: taken.get(`${one.locationId}/${one.id}`) })),
  )
}

const authorOf = ({ actor, pushId, atMs }: PushAuthor) => ({ actor, cause: pushId, atMs })

const readRenamed = (tx: Tx, author: PushAuthor, locationIds: readonly string[]) =>
  query(
    tx,
    sql<Renamed>`
      select c.location_id as "locationId", c.delta->>'name' as from, a.name as to, a.id,
        encode(c.before_hash, 'hex') as before
      from change c
      join asset a on a.location_id = c.location_id and a.kind = c.kind and a.id = c.entity_id
      where c.location_id = any(${texts(locationIds)}) and c.cause = ${author.pushId} and c.kind = 'tags'
        and c.op = 'update' and c.at = ${new Date(author.atMs)}
        and c.id >= ${firstIdAt(new Date(author.atMs - 1000))} and c.delta->>'name' <> a.name`,
  )

/**
 * When the push gave tags the names that they had until now, or what undid a roll-back of it and so gave them once
 * more: `location/id`. Without those that a person has renamed since.
 */
async function readTaken(tx: Tx, push: PushRow, renamed: readonly Renamed[]): Promise<Map<string, NameTaken>> {
  const rows = await query(
    tx,
    sql<{ name: string; cause: string; at: Date; away: string[] }>`
      with recursive applied as (
        select id, true as applies from push where id = ${push.id}
        union all
        select p.id, not a.applies from applied a join push p on p.snapshot_id = ${push.snapshotId} and p.reverts = a.id
      )
      select w.location_id || '/' || w.id as name, t.cause, t.at, array(
        select r.delta->>'name' from change r
        where r.location_id = w.location_id and r.cause = t.cause and r.kind = 'tags' and r.op = 'update'
          and r.id >= ${firstChangeOf(push)} and r.delta ? 'name'
      ) as away
      from unnest(${texts(renamed.map((r) => r.locationId))}, ${texts(renamed.map((r) => r.id))},
        ${texts(renamed.map((r) => r.before))}) w(location_id, id, hash)
      cross join lateral (
        select c.cause, c.at from change c
        where c.location_id = w.location_id and c.kind = 'tags' and c.entity_id = w.id
          and c.id >= ${firstChangeOf(push)} and c.op = 'update'
          and c.after_hash = decode(w.hash, 'hex') and c.cause in (select id from applied where applies)
        order by c.id desc limit 1
      ) t`,
  )
  return new Map(rows.map(({ name, ...taken }) => [name, taken]))
}
