import type { Db, Tx } from '../db/pool.ts'
import { countStanding } from '../store/asset-records.ts'
import { partOfMarker } from '../store/markers.ts'
import { type Move, moveOpportunities } from '../store/opportunity-moves.ts'
import { findPartLineage, toPartId } from '../store/parts.ts'
import { type Combined, recombine } from './combine.ts'
import type { Json } from './diff.ts'
import { labelOf } from './diff.ts'
import { namesOf } from './merge-walk.ts'
import type { Names } from './names.ts'
import type { PushOptions } from './options.ts'
import type { PushAuthor } from './piece.ts'

/** The kind in whose parts records stand, and where those parts are. */
export const STAGED = { kind: 'pipelines', list: 'stages' } as const

type Stage = { [name: string]: Json; id: string }

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
  /** Where they go; null: they stay where they are, without a stage; undefined: nobody said. */
  to: string | null | undefined
}

interface Guarding {
  combined: readonly Combined[]
  names: Names
  stages: PushOptions['stages']
}

/**
 * Stages that go while opportunities stand in them. Where a person said what becomes of these (`stages`), the stage goes; else it stays, as a conflict that
 * says how many there are: nothing is orphaned without a word. Rewrites what was combined.
 */
export async function guardStages(db: Db, { combined, names, stages }: Guarding): Promise<{ combined: Combined[]; leaving: LeavingStage[] }> {
  const gone = combined.flatMap((item) => {
    const left = new Set(stagesOf(item.after).map((stage) => stage.id))
    return stagesOf(item.before)
      .filter((stage) => !left.has(stage.id))
      .map((stage) => ({ item, stage, lineage: partOfMarker(stage.id) as string }))
  })
  if (gone.length === 0) return { combined: [...combined], leaving: [] }
  const counts = await countStanding(
    db,
    gone.map(({ item, lineage }) => ({ locationId: item.decision.locationId, kind: 'stages', id: toPartId(lineage, item.decision.locationId) })),
    { nowMs: 0 },
  )
  const leaving: LeavingStage[] = []
  const kept = new Map<Combined, { stage: Stage; count: number }[]>()
  for (const [index, { item, stage, lineage }] of gone.entries()) {
    const count = counts[index]?.records.reduce((sum, records) => sum + records.count, 0) ?? 0
    if (count === 0) continue
    const { locationId, id } = item.decision
    const to = destinationOf({ stages, names, locationId, lineage })
    const isLeft = to === null || (to !== undefined && stagesOf(item.after).some((other) => partOfMarker(other.id) === to))
    if (isLeft) leaving.push({ locationId, pipelineId: id as string, lineage, label: labelOf(stage) ?? lineage, count, to })
    else kept.set(item, [...(kept.get(item) ?? []), { stage, count }])
  }
  return { combined: combined.map((item) => (kept.has(item) ? keepStages(item, kept.get(item) ?? []) : item)), leaving }
}

/** How many opportunities stand in each of these pipelines. */
export async function countInPipelines(db: Db, pipelines: readonly { locationId: string; id: string }[]): Promise<number[]> {
  const counts = await countStanding(
    db,
    pipelines.map(({ locationId, id }) => ({ locationId, kind: STAGED.kind, id })),
    { nowMs: 0 },
  )
  return counts.map(({ records }) => records.reduce((sum, { count }) => sum + count, 0))
}

/** Moves opportunities out of stages that go, as it was said. */
export async function moveOut(tx: Tx, author: PushAuthor, leaving: readonly LeavingStage[]): Promise<void> {
  const moves: Move[] = leaving.flatMap(({ locationId, pipelineId, lineage, to }) =>
    to === null || to === undefined ? [] : [{ locationId, pipelineId, fromStageId: toPartId(lineage, locationId), toStageId: toPartId(to, locationId) }],
  )
  if (moves.length > 0) await moveOpportunities(tx, { actor: author.actor, cause: author.pushId, atMs: author.atMs }, moves)
}

interface Destination {
  stages: PushOptions['stages']
  names: Names
  locationId: string
  lineage: string
}

/** Stages are named by the snapshot's lineage, by the location's own, or by their id there. */
function destinationOf({ stages = {}, names, locationId, lineage }: Destination): string | null | undefined {
  const own = (name: string) => findPartLineage(name, locationId) ?? names.ownOf(locationId, '', name)
  for (const [from, to] of Object.entries(stages)) {
    if (own(from) === lineage) return to === null ? null : own(to)
  }
  return undefined
}

/**
 * The stages stay, and go on being what was pushed last: so every later push finds them deleted in the snapshot, until they go or somebody leaves them to
 * the client. A stage that no push has brought is the client's own whatever an override would do.
 */
function keepStages(item: Combined, kept: readonly { stage: Stage; count: number }[]): Combined {
  const names = namesOf([item.before, item.wanted, item.base])
  const held = new Set(kept.map(({ stage }) => stage.id))
  const conflicts = kept.map(({ stage, count }) => ({
    path: `${STAGED.list}[${names.get(stage.id) ?? partOfMarker(stage.id)}]`,
    target: stage,
    why: `${standIn(count)} it: say in "stages" where they go`,
  }))
  const numbered = stagesOf(item.before).every((stage, index) => stage.position === undefined || stage.position === index)
  return recombine(item, {
    after: withStages(item.after, { list: stagesOf(item.before), held, numbered }),
    base: withStages(item.wanted, { list: stagesOf(item.base), held, numbered }),
    conflicts: [...item.conflicts, ...conflicts],
  })
}

/** The document with those stages of the list that are held, each behind the one before it. `numbered`: positions count along. */
function withStages(document: Json, { list, held, numbered }: { list: readonly Stage[]; held: ReadonlySet<string>; numbered: boolean }): Json {
  const stages = [...stagesOf(document)]
  for (const [index, stage] of list.entries()) {
    if (!held.has(stage.id) || stages.some((one) => one.id === stage.id)) continue
    const earlier = list.slice(0, index).findLast((other) => stages.some((one) => one.id === other.id))
    stages.splice(earlier === undefined ? 0 : stages.findIndex((one) => one.id === earlier.id) + 1, 0, stage)
  }
  if (stages.length === stagesOf(document).length) return document
  const counted = numbered ? stages.map((stage, index) => (stage.position === undefined ? stage : { ...stage, position: index })) : stages
  return { ...(document as { [name: string]: Json }), [STAGED.list]: counted }
}

function stagesOf(document: Json | null): Stage[] {
  const list = (document as { [name: string]: Json } | null)?.[STAGED.list]
  return Array.isArray(list) ? (list.filter((stage) => partOfMarker((stage as { id?: Json } | null)?.id) !== null) as Stage[]) : []
}
