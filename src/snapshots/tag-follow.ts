import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { firstIdAt } from '../store/changes.ts'
import { renameTagOnContacts, type TagRename } from '../store/tag-renames.ts'
import type { PushAuthor } from './piece.ts'

/** Contacts bear the new names of tags that this batch has renamed, whichever way: pushed, merged or rolled back. */
export async function renameTagsOnContacts(tx: Tx, author: PushAuthor, locationIds: readonly string[]): Promise<void> {
  const renames = await query(
    tx,
    sql<TagRename>`
      select c.location_id as "locationId", c.delta->>'name' as from, a.name as to from change c
      join asset a on a.location_id = c.location_id and a.kind = c.kind and a.id = c.entity_id
      where c.location_id = any(${texts(locationIds)}) and c.cause = ${author.pushId} and c.kind = 'tags' and c.op = 'update' and c.at = ${new Date(author.atMs)}
        and c.id >= ${firstIdAt(new Date(author.atMs - 1000))} and c.delta->>'name' <> a.name`,
  )
  if (renames.length > 0) await renameTagOnContacts(tx, { actor: author.actor, cause: author.pushId, atMs: author.atMs }, renames)
}
