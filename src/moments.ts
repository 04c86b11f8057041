import { isStorableMoment } from './clock.ts'

const MILLIS = /^-?\d{10,15}$/
const DAY = String.raw`(?:(?<year>\d{4})(?<part>[-/._])(?<month>\d{1,2})\k<part>(?<day>\d{1,2})|(?<m>\d{1,2})(?<p>[-/._])(?<d>\d{1,2})\k<p>(?<y>\d{4}))`
const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?\s*(?<half>[AP]M)?`
const OFFSET = String.raw`(?<offset>Z|[-+]\d{2}(?::?\d{2})?)`
const WRITTEN = new RegExp(String.raw`^${DAY}(?:(?:T|\s+)${TIME}\s*${OFFSET}?)?$`, 'i')

export interface Moment {
  at: Date
  /** Where a day alone is written: the first moment of the next one. Otherwise null. */
  dayEnd: Date | null
}

/**
 * A moment as clients write it: ISO 8601, YYYY-MM-DD or YYYY/MM/DD (or . or _), MM-DD-YYYY hh:mm AM (wire/highlevel.md, "Snapshot
 * endpoints"), or milliseconds since 1970. What says no offset is meant in the zone. Null: none of these, or a day or an
 * hour that there is not.
 */
export function readMoment(text: string, zone: string): Moment | null {
  const written = text.trim()
  if (MILLIS.test(written)) return storable(new Date(Number(written)), null)
  const parts = WRITTEN.exec(written)?.groups
  if (parts === undefined) return null
  const { hour, half, offset } = parts
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null
  const hours = half === undefined ? Number(hour ?? 0) : (Number(hour) % 12) + (/pm/i.test(half) ? 12 : 0)
  try {
    const plain = Temporal.PlainDateTime.from(
      {
        year: Number(parts.year ?? parts.y),
        month: Number(parts.month ?? parts.m),
        day: Number(parts.day ?? parts.d),
        hour: hours,
        minute: Number(parts.minute ?? 0),
        second: Number(parts.second ?? 0),
        millisecond: Number((parts.fraction ?? '').padEnd(3, '0').slice(0, 3)),
      },
      { overflow: 'reject' },
    )
    const inZone = (of: Temporal.PlainDateTime) => new Date(of.toZonedDateTime(zone).epochMilliseconds)
    if (offset === undefined) return storable(inZone(plain), hour === undefined ? inZone(plain.add({ days: 1 })) : null)
    return storable(new Date(`${plain.toString({ fractionalSecondDigits: 3 })}${toIsoOffset(offset)}`), null)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/**
 * The day that a moment in any of these spellings names, as YYYY-MM-DD: as it is written, whatever hour and offset stand
 * beside it; of milliseconds, in UTC.
 */
export function readDay(text: string): string | null {
  const moment = readMoment(text, 'UTC')
  if (moment === null) return null
  const parts = WRITTEN.exec(text.trim())?.groups
  if (parts === undefined) return moment.at.toISOString().slice(0, 10)
  return [parts.year ?? parts.y, parts.month ?? parts.m, parts.day ?? parts.d]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
}

const storable = (at: Date, dayEnd: Date | null) => (isStorableMoment(at) ? { at, dayEnd } : null)

function toIsoOffset(offset: string): string {
  if (/^z$/i.test(offset)) return 'Z'
  return `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`
}
