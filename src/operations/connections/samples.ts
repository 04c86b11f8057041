import { Type } from 'typebox'
import { Definition, getArrival, getVersion, itemsOf, listArrivals, preview } from '../../connect/index.ts'
import { AppError, invalid } from '../../errors.ts'
import { operation } from '../define.ts'
import { Limit } from '../schemas.ts'
import { RowId } from './runs.ts'
import {
  ArrivalAnswer,
  checkDefinition,
  common,
  getOwn,
  mayRead,
  OfConnection,
  READ,
  RowAnswer,
  refuseBeyond,
  toArrival,
  toRow,
} from './wire.ts'

const MOST_PREVIEWED = 100
const STATES = ['sample', 'waiting', 'done', 'failed']

export const sampleOperations = [
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
      refuseBeyond(ctx, doc)
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

const itemsIn = (read: Awaited<ReturnType<typeof itemsOf>> | undefined): unknown[] =>
  read !== undefined && 'items' in read ? read.items : []
