import { hash } from 'node:crypto'
import type { Notices } from '../db/notices.ts'
import type { Db } from '../db/pool.ts'
import { CALLERS } from './caller.ts'
import { forgetSigningKeys } from './signing-keys.ts'
import { type Caller, findCaller } from './tokens.ts'

const MOST = 10_000
/** A token that somebody ends by hand, in SQL and without a word, is refused after this. */
const LIFE_MS = 60_000

/** Who stands behind a token, remembered. */
export interface Callers {
  /** Null: nobody known, or no longer. */
  find(token: string, atMs: number): Promise<Caller | null>
}

interface Known {
  caller: Caller
  untilMs: number
}

/**
 * Remembers callers by the hash of their token. All are forgotten when a token ends anywhere: in this process before the
 * answer to whoever ended it, in others within the milliseconds of a notice (docs/decisions/0007). Nothing is remembered
 * while notices are not heard.
 */
export function createCallers(db: Db, notices: Notices): Callers {
  const known = new Map<string, Known>()
  let age = 0
  notices.on(CALLERS, () => {
    age++
    known.clear()
    forgetSigningKeys(db)
  })
  return {
    async find(token, atMs) {
      if (!notices.isHearing()) return findCaller(db, token, atMs)
      const key = hash('sha256', token, 'base64')
      const found = known.get(key)
      if (found !== undefined && performance.now() < found.untilMs && (found.caller.expiresAtMs ?? Number.POSITIVE_INFINITY) > atMs) return found.caller
      const asked = age
      const caller = await findCaller(db, token, atMs)
      // What was read before a token ended must not outlive it.
      if (caller !== null && asked === age) remember(key, caller)
      return caller
    },
  }

  function remember(key: string, caller: Caller): void {
    known.delete(key)
    known.set(key, { caller, untilMs: performance.now() + LIFE_MS })
    const [oldest] = known.keys()
    if (known.size > MOST && oldest !== undefined) known.delete(oldest)
  }
}
