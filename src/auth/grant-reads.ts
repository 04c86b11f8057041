import type { JWTPayload } from 'jose'
import { sql } from 'kysely'
import { bytes, type Db, queryOne } from '../db/pool.ts'
import { findAppCaller } from './app-tokens.ts'
import type { Caller } from './caller.ts'
import { COLUMNS, type Grant, holds } from './grant.ts'
import { hashOf, REFRESH, type RefreshRow } from './grant-tokens.ts'
import { verifyToken } from './jwt.ts'

/**
 * The grant of an app that a token of either kind belongs to, also a refresh token that was replaced: who gives that
 * back wants no other.
 */
export async function findGrantOf(db: Db, appId: string, token: string, atMs: number): Promise<Grant | null> {
  const found = await findToken(db, appId, token, atMs)
  if (found !== null) return found.grant
  return queryOne(
    db,
    sql<Grant>`
      select ${COLUMNS} from oauth_refresh r join oauth_grant g on g.id = r.grant_id
      where r.hash = ${bytes(hashOf(token))} and r.expires_at > ${new Date(atMs)} and g.app_id = ${appId}
        and ${holds(atMs)}`,
  )
}

/** A token of either kind that still works, as its app may know it; null for every other. */
export interface TokenFacts {
  grant: Grant
  kind: 'access_token' | 'refresh_token'
  issuedAtMs: number
  expiresAtMs: number
}

export async function findToken(db: Db, appId: string, token: string, atMs: number): Promise<TokenFacts | null> {
  const access = await verifyToken(db, 'api', token, atMs)
  const row =
    access === null
      ? await queryOne(
          db,
          sql<RefreshRow>`select ${REFRESH} from oauth_refresh where hash = ${bytes(hashOf(token))}
              and used_at is null`,
        )
      : null
  const grantId = access?.grant ?? row?.grantId
  if (grantId === undefined || (row !== null && row.expiresAt.getTime() <= atMs)) return null
  const grant = await queryOne(
    db,
    sql<Grant>`select ${COLUMNS} from oauth_grant g where g.id = ${grantId} and g.app_id = ${appId} and ${holds(atMs)}`,
  )
  if (grant === null) return null
  if (row !== null)
    return { grant, kind: 'refresh_token', issuedAtMs: row.issuedAt.getTime(), expiresAtMs: row.expiresAt.getTime() }
  const { iat = 0, exp = 0 } = access as JWTPayload
  return { grant, kind: 'access_token', issuedAtMs: iat * 1000, expiresAtMs: exp * 1000 }
}

/** Who speaks with an access token; null when it is not ours, expired or revoked, or its location is gone. */
export async function findOAuthCaller(db: Db, token: string, atMs: number): Promise<Caller | null> {
  const payload = await verifyToken(db, 'api', token, atMs)
  if (payload === null) return null
  if (payload.app !== undefined) return findAppCaller(db, payload)
  const grant = await queryOne(
    db,
    sql<Grant>`select ${COLUMNS} from oauth_grant g where g.id = ${payload.grant} and ${holds(atMs)}`,
  )
  if (grant === null) return null
  const { id, agencyId, locationId, appId, userId, scopes } = grant
  return {
    tokenId: id,
    agencyId,
    locationId,
    scopes,
    unlimited: false,
    expiresAtMs: (payload.exp ?? 0) * 1000,
    oauth: { appId, userId },
  }
}
