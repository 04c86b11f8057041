import { Type } from 'typebox'
import { readConnectionSecrets } from '../../auth/connection-secrets.ts'
import {
  createGuardedFetch,
  Definition,
  getArrival,
  getVersion,
  itemsOf,
  listArrivals,
  masked,
  PRESETS,
  preview,
  SIGNATURE_PRESETS,
  tryPoll,
  WAYS,
} from '../../connect/index.ts'
import { AppError, invalid } from '../../errors.ts'
import { operation } from '../define.ts'
import { Limit, Noun } from '../schemas.ts'
import { checkDefinition, mayRead, refuseBeyond } from './checks.ts'
import { RowId } from './runs.ts'
import { ArrivalAnswer, common, getOwn, OfConnection, READ, RowAnswer, toArrival, toRow, WRITE } from './wire.ts'

const MOST_PREVIEWED = 100
const STATES = ['sample', 'waiting', 'done', 'failed']

const PresetAnswer = Noun('ConnectionPreset', {
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  way: Type.Enum([...WAYS]),
  definition: Definition,
  sample: Type.Unknown({ description: 'What arrives: `items`, a `csv` or a `mail`.' }),
})

export const sampleOperations = [
  operation({
    ...common,
    name: 'connections.presets',
    title: 'List Presets of Connections',
    description: 'What a connection can begin with, by the program on the other side, each with what arrives from it.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/presets',
    input: Type.Object({}, { additionalProperties: false }),
    keepsToReach: true,
    output: Type.Object({ presets: Type.Array(PresetAnswer) }),
    async run() {
      return { presets: PRESETS.map(toPreset) }
    },
  }),
  operation({
    ...common,
    name: 'connections.test',
    title: 'Test Connection',
    description:
      'Asks the other program for its first page, by the newest definition, and says what was reached: nothing of it is kept. ' +
      'Of a connection that is sent to, whether something has come.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/test',
    query: ['locationId'],
    input: OfConnection({}),
    output: Type.Object({
      reached: Type.Boolean(),
      message: Type.String(),
      items: Type.Array(Type.Unknown(), { description: 'The first of them, at most five.' }),
    }),
    async run(ctx, input) {
      const connection = await getOwn(ctx, input)
      const { doc } = await getVersion(ctx.tx, connection, connection.version)
      const isShown = mayRead(ctx, doc)
      const { poll } = doc.source
      if (connection.way !== 'poll' || poll === undefined) {
        const came = await listArrivals(ctx.tx, connection, { states: STATES, limit: 1 })
        const message = came.length === 0 ? 'Nothing has come yet.' : 'Something has come.'
        return { reached: came.length > 0, message, items: [] }
      }
      const fetch = createGuardedFetch({ allowedNetworks: ctx.config.outgoingNetworks, connections: 1 })
      try {
        const result = await tryPoll(ctx.tx, connection, poll, { fetch, nowMs: ctx.clock.nowMs() })
        const { host } = new URL(poll.url)
        if (result.outcome === 'page') {
          const known = await readConnectionSecrets(ctx.tx, connection)
          const whom = whomOf(poll.authorisation, { ...known, as: connection.authorised?.as ?? undefined })
          const count = `${result.items.length} ${result.items.length === 1 ? 'item' : 'items'}`
          const message = `${host} answered with ${count}, asked ${whom}.`
          return { reached: true, message, items: isShown ? result.items.slice(0, 5).map(masked) : [] }
        }
        const why = result.outcome === 'limited' ? 'it asks for a pause' : result.because
        return { reached: false, message: `${host}: ${why}`, items: [] }
      } finally {
        fetch.close()
      }
    },
  }),
  operation({
    ...common,
    name: 'connections.arrivals',
    title: 'List Arrivals of Connection',
    description: 'What came lately, the newest first, and what is understood of it. Secrets in it are masked.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId/arrivals',
    input: OfConnection({ limit: Limit(10, 50) }),
    output: Type.Object({ arrivals: Type.Array(ArrivalAnswer) }),
    async run(ctx, { limit = 10, ...input }) {
      const connection = await getOwn(ctx, input)
      const { doc } = await getVersion(ctx.db, connection, connection.version)
      if (!mayRead(ctx, doc)) throw new AppError('scope_missing')
      const arrivals = await listArrivals(ctx.db, connection, { states: STATES, limit })
      const read = await Promise.all(arrivals.map((one) => itemsOf(one, connection.way, doc.source)))
      return { arrivals: arrivals.map((one, n) => toArrival(one, itemsIn(read[n]))) }
    },
  }),
  operation({
    ...common,
    name: 'connections.preview',
    title: 'Preview Connection',
    description:
      'What would be written of some items, or of something that came: by the newest definition, or by one that is given and ' +
      'kept nowhere. Nothing is written.',
    access: 'read',
    scope: READ,
    http: 'POST /connections/:connectionId/preview',
    query: ['locationId'],
    input: OfConnection({
      items: Type.Optional(Type.Array(Type.Unknown(), { maxItems: MOST_PREVIEWED })),
      arrivalId: Type.Optional(RowId()),
      definition: Type.Optional(Definition),
    }),
    output: Type.Object({ rows: Type.Array(RowAnswer) }),
    async run(ctx, { items, arrivalId, definition, ...input }) {
      const connection = await getOwn(ctx, input)
      const doc = definition ?? (await getVersion(ctx.db, connection, connection.version)).doc
      checkDefinition(doc)
      refuseBeyond(ctx, connection, doc)
      if ((items === undefined) === (arrivalId === undefined))
        throw invalid(['items or arrivalId must be given, and not both'])
      const given =
        items ??
        itemsIn(await itemsOf(await getArrival(ctx.db, connection, arrivalId as string), connection.way, doc.source))
      const feeding = { db: ctx.db, clock: ctx.clock, writers: ctx.writers, byMail: false }
      const rows = await preview(feeding, connection, { doc, items: given.slice(0, MOST_PREVIEWED) })
      return { rows: rows.map((row) => toRow(row, mayRead(ctx, doc))) }
    },
  }),
]

type Authorisation = NonNullable<Definition['source']['poll']>['authorisation']

/** As whom the other program sees us: a name that it knows us by, and nothing that opens anything. */
function whomOf(authorisation: Authorisation, { username, clientId, as }: Record<string, string | undefined>): string {
  const { kind } = authorisation
  if (kind === 'none') return 'without saying by whom'
  if (kind === 'basic') return `as ${username ?? 'nobody'}`
  if (kind === 'oauth' && authorisation.grant === 'authorization_code' && as !== undefined) return `as ${as}`
  if (kind === 'oauth') return `as the client ${clientId ?? 'nobody'}`
  return kind === 'key' ? 'by its key' : 'by its token'
}

/** The definition that a preset begins with, and how its items come. */
function toPreset({ id, name, description, mapping, signature, csv, email, sample }: (typeof PRESETS)[number]) {
  const way = csv !== undefined ? ('file' as const) : email !== undefined ? ('mail' as const) : ('hook' as const)
  const verify = signature === undefined ? undefined : SIGNATURE_PRESETS[signature]
  const source = {
    ...(verify === undefined ? {} : { verify }),
    ...(csv === undefined ? {} : { csv }),
    ...(email === undefined ? {} : { mail: email }),
  }
  return { id, name, description, way, definition: { source, mapping }, sample }
}

const itemsIn = (read: Awaited<ReturnType<typeof itemsOf>> | undefined): unknown[] =>
  read !== undefined && 'items' in read ? read.items : []
