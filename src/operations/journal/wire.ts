import { type Static, type TProperties, Type } from 'typebox'
import { type AppPortal, findPortals, listPortals } from '../../auth/app-portals.ts'
import { AppError } from '../../errors.ts'
import type { Condition, Filter, Subscription } from '../../journal/index.ts'
import type { Context } from '../define.ts'
import { AsStored, Instant, Noun } from '../schemas.ts'

export const category = 'Journal'

export const SCOPES = {
  read: 'developer.webhooks_journal.read',
  subscriptionsRead: 'developer.webhooks_journal.subscriptions.read',
  subscriptionsWrite: 'developer.webhooks_journal.subscriptions.write',
  snapshotsRead: 'developer.webhooks_journal.snapshots.read',
  snapshotsWrite: 'developer.webhooks_journal.snapshots.write',
} as const

/** What all operations of the journal have. */
export const common = { category, token: 'app', wire: 'hubspot' } as const

/** The largest number of a program that fits into 64 bits. */
const MOST = 2 ** 63 - 1024

export const Int64 = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: MOST, ...(description === undefined ? {} : { description }) })
export const Offset = (description = 'Where in the journal: a UUIDv7.') => Type.String({ maxLength: 36, description })
export const TypeId = () => Type.String({ minLength: 1, maxLength: 100, description: 'As in 0-1, 2-17.' })
export const Input = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })

export const Pointer = Noun('JournalPointer', {
  url: Type.String({ description: 'Signed: it needs no token, and works until it expires.' }),
  expiresAt: Instant(),
  currentOffset: Type.String(),
  journalEvents: Type.Optional(Type.Array(Type.Unknown(), { description: 'With `inline`: what the file holds.' })),
})

export const SubscriptionAnswer = Noun('JournalSubscription', {
  id: Type.Integer(),
  appId: Type.Integer(),
  subscriptionType: Type.String(),
  objectTypeId: orNull(Type.String()),
  portalId: orNull(Type.Integer()),
  actions: Type.Array(Type.String()),
  properties: orNull(Type.Array(Type.String())),
  objectIds: orNull(Type.Array(Type.Integer())),
  associatedObjectTypeIds: orNull(Type.Array(Type.String())),
  listIds: orNull(Type.Array(Type.Integer())),
  eventTypeId: Type.Optional(Type.String()),
  actionOverrides: Type.Null(),
  excludeOwnChanges: Type.Boolean(),
  createdAt: Instant(),
  updatedAt: Instant(),
  deletedAt: Type.Null(),
})

function orNull<T extends Parameters<typeof Type.Union>[0][number]>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

const unlessEmpty = <T>(list: readonly T[]) => (list.length === 0 ? null : [...list])

export function toSubscription(hubspotId: number, row: Subscription): Static<typeof SubscriptionAnswer> {
  return {
    id: row.id,
    appId: hubspotId,
    subscriptionType: row.type,
    objectTypeId: row.objectTypeId || null,
    portalId: row.portalId,
    actions: [...row.actions],
    properties: unlessEmpty(row.properties),
    objectIds: unlessEmpty(row.objectIds.map(Number)),
    associatedObjectTypeIds: unlessEmpty(row.associatedObjectTypeIds),
    listIds: unlessEmpty(row.listIds.map(Number)),
    ...(row.eventTypeId === '' ? {} : { eventTypeId: row.eventTypeId }),
    actionOverrides: null,
    excludeOwnChanges: row.excludesOwn,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deletedAt: null,
  }
}

export const ConditionInput = Type.Object(
  {
    filterType: Type.Optional(Type.Enum(['CRM_OBJECT_PROPERTY'])),
    property: Type.String({ minLength: 1, maxLength: 200 }),
    operator: Type.String({ minLength: 1, maxLength: 40 }),
    value: Type.Optional(Type.Union([Type.String({ maxLength: 5000 }), Type.Number(), Type.Boolean()])),
    values: Type.Optional(
      Type.Array(Type.Union([Type.String({ maxLength: 5000 }), Type.Number(), Type.Boolean()]), { maxItems: 500 }),
    ),
  },
  { additionalProperties: false },
)

export const FilterAnswer = Noun('JournalFilter', {
  id: Type.Integer(),
  subscriptionId: Type.Integer(),
  createdAt: Type.Integer(),
  filter: Type.Object({ conditions: Type.Array(AsStored(ConditionInput)) }),
})

export const toFilter = (filter: Filter): Static<typeof FilterAnswer> => ({
  id: filter.id,
  subscriptionId: filter.subscriptionId,
  createdAt: filter.createdAt.getTime(),
  filter: { conditions: filter.conditions as Condition[] as never },
})

export function appOf(ctx: Context): string {
  if (ctx.caller.oauth === undefined) throw new AppError('token_kind', { needed: 'the token of an app' })
  return ctx.caller.oauth.appId
}

/** Which journal is read. */
export const installOf = (isLocal: boolean) =>
  Type.Optional(
    Int64(
      isLocal
        ? 'The journal of this portal; needed unless the app is installed in one portal alone.'
        : 'The journal of this portal alone; default: of all portals the app is installed in.',
    ),
  )

/** A portal the calling app is installed in. Existence is not told apart from access. */
export async function getPortal(ctx: Context, portalId: number): Promise<AppPortal> {
  const [portal] = await findPortals(ctx.db, appOf(ctx), [portalId])
  if (portal === undefined) throw new AppError('portal_forbidden', { portalId })
  return portal
}

/** The only portal there is; which one must be said where there are several. */
export async function onlyPortal(ctx: Context): Promise<AppPortal> {
  const [portal, another] = await listPortals(ctx.db, appOf(ctx), 2)
  if (portal === undefined || another !== undefined)
    throw new AppError('bad_request', {
      reason:
        portal === undefined
          ? 'The app is installed nowhere'
          : 'The app is installed in several portals: installPortalId must say which one is meant',
    })
  return portal
}
