import type { RecordDocument } from '../store/records/index.ts'

/** What a property's values are, in the words of the wire. */
export type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool' | 'phone_number'

export interface Option {
  value: string
  label: string
}

/** In which form a value lies in a document. */
export type Form =
  /** As on the wire; numbers and moments in their one spelling. */
  | 'text'
  | 'number'
  | 'boolean'
  /** A list of texts; `a;b` on the wire. */
  | 'list'
  /** The label of an option, of which the wire has the value; and a list of such. */
  | 'label'
  | 'labels'
  /** The id of a user of ours; a number on the wire. */
  | 'owner'
  | 'owners'
  /** The first moment of a day. */
  | 'day'
  /** `{currency, value}`. */
  | 'money'
  /** Anything else: shown as JSON, never written. */
  | 'json'

/** Where the values of a property are. Stored names come from code or from assets, never from a caller. */
export type Place =
  /** A column of the row. */
  | { in: 'row'; column: 'objectId' | 'createdAt' | 'updatedAt' }
  /** A field of the document, or of a bag in it. */
  | { in: 'document'; path: readonly [string] | readonly [string, string]; form: Form }
  /**
   * Beside the id of the custom field in `customFields`. `means`: of labels, which value each stands for; also of those
   * that an option had before.
   */
  | { in: 'values'; id: string; under: 'value' | 'fieldValue'; form: Form; means: ReadonlyMap<string, string> }
  /**
   * A field in a form of ours, beside it in a bag the text as it was written and the value it became: shown as long as
   * the field still has that value.
   */
  | { in: 'twin'; field: string; bag: string }
  /** Worked out from some fields. */
  | { in: 'rule'; fields: readonly string[]; rule: Rule }

export interface Rule {
  /** The same in SQL, of `doc`. */
  expression: string
  /** `createdAt` is known of a record, not of a change. */
  read(document: RecordDocument, createdAt?: Date): string | null
  /** The fields that a value means; undefined: it cannot be written. */
  write?(document: RecordDocument, text: string | null): RecordDocument
}

export interface Property {
  name: string
  label: string
  type: PropertyType
  fieldType: string
  group: string
  description: string
  options: readonly Option[]
  /** Takes other values than its options. */
  open: boolean
  /** No two records of the type have the same value. */
  unique: boolean
  /** Says what the platform knows; nobody writes it. */
  readOnly: boolean
  /** Made by somebody in this location: the asset that says so. */
  assetId: string | null
  place: Place
}

type More = Partial<Pick<Property, 'description' | 'options' | 'open' | 'unique' | 'readOnly' | 'fieldType' | 'place'>>

/** The bag of values that the other wire has no field for. */
export const BAG = 'properties'

/** Declares the properties of a type that every portal has: `bag` keeps the values that no field of ours has. */
export function declare(group: string, bag: string) {
  const property =
    (type: PropertyType, standardField: string) =>
    (name: string, label: string, more: More & { field?: string; form?: Form } = {}): Property => {
      const { field, form, ...rest } = more
      return {
        name,
        label,
        type,
        fieldType: standardField,
        group,
        description: '',
        options: [],
        open: false,
        unique: false,
        readOnly: false,
        assetId: null,
        place: { in: 'document', path: field === undefined ? [bag, name] : [field], form: form ?? 'text' },
        ...rest,
      }
    }
  const text = property('string', 'text')
  return {
    text,
    long: property('string', 'textarea'),
    number: property('number', 'number'),
    day: property('date', 'date'),
    moment: property('datetime', 'date'),
    flag: property('bool', 'booleancheckbox'),
    choice: property('enumeration', 'select'),
    choices: property('enumeration', 'checkbox'),
    owner: (field?: string) =>
      property('enumeration', 'select')('hubspot_owner_id', 'Owner', {
        ...(field === undefined ? {} : { field }),
        form: 'owner',
        open: true,
      }),
    /** A field of ours has it in another form. */
    twin: (name: string, label: string, field: string, more: More = {}) =>
      text(name, label, { ...more, place: { in: 'twin', field, bag } }),
    /** What every type has. The wire is of two minds about the names of its moments: both are known. */
    always: (modified: readonly string[] = ['hs_lastmodifieddate']) => [
      property('number', 'number')('hs_object_id', 'Record ID', {
        readOnly: true,
        unique: true,
        place: { in: 'row', column: 'objectId' },
      }),
      ...['createdate', 'hs_createdate'].map((name) =>
        property('datetime', 'date')(name, 'Create Date', {
          readOnly: true,
          place: { in: 'row', column: 'createdAt' },
        }),
      ),
      ...modified.map((name) =>
        property('datetime', 'date')(name, 'Last Modified Date', {
          readOnly: true,
          place: { in: 'row', column: 'updatedAt' },
        }),
      ),
      text('hs_merged_object_ids', 'Merged record IDs', { readOnly: true }),
    ],
  }
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** Options whose labels follow from their values: `IN_PROGRESS` is `In progress`. */
export const optionsOf = (values: string): Option[] =>
  values.split(' ').map((value) => ({ value, label: capital(value.toLowerCase().replaceAll('_', ' ')) }))
