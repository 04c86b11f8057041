import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, queryOne, type Tx, texts } from '../db/pool.ts'
import { callersChanged } from './caller.ts'
import { COLUMNS, type Grant } from './grant.ts'
import { type Issued, issue, REFRESH_LIFE_MS } from './grant-tokens.ts'

/**
 * Of what an app asks for by itself in one place, so many hold beside each other, and so many are left when there are
 * more.
 */
const [MOST_OWN, OWN_LEFT] = [1_000, 900]

/** Begins an allowance that somebody gave, and makes its first tokens. */
export function beginGrant(tx: Tx, grant: Omit<Grant, 'id'>, atMs: number): Promise<Issued> {
  return begin(tx, { ...grant, own: false, parentId: null }, atMs)
}

/** The same for what an app asks for by itself. `parentId`: the agency's grant that a location token is made from. */
export async function beginOwnGrant(
  tx: Tx,
  grant: Omit<Grant, 'id'> & { parentId?: string },
  atMs: number,
): Promise<Issued> {
  const issued = await begin(tx, { ...grant, own: true, parentId: grant.parentId ?? null }, atMs)
  await endOldest(tx, issued.grant)
  return issued
}

/**
 * The oldest of what an app asked for by itself in a place end where there are too many; several at a time, as every
 * caller is looked up anew then.
 */
async function endOldest(tx: Tx, { appId, agencyId, locationId }: Grant): Promise<void> {
  const own = sql`app_id = ${appId} and agency_id = ${agencyId} and location_id is not distinct from ${locationId}
      and own`
  const beyond = await queryOne(tx, sql`select id from oauth_grant where ${own} offset ${MOST_OWN} limit 1`)
  if (beyond === null) return
  await callersChanged(tx)
  await sql`
    with ended as (delete from oauth_grant
      where id in (select id from oauth_grant where ${own} order by created_at desc, id offset ${OWN_LEFT})
      returning id)
    delete from oauth_refresh where grant_id in (select id from ended)`.execute(tx)
}

async function begin(
  tx: Tx,
  grant: Omit<Grant, 'id'> & { own: boolean; parentId: string | null },
  atMs: number,
): Promise<Issued> {
  const row = await queryOne(
    tx,
    sql<Grant>`
      insert into oauth_grant as g (id, app_id, agency_id, location_id, user_id, scopes, parent_id, own, created_at)
      values (${randomUUID()}, ${grant.appId}, ${grant.agencyId}, ${grant.locationId}, ${grant.userId},
        ${texts(grant.scopes)}, ${grant.parentId}, ${grant.own}, ${new Date(atMs)})
      returning ${COLUMNS}`,
  )
  return issue(tx, row as Grant, randomBytes(32).toString('base64url'), atMs)
}

/** Ends a grant and what was made from it. */
export async function revokeGrant(tx: Tx, id: string, atMs: number): Promise<void> {
  await callersChanged(tx)
  await sql`update oauth_grant set revoked_at = ${new Date(atMs)} where (id = ${id} or parent_id = ${id})
      and revoked_at is null`.execute(tx)
}

/** What the agency is told where something that works once was used twice: somebody else has it, too. */
export const replayOf = ({ appId, agencyId, locationId }: Pick<Grant, 'appId' | 'agencyId' | 'locationId'>) => ({
  agencyId,
  event: 'oauth.replay',
  who: appId,
  about: { appId, locationId },
})

/**
 * Ends every code and grant of an app for a location, or (null) for an agency with all of its locations. Codes go first:
 * an exchange under way is waited for, and its grant is seen.
 */
export async function revokeGrantsOf(
  tx: Tx,
  place: { appId: string; agencyId: string; locationId: string | null },
  atMs: number,
): Promise<void> {
  const { appId, agencyId, locationId } = place
  const there = sql`app_id = ${appId} and agency_id = ${agencyId}
      and (${locationId}::text is null or location_id = ${locationId})`
  await sql`delete from oauth_code where ${there}`.execute(tx)
  await callersChanged(tx)
  await sql`update oauth_grant set revoked_at = ${new Date(atMs)} where ${there} and revoked_at is null`.execute(tx)
}

/** Forgets codes and refresh tokens that nobody can use any more, and grants that are left without any. */
export async function forgetExpired(db: Db, atMs: number): Promise<void> {
  await sql`delete from oauth_code where expires_at < ${new Date(atMs - 86_400_000)}`.execute(db)
  await sql`delete from oauth_refresh where expires_at < ${new Date(atMs - 2 * 86_400_000)}`.execute(db)
  await sql`
    delete from oauth_grant g where g.created_at < ${new Date(atMs - REFRESH_LIFE_MS)}
      and not exists (select 1 from oauth_refresh r where r.grant_id = g.id) and not
        exists (select 1 from oauth_grant c where c.parent_id = g.id)`.execute(db)
}
