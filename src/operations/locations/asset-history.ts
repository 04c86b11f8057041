import { Type } from 'typebox'
import type { Db } from '../../db/pool.ts'
import { namesOfActors } from '../../snapshots/actor-names.ts'
import { findIdOf, type HistoryEntry, readHistory } from '../../snapshots/history.ts'
import { getSnapshot } from '../../snapshots/snapshots.ts'
import type { AssetResource } from '../../store/assets/index.ts'
import { operation } from '../define.ts'
import { changeFields, historyPage, Id, Noun } from '../schemas.ts'
import { assetReads, readableResource } from './assets.ts'

const output = Type.Object({ history: Type.Array(Noun('AssetChange', { ...changeFields, local: Type.Unknown() })) })

/** Whose parts assets of a kind name: the stages of pipelines, say. */
const partKindsOf = (resource: AssetResource | undefined) => [...new Set(Object.values(resource?.partRefs ?? {}))]

async function toAnswer(db: Db, entries: HistoryEntry[]) {
  const names = await namesOfActors(
    db,
    entries.map((entry) => entry.actor),
  )
  return {
    history: entries.map((entry) => ({
      ...entry,
      at: entry.at.toISOString(),
      actorName: names.get(entry.actor) ?? null,
    })) as never,
  }
}

export const assetHistoryOperations = [
  operation({
    category: 'Snapshots',
    name: 'snapshots.assetHistory',
    title: 'History of a Snapshot Asset in a Location',
    description:
      'Who changed an asset of the snapshot in one sub-account, when, and what: from the change log, newest first.',
    access: 'read',
    token: 'agency',
    scope: ['snapshots.readonly', 'snapshots.write'],
    http: 'GET /snapshots/:snapshotId/assets/:kind/:lineage/history',
    input: Type.Object(
      { companyId: Id(), snapshotId: Id(), kind: Id(), lineage: Id(), locationId: Id(), ...historyPage },
      { additionalProperties: false },
    ),
    output,
    async run(ctx, { snapshotId, kind, lineage, locationId, limit = 50, before }) {
      await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const assetId = await findIdOf(ctx.db, locationId, kind, lineage)
      const partKinds = partKindsOf(ctx.resources.get(kind))
      return toAnswer(ctx.db, await readHistory(ctx.db, { locationId, kind, assetId, limit, before, partKinds }))
    },
  }),
  operation({
    ...assetReads,
    name: 'locations.assetHistory',
    title: 'History of an Asset',
    description:
      'Who changed an asset, when, and what: from the change log, newest first. Works for deleted assets too. ' +
      'Needs a scope that reads the kind.',
    http: 'GET /locations/:locationId/assets/:kind/:assetId/history',
    input: Type.Object(
      { locationId: Id(), kind: Id(), assetId: Id(), ...historyPage },
      { additionalProperties: false },
    ),
    output,
    async run(ctx, { locationId, kind, assetId, limit = 50, before }) {
      const partKinds = partKindsOf(readableResource(ctx, kind))
      return toAnswer(ctx.db, await readHistory(ctx.db, { locationId, kind, assetId, limit, before, partKinds }))
    },
  }),
]
