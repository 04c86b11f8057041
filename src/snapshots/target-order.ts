import { type RawBuilder, sql } from 'kysely'
import { byFoldedText, holdsText } from '../db/folded-text.ts'
import { type Db, query, texts } from '../db/pool.ts'
import type { PushRow } from './push.ts'

/** Where a target stands among all of them by its name, and whether it is one of those that are looked for. */
export interface Place {
  number: number
  isListed: boolean
}

export type Places = ReadonlyMap<string, Place>

/** Of a location `l`: its name holds a part, or that is its id. */
export const isCalled = (part: string): RawBuilder<boolean> =>
  sql<boolean>`(${holdsText(sql`l.name`, part)} or l.id = ${part})`

export const placesOf = (db: Db, locationIds: readonly string[], part?: string): Promise<Places> =>
  order(db, sql`l.id = any(${texts(locationIds)})`, part)

export const placesInPush = (db: Db, push: PushRow, part?: string): Promise<Places> =>
  order(db, sql`l.id in (select location_id from push_target where push_id = ${push.id})`, part)

async function order(db: Db, within: RawBuilder<unknown>, part: string | undefined): Promise<Places> {
  const rows = await query(
    db,
    sql<{ id: string; isListed: boolean }>`
      select l.id, ${part === undefined ? sql`true` : isCalled(part)} as "isListed" from location l
      where ${within} order by ${byFoldedText(sql`l.name`)}, l.id`,
  )
  return new Map(rows.map(({ id, isListed }, number) => [id, { number, isListed }]))
}
