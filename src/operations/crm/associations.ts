import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { inverseOf, plainType, readAssociations } from '../../objects/index.ts'
import { operation } from '../define.ts'
import {
  AssociatedAnswer,
  batchOf,
  endsOf,
  Labels,
  ObjectId,
  pairPath,
  reads,
  refuseMissing,
  Spec,
  showType,
  toBatch,
  toLabels,
  writes,
} from './association-shapes.ts'
import { objectLines } from './lines.ts'
import { After, Paging, pagingOf } from './paging.ts'
import { tie, untie } from './tying.ts'

const at = (method: string, rest: string) => objectLines(method, `/:fromObjectType/:fromObjectId/associations${rest}`)
const path = { ...pairPath, fromObjectId: ObjectId(), toObjectId: ObjectId() }

/** Of a default association both directions are told. */
export const DefaultAnswer = Type.Object({
  from: Type.Object({ id: Type.String() }),
  to: Type.Object({ id: Type.String() }),
  associationSpec: Type.Object({ associationCategory: Type.String(), associationTypeId: Type.Integer() }),
})

export function toDefaults({ from, to }: { from: string; to: string }, [one, other]: [string, string]) {
  const plain = plainType(from, to)
  const answer = (a: string, b: string, { category, typeId }: typeof plain) => ({
    from: { id: a },
    to: { id: b },
    associationSpec: { associationCategory: category, associationTypeId: typeId },
  })
  return [answer(one, other, plain), answer(other, one, inverseOf(plain))]
}

/** wire/hubspot.md, "Associations v4": of one object. */
export const objectAssociationOperations = [
  operation({
    ...reads,
    ...at('GET', '/:toObjectType'),
    name: 'objectAssociations.list',
    title: 'List Associations of an Object',
    description: 'What an object is associated with of one type, by number, with all types of association.',
    input: Type.Object({
      ...pairPath,
      fromObjectId: ObjectId(),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 500.' })),
      after: After(),
    }),
    output: Type.Object({ results: Type.Array(AssociatedAnswer), paging: Paging() }),
    async run(ctx, { fromObjectId, limit = 500, after, ...named }) {
      const { from, to } = await endsOf(ctx, named, 'read')
      const wanted = [{ objectId: fromObjectId, after }]
      const { found, of } = await readAssociations(ctx.db, ctx.locationId, { from, to, wanted, limit })
      if (found.size === 0) throw new AppError('not_found', { what: from.name, id: fromObjectId })
      const { associated = [], hasMore = false } = of.get(Number(fromObjectId)) ?? {}
      const last = hasMore ? String(associated.at(-1)?.objectId) : undefined
      const link = `/crm/v4/objects/${from.typeId}/${fromObjectId}/associations/${to.typeId}`
      return {
        results: associated.map(({ objectId, types }) => ({
          toObjectId: String(objectId),
          associationTypes: types.map(showType),
        })),
        ...pagingOf(ctx, link, last, { limit }),
      }
    },
  }),
  operation({
    ...writes,
    ...at('PUT', '/:toObjectType/:toObjectId'),
    name: 'objectAssociations.put',
    title: 'Associate Two Objects',
    description: 'With these types of association. The plain type stands beside whatever else is said.',
    status: 201,
    listBody: 'types',
    input: Type.Object({ ...path, types: Type.Array(Spec, { minItems: 1, maxItems: 100 }) }),
    output: Labels,
    async run(ctx, { fromObjectId, toObjectId, types, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      const { pairs, missing } = await tie(ctx, ends, [{ from: fromObjectId, to: toObjectId, types }])
      refuseMissing(ends, missing)
      return toLabels(ends, pairs[0] as never)
    },
  }),
  operation({
    ...writes,
    ...at('PUT', '/default/:toObjectType/:toObjectId'),
    name: 'objectAssociations.putDefault',
    title: 'Associate Two Objects Plainly',
    input: Type.Object(path),
    output: batchOf(DefaultAnswer),
    async run(ctx, { fromObjectId, toObjectId, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      const { missing } = await tie(ctx, ends, [{ from: fromObjectId, to: toObjectId, types: null }])
      refuseMissing(ends, missing)
      const { from, to } = ends
      return toBatch(ctx, toDefaults({ from: from.typeId, to: to.typeId }, [fromObjectId, toObjectId]))
    },
  }),
  operation({
    ...writes,
    ...at('DELETE', '/:toObjectType/:toObjectId'),
    name: 'objectAssociations.delete',
    title: 'Take Two Objects Apart',
    description: 'Removes all associations between them.',
    access: 'destructive',
    status: 204,
    input: Type.Object(path),
    output: Type.Null(),
    async run(ctx, { fromObjectId, toObjectId, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      await untie(ctx, ends, [{ from: fromObjectId, to: toObjectId, types: null }])
      return null
    },
  }),
]
