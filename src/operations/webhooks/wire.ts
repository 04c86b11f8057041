import { type Static, type TProperties, Type } from 'typebox'
import { getApp } from '../../auth/apps.ts'
import { holdsOneOf, mayRead as mayReadKind } from '../../auth/caller.ts'
import {
  type Attempt,
  createAddressGuard,
  DELIVERY_STATES,
  type Delivery,
  type Endpoint,
  type EndpointOwner,
  EVENT_TYPES,
  getEndpoint,
  type Health,
  locateEndpoint,
  MOST_COUNTED,
  namesOfSubjects,
  readHealth,
  scopesOf,
  urlFault,
} from '../../connect/index.ts'
import type { Db } from '../../db/pool.ts'
import { AppError, invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import type { Context } from '../define.ts'
import { Id, Instant, Noun } from '../schemas.ts'

export const common = { category: 'Webhooks', token: 'either' } as const
export const READ = ['webhooks.readonly', 'webhooks.write'] as const
export const WRITE = 'webhooks.write'

/** Whose webhooks: what every operation takes. */
export const ownerInput = {
  locationId: Type.Optional(Id('For an agency token: the location meant. Needless where a webhook of it is named.')),
  appId: Type.Optional(
    Id(
      'For an agency token: an app of the agency, in place of a location. Its webhooks hear of each location where it is installed.',
    ),
  ),
}

export const Input = <P extends TProperties>(properties: P) =>
  Type.Object({ ...ownerInput, ...properties }, { additionalProperties: false })

export const OfWebhook = <P extends TProperties>(properties: P) => Input({ webhookId: Id(), ...properties })

const EventType = () => Type.Enum([...EVENT_TYPES])

export const EventWishes = () =>
  Type.Array(
    Type.Object(
      {
        type: EventType(),
        fields: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
            minItems: 1,
            maxItems: 100,
            description: 'Of changes, only those in which one of these fields became another: `tags`.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    { maxItems: 100, description: 'What is told. None: everything that the caller may read.' },
  )

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

const health = Type.Object(
  {
    waiting: Type.Integer({ description: `Deliveries that wait, counted up to ${MOST_COUNTED}.` }),
    nextAttemptAt: Type.Union([Instant(), Type.Null()], {
      description: 'Of what waits. In the past: it is about to be made, or waits until the webhook is switched on.',
    }),
    failed: Type.Integer({ description: `Deliveries in the log that were given up, counted up to ${MOST_COUNTED}.` }),
    lastAttemptAt: Type.Union([Instant(), Type.Null()], {
      description: 'Of the newest delivery that was tried. Null: it was not called yet, or nothing of it is kept.',
    }),
    lastStatus: Type.Union([Type.Integer(), Type.Null()], {
      description: 'What it answered then. Null: nothing.',
    }),
  },
  { description: 'How it goes with it now.' },
)

const webhook = {
  id: Type.String(),
  locationId: Nullable(Type.String()),
  appId: Type.Union([Type.String(), Type.Null()], { description: "Null: the webhook is a location's own." }),
  name: Type.String(),
  url: Type.String(),
  events: EventWishes(),
  ordered: Type.Boolean(),
  enabled: Type.Boolean(),
  offBecause: Type.Union([Type.Enum(['person', 'gone', 'failing']), Type.Null()], {
    description: '`person`: somebody said so; `gone`: it answered 410; `failing`: all that was tried failed.',
  }),
  heldUntil: Type.Union([Instant(), Type.Null()], { description: 'It asked for a pause until then.' }),
  health,
  createdAt: Instant(),
  updatedAt: Instant(),
}

export const WebhookAnswer = Noun('Webhook', webhook)

export const PlacedWebhook = Noun('PlacedWebhook', {
  ...webhook,
  locationName: Nullable(Type.String()),
  appName: Nullable(Type.String()),
})

export const Secret = () =>
  Type.String({ description: 'Signs what is sent. This answer is the only time it can be read.' })

/** Webhooks with how it goes with each. */
export async function toWebhooks<E extends Endpoint>(db: Db, rows: readonly E[]) {
  const healthOf = await readHealth(db, rows)
  return rows.map((row) => [toWebhook(row, healthOf(row)), row] as const)
}

export async function toOneWebhook(db: Db, row: Endpoint): Promise<Static<typeof WebhookAnswer>> {
  return toWebhook(row, (await readHealth(db, [row]))(row))
}

const toWebhook = (row: Endpoint, now: Health): Static<typeof WebhookAnswer> => ({
  id: row.id,
  locationId: row.locationId || null,
  appId: row.appId,
  name: row.name,
  url: row.url,
  events: row.events as never,
  ordered: row.ordered,
  enabled: row.off === null,
  offBecause: row.off,
  heldUntil: row.heldUntil?.toISOString() ?? null,
  health: {
    ...now,
    nextAttemptAt: now.nextAttemptAt?.toISOString() ?? null,
    lastAttemptAt: now.lastAttemptAt?.toISOString() ?? null,
  },
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

const delivery = {
  id: Type.String({ description: 'The `webhook-id` of each attempt.' }),
  webhookId: Type.String(),
  type: Type.String(),
  subject: Type.String({ description: 'What it tells of: kind and id.' }),
  subjectName: Nullable(
    Type.String({
      description: 'What that is called, or whose it is. Null: nothing says, or the token may not read it.',
    }),
  ),
  state: Type.Enum([...DELIVERY_STATES]),
  underWay: Type.Boolean(),
  attemptCount: Type.Integer(),
  lastStatus: Type.Union([Type.Integer(), Type.Null()], { description: 'Null: there was no answer, or no attempt.' }),
  nextAttemptAt: Nullable(Instant()),
  createdAt: Instant(),
  endedAt: Nullable(Instant()),
}

export const DeliveryAnswer = Noun('WebhookDelivery', delivery)

export const WholeDelivery = Noun('WholeWebhookDelivery', {
  ...delivery,
  request: Type.Object(
    {
      method: Type.String(),
      url: Type.String(),
      headers: Type.Record(Type.String(), Type.String()),
      body: Type.String({ description: 'Byte by byte what is signed.' }),
    },
    { description: 'As it would be sent now; the moment and the signatures are those of each attempt.' },
  ),
  attempts: Type.Array(
    Type.Object({
      at: Instant(),
      url: Type.String(),
      durationMs: Type.Integer(),
      status: Nullable(Type.Integer()),
      answer: Type.String({ description: 'The first kilobytes.' }),
      error: Type.Union([Type.String(), Type.Null()], { description: 'Why there was no answer.' }),
    }),
  ),
})

const toDeliveryAnswer = (row: Delivery, subjectName: string | null): Static<typeof DeliveryAnswer> => ({
  id: row.id,
  webhookId: row.endpointId,
  type: row.event,
  subject: row.subject,
  subjectName,
  state: row.state,
  underWay: row.isUnderWay,
  attemptCount: row.attemptCount,
  lastStatus: row.lastStatus,
  nextAttemptAt: row.state === 'waiting' ? row.dueAt.toISOString() : null,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
})

/** Each with the name of what it tells of, as far as the caller may read that. */
export async function toDeliveryAnswers(
  ctx: Context,
  db: Db,
  rows: readonly Delivery[],
): Promise<Static<typeof DeliveryAnswer>[]> {
  const readable = rows.filter(({ event }) => mayRead(ctx, event))
  const names = await namesOfSubjects(db, readable, {
    agencyId: ctx.agencyId,
    namesContacts: mayReadKind(ctx.caller, contacts),
  })
  return rows.map((row) => toDeliveryAnswer(row, names.get(row.id) ?? null))
}

export const toWholeDelivery = (
  endpoint: Endpoint,
  row: Delivery & { body: string; attempts: Attempt[] },
  answer: Static<typeof DeliveryAnswer>,
): Static<typeof WholeDelivery> => ({
  ...answer,
  request: {
    method: 'POST',
    url: endpoint.url,
    headers: { 'content-type': 'application/json', 'webhook-id': row.id },
    body: row.body,
  },
  attempts: row.attempts,
})

/** Whose webhooks are meant. An app's are for whoever looks after the agency that owns it, or for the app itself. */
export async function ownerOf(ctx: Context, { appId }: { appId?: string }): Promise<EndpointOwner> {
  if (appId === undefined) return { locationId: ctx.locationId, appId: null }
  const { locationId, oauth } = ctx.caller
  if (locationId !== null) throw new AppError('token_kind', { needed: 'a token of the agency' })
  if (oauth !== undefined && oauth.appId !== appId) throw new AppError('not_found', { what: 'app', id: appId })
  await getApp(ctx.db, ctx.agencyId, appId)
  return { locationId: '', appId }
}

export async function getOwn(
  ctx: Context,
  input: { webhookId: string; locationId?: string; appId?: string },
  options: { hold?: boolean } = {},
): Promise<Endpoint> {
  const { webhookId: id, locationId, appId } = input
  const isNamed = (locationId ?? appId ?? ctx.caller.locationId) !== null
  const owner = isNamed ? await ownerOf(ctx, input) : await locateEndpoint(ctx.db, ctx.caller, id)
  return getEndpoint(ctx.db, owner, id, options)
}

/** Nobody is sent what the one who asks for it could not read. */
export function checkWishes(
  ctx: Context,
  { url, events = [] }: { url?: string; events?: readonly { type: string }[] },
): void {
  const fault = url === undefined ? null : urlFault(url, createAddressGuard(ctx.config.outgoingNetworks))
  const unreadable = events.filter(({ type }) => !mayRead(ctx, type))
  const faults = [
    ...(fault === null ? [] : [`url: ${fault}`]),
    ...unreadable.map(({ type }) => `events: the calling token may not read what ${type} tells`),
  ]
  if (faults.length > 0) throw invalid(faults)
}

export function mayRead({ caller }: Context, type: string): boolean {
  const scopes = scopesOf(type)
  return scopes === null || scopes.length === 0 || holdsOneOf(caller.scopes, scopes)
}
