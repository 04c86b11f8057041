import { Type } from 'typebox'
import { checkTenancy } from '../auth/tenants.ts'
import { inTransaction } from '../db/transaction.ts'
import { invalid } from '../errors.ts'
import { exportArchive, importArchive } from '../snapshots/archive.ts'
import { diffLocation, diffVersions } from '../snapshots/compare.ts'
import { readDrift } from '../snapshots/drift.ts'
import { showEntryNames, showRefs } from '../snapshots/ref-names.ts'
import { updateImported } from '../snapshots/share.ts'
import {
  createSnapshot,
  deleteSnapshot,
  getEntry,
  getSnapshot,
  getVersion,
  listEntries,
  listSnapshots,
  readEntries,
  recapture,
  renameSnapshot,
} from '../snapshots/snapshots.ts'
import { getBlobs } from '../store/blobs.ts'
import { operation, withStatus } from './define.ts'
import { refuseStrangeKind } from './push-inputs.ts'
import { After, FileUpload, Id, KINDS, Kind, Limit, LocationName, Name, Noun } from './schemas.ts'
import { ListedAnswer, SnapshotAnswer, toListedAnswers, toSnapshotAnswer } from './snapshot-answers.ts'
import { snapshotStatusOperations } from './snapshot-status.ts'
import { snapshotVersionOperations } from './snapshot-versions.ts'

const common = { category: 'Snapshots', token: 'agency' } as const
const reads = { ...common, access: 'read', scope: ['snapshots.readonly', 'snapshots.write'] } as const
const writes = { ...common, access: 'write', scope: 'snapshots.write' } as const
const one = { companyId: Id(), snapshotId: Id() }
const Version = () => Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))
const Named = { kind: Type.String(), lineage: Type.String(), name: Type.String() }
const Entry = Noun('SnapshotEntry', { ...Named, hash: Type.String(), dependency: Type.Boolean() })
const NamedAsset = Noun('NamedAsset', Named)
const Diff = Noun('Diff', {
  added: Type.Array(NamedAsset),
  removed: Type.Array(NamedAsset),
  changed: Type.Array(
    Type.Object({
      ...Named,
      fields: Type.Array(Type.Object({ path: Type.String(), before: Type.Optional(Type.Unknown()), after: Type.Optional(Type.Unknown()) })),
    }),
  ),
})

export const snapshotOperations = [
  operation({
    ...reads,
    name: 'snapshots.list',
    title: 'Get Snapshots',
    description: 'All own and imported snapshots of the agency, each with its newest version and where it was captured.',
    http: 'GET /snapshots/',
    input: Type.Object({ companyId: Id() }, { additionalProperties: false }),
    output: Type.Object({ snapshots: Type.Array(ListedAnswer) }),
    async run(ctx) {
      return { snapshots: await toListedAnswers(ctx, await listSnapshots(ctx.db, ctx.agencyId)) }
    },
  }),
  operation({
    ...writes,
    name: 'snapshots.create',
    heavy: true,
    title: 'Create Snapshot',
    description: 'Captures a sub-account as it is at one moment: everything, some kinds, or single assets; always with what they refer to.',
    http: 'POST /snapshots/',
    status: 201,
    query: ['companyId'],
    input: Type.Object(
      {
        companyId: Id(),
        name: Name(),
        locationId: Id(),
        kinds: Type.Optional(Type.Array(Kind(), { maxItems: 100, description: `All of these kinds: ${KINDS}. Neither kinds nor assets: everything.` })),
        assets: Type.Optional(Type.Array(Type.Object({ kind: Kind(), id: Id() }, { additionalProperties: false }), { maxItems: 10_000 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, { name, locationId, kinds, assets }) {
      const unknown = [
        ...(kinds ?? []).map((kind, index) => [`kinds[${index}]`, kind]),
        ...(assets ?? []).map(({ kind }, index) => [`assets[${index}].kind`, kind]),
      ].filter(([, kind]) => !ctx.resources.has(kind as string))
      if (unknown.length > 0) throw invalid(unknown.map(([path]) => `${path} must be one of the following values: ${[...ctx.resources.keys()].join(', ')}`))
      if ((kinds ?? assets) !== undefined && !kinds?.length && !assets?.length)
        throw invalid([`${kinds === undefined ? 'assets' : 'kinds'} should not be empty`])
      const id = await createSnapshot(ctx.tx, { agencyId: ctx.agencyId, name, locationId, selection: { kinds, assets } }, ctx.author.atMs)
      return { snapshot: await toSnapshotAnswer(ctx, await getSnapshot(ctx.tx, ctx.agencyId, id)) }
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.get',
    title: 'Get Snapshot',
    description: 'One snapshot with what its newest version, or the asked one, holds.',
    http: 'GET /snapshots/:snapshotId',
    input: Type.Object({ ...one, version: Version() }, { additionalProperties: false }),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, input) {
      return { snapshot: await toSnapshotAnswer(ctx, await getSnapshot(ctx.db, ctx.agencyId, input.snapshotId), input.version) }
    },
  }),
  operation({
    ...writes,
    name: 'snapshots.update',
    title: 'Rename Snapshot',
    description: 'Gives a snapshot another name. Its versions, shares and pushes stay as they are.',
    http: 'PUT /snapshots/:snapshotId',
    query: ['companyId'],
    input: Type.Object({ ...one, name: Name() }, { additionalProperties: false }),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, { snapshotId, name }) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: true })
      await renameSnapshot(ctx.tx, snapshot, name, ctx.author.atMs)
      return { snapshot: await toSnapshotAnswer(ctx, { ...snapshot, name, updatedAt: new Date(ctx.author.atMs) }) }
    },
  }),
  operation({
    ...writes,
    access: 'destructive',
    name: 'snapshots.delete',
    title: 'Delete Snapshot',
    description: 'Removes the snapshot with its versions and shares. What it brought to sub-accounts stays there.',
    http: 'DELETE /snapshots/:snapshotId',
    input: Type.Object(one, { additionalProperties: false }),
    output: Type.Object({ succeeded: Type.Boolean() }),
    async run(ctx, { snapshotId }) {
      await deleteSnapshot(ctx.tx, await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: true }))
      return { succeeded: true }
    },
  }),
  operation({
    ...writes,
    name: 'snapshots.refresh',
    heavy: true,
    title: 'Refresh Snapshot',
    description: "Own: captures the source again. Imported: fetches the publisher's newest version. 201 with a new version, 200 when the content is the same.",
    http: 'POST /snapshots/:snapshotId/refresh',
    status: 201,
    query: ['companyId'],
    input: Type.Object(one, { additionalProperties: false }),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, { snapshotId }) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: true })
      const source = snapshot.sourceLocationId === null ? [] : [snapshot.sourceLocationId]
      if (ctx.caller.oauth !== undefined) await checkTenancy(ctx.tx, ctx.caller, { companyIds: [], locationIds: source })
      const { isNew } = await (snapshot.type === 'own' ? recapture : updateImported)(ctx.tx, snapshot, ctx.author.atMs)
      const answer = { snapshot: await toSnapshotAnswer(ctx, await getSnapshot(ctx.tx, ctx.agencyId, snapshotId)) }
      return withStatus(isNew ? 201 : 200, answer)
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.assets',
    title: 'List Assets of a Snapshot',
    description: 'What a version holds, by kind and lineage. `dependency`: nobody chose the asset; something chosen refers to it.',
    http: 'GET /snapshots/:snapshotId/assets',
    input: Type.Object(
      { ...one, version: Version(), kind: Type.Optional(Kind()), limit: Limit(100, 1000), after: Type.Optional(Type.String({ maxLength: 128 })) },
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
      return { assets: shown.map(({ key: _, ...entry }) => entry), after: last === undefined ? null : `${last.kind}:${last.lineage}` }
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
      asset: Noun('SnapshotAsset', { ...Named, hash: Type.String(), dependency: Type.Boolean(), document: Type.Object({}, { additionalProperties: true }) }),
    }),
    async run(ctx, { snapshotId, kind, lineage, ...input }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const { version } = await getVersion(ctx.db, snapshot, input.version)
      const { key: _, ...entry } = await getEntry(ctx.db, snapshot.id, version, kind, lineage)
      const blob = (await getBlobs(ctx.db, [entry.hash])).get(entry.hash)
      const names = new Map((await readEntries(ctx.db, snapshot.id, version)).map((other) => [`${other.kind}:${other.lineage}`, other.name]))
      return { asset: showRefs({ ...entry, document: JSON.parse(blob?.text ?? '{}') as object }, names) }
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.diff',
    title: 'Compare Versions',
    description: 'Two versions (`from`, `to`), or a version and a sub-account as it is now (`version`, `locationId`), field by field.',
    http: 'GET /snapshots/:snapshotId/diff',
    input: Type.Object({ ...one, from: Version(), to: Version(), version: Version(), locationId: Type.Optional(Id()) }, { additionalProperties: false }),
    output: Type.Object({ diff: Diff }),
    async run(ctx, { snapshotId, from, to, locationId, ...input }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      if (locationId !== undefined) {
        const { version } = await getVersion(ctx.db, snapshot, input.version)
        return { diff: (await inTransaction(ctx.db, (tx) => diffLocation(tx, snapshot.id, version, locationId))) as never }
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
    input: Type.Object({ ...one, locationId: Type.Optional(Id()), limit: Limit(100, 1000), after: Type.Optional(Id()) }, { additionalProperties: false }),
    output: Type.Object({
      drift: Type.Array(
        Noun('Drift', {
          locationId: Type.String(),
          locationName: LocationName(),
          version: Type.Integer(),
          assets: Type.Array(
            Noun('DriftedAsset', { ...Named, id: Type.String(), change: Type.Enum(['edited', 'deleted'], { description: 'What the sub-account did to it.' }) }),
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
  operation({
    ...reads,
    name: 'snapshots.export',
    title: 'Export Snapshot',
    description: 'A version as one file: the same version gives the same bytes.',
    http: 'GET /snapshots/:snapshotId/export',
    input: Type.Object({ ...one, version: Version() }, { additionalProperties: false }),
    output: 'stream',
    async run(ctx, { snapshotId, ...input }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const version = await getVersion(ctx.db, snapshot, input.version)
      return {
        contentType: 'application/x-ndjson',
        fileName: `snapshot-${snapshot.id}-v${version.version}.ndjson`,
        body: exportArchive(ctx.db, snapshot, version),
      }
    },
  }),
  operation({
    ...writes,
    name: 'snapshots.importFile',
    heavy: true,
    title: 'Import Snapshot File',
    description:
      'Stores an exported file as a snapshot of this agency. The body is the file as it is (`--data-binary @FILE`), or a form (multipart/form-data) that brings it.',
    http: 'POST /snapshots/import-file',
    status: 201,
    query: ['companyId'],
    rawBody: { property: 'archive', limit: 'archiveBytes' },
    input: Type.Object({ companyId: Id(), archive: FileUpload('The exported file.') }, { additionalProperties: false }),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, { archive }) {
      const id = await importArchive(
        ctx.tx,
        { agencyId: ctx.agencyId, file: archive, resources: ctx.resources, propertyBytes: ctx.config.bodyBytes },
        ctx.author.atMs,
      )
      return { snapshot: await toSnapshotAnswer(ctx, await getSnapshot(ctx.tx, ctx.agencyId, id)) }
    },
  }),
  ...snapshotVersionOperations,
  ...snapshotStatusOperations,
]
