import { allOf, hasObjectId, listDeleted, listRecords, type RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { ARCHIVED_MS } from './declare.ts'
import { refused } from './refusals.ts'
import type { Shelf } from './shelf.ts'
import { asStored, findByValues, keyOf } from './taken.ts'
import { uniqueProperty } from './texts.ts'

/** An object as a caller names it: by its number, or by its value of a property that no two share. */
export interface Name {
  id: string
  idProperty?: string | undefined
}

const isNumber = (idProperty: string | undefined) =>
  idProperty === undefined || idProperty === '' || idProperty.toLowerCase() === 'hs_object_id'

/** The objects that are there, in the order of their names; null for one that is not. One statement for each property. */
export async function findObjects(ctx: Context, shelf: Shelf, names: readonly Name[]): Promise<(RecordRow | null)[]> {
  const found: (RecordRow | null)[] = names.map(() => null)
  const indexed = names.map((name, index) => ({ ...name, index }))
  for (const [idProperty, some] of Map.groupBy(indexed, (one) => (isNumber(one.idProperty) ? '' : one.idProperty))) {
    if (!idProperty) {
      const where = allOf([shelf.where, hasObjectId(some.map(({ id }) => id))])
      const rows = await listRecords(ctx.db, shelf.resource, shelf.locationId, { where })
      const byNumber = new Map(rows.map((row) => [String(row.objectId), row]))
      for (const { id, index } of some) found[index] = byNumber.get(id.replace(/^0+(?=\d)/, '')) ?? null
      continue
    }
    const property = uniqueProperty(shelf, idProperty)
    const values = some.map(({ id }) => asStored(shelf, property, id))
    const rows = await findByValues(ctx, shelf, property, values)
    for (const [place, { index }] of some.entries())
      found[index] = rows.get(keyOf(shelf, property, values[place] as string)) ?? null
  }
  return found
}

export async function findObject(
  ctx: Context,
  shelf: Shelf,
  { archived, ...name }: Name & { archived: boolean },
): Promise<RecordRow | null> {
  const [row] = await (archived ? findArchived : findObjects)(ctx, shelf, [name])
  return row ?? null
}

/** The archived ones among these numbers: one statement. */
export async function findArchived(ctx: Context, shelf: Shelf, names: readonly Name[]): Promise<(RecordRow | null)[]> {
  if (!names.every(({ idProperty }) => isNumber(idProperty)))
    throw refused('Archived objects are found by their ids only')
  const rows = await listDeleted(ctx.db, shelf.resource, shelf.locationId, {
    where: allOf([shelf.where, hasObjectId(names.map(({ id }) => id))]),
    since: new Date(ctx.author.atMs - ARCHIVED_MS),
    limit: names.length,
  })
  const byNumber = new Map(rows.map((row) => [String(row.objectId), row]))
  return names.map(({ id }) => byNumber.get(id) ?? null)
}
