import { type Static, type TSchema, Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { notes } from '../../resources/records/notes.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import { tasks } from '../../resources/records/tasks.ts'
import { hasId, isOneOf, listRecords, type RecordKind, type RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { ofThisWire } from '../other-wire.ts'
import { Noun } from '../schemas.ts'

export const properties = ofThisWire(opportunities.schema.properties)

export const APPOINTMENTS: RecordKind = { kind: 'appointments', noun: 'appointment' }

const Contact = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  companyName: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  tags: Type.Array(Type.String()),
  followers: Type.Array(Type.String()),
})

/** wire/highlevel/opportunities.json: SearchOpportunitiesResponseSchema. */
export const OpportunityAnswer = Noun('Opportunity', {
  id: Type.String(),
  locationId: Type.String(),
  ...(properties as Record<string, TSchema>),
  monetaryValue: Type.Number(),
  lastActionDate: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  isAttribute: Type.Boolean(),
  internalSource: Type.Object({
    type: Type.String(),
    id: Type.String(),
    apiVersion: Type.String(),
    channel: Type.String(),
    source: Type.String(),
  }),
  contact: Contact,
  notes: Type.Array(Type.Unknown()),
  tasks: Type.Array(Type.Unknown()),
  calendarEvents: Type.Array(Type.Unknown()),
})

export type OpportunityAnswer = Static<typeof OpportunityAnswer>

/** What is told of the contact of each opportunity. */
export interface Details {
  notes?: boolean | undefined
  tasks?: boolean | undefined
  calendarEvents?: boolean | undefined
}

/** Opportunities with their contacts and whatever else is asked for: one query each, whatever the number. */
export async function toOpportunities(
  ctx: Context,
  rows: readonly RecordRow[],
  details: Details = {},
): Promise<OpportunityAnswer[]> {
  if (rows.length === 0) return []
  const ids = [...new Set(rows.map(({ document }) => String(document.contactId ?? '')))]
  const people = new Map(
    (await listRecords(ctx.db, contacts, ctx.locationId, { where: hasId(ids) })).map((row) => [row.id, row]),
  )
  const notesOf = await childrenOf(ctx, details.notes ? notes : null, ids)
  const tasksOf = await childrenOf(ctx, details.tasks ? tasks : null, ids)
  const eventsOf = await childrenOf(ctx, details.calendarEvents ? APPOINTMENTS : null, ids)
  return rows.map(({ id, document, createdAt, updatedAt }) => {
    const contactId = String(document.contactId ?? '')
    const answer = {
      id,
      locationId: ctx.locationId,
      monetaryValue: 0,
      contactId,
      ...ofThisWire(document),
      lastActionDate: updatedAt.toISOString(),
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      isAttribute: false,
      // Everything comes through the API; which app brought it stands in the history alone.
      internalSource: { type: 'CREATED', id: '', apiVersion: '', channel: '', source: 'INTEGRATION' },
      contact: toContact(contactId, people.get(contactId)),
      notes: notesOf.get(contactId) ?? [],
      tasks: tasksOf.get(contactId) ?? [],
      calendarEvents: eventsOf.get(contactId) ?? [],
    }
    return answer as never
  })
}

/** Of a contact that is gone, the id is all there is. */
function toContact(id: string, contact: RecordRow | undefined): Static<typeof Contact> {
  const { firstName, lastName, companyName, email, phone, tags, followers } = (contact?.document ?? {}) as Record<
    string,
    string | undefined
  > & { tags?: string[]; followers?: string[] }
  const name = [firstName, lastName].filter((part) => part !== undefined).join(' ')
  const known = { name: name === '' ? undefined : name, companyName, email, phone }
  return {
    id,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    tags: (tags as string[] | undefined) ?? [],
    followers: (followers as string[] | undefined) ?? [],
  }
}

async function childrenOf(
  ctx: Context,
  kind: RecordKind | null,
  contactIds: readonly string[],
): Promise<Map<string, unknown[]>> {
  const rows =
    kind === null ? [] : await listRecords(ctx.db, kind, ctx.locationId, { where: isOneOf('contactId', contactIds) })
  const children = new Map<string, unknown[]>()
  for (const { id, document } of rows) {
    const contactId = String(document.contactId)
    children.set(contactId, [...(children.get(contactId) ?? []), { id, ...ofThisWire(document) }])
  }
  return children
}
