/**
 * Associations that a field of one of the two records says: what one wire writes the other reads. Such a field names
 * one, so it is the first one, or that of the primary company; further ones are records of their own
 * (resources/records/object-associations.ts). Both never say the same: whoever changes such a field of a record that is
 * there does so by `nameAnother` (way-for-fields.ts).
 */
export interface AssociationField {
  /** Type of the objects that have the field, and of those that it names. */
  owner: string
  named: string
  /** Kinds of their records. */
  kind: string
  namedKind: string
  field: string
  /** It means the primary one too. */
  isPrimary: boolean
}

const ofContact = (owner: string, kind: string): AssociationField => ({
  ...{ owner, named: '0-1', kind, namedKind: 'contacts', field: 'contactId', isPrimary: false },
})

const FIELDS: readonly AssociationField[] = [
  { owner: '0-1', named: '0-2', kind: 'contacts', namedKind: 'businesses', field: 'businessId', isPrimary: true },
  ofContact('0-3', 'opportunities'),
  ofContact('0-27', 'tasks'),
  ofContact('0-46', 'notes'),
  ofContact('0-47', 'appointments'),
  ofContact('0-48', 'messages'),
  ofContact('0-49', 'messages'),
  ofContact('0-53', 'invoices'),
  ofContact('0-421', 'appointments'),
]

/** The field that ties objects of two types together, on whichever side it stands. */
export const findAssociationField = (one: string, other: string): AssociationField | null =>
  FIELDS.find(({ owner, named }) => (owner === one && named === other) || (owner === other && named === one)) ?? null

/** The fields of a kind. */
export const associationFieldsOf = (kind: string): AssociationField[] => FIELDS.filter((field) => field.kind === kind)

/** The fields that name records of a kind, each once: an appointment is a meeting as well. */
export const fieldsNaming = (kind: string): Pick<AssociationField, 'kind' | 'field'>[] => [
  ...new Map(FIELDS.filter(({ namedKind }) => namedKind === kind).map((field) => [field.kind, field])).values(),
]
