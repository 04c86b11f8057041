import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { acceptRequest, type Item, itemId, MOST_ITEMS, readStatus } from '../../journal/index.ts'
import { operation } from '../define.ts'
import { linesOf } from './lines.ts'
import { namedScopes } from './types.ts'
import { appOf, common, Input, Int64, SCOPES, TypeId } from './wire.ts'

/** How far the clock of a caller may be ahead. */
const AHEAD_MS = 5_000

const SnapshotRequest = Type.Object(
  {
    portalId: Int64(),
    objectId: Int64(),
    objectTypeId: TypeId(),
    properties: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 1000 }),
    asOf: Type.Optional(
      Type.Union([Type.String({ maxLength: 40 }), Type.Integer({ minimum: 0, maximum: 8.64e15 })], {
        description:
          'As the record was then: ISO 8601, or milliseconds; not in the future. Default: as it is when it is read.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const snapshotOperations = [
  operation({
    ...common,
    ...linesOf('snapshots', 'POST'),
    name: 'recordSnapshots.create',
    title: 'Snapshot Records',
    description:
      'Asks for records as they are, or as they were. Each becomes an event in the journal of the app; its status ' +
      'says when, or why not.',
    access: 'write',
    scope: SCOPES.snapshotsWrite,
    input: Input({ snapshotRequests: Type.Array(SnapshotRequest, { minItems: 1, maxItems: MOST_ITEMS }) }),
    output: Type.Object({
      snapshotResponses: Type.Array(
        Type.Object({
          portalId: Type.Integer(),
          objectId: Type.Integer(),
          objectTypeId: Type.String(),
          snapshotStatusId: Type.String(),
        }),
      ),
    }),
    async run(ctx, { snapshotRequests }) {
      const nowMs = ctx.clock.nowMs()
      const faults: string[] = []
      const items = snapshotRequests.map(({ asOf, ...rest }, index): Item => {
        if (asOf === undefined) return rest
        const asOfMs = typeof asOf === 'number' ? asOf : Date.parse(asOf)
        if (Number.isNaN(asOfMs)) faults.push(`snapshotRequests[${index}].asOf must be a moment in ISO 8601`)
        if (asOfMs > nowMs + AHEAD_MS) faults.push(`snapshotRequests[${index}].asOf must not lie in the future`)
        // A clock that is ahead asks for what there is, and is told of when that was.
        return { ...rest, asOfMs: Math.min(asOfMs, nowMs) }
      })
      if (faults.length > 0) throw invalid(faults.slice(0, 50))
      const id = await acceptRequest(ctx.tx, { appId: appOf(ctx), items, scopes: namedScopes(ctx) }, nowMs)
      return {
        snapshotResponses: items.map(({ portalId, objectId, objectTypeId }, number) => ({
          portalId,
          objectId,
          objectTypeId,
          snapshotStatusId: itemId(id, number),
        })),
      }
    },
  }),
  operation({
    ...common,
    ...statusLines(),
    name: 'recordSnapshots.status',
    title: 'Get the Status of a Record Snapshot',
    access: 'read',
    scope: [SCOPES.snapshotsRead, SCOPES.snapshotsWrite],
    input: Input({ statusId: Type.String({ minLength: 1, maxLength: 64 }) }),
    output: Type.Object({
      id: Type.String(),
      status: Type.String(),
      initiatedAt: Type.Integer({ description: 'Milliseconds.' }),
      completedAt: Type.Optional(Type.Integer({ description: 'Milliseconds; absent until it has ended.' })),
      errorCode: Type.Optional(Type.String()),
      message: Type.Optional(Type.String()),
      journalOffset: Type.Optional(Type.String({ description: 'Where in the journal the event is.' })),
    }),
    async run(ctx, { statusId }) {
      const id = statusId.toLowerCase()
      const status = await readStatus(ctx.db, appOf(ctx), id)
      if (status === null) throw new AppError('not_found', { what: 'snapshot status', id: statusId })
      const { state, initiatedAt, completedAt, failure, offset } = status
      return {
        id,
        status: state === 'COMPLETED' ? ctx.config.snapshotSuccess : state,
        initiatedAt: initiatedAt.getTime(),
        ...(completedAt === null ? {} : { completedAt: completedAt.getTime() }),
        ...(failure === null ? {} : { errorCode: failure[0], message: failure[1] }),
        ...(state === 'EXPIRED' ? { message: 'The snapshot was not begun within its time. Ask for it again.' } : {}),
        ...(offset === null ? {} : { journalOffset: offset }),
      }
    },
  }),
]

/** The path of the source document, and that of the pages about the journal. */
function statusLines(): { http: string; alsoAt: string[] } {
  const own = linesOf('snapshots', 'GET', '/status/:statusId')
  const journal = linesOf('journal', 'GET', '/status/:statusId')
  const local = linesOf('journal-local', 'GET', '/status/:statusId')
  return { http: own.http, alsoAt: [...own.alsoAt, journal.http, ...journal.alsoAt, local.http, ...local.alsoAt] }
}
