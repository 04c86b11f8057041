import type { ZoneClock } from './free-slots-clock.ts'
import type { Hours, OpeningHours, SlotRules, Span } from './free-slots-rules.ts'

const DAY_MINUTES = 24 * 60

/**
 * When a calendar is open, or a user is there, around a stretch of time, in order of dates. Hours are what the clocks show: a time that a
 * change of the clocks leaves out moves behind the gap, one that it brings twice is its first.
 */
export function toOpenings(hours: OpeningHours, clock: ZoneClock, fromMs: number, toMs: number): Span[] {
  const openings: Span[] = []
  const last = clock.dateOf(toMs)
  for (let date = Temporal.PlainDate.from(clock.dateOf(fromMs)); date.toString() <= last; date = date.add({ days: 1 })) {
    for (const { openMinute, closeMinute } of hoursOn(hours, date)) {
      const startMs = momentOf(date, openMinute, hours.timeZone)
      const endMs = momentOf(date, closeMinute, hours.timeZone)
      if (startMs < endMs && endMs > fromMs && startMs <= toMs) openings.push({ startMs, endMs })
    }
  }
  return openings
}

function hoursOn({ weekly, dated }: OpeningHours, date: Temporal.PlainDate): readonly Hours[] {
  return dated.get(date.toString()) ?? weekly.filter(({ days }) => days.includes(date.dayOfWeek % 7)).flatMap(({ hours }) => hours)
}

function momentOf(date: Temporal.PlainDate, minute: number, timeZone: string): number {
  const day = minute >= DAY_MINUTES ? date.add({ days: 1 }) : date
  const rest = Math.floor(minute % DAY_MINUTES)
  return day.toZonedDateTime({ timeZone, plainTime: { hour: Math.floor(rest / 60), minute: rest % 60 } }).epochMilliseconds
}

/** Starts of slots: from each opening on in even steps of real time, as long as the whole slot fits. */
export function* startsIn({ startMs, endMs }: Span, { intervalMs, durationMs }: SlotRules): Generator<number> {
  for (let start = startMs; start + durationMs <= endMs; start += intervalMs) yield start
}

/** True for a start on the grid of an opening that holds the whole appointment. */
export function isOffered(openings: readonly Span[], rules: SlotRules, { startMs, endMs }: Span): boolean {
  return openings.some((opening) => startMs >= opening.startMs && endMs <= opening.endMs && (startMs - opening.startMs) % rules.intervalMs === 0)
}
