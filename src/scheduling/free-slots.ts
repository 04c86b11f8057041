import { type Block, type Booking, toAvailability } from './availability.ts'
import { createZoneClock, type ZoneClock } from './clock.ts'
import { hiddenStarts } from './hidden.ts'
import { startsIn, toOpenings } from './openings.ts'
import type { SlotRules } from './rules.ts'
import { type Schedule, toPresence } from './schedules.ts'

export interface SlotSearch {
  rules: SlotRules
  /** Slots start from here until here, both included. */
  fromMs: number
  toMs: number
  bookings: readonly Booking[]
  blocks: readonly Block[]
  schedules: readonly Schedule[]
  /** In which dates and slots are told. Default: that of the calendar's hours. */
  timeZone?: string
}

/** Dates that have free slots -> their starts, in order. Pure: same question, same answer. */
export function findFreeSlots({
  rules,
  fromMs,
  toMs,
  bookings,
  blocks,
  schedules,
  timeZone,
}: SlotSearch): Map<string, string[]> {
  const days = new Map<string, string[]>()
  const earliestMs = Math.max(fromMs, rules.earliestMs)
  const latestMs = Math.min(toMs, rules.latestMs - 1)
  if (!rules.isOpen || earliestMs > latestMs) return days
  const clock = createZoneClock(rules.timeZone, earliestMs, latestMs)
  const shown: ZoneClock =
    timeZone === undefined || timeZone === rules.timeZone ? clock : createZoneClock(timeZone, earliestMs, latestMs)
  const isThere = toPresence(schedules, earliestMs, latestMs + rules.durationMs)
  const availability = toAvailability(rules, { bookings, blocks, clock, isThere })
  const hidden = hiddenStarts(rules, clock, earliestMs, latestMs)
  const starts = new Set<number>()
  for (const start of startsIn(toOpenings(rules, clock, earliestMs, latestMs + rules.durationMs), rules))
    if (start >= earliestMs && start <= latestMs && !hidden.has(start)) starts.add(start)
  for (const startMs of [...starts].sort((a, b) => a - b)) {
    if (availability.at({ startMs, endMs: startMs + rules.durationMs }) === null) continue
    const date = shown.dateOf(startMs)
    const slots = days.get(date)
    if (slots === undefined) days.set(date, [shown.textOf(startMs)])
    else slots.push(shown.textOf(startMs))
  }
  return days
}
