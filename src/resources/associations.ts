import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Line } from './shapes.ts'

/**
 * wire/highlevel/associations.json: createAssociationReqDto. It types labels and keys as objects; its examples are
 * strings, and so are they.
 */
export const associations = asset({
  kind: 'associations',
  label: 'Association',
  noun: 'association',
  scopes: { read: 'associations.readonly', write: 'associations.write' },
  schema: Type.Object({
    key: Type.String({ minLength: 1, maxLength: 200 }),
    firstObjectLabel: Line(200),
    firstObjectKey: Type.String({ minLength: 1, maxLength: 200 }),
    secondObjectLabel: Line(200),
    secondObjectKey: Type.String({ minLength: 1, maxLength: 200 }),
    associationType: Choice('USER_DEFINED', 'SYSTEM_DEFINED'),
  }),
  key: (association) => association.key,
  unique: 'key',
  title: (association) => association.key,
  examples: [
    {
      key: 'planner_couple',
      firstObjectLabel: 'Planner',
      firstObjectKey: 'contact',
      secondObjectLabel: 'Couple',
      secondObjectKey: 'contact',
      associationType: 'USER_DEFINED',
    },
  ],
})
