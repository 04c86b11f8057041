import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import type { Match } from './options.ts'

/** An incoming asset for which a target has candidates of its own with the same natural key. */
export interface MatchResult {
  locationId: string
  kind: string
  lineage: string
  /** The one asset it is; null when there is more than one candidate, or more than one comer for the same. */
  id: string | null
  own: string | null
  candidates: { id: string; name: string }[]
}

interface Candidate {
  locationId: string
  kind: string
  lineage: string
  id: string
  own: string
  name: string
}

export interface MatchInput {
  targets: readonly string[]
  /** All entries of the version: an asset that one of them already is cannot be matched to another. */
  entries: readonly { kind: string; lineage: string; key: string | null }[]
  /** Entries that may be new to these targets. */
  comers: readonly { kind: string; lineage: string; key: string | null }[]
  choices: readonly Match[]
}

/**
 * Matches incoming assets to those already there, by natural key: only where lineage and alias know nothing. One candidate and one
 * comer make a match; anything else is ambiguous until the push says which.
 */
export async function matchByKey(db: Db, { targets, entries, comers, choices }: MatchInput): Promise<MatchResult[]> {
  const keyed = comers.filter((comer) => comer.key !== null)
  if (keyed.length === 0 || targets.length === 0) return []
  const rows = await query(
    db,
    sql<Candidate>`
      with target as materialized (select unnest(${texts(targets)}) as location_id),
      entry as materialized (select * from unnest(${texts(entries.map((e) => e.kind))}, ${texts(entries.map((e) => e.lineage))}) e(kind, lineage)),
      comer as materialized (
        select * from unnest(${texts(keyed.map((c) => c.kind))}, ${texts(keyed.map((c) => c.lineage))}, ${texts(keyed.map((c) => c.key))}) c(kind, lineage, key)
      ), same_key as materialized (
        select t.location_id, c.kind, c.lineage, a.id, a.lineage as own, a.name
        from target t
        cross join (select distinct kind from comer) k
        cross join lateral (select kind, id, lineage, name, key from asset where location_id = t.location_id and kind = k.kind offset 0) a
        join comer c on c.kind = a.kind and c.key = a.key and c.lineage <> a.lineage
      )
      select location_id as "locationId", kind, lineage, id, own, name from same_key s
      where not exists (select 1 from asset a where a.location_id = s.location_id and a.kind = s.kind and a.lineage = s.lineage)
        and not exists (select 1 from asset_alias l where l.location_id = s.location_id and l.kind = s.kind and l.lineage = s.lineage)
        and not exists (select 1 from entry e where e.kind = s.kind and e.lineage = s.own)
        and not exists (
          select 1 from asset_alias l join entry e on e.kind = l.kind and e.lineage = l.lineage
          where l.location_id = s.location_id and l.kind = s.kind and l.id = s.id)
      order by location_id, kind, lineage, id`,
  )
  const byComer = Map.groupBy(rows, (row) => `${row.locationId}/${row.kind}/${row.lineage}`)
  const byCandidate = Map.groupBy(rows, (row) => `${row.locationId}/${row.kind}/${row.id}`)
  const results: MatchResult[] = []
  for (const group of byComer.values()) {
    const first = group[0] as Candidate
    const { locationId, kind, lineage } = first
    const choice = choices.find((match) => match.kind === kind && match.lineage === lineage && (match.locationId ?? locationId) === locationId)
    if (choice !== undefined && choice.id === null) continue
    const chosen = choice === undefined ? undefined : group.find((row) => row.id === choice.id)
    const alone = group.length === 1 && byCandidate.get(`${locationId}/${kind}/${first.id}`)?.length === 1
    const match = chosen ?? (alone ? first : undefined)
    results.push({
      locationId,
      kind,
      lineage,
      id: match?.id ?? null,
      own: match?.own ?? null,
      candidates: group.map((row) => ({ id: row.id, name: row.name })),
    })
  }
  return results
}

/** Why an asset is ambiguous, and what to do. */
export function ambiguityReason(result: MatchResult): string {
  const list = result.candidates.map((candidate) => `"${candidate.name}" (${candidate.id})`).join(', ')
  return `${result.candidates.length} candidates with the same name or key in the target: ${list}. Say which one in "matches", or null for a new one.`
}
