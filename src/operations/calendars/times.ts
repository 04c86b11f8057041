import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { LAST_MOMENT_MS } from '../../scheduling/index.ts'
import { readMoment } from '../moments.ts'

/** A moment in a body. */
export const Time = () =>
  Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'ISO 8601 with offset; without one it is what the clocks of the location show.',
    examples: ['2031-03-03T10:00:00+00:00'],
  })

/** A moment in a query. */
export const TimeText = () =>
  Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'Milliseconds since the epoch, or ISO 8601.',
    examples: ['1930298400000'],
  })

/** Times of the input by name; what is no time is a fault that names it (422). */
export function readTimes<Name extends string>(
  input: Partial<Record<Name, string | undefined>>,
  timeZone: string,
): Partial<Record<Name, number>> {
  const faults: string[] = []
  const times: Partial<Record<Name, number>> = {}
  for (const [name, text] of Object.entries(input) as [Name, string | undefined][]) {
    if (text === undefined) continue
    // 0 is how everything from the beginning is asked for: so few digits are milliseconds here, and nothing elsewhere.
    const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) : readMoment(text, timeZone)?.at.getTime()
    if (ms === undefined || ms < 0 || ms > LAST_MOMENT_MS)
      faults.push(`${name} must be a valid ISO 8601 date or a number of milliseconds`)
    else times[name] = ms
  }
  if (faults.length > 0) throw invalid(faults)
  return times
}
