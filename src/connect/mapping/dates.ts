import { readDay, readMoment } from '../../moments.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = '(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?'
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\\.?,?\\s+)?'
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?'
const WORDS = new RegExp(
  `^${WEEKDAY}(?:${MONTH}\\s+${DAY}|${DAY}[\\s-]+${MONTH}),?[\\s-]+(?<year>\\d{4})(?<rest>\\b.*)$`,
  'is',
)
const FIGURES = /^(?<day>\d{1,2})([-/._])(?<month>\d{1,2})\2(?<year>\d{4}|\d{2})(?<rest>\b.*)$/s
const SECONDS = /^\d{9,10}(\.\d+)?$/
/** Years of two digits below it are this century's. */
const PIVOT = 50

interface Reading {
  zone: string
  /** 03/04/2026 is the third of April. */
  dayFirst?: boolean
}

/** As `YYYY-MM-DD`: the day that is written, whatever hour stands beside it. Null: no day. */
export function toDay(written: string | number, { zone, dayFirst = false }: Reading): string | null {
  const text = String(written).trim()
  if (SECONDS.test(text)) return readDay(String(Math.round(Number(text) * 1000)))
  const plain = toFigures(text, dayFirst)
  if (isDay(plain)) return plain
  if (/^-?\d{10,15}$/.test(plain)) {
    const moment = readMoment(plain, zone)
    return moment === null ? null : moment.at.toISOString().slice(0, 10)
  }
  return readDay(plain)
}

/** As ISO 8601; where no hour is written, the day as above. Null: no moment. */
export function toMoment(written: string | number, { zone, dayFirst = false }: Reading): string | null {
  const text = String(written).trim()
  const plain = SECONDS.test(text) ? String(Math.round(Number(text) * 1000)) : toFigures(text, dayFirst)
  const moment = readMoment(plain, zone)
  if (moment === null) return null
  return moment.dayEnd === null ? moment.at.toISOString() : readDay(plain)
}

/** What most are, twenty times as quick as by the calendar. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** `Dec 10, 1990 5:30 PM`, `10 December 1990`, `10/12/90` as all others write them: the year first. */
function toFigures(text: string, dayFirst: boolean): string {
  const words = WORDS.exec(text)?.groups
  if (words !== undefined) {
    const month = MONTHS.indexOf(String(words.month).toLowerCase().slice(0, 3)) + 1
    return joined(String(words.year), month, Number(words.day), words.rest)
  }
  const figures = FIGURES.exec(text)?.groups
  if (figures === undefined) return text
  const { day, month, year = '', rest } = figures
  const [d, m] = dayFirst ? [day, month] : [month, day]
  return joined(
    year.length === 4 ? year : String(Number(year) + (Number(year) < PIVOT ? 2000 : 1900)),
    Number(m),
    Number(d),
    rest,
  )
}

function joined(year: string, month: number, day: number, rest = ''): string {
  const hour = rest.replace(/^(,|\s|at\b|T)+/i, '').trim()
  const two = (part: number) => String(part).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}${hour === '' ? '' : ` ${hour}`}`
}
