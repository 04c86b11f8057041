import type { Caller } from '../auth/caller.ts'
import type { Config } from '../config.ts'
import type { Operation } from './define.ts'
import type { RateState } from './rate-limit.ts'

type Rate = 'journalRate' | 'subscriptionRate' | 'snapshotRate'

/** Which limit an operation of an app counts against (wire/hubspot.md, "Semantics"). */
export function rateOf({ name }: Operation): Rate {
  if (name.startsWith('recordSnapshots.')) return name.endsWith('.create') ? 'snapshotRate' : 'journalRate'
  return name.startsWith('journal.') || name.startsWith('journalLocal.') ? 'journalRate' : 'subscriptionRate'
}

const SECOND_MS = 1000
const MOST_APPS = 10_000

/** Fixed windows of a second per app and kind of request, as HubSpot has them. Each process counts for itself. */
export function createSecondly(config: Pick<Config, Rate>, nowMs: () => number) {
  let startedMs = 0
  let counts = new Map<string, number>()
  return (caller: Caller, operation: Operation): RateState | null => {
    const rate = rateOf(operation)
    const most = config[rate]
    if (most === 0) return null
    const now = nowMs()
    const started = now - (now % SECOND_MS)
    if (started !== startedMs || counts.size > MOST_APPS) [startedMs, counts] = [started, new Map()]
    const key = `${caller.oauth?.appId} ${rate}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    const remaining = String(Math.max(0, most - count))
    return {
      exceeded: count > most,
      retryMs: startedMs + SECOND_MS - now,
      headers: {
        'x-hubspot-ratelimit-max': String(most),
        'x-hubspot-ratelimit-remaining': remaining,
        'x-hubspot-ratelimit-interval-milliseconds': String(SECOND_MS),
        'x-hubspot-ratelimit-secondly': String(most),
        'x-hubspot-ratelimit-secondly-remaining': remaining,
      },
    }
  }
}
