import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import type { Entry } from './capture.ts'
import type { Match } from './options.ts'
import type { Wanted } from './wanted.ts'

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
 * Which entries may be new to targets that stand at a known version: what that version did not have, and what such a target
 * deleted, as it may have made it again since.
 */
export async function comersOf(db: Db, wanted: Wanted, currents: readonly string[]): Promise<Entry[]> {
  const rows =
    currents.length === 0
      ? []
      : await query(db, sql<{ kind: string; lineage: string }>`select distinct kind, lineage from asset_tombstone where location_id = any(${texts(currents)})`)
  const buried = new Set(rows.map((row) => `${row.kind}:${row.lineage}`))
  return wanted.entries.filter(({ kind, lineage }) => wanted.added.has(`${kind}:${lineage}`) || buried.has(`${kind}:${lineage}`))
}

/**
 * Matches incoming assets to those already there, by natural key: only where lineage and alias know nothing. One candidate and one
 * comer make a match; anything else is ambiguous until the push says which. What the push says goes before the key.
 */
export async function matchByKey(db: Db, input: MatchInput): Promise<MatchResult[]> {
  const { targets, comers, choices } = input
  if (comers.length === 0 || targets.length === 0) return []
  const choiceOf = ({ kind, lineage, locationId }: Candidate) =>
    choices.find((choice) => choice.kind === kind && choice.lineage === lineage && (choice.locationId ?? locationId) === locationId)
  const byKey = await findCandidates(db, input)
  const chosen = choices.some((choice) => choice.id !== null) ? await findChosen(db, input) : []
  const taken = Map.groupBy(chosen, (row) => `${row.locationId}/${row.kind}/${row.id}`)
  const byCandidate = Map.groupBy(byKey, (row) => `${row.locationId}/${row.kind}/${row.id}`)
  const results: MatchResult[] = []
  const settled = new Set<string>()
  for (const row of chosen) {
    const twice = (taken.get(`${row.locationId}/${row.kind}/${row.id}`)?.length ?? 0) > 1
    settled.add(nameOf(row))
    results.push({ ...coordinates(row), id: twice ? null : row.id, own: twice ? null : row.own, candidates: [{ id: row.id, name: row.name }] })
  }
  for (const group of Map.groupBy(byKey, nameOf).values()) {
    const first = group[0] as Candidate
    const choice = choiceOf(first)
    if (settled.has(nameOf(first)) || (choice !== undefined && choice.id === null)) continue
    const alone = choice === undefined && group.length === 1 && byCandidate.get(`${first.locationId}/${first.kind}/${first.id}`)?.length === 1
    results.push({
      ...coordinates(first),
      id: alone ? first.id : null,
      own: alone ? first.own : null,
      candidates: group.map((row) => ({ id: row.id, name: row.name })),
    })
  }
  return results
}

const nameOf = ({ locationId, kind, lineage }: Candidate) => `${locationId}/${kind}/${lineage}`
const coordinates = ({ locationId, kind, lineage }: Candidate) => ({ locationId, kind, lineage })

/** Assets of the targets with the key of a comer that neither lineage nor alias knows there, and that no entry claims. */
async function findCandidates(db: Db, { targets, entries, comers }: MatchInput): Promise<Candidate[]> {
  const keyed = comers.filter((comer) => comer.key !== null)
  if (keyed.length === 0) return []
  return query(
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
}

/** Assets that the push names for comers which neither lineage nor alias knows in the target. */
function findChosen(db: Db, { targets, comers, choices }: MatchInput): Promise<Candidate[]> {
  const named = choices.filter((choice) => choice.id !== null && comers.some((comer) => comer.kind === choice.kind && comer.lineage === choice.lineage))
  return query(
    db,
    sql<Candidate>`
      select distinct on (a.location_id, c.kind, c.lineage) a.location_id as "locationId", c.kind, c.lineage, a.id, a.lineage as own, a.name
      from unnest(${texts(named.map((n) => n.kind))}, ${texts(named.map((n) => n.lineage))}, ${texts(named.map((n) => n.locationId ?? null))}, ${texts(named.map((n) => n.id))})
        c(kind, lineage, location_id, id)
      join asset a on a.location_id = any(${texts(targets)}) and a.kind = c.kind and a.id = c.id and (c.location_id is null or c.location_id = a.location_id)
      where not exists (select 1 from asset o where o.location_id = a.location_id and o.kind = c.kind and o.lineage = c.lineage)
        and not exists (select 1 from asset_alias l where l.location_id = a.location_id and l.kind = c.kind and l.lineage = c.lineage)`,
  )
}

/** Why an asset is ambiguous, and what to do. */
export function ambiguityReason(result: MatchResult): string {
  if (result.candidates.length === 1)
    return `"${result.candidates[0]?.name}" (${result.candidates[0]?.id}) is claimed by more than one incoming asset. Say in "matches" which one it is.`
  const list = result.candidates.map((candidate) => `"${candidate.name}" (${candidate.id})`).join(', ')
  return `${result.candidates.length} candidates with the same name or key in the target: ${list}. Say which one in "matches", or null for a new one.`
}
