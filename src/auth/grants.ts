import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { sql } from 'kysely'
import { bytes, type Db, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { callersChanged } from './caller.ts'
import { digestsFor, LIFE_SECONDS, signToken, verifyToken } from './jwt.ts'
import type { Caller } from './tokens.ts'

const ACCESS_LIFE_SECONDS = LIFE_SECONDS.api
const REFRESH_LIFE_MS = 365 * 86_400_000
/** However often they are renewed: all tokens of one consent end after this. */
const GRANT_LIFE_MS = 3 * 365 * 86_400_000
/** Of what an app asks for by itself in one place, so many hold beside each other, and so many are left when there are more. */
const [MOST_OWN, OWN_LEFT] = [1_000, 900]
/** A refresh token that comes again this soon gets the same answer: the first one may have been lost on its way. */
const GRACE_MS = 30_000

/** One allowance. Every token that follows from it ends with it. */
export interface Grant {
  id: string
  appId: string
  agencyId: string
  /** Null: speaks for the agency. */
  locationId: string | null
  userId: string
  scopes: string[]
}

export interface Issued {
  grant: Grant
  accessToken: string
  refreshToken: string
  /** Seconds for which the access token is valid at least. */
  expiresIn: number
}

const COLUMNS = sql`g.id, g.app_id as "appId", g.agency_id as "agencyId", g.location_id as "locationId", g.user_id as "userId", g.scopes`

/** Grants `g` that hold: neither they nor what they follow from is revoked or too old, and their location is there. */
const holds = (atMs: number) => sql`g.revoked_at is null and g.created_at > ${new Date(atMs - GRANT_LIFE_MS)}
  and (g.parent_id is null or exists (select 1 from oauth_grant p where p.id = g.parent_id and p.revoked_at is null and p.created_at > ${new Date(atMs - GRANT_LIFE_MS)}))
  and (g.location_id is null or exists (select 1 from location l where l.id = g.location_id and l.deleted_at is null))`

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** Begins an allowance that somebody gave, and makes its first tokens. */
export function beginGrant(tx: Tx, grant: Omit<Grant, 'id'>, atMs: number): Promise<Issued> {
  return begin(tx, { ...grant, own: false, parentId: null }, atMs)
}

/** The same for what an app asks for by itself. `parentId`: the agency's grant that a location token is made from. */
export async function beginOwnGrant(tx: Tx, grant: Omit<Grant, 'id'> & { parentId?: string }, atMs: number): Promise<Issued> {
  const issued = await begin(tx, { ...grant, own: true, parentId: grant.parentId ?? null }, atMs)
  await endOldest(tx, issued.grant)
  return issued
}

/** The oldest of what an app asked for by itself in a place end where there are too many; several at a time, as every caller is looked up anew then. */
async function endOldest(tx: Tx, { appId, agencyId, locationId }: Grant): Promise<void> {
  const own = sql`app_id = ${appId} and agency_id = ${agencyId} and location_id is not distinct from ${locationId} and own`
  const beyond = await queryOne(tx, sql`select id from oauth_grant where ${own} offset ${MOST_OWN} limit 1`)
  if (beyond === null) return
  await callersChanged(tx)
  await sql`
    with ended as (delete from oauth_grant where id in (select id from oauth_grant where ${own} order by created_at desc, id offset ${OWN_LEFT}) returning id)
    delete from oauth_refresh where grant_id in (select id from ended)`.execute(tx)
}

async function begin(tx: Tx, grant: Omit<Grant, 'id'> & { own: boolean; parentId: string | null }, atMs: number): Promise<Issued> {
  const row = await queryOne(
    tx,
    sql<Grant>`
      insert into oauth_grant as g (id, app_id, agency_id, location_id, user_id, scopes, parent_id, own, created_at)
      values (${randomUUID()}, ${grant.appId}, ${grant.agencyId}, ${grant.locationId}, ${grant.userId}, ${texts(grant.scopes)}, ${grant.parentId}, ${grant.own}, ${new Date(atMs)})
      returning ${COLUMNS}`,
  )
  return issue(tx, row as Grant, randomBytes(32).toString('base64url'), atMs)
}

async function issue(tx: Tx, grant: Grant, refreshToken: string, atMs: number): Promise<Issued> {
  const accessId = randomUUID()
  await sql`
    insert into oauth_refresh (hash, grant_id, access_id, issued_at, expires_at)
    values (${bytes(hashOf(refreshToken))}, ${grant.id}, ${accessId}, ${new Date(atMs)}, ${new Date(atMs + REFRESH_LIFE_MS)})`.execute(tx)
  return sign(tx, grant, { refreshToken, accessId, issuedAtMs: atMs }, atMs)
}

async function sign(db: Db, grant: Grant, tokens: { refreshToken: string; accessId: string; issuedAtMs: number }, atMs: number): Promise<Issued> {
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
  return { grant, accessToken, refreshToken, expiresIn: Math.min(ACCESS_LIFE_SECONDS - 1, Math.floor((endsMs - atMs) / 1000)) }
}

interface RefreshRow {
  grantId: string
  accessId: string
  issuedAt: Date
  expiresAt: Date
  usedAt: Date | null
}

const REFRESH = sql`grant_id as "grantId", access_id as "accessId", issued_at as "issuedAt", expires_at as "expiresAt", used_at as "usedAt"`

/** The next token is a function of this one and the installation's key, so it can be told again although only its hash is kept. One for each key. */
const successorsOf = (db: Db, refreshToken: string) => digestsFor(db, 'refresh', refreshToken)

/**
 * New tokens for a refresh token of this app. The same one again within 30 seconds gets the same successor; later it can
 * only have been stolen, from the app or by it, so the whole allowance ends.
 */
export async function refreshGrant(tx: Tx, appId: string, refreshToken: string, atMs: number): Promise<Issued> {
  const refused = new AppError('grant_invalid', { reason: 'refresh token is invalid' })
  // The lock makes two at once into one after the other.
  const row = await queryOne(tx, sql<RefreshRow>`select ${REFRESH} from oauth_refresh where hash = ${bytes(hashOf(refreshToken))} for update`)
  if (row === null || row.expiresAt.getTime() <= atMs) throw refused
  const grant = await queryOne(tx, sql<Grant>`select ${COLUMNS} from oauth_grant g where g.id = ${row.grantId} and g.app_id = ${appId} and ${holds(atMs)}`)
  if (grant === null) throw refused
  const nexts = await successorsOf(tx, refreshToken)
  if (row.usedAt === null) {
    await sql`update oauth_refresh set used_at = ${new Date(atMs)} where hash = ${bytes(hashOf(refreshToken))}`.execute(tx)
    return issue(tx, grant, nexts[0], atMs)
  }
  const successor = await findSuccessor(tx, nexts)
  if (successor === null || atMs - row.usedAt.getTime() > GRACE_MS) {
    await revokeGrant(tx, grant.id, atMs)
    throw new AppError('grant_invalid', { reason: 'refresh token was used before; everything that follows from it is revoked' }, { keepWrites: true })
  }
  return sign(tx, grant, { refreshToken: successor.token, accessId: successor.accessId, issuedAtMs: successor.issuedAt.getTime() }, atMs)
}

async function findSuccessor(tx: Tx, tokens: readonly string[]): Promise<(RefreshRow & { token: string }) | null> {
  for (const token of tokens) {
    const row = await queryOne(tx, sql<RefreshRow>`select ${REFRESH} from oauth_refresh where hash = ${bytes(hashOf(token))}`)
    if (row !== null) return { ...row, token }
  }
  return null
}

/** Ends a grant and what was made from it. */
export async function revokeGrant(tx: Tx, id: string, atMs: number): Promise<void> {
  await callersChanged(tx)
  await sql`update oauth_grant set revoked_at = ${new Date(atMs)} where (id = ${id} or parent_id = ${id}) and revoked_at is null`.execute(tx)
}

/**
 * Ends every code and grant of an app for a location, or (null) for an agency: then also those for locations, but for
 * what `others`, locations with an install of their own, allowed. Codes go first: an exchange under way is waited for, and its grant is seen.
 */
export async function revokeGrantsOf(
  tx: Tx,
  place: { appId: string; agencyId: string; locationId: string | null; others: readonly string[] },
  atMs: number,
): Promise<void> {
  const { appId, agencyId, locationId, others } = place
  await sql`delete from oauth_code where app_id = ${appId} and agency_id = ${agencyId} and location_id is not distinct from ${locationId}`.execute(tx)
  await callersChanged(tx)
  await sql`
    update oauth_grant g set revoked_at = ${new Date(atMs)}
    where g.app_id = ${appId} and g.agency_id = ${agencyId} and g.revoked_at is null
      and case when ${locationId}::text is null
        then g.location_id is null or g.parent_id is not null or g.location_id <> all(${texts(others)}) else g.location_id = ${locationId} end`.execute(tx)
}

/** The grant of an app that a token of either kind belongs to, also a refresh token that was replaced: who gives that back wants no other. */
export async function findGrantOf(db: Db, appId: string, token: string, atMs: number): Promise<Grant | null> {
  const found = await findToken(db, appId, token, atMs)
  if (found !== null) return found.grant
  return queryOne(
    db,
    sql<Grant>`
      select ${COLUMNS} from oauth_refresh r join oauth_grant g on g.id = r.grant_id
      where r.hash = ${bytes(hashOf(token))} and r.expires_at > ${new Date(atMs)} and g.app_id = ${appId} and ${holds(atMs)}`,
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
    access === null ? await queryOne(db, sql<RefreshRow>`select ${REFRESH} from oauth_refresh where hash = ${bytes(hashOf(token))} and used_at is null`) : null
  const grantId = access?.grant ?? row?.grantId
  if (grantId === undefined || (row !== null && row.expiresAt.getTime() <= atMs)) return null
  const grant = await queryOne(db, sql<Grant>`select ${COLUMNS} from oauth_grant g where g.id = ${grantId} and g.app_id = ${appId} and ${holds(atMs)}`)
  if (grant === null) return null
  if (row !== null) return { grant, kind: 'refresh_token', issuedAtMs: row.issuedAt.getTime(), expiresAtMs: row.expiresAt.getTime() }
  const { iat = 0, exp = 0 } = access as JWTPayload
  return { grant, kind: 'access_token', issuedAtMs: iat * 1000, expiresAtMs: exp * 1000 }
}

/** Who speaks with an access token; null when it is not ours, expired or revoked, or its location is gone. */
export async function findOAuthCaller(db: Db, token: string, atMs: number): Promise<Caller | null> {
  const payload = await verifyToken(db, 'api', token, atMs)
  if (payload === null) return null
  const grant = await queryOne(db, sql<Grant>`select ${COLUMNS} from oauth_grant g where g.id = ${payload.grant} and ${holds(atMs)}`)
  if (grant === null) return null
  const { id, agencyId, locationId, appId, userId, scopes } = grant
  return { tokenId: id, agencyId, locationId, scopes, unlimited: false, expiresAtMs: (payload.exp ?? 0) * 1000, oauth: { appId, userId } }
}

/** Forgets codes and refresh tokens that nobody can use any more, and grants that are left without any. */
export async function forgetExpired(db: Db, atMs: number): Promise<void> {
  await sql`delete from oauth_code where expires_at < ${new Date(atMs - 86_400_000)}`.execute(db)
  await sql`delete from oauth_refresh where expires_at < ${new Date(atMs - 2 * 86_400_000)}`.execute(db)
  await sql`
    delete from oauth_grant g where g.created_at < ${new Date(atMs - REFRESH_LIFE_MS)}
      and not exists (select 1 from oauth_refresh r where r.grant_id = g.id) and not exists (select 1 from oauth_grant c where c.parent_id = g.id)`.execute(db)
}
