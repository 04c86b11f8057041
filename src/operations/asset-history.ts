import { Type } from 'typebox'
import type { Db } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { RESOURCES } from '../resources/index.ts'
import { namesOfActors } from '../snapshots/actor-names.ts'
import { findIdOf, type HistoryEntry, readHistory } from '../snapshots/history.ts'
import { getSnapshot } from '../snapshots/snapshots.ts'
import type { AssetResource } from '../store/resource.ts'
import { type Context, operation } from './define.ts'
import { changeFields, historyPage, Id, Noun } from './schemas.ts'

const output = Type.Object({ history: Type.Array(Noun('AssetChange', { ...changeFields, local: Type.Unknown() })) })

async function toAnswer(db: Db, entries: HistoryEntry[]) {
  const names = await namesOfActors(
    db,
    entries.map((entry) => entry.actor),
  )
  return { history: entries.map((entry) => ({ ...entry, at: entry.at.toISOString(), actorName: names.get(entry.actor) ?? null })) as never }
}

const scopesOf = ({ scopes }: AssetResource) => [scopes.read, scopes.write]

/** Whoever may not read a kind may not read what became of it either. */
function refuseUnreadable({ resources, caller }: Context, kind: string): void {
  const resource = resources.get(kind)
  if (resource === undefined) throw new AppError('not_found', { what: 'kind of asset', id: kind })
  if (!caller.scopes.includes('*') && !scopesOf(resource).some((scope) => caller.scopes.includes(scope))) throw new AppError('scope_missing')
}

export const assetHistoryOperations = [
  operation({
    category: 'Snapshots',
    name: 'snapshots.assetHistory',
    title: 'History of a Snapshot Asset in a Location',
    description: 'Who changed an asset of the snapshot in one sub-account, when, and what: from the change log, newest first.',
    access: 'read',
    token: 'agency',
    scope: ['snapshots.readonly', 'snapshots.write'],
    http: 'GET /snapshots/:snapshotId/assets/:kind/:lineage/history',
    input: Type.Object({ companyId: Id(), snapshotId: Id(), kind: Id(), lineage: Id(), locationId: Id(), ...historyPage }, { additionalProperties: false }),
    output,
    async run(ctx, { snapshotId, kind, lineage, locationId, limit = 50, before }) {
      await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const assetId = await findIdOf(ctx.db, locationId, kind, lineage)
      return toAnswer(ctx.db, await readHistory(ctx.db, { locationId, kind, assetId, limit, before }))
    },
  }),
  operation({
    category: 'Locations',
    name: 'locations.assetHistory',
    title: 'History of an Asset',
    description: 'Who changed an asset, when, and what: from the change log, newest first. Works for deleted assets too. Needs a scope that reads the kind.',
    access: 'read',
    token: 'either',
    scope: [...new Set([...RESOURCES.values()].flatMap(scopesOf))],
    http: 'GET /locations/:locationId/assets/:kind/:assetId/history',
    input: Type.Object({ locationId: Id(), kind: Id(), assetId: Id(), ...historyPage }, { additionalProperties: false }),
    output,
    async run(ctx, { locationId, kind, assetId, limit = 50, before }) {
      refuseUnreadable(ctx, kind)
      return toAnswer(ctx.db, await readHistory(ctx.db, { locationId, kind, assetId, limit, before }))
    },
  }),
]
