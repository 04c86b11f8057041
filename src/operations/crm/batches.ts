import { type Static, type TProperties, Type } from 'typebox'
import type { AppError } from '../../errors.ts'
import type { Texts } from '../../objects/index.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { archiveObjects } from './archiving.ts'
import { toBatch } from './association-shapes.ts'
import { type Fault, faultOf, missingFault } from './batch-faults.ts'
import {
  Archived,
  at,
  Batch,
  IdProperty,
  MOST_INPUTS,
  MOST_WITH_HISTORY,
  Named,
  NewAssociations,
  Properties,
  reads,
  TraceId,
  typePath,
  writes,
} from './declare.ts'
import { findArchived, findObjects } from './found.ts'
import { refused, valuesRefused } from './refusals.ts'
import { openShelf, refuseReadOnly, type Shelf } from './shelf.ts'
import { namesIn, showObjects } from './show.ts'
import { type Given, readGiven } from './texts.ts'
import { tieReader } from './ties.ts'
import { createObjects, type Outcome, updateObjects } from './writes.ts'

/** The first fault of a batch is told in its words before the schema's: clients read them. */
const Inputs = <P extends TProperties>(properties: P) => Type.Array(Type.Object(properties), { maxItems: 1000 })

const names = () => Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000 }))

export function refuseTooMany(inputs: readonly unknown[], most = MOST_INPUTS): void {
  if (inputs.length <= most) return
  const what =
    most === MOST_WITH_HISTORY
      ? `The maximum number of inputs supported in a batch request for property histories is ${MOST_WITH_HISTORY}`
      : `The maximum number of inputs supported in a batch request is ${MOST_INPUTS}`
  throw refused(`${what}, but ${inputs.length} were given`)
}

export interface Traced {
  properties: Given
  objectWriteTraceId?: string | undefined
}

/** The values of each input, or what is wrong with them. */
export function readInputs(shelf: Shelf, inputs: readonly Traced[]): ({ texts: Texts } | { error: AppError })[] {
  return inputs.map(({ properties }) => {
    const { texts, faults } = readGiven(shelf, properties)
    return faults.length > 0 ? { error: valuesRefused(faults, shelf.portal.portalId) } : { texts }
  })
}

/** Two inputs for one object would contradict each other. `keys`: what each names, as it is given and as it is told apart. */
export function refuseRepeated(keys: readonly (readonly [given: string, key: string])[]): void {
  const seen = new Set<string>()
  for (const [given, key] of keys) {
    if (seen.has(key)) throw refused(`Duplicate IDs found in batch input: [${given.slice(0, 200)}]. IDs must be unique`)
    seen.add(key)
  }
}

/**
 * One input that is wrong undoes the whole batch, unless each says by which name its outcome is to be told: then the
 * others are written. `lenient` ones never undo it.
 */
export function refuseUnlessTraced(inputs: readonly Traced[], errors: readonly (AppError | null)[]): void {
  const first = errors.find((error) => error !== null)
  if (first && !inputs.every(({ objectWriteTraceId }) => objectWriteTraceId !== undefined)) throw first
}

/** 207 where some inputs came to nothing. */
export async function answerBatch(
  ctx: Context,
  shelf: Shelf,
  outcomes: readonly Outcome[],
  inputs: readonly (Traced & { id?: unknown })[],
  options: { status: number; isNew?: readonly boolean[] },
) {
  const rows = outcomes.flatMap((one) => ('row' in one ? [one.row] : []))
  const written = [...new Set(inputs.flatMap(({ properties }) => Object.keys(properties)))]
  const shown = await showObjects(ctx, shelf, rows, { properties: [...shelf.type.shown, ...written] })
  const results: Static<typeof Batch>['results'] = []
  const errors: Fault[] = []
  const missing: string[] = []
  for (const [index, outcome] of outcomes.entries()) {
    const { objectWriteTraceId, id } = inputs[index] as Traced & { id?: unknown }
    if ('row' in outcome) {
      const one = shown[results.length] as (typeof shown)[number]
      results.push({
        ...one,
        ...(options.isNew === undefined ? {} : { new: options.isNew[index] ?? false }),
        ...(objectWriteTraceId === undefined ? {} : { objectWriteTraceId }),
      })
    } else if (outcome.error.code === 'resource_unknown' && objectWriteTraceId === undefined) missing.push(String(id))
    else errors.push(faultOf(outcome.error, objectWriteTraceId))
  }
  if (missing.length > 0) errors.push(missingFault(shelf.type, missing))
  return withStatus(errors.length > 0 ? 207 : options.status, toBatch(ctx, results, errors))
}

export const batchOperations = [
  operation({
    ...writes,
    ...at('POST', '/batch/create'),
    name: 'crmObjects.createMany',
    title: 'Create Objects',
    description:
      'Up to 100 new objects: all of them or none. Where each has an `objectWriteTraceId`, those that are right are ' +
      'made, and the answer (207) names the others.',
    status: 201,
    input: Type.Object({
      ...typePath,
      inputs: Inputs({ properties: Properties(), associations: NewAssociations(), objectWriteTraceId: TraceId() }),
    }),
    output: Batch,
    async run(ctx, { objectType, inputs }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      refuseTooMany(inputs)
      const read = readInputs(shelf, inputs)
      refuseUnlessTraced(inputs, read.map(errorOf))
      const toTies = tieReader(ctx, shelf)
      const creations = []
      for (const [index, one] of read.entries())
        if ('texts' in one) creations.push({ texts: one.texts, ties: await toTies(inputs[index]?.associations) })
      const made = await createObjects(ctx, shelf, creations)
      refuseUnlessTraced(inputs, made.map(errorOf))
      return (await answerBatch(ctx, shelf, inPlace(read, made), inputs, { status: 201 })) as never
    },
  }),
  operation({
    ...writes,
    ...at('POST', '/batch/update'),
    name: 'crmObjects.updateMany',
    title: 'Update Objects',
    description: 'Up to 100 objects; those that are not there are named in the answer (207).',
    input: Type.Object({
      ...typePath,
      inputs: Inputs({ ...Named, properties: Properties(), objectWriteTraceId: TraceId() }),
    }),
    output: Batch,
    async run(ctx, { objectType, inputs }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      refuseTooMany(inputs)
      const read = readInputs(shelf, inputs)
      refuseUnlessTraced(inputs, read.map(errorOf))
      const rows = await findObjects(
        ctx,
        shelf,
        inputs.map(({ id, idProperty }) => ({ id: String(id), idProperty })),
      )
      refuseRepeated(inputs.map(({ id }, index) => [String(id), rows[index]?.id ?? `? ${id}`]))
      const updates = read.flatMap((one, index) =>
        'texts' in one ? [{ row: rows[index] ?? null, texts: one.texts }] : [],
      )
      const changed = await updateObjects(ctx, shelf, updates)
      const refusals = changed.map((one) =>
        'error' in one && one.error.code !== 'resource_unknown' ? one.error : null,
      )
      refuseUnlessTraced(inputs, refusals)
      return (await answerBatch(ctx, shelf, inPlace(read, changed), inputs, { status: 200 })) as never
    },
  }),
  operation({
    ...reads,
    ...at('POST', '/batch/read'),
    name: 'crmObjects.readMany',
    kind: 'trigger',
    title: 'Read Objects',
    description:
      'Up to 100 objects, 50 with property histories; those that are not there are named in the answer (207).',
    query: ['archived'],
    input: Type.Object({
      ...typePath,
      inputs: Inputs({ id: Named.id }),
      archived: Archived(),
      idProperty: IdProperty(),
      properties: names(),
      propertiesWithHistory: names(),
    }),
    output: Batch,
    async run(ctx, { objectType, inputs, archived = false, idProperty, properties, propertiesWithHistory }) {
      const shelf = await openShelf(ctx, objectType, 'read')
      refuseTooMany(inputs, namesIn(propertiesWithHistory).length > 0 ? MOST_WITH_HISTORY : MOST_INPUTS)
      const wanted = [...new Set(inputs.map(({ id }) => String(id)))]
      const find = archived ? findArchived : findObjects
      const rows = await find(
        ctx,
        shelf,
        wanted.map((id) => ({ id, idProperty })),
      )
      const missing = wanted.filter((_, index) => rows[index] === null)
      const there = rows.flatMap((row) => row ?? [])
      const results = await showObjects(ctx, shelf, there, { properties, propertiesWithHistory })
      const errors = missing.length === 0 ? [] : [missingFault(shelf.type, missing)]
      return withStatus(errors.length > 0 ? 207 : 200, toBatch(ctx, results, errors)) as never
    },
  }),
  operation({
    ...writes,
    ...at('POST', '/batch/archive'),
    name: 'crmObjects.archiveMany',
    title: 'Archive Objects',
    description: 'Up to 100 objects. Those that are not there are no fault.',
    access: 'destructive',
    status: 204,
    input: Type.Object({ ...typePath, inputs: Inputs({ id: Named.id }) }),
    output: Type.Null(),
    async run(ctx, { objectType, inputs }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      refuseTooMany(inputs)
      const rows = await findObjects(
        ctx,
        shelf,
        inputs.map(({ id }) => ({ id: String(id) })),
      )
      await archiveObjects(ctx, shelf, [...new Set(rows.flatMap((row) => row?.id ?? []))])
      return null
    },
  }),
]

/** What became of all inputs, in their order: those that could not be read, and the others as they were written. */
function inPlace(read: readonly (Outcome | object)[], written: readonly Outcome[]): Outcome[] {
  const left = written.values()
  return read.map((one) => ('error' in one ? (one as Outcome) : (left.next().value as Outcome)))
}

export const errorOf = (one: object): AppError | null => ('error' in one ? (one.error as AppError) : null)
