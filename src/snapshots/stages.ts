import type { Db, Tx } from '../db/pool.ts'
import { findPartLineage, toPartId } from '../store/assets/index.ts'
import { partOfMarker } from '../store/markers.ts'
import { type Asked, countStanding, type Move, moveOpportunities } from '../store/records/index.ts'
import { type Combined, recombine } from './combine.ts'
import type { Decision } from './decide.ts'
import { type Json, labelOf } from './diff.ts'
import type { Identities } from './identity.ts'
import { namesOf, readable } from './merge-walk.ts'
import type { Names } from './names.ts'
import type { PushOptions } from './options.ts'
import type { PushAuthor } from './piece.ts'
import { findStagesAfter, readStages, STAGED, type Stage, type StagePlace, stagesOf } from './stages-after.ts'

/** "3 opportunities stand in". */
export const standIn = (count: number) => `${count} ${count === 1 ? 'opportunity stands' : 'opportunities stand'} in`

/** A stage that a push takes away, in one target. */
export interface LeavingStage {
  locationId: string
  pipelineId: string
  /** The location's own lineage. */
  lineage: string
  label: string
  /** Opportunities that stand in it. */
  count: number
  /** Where they go; null: they stay in no stage. */
  to: StagePlace | null
}

interface Guarding {
  combined: readonly Combined[]
  decisions: readonly Decision[]
  identities: Identities
  stages: PushOptions['stages']
  /** Pipelines that go: `location/id`. */
  leaving: ReadonlySet<string>
}

/**
 * Stages that go while opportunities stand in them. Where a person said what becomes of these (`stages`), the stage
 * goes; else it stays, as a conflict that says how many there are: nothing is orphaned without a word. Rewrites what
 * was combined.
 */
export async function guardStages(
  db: Db,
  { combined, decisions, identities, stages, leaving: pipelines }: Guarding,
): Promise<{ combined: Combined[]; leaving: LeavingStage[] }> {
  const gone = combined.flatMap((item) => {
    const left = new Set(stagesOf(item.after).map((stage) => stage.id))
    return stagesOf(item.before)
      .filter((stage) => !left.has(stage.id))
      .map((stage) => ({
        item,
        stage,
        locationId: item.decision.locationId,
        pipelineId: item.decision.id as string,
        lineage: partOfMarker(stage.id) as string,
      }))
  })
  if (gone.length === 0) return { combined: [...combined], leaving: [] }
  const counts = await countInStages(db, gone)
  const held = gone.flatMap((one, index) => {
    const count = counts[index] ?? 0
    return count === 0 ? [] : [{ ...one, count, to: destinationOf({ stages, names: identities.names, ...one }) }]
  })
  const there = await findStagesAfter(db, { decisions, combined, identities, leaving: pipelines }, destinationsIn(held))
  const leaving: LeavingStage[] = []
  const kept = new Map<Combined, { stage: Stage; count: number }[]>()
  for (const { item, stage, locationId, pipelineId, lineage, count, to } of held) {
    const place = placeOf(there, locationId, to)
    if (place !== undefined)
      leaving.push({ locationId, pipelineId, lineage, label: labelOf(stage) ?? lineage, count, to: place })
    else kept.set(item, [...(kept.get(item) ?? []), { stage, count }])
  }
  return { combined: combined.map((item) => (kept.has(item) ? keepStages(item, kept.get(item) ?? []) : item)), leaving }
}

/** How many opportunities stand in each of these stages. Lineages are the location's own. */
export async function countInStages(
  db: Db,
  stages: readonly { locationId: string; pipelineId: string; lineage: string }[],
): Promise<number[]> {
  return countIn(
    db,
    stages.map(({ locationId, pipelineId, lineage }) => ({
      locationId,
      kind: 'stages',
      id: toPartId(lineage, locationId),
      within: pipelineId,
    })),
  )
}

/** How many opportunities stand in each of these pipelines. */
export function countInPipelines(db: Db, pipelines: readonly { locationId: string; id: string }[]): Promise<number[]> {
  return countIn(
    db,
    pipelines.map(({ locationId, id }) => ({ locationId, kind: STAGED.kind, id })),
  )
}

async function countIn(db: Db, asked: readonly Asked[]): Promise<number[]> {
  if (asked.length === 0) return []
  const counts = await countStanding(db, asked, { nowMs: 0 })
  return counts.map(({ records }) => records.reduce((sum, { count }) => sum + count, 0))
}

/** Moves opportunities out of stages that go, as it was said. All else is written by then. */
export async function moveOut(tx: Tx, author: PushAuthor, leaving: readonly LeavingStage[]): Promise<void> {
  if (leaving.length === 0) return
  const there = await readStages(
    tx,
    leaving.map(({ locationId }) => locationId),
  )
  const lost = leaving.find(
    ({ locationId, to }) => to !== null && !there(locationId, to.pipelineId, toPartId(to.lineage, locationId)),
  )
  if (lost !== undefined)
    throw new Error(`what stands in the stage "${lost.label}" cannot go to "${lost.to?.label}", which is not there`)
  const moves = leaving.map(({ locationId, pipelineId, lineage, to }): Move => {
    const toStageId = to === null ? null : toPartId(to.lineage, locationId)
    return {
      locationId,
      pipelineId,
      fromStageId: toPartId(lineage, locationId),
      toStageId,
      toPipelineId: to?.pipelineId,
    }
  })
  await moveOpportunities(tx, { actor: author.actor, cause: author.pushId, atMs: author.atMs }, moves)
}

interface Destination {
  stages: PushOptions['stages']
  names: Names
  locationId: string
  lineage: string
}

/**
 * What was said of a stage: another one, null, or nothing. Stages are named by the snapshot's lineage, by the
 * location's own, or by their id there.
 */
export function destinationOf({ stages = {}, names, locationId, lineage }: Destination): string | null | undefined {
  const own = (name: string) => findPartLineage(name, locationId) ?? names.ownOf(locationId, '', name)
  for (const [from, to] of Object.entries(stages)) {
    if (own(from) === lineage) return to === null ? null : own(to)
  }
  return undefined
}

/** Those that somebody named, to be looked for. */
export const destinationsIn = (leaving: readonly { locationId: string; to: string | null | undefined }[]) =>
  leaving.flatMap(({ locationId, to }) => (typeof to === 'string' ? [{ locationId, lineage: to }] : []))

/** Where it was said; undefined: nowhere, or where there will be no stage. */
export function placeOf(
  there: ReadonlyMap<string, StagePlace>,
  locationId: string,
  to: string | null | undefined,
): StagePlace | null | undefined {
  return typeof to === 'string' ? there.get(`${locationId}/${to}`) : to
}

/**
 * The stages stay, and go on being what was pushed last: so every later push finds them deleted in the snapshot, until
 * they go or somebody leaves them to the client. A stage that no push has brought is the client's own whatever an
 * override would do.
 */
function keepStages(item: Combined, kept: readonly { stage: Stage; count: number }[]): Combined {
  const names = namesOf([item.before, item.wanted, item.base])
  const held = new Set(kept.map(({ stage }) => stage.id))
  const conflicts = kept.map(({ stage, count }) => ({
    path: readable(`${STAGED.list}[${stage.id}]`, names),
    at: `${STAGED.list}[${stage.id}]`,
    target: stage,
    why: `${standIn(count)} it: say in "stages" where they go`,
  }))
  const numbered = stagesOf(item.before).every(
    (stage, index) => stage.position === undefined || stage.position === index,
  )
  return recombine(item, {
    after: withStages(item.after, { list: stagesOf(item.before), held, numbered }),
    base: withStages(item.wanted, { list: stagesOf(item.base), held, numbered }),
    conflicts: [...item.conflicts, ...conflicts],
  })
}

/**
 * The document with those stages of the list that are held, each behind the one before it. `numbered`: positions count
 * along.
 */
function withStages(
  document: Json,
  { list, held, numbered }: { list: readonly Stage[]; held: ReadonlySet<string>; numbered: boolean },
): Json {
  const stages = [...stagesOf(document)]
  for (const [index, stage] of list.entries()) {
    if (!held.has(stage.id) || stages.some((one) => one.id === stage.id)) continue
    const earlier = list.slice(0, index).findLast((other) => stages.some((one) => one.id === other.id))
    stages.splice(earlier === undefined ? 0 : stages.findIndex((one) => one.id === earlier.id) + 1, 0, stage)
  }
  if (stages.length === stagesOf(document).length) return document
  const counted = numbered
    ? stages.map((stage, index) => (stage.position === undefined ? stage : { ...stage, position: index }))
    : stages
  return { ...(document as { [name: string]: Json }), [STAGED.list]: counted }
}
