import { Type } from 'typebox'
import { inTransaction } from '../../db/transaction.ts'
import { diffLocation, diffVersions } from '../../snapshots/compare.ts'
import { readDrift } from '../../snapshots/drift.ts'
import { getSnapshot, getVersion } from '../../snapshots/snapshots.ts'
import { operation } from '../define.ts'
import { After, Id, Limit, LocationName, Noun } from '../schemas.ts'
import { Named, one, reads, Version } from './terms.ts'

const NamedAsset = Noun('NamedAsset', Named)
export const Diff = Noun('Diff', {
  added: Type.Array(NamedAsset),
  removed: Type.Array(NamedAsset),
  changed: Type.Array(
    Type.Object({
      ...Named,
      fields: Type.Array(
        Type.Object({
          path: Type.String(),
          before: Type.Optional(Type.Unknown()),
          after: Type.Optional(Type.Unknown()),
        }),
      ),
    }),
  ),
})

/** How versions differ from each other and from sub-accounts. */
export const snapshotCompareOperations = [
  operation({
    ...reads,
    name: 'snapshots.diff',
    title: 'Compare Versions',
    description:
      'Two versions (`from`, `to`), or a version and a sub-account as it is now (`version`, `locationId`), field ' +
      'by field.',
    http: 'GET /snapshots/:snapshotId/diff',
    input: Type.Object(
      { ...one, from: Version(), to: Version(), version: Version(), locationId: Type.Optional(Id()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ diff: Diff }),
    async run(ctx, { snapshotId, from, to, locationId, ...input }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      if (locationId !== undefined) {
        const { version } = await getVersion(ctx.db, snapshot, input.version)
        return {
          diff: (await inTransaction(ctx.db, (tx) => diffLocation(tx, snapshot.id, version, locationId))) as never,
        }
      }
      const newer = await getVersion(ctx.db, snapshot, to)
      const older = await getVersion(ctx.db, snapshot, from ?? Math.max(1, newer.version - 1))
      return { diff: (await diffVersions(ctx.db, snapshot.id, older.version, newer.version)) as never }
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.drift',
    title: 'List Drift',
    description: 'Assets that sub-accounts edited or deleted since this snapshot was pushed to them.',
    http: 'GET /snapshots/:snapshotId/drift',
    input: Type.Object(
      { ...one, locationId: Type.Optional(Id()), limit: Limit(100, 1000), after: Type.Optional(Id()) },
      { additionalProperties: false },
    ),
    output: Type.Object({
      drift: Type.Array(
        Noun('Drift', {
          locationId: Type.String(),
          locationName: LocationName(),
          version: Type.Integer(),
          assets: Type.Array(
            Noun('DriftedAsset', {
              ...Named,
              id: Type.String(),
              change: Type.Enum(['edited', 'deleted'], { description: 'What the sub-account did to it.' }),
            }),
          ),
        }),
      ),
      after: After(),
    }),
    async run(ctx, { snapshotId, limit = 100, locationId, after }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const drift = await readDrift(ctx.db, snapshot, { locationId, limit, after })
      return { drift, after: drift.length < limit ? null : (drift.at(-1)?.locationId ?? null) }
    },
  }),
]
