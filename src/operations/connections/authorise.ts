import { Type } from 'typebox'
import { beginAuthorisation, type NotTaken, takeAuthorisation } from '../../auth/connection-authorisations.ts'
import { setConnectionSecrets } from '../../auth/connection-secrets.ts'
import {
  type Asking,
  type Connection,
  codeGrantOf,
  createGuardedFetch,
  exchangeCode,
  getVersion,
  keepToken,
  NO_TOKEN,
  permissionAddress,
  readCredentials,
  redirectOf,
  revokeTokens,
  setAuthorised,
  updateConnection,
} from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { Instant } from '../schemas.ts'
import { toWhole } from './connections.ts'
import { begin } from './states.ts'
import { common, getOwn, holdWithToken, OfConnection, WholeConnection, WRITE } from './wire.ts'

/** What came of asking for permission, and what whoever asked can do about it. */
const WORDS = {
  denied: 'The other program was told not to let it in. If that was a mistake, choose Authorise and allow it there.',
  unknown: 'This does not belong to anything that was asked for here. Choose Authorise to begin anew.',
  elsewhere:
    'Somebody else has begun this, or you were signed out in between. Choose Authorise to begin anew: it is then yours.',
  used: 'This was used already. If it does not say that it is authorised, choose Authorise to begin anew.',
  expired: 'More than ten minutes have passed. Choose Authorise to begin anew.',
  changed:
    'Where permission is asked was changed in between. Look at the addresses under “How it comes”, and choose Authorise to begin anew.',
} satisfies Record<NotTaken | 'denied', string>
const OUTCOMES = ['authorised', 'denied', 'refused', 'unknown', 'elsewhere', 'used', 'expired', 'changed'] as const
type Outcome = (typeof OUTCOMES)[number]

/** How permission is asked for by the newest definition. */
async function grantOf(ctx: Context, connection: Connection) {
  const { doc } = await getVersion(ctx.tx, connection, connection.version)
  const grant = codeGrantOf(doc)
  if (grant === null)
    throw new AppError('bad_request', { reason: 'By its definition no person is asked to allow this connection' })
  return { grant, redirectUri: redirectOf(ctx.publicUrl(), grant) }
}

function sessionOf({ caller }: Context): string {
  if (caller.person === undefined)
    throw new AppError('bad_request', { reason: 'A person allows this: sign in to the console, and choose Authorise' })
  return caller.person.sessionId
}

async function asking<T>(ctx: Context, act: (asking: Asking) => Promise<T>): Promise<T> {
  const fetch = createGuardedFetch({ allowedNetworks: ctx.config.outgoingNetworks, connections: 1 })
  try {
    return await act({ fetch, nowMs: ctx.clock.nowMs() })
  } finally {
    fetch.close()
  }
}

const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))

export const authoriseOperations = [
  operation({
    ...common,
    name: 'connections.authorise',
    title: 'Authorise Connection',
    description:
      'Where a person allows a connection at the other program (OAuth 2.0, authorisation code with PKCE). It is theirs, who is ' +
      'signed in and asks: they open the address in the same browser, and are back within ten minutes.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/authorise',
    query: ['locationId'],
    input: OfConnection({}),
    output: Type.Object({ address: Type.String(), endsAt: Instant() }),
    async run(ctx, input) {
      const connection = await getOwn(ctx, input)
      const sessionId = sessionOf(ctx)
      const { grant, redirectUri } = await grantOf(ctx, connection)
      const credentials = await readCredentials(ctx.tx, connection)
      if (credentials.clientId === undefined)
        throw new AppError('bad_request', { reason: 'The client id is missing: set it first' })
      const leave = { sessionId, redirectUri }
      const { state, verifier, endsAt } = await beginAuthorisation(ctx.tx, connection, leave, ctx.clock.nowMs())
      const asked = await asking(ctx, (one) =>
        permissionAddress(grant, credentials, { redirectUri, state, verifier }, one),
      )
      if ('because' in asked)
        throw new AppError('bad_request', { reason: `The other program could not be asked: ${asked.because}` })
      return { address: asked.address, endsAt: endsAt.toISOString() }
    },
  }),
  operation({
    ...common,
    name: 'connections.acceptAuthorisation',
    title: 'Accept Authorisation of Connection',
    description:
      'What a person came back with from the other program, once: its code becomes tokens, which are sealed. A connection that ' +
      'waited for it goes on. `message` says what to do where it was not.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/authorised',
    query: ['locationId'],
    input: OfConnection({
      server: Type.String({ maxLength: 40, description: 'The end of the address that they came back to.' }),
      state: Type.String({ maxLength: 200 }),
      code: Text(4_000),
      error: Text(200),
      iss: Text(2_000),
    }),
    output: Type.Object({
      outcome: Type.Enum([...OUTCOMES]),
      message: Type.String(),
      connection: WholeConnection,
    }),
    async run(ctx, { server, state, code, error, iss, ...input }) {
      const known = await holdWithToken(ctx, input)
      const sessionId = sessionOf(ctx)
      const { grant, redirectUri } = await grantOf(ctx, known)
      const answer = async (outcome: Outcome, message: string, connection = known) => ({
        outcome,
        message,
        connection: await toWhole(ctx, connection),
      })
      const nowMs = ctx.clock.nowMs()
      const isTheirs = redirectUri.endsWith(`/${server}`)
      const taken = await takeAuthorisation(ctx.tx, known, { state, sessionId, redirectUri }, nowMs)
      if (typeof taken === 'string') return answer(taken, WORDS[taken])
      if (!isTheirs) return answer('unknown', WORDS.unknown)
      if (error === 'access_denied') return answer('denied', WORDS.denied)
      const refuse = (why: string) =>
        answer('refused', `The other program gives no permission: ${why}. Choose Authorise to ask once more.`)
      if (error !== undefined || code === undefined)
        return refuse(/^[\w.-]{1,60}$/.test(error ?? '') ? `${error}` : 'it does not say why')
      const credentials = await readCredentials(ctx.tx, known)
      const made = await asking(ctx, (one) =>
        exchangeCode(grant, credentials, { redirectUri, state, verifier: taken.verifier, code, iss }, one),
      )
      if ('because' in made) return refuse(made.because)
      await setConnectionSecrets(ctx.tx, known, NO_TOKEN, nowMs)
      await keepToken(ctx.tx, known, made.credentials, nowMs)
      const authorised = { as: made.as, at: new Date(nowMs).toISOString(), by: ctx.author.actor }
      await setAuthorised(ctx.tx, known, authorised)
      const { state: standing, liveVersion } = known
      const connection =
        standing === 'needs_authorisation' && liveVersion !== null
          ? await begin(ctx, known, liveVersion)
          : await updateConnection(ctx.tx, known, standing === 'draft' ? { stateReason: null } : {}, nowMs)
      const { refreshToken, tokenEndsAtMs } = made.credentials
      const whom = made.as === null ? '' : ` as ${made.as}`
      const isShort = refreshToken === undefined && tokenEndsAtMs !== undefined
      return answer('authorised', `It is authorised${whom}.${isShort ? ` ${SHORT}` : ''}`, connection)
    },
  }),
  operation({
    ...common,
    name: 'connections.disconnect',
    title: 'Disconnect Connection',
    description:
      'What the other program gave when a person allowed it is forgotten, and given back where it takes that. What comes waits ' +
      'until somebody authorises the connection anew.',
    access: 'destructive',
    scope: WRITE,
    http: 'POST /connections/:connectionId/disconnect',
    query: ['locationId'],
    input: OfConnection({}),
    output: Type.Object({
      connection: WholeConnection,
      revoked: Type.Boolean({ description: 'The other program was told, and has taken it.' }),
    }),
    async run(ctx, input) {
      const known = await holdWithToken(ctx, input)
      const { grant } = await grantOf(ctx, known)
      const credentials = await readCredentials(ctx.tx, known)
      const revoked = await asking(ctx, (one) => revokeTokens(grant, credentials, one))
      const nowMs = ctx.clock.nowMs()
      await setConnectionSecrets(ctx.tx, known, NO_TOKEN, nowMs)
      await setAuthorised(ctx.tx, known, null)
      const { state } = known
      const stop = state === 'live' ? ({ state: 'needs_authorisation' } as const) : {}
      const why = ['live', 'draft'].includes(state) ? { stateReason: DISCONNECTED } : {}
      const connection = await updateConnection(ctx.tx, known, { ...stop, ...why }, nowMs)
      return { connection: await toWhole(ctx, connection), revoked }
    },
  }),
]

const SHORT =
  'It gave a permission that ends soon and cannot be renewed. Many programs give a lasting one when it is asked for in the scope (offline_access) or in the address (access_type=offline).'
const DISCONNECTED = 'It was disconnected. Choose Authorise to let it in again.'
