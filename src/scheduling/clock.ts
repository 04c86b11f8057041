/** The clocks of one time zone, for a stretch of time. Pure: all it knows is the time zone database. */
export interface ZoneClock {
  timeZone: string
  /** What the clocks are ahead of UTC at a moment. */
  offsetMs(ms: number): number
  /** The day on the clocks, counted from 1970-01-01. */
  dayOf(ms: number): number
  /** YYYY-MM-DD on the clocks. */
  dateOf(ms: number): string
  /** YYYY-MM-DD of a day. */
  dateOfDay(day: number): string
  /**
   * When the clocks show this minute of the day: behind the gap if they leave it out, the first time if they show it
   * twice.
   */
  momentOf(day: number, minute: number): number
  /** `2024-10-28T10:00:00-05:00`. */
  textOf(ms: number): string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

/** A zone of IANA's as it is called there, however it is typed; null for everything else, offsets included. */
export function findTimeZone(name: string): string | null {
  if (!/^[a-z]/i.test(name) || !isTimeZone(name)) return null
  return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
}

/** A moment of the year 9999 at most, so that every date has four digits. */
export const LAST_MOMENT_MS = 253_370_764_800_000

/**
 * Offsets are looked up once for each stretch between two changes of the clocks: telling the date of thousands of slots
 * then costs arithmetic only. Moments outside of the stretch are right too, and slower.
 */
export function createZoneClock(timeZone: string, firstMs: number, lastMs: number): ZoneClock {
  // Whoever asks for a day asks for the moments around it too.
  const [fromMs, toMs] = [Math.max(0, firstMs - 3 * DAY_MS), lastMs + 3 * DAY_MS]
  const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)
  const exact = (ms: number) => at(ms).offsetNanoseconds / 1e6
  const starts = [fromMs]
  const offsets = [exact(fromMs)]
  for (
    let next = at(fromMs).getTimeZoneTransition('next');
    next !== null && next.epochMilliseconds <= toMs;
    next = next.getTimeZoneTransition('next')
  ) {
    starts.push(next.epochMilliseconds)
    offsets.push(next.offsetNanoseconds / 1e6)
  }
  const offsetMs = (ms: number) => {
    if (ms < fromMs || ms > toMs) return exact(ms)
    let index = starts.length - 1
    while ((starts[index] as number) > ms) index--
    return offsets[index] as number
  }
  const dates = new Map<number, string>()
  const dateOfDay = (day: number) => {
    let date = dates.get(day)
    if (date === undefined) {
      date = new Date(day * DAY_MS).toISOString().slice(0, 10)
      dates.set(day, date)
    }
    return date
  }
  const dayOf = (ms: number) => Math.floor((ms + offsetMs(ms)) / DAY_MS)
  return {
    timeZone,
    offsetMs,
    dayOf,
    dateOf: (ms) => dateOfDay(dayOf(ms)),
    dateOfDay,
    momentOf(day, minute) {
      const wall = day * DAY_MS + minute * MINUTE_MS
      const offset = offsetMs(wall - DAY_MS)
      if (offset === offsetMs(wall + DAY_MS)) return wall - offset
      return Temporal.PlainDateTime.from(new Date(wall).toISOString().slice(0, -1)).toZonedDateTime(timeZone)
        .epochMilliseconds
    },
    textOf(ms) {
      const offset = offsetMs(ms)
      const day = Math.floor((ms + offset) / DAY_MS)
      return `${dateOfDay(day)}T${timeText(ms + offset - day * DAY_MS)}${offsetText(offset)}`
    },
  }
}

const two = (value: number) => (value < 10 ? `0${value}` : String(value))

function timeText(ms: number): string {
  return `${two(Math.floor(ms / HOUR_MS))}:${two(Math.floor(ms / MINUTE_MS) % 60)}:${two(Math.floor(ms / 1000) % 60)}`
}

function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS)
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
