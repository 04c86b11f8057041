import { type Static, Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { calendars } from '../../resources/calendars.ts'
import { schedules } from '../../resources/records/schedules.ts'
import { appliesTo } from '../../scheduling/index.ts'
import { listAssetRows } from '../../store/assets/index.ts'
import {
  allOf,
  createRecord,
  deleteRecord,
  equals,
  getRecord,
  hasTerm,
  listRecords,
  type RecordRow,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Limit, Name, Noun, Skip } from '../schemas.ts'
import { calendarIds, checkCalendar, checkHours, inZone, Rules, rules, TimeZone } from './schedule-checks.ts'

const { read, write } = schedules.scopes
const common = { category: 'Calendars & Appointments', token: 'either' } as const
const locate = { kind: schedules.kind, param: 'id' }
const path = { id: Id() }
const association = { ...path, calendarId: Id() }
const Schedule = Noun('Schedule', {
  id: Type.String(),
  name: Type.String(),
  locationId: Type.String(),
  userId: Type.String(),
  timezone: Type.String(),
  rules,
  calendarIds,
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
  deleted: Type.Boolean(),
})
const answer = Type.Object({ schedule: Schedule })
const success = Type.Object({ success: Type.Boolean() })

/** wire/highlevel/calendars.json: create-schedule and its neighbours. */
export const scheduleOperations = [
  operation({
    ...common,
    name: 'schedules.list',
    title: 'List User Availability Schedules',
    description: 'The schedules of a user in a location, or those that apply to one calendar, by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/schedules/search',
    input: Type.Object(
      { locationId: Id(), userId: Id(), calendarId: Type.Optional(Id()), skip: Skip(), limit: Limit(50, 500) },
      { additionalProperties: false },
    ),
    output: Type.Object({ schedules: Type.Array(Schedule) }),
    async run(ctx, { locationId, userId, calendarId, skip = 0, limit = 50 }) {
      const term = hasTerm(locationId, 'userId', userId)
      const conditions = [
        ...(term === null ? [] : [term]),
        equals('userId', userId),
        ...(calendarId === undefined ? [] : [appliesTo(ctx, calendarId)]),
      ]
      const rows = await listRecords(ctx.db, schedules, locationId, { where: allOf(conditions), skip, limit })
      return { schedules: rows.map((row) => toWire(row, locationId)) }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'schedules.get',
    title: 'Get User Availability Schedule',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/schedules/:id',
    input: Type.Object(path, { additionalProperties: false }),
    output: answer,
    async run(ctx, { id }) {
      return { schedule: toWire(await getRecord(ctx.db, schedules, ctx.locationId, id), ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'schedules.create',
    title: 'Create User Availability Schedule',
    description:
      'The hours of a user. In the calendars that it names the user can be booked in these hours only; calendars ' +
      'keep their opening hours. Several schedules add up.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/schedules',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        userId: Id(),
        name: Name(),
        timezone: TimeZone,
        rules: Type.Optional(Rules),
        calendarIds: Type.Optional(calendarIds),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, ...wanted }) {
      checkHours(wanted)
      const named = [...new Set(wanted.calendarIds)]
      const found = new Set(
        (await listAssetRows(ctx.db, locationId, calendars.kind, { ids: named })).map(({ id }) => id),
      )
      const faults = named
        .filter((id) => !found.has(id))
        .map((id) => `calendarIds: there is no calendar with the id ${id} in this location`)
      if (faults.length > 0) throw invalid(faults)
      return {
        schedule: toWire(
          await createRecord(ctx.scope, schedules, { rules: [], ...inZone(wanted), calendarIds: named }),
          locationId,
        ),
      }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'schedules.update',
    title: 'Update User Availability Schedule',
    description:
      'Properties that the body does not name stay. New rules stand in for all old ones. Appointments that are ' +
      'there stay.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/schedules/:id',
    input: Type.Object(
      { ...path, name: Type.Optional(Name()), timezone: Type.Optional(TimeZone), rules: Type.Optional(Rules) },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { id, ...changes }) {
      checkHours(changes)
      return {
        schedule: toWire(
          await updateRecord(ctx.scope, schedules, id, ({ document }) => ({ ...document, ...inZone(changes) })),
          ctx.locationId,
        ),
      }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'schedules.delete',
    title: 'Delete User Availability Schedule',
    description: 'Its calendars can be booked with the user at all their hours again.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/schedules/:id',
    input: Type.Object(path, { additionalProperties: false }),
    output: success,
    async run(ctx, { id }) {
      await deleteRecord(ctx.scope, schedules, id)
      return { success: true }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'schedules.addCalendar',
    title: 'Apply User Availability Schedule to Calendar',
    description: 'In this calendar too the user can be booked in the hours of the schedule only.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/schedules/:id/associations/:calendarId',
    input: Type.Object(association, { additionalProperties: false }),
    output: success,
    async run(ctx, { id, calendarId }) {
      await checkCalendar(ctx, calendarId)
      return setCalendars(ctx, id, (ids) => (ids.includes(calendarId) ? ids : [...ids, calendarId]))
    },
  }),
  operation({
    ...common,
    locate,
    name: 'schedules.removeCalendar',
    title: 'Remove User Availability Schedule from Calendar',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/schedules/:id/associations/:calendarId',
    input: Type.Object(association, { additionalProperties: false }),
    output: success,
    run: (ctx, { id, calendarId }) =>
      setCalendars(ctx, id, (ids) => {
        if (!ids.includes(calendarId)) throw new AppError('not_found', { what: calendars.noun, id: calendarId })
        return ids.filter((one) => one !== calendarId)
      }),
  }),
]

function toWire({ id, document, createdAt, updatedAt }: RecordRow, locationId: string): Static<typeof Schedule> {
  return {
    id,
    locationId,
    ...document,
    dateAdded: createdAt.toISOString(),
    dateUpdated: updatedAt.toISOString(),
    deleted: false,
  } as never
}

async function setCalendars(ctx: Context, id: string, edit: (ids: readonly string[]) => readonly string[]) {
  await updateRecord(ctx.scope, schedules, id, ({ document }) => ({
    ...document,
    calendarIds: edit(document.calendarIds as string[]),
  }))
  return { success: true }
}
