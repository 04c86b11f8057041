import { sql } from 'kysely'
import { type Db, queryOne, type Tx } from '../db/pool.ts'
import type { Journal } from './segments.ts'

export interface ConsumerKey extends Journal {
  name: string
}

export interface Consumer {
  name: string
  /** How far it has read; null: not at all. */
  offset: string | null
  updatedAt: Date
}

const COLUMNS = sql`name, "offset", updated_at as "updatedAt"`
const isKey = ({ appId, locationId, name }: ConsumerKey) =>
  sql`app_id = ${appId} and location_id = ${locationId ?? ''} and name = ${name}`

export function findConsumer(db: Db, key: ConsumerKey): Promise<Consumer | null> {
  return queryOne(db, sql<Consumer>`select ${COLUMNS} from journal_consumer where ${isKey(key)}`)
}

export async function setConsumer(tx: Tx, key: ConsumerKey, offset: string | null, atMs: number): Promise<Consumer> {
  const row = await queryOne(
    tx,
    sql<Consumer>`
      insert into journal_consumer (app_id, location_id, name, "offset", updated_at)
      values (${key.appId}, ${key.locationId ?? ''}, ${key.name}, ${offset}::uuid, ${new Date(atMs)})
      on conflict (app_id, location_id, name) do update
        set "offset" = excluded."offset", updated_at = excluded.updated_at
      returning ${COLUMNS}`,
  )
  return row as Consumer
}

export async function deleteConsumer(tx: Tx, key: ConsumerKey): Promise<boolean> {
  return (await queryOne(tx, sql`delete from journal_consumer where ${isKey(key)} returning 1`)) !== null
}
