import { Type } from 'typebox'
import { asset } from '../store/resource.ts'
import { Choice, Count, Line, List, Name, Optional, Ref, Shape } from './shapes.ts'

/**
 * wire/highlevel/locations.json: CustomFieldSchema, CreateCustomFieldsDTO. Folders are custom fields whose
 * `documentType` is `folder`; fields name theirs in `parentId`.
 */
export const customFields = asset({
  kind: 'custom_fields',
  label: 'Custom Field',
  noun: 'custom field',
  scopes: { read: 'locations/customFields.readonly', write: 'locations/customFields.write' },
  schema: Type.Object({
    name: Name(),
    fieldKey: Line(260),
    dataType: Type.String({ pattern: '^[A-Z_]{1,40}$' }),
    model: Choice('contact', 'opportunity'),
    placeholder: Optional(Line()),
    position: Optional(Count()),
    documentType: Optional(Choice('field', 'folder')),
    parentId: Optional(Ref('The folder.')),
    picklistOptions: Optional(List(Line(), 500)),
    picklistImageOptions: Optional(List(Line(2000), 500)),
    isAllowedCustomOption: Optional(Type.Boolean()),
    isMultiFileAllowed: Optional(Type.Boolean()),
    maxFileLimit: Optional(Count(1000)),
    acceptedFormat: Optional(List(Line(20), 100)),
    textBoxListOptions: Optional(List(Shape({ label: Optional(Line()), prefillValue: Optional(Line()) }))),
  }),
  key: (field) => field.fieldKey,
  unique: 'fieldKey',
  refs: { parentId: 'custom_fields' },
  // Options of one type mean nothing to another.
  together: [
    [
      'dataType',
      'picklistOptions',
      'picklistImageOptions',
      'isAllowedCustomOption',
      'isMultiFileAllowed',
      'maxFileLimit',
      'acceptedFormat',
      'textBoxListOptions',
    ],
  ],
  examples: [
    { name: 'Budget', fieldKey: 'contact.budget', dataType: 'MONETORY', model: 'contact', placeholder: '0.00', position: 50 },
    { name: 'Source', fieldKey: 'contact.source', dataType: 'SINGLE_OPTIONS', model: 'contact', picklistOptions: ['Referral', 'Search', 'Fair'] },
  ],
})

/** The key HighLevel derives from a name: `Wedding Date` of a contact is `contact.wedding_date`. */
export function toFieldKey(model: string, name: string): string {
  return `${model}.${toKey(name)}`
}

/** Lower case, everything but letters and digits as one underscore. */
export function toKey(name: string): string {
  const key = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
  return key === '' ? 'field' : key
}
