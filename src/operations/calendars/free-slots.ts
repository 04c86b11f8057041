import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { calendars } from '../../resources/calendars.ts'
import {
  findFreeSlots,
  forUsers,
  hasTeam,
  isTimeZone,
  LAST_MOMENT_MS,
  loadRules,
  loadSchedules,
  loadTaken,
  loadTimeZone,
} from '../../scheduling/index.ts'
import { type AssetResource, getAsset } from '../../store/assets/index.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'

const resource = calendars as unknown as AssetResource
/** 31 days, one of which may have an hour more. */
const MOST_MS = 31 * 86_400_000 + 3_600_000
const Moment = (description: string) => Type.Number({ minimum: 0, maximum: LAST_MOMENT_MS, description })

/** wire/highlevel/calendars.json: get-slots. */
export const freeSlotOperations = [
  operation({
    name: 'calendars.freeSlots',
    title: 'Get Free Slots',
    description: 'Check calendar availability: the starts of free slots by date, for at most 31 days.',
    category: 'Calendars & Appointments',
    access: 'read',
    token: 'either',
    scope: [resource.scopes.read, resource.scopes.write],
    http: 'GET /calendars/:calendarId/free-slots',
    locate: { kind: resource.kind, param: 'calendarId' },
    input: Type.Object(
      {
        calendarId: Id(),
        startDate: Moment('Milliseconds since the epoch.'),
        endDate: Moment('Milliseconds since the epoch, at most 31 days after startDate.'),
        timezone: Type.Optional(
          Type.String({ maxLength: 100, description: 'Time zone of dates and slots. Default: that of the location.' }),
        ),
        userId: Type.Optional(Id('Only slots in which this member of the team is free.')),
        userIds: Type.Optional(
          Type.Array(Id(), { maxItems: 100, description: 'Only slots in which one of these is free.' }),
        ),
      },
      { additionalProperties: false },
    ),
    output: Type.Record(Type.String(), Type.Object({ slots: Type.Array(Type.String()) })),
    async run(ctx, { calendarId, startDate, endDate, timezone, userId, userIds = [] }) {
      const faults: string[] = []
      if (endDate < startDate) faults.push('endDate must not be before startDate')
      if (endDate - startDate > MOST_MS) faults.push('endDate must not be more than 31 days after startDate')
      if (timezone !== undefined && !isTimeZone(timezone))
        faults.push('timezone must be the name of a time zone, such as America/New_York')
      if (faults.length > 0) throw invalid(faults)
      const span = { startMs: Math.floor(startDate), endMs: Math.floor(endDate) }
      const users = userId === undefined ? userIds : [userId, ...userIds]
      // What is taken is most of the work: it is read while the rest is.
      const asked = getAsset(ctx.db, resource, ctx.locationId, calendarId)
      const zone = loadTimeZone(ctx)
      const [taken, [all, schedules]] = await Promise.all([
        loadTaken(ctx, asked, span),
        Promise.all([asked, zone]).then(([calendar, timeZone]) =>
          Promise.all([
            loadRules(ctx, calendar, timeZone),
            users.length > 0 || hasTeam(calendar.document) ? loadSchedules(ctx, calendarId) : [],
          ]),
        ),
      ])
      const rules = users.length === 0 ? all : forUsers(all, users)
      const days = findFreeSlots({
        rules,
        fromMs: span.startMs,
        toMs: span.endMs,
        ...taken,
        schedules,
        timeZone: timezone ?? (await zone),
      })
      return Object.fromEntries([...days].map(([date, slots]) => [date, { slots }]))
    },
  }),
]
