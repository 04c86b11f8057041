import { Type } from 'typebox'
import { type WebhookKey, webhookKeys } from '../../auth/webhook-keys.ts'
import { addWebhookSecret } from '../../auth/webhook-secrets.ts'
import {
  countEndpoints,
  createEndpoint,
  deleteEndpoint,
  listAllEndpoints,
  listEndpoints,
  MOST_ENDPOINTS,
  updateEndpoint,
} from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { operation } from '../define.ts'
import { After, Id, Instant, Limit, Name, Noun } from '../schemas.ts'
import {
  checkWishes,
  common,
  EventWishes,
  getOwn,
  Input,
  OfWebhook,
  ownerOf,
  PlacedWebhook,
  READ,
  Secret,
  toOneWebhook,
  toWebhooks,
  WebhookAnswer,
  WRITE,
} from './wire.ts'

const OVERLAP_SECONDS = 86_400

const Url = () =>
  Type.String({
    minLength: 1,
    maxLength: 2000,
    description: 'An address on the public internet.',
    examples: ['https://hooks.example.com/tintype'],
  })
const Ordered = () =>
  Type.Boolean({ description: 'Later events of a record wait until the earlier one was delivered or given up.' })

const publicKey = {
  base64: Type.String({ description: 'Its 32 bytes.' }),
  pem: Type.String(),
  standardWebhooks: Type.String({ description: 'As in Standard Webhooks 1.0: `whpk_` and base64.' }),
}

const toPublic = ({ raw, pem }: WebhookKey) => {
  const base64 = raw.toString('base64')
  return { base64, pem, standardWebhooks: `whpk_${base64}` }
}

const toPublicKey = (key: WebhookKey) => ({
  ...toPublic(key),
  createdAt: key.createdAt.toISOString(),
  endsAt: key.endsAt?.toISOString() ?? null,
})

export const endpointOperations = [
  operation({
    ...common,
    name: 'webhooks.create',
    title: 'Create Webhook',
    description:
      'Calls an address with what happens from now on, signed as Standard Webhooks has it and as HighLevel does. It is ' +
      'told nothing that the caller could not read.',
    access: 'write',
    scope: WRITE,
    http: 'POST /webhooks/',
    status: 201,
    query: ['locationId', 'appId'],
    input: Input({
      name: Name(),
      url: Url(),
      events: Type.Optional(EventWishes()),
      ordered: Type.Optional(Ordered()),
    }),
    output: Type.Object({ webhook: WebhookAnswer, secret: Secret() }),
    async run(ctx, { name, url, events = [], ordered = false, ...input }) {
      const owner = await ownerOf(ctx, input)
      checkWishes(ctx, { url, events })
      if ((await countEndpoints(ctx.tx, owner)) >= MOST_ENDPOINTS)
        throw new AppError('bad_request', { reason: `There are ${MOST_ENDPOINTS} webhooks already` })
      const { agencyId, caller } = ctx
      const wish = { agencyId, name, url, events, ordered, scopes: [...caller.scopes] }
      const { endpoint, secret } = await createEndpoint(ctx.tx, owner, wish, ctx.clock.nowMs())
      return { webhook: await toOneWebhook(ctx.tx, endpoint), secret }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.list',
    title: 'List Webhooks',
    description: 'The webhooks of a location, or of an app, by creation. Never their secrets.',
    access: 'read',
    scope: READ,
    http: 'GET /webhooks/',
    input: Input({}),
    output: Type.Object({ webhooks: Type.Array(WebhookAnswer) }),
    async run(ctx, input) {
      const rows = await listEndpoints(ctx.db, await ownerOf(ctx, input))
      return { webhooks: (await toWebhooks(ctx.db, rows)).map(([webhook]) => webhook) }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.listAll',
    title: 'List All Webhooks',
    description:
      'The webhooks of all locations that the caller may reach, and of the apps of the agency, the newest first, with how ' +
      'it goes with each. Never their secrets.',
    access: 'read',
    token: 'agency',
    scope: READ,
    http: 'GET /webhooks/all',
    input: Type.Object(
      {
        companyId: Id(),
        query: Type.Optional(
          Type.String({
            maxLength: 200,
            description: 'Part of its name, its address, or what its location or app is called.',
          }),
        ),
        enabled: Type.Optional(Type.Boolean({ description: 'Only those that are switched on, or off.' })),
        limit: Limit(100, 500),
        after: Type.Optional(Id('`after` of the page before.')),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ webhooks: Type.Array(PlacedWebhook), after: After() }),
    async run(ctx, { query: text, enabled: isOn, after, limit = 100 }) {
      const rows = await listAllEndpoints(ctx.db, ctx.caller, { text, isOn, after, limit })
      return {
        webhooks: (await toWebhooks(ctx.db, rows)).map(([webhook, { locationName, appName }]) => ({
          ...webhook,
          locationName,
          appName,
        })),
        after: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
      }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.publicKey',
    title: 'Get Public Key of Webhooks',
    description:
      'What checks `x-ghl-signature` and the `v1a` signatures: an Ed25519 key, of the whole installation, as three ' +
      'kinds of programs take it. While it is followed by another one both are in `keys`, and `v1a` is signed by both.',
    access: 'read',
    scope: READ,
    http: 'GET /webhooks/public-key',
    input: Type.Object({}, { additionalProperties: false }),
    keepsToReach: true,
    output: Type.Object({
      ...publicKey,
      keys: Type.Array(
        Noun('WebhookPublicKey', {
          ...publicKey,
          createdAt: Instant(),
          endsAt: Type.Union([Instant(), Type.Null()], {
            description:
              'It signs no more from then on, and the next one makes `x-ghl-signature`. Null: no end is known.',
          }),
        }),
        { description: 'All that sign now, the one first that makes `x-ghl-signature`: the one beside this list.' },
      ),
    }),
    async run(ctx) {
      const [first, ...next] = await webhookKeys(ctx.db, ctx.clock.nowMs())
      return { ...toPublic(first), keys: [first, ...next].map(toPublicKey) }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.get',
    title: 'Get Webhook',
    access: 'read',
    scope: READ,
    http: 'GET /webhooks/:webhookId',
    input: OfWebhook({}),
    output: Type.Object({ webhook: WebhookAnswer }),
    async run(ctx, input) {
      return { webhook: await toOneWebhook(ctx.db, await getOwn(ctx, input)) }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.update',
    title: 'Update Webhook',
    description:
      'Changes what is named. One that is switched on again is called at once with what has waited; what happened while it ' +
      'was off is not told. Whoever gives it another address is who it may tell from then on.',
    access: 'write',
    scope: WRITE,
    http: 'PUT /webhooks/:webhookId',
    query: ['locationId', 'appId'],
    input: OfWebhook({
      name: Type.Optional(Name()),
      url: Type.Optional(Url()),
      events: Type.Optional(EventWishes()),
      ordered: Type.Optional(Ordered()),
      enabled: Type.Optional(Type.Boolean()),
    }),
    output: Type.Object({ webhook: WebhookAnswer }),
    async run(ctx, input) {
      const { enabled, locationId: _, appId: __, webhookId: ___, ...changes } = input
      const known = await getOwn(ctx, input, { hold: true })
      checkWishes(ctx, changes)
      const isElsewhere = changes.url !== undefined && changes.url !== known.url
      const off = enabled === undefined ? {} : { off: enabled ? null : (known.off ?? ('person' as const)) }
      const scopes = isElsewhere ? { scopes: [...ctx.caller.scopes] } : {}
      const row = await updateEndpoint(ctx.tx, known, { ...changes, ...off, ...scopes }, ctx.clock.nowMs())
      return { webhook: await toOneWebhook(ctx.tx, row) }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.delete',
    title: 'Delete Webhook',
    description: 'It is not called any more, and what waited is forgotten with its log.',
    access: 'destructive',
    scope: WRITE,
    http: 'DELETE /webhooks/:webhookId',
    input: OfWebhook({}),
    output: Type.Object({ deleted: Type.Boolean(), id: Type.String() }),
    async run(ctx, input) {
      const endpoint = await getOwn(ctx, input, { hold: true })
      await deleteEndpoint(ctx.tx, endpoint)
      return { deleted: true, id: endpoint.id }
    },
  }),
  operation({
    ...common,
    name: 'webhooks.rotateSecret',
    title: 'Rotate Secret of Webhook',
    description:
      'A new secret. The old one signs beside it for `overlapSeconds`, so that receivers can be changed one after the other.',
    access: 'destructive',
    scope: WRITE,
    http: 'POST /webhooks/:webhookId/secret',
    status: 201,
    query: ['locationId', 'appId'],
    input: OfWebhook({
      overlapSeconds: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 2_592_000, description: 'Default: a day. 0 ends the old one at once.' }),
      ),
    }),
    output: Type.Object({ webhook: WebhookAnswer, secret: Secret() }),
    async run(ctx, { overlapSeconds = OVERLAP_SECONDS, ...input }) {
      const endpoint = await getOwn(ctx, input, { hold: true })
      const times = { atMs: ctx.clock.nowMs(), overlapMs: overlapSeconds * 1000 }
      const secret = await addWebhookSecret(ctx.tx, endpoint, times)
      return { webhook: await toOneWebhook(ctx.tx, endpoint), secret }
    },
  }),
]
