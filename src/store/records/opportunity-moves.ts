import { sql } from 'kysely'
import { type Db, query, type Tx, texts } from '../../db/pool.ts'
import { type Author, firstChangeOf } from '../changes/index.ts'
import { isSame } from './delta.ts'
import type { RecordDocument } from './resource.ts'
import { editEverywhere, type Find, findByTerms, type Part } from './sets.ts'

/** Where opportunities of a location stand, and where they are to stand. Ids are the location's own. */
export interface Move {
  locationId: string
  pipelineId: string
  fromStageId: string
  /** Null: in none. */
  toStageId: string | null
  /** Default: the same. */
  toPipelineId?: string | undefined
}

const PLACE: Part = {
  kind: 'opportunities',
  fields: ['pipelineId', 'pipelineStageId', 'lastStageChangeAt'],
  exact: ['pipelineId', 'pipelineStageId'],
  counted: [],
}

/**
 * Moves opportunities from stage to stage, as an update of each would. All moves of one call happen at once: two stages
 * may exchange what stands in them. Answers how many each move has moved, in the order of the moves.
 */
export async function moveOpportunities(
  tx: Tx,
  author: Author,
  moves: readonly Move[],
): Promise<{ locationId: string; pipelineId: string; fromStageId: string; count: number }[]> {
  const keyOf = (locationId: string, pipelineId: unknown, stageId: unknown) =>
    [locationId, pipelineId, stageId].join('/')
  const moving = moves.map((move) => ({ ...move, count: 0 }))
  const byPlace = new Map(moving.map((move) => [keyOf(move.locationId, move.pipelineId, move.fromStageId), move]))
  const lastStageChangeAt = new Date(author.atMs).toISOString()
  const wanted = moves.map(({ locationId, fromStageId }) => ({
    locationId,
    field: 'pipelineStageId',
    value: fromStageId,
  }))
  if (wanted.length > 0) {
    await editEverywhere(tx, author, PLACE, findByTerms(PLACE.kind, wanted), ({ locationId, fields }) => {
      const move = byPlace.get(keyOf(locationId, fields.pipelineId, fields.pipelineStageId))
      if (move === undefined) return fields
      const place = { pipelineId: move.toPipelineId ?? move.pipelineId, pipelineStageId: move.toStageId }
      if (isSame({ ...fields, ...place }, fields)) return fields
      move.count++
      return { ...fields, ...place, lastStageChangeAt }
    })
  }
  return moving.map(({ locationId, pipelineId, fromStageId, count }) => ({
    locationId,
    pipelineId,
    fromStageId,
    count,
  }))
}

export interface Revert {
  /** What has moved them: the id of a push. */
  cause: string
  /** When the push was created: the change log is read from there on. */
  since: Date
  locationIds: readonly string[]
  /** Nothing else goes back; undefined: all does. */
  isMeant?: ((locationId: string, move: Back) => boolean) | undefined
}

/** From which pipeline, and where to. A stage of null: none, of that pipeline. */
export interface Back {
  pipelineId: string
  toPipelineId: string
  toStageId: string | null
}

/** First and last change of an opportunity that the cause has moved. */
interface Moved {
  first: Record<string, [unknown, unknown]>
  last: Record<string, [unknown, unknown]>
}

/**
 * Opportunities that a cause has moved and nobody since go back where they were; the moment of their last change of
 * stage, too. What stands elsewhere by now, or came back by somebody's hand, stays. Can be repeated. Answers how many
 * went back, of each location.
 */
export async function revertMoves(
  tx: Tx,
  author: Author,
  { isMeant, ...revert }: Revert,
): Promise<{ locationId: string; count: number }[]> {
  const counts = new Map(revert.locationIds.map((locationId) => [locationId, 0]))
  await editEverywhere(tx, author, PLACE, findMoved(revert), ({ locationId, fields, given }) => {
    const { first, last } = given as Moved
    const names = PLACE.fields.filter((name) => last[name] !== undefined)
    if (!names.every((name) => isSame(fields[name] ?? null, last[name]?.[1] ?? null))) return fields
    const before: RecordDocument = {
      ...fields,
      ...Object.fromEntries(names.map((name) => [name, (first[name] ?? last[name])?.[0]])),
    }
    const to = before as { pipelineId: string; pipelineStageId?: string | null }
    const pipelineId = fields.pipelineId as string
    const move = { pipelineId, toPipelineId: to.pipelineId, toStageId: to.pipelineStageId ?? null }
    if (isMeant?.(locationId, move) === false) return fields
    counts.set(locationId, (counts.get(locationId) ?? 0) + 1)
    return before
  })
  return [...counts].map(([locationId, count]) => ({ locationId, count }))
}

/** From the part of each location's log that the push can have written. */
function findMoved({ cause, since, locationIds }: Revert): Find {
  return sql`
    select location_id, entity_id as id,
      jsonb_build_object('first', (array_agg(delta order by id))[1], 'last', (array_agg(delta order by id desc))[1]) as
      given
    from change
    where location_id = any(${texts(locationIds)}) and id >= ${firstChangeOf({ createdAt: since })}::uuid
      and kind = ${PLACE.kind} and op = 'update' and cause = ${cause} and delta ? 'lastStageChangeAt'
    group by location_id, entity_id order by location_id, entity_id`
}

/** Where opportunities stand that would go back (`revertMoves`), and where they would stand then. */
export interface Reverted extends Back {
  locationId: string
  stageId: string | null
  count: number
}

/** How many opportunities of each stage would go back, if that is there. */
export function countReverted(db: Db, revert: Revert): Promise<Reverted[]> {
  const before = (field: string) =>
    sql`coalesce(m.given->'first'->${sql.lit(field)}, m.given->'last'->${sql.lit(field)},
        jsonb_build_array(r.doc->${sql.lit(field)}))->>0`
  return query(
    db,
    sql<Reverted>`
      select r.location_id as "locationId", r.doc->>'pipelineId' as "pipelineId",
        r.doc->>'pipelineStageId' as "stageId",
        ${before('pipelineId')} as "toPipelineId", ${before('pipelineStageId')} as "toStageId", count(*) as count
      from (${findMoved(revert)}) m join record r on r.location_id = m.location_id and r.kind = ${PLACE.kind}
        and r.id = m.id
      where r.deleted_at is null and not exists (
        select 1 from unnest(${texts(PLACE.fields)}) f(name)
        where m.given->'last' ? f.name
          and coalesce(r.doc->f.name, 'null') <> coalesce(m.given->'last'->f.name->1, 'null'))
      group by 1, 2, 3, 4, 5`,
  )
}
