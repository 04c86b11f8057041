import { Type } from 'typebox'
import { nameAnother } from '../../objects/index.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { equals, getRecord, listRecords, updateNamed, updateRecord } from '../../store/records/index.ts'
import { CalendarEvent, showEvents } from '../calendars/index.ts'
import { type Context, operation } from '../define.ts'
import { refuseStrangers } from '../people/index.ts'
import { Id, Noun } from '../schemas.ts'

const { read, write } = contacts.scopes
const common = { category: 'Workflows & Campaigns', token: 'location' } as const
const Ids = () => Type.Array(Id(), { maxItems: 200 })
const followersInput = Type.Object({ contactId: Id(), followers: Ids() }, { additionalProperties: false })
/** wire/highlevel/contacts.json, GetEventSchema: says the status twice. */
const ContactEvent = Noun('ContactAppointment', { ...CalendarEvent.properties, status: Type.String() })
const texts = () => Type.Array(Type.String())

async function changeFollowers(
  ctx: Context,
  contactId: string,
  edit: (followers: string[]) => string[],
): Promise<{ before: string[]; after: string[] }> {
  let before: string[] = []
  const { document } = await updateRecord(ctx.scope, contacts, contactId, (current) => {
    before = current.document.followers as string[]
    return { ...current.document, followers: edit(before) }
  })
  return { before, after: document.followers as string[] }
}

/** wire/highlevel/contacts.json: followers, the business of many contacts, and appointments. */
export const contactLinkOperations = [
  operation({
    ...common,
    name: 'contacts.addFollowers',
    title: 'Add Contact Followers',
    description: 'Assign followers to contact',
    access: 'write',
    scope: write,
    http: 'POST /contacts/:contactId/followers',
    status: 201,
    input: followersInput,
    output: Type.Object({ followers: texts(), followersAdded: texts() }),
    async run(ctx, { contactId, followers }) {
      const { before, after } = await changeFollowers(ctx, contactId, (current) => [
        ...new Set([...current, ...followers]),
      ])
      await refuseStrangers(ctx, 'followers', after, before)
      return { followers: after, followersAdded: after.filter((id) => !before.includes(id)) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.removeFollowers',
    title: 'Remove Contact Followers',
    description: 'Unassign followers',
    access: 'write',
    scope: write,
    http: 'DELETE /contacts/:contactId/followers',
    hasBody: true,
    input: followersInput,
    output: Type.Object({ followers: texts(), followersRemoved: texts() }),
    async run(ctx, { contactId, followers }) {
      const { before, after } = await changeFollowers(ctx, contactId, (current) =>
        current.filter((id) => !followers.includes(id)),
      )
      return { followers: after, followersRemoved: before.filter((id) => !after.includes(id)) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.bulkBusiness',
    title: 'Bulk Business Update',
    description:
      'Add/remove contacts from business. A `businessId` of null takes them out. Answers the contacts that are there.',
    access: 'write',
    scope: write,
    http: 'POST /contacts/bulk/business',
    input: Type.Object(
      {
        locationId: Id(),
        ids: Type.Array(Id(), { maxItems: 1000 }),
        businessId: Type.Unsafe<string | null>({ type: ['string', 'null'], minLength: 1, maxLength: 64 }),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ success: Type.Boolean(), ids: texts() }),
    async run(ctx, { ids, businessId }) {
      if (businessId !== null)
        await getRecord(ctx.db, { kind: 'businesses', noun: 'business' }, ctx.locationId, businessId)
      const found = await nameAnother(ctx.scope, { kind: contacts.kind, ids, namedId: businessId }, () =>
        updateNamed(ctx.scope, contacts, ids, ({ document }) => ({ ...document, businessId })),
      )
      return { success: true, ids: [...found] }
    },
  }),
  operation({
    ...common,
    category: 'Contacts',
    name: 'contacts.listAppointments',
    title: 'Get Contact Appointments',
    description: 'List all appointments for a contact, by their creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /contacts/:contactId/appointments',
    input: Type.Object({ contactId: Id() }, { additionalProperties: false }),
    output: Type.Object({ events: Type.Array(ContactEvent) }),
    async run(ctx, { contactId }) {
      await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      const rows = await listRecords(ctx.db, { kind: 'appointments', noun: 'appointment' }, ctx.locationId, {
        where: equals('contactId', contactId),
      })
      return { events: (await showEvents(ctx, rows)).map((event) => ({ ...event, status: event.appointmentStatus })) }
    },
  }),
]
