import { sql } from 'kysely'
import { queryOne, type Tx } from '../db/pool.ts'
import { getBlobs, toPartId } from '../store/assets/index.ts'
import { countReverted, countStanding, type Revert, type Reverted, revertMoves } from '../store/records/index.ts'
import { loadNames } from './load-names.ts'
import type { PushAuthor } from './piece.ts'
import type { PushRow } from './push.ts'
import { standIn } from './stages.ts'
import { readStages, STAGED } from './stages-after.ts'
import type { Undoing } from './undoing.ts'

/** What a roll-back moves: what the push has moved, as far as these pipelines (`location/id`) are undone. */
interface Moving {
  push: PushRow
  pipelines: ReadonlySet<string>
}

/**
 * The pipelines that a roll-back undoes. What the push has moved for others stays: they are kept as they are, or none of
 * its business, or an earlier roll-back has given them back.
 */
export const pipelinesOf = (undoings: readonly Undoing[]): Moving['pipelines'] =>
  new Set(
    undoings.flatMap(({ trace, act }) =>
      trace.kind === STAGED.kind && act !== 'leave' ? [`${trace.locationId}/${trace.id}`] : [],
    ),
  )

/**
 * What goes back where it stood; null: nothing. Only a push that was told where opportunities go has moved any, and what
 * undoes one. It took them out of pipelines that lost a stage, and what undoes it brings them back to these: they move
 * for their sake alone.
 */
async function movesOf(
  tx: Tx,
  { push: { id, createdAt, options, reverts }, pipelines }: Moving,
  locationIds: readonly string[],
): Promise<(Revert & Required<Pick<Revert, 'isMeant'>>) | null> {
  if (options.stages === undefined && reverts === null) return null
  const chain = await queryOne(
    tx,
    sql<{ length: number }>`
      with recursive chain as (
        select reverts from push where id = ${id}
        union all select p.reverts from chain c join push p on p.id = c.reverts
      ) select count(*)::int as length from chain`,
  )
  const isReturn = (chain?.length ?? 0) % 2 === 1
  return {
    ...{ cause: id, since: createdAt, locationIds },
    isMeant: (locationId, { pipelineId, toPipelineId }) =>
      pipelines.has(`${locationId}/${isReturn ? toPipelineId : pipelineId}`),
  }
}

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
export async function countLeaving(tx: Tx, undoings: readonly Undoing[], moving: Moving): Promise<LeavingPlace[]> {
  const going = undoings.filter(
    ({ trace, act }) => trace.kind === STAGED.kind && (act === 'remove' || act === 'restore'),
  )
  if (going.length === 0) return []
  const places = (await leavingPlaces(tx, going)).map((place) => ({
    ...place,
    locationId: place.undoing.trace.locationId,
  }))
  const standing = await countStanding(tx, places, { nowMs: 0 })
  const moves = await movesOf(tx, moving, [...new Set(places.map(({ locationId }) => locationId))])
  const back = moves === null ? [] : await readGoingBack(tx, moves, undoings)
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
export async function keepStages(tx: Tx, undoings: readonly Undoing[], push: PushRow): Promise<readonly Undoing[]> {
  const counts = new Map<Undoing, number>()
  for (const { undoing, count } of await countLeaving(tx, undoings, { push, pipelines: pipelinesOf(undoings) }))
    counts.set(undoing, (counts.get(undoing) ?? 0) + count)
  const kept = undoings.map((undoing): Undoing => {
    const count = counts.get(undoing) ?? 0
    if (count <= 0) return undoing
    const what = undoing.act === 'remove' ? 'it' : 'a stage that would go'
    const reason = `${standIn(count)} ${what}: move them, or override`
    return { ...undoing, act: 'leave', outcome: 'kept', reason, name: undoing.trace.name ?? undoing.name }
  })
  // What would have gone back to one that is kept now stays where it is, and may be in the way of another.
  return kept.every((undoing, index) => undoing === undoings[index]) ? undoings : keepStages(tx, kept, push)
}

/** Opportunities that go back to a stage which is there, or which the roll-back brings back. */
async function readGoingBack(
  tx: Tx,
  { isMeant, ...moves }: NonNullable<Awaited<ReturnType<typeof movesOf>>>,
  undoings: readonly Undoing[],
): Promise<Reverted[]> {
  const back = (await countReverted(tx, moves)).filter((row) => isMeant(row.locationId, row))
  if (back.length === 0) return []
  const isThere = await readStages(tx, moves.locationIds)
  const undone = new Set(
    undoings.flatMap(({ trace, act }) =>
      act === 'return' || act === 'restore' ? [`${trace.locationId}/${trace.kind}/${trace.id}`] : [],
    ),
  )
  return back.filter(
    ({ locationId, toPipelineId, toStageId }) =>
      toStageId === null ||
      undone.has(`${locationId}/${STAGED.kind}/${toPipelineId}`) ||
      isThere(locationId, toPipelineId, toStageId),
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
  const moves = await movesOf(tx, { push, pipelines }, locationIds)
  if (moves === null) return
  const isThere = await readStages(tx, locationIds)
  const isMeant: Revert['isMeant'] = (locationId, move) =>
    moves.isMeant(locationId, move) &&
    (move.toStageId === null || isThere(locationId, move.toPipelineId, move.toStageId))
  await revertMoves(tx, { actor: author.actor, cause: author.pushId, atMs: author.atMs }, { ...moves, isMeant })
}
