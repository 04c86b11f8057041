import { promisify } from 'node:util'
import { constants, gunzip, gzip } from 'node:zlib'
import { type RawBuilder, sql } from 'kysely'
import { type Db, query, queryOne, type Tx } from '../db/pool.ts'
import type { BodyStore } from './bodies.ts'

const pack = promisify(gzip)
const unpack = promisify(gunzip)
const FAST = { level: constants.Z_BEST_SPEED }

/** wire/hubspot.md, "Semantics": whichever comes first. */
export const MOST_EVENTS = 10_000
export const MOST_BYTES = 5_000_000

/** One event as it stands in a file, and whose it is. */
export interface Told {
  locationId: string
  text: string
}

/** Events as files of one app: cut where one would be too large. */
export function cut(events: readonly Told[]): Told[][] {
  const files: Told[][] = []
  let size = MOST_BYTES
  for (const event of events) {
    const bytes = Buffer.byteLength(event.text) + 1
    const last = files.at(-1)
    if (last === undefined || last.length >= MOST_EVENTS || size + bytes > MOST_BYTES) {
      files.push([event])
      size = bytes + FRAME_BYTES
    } else {
      last.push(event)
      size += bytes
    }
  }
  return files
}

/** What a file holds besides its events. */
const FRAME_BYTES = 200

export interface Segment {
  appId: string
  offset: string
  events: readonly Told[]
  publishedAt: Date
}

/** Writes files, which nobody changes any more. */
export async function seal(tx: Tx, bodies: BodyStore, segments: readonly Segment[]): Promise<void> {
  if (segments.length === 0) return
  const rows = await Promise.all(
    segments.map(async (segment) => {
      const { appId, offset, events, publishedAt } = segment
      const list = events.map(({ text }) => text).join(',')
      const text = `{"offset":"${offset}","journalEvents":[${list}],"publishedAt":"${publishedAt.toISOString()}"}`
      const packed = await pack(text, FAST)
      return {
        appId,
        offset,
        body: await bodies.put({ appId, offset }, packed),
        eventCount: events.length,
        sizeBytes: Buffer.byteLength(text),
        publishedAt,
      }
    }),
  )
  await sql`
    insert into journal_segment (app_id, "offset", body, event_count, size_bytes, published_at)
    values ${sql.join(
      rows.map(
        (row) =>
          sql`(${row.appId}, ${row.offset}::uuid, ${row.body}, ${row.eventCount}, ${row.sizeBytes}, ${row.publishedAt})`,
      ),
    )}`.execute(tx)
  const places = segments.flatMap(({ appId, offset, events }) =>
    [...countBy(events, ({ locationId }) => locationId)].map(([locationId, count]) => ({
      appId,
      offset,
      locationId,
      count,
    })),
  )
  await sql`
    insert into journal_segment_location (app_id, location_id, "offset", event_count)
    select p->>'appId', p->>'locationId', (p->>'offset')::uuid, (p->>'count')::int
    from jsonb_array_elements(${JSON.stringify(places)}::jsonb) p`.execute(tx)
}

function countBy<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const one of list) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return counts
}

/** Whose journal: that of all installs of an app, or of one location. */
export interface Journal {
  appId: string
  locationId: string | null
}

const offsetsOf = ({ appId, locationId }: Journal, condition: RawBuilder<unknown>, order: RawBuilder<unknown>) =>
  locationId === null
    ? sql<{ offset: string }>`select "offset" from journal_segment where app_id = ${appId} and ${condition} ${order}`
    : sql<{ offset: string }>`select "offset" from journal_segment_location where app_id = ${appId}
        and location_id = ${locationId} and ${condition} ${order}`

const ANY = sql`true`

export async function firstOffsets(db: Db, journal: Journal, count: number): Promise<string[]> {
  return offsets(db, offsetsOf(journal, ANY, sql`order by "offset" limit ${count}`))
}

/** The last ones, oldest first. */
export async function lastOffsets(db: Db, journal: Journal, count: number): Promise<string[]> {
  return (await offsets(db, offsetsOf(journal, ANY, sql`order by "offset" desc limit ${count}`))).reverse()
}

export function offsetsAfter(db: Db, journal: Journal, offset: string, count: number): Promise<string[]> {
  return offsets(db, offsetsOf(journal, sql`"offset" > ${offset}::uuid`, sql`order by "offset" limit ${count}`))
}

/** Those of these offsets at which there is a segment. */
export function knownOffsets(db: Db, journal: Journal, wanted: readonly string[]): Promise<string[]> {
  return offsets(db, offsetsOf(journal, sql`"offset" = any(${wanted as string[]}::uuid[])`, sql`order by "offset"`))
}

async function offsets(db: Db, statement: RawBuilder<{ offset: string }>): Promise<string[]> {
  return (await query(db, statement)).map(({ offset }) => offset)
}

/** A file, packed; null when there is none. */
export async function readSegment(
  db: Db,
  bodies: BodyStore,
  { appId, offset }: { appId: string; offset: string },
): Promise<Buffer | null> {
  const row = await queryOne(
    db,
    sql<{ body: string | null }>`
      select encode(body, 'base64') as body from journal_segment where app_id = ${appId} and "offset" = ${offset}::uuid`,
  )
  if (row === null) return null
  return row.body === null ? bodies.get({ appId, offset }) : Buffer.from(row.body, 'base64')
}

export const repacked = (text: string): Promise<Buffer> => pack(text, FAST)
export const unpacked = async (packed: Buffer): Promise<string> => (await unpack(packed)).toString()

interface File {
  offset: string
  journalEvents: { portalId?: number }[]
  publishedAt: string
}

/** What a file tells of one portal. */
export async function onlyOf(portalId: number, packed: Buffer): Promise<string> {
  const file = JSON.parse(await unpacked(packed)) as File
  return JSON.stringify({ ...file, journalEvents: file.journalEvents.filter((event) => event.portalId === portalId) })
}
