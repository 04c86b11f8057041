import { sql } from 'kysely'
import type { AppPortal } from '../auth/app-portals.ts'
import { query, type Tx, texts } from '../db/pool.ts'
import type { ReadRow } from '../objects/index.ts'
import { firstIdAt } from '../store/changes/index.ts'
import type { RecordDocument } from '../store/records/index.ts'
import { undone } from './inbox.ts'
import type { Item } from './requests.ts'

export interface Wanted {
  portal: AppPortal
  kind: string
  item: Item
}

interface Row {
  number: number
  id: string
  document: RecordDocument
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
}

/**
 * Records as they are, or as they were; null where there is or was none. A statement for each kind, and two for what
 * has happened since and before, whatever the number of records.
 */
export async function readAsOf(tx: Tx, wanted: readonly Wanted[]): Promise<(ReadRow | null)[]> {
  const numbered = wanted.map((one, number) => ({ ...one, number }))
  const rows: Row[] = []
  for (const [kind, of] of Map.groupBy(numbered, (one) => one.kind)) rows.push(...(await readRows(tx, kind, of)))
  const found: (ReadRow | null)[] = wanted.map(() => null)
  const past: { row: Row; of: Wanted }[] = []
  for (const row of rows) {
    const of = wanted[row.number] as Wanted
    if (of.item.asOfMs !== undefined) past.push({ row, of })
    else if (row.deletedAt === null) found[row.number] = toRecord(of, row)
  }
  if (past.length === 0) return found
  const later = await changesSince(tx, past)
  const written = await writtenBefore(tx, past)
  for (const { row, of } of past) {
    const then = of.item.asOfMs as number
    let state: Row = row
    let isForgotten = false
    let exists = row.deletedAt === null || row.deletedAt.getTime() > then
    for (const change of later.get(row.number) ?? []) {
      if (change.op === 'restore' || change.op === 'create') exists = false
      if (change.op === 'delete') exists = true
      // Whoever is to be forgotten was never there.
      if (change.op === 'gdpr_delete') isForgotten = true
      state = { ...state, document: undone(state.document, change.delta ?? {}) }
    }
    const updatedAt = written.get(row.number) ?? row.createdAt
    if (exists && !isForgotten) found[row.number] = toRecord(of, { ...state, deletedAt: null, updatedAt })
  }
  return found
}

/** Each is looked up by its number: a plan that reads a whole location to find thousands takes longer. */
function readRows(tx: Tx, kind: string, wanted: readonly (Wanted & { number: number })[]): Promise<Row[]> {
  return query(
    tx,
    sql<Row>`
      select w.number, r.* from unnest(${wanted.map(({ number }) => number)}::int[],
          ${texts(wanted.map(({ portal }) => portal.locationId))},
          ${wanted.map(({ item }) => item.objectId)}::bigint[]) w(number, location_id, object_id)
        cross join lateral (select id, doc as document, created_at as "createdAt", updated_at as "updatedAt",
          deleted_at as "deletedAt" from record where location_id = w.location_id and kind = ${sql.lit(kind)}
            and object_id = w.object_id limit 1) r`,
  )
}

const toRecord = ({ item }: Wanted, { document, createdAt, updatedAt, deletedAt }: Row): ReadRow => ({
  objectId: item.objectId,
  document,
  createdAt,
  updatedAt,
  deletedAt,
})

interface Later {
  number: number
  op: string
  delta: Record<string, [unknown, unknown]> | null
}

/** What happened to each after its moment, the newest first. */
async function changesSince(tx: Tx, past: readonly { row: Row; of: Wanted }[]): Promise<Map<number, Later[]>> {
  const rows = await query(
    tx,
    sql<Later>`
      select w.number, c.op, c.delta
      from unnest(${texts(past.map(({ of }) => of.portal.locationId))}, ${texts(past.map(({ of }) => of.kind))},
        ${texts(past.map(({ row }) => row.id))}, ${past.map(({ of }) => new Date(of.item.asOfMs as number))}::timestamptz[],
        ${past.map(({ row }) => row.number)}::int[]) w(location_id, kind, id, at, number)
        join change c on c.location_id = w.location_id and c.kind = w.kind and c.entity_id = w.id and c.at > w.at
      order by w.number, c.id desc`,
  )
  const found = new Map<number, Later[]>()
  for (const row of rows) found.set(row.number, [...(found.get(row.number) ?? []), row])
  return found
}

/** When each was written last, at its moment. */
async function writtenBefore(tx: Tx, past: readonly { row: Row; of: Wanted }[]): Promise<Map<number, Date>> {
  const beyond = past.map(({ of }) => firstIdAt(new Date((of.item.asOfMs as number) + 1)))
  const rows = await query(
    tx,
    sql<{ number: number; at: Date }>`
      select w.number, c.at
      from unnest(${texts(past.map(({ of }) => of.portal.locationId))}, ${texts(past.map(({ of }) => of.kind))},
        ${texts(past.map(({ row }) => row.id))}, ${beyond}::uuid[],
        ${past.map(({ row }) => row.number)}::int[]) w(location_id, kind, id, beyond, number)
        cross join lateral (select at from change where location_id = w.location_id and kind = w.kind
          and entity_id = w.id and id < w.beyond order by id desc limit 1) c`,
  )
  return new Map(rows.map(({ number, at }) => [number, at]))
}
