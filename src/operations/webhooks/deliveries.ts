import { type Static, Type } from 'typebox'
import {
  addDeliveries,
  countDeliveries,
  DELIVERY_STATES,
  EVENT_TYPES,
  getDelivery,
  listDeliveries,
  replay,
  TEST_EVENT,
  toDelivery,
} from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { operation } from '../define.ts'
import { parseMoment } from '../moments.ts'
import { After, Id, Limit } from '../schemas.ts'
import {
  common,
  DeliveryAnswer,
  getOwn,
  mayRead,
  OfWebhook,
  READ,
  toDeliveryAnswers,
  toWholeDelivery,
  WholeDelivery,
  WRITE,
} from './wire.ts'

const query = ['locationId', 'appId']
const Moment = () =>
  Type.String({
    maxLength: 40,
    description: 'ISO 8601; a day alone is its first moment.',
    examples: ['2026-03-01T09:00:00Z'],
  })
const DeliveryType = () => Type.Enum([...EVENT_TYPES, TEST_EVENT])
const Replayed = () => Type.Object({ replayed: Type.Integer({ description: 'How many are sent again.' }) })

export const deliveryOperations = [
  operation({
    ...common,
    name: 'webhooks.test',
    title: 'Test Webhook',
    description: `Sends an event of the type ${TEST_EVENT}, signed like all others. What came of it stands in its delivery.`,
    access: 'write',
    scope: WRITE,
    http: 'POST /webhooks/:webhookId/test',
    status: 202,
    query,
    input: OfWebhook({}),
    output: Type.Object({ delivery: DeliveryAnswer }),
    async run(ctx, input) {
      const endpoint = await getOwn(ctx, input)
      if (endpoint.off !== null) throw new AppError('bad_request', { reason: 'The webhook is switched off' })
      const nowMs = ctx.clock.nowMs()
      const { locationId, id } = endpoint
      const own = { name: endpoint.name }
      const subject = `webhooks/${id}`
      const made = toDelivery(endpoint, { type: TEST_EVENT, locationId, subject, own, at: new Date(nowMs), nowMs })
      await addDeliveries(ctx.tx, [made], nowMs)
      const [delivery] = await toDeliveryAnswers(ctx, ctx.tx, [await getDelivery(ctx.tx, endpoint, made.id)])
      return { delivery: delivery as Static<typeof DeliveryAnswer> }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.deliveries',
    title: 'List Webhook Deliveries',
    description: 'What was sent to a webhook, or waits to be, the newest first.',
    access: 'read',
    scope: READ,
    http: 'GET /webhooks/:webhookId/deliveries',
    input: OfWebhook({
      state: Type.Optional(Type.Enum([...DELIVERY_STATES])),
      type: Type.Optional(DeliveryType()),
      since: Type.Optional(Moment()),
      limit: Limit(50, 200),
      after: Type.Optional(Type.String({ format: 'uuid', maxLength: 36 })),
    }),
    output: Type.Object({ deliveries: Type.Array(DeliveryAnswer), after: After() }),
    async run(ctx, { limit = 50, after: before, state, type: event, since, ...input }) {
      const endpoint = await getOwn(ctx, input)
      const from = since === undefined ? undefined : parseMoment('since', since, 'start')
      const rows = await listDeliveries(ctx.db, endpoint, { state, event, since: from, before, limit })
      return {
        deliveries: await toDeliveryAnswers(ctx, ctx.db, rows),
        after: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
      }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.countDeliveries',
    title: 'Count Webhook Deliveries',
    description:
      'How many there are in each state. With `since`, what Replay Webhook Deliveries Since would send again are those ' +
      'delivered and failed; without, what Replay Failed Webhook Deliveries would are those failed.',
    access: 'read',
    scope: READ,
    http: 'GET /webhooks/:webhookId/deliveries/count',
    input: OfWebhook({ type: Type.Optional(DeliveryType()), since: Type.Optional(Moment()) }),
    output: Type.Object({ waiting: Type.Integer(), delivered: Type.Integer(), failed: Type.Integer() }),
    async run(ctx, { type: event, since, ...input }) {
      const endpoint = await getOwn(ctx, input)
      const from = since === undefined ? undefined : parseMoment('since', since, 'start')
      return countDeliveries(ctx.db, endpoint, { event, since: from })
    },
  }),
  operation({
    ...common,
    name: 'webhooks.delivery',
    title: 'Get Webhook Delivery',
    description:
      'One delivery with its body and what each attempt was answered. It needs a scope that reads what it tells.',
    access: 'read',
    scope: READ,
    http: 'GET /webhooks/:webhookId/deliveries/:deliveryId',
    input: OfWebhook({ deliveryId: Id() }),
    output: Type.Object({ delivery: WholeDelivery }),
    async run(ctx, { deliveryId, ...input }) {
      const endpoint = await getOwn(ctx, input)
      const row = await getDelivery(ctx.db, endpoint, deliveryId)
      if (!mayRead(ctx, row.event)) throw new AppError('scope_missing')
      const [answer] = await toDeliveryAnswers(ctx, ctx.db, [row])
      return { delivery: toWholeDelivery(endpoint, row, answer as Static<typeof DeliveryAnswer>) }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.replay',
    title: 'Replay Webhook Delivery',
    description: 'Sends a delivery again, under the same id; one that waits is sent at once.',
    access: 'write',
    scope: WRITE,
    http: 'POST /webhooks/:webhookId/deliveries/:deliveryId/replay',
    status: 202,
    query,
    input: OfWebhook({ deliveryId: Id() }),
    output: Replayed(),
    async run(ctx, { deliveryId, ...input }) {
      const endpoint = await getOwn(ctx, input)
      const { id } = await getDelivery(ctx.tx, endpoint, deliveryId)
      return { replayed: await replay(ctx.tx, endpoint, { id }, ctx.clock.nowMs()) }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.replayFailed',
    title: 'Replay Failed Webhook Deliveries',
    description: 'Sends again all that was given up.',
    access: 'write',
    scope: WRITE,
    http: 'POST /webhooks/:webhookId/replay-failed',
    status: 202,
    query,
    input: OfWebhook({}),
    output: Replayed(),
    async run(ctx, input) {
      const endpoint = await getOwn(ctx, input)
      return { replayed: await replay(ctx.tx, endpoint, { failed: true }, ctx.clock.nowMs()) }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.replaySince',
    title: 'Replay Webhook Deliveries Since',
    description: 'Sends again all that was told since a moment, delivered or given up, as far as it is kept.',
    access: 'write',
    scope: WRITE,
    http: 'POST /webhooks/:webhookId/replay-since',
    status: 202,
    query,
    input: OfWebhook({ since: Moment() }),
    output: Replayed(),
    async run(ctx, { since, ...input }) {
      const endpoint = await getOwn(ctx, input)
      const from = parseMoment('since', since, 'start')
      return { replayed: await replay(ctx.tx, endpoint, { since: from }, ctx.clock.nowMs()) }
    },
  }),
]
