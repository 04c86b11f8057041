import type { IncomingHttpHeaders } from 'node:http'
import { inTimeMs } from '../outcomes.ts'

/** Of a side that says that nothing is left, and not until when. */
const USUAL_MS = 60_000
/**
 * Whoever has answered is asked again after so long: what is meant by a reset is read, not agreed upon (some count
 * milliseconds, clocks differ), and whoever has nothing left then refuses, and says for how long.
 */
const MOST_MS = 3_600_000
/** How many are left, also as a decimal. */
const COUNT = /^-?\d+(\.\d+)?$/

/** With the maker's name in it, or without. */
const REMAINING = /^((?:x-)?(?:[a-z]+-)?rate-?limit)-remaining$/

/**
 * How long nobody should ask again, in milliseconds, an hour at most, by what the other side says of what is left of its
 * limit: 0, as long as anything is, and where the limit itself is 0 or less (how some say that they have none).
 *
 * Read are the header `RateLimit` (`"default";r=0;t=30`, or `remaining=0, reset=30`), and pairs: `RateLimit-Remaining` or
 * `X-RateLimit-Remaining` with `…-Reset` (seconds from now, a moment in seconds or milliseconds, or a date) or
 * `…-Interval-Milliseconds`, as HighLevel and HubSpot (`X-HubSpot-RateLimit-Remaining`) have it.
 */
export function allowancePauseMs(headers: IncomingHttpHeaders, nowMs: number): number {
  const pauses = [...inOne(headers), ...inPairs(headers)].flatMap(({ remaining, until }) =>
    Number(remaining) <= 0 ? [until(nowMs) ?? USUAL_MS] : [],
  )
  return Math.min(Math.max(0, ...pauses), MOST_MS)
}

interface Left {
  remaining: string
  /** In milliseconds from now; null: it does not say. */
  until(nowMs: number): number | null
}

function inOne({ ratelimit }: IncomingHttpHeaders): Left[] {
  const text = [ratelimit ?? []].flat().join(', ')
  const isOld = /\bremaining\s*=/i.test(text)
  const word = (of: string, name: string) => new RegExp(`[;,\\s]${name}\\s*=\\s*(\\d+)`, 'i').exec(` ${of}`)?.[1]
  return (isOld ? [text] : text.split(',')).flatMap((one) => {
    const remaining = word(one, isOld ? 'remaining' : 'r')
    const reset = word(one, isOld ? 'reset' : 't')
    return remaining === undefined ? [] : [{ remaining, until: (nowMs: number) => inTimeMs(reset, nowMs) }]
  })
}

function inPairs(headers: IncomingHttpHeaders): Left[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const prefix = REMAINING.exec(name)?.[1]
    const remaining = [value ?? []].flat()[0]
    if (prefix === undefined || remaining === undefined || !COUNT.test(remaining.trim())) return []
    const of = (last: string) => [headers[`${prefix}-${last}`] ?? []].flat()[0]
    if (Number(of('limit') || 1) <= 0) return []
    const interval = of('interval-milliseconds')
    const until = (nowMs: number) =>
      interval !== undefined && /^\d+$/.test(interval) ? Number(interval) : inTimeMs(of('reset'), nowMs)
    return [{ remaining, until }]
  })
}
