import { type TSchema, Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import type { RecordDocument, RecordRow } from '../../store/records/index.ts'
import { ofThisWire } from '../other-wire.ts'
import { Id, Instant, Noun } from '../schemas.ts'

// wire/highlevel/contacts.json: CreateContactDto, UpdateContactDto, UpsertContactDto, GetContectByIdSchema.
const properties = ofThisWire(contacts.schema.properties)

/** Null empties the field. */
const nullable = (maxLength: number, description?: string) =>
  Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      maxLength,
      ...(description === undefined ? {} : { description }),
    }),
  )

const CustomFieldValue = Type.Object(
  {
    id: Type.Optional(Id()),
    key: Type.Optional(Type.String({ maxLength: 260, description: 'Key of the field, with or without `contact.`.' })),
    field_value: Type.Optional(
      Type.Unknown({ description: 'A text, a number, a list of texts or an object. Empty removes the value.' }),
    ),
    fieldValue: Type.Optional(Type.Unknown({ description: 'The same under the name that many clients give it.' })),
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
  dateOfBirth: nullable(
    40,
    'YYYY-MM-DD or MM-DD-YYYY, parted by - / . or _; what says an hour as well means the day that is written.',
  ),
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

/** Everything comes through the API; which app brought it stands in the history alone. */
const Author = Type.Object({
  source: Type.String(),
  channel: Type.String(),
  sourceId: Type.String(),
  timestamp: Instant(),
})
const TextOrNull = () => Type.Union([Type.String(), Type.Null()])
/** Nobody looks whether an address can be reached. */
const Unknown = () => Type.Null()

/** What the advanced search answers as null where a contact has nothing. */
const FOUND_AS_NULL = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'phoneLabel',
  'companyName',
  'businessName',
  'businessId',
  'address',
  'city',
  'state',
  'country',
  'postalCode',
  'website',
  'timezone',
  'source',
  'dateOfBirth',
  'assignedTo',
] as const

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
  createdBy: Author,
  lastUpdatedBy: Author,
  lastSessionActivityAt: Type.String({ description: 'Nothing tells of sessions here: when the contact came.' }),
  deleted: Type.Boolean(),
  bounceEmail: Type.Boolean(),
  unsubscribeEmail: Type.Boolean(),
  validEmail: Unknown(),
  validEmailDate: Unknown(),
})

/** As lists show a contact: by the name that people see, and by the names as they were written. */
export const ListedContact = Noun('ListedContact', {
  ...ContactAnswer.properties,
  contactName: Type.String(),
  firstNameRaw: TextOrNull(),
  lastNameRaw: TextOrNull(),
})

/** As the advanced search shows one: what is not there is null. */
export const FoundContact = Noun('FoundContact', {
  ...ListedContact.properties,
  ...Object.fromEntries(FOUND_AS_NULL.map((name) => [name, TextOrNull()])),
  dndSettings: Type.Object({}, { additionalProperties: true }),
  inboundDndSettings: Type.Object({}, { additionalProperties: true }),
  attributionSource: Type.Object({}, { additionalProperties: true }),
  lastAttributionSource: Type.Object({}, { additionalProperties: true }),
  opportunities: Type.Array(
    Type.Object({
      id: Type.String(),
      pipelineId: Type.String(),
      pipelineStageId: Type.Union([Type.String(), Type.Null()]),
      status: Type.String(),
      monetaryValue: Type.Number(),
    }),
  ),
  searchAfter: Type.Array(Type.Unknown()),
})

export function toListedContact(row: RecordRow, locationId: string) {
  const { firstName = null, lastName = null, companyName, email, phone } = row.document
  return {
    ...(toContact(row, locationId) as object),
    contactName: nameOf(row.document) || String(companyName ?? email ?? phone ?? ''),
    firstNameRaw: firstName,
    lastNameRaw: lastName,
  } as never
}

/** `deals` are the contact's opportunities. */
export function toFoundContact(
  row: RecordRow & { cursor: unknown[] },
  locationId: string,
  deals: readonly RecordRow[],
) {
  const { companyName = null, address1 = null } = row.document
  return {
    ...Object.fromEntries(FOUND_AS_NULL.map((name) => [name, null])),
    dndSettings: {},
    inboundDndSettings: {},
    attributionSource: {},
    lastAttributionSource: {},
    ...(toListedContact(row, locationId) as object),
    businessName: companyName,
    address: address1,
    opportunities: deals.map(({ id, document }) => ({
      id,
      pipelineId: document.pipelineId,
      pipelineStageId: document.pipelineStageId ?? null,
      status: document.status,
      monetaryValue: document.monetaryValue ?? 0,
    })),
    searchAfter: row.cursor,
  } as never
}

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
    ...ofThisWire(document),
    additionalEmails: document.additionalEmails ?? [],
    additionalPhones: document.additionalPhones ?? [],
    dateAdded: row.createdAt.toISOString(),
    dateUpdated: row.updatedAt.toISOString(),
    createdBy: authorAt(row.createdAt),
    lastUpdatedBy: authorAt(row.updatedAt),
    lastSessionActivityAt: row.createdAt.toISOString(),
    deleted: row.deletedAt !== null,
    bounceEmail: false,
    unsubscribeEmail: false,
    validEmail: null,
    validEmailDate: null,
  }
  return answer as never
}

const authorAt = (at: Date) => ({ source: 'INTEGRATION', channel: '', sourceId: '', timestamp: at.toISOString() })

const nameOf = ({ firstName, lastName }: RecordDocument) =>
  [firstName, lastName].filter((part) => part !== undefined).join(' ')

function lowered(document: RecordDocument, from: string, to: string): RecordDocument {
  const value = document[from]
  return typeof value === 'string' ? { [to]: value.toLowerCase() } : {}
}
