import { Type } from 'typebox'
import { showEntryNames, showRefs } from '../../snapshots/ref-names.ts'
import { getEntry, getSnapshot, getVersion, listEntries, readEntries } from '../../snapshots/snapshots.ts'
import { getBlobs } from '../../store/assets/index.ts'
import { operation } from '../define.ts'
import { After, Id, Kind, Limit, Noun } from '../schemas.ts'
import { refuseStrangeKind } from './push-inputs.ts'
import { Named, one, reads, Version } from './terms.ts'

const Entry = Noun('SnapshotEntry', { ...Named, hash: Type.String(), dependency: Type.Boolean() })

/** What a version holds. */
export const snapshotContentOperations = [
  operation({
    ...reads,
    name: 'snapshots.assets',
    title: 'List Assets of a Snapshot',
    description:
      'What a version holds, by kind and lineage. `dependency`: nobody chose the asset; something chosen refers to it.',
    http: 'GET /snapshots/:snapshotId/assets',
    input: Type.Object(
      {
        ...one,
        version: Version(),
        kind: Type.Optional(Kind()),
        limit: Limit(100, 1000),
        after: Type.Optional(Type.String({ maxLength: 128 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ assets: Type.Array(Entry), after: After() }),
    async run(ctx, { snapshotId, limit = 100, kind, after, ...input }) {
      refuseStrangeKind(ctx, kind)
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const { version } = await getVersion(ctx.db, snapshot, input.version)
      const entries = await listEntries(ctx.db, snapshot.id, version, { kind, limit, after })
      const last = entries.length < limit ? undefined : entries.at(-1)
      const shown = await showEntryNames(ctx.db, snapshot.id, version, entries)
      return {
        assets: shown.map(({ key: _, ...entry }) => entry),
        after: last === undefined ? null : `${last.kind}:${last.lineage}`,
      }
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.asset',
    title: 'Get Asset of a Snapshot',
    description: 'One asset with its document. References read `[kind: name]`.',
    http: 'GET /snapshots/:snapshotId/assets/:kind/:lineage',
    input: Type.Object({ ...one, kind: Id(), lineage: Id(), version: Version() }, { additionalProperties: false }),
    output: Type.Object({
      asset: Noun('SnapshotAsset', {
        ...Named,
        hash: Type.String(),
        dependency: Type.Boolean(),
        document: Type.Object({}, { additionalProperties: true }),
      }),
    }),
    async run(ctx, { snapshotId, kind, lineage, ...input }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const { version } = await getVersion(ctx.db, snapshot, input.version)
      const { key: _, ...entry } = await getEntry(ctx.db, snapshot.id, version, kind, lineage)
      const blob = (await getBlobs(ctx.db, [entry.hash])).get(entry.hash)
      const names = new Map(
        (await readEntries(ctx.db, snapshot.id, version)).map((other) => [
          `${other.kind}:${other.lineage}`,
          other.name,
        ]),
      )
      return { asset: showRefs({ ...entry, document: JSON.parse(blob?.text ?? '{}') as object }, names) }
    },
  }),
]
