import { invalid } from '../errors.ts'
import { readMoment } from '../moments.ts'

export { type Moment, readDay, readMoment } from '../moments.ts'

/** A moment, or 422. A day alone is its first moment, or its last where a period ends. */
export function parseMoment(name: string, text: string, edge: 'start' | 'end', zone = 'UTC'): Date {
  const moment = readMoment(text, zone)
  if (moment === null) throw invalid([`${name} must be an ISO 8601 date, YYYY-MM-DD or MM-DD-YYYY hh:mm AM`])
  return moment.dayEnd !== null && edge === 'end' ? new Date(moment.dayEnd.getTime() - 1) : moment.at
}
