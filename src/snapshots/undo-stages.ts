import type { Tx } from '../db/pool.ts'
import { getBlobs, toPartId } from '../store/assets/index.ts'
import { countReverted, countStanding, type Revert, type Reverted, revertMoves } from '../store/records/index.ts'
import { loadNames } from './load-names.ts'
import type { PushAuthor } from './piece.ts'
import type { PushRow } from './push.ts'
import { standIn } from './stages.ts'
import { readStages, STAGED } from './stages-after.ts'
import type { Undoing, UndoOptions } from './undoing.ts'

/** Only a push that was told where opportunities go has moved any, and what undoes one. */
const movesOf = ({ id, createdAt, options, reverts }: PushRow, locationIds: readonly string[]): Revert | null =>
  options.stages === undefined && reverts === null ? null : { cause: id, since: createdAt, locationIds }

/**
 * What a roll-back moves: what the push has moved, as far as it goes back to these pipelines (`location/id`); null: to
 * any.
 */
interface Moving {
  push: PushRow
  pipelines: ReadonlySet<string> | null
}

/**
 * The pipelines that a roll-back is about. What goes back to others is not its business, or has gone back with the
 * roll-back before it.
 */
export const pipelinesOf = (undoings: readonly Undoing[], { only, restOf }: UndoOptions): Moving['pipelines'] =>
  only === undefined && restOf === undefined
    ? null
    : new Set(undoings.flatMap(({ trace }) => (trace.kind === STAGED.kind ? [`${trace.locationId}/${trace.id}`] : [])))

/** A pipeline that a roll-back takes away, or a stage of one that stays. */
interface LeavingPlace {
  undoing: Undoing
  kind: string
  id: string
  /** The pipeline of a stage. */
  within?: string
  /** Of a stage, as the location names it. */
  part: string | null
  /** Opportunities that stand there, without those that the push has moved there: they go back. */
  count: number
}

/** What a roll-back would take from under opportunities. */
export async function countLeaving(
  tx: Tx,
  undoings: readonly Undoing[],
  { push, pipelines }: Moving,
): Promise<LeavingPlace[]> {
  const going = undoings.filter(
    ({ trace, act }) => trace.kind === STAGED.kind && (act === 'remove' || act === 'restore'),
  )
  if (going.length === 0) return []
  const places = (await leavingPlaces(tx, going)).map((place) => ({
    ...place,
    locationId: place.undoing.trace.locationId,
  }))
  const standing = await countStanding(tx, places, { nowMs: 0 })
  const moves = movesOf(push, [...new Set(places.map(({ locationId }) => locationId))])
  const back = moves === null ? [] : await readGoingBack(tx, moves, { undoings, pipelines })
  return places.map(({ locationId, ...place }, index) => {
    const { kind, id, within } = place
    const all = standing[index]?.records.reduce((sum, { count }) => sum + count, 0) ?? 0
    const moved = back.filter(
      (row) =>
        row.locationId === locationId &&
        (kind === STAGED.kind ? row.pipelineId === id : row.pipelineId === within && row.stageId === id),
    )
    return { ...place, count: all - moved.reduce((sum, { count }) => sum + count, 0) }
  })
}

/**
 * A pipeline from which a roll-back would take a stage that opportunities stand in stays as it is, unless it was
 * overridden. Those that the push has moved there go back, and do not count.
 */
export async function keepStages(tx: Tx, undoings: readonly Undoing[], moving: Moving): Promise<Undoing[]> {
  const counts = new Map<Undoing, number>()
  for (const { undoing, count } of await countLeaving(tx, undoings, moving))
    counts.set(undoing, (counts.get(undoing) ?? 0) + count)
  return undoings.map((undoing) => {
    const count = counts.get(undoing) ?? 0
    if (count <= 0) return undoing
    const what = undoing.act === 'remove' ? 'it' : 'a stage that would go'
    const reason = `${standIn(count)} ${what}: move them, or override`
    return { ...undoing, act: 'leave', outcome: 'kept', reason, name: undoing.trace.name ?? undoing.name }
  })
}

/** Opportunities that go back to a stage which is there, or which the roll-back brings back. */
async function readGoingBack(
  tx: Tx,
  moves: Revert,
  { undoings, pipelines }: Pick<Moving, 'pipelines'> & { undoings: readonly Undoing[] },
): Promise<Reverted[]> {
  const back = await countReverted(tx, moves)
  if (back.length === 0) return []
  const isThere = await readStages(tx, moves.locationIds)
  const undone = new Set(
    undoings.flatMap(({ trace, act }) =>
      act === 'return' || act === 'restore' ? [`${trace.locationId}/${trace.kind}/${trace.id}`] : [],
    ),
  )
  return back.filter(
    ({ locationId, toPipelineId, toStageId }) =>
      (pipelines?.has(`${locationId}/${toPipelineId}`) ?? true) &&
      (toStageId === null ||
        undone.has(`${locationId}/${STAGED.kind}/${toPipelineId}`) ||
        isThere(locationId, toPipelineId, toStageId)),
  )
}

/** What is no more after a roll-back: pipelines, and stages of those that stay. */
async function leavingPlaces(tx: Tx, going: readonly Undoing[]): Promise<Omit<LeavingPlace, 'count'>[]> {
  const restored = going.filter(({ act }) => act === 'restore')
  const names = await loadNames(tx, [...new Set(restored.map(({ trace }) => trace.locationId))])
  const blobs = await getBlobs(
    tx,
    restored.flatMap(({ trace }) => [trace.now as string, trace.before as string]),
  )
  return going.flatMap((undoing): Omit<LeavingPlace, 'count'>[] => {
    const { locationId, id, now, before } = undoing.trace
    if (undoing.act === 'remove') return [{ undoing, kind: STAGED.kind, id, part: null }]
    const stages = (hash: string | null) =>
      new Set((blobs.get(hash as string)?.parts ?? []).map((part) => names.partOf(locationId, part)))
    return [...stages(now).difference(stages(before))].map((part) => ({
      undoing,
      kind: 'stages',
      id: toPartId(part, locationId),
      within: id,
      part,
    }))
  })
}

/** Opportunities that the push has moved stand where they stood, if that is there again. After the pipelines are. */
export async function moveBack(
  tx: Tx,
  { author, push, locationIds, pipelines }: Moving & { author: PushAuthor; locationIds: readonly string[] },
): Promise<void> {
  const moves = movesOf(push, locationIds)
  if (moves === null) return
  const stages = await readStages(tx, locationIds)
  const isThere: Revert['isThere'] = (locationId, pipelineId, stageId) =>
    (pipelines?.has(`${locationId}/${pipelineId}`) ?? true) &&
    (stageId === null || stages(locationId, pipelineId, stageId))
  await revertMoves(tx, { actor: author.actor, cause: author.pushId, atMs: author.atMs }, { ...moves, isThere })
}
