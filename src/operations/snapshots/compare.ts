import { Type } from 'typebox'
import { inTransaction } from '../../db/transaction.ts'
import { diffLocation, diffVersions, type SnapshotDiff } from '../../snapshots/compare.ts'
import { DRIFT_SORTS, readDrift } from '../../snapshots/drift.ts'
import { getSnapshot, getVersion } from '../../snapshots/snapshots.ts'
import { operation } from '../define.ts'
import { After, Id, Limit, LocationName, Noun } from '../schemas.ts'
import { Named, one, reads, Version } from './terms.ts'

const NamedAsset = Noun('NamedAsset', Named)
const Diff = Noun('Diff', {
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

/** One asset of a comparison, as `kind/lineage`. */
export const ComparedAsset = () =>
  Type.Optional(
    Type.String({
      maxLength: 128,
      pattern: '^[^/]+/[^/]+$',
      description: 'Only this asset, as `kind/lineage`, together with its `documents`.',
    }),
  )
const Document = () => Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()])
const ComparedDocuments = () =>
  Type.Optional(
    Type.Object(
      { before: Document(), after: Document() },
      {
        description:
          'Of the asset that was asked for (`asset`): all of it on both sides, where parts that are the same have the ' +
          'same ids. Null: that side does not have it. A sub-account has it, too, where a push would meet it by its ' +
          'name or key.',
      },
    ),
  )
export const Compared = Type.Object({ diff: Diff, documents: ComparedDocuments() })

export const toCompared = ({ documents, ...diff }: SnapshotDiff) =>
  ({ diff, ...(documents === undefined ? {} : { documents }) }) as never

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
      {
        ...one,
        from: Version(),
        to: Version(),
        version: Version(),
        locationId: Type.Optional(Id()),
        asset: ComparedAsset(),
      },
      { additionalProperties: false },
    ),
    output: Compared,
    async run(ctx, { snapshotId, from, to, locationId, asset, ...input }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      if (locationId !== undefined) {
        const { version } = await getVersion(ctx.db, snapshot, input.version)
        return toCompared(
          await inTransaction(ctx.db, (tx) =>
            diffLocation(tx, snapshot.id, { version, locationId, asset, resources: ctx.resources }),
          ),
        )
      }
      const newer = await getVersion(ctx.db, snapshot, to)
      const older = await getVersion(ctx.db, snapshot, from ?? Math.max(1, newer.version - 1))
      return toCompared(await diffVersions(ctx.db, snapshot.id, { from: older.version, to: newer.version, asset }))
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.drift',
    title: 'List Drift',
    description: 'Assets that sub-accounts edited or deleted since this snapshot was pushed to them.',
    http: 'GET /snapshots/:snapshotId/drift',
    input: Type.Object(
      {
        ...one,
        locationId: Type.Optional(Id()),
        query: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 200,
            description:
              'Part of the name of a sub-account, or of an asset together with what it is ("tag vip"): then of these ' +
              'alone.',
          }),
        ),
        sort: Type.Optional(
          Type.Enum([...DRIFT_SORTS], {
            description:
              'What puts sub-accounts in order: their name, or how many assets have drifted there, and where that is as ' +
              'many their name from A to Z. Default: their id.',
          }),
        ),
        order: Type.Optional(Type.Enum(['asc', 'desc'])),
        limit: Limit(100, 1000),
        after: Type.Optional(Id()),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      drift: Type.Array(
        Noun('Drift', {
          locationId: Type.String(),
          locationName: LocationName(),
          version: Type.Integer({ description: 'The newest that its assets differ from.' }),
          assets: Type.Array(
            Noun('DriftedAsset', {
              ...Named,
              id: Type.String(),
              change: Type.Enum(['edited', 'deleted'], { description: 'What the sub-account did to it.' }),
              version: Type.Integer({
                description: 'What it differs from: pushing this version brings back what was pushed.',
              }),
            }),
          ),
        }),
      ),
      total: Type.Integer({ description: 'Sub-accounts on all pages.' }),
      totalAssets: Type.Integer({ description: 'Assets in them.' }),
      after: After(),
    }),
    async run(ctx, { snapshotId, limit = 100, order = 'asc', ...page }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      return readDrift(ctx.db, snapshot, { ...page, limit, order, resources: ctx.resources })
    },
  }),
]
