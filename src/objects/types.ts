import type { Asset } from '../store/assets/index.ts'
import { BAG } from './property.ts'

/** A type of objects of the wire, and the records of ours that are meant (wire/hubspot.md, "CRM objects ..."). */
export interface ObjectType {
  /** `0-1`, or `2-N` for a custom object. */
  typeId: string
  /** Singular. */
  name: string
  plural: string
  label: string
  /** Kind of record. */
  kind: string
  /** Of the records of the kind only those whose field has one of these values. */
  where: { field: string; values: readonly string[] } | null
  /** One of each is enough: the scopes of the wire, then those of the kind on the other one. */
  scopes: { read: readonly string[]; write: readonly string[] }
  /** The bag of the document with the values that the other wire has no field for. */
  bag: string
  /** Where properties that somebody made are kept as assets: as custom fields, or as fields of an object of this key. */
  fields: { kind: 'custom_fields'; model: string } | { kind: 'object_fields'; objectKey: string }
  /** Properties in which `query` of a search looks. */
  searched: readonly string[]
  /** The property that says what a record is called. */
  primary: string
  /** Properties that an answer shows unless others are asked for. */
  shown: readonly string[]
  /** Properties that a new object must have a value of. */
  required: readonly string[]
  /** Of a custom object: its asset, with its key. */
  custom: { assetId: string; key: string } | null
}

type Given = Pick<ObjectType, 'typeId' | 'name' | 'plural' | 'kind' | 'primary'> & {
  scope?: string
  other?: { read: readonly string[]; write: readonly string[] }
  where?: ObjectType['where']
  fields?: ObjectType['fields']
  searched?: readonly string[]
  shown?: string
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

const ALWAYS_SHOWN = ['hs_object_id']

function type({ scope, other, where = null, fields, searched, shown, ...given }: Given): ObjectType {
  const of = (access: 'read' | 'write') => [
    `crm.objects.${scope ?? given.plural}.${access}`,
    ...(other?.[access] ?? []),
  ]
  return {
    ...given,
    label: capital(given.name.replaceAll('_', ' ')),
    where,
    scopes: { read: of('read'), write: of('write') },
    bag: BAG,
    fields: fields ?? { kind: 'object_fields', objectKey: given.name },
    searched: searched ?? [given.primary],
    shown: [...ALWAYS_SHOWN, ...(shown ?? 'hs_createdate hs_lastmodifieddate').split(' ')],
    required: [],
    custom: null,
  }
}

/** Scopes of the other wire: whoever may write there may read. */
const ours = (read: string, write: string) => ({ read: [read, write], write: [write] })
const CONTACTS = ours('contacts.readonly', 'contacts.write')
const EVENTS = ours('calendars/events.readonly', 'calendars/events.write')
const MESSAGES = ours('conversations/message.readonly', 'conversations/message.write')
const OBJECTS = ours('objects/record.readonly', 'objects/record.write')

const CALLS = ['TYPE_CALL', 'TYPE_IVR_CALL', 'TYPE_CAMPAIGN_CALL', 'TYPE_CAMPAIGN_MANUAL_CALL', 'TYPE_CUSTOM_CALL']
const EMAILS = ['TYPE_EMAIL', 'TYPE_CAMPAIGN_EMAIL', 'TYPE_CUSTOM_EMAIL', 'TYPE_CUSTOM_PROVIDER_EMAIL']

/** Every type that each portal has. */
export const TYPES: readonly ObjectType[] = [
  type({
    ...{ typeId: '0-1', name: 'contact', plural: 'contacts', kind: 'contacts', primary: 'email', other: CONTACTS },
    fields: { kind: 'custom_fields', model: 'contact' },
    searched: ['email', 'firstname', 'lastname', 'phone', 'company'],
    shown: 'createdate email firstname lastmodifieddate lastname',
  }),
  type({
    ...{ typeId: '0-2', name: 'company', plural: 'companies', kind: 'businesses', primary: 'name' },
    other: ours('businesses.readonly', 'businesses.write'),
    fields: { kind: 'object_fields', objectKey: 'business' },
    searched: ['name', 'domain', 'phone', 'website'],
    shown: 'createdate domain hs_lastmodifieddate name',
  }),
  type({
    ...{ typeId: '0-3', name: 'deal', plural: 'deals', kind: 'opportunities', primary: 'dealname' },
    other: ours('opportunities.readonly', 'opportunities.write'),
    fields: { kind: 'custom_fields', model: 'opportunity' },
    searched: ['dealname', 'dealstage', 'pipeline', 'description'],
    shown: 'amount closedate createdate dealname dealstage hs_lastmodifieddate pipeline',
  }),
  type({
    ...{ typeId: '0-5', name: 'ticket', plural: 'tickets', kind: 'tickets', primary: 'subject' },
    searched: ['subject', 'content'],
    shown:
      'content createdate hs_lastmodifieddate hs_pipeline hs_pipeline_stage hs_ticket_category hs_ticket_priority subject',
  }),
  type({
    ...{ typeId: '0-7', name: 'product', plural: 'products', kind: 'crm_products', primary: 'name' },
    searched: ['name', 'description', 'hs_sku'],
  }),
  type({ typeId: '0-8', name: 'line_item', plural: 'line_items', kind: 'line_items', primary: 'name' }),
  type({ typeId: '0-14', name: 'quote', plural: 'quotes', kind: 'quotes', primary: 'hs_title' }),
  type({
    ...{ typeId: '0-27', name: 'task', plural: 'tasks', kind: 'tasks', primary: 'hs_task_subject' },
    ...{ scope: 'contacts', other: CONTACTS, searched: ['hs_task_subject', 'hs_task_body'] },
  }),
  type({
    ...{ typeId: '0-46', name: 'note', plural: 'notes', kind: 'notes', primary: 'hs_note_body' },
    ...{ scope: 'contacts', other: CONTACTS },
  }),
  type({
    ...{ typeId: '0-47', name: 'meeting', plural: 'meetings', kind: 'appointments', primary: 'hs_meeting_title' },
    ...{ scope: 'contacts', other: EVENTS, searched: ['hs_meeting_title', 'hs_meeting_body'] },
  }),
  type({
    ...{ typeId: '0-48', name: 'call', plural: 'calls', kind: 'messages', primary: 'hs_call_title' },
    ...{ scope: 'contacts', other: MESSAGES, where: { field: 'messageType', values: CALLS } },
    searched: ['hs_call_title', 'hs_call_body'],
  }),
  type({
    ...{ typeId: '0-49', name: 'email', plural: 'emails', kind: 'messages', primary: 'hs_email_subject' },
    ...{ scope: 'contacts', other: MESSAGES, where: { field: 'messageType', values: EMAILS } },
    searched: ['hs_email_subject', 'hs_email_text'],
  }),
  type({
    ...{ typeId: '0-53', name: 'invoice', plural: 'invoices', kind: 'invoices', primary: 'hs_number' },
    other: ours('invoices.readonly', 'invoices.write'),
    searched: ['hs_number', 'hs_title'],
  }),
  type({
    ...{ typeId: '0-115', name: 'user', plural: 'users', kind: 'users', primary: 'hs_email' },
    other: ours('users.readonly', 'users.write'),
    searched: ['hs_email', 'hs_given_name', 'hs_family_name'],
  }),
  type({ typeId: '0-123', name: 'order', plural: 'orders', kind: 'orders', primary: 'hs_order_name' }),
  type({ typeId: '0-136', name: 'lead', plural: 'leads', kind: 'leads', primary: 'hs_lead_name' }),
  type({
    ...{ typeId: '0-421', name: 'appointment', plural: 'appointments', kind: 'appointments' },
    ...{ primary: 'hs_appointment_name', other: EVENTS },
  }),
]

/** Scopes that records of custom objects need. */
const CUSTOM_SCOPES = {
  read: ['crm.objects.custom.read', ...OBJECTS.read],
  write: ['crm.objects.custom.write', ...OBJECTS.write],
}

/** Every scope that opens one type or another. */
export const scopesOf = (access: 'read' | 'write'): string[] => [
  ...new Set([...TYPES.map(({ scopes }) => scopes), CUSTOM_SCOPES].flatMap((scopes) => scopes[access])),
]

/** One of these lets somebody read objects of a type, also of a custom one that is gone. */
export const readScopesOf = (typeId: string): readonly string[] =>
  (findStandardType(typeId)?.scopes ?? CUSTOM_SCOPES).read

const bySpelling = new Map(
  TYPES.flatMap((one) =>
    [one.typeId, one.name, one.plural, one.name.replaceAll('_', ''), one.plural.replaceAll('_', '')].map(
      (spelling) => [spelling, one] as const,
    ),
  ),
)

/** A type that every portal has: by its id, or its name in singular or plural, in any case. */
export const findStandardType = (spelled: string): ObjectType | null => bySpelling.get(spelled.toLowerCase()) ?? null

/** What the key of a custom object begins with (resources/objects.ts). */
const CUSTOM = 'custom_objects.'

/**
 * The number of a custom object: a function of its id, so that it is the same for as long as the object is. Forty bits:
 * two objects of one location share theirs once in ten thousand million locations.
 */
export const customTypeId = (assetId: string) => `2-${Number.parseInt(assetId.slice(-10), 16)}`

/** The type that a custom object is; null: it is a standard object of the other wire. */
export function toCustomType({ id, document }: Pick<Asset, 'id' | 'document'>): ObjectType | null {
  const { key, labels } = document as { key: string; labels: { singular: string; plural: string } }
  if (!key.startsWith(CUSTOM)) return null
  const name = key.slice(CUSTOM.length)
  return {
    typeId: customTypeId(id),
    name,
    plural: labels.plural,
    label: labels.singular,
    kind: 'object_records',
    where: { field: 'objectId', values: [id] },
    scopes: CUSTOM_SCOPES,
    bag: 'wireProperties',
    fields: { kind: 'object_fields', objectKey: key },
    searched: searchedOf(document, key),
    primary: String(document.primaryDisplayProperty ?? '').replace(`${key}.`, ''),
    shown: [...ALWAYS_SHOWN, 'hs_createdate', 'hs_lastmodifieddate'],
    required: ((document.wire ?? {}) as { required?: string[] }).required ?? [],
    custom: { assetId: id, key },
  }
}

function searchedOf({ searchableProperties, primaryDisplayProperty }: Asset['document'], key: string): string[] {
  const names = (searchableProperties ?? [primaryDisplayProperty]) as string[]
  return names.map((name) => String(name).replace(`${key}.`, ''))
}

/** A custom type among those of a portal: `2-N`, `p<portal>_<name>`, its name or its plural. */
export function findCustomType(types: readonly ObjectType[], portalId: number, spelled: string): ObjectType | null {
  const wanted = spelled.toLowerCase()
  const bare = wanted.startsWith(`p${portalId}_`) ? wanted.slice(`p${portalId}_`.length) : wanted
  return (
    types.find(({ typeId }) => typeId === wanted) ??
    types.find(({ name }) => name.toLowerCase() === bare) ??
    types.find(({ plural }) => plural.toLowerCase() === wanted) ??
    null
  )
}

/** Whether a record of the type's kind is one of the type. */
export function isOfType({ where }: ObjectType, document: Readonly<Record<string, unknown>>): boolean {
  return where === null || where.values.includes(String(document[where.field]))
}
