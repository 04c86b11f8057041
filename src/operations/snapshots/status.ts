import { Type } from 'typebox'
import { isLetInto } from '../../auth/installs.ts'
import { namesOfLocations } from '../../auth/location-lists.ts'
import { AppError } from '../../errors.ts'
import { findLatestPush, getTarget, listStatuses } from '../../snapshots/progress.ts'
import { getSnapshot } from '../../snapshots/snapshots.ts'
import { operation } from '../define.ts'
import { parseMoment } from '../moments.ts'
import { Id, Instant, Limit, LocationName, Noun } from '../schemas.ts'
import { StateName } from './push-meanings.ts'

const reads = {
  category: 'Snapshots',
  token: 'agency',
  access: 'read',
  scope: ['snapshots.readonly', 'snapshots.write'],
} as const
const pushed = { pushId: Type.String({ description: 'Follow it under /snapshots/pushes.' }), version: Type.Integer() }
const one = { companyId: Id(), snapshotId: Id() }

/** The two status lines of wire/highlevel/snapshots.json. */
export const snapshotStatusOperations = [
  operation({
    ...reads,
    name: 'snapshots.status',
    title: 'Get Snapshot Push between Dates',
    description:
      'Sub-accounts that a snapshot was pushed to in a period, newest first. `lastDoc` is the id after which to go on.',
    http: 'GET /snapshots/snapshot-status/:snapshotId',
    input: Type.Object(
      {
        ...one,
        from: Type.String({ maxLength: 64 }),
        to: Type.String({ maxLength: 64 }),
        lastDoc: Type.Optional(Type.String({ maxLength: 64 })),
        limit: Limit(20, 1000),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      data: Type.Array(
        Noun('PushStatus', {
          id: Type.String(),
          locationId: Type.String(),
          locationName: LocationName(),
          status: StateName(),
          ...pushed,
          dateAdded: Instant(),
        }),
      ),
    }),
    async run(ctx, { snapshotId, from, to, lastDoc, limit = 20 }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const rows = await listStatuses(ctx.db, snapshot.id, {
        within: isLetInto(ctx.caller),
        from: parseMoment('from', from, 'start'),
        to: parseMoment('to', to, 'end'),
        lastDoc,
        limit,
      })
      const names = await namesOfLocations(
        ctx.db,
        rows.map((row) => row.locationId),
      )
      return {
        data: rows.map((row) => ({
          ...row,
          locationName: names.get(row.locationId) ?? row.locationId,
          dateAdded: row.dateAdded.toISOString(),
        })),
      }
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.latestStatus',
    title: 'Get Last Snapshot Push',
    description: 'The latest push of a snapshot to a sub-account: its state, and which kinds are done.',
    http: 'GET /snapshots/snapshot-status/:snapshotId/location/:locationId',
    input: Type.Object({ ...one, locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({
      data: Noun('LatestPushStatus', {
        id: Type.String(),
        locationId: Type.String(),
        locationName: LocationName(),
        status: StateName(),
        ...pushed,
        completed: Type.Array(Type.String()),
        pending: Type.Array(Type.String()),
      }),
    }),
    async run(ctx, { snapshotId, locationId }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const push = await findLatestPush(ctx.db, snapshot.id, locationId)
      if (push === null)
        throw new AppError('not_found', { what: `push of snapshot ${snapshotId} to location`, id: locationId })
      const { id, status, completed, pending } = await getTarget(ctx.db, push, locationId)
      const names = await namesOfLocations(ctx.db, [locationId])
      const pushed = { pushId: push.id, version: push.version }
      return {
        data: {
          id,
          locationId,
          locationName: names.get(locationId) ?? locationId,
          status,
          ...pushed,
          completed,
          pending,
        },
      }
    },
  }),
]
