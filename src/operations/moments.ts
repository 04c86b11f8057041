import { invalid } from '../errors.ts'

const AMERICAN = /^(\d{1,2})-(\d{1,2})-(\d{4})(?:\s+(\d{1,2}):(\d{2})\s*(AM|PM))?$/i
const MILLIS = /^\d{12,15}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Years 1 to 9999: what every calendar here knows, the database's included. */
export const isStorableMoment = (date: Date) => !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999

/**
 * A moment as clients write it: ISO 8601, YYYY-MM-DD, MM-DD-YYYY hh:mm AM in UTC, or milliseconds since 1970
 * (wire/highlevel.md, "Snapshot endpoints"). A day alone is its first moment, or its last where a period ends.
 */
export function parseMoment(name: string, text: string, edge: 'start' | 'end'): Date {
  const american = AMERICAN.exec(text.trim())
  const wholeDay = DAY.test(text.trim()) || (american !== null && american[4] === undefined)
  const plain = MILLIS.test(text.trim()) ? new Date(Number(text)) : new Date(text.trim())
  const date = american === null ? plain : fromAmerican(american)
  if (!isStorableMoment(date)) throw invalid([`${name} must be an ISO 8601 date, YYYY-MM-DD or MM-DD-YYYY hh:mm AM`])
  return wholeDay && edge === 'end' ? new Date(date.getTime() + 86_399_999) : date
}

function fromAmerican([, month, day, year, hour, minute, half]: RegExpExecArray): Date {
  const hours = hour === undefined ? 0 : (Number(hour) % 12) + (half?.toUpperCase() === 'PM' ? 12 : 0)
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute ?? 0)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) ? date : new Date(Number.NaN)
}
