import { type Static, Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { calendars } from '../../resources/calendars.ts'
import { type Asset, type AssetDocument, type AssetResource, getAsset, updateAsset } from '../../store/assets/index.ts'
import { exceptShown } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { AsStored, Id, Noun } from '../schemas.ts'

const resource = calendars as unknown as AssetResource
const { items, maxItems: MOST } = calendars.schema.properties
  .eventNotifications as typeof calendars.schema.properties.eventNotifications & { maxItems: number }
const { id: _, deleted, ...fields } = items.properties
const locate = { kind: resource.kind, param: 'calendarId' }
const common = { category: 'Calendars & Appointments', token: 'either', locate } as const
const read = ['calendars/events.readonly', 'calendars/events.write']
const write = 'calendars/events.write'
const path = { calendarId: Id(), notificationId: Id() }
const Notification = AsStored(
  Noun('CalendarNotification', { _id: Type.String(), ...fields, isActive: Type.Boolean(), deleted: Type.Boolean() }),
)
const Message = Type.Object({ message: Type.String() })

/**
 * How a notification is stored: a part of its calendar, so that it travels with it and its templates are references.
 */
type Stored = AssetDocument & { id: string }

const storedIn = ({ document }: Asset) => (document.eventNotifications ?? []) as Stored[]

/** What answers show of a notification that does not have it. */
const UNSET = { isActive: true, deleted: false }

function toNotification({ id, ...stored }: Stored): Static<typeof Notification> {
  return { _id: id, ...UNSET, ...stored } as never
}

function findIn(calendar: Asset, id: string): Stored {
  const found = storedIn(calendar).find((one) => one.id === id)
  if (found === undefined) throw new AppError('not_found', { what: 'notification', id })
  return found
}

/**
 * wire/highlevel/calendars.json: get-event-notification and its neighbours. Lists are bare arrays, in the body of the
 * creation too.
 */
export const calendarNotificationOperations = [
  operation({
    ...common,
    name: 'calendarNotifications.list',
    title: 'List Calendar Notifications',
    description: 'View notification settings, in the order of their creation.',
    access: 'read',
    scope: read,
    http: 'GET /calendars/:calendarId/notifications',
    input: Type.Object(
      {
        calendarId: Id(),
        isActive: Type.Optional(Type.Boolean()),
        deleted: Type.Optional(Type.Boolean({ description: 'Default false.' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'Default 100.' })),
        skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Array(Notification),
    async run(ctx, { calendarId, isActive, deleted: gone = false, limit = 100, skip = 0 }) {
      const all = storedIn(await getAsset(ctx.db, resource, ctx.locationId, calendarId)).map(toNotification)
      return all
        .filter((one) => one.deleted === gone && (isActive === undefined || one.isActive === isActive))
        .slice(skip, skip + limit)
    },
  }),
  operation({
    ...common,
    name: 'calendarNotifications.create',
    title: 'Create Calendar Notification',
    description:
      'Set up reminders: one or several notifications of a calendar. They travel with it in snapshots; receivers ' +
      'stay with the location.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/:calendarId/notifications',
    listBody: 'notifications',
    input: Type.Object(
      {
        calendarId: Id(),
        notifications: Type.Array(Type.Object(fields, { additionalProperties: false }), { minItems: 1, maxItems: 100 }),
      },
      { additionalProperties: false },
    ),
    output: Type.Array(Notification),
    async run(ctx, { calendarId, notifications }) {
      const calendar = await updateAsset(ctx.scope, resource, calendarId, (current) => {
        const eventNotifications = [...storedIn(current), ...notifications]
        if (eventNotifications.length > MOST)
          throw invalid([`notifications: a calendar has at most ${MOST}, and this one has ${storedIn(current).length}`])
        return { ...current.document, eventNotifications }
      })
      return storedIn(calendar).slice(-notifications.length).map(toNotification)
    },
  }),
  operation({
    ...common,
    name: 'calendarNotifications.get',
    title: 'Get Calendar Notification',
    description: 'Get specific notification',
    access: 'read',
    scope: read,
    http: 'GET /calendars/:calendarId/notifications/:notificationId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Notification,
    async run(ctx, { calendarId, notificationId }) {
      return toNotification(findIn(await getAsset(ctx.db, resource, ctx.locationId, calendarId), notificationId))
    },
  }),
  operation({
    ...common,
    name: 'calendarNotifications.update',
    title: 'Update Notification',
    description: 'Modify notification settings. Properties that the body does not name stay.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/:calendarId/notifications/:notificationId',
    input: Type.Object(
      { ...path, ...Type.Partial(Type.Object(fields)).properties, deleted },
      { additionalProperties: false },
    ),
    output: Message,
    async run(ctx, { calendarId, notificationId, ...changes }) {
      await updateAsset(ctx.scope, resource, calendarId, (current) => {
        const before = findIn(current, notificationId)
        const after = { ...before, ...exceptShown(changes, before, UNSET) }
        return {
          ...current.document,
          eventNotifications: storedIn(current).map((one) => (one === before ? after : one)),
        }
      })
      return { message: 'Notification updated successfully' }
    },
  }),
  operation({
    ...common,
    name: 'calendarNotifications.delete',
    title: 'Delete Notification',
    description: 'Remove notification',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/:calendarId/notifications/:notificationId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Message,
    async run(ctx, { calendarId, notificationId }) {
      await updateAsset(ctx.scope, resource, calendarId, (current) => {
        const before = findIn(current, notificationId)
        return { ...current.document, eventNotifications: storedIn(current).filter((one) => one !== before) }
      })
      return { message: 'Notification deleted successfully' }
    },
  }),
]
