import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, Line, List, Name, Optional, Ref, Shape, WireProperty } from './shapes.ts'

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
    description: Optional(Line(2000)),
    showInForms: Optional(Type.Boolean()),
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
    wire: WireProperty(),
  }),
  key: (field) => field.fieldKey,
  unique: 'fieldKey',
  isMergeTag: true,
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
      'wire',
    ],
  ],
  examples: [
    {
      name: 'Budget',
      fieldKey: 'contact.budget',
      dataType: 'MONETORY',
      model: 'contact',
      placeholder: '0.00',
      position: 50,
    },
    {
      name: 'Source',
      fieldKey: 'contact.source',
      dataType: 'SINGLE_OPTIONS',
      model: 'contact',
      picklistOptions: ['Referral', 'Search', 'Fair'],
    },
  ],
})
