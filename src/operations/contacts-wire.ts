import { type TSchema, Type } from 'typebox'
import { contacts } from '../resources/records/contacts.ts'
import type { RecordRow } from '../store/record-reads.ts'
import type { RecordDocument } from '../store/record-resource.ts'
import { Id, Instant, Noun } from './schemas.ts'

// wire/highlevel/contacts.json: CreateContactDto, UpdateContactDto, UpsertContactDto, GetContectByIdSchema.
const { properties } = contacts.schema

/** Null empties the field. */
const nullable = (maxLength: number, description?: string) =>
  Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength, ...(description === undefined ? {} : { description }) }))

const CustomFieldValue = Type.Object(
  {
    id: Type.Optional(Id()),
    key: Type.Optional(Type.String({ maxLength: 260, description: 'Key of the field, with or without `contact.`.' })),
    field_value: Type.Optional(Type.Unknown({ description: 'A text, a number, a list of texts or an object. Empty removes the value.' })),
    value: Type.Optional(Type.Unknown({ description: 'The same under its name in answers.' })),
  },
  { additionalProperties: false },
)

/** What creating, updating and upserting take. */
export const contactInput = {
  firstName: nullable(200),
  lastName: nullable(200),
  name: nullable(400, 'First and last name in one, for want of the two.'),
  email: nullable(320),
  phone: nullable(40),
  gender: nullable(40),
  address1: nullable(300),
  city: nullable(200),
  state: nullable(200),
  country: nullable(2, 'Two-letter country code.'),
  postalCode: nullable(50),
  website: nullable(2000),
  timezone: nullable(100),
  companyName: nullable(300),
  source: nullable(300),
  dateOfBirth: nullable(40, 'YYYY-MM-DD or MM-DD-YYYY, parted by - / . or _.'),
  assignedTo: nullable(64),
  type: Type.Optional(properties.type),
  tags: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 500 })),
  customFields: Type.Optional(Type.Array(CustomFieldValue, { maxItems: 500 })),
  dnd: Type.Optional(properties.dnd),
  dndSettings: properties.dndSettings,
  inboundDndSettings: properties.inboundDndSettings,
  additionalEmails: properties.additionalEmails,
  additionalPhones: properties.additionalPhones,
}

/** A contact in answers. Fields without a value are left out, as on the wire. */
export const ContactAnswer = Noun('Contact', {
  id: Type.String(),
  locationId: Type.String(),
  ...(properties as Record<string, TSchema>),
  name: Type.Optional(Type.String()),
  emailLowerCase: Type.Optional(Type.String()),
  firstNameLowerCase: Type.Optional(Type.String()),
  lastNameLowerCase: Type.Optional(Type.String()),
  fullNameLowerCase: Type.Optional(Type.String()),
  dateAdded: Instant(),
  dateUpdated: Instant(),
})

export function toContact(row: RecordRow, locationId: string): never {
  const { document } = row
  const name = nameOf(document)
  const answer = {
    id: row.id,
    locationId,
    ...(name === '' ? {} : { name, fullNameLowerCase: name.toLowerCase() }),
    ...lowered(document, 'firstName', 'firstNameLowerCase'),
    ...lowered(document, 'lastName', 'lastNameLowerCase'),
    ...lowered(document, 'email', 'emailLowerCase'),
    ...document,
    additionalEmails: document.additionalEmails ?? [],
    additionalPhones: document.additionalPhones ?? [],
    dateAdded: row.createdAt.toISOString(),
    dateUpdated: row.updatedAt.toISOString(),
  }
  return answer as never
}

const nameOf = ({ firstName, lastName }: RecordDocument) => [firstName, lastName].filter((part) => part !== undefined).join(' ')

function lowered(document: RecordDocument, from: string, to: string): RecordDocument {
  const value = document[from]
  return typeof value === 'string' ? { [to]: value.toLowerCase() } : {}
}
