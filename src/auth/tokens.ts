import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { type Caller, callersChanged } from './caller.ts'
import { findOAuthCaller } from './grant-reads.ts'

/** How long a rotated token still works unless told otherwise (wire/highlevel.md, "Authorisation"). */
export const ROTATION_OVERLAP_MS = 7 * 24 * 3600 * 1000

export interface TokenRow {
  id: string
  name: string
  agencyId: string
  locationId: string | null
  scopes: string[]
  createdAt: Date
  expiresAt: Date | null
  revokedAt: Date | null
}

const COLUMNS = sql`id, name, agency_id as "agencyId", location_id as "locationId", scopes, created_at as "createdAt",
    expires_at as "expiresAt", revoked_at as "revokedAt"`

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

export interface NewToken {
  name: string
  agencyId: string
  locationId: string | null
  /** `*` for every scope of the level. */
  scopes: readonly string[]
  unlimited?: boolean
}

/** Makes a private integration token. Only its hash is kept: the answer is the only time the token can be read. */
export async function createToken(tx: Tx, options: NewToken, atMs: number): Promise<{ token: string; row: TokenRow }> {
  const token = `pit-${randomUUID()}`
  const row = await queryOne(
    tx,
    sql<TokenRow>`
      insert into token (id, hash, agency_id, location_id, name, scopes, unlimited, created_at)
      values (${randomUUID()}, ${bytes(hashOf(token))}, ${options.agencyId}, ${options.locationId}, ${options.name},
        ${texts(options.scopes)}, ${options.unlimited ?? false}, ${new Date(atMs)})
      returning ${COLUMNS}`,
  )
  return { token, row: row as TokenRow }
}

/** Three parts of base64url, as long as one with a few hundred scopes. */
const SIGNED = /^eyJ[\w-]{10,16000}\.[\w-]{10,16000}\.[\w-]{10,200}$/

/** The caller behind a token, or null when it is unknown, revoked, expired, or its location is gone. */
export async function findCaller(db: Db, token: string, atMs: number): Promise<Caller | null> {
  if (SIGNED.test(token)) return findOAuthCaller(db, token, atMs)
  if (!/^[\x21-\x7e]{8,200}$/.test(token)) return null
  return queryOne(
    db,
    sql<Caller>`
      select t.id as "tokenId", t.agency_id as "agencyId", t.location_id as "locationId", t.scopes, t.unlimited,
        floor(extract(epoch from t.expires_at) * 1000)::float8 as "expiresAtMs"
      from token t
      where t.hash = ${bytes(hashOf(token))} and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > ${new Date(atMs)})
        and (t.location_id is null or
          exists (select 1 from location l where l.id = t.location_id and l.deleted_at is null))`,
  )
}

/** A new token in place of an old one, which goes on working for `overlapMs`. */
export async function rotateToken(
  tx: Tx,
  options: { id: string; agencyId: string; overlapMs: number },
  atMs: number,
): Promise<{ token: string; row: TokenRow }> {
  const old = await getToken(tx, options.agencyId, options.id)
  if (old.revokedAt !== null) throw new AppError('not_found', { what: 'token', id: options.id })
  await callersChanged(tx)
  const [extra] = await query(
    tx,
    sql<{
      unlimited: boolean
    }>`update token set expires_at = least(expires_at, ${new Date(atMs + options.overlapMs)}) where id = ${options.id}
        returning unlimited`,
  )
  return createToken(tx, { ...old, unlimited: extra?.unlimited ?? false }, atMs)
}

export async function revokeToken(tx: Tx, options: { id: string; agencyId: string }, atMs: number): Promise<TokenRow> {
  await getToken(tx, options.agencyId, options.id)
  await callersChanged(tx)
  const row = await queryOne(
    tx,
    sql<TokenRow>`update token set revoked_at = coalesce(revoked_at, ${new Date(atMs)}) where id = ${options.id}
        returning ${COLUMNS}`,
  )
  return row as TokenRow
}

export function listTokens(db: Db, agencyId: string): Promise<TokenRow[]> {
  return query(db, sql<TokenRow>`select ${COLUMNS} from token where agency_id = ${agencyId} order by created_at, id`)
}

async function getToken(db: Db, agencyId: string, id: string): Promise<TokenRow> {
  const row = await queryOne(
    db,
    sql<TokenRow>`select ${COLUMNS} from token where id::text = ${id} and agency_id = ${agencyId}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'token', id })
  return row
}
