import { type Static, type TSchema, Type } from 'typebox'
import type { PairInput } from '../../objects/index.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import {
  AssociatedAnswer,
  batchOf,
  endsOf,
  faultOf,
  idOf,
  inputs,
  Labels,
  MOST_PAIRS,
  MOST_READ,
  Reference,
  readMany,
  readOf,
  reads,
  Spec,
  showType,
  toBatch,
  toLabels,
  writes,
} from './association-shapes.ts'
import { DefaultAnswer, toDefaults } from './associations.ts'
import { associationLines, datedAssociationLines, undatedAssociationLines } from './lines.ts'
import { tie, untie } from './tying.ts'

const at = (rest: string) => associationLines('POST', `/:fromObjectType/:toObjectType/batch/${rest}`)

const Types = Type.Array(Spec, { minItems: 1, maxItems: 100 })
/** wire/hubspot.md, "Associations v4": of many objects of two types. */
export const associationBatchOperations = [
  operation({
    ...writes,
    ...at('create'),
    name: 'objectAssociations.createBatch',
    title: 'Associate Many Objects',
    description: `At most ${MOST_PAIRS} pairs. Those of which an object is not there are told of, the others are made (207).`,
    status: 201,
    input: inputs(Type.Object({ types: Types, from: Reference, to: Reference }), MOST_PAIRS),
    output: batchOf(Labels),
    async run(ctx, { inputs: given, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      const wanted = given.map(({ from, to, types }) => ({ from: idOf(from), to: idOf(to), types }))
      const { pairs, missing } = await tie(ctx, ends, wanted)
      const made = pairs.map((pair) => toLabels(ends, pair))
      const faults = missing.map((one) => faultOf(ends, one))
      return withStatus(faults.length === 0 ? 201 : 207, toBatch(ctx, made, faults))
    },
  }),
  operation({
    ...writes,
    ...at('associate/default'),
    name: 'objectAssociations.createDefaultBatch',
    title: 'Associate Many Objects Plainly',
    description: `At most ${MOST_PAIRS} pairs. Those of which an object is not there are told of, the others are made.`,
    input: inputs(Type.Object({ from: Reference, to: Reference }), MOST_PAIRS),
    output: batchOf(DefaultAnswer),
    async run(ctx, { inputs: given, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      const wanted = given.map(({ from, to }) => ({ from: idOf(from), to: idOf(to), types: null }))
      const { pairs, missing } = await tie(ctx, ends, wanted)
      const ids = { from: ends.from.typeId, to: ends.to.typeId }
      const made = pairs.flatMap(({ input }) => toDefaults(ids, [input.from, input.to]))
      return toBatch(
        ctx,
        made,
        missing.map((one) => faultOf(ends, one)),
      )
    },
  }),
  operation({
    ...reads,
    ...at('read'),
    name: 'objectAssociations.readBatch',
    title: 'Read Associations of Many Objects',
    description: `Of at most ${MOST_READ} objects. Those that are associated with nothing are told of (207).`,
    input: inputs(
      Type.Object({ id: Reference.properties.id, after: Type.Optional(Type.String({ maxLength: 20 })) }),
      MOST_READ,
    ),
    output: batchOf(readOf(AssociatedAnswer)),
    async run(ctx, { inputs: given, ...named }) {
      const ends = await endsOf(ctx, named, 'read')
      const wanted = given.map(({ id, after }) => ({ objectId: String(id), after }))
      return readMany(ctx, ends, wanted, ({ objectId, types }) => [
        { toObjectId: String(objectId), associationTypes: types.map(showType) },
      ])
    },
  }),
  ...archiving({
    line: 'archive',
    names: ['objectAssociations.deleteBatch', 'objectAssociations.archiveBatch'],
    title: 'Take Many Objects Apart',
    input: inputs(Type.Object({ from: Reference, to: Type.Array(Reference, { maxItems: 100 }) }), 100),
    pairsOf: (given) =>
      given.flatMap(({ from, to }) => to.map((one) => ({ from: idOf(from), to: idOf(one), types: null }))),
  }),
  ...archiving({
    line: 'labels/archive',
    names: ['objectAssociations.deleteTypesBatch', 'objectAssociations.archiveTypesBatch'],
    title: 'Take Types from Associations',
    description: 'Without the plain type, objects are associated no longer.',
    input: inputs(Type.Object({ types: Types, from: Reference, to: Reference }), MOST_PAIRS),
    pairsOf: (given) => given.map(({ from, to, types }) => ({ from: idOf(from), to: idOf(to), types })),
  }),
]

/** The same under both spellings of the path: v4 answers nothing, the dated versions the frame of a batch (spec). */
function archiving<One extends TSchema>({
  line,
  names: [name, datedName],
  pairsOf,
  ...more
}: {
  line: string
  names: [undated: string, dated: string]
  title: string
  description?: string
  input: ReturnType<typeof inputs<One>>
  pairsOf(given: Static<One>[]): PairInput[]
}) {
  const rest = `/:fromObjectType/:toObjectType/batch/${line}`
  const common = { ...writes, ...more, access: 'destructive' } as const
  async function run(ctx: Context, { inputs: given, ...named }: Static<ReturnType<typeof inputs<One>>>) {
    await untie(ctx, await endsOf(ctx, named as never, 'write'), pairsOf(given as Static<One>[]))
  }
  return [
    operation({
      ...common,
      ...undatedAssociationLines('POST', rest),
      name,
      status: 204,
      output: Type.Null(),
      async run(ctx, input) {
        await run(ctx, input as never)
        return null
      },
    }),
    operation({
      ...common,
      ...datedAssociationLines('POST', rest),
      name: datedName,
      output: batchOf(Type.Object({})),
      async run(ctx, input) {
        await run(ctx, input as never)
        return toBatch(ctx, [])
      },
    }),
  ]
}
