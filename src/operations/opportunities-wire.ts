import { type Static, type TSchema, Type } from 'typebox'
import { contacts } from '../resources/records/contacts.ts'
import { notes } from '../resources/records/notes.ts'
import { opportunities } from '../resources/records/opportunities.ts'
import { tasks } from '../resources/records/tasks.ts'
import { hasId, isOneOf } from '../store/record-conditions.ts'
import { listRecords, type RecordRow } from '../store/record-reads.ts'
import type { RecordKind } from '../store/record-resource.ts'
import type { Context } from './define.ts'
import { Id, Noun } from './schemas.ts'

const { properties } = opportunities.schema

const CustomFieldValue = Type.Object(
  {
    id: Type.Optional(Id()),
    key: Type.Optional(Type.String({ maxLength: 260, description: 'Key of the field, with or without `opportunity.`.' })),
    field_value: Type.Optional(Type.Unknown({ description: 'A text, a number, a list of texts or an object. Empty removes the value.' })),
    fieldValue: Type.Optional(Type.Unknown({ description: 'The same under its name in answers.' })),
  },
  { additionalProperties: false },
)

/** What creating, updating and upserting share. */
export const opportunityInput = {
  pipelineStageId: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Default: the first stage of the pipeline.' })),
  monetaryValue: properties.monetaryValue,
  assignedTo: Type.Optional(Type.String({ maxLength: 64, description: 'Id of a user. Empty: nobody.' })),
  source: properties.source,
  lostReasonId: properties.lostReasonId,
  customFields: Type.Optional(Type.Array(CustomFieldValue, { maxItems: 500 })),
}

export const Status = () => Type.Enum(['open', 'won', 'lost', 'abandoned'])

const Contact = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  companyName: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  tags: Type.Array(Type.String()),
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

const APPOINTMENTS: RecordKind = { kind: 'appointments', noun: 'appointment' }

/** Opportunities with their contacts and whatever else is asked for: one query each, whatever the number. */
export async function toOpportunities(ctx: Context, rows: readonly RecordRow[], details: Details = {}): Promise<OpportunityAnswer[]> {
  if (rows.length === 0) return []
  const ids = [...new Set(rows.map(({ document }) => String(document.contactId)))]
  const people = new Map((await listRecords(ctx.db, contacts, ctx.locationId, { where: hasId(ids) })).map((row) => [row.id, row]))
  const notesOf = await childrenOf(ctx, details.notes ? notes : null, ids)
  const tasksOf = await childrenOf(ctx, details.tasks ? tasks : null, ids)
  const eventsOf = await childrenOf(ctx, details.calendarEvents ? APPOINTMENTS : null, ids)
  return rows.map(({ id, document, createdAt, updatedAt }) => {
    const contactId = String(document.contactId)
    const answer = {
      id,
      locationId: ctx.locationId,
      monetaryValue: 0,
      ...document,
      lastActionDate: updatedAt.toISOString(),
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      contact: toContact(contactId, people.get(contactId)),
      notes: notesOf.get(contactId) ?? [],
      tasks: tasksOf.get(contactId) ?? [],
      calendarEvents: eventsOf.get(contactId) ?? [],
    }
    return answer as never
  })
}

export async function toOpportunity(ctx: Context, row: RecordRow): Promise<OpportunityAnswer> {
  return (await toOpportunities(ctx, [row]))[0] as OpportunityAnswer
}

/** Of a contact that is gone, the id is all there is. */
function toContact(id: string, contact: RecordRow | undefined): Static<typeof Contact> {
  const { firstName, lastName, companyName, email, phone, tags } = (contact?.document ?? {}) as Record<string, string | undefined> & { tags?: string[] }
  const name = [firstName, lastName].filter((part) => part !== undefined).join(' ')
  const known = { name: name === '' ? undefined : name, companyName, email, phone }
  return { id, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)), tags: (tags as string[] | undefined) ?? [] }
}

async function childrenOf(ctx: Context, kind: RecordKind | null, contactIds: readonly string[]): Promise<Map<string, unknown[]>> {
  const rows = kind === null ? [] : await listRecords(ctx.db, kind, ctx.locationId, { where: isOneOf('contactId', contactIds) })
  const children = new Map<string, unknown[]>()
  for (const { id, document } of rows) {
    const contactId = String(document.contactId)
    children.set(contactId, [...(children.get(contactId) ?? []), { id, ...document }])
  }
  return children
}
