import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { invalid } from '../errors.ts'
import type { AssetName, Match, PushDecision, PushOptions } from './options.ts'

export interface CheckedOptions {
  /** Of the version. */
  entries: readonly AssetName[]
  locationIds: readonly string[]
  options: PushOptions
  /** What other versions of the snapshot held and this one does not. */
  goneLineages: readonly AssetName[]
}

/** Whether there is anything to check. */
export const namesAssets = ({ only, matches, policies, decisions = [] }: PushOptions) =>
  only !== undefined ||
  decisions.length > 0 ||
  matches.length > 0 ||
  Object.keys(policies).some((name) => name.includes('/'))

/**
 * 422, with a path for each, where options name what is not there: policies and choices of assets that neither the
 * version nor one before it holds, and answers that cannot hold. An answer that was taken without a word would do
 * nothing, and nobody would know.
 */
export async function checkOptions(
  db: Db,
  { entries, locationIds, options, goneLineages }: CheckedOptions,
): Promise<void> {
  const held = new Set(entries.map(nameOf))
  const known = new Set([...held, ...goneLineages.map(nameOf)])
  const faults = [
    ...Object.keys(options.policies)
      .filter((name) => name.includes('/') && !known.has(name))
      .map((name) => `policies.${name}: the snapshot has no such asset`),
    ...(options.only ?? []).flatMap((asset, index) =>
      known.has(nameOf(asset)) ? [] : [`only[${index}].lineage: the snapshot has no such asset`],
    ),
  ]
  const targets = new Set(locationIds)
  for (const [index, match] of options.matches.entries()) {
    if (!held.has(nameOf(match))) faults.push(`matches[${index}].lineage: the version has no such asset`)
    if (match.locationId !== undefined && !targets.has(match.locationId))
      faults.push(`matches[${index}].locationId: ${match.locationId} is no target`)
  }
  faults.push(...faultsOfDecisions(options.decisions ?? [], { held, targets }))
  if (faults.length === 0) faults.push(...(await faultsOfAnswers(db, options.matches, locationIds, held)))
  if (faults.length > 0) throw invalid(faults)
}

/** What collides where is not looked at: that is for the plan to show. */
function faultsOfDecisions(
  decisions: readonly PushDecision[],
  { held, targets }: { held: ReadonlySet<string>; targets: ReadonlySet<string> },
): string[] {
  const seen = new Map<string, number>()
  return decisions.flatMap((decision, index) => {
    const { locationId, conflict, path } = decision
    if (!held.has(nameOf(decision))) return [`decisions[${index}].lineage: the version has no such asset`]
    if (locationId !== undefined && !targets.has(locationId))
      return [`decisions[${index}].locationId: ${locationId} is no target`]
    const name = JSON.stringify([nameOf(decision), locationId, conflict, path])
    const twin = seen.get(name)
    if (twin !== undefined) return [`decisions[${index}]: decisions[${twin}] decides the same`]
    seen.set(name, index)
    return []
  })
}

const nameOf = ({ kind, lineage }: AssetName) => `${kind}/${lineage}`

/** An asset that an answer names, in one of the targets. */
interface Named {
  index: number
  locationId: string
  own: string
  /** The asset's own lineage and its aliases: all by which entries may reach it. */
  reachedBy: string[]
}

async function faultsOfAnswers(
  db: Db,
  matches: readonly Match[],
  locationIds: readonly string[],
  held: ReadonlySet<string>,
): Promise<string[]> {
  const named = Map.groupBy(await findNamed(db, matches, locationIds), (row) => row.index)
  const answers = new Answers(matches)
  const owners = new Map<string, number>()
  return matches.flatMap((match, index) => {
    const { kind, id } = match
    const twin = answers.twinOf(match, index)
    if (twin !== null) return [`matches[${index}]: matches[${twin}] answers the same otherwise`]
    if (id === null) return []
    const places = named.get(index) ?? []
    if (places.length === 0)
      return [`matches[${index}].id: ${id} is no asset of this kind in ${match.locationId ?? 'any of the targets'}`]
    for (const { locationId, own, reachedBy } of places) {
      const place = `${locationId}/${kind}/${id}`
      const other = owners.get(place)
      if (other !== undefined && matches[other]?.lineage !== match.lineage)
        return [`matches[${index}].id: matches[${other}] names the same asset of ${locationId}`]
      owners.set(place, index)
      const others = reachedBy.filter((lineage) => lineage !== match.lineage && held.has(`${kind}/${lineage}`))
      const reaching = others.find((lineage) => !answers.leadAway(kind, lineage, locationId, lineage === own))
      if (reaching !== undefined)
        return [
          `matches[${index}].id: ${id} is ${kind}/${reaching} of the snapshot already: answer that one, ` +
            `too${reaching === own ? ', with another asset' : ''}`,
        ]
    }
    return []
  })
}

/** Which assets are answered where. */
class Answers {
  readonly #first = new Map<string, { index: number; id: string | null }>()

  constructor(matches: readonly Match[]) {
    for (const [index, { kind, lineage, locationId, id }] of matches.entries()) {
      const name = `${kind}/${lineage}/${locationId ?? ''}`
      if (!this.#first.has(name)) this.#first.set(name, { index, id })
    }
  }

  /** What is to be new leaves the asset that its alias led to, but not the one whose lineage is its own. */
  leadAway(kind: string, lineage: string, locationId: string, isOwn: boolean): boolean {
    const answer = this.#first.get(`${kind}/${lineage}/${locationId}`) ?? this.#first.get(`${kind}/${lineage}/`)
    return answer !== undefined && (answer.id !== null || !isOwn)
  }

  /** An earlier answer to the same question that says something else. */
  twinOf({ kind, lineage, locationId, id }: Match, index: number): number | null {
    const first = this.#first.get(`${kind}/${lineage}/${locationId ?? ''}`)
    return first === undefined || first.index === index || first.id === id ? null : first.index
  }
}

/** Own lineages count only where no alias leads them to another asset. */
function findNamed(db: Db, matches: readonly Match[], locationIds: readonly string[]): Promise<Named[]> {
  const chosen = matches.map((match, index) => ({ ...match, index })).filter((match) => match.id !== null)
  if (chosen.length === 0) return Promise.resolve([])
  return query(
    db,
    sql<Named>`
      with answer as materialized (
        select * from unnest(${chosen.map((m) => m.index)}::integer[], ${texts(chosen.map((m) => m.kind))},
          ${texts(chosen.map((m) => m.locationId ?? null))}, ${texts(chosen.map((m) => m.id))})
          a(index, kind, location_id, id)
      ), target as materialized (select unnest(${texts(locationIds)}) as location_id)
      select n.index, a.location_id as "locationId", a.lineage as own,
        array(
          select l.lineage from asset_alias l where l.location_id = a.location_id and l.kind = a.kind and l.id = a.id
          union all
          select a.lineage where not exists (
            select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind
              and l.lineage = a.lineage and l.id <> a.id)
        ) as "reachedBy"
      from answer n
      join target t on n.location_id is null or t.location_id = n.location_id
      join asset a on a.location_id = t.location_id and a.kind = n.kind and a.id = n.id
      order by n.index, a.location_id`,
  )
}
