import { Type } from 'typebox'
import { record } from '../../store/record-resource.ts'
import { Line } from '../shapes.ts'

const Id = () => Line(64)

/** wire/highlevel/associations.json: createRelationReqDto. Two records that an association (an asset) ties together. */
export const relations = record({
  kind: 'relations',
  label: 'Relation',
  noun: 'relation',
  scopes: { read: 'associations/relation.readonly', write: 'associations/relation.write' },
  schema: Type.Object({ associationId: Line(100), firstRecordId: Id(), secondRecordId: Id() }, { additionalProperties: false }),
  exact: ['associationId', 'firstRecordId', 'secondRecordId'],
  examples: [{ associationId: 've9EPM428h8vShlRW1KT', firstRecordId: 'ocQHyuzHvysMo5N5VsXc', secondRecordId: 'yWQobCRIhRguQtD2llvk' }],
})
