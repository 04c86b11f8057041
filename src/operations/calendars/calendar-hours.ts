import { isDeepStrictEqual } from 'node:util'
import { Type } from 'typebox'
import { calendars } from '../../resources/calendars.ts'
import { hoursOf, loadTimeZone, toWireRules } from '../../scheduling/index.ts'
import { type Asset, type AssetDocument, type AssetResource, getAsset, updateAsset } from '../../store/assets/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'
import { checkHours, inZone, Rules, TimeZone } from './schedule-checks.ts'

const resource = calendars as unknown as AssetResource
const { read, write } = calendars.scopes
const http = '/calendars/schedules/event-calendar/:calendarId'
const common = {
  category: 'Calendars & Appointments',
  token: 'either',
  locate: { kind: calendars.kind, param: 'calendarId' },
} as const
const answer = Type.Object({
  schedule: Noun('CalendarSchedule', {
    calendarId: Type.String(),
    timezone: Type.String(),
    rules: calendars.schema.properties.schedule.properties.rules,
    dateAdded: Type.String(),
    dateUpdated: Type.String(),
  }),
})
const hours = { timezone: TimeZone, rules: { ...Rules, description: 'Hours of weekdays, and of dates.' } }

/** New with v3 (highlevel-api-docs, apps/v3/calendars-v3.json); there for all versions. */
export const calendarHoursOperations = [
  operation({
    ...common,
    name: 'calendars.getSchedule',
    title: 'Get Calendar Schedule',
    description:
      'When a calendar is open, as rules in one time zone: by its schedule, or else by its opening hours and ' +
      'availabilities.',
    access: 'read',
    scope: [read, write],
    http: `GET ${http}`,
    input: Type.Object({ calendarId: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { calendarId }) {
      return toAnswer(ctx, await getAsset(ctx.db, resource, ctx.locationId, calendarId))
    },
  }),
  operation({
    ...common,
    name: 'calendars.createSchedule',
    title: 'Create Calendar Schedule',
    description:
      'The calendar is open by these rules from now on; they stand in for its opening hours and availabilities, until ' +
      'those are changed. Appointments that are there stay.',
    access: 'write',
    scope: write,
    http: `POST ${http}`,
    status: 201,
    input: Type.Object({ calendarId: Id(), ...hours }, { additionalProperties: false }),
    output: answer,
    run: (ctx, { calendarId, ...wanted }) => setSchedule(ctx, calendarId, wanted),
  }),
  operation({
    ...common,
    name: 'calendars.updateSchedule',
    title: 'Update Calendar Schedule',
    description: 'Properties that the body does not name stay. New rules stand in for all old ones.',
    access: 'write',
    scope: write,
    http: `PUT ${http}`,
    input: Type.Object(
      { calendarId: Id(), ...Type.Partial(Type.Object(hours)).properties },
      { additionalProperties: false },
    ),
    output: answer,
    run: (ctx, { calendarId, ...wanted }) => setSchedule(ctx, calendarId, wanted),
  }),
]

async function setSchedule(ctx: Context, calendarId: string, wanted: Parameters<typeof checkHours>[0]) {
  const zone = await loadTimeZone(ctx)
  const calendar = await updateAsset(ctx.scope, resource, calendarId, ({ document }) => {
    checkHours(wanted)
    const shown = scheduleOf(document, zone)
    const schedule = { ...shown, ...inZone(wanted) }
    // What is shown, and taken back, is no schedule of its own.
    return document.schedule === undefined && isDeepStrictEqual(schedule, shown) ? document : { ...document, schedule }
  })
  return toAnswer(ctx, calendar)
}

function scheduleOf(document: AssetDocument, zone: string) {
  const opening = hoursOf(document, zone)
  return (document.schedule ?? { timezone: opening.timeZone, rules: toWireRules(opening) }) as {
    timezone: string
    rules: never[]
  }
}

async function toAnswer(ctx: Context, { id, document, createdAt, updatedAt }: Asset) {
  return {
    schedule: {
      calendarId: id,
      ...scheduleOf(document, await loadTimeZone(ctx)),
      dateAdded: createdAt.toISOString(),
      dateUpdated: updatedAt.toISOString(),
    },
  }
}

const OTHERWISE = ['openHours', 'availabilities', 'availabilityType']

/** Whether hours are told anew in the other way that calendars have: the schedule is no more then. */
export const tellsOtherHours = (changes: AssetDocument, document: AssetDocument): boolean =>
  OTHERWISE.some((name) => name in changes && !isDeepStrictEqual(changes[name], document[name]))
