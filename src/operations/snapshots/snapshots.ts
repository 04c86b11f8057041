import { Type } from 'typebox'
import { checkTenancy } from '../../auth/tenants.ts'
import { updateImported } from '../../snapshots/share.ts'
import {
  createSnapshot,
  deleteSnapshot,
  getSnapshot,
  listSnapshots,
  recapture,
  renameSnapshot,
} from '../../snapshots/snapshots.ts'
import { withStatus } from '../answer.ts'
import { operation } from '../define.ts'
import { DONE, Done, Id, Name } from '../schemas.ts'
import { ListedAnswer, SnapshotAnswer, toListedAnswers, toSnapshotAnswer } from './answers.ts'
import { snapshotArchiveOperations } from './archives.ts'
import { checkSelection, previewSnapshot, selectionInput } from './capturing.ts'
import { snapshotCompareOperations } from './compare.ts'
import { snapshotContentOperations } from './contents.ts'
import { snapshotStatusOperations } from './status.ts'
import { one, reads, Version, writes } from './terms.ts'
import { snapshotVersionOperations } from './versions.ts'

export const snapshotOperations = [
  operation({
    ...reads,
    name: 'snapshots.list',
    title: 'Get Snapshots',
    description:
      'All own and imported snapshots of the agency, each with its newest version and where it was captured.',
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
    description:
      'Captures a sub-account as it is at one moment: everything, some kinds, or single assets; always with what ' +
      'they refer to.',
    http: 'POST /snapshots/',
    status: 201,
    query: ['companyId'],
    input: Type.Object(
      {
        companyId: Id(),
        name: Name(),
        locationId: Id(),
        ...selectionInput,
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, { name, locationId, kinds, assets }) {
      checkSelection(ctx, { kinds, assets })
      const id = await createSnapshot(
        ctx.tx,
        { agencyId: ctx.agencyId, name, locationId, selection: { kinds, assets } },
        ctx.author.atMs,
      )
      return { snapshot: await toSnapshotAnswer(ctx, await getSnapshot(ctx.tx, ctx.agencyId, id)) }
    },
  }),
  previewSnapshot,
  operation({
    ...reads,
    name: 'snapshots.get',
    title: 'Get Snapshot',
    description: 'One snapshot with what its newest version, or the asked one, holds.',
    http: 'GET /snapshots/:snapshotId',
    input: Type.Object({ ...one, version: Version() }, { additionalProperties: false }),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, input) {
      return {
        snapshot: await toSnapshotAnswer(ctx, await getSnapshot(ctx.db, ctx.agencyId, input.snapshotId), input.version),
      }
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
    output: Done(),
    async run(ctx, { snapshotId }) {
      await deleteSnapshot(ctx.tx, await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: true }))
      return DONE
    },
  }),
  operation({
    ...writes,
    name: 'snapshots.refresh',
    heavy: true,
    title: 'Refresh Snapshot',
    description:
      "Own: captures the source again. Imported: fetches the publisher's newest version. 201 with a new version, " +
      '200 when the content is the same.',
    http: 'POST /snapshots/:snapshotId/refresh',
    status: 201,
    query: ['companyId'],
    input: Type.Object(one, { additionalProperties: false }),
    output: Type.Object({ snapshot: SnapshotAnswer }),
    async run(ctx, { snapshotId }) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: true })
      const source = snapshot.sourceLocationId === null ? [] : [snapshot.sourceLocationId]
      if (ctx.caller.oauth !== undefined)
        await checkTenancy(ctx.tx, ctx.caller, { companyIds: [], locationIds: source })
      const { isNew } = await (snapshot.type === 'own' ? recapture : updateImported)(ctx.tx, snapshot, ctx.author.atMs)
      const answer = { snapshot: await toSnapshotAnswer(ctx, await getSnapshot(ctx.tx, ctx.agencyId, snapshotId)) }
      return withStatus(isNew ? 201 : 200, answer)
    },
  }),
  ...snapshotContentOperations,
  ...snapshotCompareOperations,
  ...snapshotArchiveOperations,
  ...snapshotVersionOperations,
  ...snapshotStatusOperations,
]
