import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, queryOne, type Tx } from '../db/pool.ts'
import { AppError, invalid } from '../errors.ts'
import type { App } from './apps.ts'
import { hashOf } from './authorisation.ts'
import type { Issued } from './grant-tokens.ts'
import { beginGrant, replayOf, revokeGrant } from './grants.ts'
import { isSame } from './jwt.ts'

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
      select agency_id as "agencyId", location_id as "locationId", user_id as "userId", scopes,
        redirect_uri as "redirectUri", challenge,
        expires_at as "expiresAt", grant_id as "grantId"
      from oauth_code c where hash = ${bytes(hash)} and app_id = ${app.id}
        and (location_id is null or
          exists (select 1 from location l where l.id = c.location_id and l.deleted_at is null)) for update of c`,
  )
  if (row === null) throw refuse('authorization code is invalid')
  if (row.grantId !== null) {
    // Somebody else has the code too, and nobody knows which of the two is the app (RFC 6749, 4.1.2).
    await revokeGrant(tx, row.grantId, atMs)
    throw new AppError(
      'grant_invalid',
      { reason: 'authorization code was used before; its tokens are revoked' },
      { keepWrites: true, told: replayOf({ appId: app.id, ...row }) },
    )
  }
  if (row.expiresAt.getTime() <= atMs) throw refuse('authorization code has expired')
  if (exchange.redirectUri === undefined && !isBound(app, row)) throw invalid(['redirect_uri should not be empty'])
  if ((exchange.redirectUri ?? row.redirectUri) !== row.redirectUri)
    throw refuse('redirect_uri differs from the one the code was sent to')
  if (!isVerified(row.challenge, exchange.verifier)) throw refuse('code_verifier does not belong to the code_challenge')
  if (exchange.level !== undefined && (exchange.level === 'location') !== (row.locationId !== null))
    throw refuse(
      `the code is for ${row.locationId === null ? 'an agency: user_type must be Company' : 'a location: user_type must be Location'}`,
    )
  const { agencyId, locationId, userId, scopes } = row
  const issued = await beginGrant(tx, { appId: app.id, agencyId, locationId, userId, scopes }, atMs)
  await sql`update oauth_code set grant_id = ${issued.grant.id} where hash = ${bytes(hash)}`.execute(tx)
  return issued
}

/**
 * Whether a code can only be the app's that asked for it, without the address it was sent to: the wire does not require
 * that, and a code that another of the app's addresses was sent could be slipped in (RFC 6749, 4.1.3).
 */
const isBound = (app: App, { challenge }: CodeRow) =>
  challenge !== null || (app.redirectUris.length === 1 && !app.loopback)

/** A verifier where no challenge was, or none where one was, is as wrong as a false one. */
function isVerified(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null || verifier === undefined) return challenge === null && verifier === undefined
  return isSame(createHash('sha256').update(verifier).digest('base64url'), challenge)
}
