import { Type } from 'typebox'
import { exportArchive, importArchive } from '../../snapshots/archive.ts'
import { getSnapshot, getVersion } from '../../snapshots/snapshots.ts'
import { operation } from '../define.ts'
import { FileUpload, Id } from '../schemas.ts'
import { SnapshotAnswer, toSnapshotAnswer } from './answers.ts'
import { one, reads, Version, writes } from './terms.ts'

/** Snapshots as files. */
export const snapshotArchiveOperations = [
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
]
