import { hash } from 'node:crypto'
import type { Notices } from '../db/notices.ts'
import type { Db } from '../db/pool.ts'
import { CALLERS, type Caller } from './caller.ts'
import { findPersonCaller, type SessionLife } from './sessions.ts'
import { forgetSigningKeys } from './signing-keys.ts'
import { findCaller } from './tokens.ts'

const MOST = 10_000
/** A token that somebody ends by hand, in SQL and without a word, is refused after this. */
const LIFE_MS = 60_000

/** Who stands behind a token or a session, remembered. */
export interface Callers {
  /** Null: nobody known, or no longer. */
  find(token: string, atMs: number): Promise<Caller | null>
  /** The person whose session a cookie holds. Null: it is none, or has ended. */
  findPerson(session: string, atMs: number): Promise<Caller | null>
}

interface Known {
  caller: Caller
  untilMs: number
  /** When it was looked up, by the wall clock. */
  atMs: number
}

/**
 * Remembers callers by the hash of what they show. All are forgotten when a token or a session ends anywhere: in this process before
 * the answer to whoever ended it, in others within the milliseconds of a notice (docs/decisions/0007). Nothing is
 * remembered while notices are not heard.
 */
export function createCallers(db: Db, notices: Notices, life: SessionLife): Callers {
  const known = new Map<string, Known>()
  let age = 0
  notices.on(CALLERS, () => {
    age++
    known.clear()
    forgetSigningKeys(db)
  })
  return {
    find: (token, atMs) => recall(`token ${token}`, atMs, () => findCaller(db, token, atMs)),
    findPerson: (session, atMs) => recall(`session ${session}`, atMs, () => findPersonCaller(db, session, life, atMs)),
  }

  async function recall(shown: string, atMs: number, look: () => Promise<Caller | null>): Promise<Caller | null> {
    if (!notices.isHearing()) return look()
    const key = hash('sha256', shown, 'base64')
    const found = known.get(key)
    if (
      found !== undefined &&
      performance.now() < found.untilMs &&
      // A machine that slept: whoever was there before may have gone, and a session that goes on is seen again.
      atMs - found.atMs < LIFE_MS &&
      (found.caller.expiresAtMs ?? Number.POSITIVE_INFINITY) > atMs
    )
      return found.caller
    const asked = age
    const caller = await look()
    // What was read before a token ended must not outlive it.
    if (caller !== null && asked === age) remember(key, caller, atMs)
    return caller
  }

  function remember(key: string, caller: Caller, atMs: number): void {
    known.delete(key)
    known.set(key, { caller, untilMs: performance.now() + LIFE_MS, atMs })
    const [oldest] = known.keys()
    if (known.size > MOST && oldest !== undefined) known.delete(oldest)
  }
}
