import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, type Db, queryOne } from '../db/pool.ts'
import { AppError } from '../errors.ts'

const WINDOW_MS = 15 * 60_000
/** Guesses in a window: for one e-mail, from one address, and in a browser that its admin has signed in with before. */
const MOST = { email: 10, address: 50, browser: 10 } as const

export interface Try {
  email: string
  address: string
  /**
   * Known from an earlier sign-in for this e-mail. It counts by itself: strangers who guess do not lock the admin out.
   */
  browser?: string | undefined
}

const whoOf = ({ browser }: Try) => (browser === undefined ? 'email' : 'browser')

/** A digest: what people type into a form is nobody's to read later. */
const keyOf = (name: keyof Try, { [name]: value = '' }: Try) =>
  bytes(createHash('sha256').update(`${name}/${value.toLowerCase()}`).digest('hex'))

/** Counts a try before the password is looked at, for all processes together. Throws 429 when there were too many. */
export async function countSignIn(db: Db, attempt: Try, atMs: number): Promise<void> {
  // One after the other: who has to wait as an address cannot go on to use up the tries of an e-mail.
  for (const name of ['address', whoOf(attempt)] as const) {
    const row = await queryOne(
      db,
      sql<{ startedAt: Date; count: number }>`
        insert into sign_in_try as t (key, started_at, count) values (${keyOf(name, attempt)}, ${new Date(atMs)}, 1)
        on conflict (key) do update set
          count = case when t.started_at <= ${new Date(atMs - WINDOW_MS)} then 1 else t.count + 1 end,
          started_at = case when t.started_at <= ${new Date(atMs - WINDOW_MS)} then excluded.started_at
            else t.started_at end
        returning started_at as "startedAt", count`,
    )
    const { startedAt, count } = row as { startedAt: Date; count: number }
    if (count > MOST[name])
      throw new AppError('rate_limited', { seconds: Math.ceil((startedAt.getTime() + WINDOW_MS - atMs) / 1000) })
  }
}

/**
 * The password was right: the tries for this e-mail, or in this browser, start anew, and this one does not count for
 * the address.
 */
export async function forgiveSignIn(db: Db, attempt: Try): Promise<void> {
  await sql`delete from sign_in_try where key = ${keyOf(whoOf(attempt), attempt)}`.execute(db)
  await sql`update sign_in_try set count = count - 1 where key = ${keyOf('address', attempt)} and count > 0`.execute(db)
}

export async function forgetSignIns(db: Db, atMs: number): Promise<void> {
  await sql`delete from sign_in_try where started_at <= ${new Date(atMs - WINDOW_MS)}`.execute(db)
}
