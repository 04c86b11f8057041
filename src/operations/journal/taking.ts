import { Type } from 'typebox'
import { findGranted } from '../../auth/app-portals.ts'
import { holdsOneOf, mayRead, readingScopes } from '../../auth/caller.ts'
import { AppError, invalid } from '../../errors.ts'
import { acceptRequest, listeningApps, readFile, readRequest } from '../../journal/index.ts'
import { loadPortals, type ObjectType, TYPES } from '../../objects/index.ts'
import { RECORDS } from '../../resources/records/index.ts'
import { objectIdsOf, type RecordResource } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Instant, Noun } from '../schemas.ts'
import { category, Input, SCOPES } from './wire.ts'

/** Each with all of its properties. */
const MOST_RECORDS = 200

/** What records of a kind are on the HubSpot wire, where all of the kind are one type. */
const TYPE_OF: ReadonlyMap<string, ObjectType> = new Map(
  TYPES.filter(({ kind, where }) => where === null && RECORDS.has(kind) && kind !== 'users')
    .toSorted((one, other) => Number(one.plural === one.kind) - Number(other.plural === other.kind))
    .map((type) => [type.kind, type]),
)
const KINDS = [...TYPE_OF.keys()]

const common = {
  category,
  token: 'either',
  scope: [...new Set(KINDS.flatMap((kind) => readingScopes(RECORDS.get(kind) as RecordResource)))],
} as const

/** Whoever may not read a kind may neither have it told nor follow that. */
function typeOf(ctx: Context, kind: string): ObjectType {
  const [resource, type] = [ctx.records.get(kind), TYPE_OF.get(kind)]
  if (resource === undefined || type === undefined)
    throw invalid([`kind: of ${kind.slice(0, 40)} there are no snapshots, but of ${KINDS.join(', ')}`])
  if (!mayRead(ctx.caller, resource)) throw new AppError('scope_missing')
  return type
}

/** For whom: an app that is allowed in the location, and may read what is asked for. */
async function appFor(
  ctx: Context,
  { locationId, appId }: { locationId: string; appId: string | undefined },
  type: ObjectType,
) {
  const listening = appId === undefined ? await listeningApps(ctx.db, locationId) : [{ id: appId, name: '' }]
  const [app, another] = listening
  if (app === undefined)
    throw new AppError('bad_request', {
      reason: 'No app listens to this sub-account: a snapshot would be told to nobody',
    })
  if (another !== undefined)
    throw new AppError('bad_request', {
      reason: `Several apps listen to this sub-account. Say which one is meant (appId): ${listening
        .slice(0, 20)
        .map(({ id, name }) => `${name} (${id})`)
        .join(', ')}`,
    })
  const [granted] = await findGranted(ctx.db, [{ appId: app.id, locationId }])
  if (granted === undefined) throw new AppError('not_found', { what: 'app in this sub-account', id: app.id })
  if (!holdsOneOf(granted.scopes, type.scopes.read))
    throw new AppError('app_scope_missing', { scope: type.scopes.read[0] })
  return app.id
}

export const takingOperations = [
  operation({
    ...common,
    name: 'records.takeSnapshots',
    title: 'Have Records Told to an App',
    description:
      'Asks for snapshots of records, with all of their properties, in the journal of an app that is allowed in the ' +
      'sub-account: as if it had asked itself. Needs a scope that reads the kind, too.',
    access: 'write',
    scope: SCOPES.snapshotsWrite,
    http: 'POST /locations/:locationId/record-snapshots',
    status: 202,
    input: Input({
      locationId: Id(),
      kind: Id(`One of ${KINDS.join(', ')}.`),
      recordIds: Type.Array(Id(), { minItems: 1, maxItems: MOST_RECORDS, uniqueItems: true }),
      appId: Type.Optional(Id('Needed where several apps listen to the sub-account.')),
      asOf: Type.Optional(
        Type.String({ format: 'date-time', maxLength: 40, description: 'As they were then. Default: as they are.' }),
      ),
    }),
    output: Type.Object({ snapshotId: Type.String(), appId: Type.String() }),
    async run(ctx, { locationId, kind, recordIds, appId, asOf }) {
      const type = typeOf(ctx, kind)
      const nowMs = ctx.clock.nowMs()
      const asOfMs = asOf === undefined ? undefined : Date.parse(asOf)
      if (asOfMs !== undefined && asOfMs > nowMs) throw invalid(['asOf must not lie in the future'])
      const [app, objectIds, portals] = [
        await appFor(ctx, { locationId, appId }, type),
        await objectIdsOf(ctx.db, { kind }, locationId, recordIds),
        await loadPortals(ctx.db, [locationId]),
      ]
      const unknown = recordIds.filter((id) => !objectIds.has(id))
      if (unknown.length > 0)
        throw new AppError('not_found', { what: type.label.toLowerCase(), id: unknown.join(', ') })
      const portal = portals.get(locationId)
      if (portal === undefined) throw new AppError('not_found', { what: 'location', id: locationId })
      const { portalId } = portal
      const properties = portal.mapOf(type).all.map(({ name }) => name)
      const items = recordIds.map((id) => ({
        portalId,
        objectId: objectIds.get(id) as number,
        objectTypeId: type.typeId,
        properties,
        ...(asOfMs === undefined ? {} : { asOfMs }),
      }))
      const named = { locationId, kind, recordIds }
      return { snapshotId: await acceptRequest(ctx.tx, { appId: app, items, scopes: null, named }, nowMs), appId: app }
    },
  }),
  operation({
    ...common,
    name: 'records.snapshots',
    title: 'Follow Record Snapshots',
    description: 'What became of snapshots that were asked for an app, and what it is told of each record.',
    access: 'read',
    http: 'GET /locations/:locationId/record-snapshots/:snapshotId',
    input: Input({ locationId: Id(), snapshotId: Id() }),
    output: Type.Object({
      snapshot: Noun('RecordSnapshots', {
        id: Type.String(),
        appId: Type.String(),
        appName: Type.String(),
        kind: Type.String(),
        initiatedAt: Instant(),
        completedAt: Type.Union([Instant(), Type.Null()]),
        records: Type.Array(
          Type.Object({
            recordId: Type.String(),
            name: Type.Union([Type.String(), Type.Null()], {
              description: 'What it is called now. Null: nothing says.',
            }),
            status: Type.Enum(['PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'EXPIRED']),
            message: Type.Union([Type.String(), Type.Null()], { description: 'Why it failed.' }),
            offset: Type.Union([Type.String(), Type.Null()], { description: 'Where in the journal of the app it is.' }),
            properties: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], {
              description: 'What is told: those that have a value. Null: nothing, or not yet, or not kept any more.',
            }),
          }),
        ),
      }),
    }),
    async run(ctx, { locationId, snapshotId }) {
      const found = await readRequest(ctx.db, locationId, snapshotId.toLowerCase())
      if (found === null) throw new AppError('not_found', { what: 'record snapshots', id: snapshotId })
      typeOf(ctx, found.kind)
      const { items, initiatedAt, completedAt, ...rest } = found
      const told = await toldIn(ctx, found)
      return {
        snapshot: {
          id: snapshotId.toLowerCase(),
          ...rest,
          initiatedAt: initiatedAt.toISOString(),
          completedAt: completedAt?.toISOString() ?? null,
          records: items.map(({ recordId, name, statusId, state, failure, offset }) => ({
            recordId,
            name,
            status: state,
            message: failure?.[1] ?? null,
            offset,
            properties: told.get(statusId) ?? null,
          })),
        },
      }
    },
  }),
]

/** What the journal tells of each item. A request is told in few files: those of one round. */
async function toldIn(
  ctx: Context,
  { appId, items }: { appId: string; items: readonly { offset: string | null; statusId: string }[] },
): Promise<Map<string, Record<string, string>>> {
  const wanted = new Set(items.map(({ statusId }) => statusId))
  const told = new Map<string, Record<string, string>>()
  for (const offset of new Set(items.flatMap((item) => item.offset ?? []))) {
    const text = await readFile(ctx.db, ctx.bodies, { appId, offset, portalId: null })
    const { journalEvents = [] } = text === null ? {} : (JSON.parse(text) as { journalEvents?: Event[] })
    for (const { snapshotStatusId = '', propertyChanges = {} } of journalEvents)
      if (wanted.has(snapshotStatusId))
        told.set(
          snapshotStatusId,
          Object.fromEntries(
            Object.entries(propertyChanges).flatMap(([name, value]) => (value ? [[name, value]] : [])),
          ),
        )
  }
  return told
}

interface Event {
  snapshotStatusId?: string
  propertyChanges?: Record<string, string | null>
}
