import { Type } from 'typebox'
import { calendars } from '../../resources/calendars.ts'
import {
  type Asset,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { settleRefs } from '../../store/records/index.ts'
import { exceptShown, toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'
import { tellsOtherHours } from './calendar-hours.ts'
import { checkHours } from './schedule-checks.ts'

const resource = calendars as unknown as AssetResource
const locate = { kind: resource.kind, param: 'calendarId' }
const Calendar = Noun('Calendar', {
  ...wireSchema(resource).properties,
  appointmentPerSlot: Type.Number({ description: 'appoinmentPerSlot, spelled rightly.' }),
})

/** What the wire answers for settings that nobody has made. */
const UNSET = {
  teamMembers: [],
  notifications: [],
  openHours: [],
  availabilities: [],
  slotBuffer: 0,
  slotBufferUnit: 'mins',
  preBuffer: 0,
  preBufferUnit: 'mins',
  guestType: 'count_only',
  consentLabel: '',
  formSubmitThanksMessage: '',
}

/** Both spellings are shown, so either may be changed in what is sent back: the one that is not as it was counts. */
const spelled = { appointmentPerSlot: calendars.schema.properties.appoinmentPerSlot }

function withSpelling<T extends { appointmentPerSlot?: number; appoinmentPerSlot?: number }>(
  sent: T,
  now: unknown = 1,
) {
  const { appointmentPerSlot: other, ...rest } = sent
  if (other === undefined || (other === now && rest.appoinmentPerSlot !== undefined)) return rest
  return { ...rest, appoinmentPerSlot: other }
}

const toCalendar = (asset: Asset, locationId: string) =>
  ({ ...UNSET, appointmentPerSlot: asset.document.appoinmentPerSlot ?? 1, ...toWire(asset, locationId) }) as never
const answer = Type.Object({ calendar: Calendar })
const common = { category: 'Calendars & Appointments', token: 'either', locate } as const
const { read, write } = resource.scopes

/** What the wire assumes when a calendar is created: the defaults of CalendarCreateDTO. */
const DEFAULTS = {
  isActive: true,
  eventType: 'RoundRobin_OptimizeForAvailability',
  widgetType: 'classic',
  eventTitle: '{{contact.name}}',
  eventColor: '#039be5',
  slotDuration: 30,
  slotDurationUnit: 'mins',
  slotInterval: 30,
  slotIntervalUnit: 'mins',
  appoinmentPerSlot: 1,
  enableRecurring: false,
  autoConfirm: true,
  googleInvitationEmails: false,
  allowReschedule: true,
  allowCancellation: true,
  formSubmitType: 'ThankYouMessage',
}

/** wire/highlevel/calendars.json: get-calendars and its neighbours. Creating answers 200 there, not 201. */
export const calendarOperations = [
  operation({
    ...common,
    locate: null,
    name: 'calendars.list',
    title: 'List Calendars',
    description: 'The calendars of a location, by creation. `showDrafted=false` leaves out those that are not active.',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/',
    input: Type.Object(
      { locationId: Id(), groupId: Type.Optional(Id()), showDrafted: Type.Optional(Type.Boolean()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ calendars: Type.Array(Calendar) }),
    async run(ctx, { locationId, groupId, showDrafted = true }) {
      const all = await listAssets(ctx.db, resource, locationId)
      const wanted = all.filter(
        ({ document }) =>
          (groupId === undefined || document.groupId === groupId) && (showDrafted || document.isActive !== false),
      )
      return { calendars: wanted.map((calendar) => toCalendar(calendar, locationId)) }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'calendars.create',
    title: 'Create Calendar',
    description: 'Stores a new calendar. Group, form and resources are ids of the same location.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/',
    input: Type.Object(
      { locationId: Id(), ...calendars.schema.properties, ...spelled },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, ...sent }) {
      checkHours(sent.schedule ?? {})
      const document = { ...DEFAULTS, ...withSpelling(sent) }
      return { calendar: toCalendar(await createAsset(ctx.scope, resource, document), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'calendars.get',
    title: 'Get Calendar by ID',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/:calendarId',
    input: Type.Object({ calendarId: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { calendarId }) {
      return { calendar: toCalendar(await getAsset(ctx.db, resource, ctx.locationId, calendarId), ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'calendars.update',
    title: 'Update Calendar',
    description: 'Replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/:calendarId',
    input: Type.Object(
      { calendarId: Id(), ...Type.Partial(calendars.schema).properties, ...spelled },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { calendarId, ...sent }) {
      checkHours(sent.schedule ?? {})
      const calendar = await updateAsset(ctx.scope, resource, calendarId, ({ document: { schedule, ...document } }) => {
        const shown = { ...UNSET, appoinmentPerSlot: 1 }
        const changes = exceptShown(withSpelling(sent, document.appoinmentPerSlot), document, shown)
        const kept = schedule === undefined || tellsOtherHours(changes, document) ? {} : { schedule }
        return { ...document, ...kept, ...changes }
      })
      return { calendar: toCalendar(calendar, ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'calendars.delete',
    title: 'Delete Calendar',
    description:
      'Removes the calendar with its blocked slots. Appointments belong to contacts and stay. Configuration that ' +
      'refers to it is listed under broken references.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/:calendarId',
    input: Type.Object({ calendarId: Id() }, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean(), message: Type.String(), calendar: Calendar }),
    async run(ctx, { calendarId }) {
      const calendar = await getAsset(ctx.db, resource, ctx.locationId, calendarId)
      await deleteAsset(ctx.scope, resource, calendarId)
      await settleRefs(ctx.scope, resource.kind, [calendarId])
      return { success: true, message: 'Calendar deleted successfully', calendar: toCalendar(calendar, ctx.locationId) }
    },
  }),
]
