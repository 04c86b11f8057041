import { sql } from 'kysely'
import { type Tx, texts } from '../db/pool.ts'
import { numberedChangeId } from '../store/changes.ts'
import { type Removal, readRemovals } from './decide.ts'
import type { Policy } from './options.ts'
import type { OutcomeRow } from './outcomes.ts'
import type { Piece, PushAuthor } from './piece.ts'

/** What happens to an asset whose entry left the snapshot, when deletions travel. */
export function removalAction({ mine, base }: Removal, policy: Policy): 'delete' | 'conflict' | 'skip' {
  if (mine === base || policy === 'override') return 'delete'
  return policy === 'skip' ? 'skip' : 'conflict'
}

/** Deletes what left the snapshot and was not edited in the target; the rest is reported. */
export async function removeGone(tx: Tx, { scope, gone, policyFor, author }: Piece): Promise<OutcomeRow[]> {
  const locationIds = scope.targets.map((target) => target.locationId)
  const removals = await readRemovals(tx, { kind: scope.kind, snapshotId: gone.snapshotId, locationIds, gone: gone.lineages, held: gone.held, matched: [] })
  const rows = removals.map((removal) => ({ removal, action: removalAction(removal, policyFor(removal.lineage)) }))
  await deleteAssets(tx, {
    author,
    assets: rows.filter((row) => row.action === 'delete').map(({ removal }) => ({ locationId: removal.locationId, kind: scope.kind, id: removal.id })),
  })
  return rows.map(({ removal: { locationId, lineage, id, name }, action }) => ({
    locationId,
    kind: scope.kind,
    lineage,
    id,
    name,
    outcome: action === 'delete' ? 'deleted' : action === 'skip' ? 'skipped' : 'conflict',
    reason: action === 'delete' ? null : 'deleted in the snapshot, changed in the target',
    detail: null,
  }))
}

interface Deletion {
  author: PushAuthor
  assets: readonly { locationId: string; kind: string; id: string }[]
}

/** Removes assets for a push. Their change rows hold all that is needed to bring them back. */
export async function deleteAssets(tx: Tx, { author, assets }: Deletion): Promise<void> {
  if (assets.length === 0) return
  await sql`
    with doomed as (
      select * from unnest(${texts(assets.map((a) => a.locationId))}, ${texts(assets.map((a) => a.kind))}, ${texts(assets.map((a) => a.id))}) d(location_id, kind, id)
    ), gone as (
      delete from asset a using doomed d where a.location_id = d.location_id and a.kind = d.kind and a.id = d.id returning a.*
    ), aliases as (
      delete from asset_alias l using doomed d where l.location_id = d.location_id and l.kind = d.kind and l.id = d.id returning l.location_id, l.kind, l.id, l.lineage
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select g.location_id, ${numberedChangeId(author.atMs)}, g.kind, g.id, 'delete',
      jsonb_build_object('lineage', g.lineage, 'name', g.name, 'key', g.key, 'base', encode(g.base_hash, 'hex'), 'local', g.local, 'sourcePush', g.source_push,
        'createdAt', g.created_at, 'updatedAt', g.updated_at,
        'aliases', (select coalesce(jsonb_agg(l.lineage), '[]') from aliases l where l.location_id = g.location_id and l.kind = g.kind and l.id = g.id)),
      g.hash, null, ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from gone g`.execute(tx)
}
