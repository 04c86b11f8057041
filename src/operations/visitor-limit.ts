import { hash } from 'node:crypto'
import { startOf } from '../auth/rate-counts.ts'
import { AppError, type ErrorCode } from '../errors.ts'

const INTERVAL_MS = 10_000
/** Names that are counted each for itself; all others share as many counts as there are rows for the crowd. */
const MOST_NAMES = 50_000
const CROWD = 1_024
/** Of the limit, for guesses from one address at what can be guessed: the secret of one app, the operator's token. */
const GUESSES = 0.1
/**
 * Times the limit, for wrong tokens from one address. Nobody guesses 122 bits: it keeps the look-ups down, and the
 * lines of the log.
 */
const WRONG_TOKENS = 5
const REFUSED: readonly ErrorCode[] = ['invalid', 'url_refused']
const WRONG: readonly ErrorCode[] = ['token_invalid', 'session_ended']

/**
 * Limits callers without a token: by where they come from, and an app that proves itself by what it is. Windows of 10 s
 * that all begin anew together, so nothing is remembered for longer, and no flood of addresses makes it remember more.
 * Each process counts for itself: what a stranger does must not become writes in the database.
 */
export interface VisitorLimiter {
  /** Names that are counted now. */
  readonly size: number
  /** Counts a call from an address. 429 beyond the limit. */
  visit(network: string): void
  /**
   * Counts what an app asks for. What fails for its secret counts for whoever guesses, by their address: strangers who
   * know an app's public id cannot use up its calls.
   */
  asClient<T>(clientId: string, network: string, work: () => Promise<T>): Promise<T>
  /** Counts a call with a signed address from an address, if it is refused: others are heard from there all the same. */
  asSigned<T>(network: string, work: () => Promise<T>): Promise<T>
  /**
   * Counts a token that turns out to be wrong. A right one from the same address is heard all the same, unless people
   * may have chosen it (`isGuessable`).
   */
  asBearer<T>(network: string, isGuessable: boolean, work: () => Promise<T>): Promise<T>
}

export function createVisitorLimiter({
  visitorLimit,
  nowMs,
}: {
  visitorLimit: number
  nowMs: () => number
}): VisitorLimiter {
  const counts = new Map<string, number>()
  let startedMs = Number.NEGATIVE_INFINITY

  function add(name: string, amount: number): { key: string; count: number } {
    const started = startOf(nowMs(), INTERVAL_MS)
    if (started !== startedMs) counts.clear()
    startedMs = started
    const key =
      counts.has(name) || counts.size < MOST_NAMES
        ? name
        : `crowd ${Number.parseInt(hash('sha256', name).slice(0, 8), 16) % CROWD}`
    const count = (counts.get(key) ?? 0) + amount
    counts.set(key, count)
    return { key, count }
  }

  function take(name: string, most: number): string {
    const { key, count } = add(name, 1)
    if (count > most)
      throw new AppError('rate_limited', {
        seconds: Math.max(1, Math.ceil((startedMs + INTERVAL_MS - nowMs()) / 1000)),
      })
    return key
  }

  /** Who has guessed too often is not heard, right or wrong. */
  function refuseGuesses(name: string): void {
    if ((counts.get(name) ?? 0) >= Math.max(1, visitorLimit * GUESSES) && startOf(nowMs(), INTERVAL_MS) === startedMs)
      take(name, 0)
  }

  return {
    get size() {
      return counts.size
    },
    visit(network) {
      if (visitorLimit > 0) take(`address ${network}`, visitorLimit)
    },
    async asClient(clientId, network, work) {
      if (visitorLimit === 0) return work()
      const guesses = `guess ${clientId} ${network}`
      // Before anything is counted: it takes none of the app's calls.
      refuseGuesses(guesses)
      const own = take(`client ${clientId}`, visitorLimit)
      try {
        return await work()
      } catch (error) {
        if (error instanceof AppError && error.code === 'client_invalid') {
          if (counts.has(own)) add(own, -1)
          add(guesses, 1)
        }
        throw error
      }
    },
    async asSigned(network, work) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof AppError && REFUSED.includes(error.code)) this.visit(network)
        throw error
      }
    },
    async asBearer(network, isGuessable, work) {
      if (visitorLimit === 0) return work()
      const guesses = `operator ${network}`
      if (isGuessable) refuseGuesses(guesses)
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof AppError) || !WRONG.includes(error.code)) throw error
        if (isGuessable) add(guesses, 1)
        take(`token ${network}`, visitorLimit * WRONG_TOKENS)
        throw error
      }
    },
  }
}
