import type { AppError } from '../../errors.ts'
import { type ObjectType, type Texts, writeTexts } from '../../objects/index.ts'
import { messages } from '../../resources/records/messages.ts'
import {
  createRecords,
  hasId,
  lockRows,
  type NewRecord,
  type RecordDocument,
  type RecordRow,
  type RecordScope,
  updateRecords,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { blankOf, faultsIn, writtenAs } from './kinds.ts'
import { loadPlaces, type Places, placed } from './pipeline-texts.ts'
import { alreadyExists, objectNotFound, refused, requiredMissing, valuesRefused, valueTaken } from './refusals.ts'
import { markWriting } from './settled.ts'
import type { Shelf } from './shelf.ts'
import { findTaken, keyOf, lockValues, uniqueIn } from './taken.ts'
import { tie } from './tying.ts'

/** What becomes of one input: the record that it made or changed, or why there is none. */
export type Outcome = { row: RecordRow } | { error: AppError }

/** An association of a new object, by the numbers of the wire. */
export interface Tie {
  to: string
  types: readonly { associationCategory: string; associationTypeId: number }[] | null
}

export interface Creation {
  texts: Texts
  ties?: readonly (Tie & { type: ObjectType })[]
}

/**
 * From here on the transaction is known to write, and the moment is later than that: whoever reads by the last change
 * sees either what it writes or that it is under way (settled.ts).
 */
export async function beginWriting(ctx: Context, { locationId }: Pick<Shelf, 'locationId'>) {
  await markWriting(ctx.tx)
  return { ...ctx.scope, locationId, author: { ...ctx.author, atMs: Math.max(ctx.author.atMs, ctx.clock.nowMs()) } }
}

/**
 * Makes objects: for each input one, or the reason why not. The caller decides whether one that cannot be made undoes
 * the others. The same statements, however many.
 */
export async function createObjects(ctx: Context, shelf: Shelf, creations: readonly Creation[]): Promise<Outcome[]> {
  const blank = blankOf(ctx, shelf)
  await lockValues(
    ctx,
    shelf,
    creations.map(({ texts }) => texts),
  )
  const inputs = creations.map(({ texts }) => texts)
  const places = await loadPlaces(ctx, shelf, inputs, true)
  const taken = await findTaken(
    ctx,
    shelf,
    inputs.map((texts) => ({ texts, id: null })),
  )
  const twice = repeatedIn(shelf, inputs)
  const ready = inputs.map((texts, index): { created: NewRecord } | { error: AppError } => {
    const other = taken[index]
    if (other) return { error: takenError(shelf, other) }
    const again = twice[index]
    if (again) return { error: again }
    const missing = missingIn(shelf, texts)
    if (missing.length > 0) return { error: requiredMissing(shelf.type, missing) }
    const place = places === null ? { texts, faults: [] } : placed(shelf, places, texts, null)
    const created = { document: documentOf(ctx, shelf, blank, place.texts), ...happenedAt(ctx, shelf, texts) }
    const faults = [...place.faults, ...faultsIn(shelf, created.document)]
    return faults.length > 0 ? { error: valuesRefused(faults, shelf.portal.portalId) } : { created }
  })
  const scope = await beginWriting(ctx, shelf)
  const good = ready.flatMap((one, index) => ('created' in one ? [{ created: one.created, index }] : []))
  const rows = await createRecords(
    scope,
    shelf.resource,
    good.map(({ created }) => created),
  )
  const made = new Map(good.map(({ index }, place) => [index, rows[place] as RecordRow]))
  await tieNew(ctx, scope, shelf, creations, made)
  return ready.map((one, index) => ('error' in one ? one : { row: made.get(index) as RecordRow }))
}

/** A property that has been archived since is asked of nobody. */
const missingIn = ({ type, map }: Shelf, texts: Texts): string[] =>
  type.required.filter(
    (name) => map.has(name) && !texts.some(([property, text]) => property === map.find(name) && text !== null),
  )

function documentOf(ctx: Context, shelf: Shelf, blank: RecordDocument, texts: Texts): RecordDocument {
  return writtenAs(ctx, shelf, writeTexts(blank, texts, shelf.portal.habits), null)
}

/** A message stands where it happened, as on the other wire; not later than now, for whoever reads by moments. */
function happenedAt(ctx: Context, { type }: Shelf, texts: Texts): Pick<NewRecord, 'createdAtMs'> {
  const at = type.kind === messages.kind ? texts.find(([{ name }]) => name === 'hs_timestamp')?.[1] : null
  return at ? { createdAtMs: Math.min(Date.parse(at), ctx.author.atMs) } : {}
}

/** Ties new objects to what they were said to belong to: in sets, by the other type. 400 for what is not there. */
async function tieNew(
  ctx: Context,
  scope: RecordScope,
  shelf: Shelf,
  creations: readonly Creation[],
  made: ReadonlyMap<number, RecordRow>,
): Promise<void> {
  const wanted = creations.flatMap(({ ties = [] }, index) => {
    const row = made.get(index)
    return row === undefined ? [] : ties.map((tie) => ({ ...tie, from: String(row.objectId) }))
  })
  for (const [typeId, pairs] of Map.groupBy(wanted, ({ type }) => type.typeId)) {
    const to = pairs[0]?.type as ObjectType
    const { missing } = await tie(
      ctx,
      { from: shelf.type, to },
      pairs.map((pair) => ({ from: pair.from, to: pair.to, types: pair.types })),
      scope,
    )
    const [first] = missing
    if (first !== undefined) throw refused(`No ${to.name} (${typeId}) with ID ${first.input.to} exists`)
  }
}

export interface Update {
  /** Which of the records that are there. Null: there is none. */
  row: Pick<RecordRow, 'id'> | null
  texts: Texts
}

/** Changes objects that are there; the same rules. Several inputs for one record follow each other. */
export async function updateObjects(ctx: Context, shelf: Shelf, updates: readonly Update[]): Promise<Outcome[]> {
  const inputs = updates.map(({ texts }) => texts)
  await lockValues(ctx, shelf, inputs)
  const places = await loadPlaces(ctx, shelf, inputs, false)
  const ids = [...new Set(updates.flatMap(({ row }) => row?.id ?? []))]
  const locked = new Map((await lockRows(ctx.scope, shelf.resource, hasId(ids))).map((row) => [row.id, row]))
  const taken = await findTaken(
    ctx,
    shelf,
    updates.map(({ row, texts }) => ({ texts, id: row?.id ?? null })),
  )
  const twice = repeatedIn(
    shelf,
    inputs,
    updates.map(({ row }) => row?.id),
  )
  const edited = ({ document }: RecordRow, said: Texts) =>
    said.length === 0 ? document : writtenAs(ctx, shelf, writeTexts(document, said, shelf.portal.habits), document)
  const ready = updates.map(({ row, texts }, index): { texts: Texts; id: string } | { error: AppError } => {
    const current = row === null ? undefined : locked.get(row.id)
    if (current === undefined) return { error: objectNotFound() }
    const other = taken[index]
    if (other) return { error: takenError(shelf, other) }
    const again = twice[index]
    if (again) return { error: again }
    const place = placeAnew(shelf, places, texts, current)
    const faults = [...place.faults, ...faultsIn(shelf, edited(current, place.texts))]
    return faults.length > 0
      ? { error: valuesRefused(faults, shelf.portal.portalId) }
      : { texts: place.texts, id: current.id }
  })
  const texts = Map.groupBy(
    ready.flatMap((one) => ('texts' in one ? [one] : [])),
    ({ id }) => id,
  )
  const edit = (row: RecordRow) => edited(row, texts.get(row.id)?.flatMap((one) => one.texts) ?? [])
  const scope = await beginWriting(ctx, shelf)
  const rows = await updateRecords(scope, shelf.resource, hasId([...texts.keys()]), edit)
  const changed = new Map(rows.map((row) => [row.id, row]))
  return ready.map((one) => ('error' in one ? one : { row: changed.get(one.id) as RecordRow }))
}

function placeAnew(shelf: Shelf, places: Places | null, texts: Texts, current: RecordRow) {
  if (places === null) return { texts, faults: [] }
  const [pipeline, stage] = places.names
  const now = shelf.map.read(current, places.names)
  return placed(shelf, places, texts, { pipeline: now[pipeline] ?? null, stage: now[stage] ?? null })
}

function takenError(
  { type }: Shelf,
  { property, value, row }: { property: Texts[number][0]; value: string; row: RecordRow },
): AppError {
  return property.name === 'email' && type.kind === 'contacts'
    ? alreadyExists(type.label, row.objectId)
    : valueTaken(property.name, value.slice(0, 200), row.objectId)
}

/** Inputs that bring a value which an earlier one of the same request, for another record, brings too. */
function repeatedIn(
  shelf: Shelf,
  inputs: readonly Texts[],
  ids: readonly (string | undefined)[] = [],
): (AppError | null)[] {
  const seen = new Map<string, string | undefined | null>()
  return inputs.map((texts, index) => {
    for (const { property, value } of uniqueIn(texts)) {
      const key = `${property.name} ${keyOf(shelf, property, value)}`
      const id = ids[index] ?? null
      if (seen.has(key) && (id === null || seen.get(key) !== id))
        return refused(`Duplicate IDs found in batch input: [${value.slice(0, 200)}]. IDs must be unique`)
      seen.set(key, id)
    }
    return null
  })
}
