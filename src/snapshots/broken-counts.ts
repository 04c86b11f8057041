import { sql } from 'kysely'
import { type Db, query, queryOne, texts } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { readMatchedParts } from '../store/assets/index.ts'

/*
 * How many references of each location lead nowhere, kept: to count them reads all documents of a location, about a
 * millisecond for a hundred assets, which is nothing for one and a minute for a fleet. Triggers on assets and aliases say
 * whose count is due, in the transaction that writes; each names itself, so that a count which has read before it ended
 * is not taken for one of what it wrote.
 */

/** Any number, as long as every Tintype process takes the same advisory lock: one counts at a time. */
const COUNT_LOCK = 7_468_031
const MOST_AT_ONCE = 100

/** Counts what is due, the longest due first. Answers of how many locations it was looked for; 0: nothing is due. */
export async function countDue(db: Db, most = MOST_AT_ONCE): Promise<number> {
  return inTransaction(db, async (tx) => {
    const lock = await queryOne(tx, sql<{ held: boolean }>`select pg_try_advisory_xact_lock(${COUNT_LOCK}) as held`)
    if (lock?.held !== true) return 0
    // Before the documents are: whoever writes meanwhile says so by another name, and it stays due.
    const due = await query(
      tx,
      sql<{ locationId: string; writtenBy: string }>`
        select location_id as "locationId", written_by::text as "writtenBy" from broken_count where is_due
        order by written_by, location_id limit ${most}`,
    )
    if (due.length === 0) return 0
    const counts = await countBroken(
      tx,
      due.map(({ locationId }) => locationId),
    )
    // Nobody is waited for: who holds one is writing there, and it is due again at once.
    await sql`
      with counted as (
        select b.location_id, c.broken from broken_count b join unnest(${texts(due.map((one) => one.locationId))},
          ${texts(due.map((one) => one.writtenBy))},
          ${due.map(({ locationId }) => counts.get(locationId) ?? 0)}::int[]) c(location_id, written_by, broken)
          on c.location_id = b.location_id and c.written_by::bigint = b.written_by
        for update of b skip locked
      )
      update broken_count b set broken = c.broken, is_due = false from counted c where c.location_id = b.location_id
    `.execute(tx)
    return due.length
  })
}

/** How many references of these locations lead nowhere; which they are: `findBrokenReferences`. */
export async function countBroken(db: Db, locationIds: readonly string[]): Promise<Map<string, number>> {
  if (locationIds.length === 0) return new Map()
  const matched = await readMatchedParts(db, locationIds)
  const rows = await query(
    db,
    sql<{ locationId: string; broken: number }>`
      with matched as materialized (
        select * from unnest(${texts(matched.map((one) => one.locationId))}, ${texts(matched.map((one) => one.lineage))},
          ${texts(matched.map((one) => one.own))}) m(location_id, lineage, own)
      ), held as materialized (
        select location_id, kind, id, hash, local::text as local from asset
        where location_id = any(${texts(locationIds)})
      ), doc as materialized (
        select b.hash, b.refs, b.parts, array(select distinct n[1]
          from regexp_matches(b.doc::text, '⟦\\^?\\.([A-Za-z0-9-]+)⟧', 'g') n) as named
        from (select distinct hash from held) h join blob b on b.hash = h.hash
      ), beside as materialized (
        select location_id, kind, id, local from held where local like '%⟦%'
      ), ref as (
        select h.location_id, h.kind, h.id, r.ref from held h join doc d on d.hash = h.hash, unnest(d.refs) r(ref)
        union
        select b.location_id, b.kind, b.id, n[1] from beside b,
          regexp_matches(b.local, '⟦\\^?([a-z_]+:[A-Za-z0-9-]+)⟧', 'g') n
      ), part as (
        select h.location_id, h.kind, h.id, p.lineage from held h join doc d on d.hash = h.hash,
          unnest(d.named) p(lineage) where not p.lineage = any(d.parts)
        union
        select b.location_id, b.kind, b.id, n[1] from beside b,
          regexp_matches(b.local, '⟦\\^?\\.([A-Za-z0-9-]+)⟧', 'g') n
      ), there as materialized (
        select distinct h.location_id, p.lineage from held h join doc d on d.hash = h.hash, unnest(d.parts) p(lineage)
      ), lost as (
        select r.location_id from ref r
        where not exists (select 1 from asset t where t.location_id = r.location_id
          and t.kind = split_part(r.ref, ':', 1) and t.lineage = split_part(r.ref, ':', 2))
          and not exists (select 1 from asset_alias l where l.location_id = r.location_id
            and l.kind = split_part(r.ref, ':', 1) and l.lineage = split_part(r.ref, ':', 2))
        union all
        select p.location_id from part p where not exists (
          select 1 from there t where t.location_id = p.location_id and t.lineage = coalesce((
            select m.own from matched m where m.location_id = p.location_id and m.lineage = p.lineage limit 1), p.lineage))
      )
      select location_id as "locationId", count(*)::int as broken from lost group by location_id`,
  )
  return new Map(rows.map(({ locationId, broken }) => [locationId, broken]))
}
