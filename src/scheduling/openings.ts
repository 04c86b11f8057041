import type { ZoneClock } from './clock.ts'
import type { Hours, OpeningHours } from './hours.ts'
import type { SlotRules } from './rules.ts'
import { joinedSpans, type Span } from './span.ts'

/**
 * When a calendar is open, or a user is there, around a stretch of time, in order of dates. Hours are what the clocks
 * show: a time that a change of the clocks leaves out moves behind the gap, one that it brings twice is its first.
 */
export function toOpenings(hours: OpeningHours, clock: ZoneClock, fromMs: number, toMs: number): Span[] {
  const openings: Span[] = []
  const last = clock.dayOf(toMs)
  // The hours of the day before may go on past midnight.
  for (let day = clock.dayOf(fromMs) - 1; day <= last; day++) {
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
  return (
    dated.get(clock.dateOfDay(day)) ?? weekly.filter(({ days }) => days.includes(weekday)).flatMap(({ hours }) => hours)
  )
}

/**
 * Starts of slots: from each opening on in even steps of real time, as long as the calendar stays open for the whole
 * slot. Openings that touch are one to a slot; each keeps its own steps, whatever stretch of time is asked for.
 */
export function* startsIn(openings: readonly Span[], { intervalMs, durationMs }: SlotRules): Generator<number> {
  for (const { startMs, endMs, openUntilMs } of joined(openings))
    for (let start = startMs; start < endMs && start + durationMs <= openUntilMs; start += intervalMs) yield start
}

/** True for a start on the steps of an opening, where the calendar stays open for the whole appointment. */
export function isOffered(openings: readonly Span[], rules: SlotRules, { startMs, endMs }: Span): boolean {
  return joined(openings).some(
    (opening) =>
      startMs >= opening.startMs &&
      startMs < opening.endMs &&
      endMs <= opening.openUntilMs &&
      (startMs - opening.startMs) % rules.intervalMs === 0,
  )
}

/** Each opening, and until when those that touch or overlap it go on. */
function joined(openings: readonly Span[]): (Span & { openUntilMs: number })[] {
  const spans = joinedSpans(openings)
  let index = 0
  return [...openings]
    .sort((a, b) => a.startMs - b.startMs)
    .map((opening) => {
      while ((spans[index] as Span).endMs < opening.endMs) index++
      return { ...opening, openUntilMs: (spans[index] as Span).endMs }
    })
}
