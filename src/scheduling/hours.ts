import type { AssetDocument } from '../store/assets/index.ts'

/** Hours that recur, and those of single dates. */
export interface OpeningHours {
  /** Hours are what the clocks show here. */
  timeZone: string
  weekly: readonly WeeklyHours[]
  /** Hours of single dates. They stand in for the weekly ones. */
  dated: ReadonlyMap<string, readonly Hours[]>
}

/** Minutes from the midnight on which the day begins. Hours that go on past the next one close after 1440. */
export interface Hours {
  openMinute: number
  closeMinute: number
}

interface WeeklyHours {
  /** 0 is Sunday. */
  days: readonly number[]
  hours: readonly Hours[]
}

export interface WireHours {
  openHour: number
  openMinute: number
  closeHour: number
  closeMinute: number
}

export const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MINUTES = 24 * 60

/** Whole milliseconds; 0 where the calendar says nothing. */
export function timeOf(document: AssetDocument, name: string): number {
  const amount = typeof document[name] === 'number' ? (document[name] as number) : 0
  return Math.round(amount * (document[`${name}Unit`] === 'hours' ? HOUR_MS : MINUTE_MS))
}

/** What closes before it opens goes on past midnight: 22:00 to 2:00, or to 0:00. */
export function toHours(hours: WireHours): Hours {
  const openMinute = hours.openHour * 60 + hours.openMinute
  const closeMinute = hours.closeHour * 60 + hours.closeMinute
  return { openMinute, closeMinute: closeMinute < openMinute ? closeMinute + DAY_MINUTES : closeMinute }
}

/** Several entries of one date add up. The wire writes a date as its midnight in UTC, whatever the time zone. */
export function datedHours(entries: readonly { date: string; hours: WireHours[] }[]): Map<string, Hours[]> {
  const dated = new Map<string, Hours[]>()
  for (const { date, hours } of entries)
    dated.set(date.slice(0, 10), [...(dated.get(date.slice(0, 10)) ?? []), ...hours.map(toHours)])
  return dated
}
