import { RRuleTemporal } from 'rrule-temporal'
import { invalid } from '../errors.ts'
import { isTimeZone, LAST_MOMENT_MS } from './clock.ts'

/** Instances of one series. */
export const MOST_INSTANCES = 730
/** How far a rule without an end reaches. */
const ENDLESS_DAYS = 730
/** What bounds the search: days, weeks, months or years that are looked at, and candidates in them. */
const BOUNDS = { maxIterations: 2000, maxCandidateEvaluations: 20_000 }

const list = (element: string) => new RegExp(`^${element}(,${element})*$`)
const WEEKDAY = '(MO|TU|WE|TH|FR|SA|SU)'
/** The parts of a rule that make sense for appointments; what their values may be together, the library knows. */
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,3}$/,
  COUNT: /^[1-9]\d{0,8}$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  WKST: list(WEEKDAY),
  BYDAY: list(`([+-]?\\d{1,2})?${WEEKDAY}`),
  BYMONTHDAY: list('[+-]?([1-9]|[12]\\d|3[01])'),
  BYYEARDAY: list('[+-]?[1-9]\\d{0,2}'),
  BYWEEKNO: list('[+-]?[1-9]\\d?'),
  BYMONTH: list('([1-9]|1[0-2])'),
  BYSETPOS: list('[+-]?[1-9]\\d{0,2}'),
  BYHOUR: list('(1?\\d|2[0-3])'),
  BYMINUTE: list('[1-5]?\\d'),
}

/** Where a series begins, and on whose clocks it keeps its hour. */
export interface SeriesStart {
  startMs: number
  timeZone: string
}

/**
 * The starts that a rule (RFC 5545: a RRULE, and EXDATEs) gives a series, in order. 422 when it cannot be read, gives
 * none or more than a series may have. A DTSTART is passed over: the series begins when its event does.
 */
export function startsOf(rrule: string, { startMs, timeZone }: SeriesStart): number[] {
  const lines = rrule
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^DTSTART[:;]/i.test(line))
  const rules = lines.filter((line) => !/^EXDATE[:;]/i.test(line))
  if (rules.length !== 1) throw invalid(['rrule must hold one RRULE and may hold lines with EXDATE'])
  const parts = partsOf((rules[0] as string).replace(/^RRULE:/i, ''))
  const isExcluded = exclusionsOf(
    lines.filter((line) => !rules.includes(line)),
    timeZone,
  )
  const starts = [...new Set(expand(parts, { startMs, timeZone }))].filter((ms) => !isExcluded(ms))
  if (starts.length === 0) throw invalid(['rrule names no time'])
  return starts
}

function partsOf(rule: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of rule
    .toUpperCase()
    .split(';')
    .filter((text) => text !== '')) {
    const [name, value, ...rest] = part.split('=') as [string, ...string[]]
    if (value === undefined || rest.length > 0 || parts.has(name) || !PARTS[name]?.test(value))
      throw invalid([`rrule: ${part.slice(0, 100)} cannot be read`])
    parts.set(name, value)
  }
  if (!parts.has('FREQ')) throw invalid(['rrule must have a FREQ'])
  if (parts.has('COUNT') && parts.has('UNTIL')) throw invalid(['rrule must not have both COUNT and UNTIL'])
  return parts
}

function expand(parts: ReadonlyMap<string, string>, { startMs, timeZone }: SeriesStart): number[] {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(timeZone)
  const [end, isEndless] = [parts.get('UNTIL'), !parts.has('COUNT') && !parts.has('UNTIL')]
  const rruleString = `RRULE:${[...parts]
    .filter(([name]) => name !== 'UNTIL')
    .map((part) => part.join('='))
    .join(';')}`
  try {
    const untilMs =
      end === undefined
        ? dtstart.add({ days: ENDLESS_DAYS }).epochMilliseconds - 1
        : (momentsOf(end, timeZone).lastMs as number)
    const until = Temporal.Instant.fromEpochMilliseconds(untilMs).toZonedDateTimeISO('UTC')
    const rule = new RRuleTemporal({
      rruleString,
      dtstart,
      ...(isEndless || end !== undefined ? { until } : {}),
      strict: true,
      cache: false,
      ...BOUNDS,
    })
    const starts = rule.all((_, index) => index <= MOST_INSTANCES).map((at) => at.epochMilliseconds)
    if (starts.length <= MOST_INSTANCES && (starts.at(-1) ?? 0) <= LAST_MOMENT_MS) return starts
  } catch (error) {
    throw invalid([`rrule: ${error instanceof Error ? error.message : error}`])
  }
  throw invalid([`rrule must name at most ${MOST_INSTANCES} times`])
}

/** First and last moment of what a rule names: a date is a whole day. Without a Z it is what the clocks show. */
function momentsOf(text: string, timeZone: string): { firstMs: number; lastMs: number } {
  if (text.length === 8) {
    const day = Temporal.PlainDate.from(text).toZonedDateTime(timeZone)
    return { firstMs: day.epochMilliseconds, lastMs: day.add({ days: 1 }).epochMilliseconds - 1 }
  }
  const moment = text.endsWith('Z')
    ? Temporal.Instant.from(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone)
  return { firstMs: moment.epochMilliseconds, lastMs: moment.epochMilliseconds }
}

function exclusionsOf(lines: readonly string[], timeZone: string): (ms: number) => boolean {
  const spans = lines.flatMap((line) => {
    const [head, values = ''] = line.toUpperCase().split(':') as [string, string?]
    const zone = /TZID=([^;:]+)/i.exec(line)?.[1] ?? timeZone
    return values.split(',').map((value) => {
      try {
        if (!/^\d{8}(T\d{6}Z?)?$/.test(value) || !isTimeZone(zone)) throw new RangeError(value)
        return momentsOf(value, zone)
      } catch {
        throw invalid([`rrule: ${head}:${value.slice(0, 100)} cannot be read`])
      }
    })
  })
  return (ms) => spans.some(({ firstMs, lastMs }) => firstMs <= ms && ms <= lastMs)
}
