import { sql } from 'kysely'
import { readConnectionSecrets, setConnectionSecrets } from '../../auth/connection-secrets.ts'
import { type Db, queryOne, type Tx } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { type Connection, getConnection } from '../connections/connection.ts'
import { type Asking, askForToken, hasToken, type OAuth, type Token } from '../reading/oauth.ts'
import { refreshCode } from '../reading/oauth-code.ts'
import type { Authorisation, PollCredentials } from '../reading/poll-rules.ts'

type Place = Pick<Connection, 'locationId' | 'id'>

export async function readCredentials(db: Db, place: Place): Promise<PollCredentials> {
  const { tokenEndsAtMs, ...secrets } = await readConnectionSecrets(db, place)
  return { ...secrets, ...(tokenEndsAtMs === undefined ? {} : { tokenEndsAtMs: Number(tokenEndsAtMs) }) }
}

/** What was made. A refresh token that is not named stays as it is. */
export async function keepToken(tx: Tx, place: Place, made: PollCredentials, atMs: number): Promise<void> {
  const { token = null, tokenEndsAtMs, refreshToken } = made
  const ends = tokenEndsAtMs === undefined ? null : String(tokenEndsAtMs)
  const secrets = { token, tokenEndsAtMs: ends, ...(refreshToken === undefined ? {} : { refreshToken }) }
  await setConnectionSecrets(tx, place, secrets, atMs)
}

export const NO_TOKEN = { token: null, tokenEndsAtMs: null, refreshToken: null } as const

/**
 * Until the transaction ends nobody else renews, sets or forgets the token of this connection. Taken before the connection
 * itself is held.
 */
export async function holdToken(tx: Tx, { id }: Pick<Connection, 'id'>): Promise<void> {
  await queryOne(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`connection-token/${id}`}, 0))`)
}

/** A token by what the connection has: another one of the kind that it was. */
export async function makeToken(oauth: OAuth, credentials: PollCredentials, asking: Asking): Promise<Token> {
  const { clientId = '', refreshToken } = credentials
  if (clientId === '') return { because: 'the connection has no client id', isFinal: true }
  if (oauth.grant !== 'client_credentials' && refreshToken === undefined)
    return { because: 'the connection has not been authorised yet', isFinal: true }
  return oauth.grant === 'authorization_code'
    ? refreshCode(oauth, credentials, asking)
    : askForToken(oauth, credentials, asking)
}

/**
 * One at a time renews the token of a connection: a refresh token works once, and the other side takes a second use for
 * theft and ends them all. Whoever waited takes what the other one got. It is kept in this transaction, whatever becomes
 * of what it is for.
 */
export async function renewToken(
  tx: Tx,
  place: Place,
  { authorisation, ended }: { authorisation: Authorisation; ended: PollCredentials },
  asking: Asking,
): Promise<Token> {
  if (authorisation.kind !== 'oauth') return { credentials: ended }
  await holdToken(tx, place)
  const known = await readCredentials(tx, place)
  if (known.token !== ended.token && hasToken(known, asking.nowMs)) return { credentials: known }
  const made = await makeToken(authorisation, known, asking)
  if ('because' in made) return made
  const connection = await getConnection(tx, place, { hold: 'row' }).catch(orNull)
  if (connection !== null) await keepToken(tx, place, made.credentials, asking.nowMs)
  return made
}

/** Null: it is gone. */
export const orNull = (error: unknown) => {
  if (error instanceof AppError && error.status === 404) return null
  throw error
}
