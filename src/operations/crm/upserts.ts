import { Type } from 'typebox'
import type { Texts } from '../../objects/index.ts'
import type { RecordRow } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { answerBatch, errorOf, readInputs, refuseRepeated, refuseTooMany, refuseUnlessTraced } from './batches.ts'
import { at, Batch, Named, Properties, TraceId, typePath, writes } from './declare.ts'
import { findObjects } from './found.ts'
import { refused } from './refusals.ts'
import { openShelf, refuseReadOnly, type Shelf } from './shelf.ts'
import { asStored, keyOf, lockValues } from './taken.ts'
import { uniqueProperty } from './texts.ts'
import { createObjects, type Outcome, updateObjects } from './writes.ts'

const Input = Type.Object({ ...Named, properties: Properties(), objectWriteTraceId: TraceId() })

/** What an input is found by: a value of a property that no two share. */
interface Wanted {
  id: string
  idProperty: string
  /** What an object that is made has of it. */
  own: Texts
}

function wantedOf(shelf: Shelf, { id, idProperty }: { id: unknown; idProperty?: string | undefined }): Wanted {
  if (idProperty === undefined) throw refused('An upsert needs an idProperty for each input')
  const property = uniqueProperty(shelf, idProperty)
  const value = asStored(shelf, property, String(id))
  return { id: value, idProperty: property.name, own: property.readOnly ? [] : [[property, value]] }
}

/** By their numbers objects are only updated: nobody chooses the number of a new one. */
const mayBeMade = ({ own }: Wanted) => own.length > 0

export const upsertOperation = operation({
  ...writes,
  ...at('POST', '/batch/upsert'),
  name: 'crmObjects.upsertMany',
  title: 'Create or Update Objects',
  description:
    'Up to 100 objects by their values of `idProperty` (email, or a property with unique values): those that are there ' +
    'are updated, the others made. Each result says whether it is `new`.',
  input: Type.Object({ ...typePath, inputs: Type.Array(Input, { maxItems: 1000 }) }),
  output: Batch,
  async run(ctx, { objectType, inputs }) {
    const shelf = await openShelf(ctx, objectType, 'write')
    refuseReadOnly(shelf)
    refuseTooMany(inputs)
    const wanted = inputs.map((one) => wantedOf(shelf, one))
    refuseRepeated(
      wanted.map(({ id, idProperty }) => [id, `${idProperty} ${keyOf(shelf, uniqueProperty(shelf, idProperty), id)}`]),
    )
    const read = readInputs(
      shelf,
      // The value it is found by is checked like all others.
      inputs.map((one, index) => ({
        ...one,
        properties: mayBeMade(wanted[index] as Wanted)
          ? { [(wanted[index] as Wanted).idProperty]: (wanted[index] as Wanted).id, ...one.properties }
          : one.properties,
      })),
    )
    refuseUnlessTraced(inputs, read.map(errorOf))
    const texts = read.map((one) => ('texts' in one ? one.texts : []))
    await lockValues(ctx, shelf, [...texts, ...wanted.map(({ own }) => own)])
    const rows = await findObjects(ctx, shelf, wanted)
    const outcomes = await writeAll(ctx, shelf, { wanted, rows, texts, errors: read.map(errorOf) })
    refuseUnlessTraced(inputs, outcomes.map(errorOf))
    const isNew = rows.map((row) => row === null)
    return (await answerBatch(ctx, shelf, outcomes, inputs, { status: 200, isNew })) as never
  },
})

/** The new ones in one go, the others in another. */
async function writeAll(
  ctx: Context,
  shelf: Shelf,
  all: {
    wanted: readonly Wanted[]
    rows: readonly (RecordRow | null)[]
    texts: readonly Texts[]
    errors: readonly (Error | null)[]
  },
): Promise<Outcome[]> {
  const outcomes = all.errors.map((error) => ({ error })) as unknown as Outcome[]
  const good = all.wanted.flatMap((_, index) => (all.errors[index] === null ? [index] : []))
  const creating = good.filter((index) => all.rows[index] === null && mayBeMade(all.wanted[index] as Wanted))
  const updating = good.filter((index) => !creating.includes(index))
  // First those that are there: what one of them gives up another may take.
  const updated = await updateObjects(
    ctx,
    shelf,
    updating.map((index) => ({ row: all.rows[index] ?? null, texts: all.texts[index] as Texts })),
  )
  const made =
    creating.length === 0
      ? []
      : await createObjects(
          ctx,
          shelf,
          creating.map((index) => ({ texts: all.texts[index] as Texts })),
        )
  for (const [place, index] of updating.entries()) outcomes[index] = updated[place] as Outcome
  for (const [place, index] of creating.entries()) outcomes[index] = made[place] as Outcome
  return outcomes
}
