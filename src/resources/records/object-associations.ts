import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Line, Optional } from '../shapes.ts'

const Id = () => Line(64)
const TypeId = () => Line(40)
const ObjectId = () => Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const AssociationType = () => Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

/** Kinds of records that the HubSpot wire ties together. */
const ENDS = [
  'contacts',
  'businesses',
  'opportunities',
  'tickets',
  'crm_products',
  'line_items',
  'quotes',
  'tasks',
  'notes',
  'appointments',
  'messages',
  'invoices',
  'orders',
  'leads',
  'object_records',
] as const

/**
 * One type of association between two objects (wire/hubspot.md, "Associations v4"): what no field of either says. A pair
 * with a label has two: the plain type stands beside it. One with a label is a relation of the other wire
 * (docs/decisions/0019). The end of the lower type, or with the lower number, is `from`;
 * `typeId` is the type's number as seen from there, `inverseTypeId` as seen from the other end. Numbers of the wire
 * stand beside our ids, so that the change log alone says what was tied together.
 */
export const objectAssociations = record({
  kind: 'object_associations',
  label: 'Object Association',
  noun: 'association',
  scopes: { read: 'associations/relation.readonly', write: 'associations/relation.write' },
  schema: Type.Object(
    {
      fromType: TypeId(),
      fromId: Id(),
      fromObjectId: ObjectId(),
      toType: TypeId(),
      toId: Id(),
      toObjectId: ObjectId(),
      category: Choice('HUBSPOT_DEFINED', 'USER_DEFINED'),
      typeId: AssociationType(),
      inverseTypeId: AssociationType(),
      /** Of a type that somebody defined: the association (an asset) that says its labels. */
      labelId: Optional(Line(100)),
      /** Of a plain one that nobody asked for: it is there because of the labels beside it. */
      implied: Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  exact: ['fromId', 'toId', 'labelId'],
  refs: {
    fromId: { to: ENDS, gone: 'delete' },
    toId: { to: ENDS, gone: 'delete' },
    labelId: { to: ['associations'], gone: 'delete' },
  },
  examples: [
    {
      fromType: '0-3',
      fromId: 'yWQobCRIhRguQtD2llvk',
      fromObjectId: 5001,
      toType: '0-5',
      toId: 'ocQHyuzHvysMo5N5VsXc',
      toObjectId: 7001,
      category: 'HUBSPOT_DEFINED',
      typeId: 27,
      inverseTypeId: 28,
    },
  ],
})
