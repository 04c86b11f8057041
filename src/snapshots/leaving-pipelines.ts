import type { Db } from '../db/pool.ts'
import { getBlobs } from '../store/assets/index.ts'
import { partOfMarker } from '../store/markers.ts'
import { readDecisions } from './decide.ts'
import { type Json, labelOf } from './diff.ts'
import type { PlannedRemoval, RemovalScope } from './remove.ts'
import { settle } from './settle.ts'
import {
  countInPipelines,
  countInStages,
  destinationOf,
  destinationsIn,
  type LeavingStage,
  placeOf,
  standIn,
} from './stages.ts'
import { findStagesAfter, STAGED, type StagePlace, stagesOf } from './stages-after.ts'
import { decidingIn, policyIn, takesIn } from './wanted.ts'

/**
 * A pipeline that opportunities stand in stays, unless it was overridden. Where a person said where they go (`stages`),
 * it goes when that was said of every stage that some stand in, and else it stays even if it was overridden: what
 * cannot be done as it was said must not be done otherwise.
 */
export async function keepPipelines(db: Db, scope: RemovalScope, planned: PlannedRemoval[]): Promise<PlannedRemoval[]> {
  const { wanted } = scope
  const isAnswered = Object.keys(wanted.options.stages ?? {}).length > 0
  const policyFor = policyIn(wanted, STAGED.kind)
  const going = planned.filter(
    ({ action, lineage, locationId }) =>
      action === 'delete' && (isAnswered || policyFor(lineage, locationId) !== 'override'),
  )
  const counts = await countInPipelines(db, going)
  const held = going.flatMap((removal, index) =>
    (counts[index] ?? 0) === 0 ? [] : [{ removal, count: counts[index] as number }],
  )
  const leaving = isAnswered ? await readLeaving(db, scope, { planned, held: held.map(({ removal }) => removal) }) : []
  const verdicts = new Map(
    held.map(({ removal, count }) => {
      const verdict = isAnswered
        ? answeredVerdict(
            leaving.filter((stage) => stage.removal === removal),
            count,
          )
        : { way: 'move them, or override' }
      return [removal, { count, ...verdict }]
    }),
  )
  return planned.map((removal) => {
    const verdict = verdicts.get(removal)
    if (verdict === undefined) return removal
    if (verdict.way === null) return { ...removal, leavingStages: verdict.leavingStages }
    return {
      ...removal,
      action: 'conflict',
      reason: `deleted in the snapshot, and ${standIn(verdict.count)} it: ${verdict.way}`,
    }
  })
}

type Leaving = Omit<LeavingStage, 'to'> & { removal: PlannedRemoval; to: StagePlace | null | undefined }

/** `way`: what is left to do before it can go; null: nothing. */
function answeredVerdict(
  stages: readonly Leaving[],
  count: number,
): { way: string; leavingStages?: never } | { way: null; leavingStages: LeavingStage[] } {
  const leavingStages = stages.flatMap(({ removal: _, to, ...stage }) => (to === undefined ? [] : [{ ...stage, to }]))
  const open = stages.filter(({ to }) => to === undefined).map(({ label }) => `"${label}"`)
  const placed = stages.reduce((sum, stage) => sum + stage.count, 0)
  if (open.length > 0)
    return { way: `say in "stages" where those in ${open.join(', ')} go, to a stage that will be there` }
  if (placed < count)
    return { way: `${count - placed} of them in no stage: move them by hand, or override without "stages"` }
  return { way: null, leavingStages }
}

interface Held {
  planned: readonly PlannedRemoval[]
  held: readonly PlannedRemoval[]
}

/**
 * Stages of these pipelines that opportunities stand in, and where they go. Only what the push itself decides tells
 * which stages there will be.
 */
async function readLeaving(
  db: Db,
  { wanted, kind, targets, identities, only }: RemovalScope,
  { planned, held }: Held,
): Promise<Leaving[]> {
  if (held.length === 0) return []
  const { stages } = wanted.options
  const blobs = await getBlobs(
    db,
    held.map(({ mine }) => mine),
  )
  const all = held.flatMap((removal) =>
    stagesOf(JSON.parse(blobs.get(removal.mine)?.text ?? 'null') as Json).map((stage) => {
      const { locationId, id: pipelineId } = removal
      const lineage = partOfMarker(stage.id) as string
      const to = destinationOf({ stages, names: identities.names, locationId, lineage })
      return { removal, locationId, pipelineId, lineage, label: labelOf(stage) ?? lineage, to }
    }),
  )
  const counts = await countInStages(db, all)
  const filled = all.map((stage, index) => ({ ...stage, count: counts[index] ?? 0 })).filter(({ count }) => count > 0)
  const concerned = targets.filter(({ locationId }) => filled.some((stage) => stage.locationId === locationId))
  const known = await identities.knownOf(db, kind, { store: false })
  const leaving = new Set(
    planned.filter(({ action }) => action === 'delete').map(({ locationId, id }) => `${locationId}/${id}`),
  )
  const { resource, entries } = kind
  const decisions = await readDecisions(db, { kind: kind.kind, resource, entries, known, targets: concerned, only })
  const sides = {
    policyFor: policyIn(wanted, kind.kind),
    takesFor: takesIn(wanted, kind.kind),
    decidingFor: decidingIn(wanted, kind.kind),
  }
  const { verdicts } = await settle(db, { resource, decisions, identities, ...sides, leaving, stages })
  const combined = verdicts.flatMap((verdict) => verdict.combined ?? [])
  const there = await findStagesAfter(db, { decisions, combined, identities, leaving }, destinationsIn(filled))
  return filled.map(({ to, ...stage }) => ({ ...stage, to: placeOf(there, stage.locationId, to) }))
}
