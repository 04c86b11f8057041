import { Type } from 'typebox'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { batchOf, toBatch } from './association-shapes.ts'
import { missingProperties } from './batch-faults.ts'
import { reads, typePath, writes } from './declare.ts'
import { lines } from './lines.ts'
import { newProperty, PropertyAnswer, propertyChanges, showProperty } from './property-shapes.ts'
import {
  archiveProperty,
  createProperties,
  type Defined,
  definedAs,
  listArchived,
  listDefined,
  updateProperty,
} from './property-writes.ts'
import { refused } from './refusals.ts'
import { openShelf, type Shelf } from './shelf.ts'

const at = (method: string, rest = '') => lines(method, 'properties', `/:objectType${rest}`)
const Name = () => Type.String({ minLength: 1, maxLength: 200, examples: ['email'] })
const path = { ...typePath, propertyName: Name() }
const Archived = () => Type.Optional(Type.Boolean({ description: 'Those that are archived, in place of others.' }))
const MOST = 100

const show = ({ property, ...known }: Defined) => showProperty(property, known)
const answer = (all: readonly Defined[], name: string) => show(definedAs(all, name))

/** As they are now: what was made in this call is among them. */
const listAnew = async (ctx: Context, { type }: Shelf) => listDefined(ctx, await openShelf(ctx, type.typeId, 'write'))

const Names = Type.Array(Type.Object({ name: Name() }), { maxItems: 1000 })

function refuseTooMany(inputs: readonly unknown[]): void {
  if (inputs.length > MOST) throw refused(`The maximum number of inputs supported in a batch request is ${MOST}`)
}

/** wire/hubspot.md, "Properties": the custom fields of the other wire, and what every portal has. */
export const propertyOperations = [
  operation({
    ...reads,
    ...at('GET'),
    name: 'objectProperties.list',
    title: 'List Properties of a Type',
    input: Type.Object({ ...typePath, archived: Archived() }),
    output: Type.Object({ results: Type.Array(PropertyAnswer) }),
    async run(ctx, { objectType, archived = false }) {
      const shelf = await openShelf(ctx, objectType, 'read')
      return { results: (await (archived ? listArchived : listDefined)(ctx, shelf)).map(show) }
    },
  }),
  operation({
    ...writes,
    ...at('POST'),
    name: 'objectProperties.create',
    title: 'Create Property of a Type',
    description: 'A custom field of the location: the other wire has it under its label.',
    status: 201,
    input: Type.Object({ ...typePath, ...newProperty }),
    output: PropertyAnswer,
    async run(ctx, { objectType, ...wanted }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      await createProperties(ctx, shelf, [wanted as never])
      return answer(await listAnew(ctx, shelf), wanted.name)
    },
  }),
  operation({
    ...reads,
    ...at('GET', '/:propertyName'),
    name: 'objectProperties.get',
    title: 'Get Property of a Type',
    input: Type.Object({ ...path, archived: Archived() }),
    output: PropertyAnswer,
    async run(ctx, { objectType, propertyName, archived = false }) {
      const shelf = await openShelf(ctx, objectType, 'read')
      return answer(await (archived ? listArchived : listDefined)(ctx, shelf), propertyName)
    },
  }),
  operation({
    ...writes,
    ...at('PATCH', '/:propertyName'),
    name: 'objectProperties.update',
    title: 'Update Property of a Type',
    description: 'Replaces what the body names. Properties of HubSpot itself stay as they are.',
    input: Type.Object({ ...path, ...propertyChanges }),
    output: PropertyAnswer,
    async run(ctx, { objectType, propertyName, ...changes }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      await updateProperty(ctx, shelf, definedAs(await listDefined(ctx, shelf), propertyName), changes as never)
      return answer(await listAnew(ctx, shelf), propertyName)
    },
  }),
  operation({
    ...writes,
    ...at('DELETE', '/:propertyName'),
    name: 'objectProperties.archive',
    title: 'Archive Property of a Type',
    description: 'Removes the custom field.',
    access: 'destructive',
    status: 204,
    input: Type.Object(path),
    output: Type.Null(),
    async run(ctx, { objectType, propertyName }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      await archiveProperty(ctx, shelf, definedAs(await listDefined(ctx, shelf), propertyName))
      return null
    },
  }),
  operation({
    ...writes,
    ...at('POST', '/batch/create'),
    name: 'objectProperties.createMany',
    title: 'Create Properties of a Type',
    description: 'Up to 100: all of them or none.',
    status: 201,
    input: Type.Object({ ...typePath, inputs: Type.Array(Type.Object(newProperty), { maxItems: 1000 }) }),
    output: batchOf(PropertyAnswer),
    async run(ctx, { objectType, inputs }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseTooMany(inputs)
      await createProperties(ctx, shelf, inputs as never)
      const all = await listAnew(ctx, shelf)
      return toBatch(
        ctx,
        inputs.map(({ name }) => answer(all, name)),
      )
    },
  }),
  operation({
    ...reads,
    ...at('POST', '/batch/read'),
    name: 'objectProperties.readMany',
    kind: 'trigger',
    title: 'Read Properties of a Type',
    description: 'Up to 100; those that are not there are named in the answer (207).',
    input: Type.Object({ ...typePath, inputs: Names, archived: Archived() }),
    output: batchOf(PropertyAnswer),
    async run(ctx, { objectType, inputs, archived = false }) {
      const shelf = await openShelf(ctx, objectType, 'read')
      refuseTooMany(inputs)
      const all = await (archived ? listArchived : listDefined)(ctx, shelf)
      const found = inputs.map(({ name }) => all.find(({ property }) => property.name === name))
      const missing = inputs.filter((_, index) => found[index] === undefined).map(({ name }) => name)
      const errors = missing.length === 0 ? [] : [missingProperties(missing)]
      const results = found.flatMap((one) => (one === undefined ? [] : [show(one)]))
      return withStatus(errors.length > 0 ? 207 : 200, toBatch(ctx, results, errors)) as never
    },
  }),
  operation({
    ...writes,
    ...at('POST', '/batch/archive'),
    name: 'objectProperties.archiveMany',
    title: 'Archive Properties of a Type',
    description: 'Up to 100. Those that are not there are no fault.',
    access: 'destructive',
    status: 204,
    input: Type.Object({ ...typePath, inputs: Names }),
    output: Type.Null(),
    async run(ctx, { objectType, inputs }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseTooMany(inputs)
      const names = new Set(inputs.map(({ name }) => name))
      const all = (await listDefined(ctx, shelf)).filter(({ property }) => names.has(property.name))
      for (const one of all) await archiveProperty(ctx, shelf, one)
      return null
    },
  }),
]
