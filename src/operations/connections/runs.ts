import { Type } from 'typebox'
import { createRun, getRun, getVersion, listRows, listRuns, markUndoing, ROW_STATES } from '../../connect/index.ts'
import { enqueue } from '../../db/queue.ts'
import { AppError } from '../../errors.ts'
import { operation } from '../define.ts'
import { After, Id, Limit } from '../schemas.ts'
import { mayRead, refuseBeyond } from './checks.ts'
import { common, getOwn, OfConnection, READ, RowAnswer, RunAnswer, toRow, toRun, WRITE } from './wire.ts'

export const RowId = () => Type.String({ format: 'uuid', maxLength: 36 })

export const runOperations = [
  operation({
    ...common,
    name: 'connections.runs',
    title: 'List Runs of Connection',
    description: 'What was made of what came, the newest first. What comes by itself is gathered by the hour.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId/runs',
    input: OfConnection({
      after: Type.Optional(Id('`after` of the page before.')),
      limit: Limit(50, 200),
    }),
    output: Type.Object({ runs: Type.Array(RunAnswer), after: After() }),
    async run(ctx, { after, limit = 50, ...input }) {
      const runs = await listRuns(ctx.db, await getOwn(ctx, input), { after, limit })
      return { runs: runs.map(toRun), after: (runs.length < limit ? undefined : runs.at(-1)?.id) ?? null }
    },
  }),
  operation({
    ...common,
    name: 'connections.getRun',
    title: 'Get Run of Connection',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId/runs/:runId',
    input: OfConnection({ runId: Id() }),
    output: Type.Object({ run: RunAnswer }),
    async run(ctx, { runId, ...input }) {
      return { run: toRun(await getRun(ctx.db, await getOwn(ctx, input), runId)) }
    },
  }),
  operation({
    ...common,
    name: 'connections.rows',
    title: 'List Rows of Connection',
    description:
      'What came and what became of it, in order: of a run, in a state, or all. `failed` ones are dead letters. Rows of a ' +
      'file come here as they are looked at. Secrets in what came are masked.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId/rows',
    input: OfConnection({
      runId: Type.Optional(Id()),
      state: Type.Optional(Type.Enum([...ROW_STATES])),
      after: Type.Optional(RowId()),
      limit: Limit(50, 200),
    }),
    output: Type.Object({ rows: Type.Array(RowAnswer), after: After() }),
    async run(ctx, { runId, state, after, limit = 50, ...input }) {
      const connection = await getOwn(ctx, input)
      const { doc } = await getVersion(ctx.db, connection, connection.liveVersion ?? connection.version)
      const states = state === undefined ? undefined : [state]
      const rows = await listRows(ctx.db, connection, { runId, states, after, limit })
      const isShown = mayRead(ctx, doc)
      const last = rows.length < limit ? undefined : rows.at(-1)
      return { rows: rows.map((row) => toRow(row, isShown)), after: last?.id ?? null }
    },
  }),
  operation({
    ...common,
    name: 'connections.undo',
    title: 'Undo Run of Connection',
    description:
      'Takes back what a run has written: all is as it was before it. What somebody has changed since stays, and so do ' +
      'sub-accounts that somebody works in: both stand in the rows of the run that takes back.',
    access: 'destructive',
    scope: WRITE,
    http: 'POST /connections/:connectionId/runs/:runId/undo',
    status: 202,
    query: ['locationId'],
    input: OfConnection({ runId: Id() }),
    output: Type.Object({ run: RunAnswer }),
    async run(ctx, { runId, ...input }) {
      const connection = await getOwn(ctx, input, { hold: 'alone' })
      const run = await getRun(ctx.tx, connection, runId, { hold: true })
      const { doc } = await getVersion(ctx.tx, connection, run.version)
      refuseBeyond(ctx, connection, doc)
      if (
        run.isDry ||
        run.kind === 'undo' ||
        !['running', 'open', 'done', 'failed'].includes(run.state) ||
        run.undoneBy !== null
      )
        throw new AppError('bad_request', { reason: `A run that is ${run.state} cannot be undone` })
      const atMs = ctx.clock.nowMs()
      const wish = { kind: 'undo', version: run.version, state: 'running', source: { undoes: run.id } } as const
      const made = await createRun(ctx.tx, connection, { ...wish, actor: ctx.author.actor }, atMs)
      await markUndoing(ctx.tx, run, made.id, atMs)
      const { locationId, id } = connection
      await enqueue(ctx.tx, 'undo-run', [{ locationId, id, runId: made.id }], {
        tenant: ctx.agencyId,
        queue: `connection/${id}`,
      })
      return { run: toRun(made) }
    },
  }),
]
