import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Line } from '../shapes.ts'

const Id = () => Line(64)
const RELATED = ['contacts', 'opportunities', 'businesses', 'object_records'] as const

/** wire/highlevel/associations.json: createRelationReqDto. Two records that an association (an asset) ties together. */
export const relations = record({
  kind: 'relations',
  label: 'Relation',
  noun: 'relation',
  scopes: { read: 'associations/relation.readonly', write: 'associations/relation.write' },
  schema: Type.Object(
    { associationId: Line(100), firstRecordId: Id(), secondRecordId: Id() },
    { additionalProperties: false },
  ),
  exact: ['associationId', 'firstRecordId', 'secondRecordId'],
  refs: {
    associationId: { to: ['associations'], gone: 'delete' },
    firstRecordId: { to: RELATED, gone: 'delete' },
    secondRecordId: { to: RELATED, gone: 'delete' },
  },
  examples: [
    {
      associationId: 've9EPM428h8vShlRW1KT',
      firstRecordId: 'ocQHyuzHvysMo5N5VsXc',
      secondRecordId: 'yWQobCRIhRguQtD2llvk',
    },
  ],
})
