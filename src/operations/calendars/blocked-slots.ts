import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { calendars } from '../../resources/calendars.ts'
import { blockedSlots } from '../../resources/records/blocked-slots.ts'
import { checkedSpan, isoOf, LONGEST_MS, loadTimeZone } from '../../scheduling/index.ts'
import { listAssetRows } from '../../store/assets/index.ts'
import {
  createRecord,
  getRecord,
  type RecordDocument,
  type RecordRow,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { refuseStrangers } from '../people/index.ts'
import { Id, Noun } from '../schemas.ts'
import { readTimes, Time } from './times.ts'
import { clockOf } from './wire.ts'

const { write } = blockedSlots.scopes
const common = {
  category: 'Calendars & Appointments',
  token: 'either',
  access: 'write',
  scope: write,
  status: 201,
} as const
/** May be empty: the wire wants `calendarId` even where a user is blocked. */
const Owner = (description: string) => Type.Optional(Type.String({ maxLength: 64, description }))
const owners = {
  calendarId: Owner('Either calendarId or assignedUserId, not both.'),
  assignedUserId: Owner('Either calendarId or assignedUserId, not both.'),
  title: Type.Optional(Type.String({ maxLength: 500 })),
}
const Answer = Noun('BlockedSlot', {
  id: Type.String(),
  locationId: Type.String(),
  title: Type.String(),
  startTime: Type.String(),
  endTime: Type.String(),
  calendarId: Type.Optional(Type.String()),
  assignedUserId: Type.Optional(Type.String()),
})

/** wire/highlevel/calendars.json: create-block-slot, edit-block-slot. Both answer 201. */
export const blockedSlotOperations = [
  operation({
    ...common,
    name: 'blockedSlots.create',
    title: 'Create Block Slot',
    description: 'Block time on calendar, or of a user in all calendars. Appointments that are there stay.',
    http: 'POST /calendars/events/block-slots',
    input: Type.Object(
      { locationId: Id(), ...owners, startTime: Time(), endTime: Time() },
      { additionalProperties: false },
    ),
    output: Answer,
    async run(ctx, { locationId: _, title, calendarId, assignedUserId, ...times }) {
      const owner = await ownerOf(ctx, { calendarId, assignedUserId })
      await refuseStrangers(ctx, 'assignedUserId', assignedUserId)
      const timeZone = await loadTimeZone(ctx)
      const { startTime, endTime } = readTimes(times, timeZone) as { startTime: number; endTime: number }
      return toAnswer(
        await createRecord(ctx.scope, blockedSlots, {
          title: title || 'Blocked',
          ...owner,
          ...spanTexts(startTime, endTime),
        }),
        ctx.locationId,
        timeZone,
      )
    },
  }),
  operation({
    ...common,
    locate: { kind: blockedSlots.kind, param: 'eventId' },
    name: 'blockedSlots.update',
    title: 'Update Block Slot',
    description: 'Modify blocked time',
    http: 'PUT /calendars/events/block-slots/:eventId',
    input: Type.Object(
      {
        eventId: Id(),
        locationId: Type.Optional(Id()),
        ...owners,
        startTime: Type.Optional(Time()),
        endTime: Type.Optional(Time()),
      },
      { additionalProperties: false },
    ),
    output: Answer,
    async run(ctx, { eventId, locationId: _, title, calendarId, assignedUserId, ...texts }) {
      const { document: before } = await getRecord(ctx.db, blockedSlots, ctx.locationId, eventId)
      const owner = calendarId || assignedUserId ? await ownerOf(ctx, { calendarId, assignedUserId }) : null
      await refuseStrangers(ctx, 'assignedUserId', assignedUserId, before.assignedUserId)
      const timeZone = await loadTimeZone(ctx)
      const times = readTimes(texts, timeZone)
      const row = await updateRecord(ctx.scope, blockedSlots, eventId, ({ document }) => {
        const [start, end] = [Date.parse(document.startTime as string), Date.parse(document.endTime as string)]
        const span = spanTexts(
          times.startTime ?? start,
          times.endTime ?? (times.startTime === undefined ? end : times.startTime + end - start),
        )
        return { ...document, ...owner, ...(title ? { title } : {}), ...span }
      })
      return toAnswer(row, ctx.locationId, timeZone)
    },
  }),
]

/** The one that is blocked; the other is none. */
async function ownerOf(
  ctx: Context,
  { calendarId, assignedUserId }: { calendarId?: string | undefined; assignedUserId?: string | undefined },
): Promise<RecordDocument> {
  if (!calendarId === !assignedUserId) throw invalid(['Either calendarId or assignedUserId can be set, not both'])
  if (calendarId && (await listAssetRows(ctx.db, ctx.locationId, calendars.kind, { ids: [calendarId] })).length === 0)
    throw invalid([`calendarId: there is no calendar with the id ${calendarId} in this location`])
  return { calendarId: calendarId || null, assignedUserId: assignedUserId || null }
}

function spanTexts(startMs: number, endMs: number): RecordDocument {
  checkedSpan(startMs, endMs, LONGEST_MS.blockedSlots)
  return { startTime: isoOf(startMs), endTime: isoOf(endMs) }
}

function toAnswer({ id, document }: RecordRow, locationId: string, timeZone: string) {
  const clock = clockOf(timeZone, [document])
  const { startTime, endTime, ...rest } = document as {
    title: string
    startTime: string
    endTime: string
    calendarId?: string
    assignedUserId?: string
  }
  return {
    id,
    locationId,
    ...rest,
    startTime: clock.textOf(Date.parse(startTime)),
    endTime: clock.textOf(Date.parse(endTime)),
  }
}
