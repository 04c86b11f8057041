import { RRuleTemporal } from 'rrule-temporal'
import { LAST_MOMENT_MS } from './clock.ts'

/** Of a recurring task: `rruleOptions` of the wire. */
export interface Recurrence {
  /** yearly, monthly, weekly, daily, hourly */
  intervalType: string
  interval: number
  startDate: string
  endDate?: string | undefined
  dayOfMonth?: number | undefined
  dayOfWeek?: string | undefined
  monthOfYear?: number | undefined
  count?: number | undefined
}

const HOUR_MS = 3_600_000
/** Fifty years of days. */
const BOUNDS = { maxIterations: 20_000, maxCandidateEvaluations: 100_000 }

/** The first time after this moment, on the clocks of the zone. Null: it is over. */
export function nextOccurrence(rule: Recurrence, afterMs: number, timeZone: string): number | null {
  const startMs = Date.parse(rule.startDate)
  const endMs = rule.endDate === undefined ? LAST_MOMENT_MS : Date.parse(rule.endDate)
  const next = rule.intervalType === 'hourly' ? nextHour(rule, startMs, afterMs) : nextDay(rule, afterMs, timeZone)
  return next === null || next > endMs ? null : next
}

/** Hours are counted, not read from a clock. */
function nextHour({ interval, count = Number.POSITIVE_INFINITY }: Recurrence, startMs: number, afterMs: number) {
  const number = afterMs < startMs ? 0 : Math.floor((afterMs - startMs) / (interval * HOUR_MS)) + 1
  return number < count ? startMs + number * interval * HOUR_MS : null
}

function nextDay(rule: Recurrence, afterMs: number, timeZone: string): number | null {
  const parts = [
    `FREQ=${rule.intervalType.toUpperCase()}`,
    `INTERVAL=${rule.interval}`,
    ...(rule.count === undefined ? [] : [`COUNT=${rule.count}`]),
    ...(rule.monthOfYear === undefined ? [] : [`BYMONTH=${rule.monthOfYear}`]),
    ...(rule.dayOfMonth === undefined ? [] : [`BYMONTHDAY=${rule.dayOfMonth}`]),
    ...(rule.dayOfWeek === undefined ? [] : [`BYDAY=${rule.dayOfWeek}`]),
  ]
  const dtstart = Temporal.Instant.from(rule.startDate).toZonedDateTimeISO(timeZone)
  const series = new RRuleTemporal({ rruleString: `RRULE:${parts.join(';')}`, dtstart, cache: false, ...BOUNDS })
  return series.next(new Date(afterMs))?.epochMilliseconds ?? null
}
