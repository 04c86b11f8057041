import type { RecordDocument } from '../store/records/index.ts'
import { below, type Presence } from './availability.ts'
import { createZoneClock } from './clock.ts'
import type { OpeningHours } from './hours.ts'
import { toOpenings } from './openings.ts'
import { joinedSpans, type Span } from './span.ts'
import { toOpeningHours, type WireRule } from './wire-rules.ts'

/** When a user can be booked in the calendar that is asked about. */
export interface Schedule {
  userId: string
  hours: OpeningHours
}

export const toSchedule = ({ userId, timezone, rules }: RecordDocument): Schedule => ({
  userId: userId as string,
  hours: toOpeningHours({ timezone: timezone as string, rules: rules as WireRule[] }),
})

/**
 * Answers for spans that lie between two moments. Several schedules of one user add up, and hours that touch are one.
 */
export function toPresence(schedules: readonly Schedule[], fromMs: number, toMs: number): Presence {
  const spansOf = new Map<string, Span[]>()
  for (const { userId, hours } of schedules) {
    const openings = toOpenings(hours, createZoneClock(hours.timeZone, fromMs, toMs), fromMs, toMs)
    spansOf.set(userId, [...(spansOf.get(userId) ?? []), ...openings])
  }
  const joined = new Map(
    [...spansOf].map(([userId, spans]) => {
      const own = joinedSpans(spans)
      return [userId, { own, starts: Float64Array.from(own, ({ startMs }) => startMs) }]
    }),
  )
  return (userId, { startMs, endMs }) => {
    const found = joined.get(userId)
    if (found === undefined) return true
    const latest = found.own[below(found.starts, startMs + 1) - 1]
    return latest !== undefined && endMs <= latest.endMs
  }
}
