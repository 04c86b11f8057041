import { DAYS } from '../resources/records/schedules.ts'
import type { Hours, OpeningHours } from './hours.ts'

/** A rule for a date or for a day of the week, as the wire writes it. */
export interface WireRule {
  /** `wday` or `date`. */
  type: string
  intervals: readonly { from: string; to: string }[]
  date?: string | undefined
  day?: string | undefined
}

export function toOpeningHours({ timezone, rules }: { timezone: string; rules: readonly WireRule[] }): OpeningHours {
  const weekly: { days: number[]; hours: Hours[] }[] = []
  const dated = new Map<string, Hours[]>()
  for (const { type, day, date, intervals } of rules) {
    const hours = intervals.map(toHours)
    if (type === 'wday') weekly.push({ days: [DAYS.indexOf(day as never)], hours })
    else dated.set(date as string, [...(dated.get(date as string) ?? []), ...hours])
  }
  return { timeZone: timezone, weekly, dated }
}

const MIDNIGHT = 24 * 60

/** The same as rules of the wire, which end with their day: what goes on past midnight is told with the next one. */
export function toWireRules({ weekly, dated }: OpeningHours): WireRule[] {
  const intervalsOf = (hours: readonly Hours[]) =>
    hours
      .filter(({ openMinute, closeMinute }) => openMinute < Math.min(closeMinute, MIDNIGHT))
      .map(({ openMinute, closeMinute }) => ({
        from: textOf(openMinute),
        to: textOf(Math.min(closeMinute, MIDNIGHT) % MIDNIGHT),
      }))
  const beyondOf = (hours: readonly Hours[]) =>
    hours.flatMap(({ closeMinute }) =>
      closeMinute > MIDNIGHT ? [{ openMinute: 0, closeMinute: closeMinute - MIDNIGHT }] : [],
    )
  const hoursOn = (day: number) => weekly.filter(({ days }) => days.includes(day)).flatMap(({ hours }) => hours)
  const weekdays = DAYS.map((day, index) => ({
    type: 'wday',
    day,
    intervals: intervalsOf([...beyondOf(hoursOn((index + 6) % 7)), ...hoursOn(index)]),
  })).filter(({ intervals }) => intervals.length > 0)
  const dates = [...dated].map(([date, hours]) => ({ type: 'date', date, intervals: intervalsOf(hours) }))
  return [...weekdays, ...dates]
}

const textOf = (minute: number) =>
  [Math.floor(minute / 60), Math.floor(minute % 60)].map((part) => String(part).padStart(2, '0')).join(':')

export const toHours = ({ from, to }: WireRule['intervals'][number]): Hours => ({
  openMinute: minuteOf(from),
  closeMinute: minuteOf(to) || MIDNIGHT,
})

function minuteOf(text: string): number {
  const [hour, minute] = text.split(':').map(Number) as [number, number]
  return hour * 60 + minute
}
