import { sql } from 'kysely'
import { type Db, json, query, type Tx, texts } from '../../db/pool.ts'
import { queryPrepared } from '../../db/prepared.ts'
import type { Connection } from '../connections/connection.ts'
import type { Link } from './writer.ts'

type Place = Pick<Connection, 'locationId' | 'id'>

export interface NewLink extends Link {
  externalId: string
  kind: string
}

/** One look for each: of a list the planner, where it has not counted yet, would read all of a connection's. */
export async function findLinks(
  db: Db,
  { locationId, id }: Place,
  kind: string,
  externalIds: readonly string[],
): Promise<Map<string, Link>> {
  if (externalIds.length === 0) return new Map()
  const rows = await query(
    db,
    sql<Link & { externalId: string }>`
      select l.* from unnest(${texts([...new Set(externalIds)])}) w(external_id) cross join lateral (
        select external_id as "externalId", record_id as "recordId", hash, synced from connection_link
        where location_id = ${locationId} and connection_id = ${id} and external_id = w.external_id and kind = ${kind}
        offset 0) l`,
  )
  return new Map(rows.map(({ externalId, ...link }) => [externalId, link]))
}

export async function writeLinks(
  tx: Tx,
  { locationId, id }: Place,
  links: readonly NewLink[],
  atMs: number,
): Promise<void> {
  if (links.length === 0) return
  await queryPrepared(
    tx,
    sql`
    insert into connection_link (location_id, connection_id, external_id, kind, record_id, hash, synced, at)
    select ${locationId}, ${id}, l."externalId", l.kind, l."recordId", l.hash, l.synced, ${new Date(atMs)}
    from jsonb_to_recordset(${json(links)}) l("externalId" text, kind text, "recordId" text, hash text, synced jsonb)
    on conflict (location_id, connection_id, external_id) do update set kind = excluded.kind,
      record_id = excluded.record_id, hash = excluded.hash, synced = excluded.synced, at = excluded.at`,
  )
}

/** What is known of these records, by all their outside ids. */
export function linksOf(tx: Tx, { locationId, id }: Place, recordIds: readonly string[]): Promise<NewLink[]> {
  return query(
    tx,
    sql<NewLink>`select external_id as "externalId", kind, record_id as "recordId", hash, synced from connection_link
      where location_id = ${locationId} and connection_id = ${id} and record_id = any(${texts(recordIds)})`,
  )
}

/** They are gone: what comes of them next makes others. */
export async function dropLinks(tx: Tx, { locationId, id }: Place, recordIds: readonly string[]): Promise<void> {
  await sql`delete from connection_link where location_id = ${locationId} and connection_id = ${id}
      and record_id = any(${texts(recordIds)})`.execute(tx)
}

/** A record has taken in another one: what comes of that is its own from now on, after what was written last of it. */
export async function moveLinks(
  tx: Tx,
  locationId: string,
  { kind, fromId, toId }: { kind: string; fromId: string; toId: string },
): Promise<void> {
  await sql`update connection_link set record_id = ${toId} where location_id = ${locationId} and record_id = ${fromId}
      and kind = ${kind}`.execute(tx)
}

/** The records that any connection of the location knows by these names: theirs of ours. */
export async function recordsByOutsideId(
  db: Db,
  locationId: string,
  kind: string,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  if (externalIds.length === 0) return new Map()
  const rows = await query(
    db,
    sql<{ externalId: string; recordId: string }>`
      select l.* from unnest(${texts([...new Set(externalIds)])}) w(external_id) cross join lateral (
        select external_id as "externalId", record_id as "recordId" from connection_link
        where location_id = ${locationId} and external_id = w.external_id and kind = ${kind}
        order by at desc limit 1) l`,
  )
  return new Map(rows.map(({ externalId, recordId }) => [externalId, recordId]))
}
