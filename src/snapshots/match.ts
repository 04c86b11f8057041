import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import type { Ambiguity } from './identity.ts'

/** An asset of a target that an incoming lineage may be. */
export interface Candidate {
  locationId: string
  kind: string
  lineage: string
  id: string
  /** The asset's own lineage. */
  own: string
  name: string
  /** The incoming lineage is another asset's own there. */
  isNative?: boolean
}

/** Assets of the targets with the key of an entry whose own lineage nothing there has. */
export async function findCandidates(
  db: Db,
  {
    locationIds,
    entries,
  }: { locationIds: readonly string[]; entries: readonly { kind: string; lineage: string; key: string | null }[] },
): Promise<Candidate[]> {
  const keyed = entries.filter((comer) => comer.key !== null)
  if (keyed.length === 0) return []
  return query(
    db,
    sql<Candidate>`
      with target as materialized (select unnest(${texts(locationIds)}) as location_id),
      comer as materialized (
        select * from unnest(${texts(keyed.map((c) => c.kind))}, ${texts(keyed.map((c) => c.lineage))},
          ${texts(keyed.map((c) => c.key))}) c(kind, lineage, key)
      ), same_key as materialized (
        select t.location_id, c.kind, c.lineage, a.id, a.lineage as own, a.name
        from target t
        cross join (select distinct kind from comer) k
        cross join lateral (select kind, id, lineage, name, key from asset where location_id = t.location_id
          and kind = k.kind offset 0) a
        join comer c on c.kind = a.kind and c.key = a.key and c.lineage <> a.lineage
      )
      select location_id as "locationId", kind, lineage, id, own, name from same_key s
      where not exists (select 1 from asset a where a.location_id = s.location_id and a.kind = s.kind
        and a.lineage = s.lineage)
      order by location_id, kind, lineage, id`,
  )
}

/** The assets that a person named. */
export function findChosen(
  db: Db,
  choices: readonly { locationId: string; kind: string; lineage: string; id: string | null }[],
): Promise<Candidate[]> {
  const named = choices.filter((choice) => choice.id !== null)
  return query(
    db,
    sql<Candidate>`
      select a.location_id as "locationId", c.kind, c.lineage, a.id, a.lineage as own, a.name,
        exists (select 1 from asset o where o.location_id = a.location_id and o.kind = c.kind
          and o.lineage = c.lineage) as "isNative"
      from unnest(${texts(named.map((n) => n.kind))}, ${texts(named.map((n) => n.lineage))},
        ${texts(named.map((n) => n.locationId))}, ${texts(named.map((n) => n.id))})
        c(kind, lineage, location_id, id)
      join asset a on a.location_id = c.location_id and a.kind = c.kind and a.id = c.id`,
  )
}

/** Why an asset is ambiguous, and what to do. */
function ambiguityReason(candidates: readonly { id: string; name: string }[]): string {
  const list = candidates.map((candidate) => `"${candidate.name}" (${candidate.id})`).join(', ')
  if (candidates.length === 1)
    return `${list} is claimed by more than one incoming asset. Say in "matches" which one it is.`
  return (
    `${candidates.length} candidates with the same name or key in the target: ${list}. Say which one in "matches", ` +
    'or null for a new one.'
  )
}

export const toAmbiguity = ({ locationId, kind, lineage }: Candidate, group: readonly Candidate[]): Ambiguity => {
  const candidates = group.map(({ id, name }) => ({ id, name }))
  return { locationId, kind, lineage, candidates, reason: ambiguityReason(candidates) }
}
