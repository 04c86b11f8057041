import type { Off } from './endpoints.ts'
import type { Answered } from './guarded-fetch.ts'

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

/** Standard Webhooks: how long after the attempt before each one is made. */
export const RETRY_AFTER_MS = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const

/** What is put on top at most, so that those who failed together do not come back together. */
const JITTER = 0.1
/** Of an endpoint that has too much to do, and does not say how long. */
const PAUSE_MS = 5 * SECOND
const MOST_PAUSE_MS = 24 * HOUR
/** A number of seconds from here on is a moment (2001), and from a thousand times that on one in milliseconds. */
const EPOCH_SECONDS = 1e9
const OVERLOADED = [429, 502, 503, 504]

/** Attempts of this process: answered with 2xx, answered otherwise, or not answered. */
export type AttemptCounts = Record<'delivered' | 'refused' | 'unanswered', number>

export const createAttemptCounts = (): AttemptCounts => ({ delivered: 0, refused: 0, unanswered: 0 })

export interface Outcome {
  state: 'delivered' | 'waiting' | 'failed'
  /** Of what waits. */
  dueAtMs: number
  /** The endpoint as a whole is left alone until then. */
  heldUntilMs: number | null
  off: Off | null
}

/**
 * What an attempt means: 2xx alone is success. `tries`: attempts before this one; `chance`: from 0 to 1. Null: there was no
 * answer.
 */
export function outcomeOf(
  answer: Pick<Answered, 'status' | 'headers'> | null,
  { tries, nowMs, chance }: { tries: number; nowMs: number; chance: number },
): Outcome {
  const status = answer?.status ?? 0
  if (status >= 200 && status < 300) return { state: 'delivered', dueAtMs: nowMs, heldUntilMs: null, off: null }
  if (status === 410) return { state: 'failed', dueAtMs: nowMs, heldUntilMs: null, off: 'gone' }
  const next = RETRY_AFTER_MS[tries + 1]
  const asked = retryAfterMs(answer?.headers['retry-after'], nowMs)
  const pause = asked ?? (OVERLOADED.includes(status) ? PAUSE_MS : null)
  const heldUntilMs = pause === null ? null : nowMs + pause
  if (next === undefined) return { state: 'failed', dueAtMs: nowMs, heldUntilMs, off: 'failing' }
  const wait = Math.max(next * (1 + JITTER * chance), pause ?? 0)
  return { state: 'waiting', dueAtMs: Math.round(nowMs + wait), heldUntilMs, off: null }
}

/** Seconds, or a date. Null: it says nothing that is understood. */
export const retryAfterMs = (text: string | undefined, nowMs: number): number | null =>
  text !== undefined && /^\d+$/.test(text.trim()) ? bounded(Number(text) * SECOND) : inTimeMs(text, nowMs)

/** Seconds from now, the seconds or milliseconds of a moment, or a date. Null: it says nothing that is understood. */
export function inTimeMs(text: string | undefined, nowMs: number): number | null {
  if (text === undefined) return null
  const number = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null
  // Of a few numbers alone a date would be made, too, of whatever century.
  if (number === null) return /[a-z]|\d{4}-\d\d/i.test(text) ? bounded(Date.parse(text) - nowMs) : null
  if (number < EPOCH_SECONDS) return bounded(number * SECOND)
  return bounded((number < EPOCH_SECONDS * 1000 ? number * SECOND : number) - nowMs)
}

const bounded = (ms: number) => (Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MOST_PAUSE_MS))
