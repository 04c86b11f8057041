import { Type } from 'typebox'
import { locateAsset } from '../../auth/tenants.ts'
import { AppError, invalid } from '../../errors.ts'
import { calendars } from '../../resources/calendars.ts'
import { schedules } from '../../resources/records/schedules.ts'
import { findTimeZone, toHours, type WireRule } from '../../scheduling/index.ts'
import { listAssetRows } from '../../store/assets/index.ts'
import type { Context } from '../define.ts'

export const { rules, calendarIds } = schedules.schema.properties
export const Rules = { ...rules, description: 'Hours of weekdays, and of dates. Without any, the user is never there.' }
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'IANA name of the time zone of the hours.',
  examples: ['America/New_York'],
})

/** What no pattern tells. */
/** The zone under its own name. */
export const inZone = <T extends { timezone?: string | undefined }>(hours: T): T =>
  hours.timezone === undefined ? hours : { ...hours, timezone: findTimeZone(hours.timezone) ?? hours.timezone }

export function checkHours({
  timezone,
  rules: list = [],
}: {
  timezone?: string | undefined
  rules?: readonly WireRule[] | undefined
}): void {
  const faults: string[] = []
  if (timezone !== undefined && findTimeZone(timezone) === null)
    faults.push('timezone must be the name of a time zone, such as America/New_York')
  for (const [index, { type, day, date, intervals }] of list.entries()) {
    if (type === 'wday' && day === undefined) faults.push(`rules.${index}.day is needed in a rule for a weekday`)
    if (type === 'date' && (date === undefined || !isDate(date)))
      faults.push(`rules.${index}.date must be a date in a rule for one`)
    for (const [at, interval] of intervals.entries()) {
      const { openMinute, closeMinute } = toHours(interval)
      if (closeMinute <= openMinute) faults.push(`rules.${index}.intervals.${at}.to must be after from`)
    }
  }
  if (faults.length > 0) throw invalid(faults)
}

const isDate = (text: string) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

/** 404, or 400 where the calendar is in another location that the caller may see. */
export async function checkCalendar(ctx: Context, calendarId: string): Promise<void> {
  if ((await listAssetRows(ctx.db, ctx.locationId, calendars.kind, { ids: [calendarId] })).length > 0) return
  if (ctx.caller.locationId === null && (await locateAsset(ctx.db, ctx.caller, [calendars.kind], calendarId)) !== null)
    throw new AppError('bad_request', { reason: 'Schedule and calendar must belong to the same location' })
  throw new AppError('not_found', { what: calendars.noun, id: calendarId })
}
