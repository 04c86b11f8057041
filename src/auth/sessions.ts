import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import { bytes, type Db, query, queryOne, type Tx } from '../db/pool.ts'
import { type Caller, callersChanged } from './caller.ts'
import { PERSON, type Person } from './people.ts'

/** How long sessions last: without a request, and at most. */
export interface SessionLife {
  idleMs: number
  mostMs: number
}

const HOUR_MS = 3_600_000

export const sessionLifeOf = ({
  sessionIdleHours,
  sessionDays,
}: Pick<Config, 'sessionIdleHours' | 'sessionDays'>): SessionLife => ({
  idleMs: sessionIdleHours * HOUR_MS,
  mostMs: sessionDays * 24 * HOUR_MS,
})

/** When somebody was last there is written down no more often than this. */
const SEEN_MS = 5 * 60_000
const MOST_AGENT = 300

const hashOf = (session: string) => bytes(createHash('sha256').update(session).digest('hex'))

/** What a cookie of ours looks like. */
const COOKIE = /^[\w-]{43}$/

/** Where a session begins: an address, and what the browser says of itself. */
export interface Place {
  address: string
  agent: string
}

/** Answers what the cookie holds: 256 random bits, of which only the hash is kept. */
export async function beginSession(db: Db, personId: string, { address, agent }: Place, atMs: number): Promise<string> {
  const session = randomBytes(32).toString('base64url')
  const at = new Date(atMs)
  await sql`
    insert into session (hash, id, person_id, created_at, seen_at, address, agent)
    values (${hashOf(session)}, ${randomUUID()}, ${personId}, ${at}, ${at}, ${address},
      ${agent.slice(0, MOST_AGENT).replaceAll('\u0000', '').toWellFormed()})`.execute(db)
  return session
}

export interface Found {
  person: Person
  sessionId: string
  /** When it ends if nothing comes any more. */
  endsMs: number
}

/** Whose session it is; null when it is none, or has ended. */
export async function findSession(
  db: Db,
  session: string | undefined,
  { idleMs, mostMs }: SessionLife,
  atMs: number,
): Promise<Found | null> {
  if (session === undefined || !COOKIE.test(session)) return null
  const row = await queryOne(
    db,
    sql<Person & { sessionId: string; beganAt: Date; seenAt: Date }>`
      select ${PERSON}, s.id as "sessionId", s.created_at as "beganAt", s.seen_at as "seenAt"
      from session s join person p on p.id = s.person_id and p.disabled_at is null
      where s.hash = ${hashOf(session)} and s.created_at > ${new Date(atMs - mostMs)}
        and s.seen_at > ${new Date(atMs - idleMs)}`,
  )
  if (row === null) return null
  const { sessionId, beganAt, seenAt, ...person } = row
  const isLongAgo = atMs - seenAt.getTime() >= SEEN_MS
  if (isLongAgo) await sql`update session set seen_at = ${new Date(atMs)} where hash = ${hashOf(session)}`.execute(db)
  const seenMs = isLongAgo ? atMs : seenAt.getTime()
  return { person, sessionId, endsMs: Math.min(seenMs + idleMs, beganAt.getTime() + mostMs) }
}

/** The caller behind a session, or null when it is none, or has ended. */
export async function findPersonCaller(
  db: Db,
  session: string,
  life: SessionLife,
  atMs: number,
): Promise<Caller | null> {
  const found = await findSession(db, session, life, atMs)
  if (found === null) return null
  const { id, agencyId, role, locationIds } = found.person
  return {
    tokenId: id,
    agencyId,
    locationId: null,
    // What a person may is decided by the role, for each operation (operations/roles.ts).
    scopes: ['*'],
    unlimited: false,
    expiresAtMs: found.endsMs,
    person: { id, role, locationIds, sessionId: found.sessionId },
  }
}

/** Ends a session at once, wherever its cookie is still kept. Answers whose it was. */
export async function endSession(tx: Tx, session: string | undefined): Promise<string | null> {
  if (session === undefined || !COOKIE.test(session)) return null
  const row = await queryOne(
    tx,
    sql<{ personId: string }>`delete from session where hash = ${hashOf(session)} returning person_id as "personId"`,
  )
  if (row !== null) await callersChanged(tx)
  return row?.personId ?? null
}

export async function forgetSessions(db: Db, { idleMs, mostMs }: SessionLife, atMs: number): Promise<void> {
  await query(
    db,
    sql`delete from session where created_at <= ${new Date(atMs - mostMs)} or seen_at <= ${new Date(atMs - idleMs)}`,
  )
}
