import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { Admin } from './admins.ts'
import { type App, findAppByClientId, isRedirectOf } from './apps.ts'
import { beginGrant, type Issued, revokeGrant } from './grants.ts'
import { installApp } from './installs.ts'
import { isSame } from './jwt.ts'

const CODE_LIFE_MS = 10 * 60_000

/** What an app asks of whoever opens the authorise page. */
export interface AccessRequest {
  app: App
  redirectUri: string
  scopes: string[]
  /** Given back as it came. */
  state: string | undefined
  /** PKCE, S256. */
  challenge: string | null
}

/** What the browser takes back to the app. */
export type Refusal = Record<'redirectUri' | 'error' | 'error_description', string> & { state: string | undefined }

/** Either a request to show, or a refusal that the app may know of. */
export type Asked = { request: AccessRequest } | { refusal: Refusal }

const MOST_TEXT = 2048

/**
 * Reads the query of the authorise page. Throws where app or address are not known: nobody may be sent to an address
 * that the app did not register. All other faults go back to the app (RFC 6749, 4.1.2.1). `pkce`: asked of all apps, not only of public ones.
 */
export async function readAccessRequest(db: Db, sent: Record<string, unknown>, { pkce }: { pkce: boolean }): Promise<Asked> {
  const text = (name: string) => {
    const value = sent[name]
    if (value === undefined || value === '') return undefined
    if (typeof value !== 'string' || value.length > MOST_TEXT || value.includes('\u0000') || !value.isWellFormed())
      throw new AppError('bad_request', { reason: `${name} must be given once, as a text of at most ${MOST_TEXT} characters` })
    return value
  }
  const [clientId, redirectUri, state] = [text('client_id'), text('redirect_uri'), text('state')]
  const app = clientId === undefined ? null : await findAppByClientId(db, clientId)
  if (app === null) throw new AppError('bad_request', { reason: 'There is no app with this client_id' })
  if (redirectUri === undefined || !isRedirectOf(app, redirectUri))
    throw new AppError('bad_request', { reason: `redirect_uri is not an address that ${app.name} registered` })
  const refuse = (error: string, error_description: string): Asked => ({ refusal: { redirectUri, error, error_description, state } })
  if (text('response_type') !== 'code') return refuse('unsupported_response_type', 'response_type must be code')
  const scopes =
    text('scope') === undefined
      ? app.scopes
      : [
          ...new Set(
            text('scope')
              ?.split(/[\s,]+/)
              .filter((scope) => scope !== ''),
          ),
        ]
  const excess = scopes.filter((scope) => !app.scopes.includes(scope))
  if (excess.length > 0 || scopes.length === 0) return refuse('invalid_scope', `the app may not ask for: ${excess.join(' ')}`)
  const challenge = text('code_challenge') ?? null
  if (challenge === null && text('code_challenge_method') !== undefined) return refuse('invalid_request', 'code_challenge is missing')
  if (challenge === null && (pkce || app.isPublic)) return refuse('invalid_request', 'code_challenge is missing: the app must use PKCE (S256)')
  if (challenge !== null && (text('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)))
    return refuse('invalid_request', 'code_challenge_method must be S256, and code_challenge 43 characters of base64url')
  return { request: { app, redirectUri, scopes, state, challenge } }
}

/** The address an answer goes to, with what it says. */
export function toRedirect(redirectUri: string, answer: Record<string, string | undefined>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.append(name, value)
  return url.href
}

/** A location that an admin can choose. */
export interface Choice {
  id: string
  name: string
  address: string
}

/** Locations of an agency whose name holds a text, by name. */
export function listChoices(db: Db, search: { agencyId: string; name: string; limit: number }): Promise<Choice[]> {
  return query(
    db,
    sql<Choice>`
      select id, name, concat_ws(', ', doc->>'address', doc->>'city', doc->>'country') as address from location
      where agency_id = ${search.agencyId} and deleted_at is null and position(lower(${search.name}) in lower(name)) > 0
      order by lower(name), id limit ${search.limit}`,
  )
}

export async function getAgencyName(db: Db, agencyId: string): Promise<string> {
  const row = await queryOne(db, sql<{ name: string }>`select name from agency where id = ${agencyId}`)
  if (row === null) throw new AppError('not_found', { what: 'agency', id: agencyId })
  return row.name
}

export interface Consent {
  admin: Admin
  request: AccessRequest
  /** Null: the agency with its locations. */
  locationId: string | null
  futureLocations: boolean
}

/** Installs the app where the admin said and makes the code that the app exchanges for tokens. */
export async function allowAccess(tx: Tx, { admin, request, locationId, futureLocations }: Consent, atMs: number): Promise<string> {
  const { app, scopes } = request
  const { id: userId, agencyId } = admin
  if (locationId !== null) {
    const row = await queryOne(tx, sql`select 1 from location where id = ${locationId} and agency_id = ${agencyId} and deleted_at is null`)
    if (row === null) throw new AppError('location_forbidden')
  }
  // Held, so that a deletion of the app or of the admin sees what is made here.
  if ((await queryOne(tx, sql`select 1 from app where id = ${app.id} for key share`)) === null) throw new AppError('not_found', { what: 'app', id: app.id })
  if ((await queryOne(tx, sql`select 1 from admin where id = ${userId} for key share`)) === null) throw new AppError('not_found', { what: 'admin', id: userId })
  await installApp(tx, { appId: app.id, agencyId, locationId, userId, scopes, futureLocations: locationId === null && futureLocations }, atMs)
  const code = randomBytes(32).toString('base64url')
  await sql`
    insert into oauth_code (hash, app_id, agency_id, location_id, user_id, scopes, redirect_uri, challenge, expires_at)
    values (${bytes(hashOf(code))}, ${app.id}, ${agencyId}, ${locationId}, ${userId}, ${texts(scopes)}, ${request.redirectUri}, ${request.challenge}, ${new Date(atMs + CODE_LIFE_MS)})`.execute(
    tx,
  )
  return code
}

const hashOf = (code: string) => createHash('sha256').update(code).digest('hex')

interface CodeRow {
  agencyId: string
  locationId: string | null
  userId: string
  scopes: string[]
  redirectUri: string
  challenge: string | null
  expiresAt: Date
  grantId: string | null
}

/** What an app sends with its code. */
export interface Exchange {
  code: string
  redirectUri: string | undefined
  verifier: string | undefined
  level: 'agency' | 'location' | undefined
}

/** The first tokens for a code. It works once, for ten minutes, for its app, its address and its verifier. */
export async function redeemCode(tx: Tx, app: App, exchange: Exchange, atMs: number): Promise<Issued> {
  const refuse = (reason: string) => new AppError('grant_invalid', { reason })
  const hash = hashOf(exchange.code)
  const row = await queryOne(
    tx,
    sql<CodeRow>`
      select agency_id as "agencyId", location_id as "locationId", user_id as "userId", scopes, redirect_uri as "redirectUri", challenge,
        expires_at as "expiresAt", grant_id as "grantId"
      from oauth_code c where hash = ${bytes(hash)} and app_id = ${app.id}
        and (location_id is null or exists (select 1 from location l where l.id = c.location_id and l.deleted_at is null)) for update of c`,
  )
  if (row === null) throw refuse('authorization code is invalid')
  if (row.grantId !== null) {
    // Somebody else has the code too, and nobody knows which of the two is the app (RFC 6749, 4.1.2).
    await revokeGrant(tx, row.grantId, atMs)
    throw new AppError('grant_invalid', { reason: 'authorization code was used before; its tokens are revoked' }, { keepWrites: true })
  }
  if (row.expiresAt.getTime() <= atMs) throw refuse('authorization code has expired')
  if (exchange.redirectUri !== row.redirectUri) throw refuse('redirect_uri differs from the one the code was sent to')
  if (!isVerified(row.challenge, exchange.verifier)) throw refuse('code_verifier does not belong to the code_challenge')
  if (exchange.level !== undefined && (exchange.level === 'location') !== (row.locationId !== null))
    throw refuse(`the code is for ${row.locationId === null ? 'an agency: user_type must be Company' : 'a location: user_type must be Location'}`)
  const { agencyId, locationId, userId, scopes } = row
  const issued = await beginGrant(tx, { appId: app.id, agencyId, locationId, userId, scopes }, atMs)
  await sql`update oauth_code set grant_id = ${issued.grant.id} where hash = ${bytes(hash)}`.execute(tx)
  return issued
}

/** A verifier where no challenge was, or none where one was, is as wrong as a false one. */
function isVerified(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null || verifier === undefined) return challenge === null && verifier === undefined
  return isSame(createHash('sha256').update(verifier).digest('base64url'), challenge)
}
