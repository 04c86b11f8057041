import { type Static, Type } from 'typebox'
import { type AssociationSpec, type AssociationType, listAssociationTypes, nameOfType } from '../../objects/index.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { Noun } from '../schemas.ts'
import {
  batchOf,
  type Ends,
  endsOf,
  faultOf,
  idOf,
  inputs,
  MOST_PAIRS,
  MOST_READ,
  pairPath,
  Reference,
  readMany,
  readOf,
  reads,
  toBatch,
  writes,
} from './association-shapes.ts'
import { namedAssociationLines } from './lines.ts'
import { refused } from './refusals.ts'
import { tie, untie } from './tying.ts'

const at = (rest: string) => namedAssociationLines('POST', `/batch/${rest}`)
const Named = Type.Object({
  from: Reference,
  to: Reference,
  type: Type.String({ minLength: 1, maxLength: 250, examples: ['contact_to_company'] }),
})
const Tied = Type.Object({
  from: Type.Object({ id: Type.String() }),
  to: Type.Object({ id: Type.String() }),
  type: Type.String(),
})
/** The types between the two ends, by what a caller may call them: by name, or by number. */
async function typesOf(ctx: Context, { from, to }: Ends): Promise<(called: string) => AssociationSpec> {
  const types = await listAssociationTypes(ctx.db, ctx.locationId, from, to)
  const known = new Map<string, AssociationType>()
  for (const type of types.toReversed()) known.set(nameOfType(from, to, type), type).set(String(type.typeId), type)
  return (called) => {
    const type = known.get(called.toLowerCase())
    if (type === undefined) throw refused(`No association type ${called} leads from ${from.name} to ${to.name}`)
    return { associationCategory: type.category, associationTypeId: type.typeId }
  }
}

async function pairsOf(ctx: Context, ends: Ends, given: readonly Static<typeof Named>[]) {
  const specOf = await typesOf(ctx, ends)
  return given.map(({ from, to, type }) => ({ from: idOf(from), to: idOf(to), types: [specOf(type)] }))
}

/** Models of `crm/associations` in the client: associations as they were before v4, with names for types. */
export const namedAssociationOperations = [
  operation({
    ...reads,
    ...namedAssociationLines('GET', '/types'),
    name: 'associationTypes.list',
    title: 'List Names of Types of Association',
    input: Type.Object(pairPath),
    output: Type.Object({
      results: Type.Array(Noun('NamedAssociationType', { id: Type.String(), name: Type.String() })),
    }),
    async run(ctx, named) {
      const { from, to } = await endsOf(ctx, named, 'read')
      const types = await listAssociationTypes(ctx.db, ctx.locationId, from, to)
      return { results: types.map((type) => ({ id: String(type.typeId), name: nameOfType(from, to, type) })) }
    },
  }),
  operation({
    ...writes,
    ...at('create'),
    name: 'objectAssociations.createNamedBatch',
    title: 'Associate Many Objects by Names of Types',
    description: `At most ${MOST_PAIRS} pairs. Those of which an object is not there are told of, the others are made (207).`,
    status: 201,
    input: inputs(Named, MOST_PAIRS),
    output: batchOf(Tied),
    async run(ctx, { inputs: given, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      const { pairs, missing } = await tie(ctx, ends, await pairsOf(ctx, ends, given))
      const made = pairs.map(({ input, named: [type] }) => ({
        from: { id: input.from },
        to: { id: input.to },
        type: nameOfType(ends.from, ends.to, type as AssociationType),
      }))
      const faults = missing.map((one) => faultOf(ends, one))
      return withStatus(faults.length === 0 ? 201 : 207, toBatch(ctx, made, faults))
    },
  }),
  operation({
    ...reads,
    ...at('read'),
    name: 'objectAssociations.readNamedBatch',
    title: 'Read Associations of Many Objects with Names of Types',
    description: `Of at most ${MOST_READ} objects. Those that are associated with nothing are told of (207).`,
    input: inputs(Reference, MOST_READ),
    output: batchOf(readOf(Type.Object({ id: Type.String(), type: Type.String() }))),
    async run(ctx, { inputs: given, ...named }) {
      const ends = await endsOf(ctx, named, 'read')
      const wanted = given.map((one) => ({ objectId: idOf(one) }))
      return readMany(ctx, ends, wanted, ({ objectId, types }) =>
        types.map((type) => ({ id: String(objectId), type: nameOfType(ends.from, ends.to, type) })),
      )
    },
  }),
  operation({
    ...writes,
    ...at('archive'),
    name: 'objectAssociations.deleteNamedBatch',
    title: 'Take Named Types from Associations',
    description: 'Without the plain type, objects are associated no longer.',
    access: 'destructive',
    status: 204,
    input: inputs(Named, MOST_PAIRS),
    output: Type.Null(),
    async run(ctx, { inputs: given, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      await untie(ctx, ends, await pairsOf(ctx, ends, given))
      return null
    },
  }),
]
