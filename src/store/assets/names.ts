import { type RawBuilder, sql } from 'kysely'
import { holdsText } from '../../db/folded-text.ts'
import { type Db, query, texts } from '../../db/pool.ts'
import { readMarkers, replaceMarkers } from '../markers.ts'
import { foldedText } from '../natural-key.ts'
import { readingOf } from './from-portable.ts'
import { resolveLineages } from './lineages.ts'

/**
 * Rows with the names of assets as their location reads them. The column holds them in portable form, which differs
 * only where a name holds a reference or a ⟦: other rows cost nothing.
 */
export async function showNames<Row extends { name: string }>(db: Db, locationId: string, rows: Row[]): Promise<Row[]> {
  const marked = rows.filter((row) => row.name.includes('⟦'))
  if (marked.length === 0) return rows
  const markers = marked.map((row) => readMarkers(row.name))
  const resolver = await resolveLineages(db, locationId, {
    refs: markers.flatMap(({ refs }) => refs),
    readParts: () => markers.flatMap(({ parts }) => parts),
  })
  const reading = readingOf({ locationId, ...resolver })
  return rows.map((row) => ({ ...row, name: replaceMarkers(row.name, reading) }))
}

/** Condition on `asset`: its name, as the location reads it, holds the text. */
export async function nameHolds(
  db: Db,
  locationId: string,
  kind: string,
  search: string,
): Promise<RawBuilder<boolean>> {
  const marked = await query(
    db,
    sql<{
      id: string
      name: string
    }>`select id, name from asset where location_id = ${locationId} and kind = ${kind} and position('⟦' in name) > 0`,
  )
  const found = (await showNames(db, locationId, marked))
    .filter(({ name }) => foldedText(name).includes(foldedText(search)))
    .map(({ id }) => id)
  return sql<boolean>`(position('⟦' in name) = 0 and ${holdsText(sql`name`, search)}
      or id = any(${texts(found)}))`
}
