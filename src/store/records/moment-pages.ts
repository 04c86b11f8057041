import type { Db } from '../../db/pool.ts'
import { allOf, type Condition, EVERYTHING } from './conditions.ts'
import { type Cursor, isAfter, isAt, type OrderKey } from './order.ts'
import { type PagedRow, pageRecords } from './paging.ts'
import { countRecords } from './reads.ts'
import type { RecordDocument, RecordKind } from './resource.ts'

/*
 * Lists that clients go on with by a moment alone. Many rows may share one: a row that is not the last of its moment
 * tells its place among them as a part of a millisecond, so that the next page begins behind it and not behind all of
 * them. Of those that share a moment, 2047 can be told apart: a number holds that many parts until the year 2109.
 */
const PARTS = 2048

export interface MomentPage {
  where: Condition
  order: OrderKey
  /** As the key stands in a cursor. */
  toKey: (ms: number) => unknown
  /** What the client sends back: the place of the last row, or its moment, and perhaps its id; or a whole cursor. */
  after?: { place: number; id?: string | undefined } | Cursor | undefined
  limit: number
}

export interface PlacedRow<Document extends object> extends PagedRow<Document> {
  /** What to go on by behind it; null where it has no moment. */
  place: number | null
}

export async function pageByMoment<Document extends object = RecordDocument>(
  db: Db,
  resource: RecordKind,
  locationId: string,
  { where, order, toKey, after, limit }: MomentPage,
): Promise<{ records: PlacedRow<Document>[]; total: number; cursor: Cursor | undefined }> {
  const start = after !== undefined && 'place' in after ? after : undefined
  const atMs = start === undefined ? undefined : Math.floor(start.place)
  const ofMoment = (ms: number) => allOf([where, isAt(order, toKey(ms)) ?? EVERYTHING])
  const cursor =
    start === undefined || atMs === undefined ? (after as Cursor | undefined) : await cursorBehind(atMs, start)
  const page = { where, order: [order], after: cursor, limit: limit + 1 }
  const { records, total } = await pageRecords<Document>(db, resource, locationId, page)
  const moments = records.map(({ cursor: [key] }) => momentOf(key))
  let nth = cursor !== undefined && atMs !== undefined && moments[0] === atMs ? await countUpTo(atMs, cursor) : 0
  const placed = records.slice(0, limit).map((row, index) => {
    const ms = moments[index] ?? null
    nth = index > 0 && ms !== moments[index - 1] ? 1 : nth + 1
    const place = ms !== null && ms === moments[index + 1] && nth < PARTS ? ms + nth / PARTS : ms
    return { ...row, place }
  })
  return { records: placed, total, cursor }

  async function cursorBehind(ms: number, { place, id }: { place: number; id?: string | undefined }): Promise<Cursor> {
    const nth = Math.round((place - ms) * PARTS)
    const [last] =
      id !== undefined || nth === 0
        ? []
        : (
            await pageRecords(db, resource, locationId, {
              where: ofMoment(ms),
              order: [order],
              skip: nth - 1,
              limit: 1,
            })
          ).records
    // Without either it goes on behind everything of its moment.
    return [toKey(ms), id ?? last?.id ?? (order.descending ? '' : 'z'.repeat(64))]
  }

  async function countUpTo(ms: number, behind: Cursor): Promise<number> {
    const beyond = isAfter([order], behind) ?? EVERYTHING
    const all = await countRecords(db, resource, locationId, ofMoment(ms))
    return all - (await countRecords(db, resource, locationId, allOf([ofMoment(ms), beyond])))
  }
}

function momentOf(key: unknown): number | null {
  const ms = typeof key === 'string' ? Date.parse(key) : Number(key ?? Number.NaN)
  return Number.isNaN(ms) ? null : ms
}
