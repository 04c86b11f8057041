import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, Line, List, Name, Optional, Ref, Shape, Text, WireProperty } from './shapes.ts'

/** wire/highlevel/custom-fields.json: CreateCustomFieldsDTO. */
export const FIELD_TYPES = [
  'TEXT',
  'LARGE_TEXT',
  'NUMERICAL',
  'PHONE',
  'MONETORY',
  'CHECKBOX',
  'SINGLE_OPTIONS',
  'MULTIPLE_OPTIONS',
  'DATE',
  'TEXTBOX_LIST',
  'FILE_UPLOAD',
  'RADIO',
  'EMAIL',
] as const
export const FORMATS = [
  '.pdf',
  '.docx',
  '.doc',
  '.jpg',
  '.jpeg',
  '.png',
  '.gif',
  '.csv',
  '.xlsx',
  '.xls',
  'all',
] as const

/** ICustomField: a property of a custom object or of businesses, or a folder of such. */
export const objectFields = asset({
  kind: 'object_fields',
  label: 'Object Field',
  noun: 'object field',
  scopes: { read: 'locations/customFields.readonly', write: 'locations/customFields.write' },
  schema: Type.Object({
    name: Name(),
    fieldKey: Line(600),
    objectKey: Line(200),
    objectId: Optional(Ref('The custom object.')),
    documentType: Choice('field', 'folder'),
    parentId: Optional(Ref('The folder.')),
    dataType: Choice(...FIELD_TYPES),
    description: Optional(Text()),
    placeholder: Optional(Line()),
    showInForms: Optional(Type.Boolean()),
    options: Optional(
      List(
        Shape({ key: Line(100), label: Line(200), url: Optional(Line(2000)) }, { description: 'By their keys.' }),
        500,
      ),
    ),
    acceptedFormats: Optional(Choice(...FORMATS)),
    maxFileLimit: Optional(Count(1000)),
    allowCustomOption: Optional(Type.Boolean()),
    wire: WireProperty(),
  }),
  key: (field) => field.fieldKey,
  unique: 'fieldKey',
  refs: { objectId: 'objects', parentId: 'object_fields' },
  // Options of one type mean nothing to another.
  together: [['dataType', 'options', 'acceptedFormats', 'maxFileLimit', 'allowCustomOption', 'wire']],
  examples: [
    {
      name: 'Name',
      fieldKey: 'business.short_name',
      objectKey: 'business',
      documentType: 'field',
      dataType: 'TEXT',
      showInForms: true,
    },
  ],
})
