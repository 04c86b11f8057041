import type { ZoneClock } from './free-slots-clock.ts'
import type { Hours, OpeningHours, SlotRules, Span } from './free-slots-rules.ts'

/**
 * When a calendar is open, or a user is there, around a stretch of time, in order of dates. Hours are what the clocks show: a time that a
 * change of the clocks leaves out moves behind the gap, one that it brings twice is its first.
 */
export function toOpenings(hours: OpeningHours, clock: ZoneClock, fromMs: number, toMs: number): Span[] {
  const openings: Span[] = []
  const last = clock.dayOf(toMs)
  for (let day = clock.dayOf(fromMs); day <= last; day++) {
    for (const { openMinute, closeMinute } of hoursOn(hours, day, clock)) {
      const startMs = clock.momentOf(day, Math.floor(openMinute))
      const endMs = clock.momentOf(day, Math.floor(closeMinute))
      if (startMs < endMs && endMs > fromMs && startMs <= toMs) openings.push({ startMs, endMs })
    }
  }
  return openings
}

function hoursOn({ weekly, dated }: OpeningHours, day: number, clock: ZoneClock): readonly Hours[] {
  // 1970-01-01 was a Thursday.
  const weekday = (day + 4) % 7
  return dated.get(clock.dateOfDay(day)) ?? weekly.filter(({ days }) => days.includes(weekday)).flatMap(({ hours }) => hours)
}

/** Starts of slots: from each opening on in even steps of real time, as long as the whole slot fits. */
export function* startsIn({ startMs, endMs }: Span, { intervalMs, durationMs }: SlotRules): Generator<number> {
  for (let start = startMs; start + durationMs <= endMs; start += intervalMs) yield start
}

/** True for a start on the grid of an opening that holds the whole appointment. */
export function isOffered(openings: readonly Span[], rules: SlotRules, { startMs, endMs }: Span): boolean {
  return openings.some((opening) => startMs >= opening.startMs && endMs <= opening.endMs && (startMs - opening.startMs) % rules.intervalMs === 0)
}
