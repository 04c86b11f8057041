import { DAYS } from '../resources/records/schedules.ts'
import type { RecordDocument } from '../store/records/index.ts'
import { below, type Presence } from './availability.ts'
import { createZoneClock } from './clock.ts'
import type { Hours, OpeningHours } from './hours.ts'
import { toOpenings } from './openings.ts'
import { joinedSpans, type Span } from './span.ts'

/** When a user can be booked in the calendar that is asked about. */
export interface Schedule {
  userId: string
  hours: OpeningHours
}

/** A rule for a date or for a day of the week, as the wire writes it. */
export interface WireRule {
  /** `wday` or `date`. */
  type: string
  intervals: readonly { from: string; to: string }[]
  date?: string | undefined
  day?: string | undefined
}

export function toSchedule({ userId, timezone, rules }: RecordDocument): Schedule {
  const weekly: { days: number[]; hours: Hours[] }[] = []
  const dated = new Map<string, Hours[]>()
  for (const { type, day, date, intervals } of rules as WireRule[]) {
    const hours = intervals.map(toHours)
    if (type === 'wday') weekly.push({ days: [DAYS.indexOf(day as never)], hours })
    else dated.set(date as string, [...(dated.get(date as string) ?? []), ...hours])
  }
  return { userId: userId as string, hours: { timeZone: timezone as string, weekly, dated } }
}

export const toHours = ({ from, to }: WireRule['intervals'][number]): Hours => ({
  openMinute: minuteOf(from),
  closeMinute: minuteOf(to) || 24 * 60,
})

function minuteOf(text: string): number {
  const [hour, minute] = text.split(':').map(Number) as [number, number]
  return hour * 60 + minute
}

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
