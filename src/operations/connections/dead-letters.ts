import { Type } from 'typebox'
import {
  addRows,
  askToFeed,
  beginRun,
  type Connection,
  createRun,
  getVersion,
  listRows,
  preview,
  type Row,
  rowIds,
  settleDead,
  unmasked,
} from '../../connect/index.ts'
import { AppError, invalid } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { mayRead, refuseBeyond } from './checks.ts'
import { RowId } from './runs.ts'
import { common, getOwn, OfConnection, RowAnswer, RunAnswer, toRow, toRun, WRITE } from './wire.ts'

const MOST = 1_000
const MOST_PREVIEWED = 100

const which = {
  rowIds: Type.Optional(Type.Array(RowId(), { minItems: 1, maxItems: MOST })),
  runId: Type.Optional(
    Id('All dead letters of a run, a thousand at a time. Without it and `rowIds`: of the connection.'),
  ),
  item: Type.Optional(
    Type.Unknown({
      description: 'For a single row: what takes the place of what came. What is masked in it stays as it came.',
    }),
  ),
}
interface Which {
  rowIds?: string[]
  runId?: string
  item?: unknown
}

/** The dead letters that are meant, as they would be tried again. */
async function deadOf(ctx: Context, connection: Connection, { rowIds: ids, runId, item }: Which): Promise<Row[]> {
  if (item !== undefined && ids?.length !== 1) throw invalid(['item: only a single row can be given another item'])
  const rows = await listRows(ctx.db, connection, { ids, runId, states: ['failed'], limit: MOST })
  return item === undefined ? rows : rows.map((row) => ({ ...row, item: unmasked(item, row.item) }))
}

async function definitionOf(ctx: Context, connection: Connection) {
  if (connection.liveVersion === null)
    throw new AppError('bad_request', { reason: 'The connection was never deployed' })
  const { doc } = await getVersion(ctx.db, connection, connection.liveVersion)
  refuseBeyond(ctx, connection, doc)
  return doc
}

export const deadLetterOperations = [
  operation({
    ...common,
    name: 'connections.previewReplay',
    title: 'Preview Replay of Rows',
    description:
      'What would become of dead letters, at most a hundred, if they were tried again now. Nothing is written.',
    access: 'read',
    scope: WRITE,
    http: 'POST /connections/:connectionId/replay/preview',
    query: ['locationId'],
    input: OfConnection(which),
    output: Type.Object({ rows: Type.Array(RowAnswer) }),
    async run(ctx, { rowIds: ids, runId, item, ...input }) {
      const connection = await getOwn(ctx, input)
      const doc = await definitionOf(ctx, connection)
      const dead = await deadOf(ctx, connection, whichOf(ids, runId, item))
      const feeding = { db: ctx.db, clock: ctx.clock, writers: ctx.writers, byMail: false }
      const items = dead.slice(0, MOST_PREVIEWED).map((row) => row.item)
      const rows = await preview(feeding, connection, { doc, items })
      const isShown = mayRead(ctx, doc)
      return { rows: rows.map((row, n) => toRow({ ...row, replayOf: dead[n]?.id ?? null }, isShown)) }
    },
  }),
  operation({
    ...common,
    name: 'connections.replay',
    title: 'Replay Rows',
    description:
      'Tries dead letters again by the version that runs, as a run of their own: one, edited if need be, those that are named, ' +
      'or all, a thousand at a time.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/replay',
    status: 202,
    query: ['locationId'],
    input: OfConnection(which),
    output: Type.Object({ run: RunAnswer }),
    async run(ctx, { rowIds: ids, runId, item, ...input }) {
      const connection = await getOwn(ctx, input, { hold: 'alone' })
      await definitionOf(ctx, connection)
      const dead = await deadOf(ctx, connection, whichOf(ids, runId, item))
      const settled = new Set(
        await settleDead(
          ctx.tx,
          connection,
          dead.map(({ id }) => id),
          'replayed',
        ),
      )
      const rows = dead.filter(({ id }) => settled.has(id))
      if (rows.length === 0) throw new AppError('bad_request', { reason: 'There is no dead letter to be replayed' })
      const atMs = ctx.clock.nowMs()
      const version = connection.liveVersion as number
      const wish = { kind: 'replay', version, state: 'reading', actor: ctx.author.actor } as const
      const run = await createRun(ctx.tx, connection, wish, atMs)
      const fresh = rowIds(rows.length, atMs)
      const drafts = rows.map(({ id, arrivalId, place, item: given }, n) => ({
        id: fresh[n] as string,
        runId: run.id,
        arrivalId,
        place,
        item: given,
        replayOf: id,
      }))
      await addRows(ctx.tx, connection, drafts, { atMs })
      await beginRun(ctx.tx, run, rows.length, atMs)
      await askToFeed(ctx.tx, connection)
      return { run: toRun({ ...run, state: 'running', total: rows.length }) }
    },
  }),
  operation({
    ...common,
    name: 'connections.discard',
    title: 'Discard Rows',
    description: 'Dead letters that nobody will try again.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/discard',
    query: ['locationId'],
    input: OfConnection({ rowIds: Type.Array(RowId(), { minItems: 1, maxItems: MOST }) }),
    output: Type.Object({ discarded: Type.Integer() }),
    async run(ctx, { rowIds: ids, ...input }) {
      const connection = await getOwn(ctx, input, { hold: 'alone' })
      return { discarded: (await settleDead(ctx.tx, connection, ids, 'discarded')).length }
    },
  }),
]

const whichOf = (ids: string[] | undefined, runId: string | undefined, item: unknown): Which => ({
  ...(ids === undefined ? {} : { rowIds: ids }),
  ...(runId === undefined ? {} : { runId }),
  ...(item === undefined ? {} : { item }),
})
