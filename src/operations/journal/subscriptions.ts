import { type Static, Type } from 'typebox'
import type { AppPortal } from '../../auth/app-portals.ts'
import { findApp } from '../../auth/apps.ts'
import { AppError, invalid } from '../../errors.ts'
import {
  ACTIONS,
  countSubscriptions,
  deleteSubscription,
  deleteSubscriptionsOf,
  findSubscription,
  LIFE_EVENTS,
  LISTED_TYPE,
  listSubscriptions,
  SUBSCRIPTION_TYPES,
  upsertSubscription,
  type Wish,
} from '../../journal/index.ts'
import { loadPropertyMaps } from '../../objects/index.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { linesOf } from './lines.ts'
import { namedScopes, subscribableTypes } from './types.ts'
import { appOf, common, getPortal, Input, Int64, SCOPES, SubscriptionAnswer, TypeId, toSubscription } from './wire.ts'

/** Of one app. */
const MOST_SUBSCRIPTIONS = 10_000
const Texts = (maxItems: number) => Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems })
const Numbers = () => Type.Array(Int64(), { maxItems: 1000 })

const optionalOrNull = <T extends ReturnType<typeof Texts> | ReturnType<typeof Numbers>>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

const WishInput = Input({
  subscriptionType: Type.Enum([...SUBSCRIPTION_TYPES]),
  portalId: Type.Optional(Int64()),
  objectTypeId: Type.Optional(TypeId()),
  actions: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 })),
  properties: optionalOrNull(Texts(500)),
  objectIds: optionalOrNull(Numbers()),
  associatedObjectTypeIds: optionalOrNull(Texts(100)),
  listIds: optionalOrNull(Numbers()),
  eventTypeId: Type.Optional(TypeId()),
  excludeOwnChanges: Type.Optional(Type.Boolean({ description: 'Changes that this app made itself are not told.' })),
})

const OfId = Input({ subscriptionId: Int64() })

async function appIdOf(ctx: Context): Promise<number> {
  const app = await findApp(ctx.db, appOf(ctx))
  if (app === null) throw new AppError('token_invalid')
  return app.hubspotId
}

async function getOwn(ctx: Context, id: number) {
  const row = await findSubscription(ctx.db, appOf(ctx), id)
  if (row === null) throw new AppError('not_found', { what: 'subscription', id })
  return row
}

export const subscriptionOperations = [
  operation({
    ...common,
    ...linesOf('subscriptions', 'GET'),
    name: 'journalSubscriptions.list',
    title: 'List Journal Subscriptions',
    access: 'read',
    scope: [SCOPES.subscriptionsRead, SCOPES.subscriptionsWrite],
    input: Input({}),
    output: Type.Object({ results: Type.Array(SubscriptionAnswer) }),
    async run(ctx) {
      const hubspotId = await appIdOf(ctx)
      const rows = await listSubscriptions(ctx.db, appOf(ctx))
      return { results: rows.map((row) => toSubscription(hubspotId, row)) }
    },
  }),
  operation({
    ...common,
    ...linesOf('subscriptions', 'POST'),
    name: 'journalSubscriptions.upsert',
    title: 'Subscribe to Changes',
    description:
      'What the journal is to tell of a portal, or of the life of the app. The same portal, type and object type ' +
      'again: what was there becomes what is asked for now.',
    access: 'write',
    scope: SCOPES.subscriptionsWrite,
    input: WishInput,
    output: SubscriptionAnswer,
    async run(ctx, input) {
      const wish = await wishOf(ctx, input)
      if ((await countSubscriptions(ctx.db, wish.appId)) >= MOST_SUBSCRIPTIONS)
        throw new AppError('bad_request', { reason: `An app has at most ${MOST_SUBSCRIPTIONS} subscriptions` })
      return toSubscription(await appIdOf(ctx), await upsertSubscription(ctx.tx, wish, ctx.clock.nowMs()))
    },
  }),
  operation({
    ...common,
    ...linesOf('subscriptions', 'GET', '/:subscriptionId'),
    name: 'journalSubscriptions.get',
    title: 'Get a Journal Subscription',
    access: 'read',
    scope: [SCOPES.subscriptionsRead, SCOPES.subscriptionsWrite],
    input: OfId,
    output: SubscriptionAnswer,
    async run(ctx, { subscriptionId }) {
      return toSubscription(await appIdOf(ctx), await getOwn(ctx, subscriptionId))
    },
  }),
  operation({
    ...common,
    ...linesOf('subscriptions', 'DELETE', '/:subscriptionId'),
    name: 'journalSubscriptions.delete',
    title: 'End a Journal Subscription',
    access: 'destructive',
    scope: SCOPES.subscriptionsWrite,
    status: 204,
    input: OfId,
    output: Type.Unknown(),
    async run(ctx, { subscriptionId }) {
      const count = await deleteSubscription(ctx.tx, appOf(ctx), subscriptionId)
      if (count === 0) throw new AppError('not_found', { what: 'subscription', id: subscriptionId })
      return withStatus(204, null)
    },
  }),
  operation({
    ...common,
    ...linesOf('subscriptions', 'DELETE', '/portals/:portalId'),
    name: 'journalSubscriptions.deleteOfPortal',
    title: 'End the Journal Subscriptions of a Portal',
    access: 'destructive',
    scope: SCOPES.subscriptionsWrite,
    status: 204,
    input: Input({ portalId: Int64() }),
    output: Type.Unknown(),
    async run(ctx, { portalId }) {
      const portal = await getPortal(ctx, portalId)
      await deleteSubscriptionsOf(ctx.tx, appOf(ctx), portal.locationId)
      return withStatus(204, null)
    },
  }),
]

const lifeEvents = () =>
  Object.entries(LIFE_EVENTS)
    .map(([action, id]) => `${id} (${action})`)
    .join(', ')

async function wishOf(ctx: Context, input: Static<typeof WishInput>): Promise<Wish> {
  const { subscriptionType: type, portalId, objectTypeId, eventTypeId } = input
  const isLife = type === 'APP_LIFECYCLE_EVENT'
  const isList = type === 'LIST_MEMBERSHIP'
  const actions = isLife && input.actions === undefined ? [...ACTIONS[type]] : (input.actions ?? [])
  const faults = [
    ...(!isLife && portalId === undefined ? ['portalId should not be empty'] : []),
    ...(!isLife && !isList && objectTypeId === undefined ? ['objectTypeId should not be empty'] : []),
    ...(isLife && eventTypeId === undefined ? [`eventTypeId should not be empty: ${lifeEvents()}`] : []),
    ...(actions.length === 0 ? ['actions should not be empty'] : []),
    ...actions
      .filter((action) => !ACTIONS[type].includes(action))
      .map((action) => `actions: ${type} has no action ${action.slice(0, 40)}, but ${ACTIONS[type].join(', ')}`),
  ]
  const told = Object.entries(LIFE_EVENTS).find(([, id]) => id === eventTypeId)?.[0]
  if (isLife && eventTypeId !== undefined && (told === undefined || !actions.includes(told)))
    faults.push(
      told === undefined
        ? `eventTypeId: nothing is told as ${eventTypeId}, but as ${lifeEvents()}`
        : `actions: ${eventTypeId} is ${told}, and tells of no other action`,
    )
  if (faults.length > 0) throw invalid(faults)
  const portal = isLife ? null : await getPortal(ctx, portalId as number)
  const types = portal === null ? null : await typesOf(ctx, portal, input)
  return {
    appId: appOf(ctx),
    locationId: portal?.locationId ?? '',
    type,
    objectTypeId: types?.objectTypeId[0] ?? '',
    eventTypeId: isLife ? (eventTypeId as string) : '',
    actions: [...new Set(actions)],
    properties: types?.properties ?? [],
    objectIds: (input.objectIds ?? []).map(String),
    associatedObjectTypeIds: types?.associatedObjectTypeIds ?? [],
    listIds: (input.listIds ?? []).map(String),
    excludesOwn: input.excludeOwnChanges ?? false,
    scopes: namedScopes(ctx),
  }
}

/** The types of which a subscription tells, as far as it names them. */
async function typesOf(ctx: Context, portal: AppPortal, input: Static<typeof WishInput>) {
  const { subscriptionType: type, objectTypeId, associatedObjectTypeIds } = input
  const found = await subscribableTypes(ctx, portal, {
    objectTypeId: objectTypeId === undefined ? [] : [objectTypeId],
    associatedObjectTypeIds: type === 'ASSOCIATION' ? (associatedObjectTypeIds ?? []) : [],
    listed: type === 'LIST_MEMBERSHIP' ? [LISTED_TYPE] : [],
  })
  const [named = LISTED_TYPE] = found.objectTypeId
  if (type === 'LIST_MEMBERSHIP' && named !== LISTED_TYPE)
    throw invalid([`objectTypeId: lists hold contacts (${LISTED_TYPE}), and no objects of type ${objectTypeId}`])
  const { properties } = input
  if (type !== 'OBJECT' || !properties) return { ...found, properties: [] }
  const [map] = (await loadPropertyMaps(ctx.db, [{ locationId: portal.locationId, typeId: named }])).values()
  const unknown = properties.filter((name) => map?.has(name) === false)
  // One that is known beside others that only HubSpot has will tell something.
  if (unknown.length > 0 && unknown.length === properties.length)
    throw invalid([`properties: objects of type ${named} have no property ${unknown.slice(0, 10).join(', ')}`])
  return { ...found, properties: properties.map((name) => map?.find(name)?.name ?? name) }
}
