import { sql } from 'kysely'
import { texts as textArray } from '../../db/pool.ts'
import { type Property, readText, type Texts } from '../../objects/index.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { emailKey, foldedText } from '../../store/natural-key.ts'
import {
  allOf,
  findByIdentity,
  hasObjectId,
  listRecords,
  lockIdentity,
  type RecordRow,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { foldedOf } from './property-sql.ts'
import type { Shelf } from './shelf.ts'

/** Contacts that one e-mail may have where the location allows duplicates; of more, the oldest count. */
const MOST_ROWS = 2_000

const isEmail = ({ kind }: Pick<Shelf['type'], 'kind'>, { name }: Property) =>
  kind === contacts.kind && name === 'email'

/** By what two values of a property are the same. */
export const keyOf = ({ type }: Shelf, property: Property, value: string): string =>
  isEmail(type, property) ? emailKey(value) : foldedText(value)

/** The values of an input that nobody else may have. */
export const uniqueIn = (texts: Texts) =>
  texts.flatMap(([property, text]) => (property.unique && text !== null ? [{ property, value: text }] : []))

/**
 * Keeps everybody else from these values until the transaction ends: of two who ask for one at once, the second finds
 * what the first made. Before any record is locked, as on the other wire.
 */
export async function lockValues(ctx: Context, shelf: Shelf, inputs: readonly Texts[]): Promise<void> {
  const values = inputs.flatMap(uniqueIn)
  const emails = values.filter(({ property }) => isEmail(shelf.type, property)).map(({ value }) => value)
  const others = values
    .filter(({ property }) => !isEmail(shelf.type, property))
    .map(({ property, value }) => `unique/${shelf.type.typeId}/${property.name}/${keyOf(shelf, property, value)}`)
  const additionalEmails = [...emails, ...others]
  if (additionalEmails.length > 0) await lockIdentity(ctx.tx, ctx.locationId, { additionalEmails })
}

/** Records by their values of a property that no two share: key -> record. One statement. */
export async function findByValues(
  ctx: Context,
  shelf: Shelf,
  property: Property,
  values: readonly string[],
): Promise<Map<string, RecordRow>> {
  const keys = [...new Set(values.map((value) => keyOf(shelf, property, value)))]
  const found = new Map<string, RecordRow>()
  if (keys.length === 0) return found
  const keep = (key: string | null, row: RecordRow) => {
    if (key !== null && keys.includes(key) && !found.has(key)) found.set(key, row)
  }
  if (isEmail(shelf.type, property)) {
    const wanted = { emails: keys, phones: [], email: undefined, phone: undefined, most: MOST_ROWS }
    const rows = await findByIdentity(ctx.db, ctx.locationId, wanted)
    for (const row of rows) keep(row.document.email === undefined ? null : emailKey(String(row.document.email)), row)
    for (const row of rows)
      for (const email of (row.document.additionalEmails ?? []) as string[]) keep(emailKey(email), row)
    return found
  }
  const where =
    property.place.in === 'row' ? hasObjectId(keys) : sql<boolean>`${foldedOf(property)} = any(${textArray(keys)})`
  const rows = await listRecords(ctx.db, shelf.resource, shelf.locationId, { where: allOf([shelf.where, where]) })
  for (const row of rows) {
    const value = shelf.map.read(row, [property.name])[property.name] ?? null
    keep(value === null ? null : keyOf(shelf, property, value), row)
  }
  return found
}

/** A value of `idProperty` as records have it: numbers and moments in their one spelling. */
export function asStored({ map }: Shelf, property: Property, value: string): string {
  const read = readText({ ...property, readOnly: false }, value, map.owners)
  return 'text' in read ? (read.text ?? value) : value
}

/** Who has a value that an input brings, other than the record itself: for each input, the first that is found. */
export async function findTaken(
  ctx: Context,
  shelf: Shelf,
  inputs: readonly { texts: Texts; id: string | null }[],
): Promise<({ property: Property; value: string; row: RecordRow } | null)[]> {
  const properties = new Map(
    inputs.flatMap(({ texts }) => uniqueIn(texts)).map((one) => [one.property.name, one.property]),
  )
  const found = new Map<string, Map<string, RecordRow>>()
  for (const property of properties.values()) {
    const values = inputs.flatMap(({ texts }) => uniqueIn(texts).filter((one) => one.property === property))
    found.set(
      property.name,
      await findByValues(
        ctx,
        shelf,
        property,
        values.map(({ value }) => value),
      ),
    )
  }
  return inputs.map(({ texts, id }) => {
    for (const { property, value } of uniqueIn(texts)) {
      const row = found.get(property.name)?.get(keyOf(shelf, property, value))
      if (row !== undefined && row.id !== id) return { property, value, row }
    }
    return null
  })
}
