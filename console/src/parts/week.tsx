import { isDoc } from './document/editors.ts'
import classes from './week.module.css'

/** Open hours of a day, in minutes from midnight; one that ends before it begins goes on past it. */
export interface Span {
  from: number
  to: number
}

/** As the wire counts them: 0 is Sunday. Shown from Monday on. */
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
export const SHOWN = [1, 2, 3, 4, 5, 6, 0]
const DAY = 24 * 60
/** The hours of a day on a line of 24. */
export function Track({ spans }: { spans: readonly Span[] }) {
  return (
    <div className={classes.track} aria-hidden>
      {spans.map(({ from, to }) => (
        <div
          key={`${from}-${to}`}
          className={classes.open}
          style={{ left: `${(from / DAY) * 100}%`, width: `${((to > from ? to - from : DAY - from) / DAY) * 100}%` }}
        />
      ))}
    </div>
  )
}

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
