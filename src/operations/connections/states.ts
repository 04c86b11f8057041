import { Type } from 'typebox'
import {
  askToFeed,
  askToPoll,
  type Connection,
  freeSamples,
  getVersion,
  learnAnew,
  pollSince,
  updateConnection,
} from '../../connect/index.ts'
import { AppError, invalid } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { parseMoment } from '../moments.ts'
import { checkDefinition, refuseBeyond } from './checks.ts'
import { ConnectionAnswer, common, getOwn, OfConnection, toConnection, WRITE } from './wire.ts'

const state = { ...common, access: 'write', scope: WRITE, query: ['locationId'] } as const
const output = Type.Object({ connection: ConnectionAnswer })

/** From here on what comes is written, by this version; what has waited too. */
export async function begin(ctx: Context, known: Connection, version: number): Promise<Connection> {
  const { doc } = await getVersion(ctx.tx, known, version)
  checkDefinition(doc)
  refuseBeyond(ctx, known, doc)
  await learnAnew(ctx.tx, known, version)
  await freeSamples(ctx.tx, known)
  const atMs = ctx.clock.nowMs()
  const scopes = [...ctx.caller.scopes]
  const changes = { state: 'live' as const, stateReason: null, liveVersion: version, scopes }
  const pollAt = known.way === 'poll' ? new Date(atMs) : null
  const connection = await updateConnection(ctx.tx, known, { ...changes, pollAt }, atMs)
  await askToFeed(ctx.tx, connection)
  if (known.way === 'poll') await askToPoll(ctx.tx, connection, atMs)
  return connection
}

export const stateOperations = [
  operation({
    ...state,
    name: 'connections.collect',
    title: 'Collect Samples for Connection',
    description: 'What comes from now on is kept as a sample and written nowhere, until the connection is deployed.',
    http: 'POST /connections/:connectionId/collect',
    input: OfConnection({}),
    output,
    async run(ctx, input) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      const connection = await updateConnection(ctx.tx, known, { state: 'test', stateReason: null }, ctx.clock.nowMs())
      return { connection: toConnection(connection) }
    },
  }),
  operation({
    ...state,
    name: 'connections.deploy',
    title: 'Deploy Connection',
    description:
      'From now on what comes is written, by the newest version or the one that is named. The caller must be allowed to write ' +
      'what the connection writes.',
    http: 'POST /connections/:connectionId/deploy',
    input: OfConnection({ version: Type.Optional(Type.Integer({ minimum: 1 })) }),
    output,
    async run(ctx, { version, ...input }) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      return { connection: toConnection(await begin(ctx, known, version ?? known.version)) }
    },
  }),
  operation({
    ...state,
    name: 'connections.pause',
    title: 'Pause Connection',
    description: 'What comes is kept and waits.',
    http: 'POST /connections/:connectionId/pause',
    input: OfConnection({ reason: Type.Optional(Type.String({ maxLength: 500 })) }),
    output,
    async run(ctx, { reason = null, ...input }) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      if (known.state !== 'live') throw new AppError('bad_request', { reason: `The connection is ${known.state}` })
      const changes = { state: 'paused', stateReason: reason } as const
      return { connection: toConnection(await updateConnection(ctx.tx, known, changes, ctx.clock.nowMs())) }
    },
  }),
  operation({
    ...state,
    name: 'connections.resume',
    title: 'Resume Connection',
    description: 'What has waited is written, in its order, and what comes from now on.',
    http: 'POST /connections/:connectionId/resume',
    input: OfConnection({}),
    output,
    async run(ctx, input) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      if (known.liveVersion === null || !['paused', 'needs_authorisation'].includes(known.state))
        throw new AppError('bad_request', { reason: `The connection is ${known.state}` })
      return { connection: toConnection(await begin(ctx, known, known.liveVersion)) }
    },
  }),
  operation({
    ...state,
    name: 'connections.backfill',
    title: 'Back-fill Connection',
    description:
      'Asks the other program again for all that has changed since a moment, and goes on from there: of a live connection ' +
      'that polls, and whose definition says how that is asked for (`source.poll.since`). What comes that is known already ' +
      'changes nothing.',
    http: 'POST /connections/:connectionId/backfill',
    input: OfConnection({
      since: Type.String({
        maxLength: 40,
        description: 'ISO 8601; a day alone is its first moment.',
        examples: ['2026-03-01T09:00:00Z'],
      }),
    }),
    output,
    async run(ctx, { since, ...input }) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      if (known.state !== 'live' || known.liveVersion === null)
        throw new AppError('bad_request', { reason: `The connection is ${known.state}` })
      const { doc } = await getVersion(ctx.tx, known, known.liveVersion)
      refuseBeyond(ctx, known, doc)
      if (known.way !== 'poll' || doc.source.poll?.since === undefined)
        throw new AppError('bad_request', { reason: 'It does not ask for what has changed since a moment' })
      const atMs = ctx.clock.nowMs()
      const sinceMs = parseMoment('since', since, 'start').getTime()
      if (sinceMs > atMs) throw invalid(['since: it is in the future'])
      await pollSince(ctx.tx, known, sinceMs, atMs)
      return { connection: toConnection(await getOwn(ctx, input)) }
    },
  }),
]
