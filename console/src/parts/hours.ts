import { isDoc } from './document/editors.ts'

/** Open hours of a day, in minutes from midnight; what ends before it begins goes on past midnight. */
export interface Span {
  from: number
  to: number
}

/** As the wire counts them: 0 is Sunday. Shown from Monday on. */
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
export const SHOWN = [1, 2, 3, 4, 5, 6, 0]
export const DAY_MINUTES = 24 * 60

/** When hours end, counted from the midnight before they begin. */
export const endOf = ({ from, to }: Span): number => (to < from ? to + DAY_MINUTES : to)

/** The day before, as the wire counts days. */
export const dayBefore = (day: number): number => (day + 6) % 7

/** Where on a line of 24 hours something stands. */
export const placeOf = ({ from, to }: Span) => ({
  left: `${(from / DAY_MINUTES) * 100}%`,
  width: `${((Math.min(endOf({ from, to }), DAY_MINUTES) - from) / DAY_MINUTES) * 100}%`,
})

export function weekOf(openHours: unknown): Map<number, Span[]> {
  const week = new Map<number, Span[]>()
  for (const one of Array.isArray(openHours) ? openHours.filter(isDoc) : [])
    for (const day of (one.daysOfTheWeek ?? []) as number[])
      week.set(day, [
        ...(week.get(day) ?? []),
        ...((one.hours ?? []) as Record<string, number>[]).map(
          ({ openHour = 0, openMinute = 0, closeHour = 0, closeMinute = 0 }) => ({
            from: openHour * 60 + openMinute,
            to: closeHour * 60 + closeMinute,
          }),
        ),
      ])
  return week
}

const two = (number: number) => String(number).padStart(2, '0')

/** Minutes from midnight as a clock shows them. */
export const clock = (minutes: number) => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`

/** Hours of a day in words: `09:00–12:00, 13:00–17:00`. */
export const spansText = (spans: readonly Span[], closed: string): string =>
  spans.length === 0 ? closed : spans.map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(', ')
