import { Type } from 'typebox'
import {
  addFaultsOf,
  addSetsOf,
  askToFeed,
  beginRun,
  type Connection,
  CsvUnreadable,
  createRun,
  type Definition,
  endRun,
  getRun,
  getVersion,
  listRows,
  MOST_DRY_ROWS,
  noteWriting,
  type Run,
  readFile,
  stopForLost,
  watchColumns,
} from '../../connect/index.ts'
import { enqueue } from '../../db/queue.ts'
import { AppError, invalid } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { FileUpload, Id } from '../schemas.ts'
import { refuseBeyond } from './checks.ts'
import { common, getOwn, OfConnection, RunAnswer, toRun, WRITE } from './wire.ts'

function refuseUnlessLive({ state, liveVersion }: Connection): number {
  if (state !== 'live' || liveVersion === null)
    throw new AppError('bad_request', { reason: `The connection is ${state}: only a live one writes` })
  return liveVersion
}

interface Beginning {
  connection: Connection
  run: Run
  doc: Definition
}

/**
 * Whether a file has what its mapping reads and the file before had. If not, nothing of it is written: the run fails, and
 * the connection stops unless it only looked.
 */
async function isAsBefore(ctx: Context, { connection, run, doc }: Beginning, columns: readonly string[]) {
  const { isDry } = run
  const why = connection.way === 'file' ? await watchColumns(ctx.tx, connection, doc.mapping, { columns, isDry }) : null
  if (why === null) return true
  const atMs = ctx.clock.nowMs()
  await endRun(ctx.tx, run, { state: 'failed', error: why, atMs })
  if (!isDry) await stopForLost(ctx.tx, connection, why, { atMs, byMail: ctx.mail.isSetUp })
  return false
}

/** Somebody makes of the rows of a run what they come to. */
async function goOn(ctx: Context, { locationId, id, agencyId }: Connection, run: Run): Promise<void> {
  if (!run.isDry) return askToFeed(ctx.tx, { locationId, id, agencyId })
  await enqueue(ctx.tx, 'dry-run', [{ locationId, id, runId: run.id }], { tenant: agencyId })
}

export const fileOperations = [
  operation({
    ...common,
    name: 'connections.upload',
    title: 'Upload File to Connection',
    description:
      'A CSV file as a run: its delimiter and encoding are found by its beginning. With `dryRun` nothing is written: the ' +
      `counts and rows of the run say what would be, of the first ${MOST_DRY_ROWS} rows at most.`,
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/upload',
    status: 202,
    query: ['locationId'],
    upload: { property: 'file', limit: 'csvBytes' },
    input: OfConnection({
      file: Type.Optional(FileUpload('The CSV file.')),
      dryRun: Type.Optional(Type.Boolean()),
    }),
    output: Type.Object({ run: RunAnswer }),
    async run(ctx, { file, dryRun = false, ...input }) {
      const connection = await getOwn(ctx, input)
      if (file === undefined) throw invalid(['file: the form brings no file'])
      const version = dryRun ? connection.version : refuseUnlessLive(connection)
      const { doc } = await getVersion(ctx.tx, connection, version)
      refuseBeyond(ctx, connection, doc)
      const atMs = ctx.clock.nowMs()
      const source = { fileName: file.fileName.slice(0, 200) }
      const wish = { kind: 'file', version, state: 'reading', isDry: dryRun, source, actor: ctx.author.actor } as const
      const run = await createRun(ctx.tx, connection, wish, atMs)
      const reading = doc.source.csv ?? {}
      const isRight = (columns: readonly string[]) => isAsBefore(ctx, { connection, run, doc }, columns)
      await readFile(ctx.tx, { connection, run, reading }, { bytes: file.read(), isRight }, atMs).catch((error) => {
        throw error instanceof CsvUnreadable ? invalid([`file: ${error.message}`]) : error
      })
      // Gone meanwhile: nothing would ever remove what was read.
      await getOwn(ctx, input, { hold: 'row' })
      const read = await getRun(ctx.tx, connection, run.id)
      if (read.state !== 'failed') await goOn(ctx, connection, run)
      return { run: toRun(read) }
    },
  }),
  operation({
    ...common,
    name: 'connections.startRun',
    title: 'Start Run of Connection',
    description:
      'What a dry run has looked at is written, by the version that it was looked at with, which must be live.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/runs/:runId/start',
    status: 202,
    query: ['locationId'],
    input: OfConnection({ runId: Id() }),
    output: Type.Object({ run: RunAnswer }),
    async run(ctx, { runId, ...input }) {
      const connection = await getOwn(ctx, input, { hold: 'alone' })
      const version = refuseUnlessLive(connection)
      const dry = await getRun(ctx.tx, connection, runId)
      const { doc } = await getVersion(ctx.tx, connection, version)
      refuseBeyond(ctx, connection, doc)
      if (!dry.isDry) throw new AppError('bad_request', { reason: 'Only a dry run is started' })
      if (dry.version !== version)
        throw new AppError('bad_request', {
          reason: `It was looked at by version ${dry.version}, and ${version} is live`,
        })
      const atMs = ctx.clock.nowMs()
      const source = { ...dry.source, appliesDry: dry.id }
      const wish = { kind: dry.kind, version, state: 'reading', source, actor: ctx.author.actor } as const
      const run = await createRun(ctx.tx, connection, wish, atMs)
      const [first] = await listRows(ctx.tx, connection, { runId: dry.id, holdItem: true, limit: 1 })
      const columns = Object.keys((first?.item ?? {}) as object)
      if (first === undefined || (await isAsBefore(ctx, { connection, run, doc }, columns))) {
        await noteWriting(ctx.tx, dry, run.id)
        const faults = await addFaultsOf(ctx.tx, dry, run, atMs)
        await beginRun(ctx.tx, run, faults + (await addSetsOf(ctx.tx, dry, run)), atMs)
        await goOn(ctx, connection, run)
      }
      return { run: toRun(await getRun(ctx.tx, connection, run.id)) }
    },
  }),
]
