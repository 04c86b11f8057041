import { sql } from 'kysely'
import { type Db, json, query, queryOne, type Tx, texts } from '../../db/pool.ts'
import { queryPrepared } from '../../db/prepared.ts'
import { toUuid, uuidv7Prefix } from '../../ids.ts'
import type { Connection } from '../connections/connection.ts'
import type { Problem } from '../mapping/document.ts'
import type { Delta, Left, Synced } from './writer.ts'

/**
 * `waiting`: for its turn, or for what it needs. `failed`: a dead letter, until it is `replayed` or `discarded`. The last
 * two are of runs that undo.
 */
export const ROW_STATES = [
  'waiting',
  'created',
  'updated',
  'unchanged',
  'skipped',
  'failed',
  'replayed',
  'discarded',
  'reverted',
  'kept',
] as const
export type RowState = (typeof ROW_STATES)[number]

export interface Row {
  id: string
  runId: string
  /** Where it stands among the others; without: behind them. Of those that are there: left out. */
  seq?: number | undefined
  arrivalId: string | null
  place: number
  item: unknown
  externalId: string | null
  state: RowState
  reason: string | null
  problems: Problem[] | null
  kept: Left[] | null
  mapped: Synced | null
  kind: string | null
  recordId: string | null
  delta: Delta | null
  replayOf: string | null
  tries: number
  dueAt: Date | null
  at: Date
}

/** A row that nothing has been made of yet. */
export type NewRow = Pick<Row, 'id' | 'runId' | 'place' | 'item' | 'arrivalId' | 'replayOf' | 'seq'>

const ROW = sql`w.id, w.run_id as "runId", w.arrival_id as "arrivalId", w.place, w.item, w.external_id as "externalId",
    w.state, w.reason, w.problems, w.kept, w.mapped, w.kind, w.record_id as "recordId", w.delta,
    w.replay_of as "replayOf", w.tries, w.due_at as "dueAt", w.at`

type Place = Pick<Connection, 'locationId' | 'id'>

/** Ids in the order in which they are asked for. */
export function rowIds(count: number, atMs: number): string[] {
  const prefix = uuidv7Prefix(atMs)
  return Array.from({ length: count }, (_, n) => toUuid(prefix + n.toString(16).padStart(8, '0')))
}

/** Their turn comes in this order; that of a dry run's when it is asked for. */
export async function addRows(
  tx: Tx,
  { locationId, id }: Place,
  rows: readonly NewRow[],
  { atMs, isDry = false }: { atMs: number; isDry?: boolean },
): Promise<void> {
  if (rows.length === 0) return
  const at = new Date(atMs)
  await queryPrepared(
    tx,
    sql`
    insert into connection_row (location_id, connection_id, run_id, id, arrival_id, place, item, replay_of, state, due_at,
      at)
    select ${locationId}, ${id}, r."runId", r.id, r."arrivalId", r.place, r.item, r."replayOf", 'waiting',
      ${isDry ? null : at}::timestamptz, ${at}
    from jsonb_array_elements(${json(rows)}) with ordinality e(value, position),
      jsonb_to_record(e.value) r("runId" text, id uuid, "arrivalId" uuid, place int, item jsonb, "replayOf" uuid)
    order by e.position`,
  )
}

/**
 * Whose turn it is, in order, but for those that somebody else has taken, and for those behind rows that wait in sets
 * (sets.ts). `runId`: of a dry run, which is asked for as a whole.
 */
export function takeWaiting(
  tx: Tx,
  { locationId, id }: Place,
  { runId, most, atMs }: { runId?: string | undefined; most: number; atMs: number },
): Promise<Row[]> {
  const isTheirTurn =
    runId === undefined
      ? sql`w.due_at <= ${new Date(atMs)} and w.seq < coalesce((select min(s.seq) from connection_set s
          where s.location_id = ${locationId} and s.connection_id = ${id}), ${BEHIND_ALL})`
      : sql`w.run_id = ${runId} and w.due_at is null`
  return query(
    tx,
    sql<Row>`select ${ROW} from connection_row w where w.location_id = ${locationId} and w.connection_id = ${id}
      and w.state = 'waiting' and ${isTheirTurn} order by w.seq limit ${most}
      ${runId === undefined ? sql`for no key update of w skip locked` : sql``}`,
  )
}

const BEHIND_ALL = sql`9223372036854775807`

/** When the next one is due that waits for later. Null: none waits. */
export async function nextDue(db: Db, { locationId, id }: Place): Promise<Date | null> {
  const row = await queryOne(
    db,
    sql<{ due: Date | null }>`select min(w.due_at) as due from connection_row w
      where w.location_id = ${locationId} and w.connection_id = ${id} and w.state = 'waiting'
        and w.due_at is not null`,
  )
  return row?.due ?? null
}

/** Which of these outside ids wait already: what comes later of them waits behind. */
export async function waitingIds(
  tx: Tx,
  { locationId, id }: Place,
  externalIds: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await query(
    tx,
    sql<{ externalId: string; due: Date }>`select external_id as "externalId", max(due_at) as due from connection_row
      where location_id = ${locationId} and connection_id = ${id} and state = 'waiting' and tries > 0
        and external_id = any(${texts(externalIds)}) group by 1`,
  )
  return new Map(rows.map(({ externalId, due }) => [externalId, due]))
}

/**
 * What became of rows, those that are there and those that are new, in one statement. `areThere`: all of them are, so what
 * came is not sent again.
 */
export async function writeRows(
  tx: Tx,
  { locationId, id }: Place,
  rows: readonly Row[],
  { areThere = false }: { areThere?: boolean } = {},
): Promise<void> {
  if (rows.length === 0) return
  const sent = areThere ? rows.map(({ item: _, ...row }) => row) : rows
  await queryPrepared(
    tx,
    sql`
    insert into connection_row (location_id, connection_id, run_id, id, arrival_id, place, item, external_id, state,
      reason, problems, kept, mapped, kind, record_id, delta, replay_of, tries, due_at, at, seq)
      overriding system value
    select ${locationId}, ${id}, r."runId", r.id, r."arrivalId", r.place, r.item, r."externalId", r.state, r.reason,
      r.problems, r.kept, r.mapped, r.kind, r."recordId",
      r.delta, r."replayOf", r.tries, r."dueAt", r.at,
      coalesce(r.seq, nextval('connection_row_seq_seq'))
    from jsonb_array_elements(${json(sent)}) with ordinality e(value, position),
      jsonb_to_record(e.value) r("runId" text, id uuid, "arrivalId" uuid, place int, item jsonb, "externalId" text,
        state text, reason text, problems jsonb, kept jsonb, mapped jsonb, kind text, "recordId" text, delta jsonb,
        "replayOf" uuid, tries int, "dueAt" timestamptz, at timestamptz, seq bigint)
    order by e.position
    on conflict (location_id, run_id, id) do update set external_id = excluded.external_id, state = excluded.state,
      reason = excluded.reason, problems = excluded.problems, kept = excluded.kept, mapped = excluded.mapped,
      kind = excluded.kind, record_id = excluded.record_id, delta = excluded.delta, tries = excluded.tries,
      due_at = excluded.due_at, at = excluded.at`,
  )
}

export interface RowFilter {
  runId?: string | undefined
  states?: readonly RowState[] | undefined
  ids?: readonly string[] | undefined
  /** Those of which something could be read. */
  holdItem?: boolean
}

/** What was only looked at is no dead letter of anybody's. */
export const isReal = sql`not exists (select 1 from connection_run u where u.location_id = w.location_id and u.id = w.run_id
  and u.is_dry)`

/** Rows of a dry run are told where it is named. */
const matches = ({ runId, states, ids, holdItem = false }: RowFilter) => sql`
  ${runId === undefined ? isReal : sql`w.run_id = ${runId}`}
  and (${states === undefined} or w.state = any(${texts(states ?? [])}))
  and (${ids === undefined} or w.id = any(${texts(ids ?? [])}::uuid[]))
  and (${!holdItem} or w.item is not null)`

/** In the order of their turns. `after`: the last one of the page before. */
export function listRows(
  db: Db,
  { locationId, id }: Place,
  { after, limit, ...filter }: RowFilter & { after?: string | undefined; limit: number },
): Promise<Row[]> {
  return query(
    db,
    sql<Row>`select ${ROW} from connection_row w where w.location_id = ${locationId} and w.connection_id = ${id}
      and ${matches(filter)} and (${after ?? null}::uuid is null or w.seq > (select a.seq from connection_row a
        where a.location_id = ${locationId} and a.connection_id = ${id} and a.id = ${after ?? null}::uuid limit 1))
      order by w.seq limit ${limit}`,
  )
}

/** Dead letters become something else; those that are none any more stay as they are. Answers which it was. */
export async function settleDead(
  tx: Tx,
  { locationId, id }: Place,
  ids: readonly string[],
  state: 'replayed' | 'discarded',
): Promise<string[]> {
  const rows = await query(
    tx,
    sql<{ id: string }>`update connection_row w set state = ${state} where w.location_id = ${locationId}
      and w.connection_id = ${id} and w.state = 'failed' and w.id = any(${texts(ids)}::uuid[]) and ${isReal}
      returning w.id`,
  )
  return rows.map((row) => row.id)
}
