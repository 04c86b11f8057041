import { sql } from 'kysely'
import { type Db, query, queryOne, type Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { callersChanged } from './caller.ts'
import type { SessionLife } from './sessions.ts'

/** A session as its person sees it. */
export interface SessionRow {
  id: string
  createdAt: Date
  /** Within minutes. */
  seenAt: Date
  address: string
  agent: string
}

/** Those that go on, the newest first. */
export function listSessions(
  db: Db,
  personId: string,
  { idleMs, mostMs }: SessionLife,
  atMs: number,
): Promise<SessionRow[]> {
  return query(
    db,
    sql<SessionRow>`
      select id, created_at as "createdAt", seen_at as "seenAt", address, agent from session
      where person_id = ${personId} and created_at > ${new Date(atMs - mostMs)} and seen_at > ${new Date(atMs - idleMs)}
      order by created_at desc, id`,
  )
}

/** 404 when the person has none with this id. */
export async function endOwnSession(tx: Tx, personId: string, id: string): Promise<void> {
  const row = await queryOne(
    tx,
    sql`delete from session where person_id = ${personId} and id::text = ${id} returning 1`,
  )
  if (row === null) throw new AppError('not_found', { what: 'session', id })
  await callersChanged(tx)
}

/** Signs a person out everywhere. */
export async function endSessions(tx: Tx, personId: string): Promise<void> {
  await sql`delete from session where person_id = ${personId}`.execute(tx)
  await callersChanged(tx)
}
