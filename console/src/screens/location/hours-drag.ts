import { clock, DAY_MINUTES, endOf, type Span } from '../../parts/hours.ts'

/** Whatever is drawn begins and ends at a quarter of an hour; fields take any minute. */
const STEP = 15
const HOUR = 60

/** What is held: an end of hours, the whole of them, or new ones that begin where it was begun. */
export interface Held {
  grip: 'from' | 'to' | 'whole' | 'new'
  span: Span
  /** The minute of the day at which it was taken hold of. */
  began: number
}

const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)
const snapped = (minute: number) => within(Math.round(minute / STEP) * STEP, 0, DAY_MINUTES)
const toWire = (end: number) => (end > DAY_MINUTES ? end - DAY_MINUTES : end)

/** What becomes of hours that are drawn to a minute of the day. */
export function drawn({ grip, span, began }: Held, minute: number): Span {
  const [at, end] = [snapped(minute), endOf(span)]
  if (grip === 'from') return { ...span, from: Math.min(at, end - STEP, DAY_MINUTES - STEP) }
  if (grip === 'to') return { ...span, to: Math.max(at, span.from + STEP) }
  if (grip === 'new') {
    const first = Math.min(snapped(began), DAY_MINUTES - STEP)
    return at < first ? { from: at, to: first } : { from: first, to: Math.max(at, first + STEP) }
  }
  const length = end - span.from
  const latest = DAY_MINUTES - (end > DAY_MINUTES ? STEP : length)
  const from = within(span.from + snapped(Math.abs(minute - began)) * Math.sign(minute - began), 0, latest)
  return { from, to: toWire(from + length) }
}

/** An hour where somebody has only pointed. */
export const hourAt = (minute: number): Span => {
  const from = within(Math.floor(minute / HOUR) * HOUR, 0, DAY_MINUTES - HOUR)
  return { from, to: from + HOUR }
}

/** In their order; those that meet are one. */
export function joined(spans: readonly Span[]): Span[] {
  const whole: Span[] = []
  for (const span of [...spans].sort((one, other) => one.from - other.from)) {
    const last = whole.at(-1)
    if (last === undefined || endOf(last) < span.from) whole.push(span)
    else {
      const end = Math.max(endOf(last), endOf(span))
      // Hours of more than a day are those of a whole one.
      whole[whole.length - 1] = { from: last.from, to: end - last.from >= DAY_MINUTES ? DAY_MINUTES : toWire(end) }
    }
  }
  return whole
}

export const label = ({ from, to }: Span) => `${clock(from)}–${clock(to)}`

/** As the wire has them: days with the same hours are one entry. It knows no 24:00: midnight is 0:00, or 23:60. */
export function toOpenHours(week: ReadonlyMap<number, Span[]>) {
  const open = [...week].filter(([, spans]) => spans.length > 0)
  return [...Map.groupBy(open, ([, spans]) => JSON.stringify(spans)).values()].map((days) => ({
    daysOfTheWeek: days.map(([day]) => day).sort((one, other) => one - other),
    hours: (days[0]?.[1] ?? []).map(({ from, to }) => ({
      openHour: Math.floor(from / HOUR),
      openMinute: from % HOUR,
      closeHour: to === DAY_MINUTES ? 23 : Math.floor(to / HOUR),
      closeMinute: to === DAY_MINUTES ? HOUR : to % HOUR,
    })),
  }))
}
