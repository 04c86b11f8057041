import { type RawBuilder, sql } from 'kysely'
import type { CountryCode } from 'libphonenumber-js'
import { foldedTextOf } from '../../db/folded-text.ts'
import { texts } from '../../db/pool.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { enrolments } from '../../resources/records/enrolments.ts'
import { emailKey, foldedText } from '../../store/natural-key.ts'
import { toPhone } from '../../store/phone.ts'
import {
  allOf,
  type Condition,
  equals,
  fieldText,
  hasTerm,
  isOneOf,
  type RecordKind,
} from '../../store/records/index.ts'
import { hasEmail } from './duplicates.ts'

/** How a field is read and compared. */
export interface Field {
  /** True where one of the field's values meets the condition. */
  some: (test: (value: RawBuilder<string>) => Condition) => Condition
  /** A faster way to the same as `eq` on a text. */
  equal?: (place: Place, value: string) => Condition | null
  /** How its texts are folded for comparing; by default as texts are. */
  fold?: Fold
  /** A moment: a column of the row, or ISO 8601 in the document. */
  moment?: RawBuilder<unknown>
  /** A day that is stored as its first moment in UTC, wherever it is meant. */
  isDay?: boolean
  /** It is no field of the contact but of records that name the contact. */
  of?: Related
}

/** Records that name the contact: all of the kind, or those for which `where` holds. */
export interface Related {
  kind: RecordKind
  where?: Condition
  /** What is asked for is asked of all of them together. */
  together?: boolean
}

/** Where a search is made, and the country and zone whose numbers and hours are meant. */
export interface Place {
  locationId: string
  country: CountryCode
  zone: string
}

interface Fold {
  stored(text: RawBuilder<string>): RawBuilder<string>
  /** Rows of one text each. */
  asked(texts: readonly string[], place: Place): RawBuilder<unknown>
}

const rows = (values: readonly string[]) => sql`unnest(${texts(values)})`
export const BY_TEXT: Fold = { stored: foldedTextOf, asked: (values) => rows(values.map(foldedText)) }
/** A whole number in any spelling, or some of its digits. */
const BY_NUMBER: Fold = {
  stored: (text) => text,
  asked: (values, { country }) => rows(values.flatMap((value) => [toPhone(value, country) ?? value, barely(value)])),
}
/** Stored so that its case alone differs (`toEmail`). A part of one has no @. */
const BY_EMAIL: Fold = { stored: (text) => sql`lower(${text})`, asked: (values) => rows(values.map(emailKey)) }
const barely = (typed: string) => typed.trim().replace(/[\s().-]/g, '')

export const some =
  (values: RawBuilder<unknown>): Field['some'] =>
  (test) =>
    sql<boolean>`exists (select 1 from ${values} e(value) where ${test(sql<string>`e.value`)})`
export const scalar =
  (value: RawBuilder<unknown>): Field['some'] =>
  (test) =>
    test(value as RawBuilder<string>)

const isIndexed = (name: string) => contacts.exact.includes(name)
const equalByTerm = (name: string) =>
  isIndexed(name) ? { equal: ({ locationId }: Place, value: string) => hasTerm(locationId, name, value) } : {}

const text = (name: string): Field => ({ some: scalar(fieldText(name)), ...equalByTerm(name) })
const list = (name: string): Field => ({
  some: some(sql`jsonb_array_elements_text(doc->${sql.lit(name)})`),
  ...equalByTerm(name),
})
export const moment = (value: RawBuilder<unknown>): Field => ({ some: scalar(sql`${value}::text`), moment: value })

export const NAMES = [
  'firstName',
  'lastName',
  'companyName',
  'city',
  'state',
  'country',
  'postalCode',
  'website',
  'source',
  'timezone',
  'type',
  'gender',
  'assignedTo',
  'businessId',
]
const FULL_NAME = sql<string | null>`nullif(concat_ws(' ', doc->>'firstName', doc->>'lastName'), '')`

const inWorkflow = (...states: string[]): Field => ({
  ...{ some: scalar(fieldText('assetId')) },
  of: { kind: enrolments, where: allOf([equals('assetKind', 'workflows'), isOneOf('state', states)]) },
})
const startTimes = sql`max((doc->>'startTime')::timestamptz)`
const APPOINTMENTS: RecordKind = { kind: 'appointments', noun: 'appointment' }
/** Nothing here tells of it, so nobody has it. */
const UNKNOWN: Field = { some: scalar(sql`null::text`) }

/** What is asked of the opportunities of a contact. */
const OF_OPPORTUNITY = new Map<string, Field>(
  ['pipelineId', 'pipelineStageId', 'status', 'assignedTo', 'source', 'monetaryValue'].map((name) => [
    name,
    { some: scalar(fieldText(name)) },
  ]),
)

export const findOpportunityField = (name: string): Field | null => OF_OPPORTUNITY.get(name) ?? null

/** Names under which clients know the fields. */
const FIELDS: Record<string, Field> = {
  businessName: text('companyName'),
  activeWorkflows: inWorkflow('active'),
  finishedWorkflows: inWorkflow('completed', 'removed'),
  lastAppointment: { ...moment(startTimes), of: { kind: APPOINTMENTS, together: true } },
  isValidWhatsapp: UNKNOWN,
  validEmail: UNKNOWN,
  lastEmailClickedDate: moment(sql`null::timestamptz`),
  lastEmailOpenedDate: moment(sql`null::timestamptz`),
  ...Object.fromEntries(NAMES.map((name) => [name, text(name)])),
  ...Object.fromEntries(['tags', 'followers'].map((name) => [name, list(name)])),
  additionalEmails: { ...list('additionalEmails'), fold: BY_EMAIL },
  additionalPhones: { ...list('additionalPhones'), fold: BY_NUMBER },
  id: { some: scalar(sql`id`) },
  email: { some: scalar(fieldText('email')), equal: (_, value) => hasEmail(value), fold: BY_EMAIL },
  phone: {
    some: scalar(fieldText('phone')),
    equal: ({ country }, value) => sql<boolean>`${fieldText('phone')} = ${toPhone(value, country) ?? value}`,
    fold: BY_NUMBER,
  },
  address: text('address1'),
  address1: text('address1'),
  firstNameLowerCase: text('firstName'),
  lastNameLowerCase: text('lastName'),
  fullNameLowerCase: { some: scalar(FULL_NAME) },
  name: { some: scalar(FULL_NAME) },
  dnd: text('dnd'),
  dateOfBirth: { ...moment(sql`(doc->>'dateOfBirth')::timestamptz`), isDay: true },
  dateAdded: moment(sql`created_at`),
  dateUpdated: moment(sql`updated_at`),
}

/** Values of one custom field: each element of a list, or the one value. */
const customField = (id: string): Field => ({
  some: some(sql`(
    select v.value from jsonb_array_elements(doc->'customFields') f
    cross join lateral jsonb_array_elements_text(case jsonb_typeof(f->'value') when 'array' then f->'value'
      else jsonb_build_array(f->'value') end) v(value)
    where f->>'id' = ${id})`),
})

export function findField(name: string): Field | null {
  const [, customFieldId] = /^customFields?\.(\S+)$/.exec(name) ?? []
  if (customFieldId !== undefined) return customField(customFieldId)
  const [, channel] = /^dndSettings\.(Call|Email|SMS|WhatsApp|GMB|FB)(?:\.status)?$/.exec(name) ?? []
  if (channel !== undefined) return { some: scalar(sql`(doc->'dndSettings'->${channel}->>'status')`) }
  return Object.hasOwn(FIELDS, name) ? (FIELDS[name] as Field) : null
}
