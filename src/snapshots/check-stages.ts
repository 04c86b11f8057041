import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { invalid } from '../errors.ts'
import { findPartLineage } from '../store/assets/index.ts'
import type { PushOptions } from './options.ts'
import { STAGED } from './stages-after.ts'

type Answers = NonNullable<PushOptions['stages']>

export interface CheckedStages {
  snapshotId: string
  sourceLocationId: string | null
  version: number
  locationIds: readonly string[]
  stages: Answers
}

/**
 * Where opportunities go, with what was named by its id in the source named by its lineage, which says the same to
 * every target. 422, with a path for each, for what would do nothing: names of no stage, places where no stage will be,
 * and answers that contradict each other.
 */
export async function checkStages(db: Db, checked: CheckedStages): Promise<Answers> {
  const answers = Object.entries(checked.stages)
  const names = [...new Set(answers.flatMap(([from, to]) => (to === null ? [from] : [from, to])))]
  if (names.length === 0) return {}
  const known = await findStages(db, checked, names)
  const faults: string[] = []
  const isSame = (a: string, b: string) => !known.get(a)?.meanings.isDisjointFrom(known.get(b)?.meanings ?? new Set())
  for (const [index, [from, to]] of answers.entries()) {
    const fault = (why: string) => faults.push(`stages.${from}: ${why}`)
    const stage = known.get(from)
    if (stage === undefined || stage.meanings.size === 0) fault('neither the snapshot nor a target has such a stage')
    const twin = answers.slice(0, index).find(([other]) => isSame(other, from))
    if (twin !== undefined) fault(`stages.${twin[0]} answers for the same stage`)
    if (to === null) continue
    if (!known.get(to)?.stands) fault(`neither the version nor a target has the stage ${to}`)
    else if (isSame(from, to)) fault('its opportunities cannot go to the stage itself')
    else {
      const next = answers.find(([other]) => isSame(other, to))
      if (next !== undefined) fault(`${to} is to be left itself, by stages.${next[0]}: say where they go in the end`)
    }
  }
  if (faults.length > 0) throw invalid(faults)
  const named = (name: string) => known.get(name)?.lineage ?? name
  return Object.fromEntries(answers.map(([from, to]) => [named(from), to === null ? null : named(to)]))
}

interface Known {
  /** Of what was named by its id in the source. */
  lineage: string | null
  /** Lineages by which the stage is known, in the snapshot or in targets. */
  meanings: Set<string>
  /** The version or a target has it. */
  stands: boolean
}

async function findStages(
  db: Db,
  { snapshotId, sourceLocationId, version, locationIds }: CheckedStages,
  names: readonly string[],
): Promise<Map<string, Known>> {
  const read = names.map((name) => {
    const here = locationIds.flatMap((locationId) => ({ locationId, lineage: findPartLineage(name, locationId) }))
    return {
      name,
      source: sourceLocationId === null ? null : findPartLineage(name, sourceLocationId),
      here: here.filter(({ lineage }) => lineage !== null),
    }
  })
  const everywhere = [...new Set(read.flatMap(({ name, source }) => (source === null ? [name] : [name, source])))]
  const held = await findHeld(db, { snapshotId, version, lineages: everywhere })
  const ids = read.flatMap(({ here }) => here as { locationId: string; lineage: string }[])
  const there = await findThere(db, { locationIds, lineages: everywhere, ids })
  const anywhere = new Set([...there].map((place) => place.slice(place.indexOf('/') + 1)))
  return new Map(
    read.map(({ name, source, here }) => {
      const local = here.flatMap(({ locationId, lineage }) =>
        there.has(`${locationId}/${lineage}`) ? [lineage as string] : [],
      )
      const isKnown = (lineage: string | null) => lineage !== null && (held.has(lineage) || anywhere.has(lineage))
      const global = [name, source].filter(isKnown) as string[]
      const stands = local.length > 0 || global.some((lineage) => held.get(lineage) === true || anywhere.has(lineage))
      return [
        name,
        {
          lineage: local.length === 0 && isKnown(source) ? source : null,
          meanings: new Set([...local, ...global]),
          stands,
        },
      ]
    }),
  )
}

/** Which of these lineages are stages of the snapshot, in whatever version -> whether this version has them. */
async function findHeld(
  db: Db,
  { snapshotId, version, lineages }: { snapshotId: string; version: number; lineages: readonly string[] },
): Promise<Map<string, boolean>> {
  const rows = await query(
    db,
    sql<{ lineage: string; isHeld: boolean }>`
      with entry as (
        select hash, bool_or(version = ${version}) as is_held from snapshot_entry
        where snapshot_id = ${snapshotId} and kind = ${STAGED.kind} group by hash
      )
      select p.lineage, bool_or(e.is_held) as "isHeld" from entry e join blob b on b.hash = e.hash
      cross join lateral unnest(b.parts) p(lineage)
      where p.lineage = any(${texts(lineages)}) group by p.lineage`,
  )
  return new Map(rows.map(({ lineage, isHeld }) => [lineage, isHeld]))
}

interface There {
  locationIds: readonly string[]
  lineages: readonly string[]
  ids: readonly { locationId: string; lineage: string }[]
}

/** Which of these stages the targets have: `location/lineage`. */
async function findThere(db: Db, { locationIds, lineages, ids }: There): Promise<Set<string>> {
  const asked = [...new Set([...lineages, ...ids.map(({ lineage }) => lineage)])]
  const rows = await query(
    db,
    sql<{ locationId: string; lineage: string }>`
      select a.location_id as "locationId", p.lineage from asset a join blob b on b.hash = a.hash
      cross join lateral unnest(b.parts) p(lineage)
      where a.location_id = any(${texts(locationIds)}) and a.kind = ${STAGED.kind} and b.parts && ${texts(asked)}
        and p.lineage = any(${texts(asked)})`,
  )
  return new Set(rows.map(({ locationId, lineage }) => `${locationId}/${lineage}`))
}
