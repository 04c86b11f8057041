import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, queryOne } from '../db/pool.ts'
import { type Admin, findAdmin } from './admins.ts'
import { LIFE_SECONDS, signToken, verifyToken } from './jwt.ts'

export const SESSION_SECONDS = LIFE_SECONDS['sign-in']

/** A session of an admin: it ends after an hour, with a new password, with the admin, or when it is ended. */
export function beginSession(db: Db, { id, mark }: Admin, atMs: number): Promise<string> {
  return signToken(db, 'sign-in', { sub: id, mark, jti: randomUUID() }, { issuedAtMs: atMs, lifeSeconds: SESSION_SECONDS })
}

/** Whose session it is; null when it is none, or has ended. */
export async function findSession(db: Db, session: string | undefined, atMs: number): Promise<Admin | null> {
  const payload = session === undefined ? null : await verifyToken(db, 'sign-in', session, atMs)
  if (payload?.sub === undefined || payload.jti === undefined) return null
  if ((await queryOne(db, sql`select 1 from ended_session where id = ${payload.jti}`)) !== null) return null
  const admin = await findAdmin(db, payload.sub)
  return admin?.mark === payload.mark ? admin : null
}

/** Ends a session at once, wherever its cookie is still kept. */
export async function endSession(db: Db, session: string | undefined, atMs: number): Promise<void> {
  const payload = session === undefined ? null : await verifyToken(db, 'sign-in', session, atMs)
  if (payload?.jti === undefined || payload.exp === undefined) return
  await sql`insert into ended_session (id, ends_at) values (${payload.jti}, ${new Date(payload.exp * 1000)}) on conflict do nothing`.execute(db)
}

export async function forgetSessions(db: Db, atMs: number): Promise<void> {
  await sql`delete from ended_session where ends_at <= ${new Date(atMs)}`.execute(db)
}
