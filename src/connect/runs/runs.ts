import { sql } from 'kysely'
import { type Db, json, query, queryOne, type Tx } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Connection } from '../connections/connection.ts'

export const RUN_KINDS = ['hook', 'file', 'mail', 'poll', 'replay', 'undo'] as const
export type RunKind = (typeof RUN_KINDS)[number]

/**
 * `reading`: its rows are being made. `open`: what comes next belongs to it too. `failed`: it could not go on; what it
 * wrote until then is written.
 */
export const RUN_STATES = ['reading', 'running', 'open', 'done', 'failed', 'undone'] as const

export const COUNTS = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const
export type Counts = Record<(typeof COUNTS)[number], number>

export interface Run extends Counts {
  locationId: string
  id: string
  connectionId: string
  kind: RunKind
  isDry: boolean
  version: number
  state: (typeof RUN_STATES)[number]
  error: string | null
  /** Rows; null: not all have been read. */
  total: number | null
  source: { fileName?: string; undoes?: string; appliesDry?: string; writtenBy?: string }
  actor: string
  undoneBy: string | null
  startedAt: Date
  endedAt: Date | null
}

/** What comes by itself is gathered in runs of so long: each can be undone. */
const OPEN_MS = 3_600_000

export const RUN = sql`r.location_id as "locationId", r.id, r.connection_id as "connectionId", r.kind, r.is_dry as "isDry",
    r.version, r.state, r.error, r.total, r.created, r.updated, r.unchanged, r.skipped, r.failed, r.source, r.actor,
    r.undone_by as "undoneBy", r.started_at as "startedAt", r.ended_at as "endedAt"`

type Place = Pick<Connection, 'locationId' | 'id'>

export async function createRun(
  tx: Tx,
  { locationId, id: connectionId }: Place,
  wish: Pick<Run, 'kind' | 'version' | 'state' | 'actor'> & Partial<Pick<Run, 'isDry' | 'source'>>,
  atMs: number,
): Promise<Run> {
  const { isDry = false, source = {} } = wish
  const row = await queryOne(
    tx,
    sql<Run>`
      insert into connection_run as r (location_id, id, connection_id, kind, is_dry, version, state, source, actor,
        started_at)
      values (${locationId}, ${newId()}, ${connectionId}, ${wish.kind}, ${isDry}, ${wish.version}, ${wish.state},
        ${json(source)}, ${wish.actor}, ${new Date(atMs)})
      returning ${RUN}`,
  )
  return row as Run
}

/** The run that what comes now belongs to. One that has gone on for long enough, or by another version, is over. */
export async function openRun(
  tx: Tx,
  connection: Connection,
  kind: RunKind,
  { version, atMs }: { version: number; atMs: number },
): Promise<Run> {
  const { locationId, id } = connection
  const [open] = await query(
    tx,
    sql<Run>`select ${RUN} from connection_run r where r.location_id = ${locationId} and r.connection_id = ${id}
      and r.kind = ${kind} and r.state = 'open' order by r.started_at desc limit 1`,
  )
  if (open !== undefined && open.version === version && atMs - open.startedAt.getTime() < OPEN_MS) return open
  if (open !== undefined) await endRun(tx, open, { state: 'done', atMs })
  return createRun(tx, connection, { kind, version, state: 'open', actor: `connection:${id}` }, atMs)
}

export async function endRun(
  tx: Tx,
  { locationId, id }: Pick<Run, 'locationId' | 'id'>,
  { state, error = null, atMs }: { state: Run['state']; error?: string | null; atMs: number },
): Promise<void> {
  await sql`update connection_run set state = ${state}, error = ${error}, ended_at = ${new Date(atMs)}
      where location_id = ${locationId} and id = ${id}`.execute(tx)
}

/** What this dry run has looked at is written by that run. */
export async function noteWriting(tx: Tx, { locationId, id }: Run, writtenBy: string): Promise<void> {
  await sql`update connection_run set source = source || ${json({ writtenBy })}
      where location_id = ${locationId} and id = ${id}`.execute(tx)
}

/** What became of some rows. A run all of whose rows have become something is done. */
export async function addCounts(
  tx: Tx,
  { locationId, id }: Pick<Run, 'locationId' | 'id'>,
  counts: Counts,
  atMs: number,
): Promise<void> {
  const sum = COUNTS.reduce((total, name) => total + counts[name], 0)
  const isOver = sql`state = 'running' and created + updated + unchanged + skipped + failed + ${sum} >= total`
  await sql`update connection_run set created = created + ${counts.created}, updated = updated + ${counts.updated},
      unchanged = unchanged + ${counts.unchanged}, skipped = skipped + ${counts.skipped},
      failed = failed + ${counts.failed}, state = case when ${isOver} then 'done' else state end,
      ended_at = case when ${isOver} then ${new Date(atMs)}::timestamptz else ended_at end
    where location_id = ${locationId} and id = ${id}`.execute(tx)
}

/** All rows of a run are there. One of which nothing is left to be made is done. */
export async function beginRun(
  tx: Tx,
  { locationId, id }: Pick<Run, 'locationId' | 'id'>,
  total: number,
  atMs: number,
): Promise<void> {
  const isOver = sql`failed >= ${total}`
  await sql`update connection_run set total = ${total}, state = case when ${isOver} then 'done' else 'running' end,
      ended_at = case when ${isOver} then ${new Date(atMs)}::timestamptz end
    where location_id = ${locationId} and id = ${id} and state = 'reading'`.execute(tx)
}

/**
 * A run is being taken back: nothing more comes to belong to it, and what of it waits is not written any more. Sets of its
 * rows are discarded by whoever takes it back, or comes upon them.
 */
export async function markUndoing(tx: Tx, run: Run, undoneBy: string, atMs: number): Promise<void> {
  const { locationId, id, connectionId } = run
  await sql`update connection_run set undone_by = ${undoneBy}, state = case when state = 'failed' then state else 'done' end,
      ended_at = coalesce(ended_at, ${new Date(atMs)})
    where location_id = ${locationId} and id = ${id}`.execute(tx)
  await sql`update connection_row set state = 'discarded' where location_id = ${locationId} and run_id = ${id}
      and connection_id = ${connectionId} and state = 'waiting'`.execute(tx)
}

export async function getRun(
  db: Db,
  { locationId, id: connectionId }: Place,
  id: string,
  { hold = false }: { hold?: boolean } = {},
): Promise<Run> {
  const row = await queryOne(
    db,
    sql<Run>`select ${RUN} from connection_run r where r.location_id = ${locationId} and r.id = ${id}
      and r.connection_id = ${connectionId} ${hold ? sql`for no key update` : sql``}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'run', id })
  return row
}

/** The newest first. */
export function listRuns(
  db: Db,
  { locationId, id }: Place,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Run[]> {
  return query(
    db,
    sql<Run>`select ${RUN} from connection_run r where r.location_id = ${locationId} and r.connection_id = ${id}
      and (${after ?? null}::text is null or (r.started_at, r.id) < (select o.started_at, o.id from connection_run o
          where o.location_id = ${locationId} and o.connection_id = ${id} and o.id = ${after ?? null}))
      order by r.started_at desc, r.id desc limit ${limit}`,
  )
}
