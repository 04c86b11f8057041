import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, queryOne, type Tx } from '../db/pool.ts'
import type { OfConnection } from './connection-secrets.ts'
import { type SealedColumn, vaultOf } from './vault.ts'

/** How long somebody may be away at the other program. */
const LIFE_MS = 10 * 60_000
/** So long it is known what somebody came back with too late, or twice. */
const KNOWN_MS = 24 * 3_600_000

const VERIFIER = { table: 'connection_authorisation', column: 'sealed' } as const
export const SEALED_VERIFIERS: SealedColumn = { ...VERIFIER, id: 'hash' }

const hashOf = (state: string) => createHash('sha256').update(state).digest('hex')

export interface Leave {
  sessionId: string
  redirectUri: string
}

/**
 * Somebody leaves for the other program. `state`: what they bring back; it names the connection, and 256 random bits of
 * which only the hash is kept. `verifier`: what proves that whoever takes the tokens has sent them (RFC 7636).
 */
export async function beginAuthorisation(
  tx: Tx,
  { locationId, id, agencyId }: OfConnection & { agencyId: string },
  { sessionId, redirectUri }: Leave,
  atMs: number,
): Promise<{ state: string; verifier: string; endsAt: Date }> {
  const random = () => randomBytes(32).toString('base64url')
  const state = [locationId === agencyId ? '' : locationId, id, random()].join('.')
  const [verifier, hash, endsAt] = [random(), hashOf(state), new Date(atMs + LIFE_MS)]
  await sql`insert into connection_authorisation (location_id, connection_id, hash, session_id, redirect_uri, sealed, ends_at)
      values (${locationId}, ${id}, ${hash}, ${sessionId}, ${redirectUri},
        ${vaultOf(tx).seal({ ...VERIFIER, id: hash }, verifier)}, ${endsAt})`.execute(tx)
  return { state, verifier, endsAt }
}

/** Why what somebody came back with is not taken. */
export type NotTaken = 'unknown' | 'elsewhere' | 'used' | 'expired' | 'changed'

/**
 * Somebody is back: what they bring is used up with this. The connection is held. Whoever left in another session hears
 * nothing more, and uses nothing up.
 */
export async function takeAuthorisation(
  tx: Tx,
  { locationId, id }: OfConnection,
  { state, sessionId, redirectUri }: Leave & { state: string },
  atMs: number,
): Promise<{ verifier: string } | NotTaken> {
  const hash = hashOf(state)
  const isIt = sql`location_id = ${locationId} and connection_id = ${id} and hash = ${hash}`
  const row = await queryOne(
    tx,
    sql<{ sessionId: string; redirectUri: string; sealed: string; endsAt: Date; usedAt: Date | null }>`
      select session_id as "sessionId", redirect_uri as "redirectUri", sealed, ends_at as "endsAt", used_at as "usedAt"
      from connection_authorisation where ${isIt}`,
  )
  if (row === null) return 'unknown'
  if (row.sessionId !== sessionId) return 'elsewhere'
  if (row.usedAt !== null) return 'used'
  await sql`update connection_authorisation set used_at = ${new Date(atMs)} where ${isIt}`.execute(tx)
  if (row.endsAt.getTime() <= atMs) return 'expired'
  if (row.redirectUri !== redirectUri) return 'changed'
  return {
    verifier: vaultOf(tx)
      .open({ ...VERIFIER, id: hash }, row.sealed)
      .toString(),
  }
}

export async function forgetAuthorisations(db: Db, atMs: number): Promise<void> {
  await sql`delete from connection_authorisation where ends_at < ${new Date(atMs - KNOWN_MS)}`.execute(db)
}
