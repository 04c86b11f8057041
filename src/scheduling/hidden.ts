import type { ZoneClock } from './clock.ts'
import { startsIn, toOpenings } from './openings.ts'
import type { SlotRules } from './rules.ts'

/**
 * Starts that a calendar hides to look busy: of all slots of a day, free or not, the share that it says, rounded down.
 * Calendar and day decide which, so everybody misses the same ones, whatever stretch of time they ask about.
 */
export function hiddenStarts(rules: SlotRules, clock: ZoneClock, fromMs: number, toMs: number): ReadonlySet<number> {
  const hidden = new Set<number>()
  if (rules.hiddenPercentage <= 0) return hidden
  const days = new Map<string, Set<number>>()
  const [firstMs, lastMs] = [clock.momentOf(clock.dayOf(fromMs), 0), clock.momentOf(clock.dayOf(toMs) + 1, 0) - 1]
  for (const start of startsIn(toOpenings(rules, clock, firstMs, lastMs + rules.durationMs), rules)) {
    const date = clock.dateOf(start)
    days.set(date, (days.get(date) ?? new Set<number>()).add(start))
  }
  for (const starts of days.values()) {
    const ranked = [...starts].sort((a, b) => rankOf(rules.calendarId, a) - rankOf(rules.calendarId, b) || a - b)
    for (const start of ranked.slice(0, Math.floor((ranked.length * rules.hiddenPercentage) / 100))) hidden.add(start)
  }
  return hidden
}

/**
 * Looks like chance and never changes: the lower, the sooner the slot is hidden. FNV-1a, then the end of MurmurHash3,
 * which spreads neighbours.
 */
export function rankOf(calendarId: string, startMs: number): number {
  let hash = 0x811c9dc5
  for (const character of `${calendarId}${startMs / 60_000}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
