import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, type Db, type Tx } from '../db/pool.ts'
import type { Grant } from './grant.ts'
import { LIFE_SECONDS, signToken } from './jwt.ts'

const ACCESS_LIFE_SECONDS = LIFE_SECONDS.api
export const REFRESH_LIFE_MS = 365 * 86_400_000

export interface Issued {
  grant: Grant
  accessToken: string
  refreshToken: string
  /** Seconds for which the access token is valid at least. */
  expiresIn: number
}

export const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

export async function issue(tx: Tx, grant: Grant, refreshToken: string, atMs: number): Promise<Issued> {
  const accessId = randomUUID()
  await sql`
    insert into oauth_refresh (hash, grant_id, access_id, issued_at, expires_at)
    values (${bytes(hashOf(refreshToken))}, ${grant.id}, ${accessId}, ${new Date(atMs)},
      ${new Date(atMs + REFRESH_LIFE_MS)})`.execute(tx)
  return sign(tx, grant, { refreshToken, accessId, issuedAtMs: atMs }, atMs)
}

export async function sign(
  db: Db,
  grant: Grant,
  tokens: { refreshToken: string; accessId: string; issuedAtMs: number },
  atMs: number,
): Promise<Issued> {
  const { refreshToken, accessId, issuedAtMs } = tokens
  const payload = {
    sub: grant.userId,
    jti: accessId,
    authClass: grant.locationId === null ? 'Company' : 'Location',
    authClassId: grant.locationId ?? grant.agencyId,
    companyId: grant.agencyId,
    appId: grant.appId,
    scopes: grant.scopes,
    grant: grant.id,
  }
  const accessToken = await signToken(db, 'api', payload, { issuedAtMs, lifeSeconds: ACCESS_LIFE_SECONDS })
  const endsMs = (Math.floor(issuedAtMs / 1000) + ACCESS_LIFE_SECONDS) * 1000
  return {
    grant,
    accessToken,
    refreshToken,
    expiresIn: Math.min(ACCESS_LIFE_SECONDS - 1, Math.floor((endsMs - atMs) / 1000)),
  }
}

export interface RefreshRow {
  grantId: string
  accessId: string
  issuedAt: Date
  expiresAt: Date
  usedAt: Date | null
}

export const REFRESH = sql`grant_id as "grantId", access_id as "accessId", issued_at as "issuedAt", expires_at as "expiresAt",
    used_at as "usedAt"`
