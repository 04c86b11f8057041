import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import type { Happening } from './happenings.ts'
import { type Committed, isOfApp } from './inbox.ts'

/** Kinds of events in the life of an app, as the wire numbers them. */
export const LIFE_EVENTS = { APP_INSTALL: '4-1909196', APP_UNINSTALL: '4-1916193' } as const

/** An app that comes to an agency comes to each of its locations. */
export async function appHappenings(tx: Tx, rows: readonly Committed[]): Promise<Map<Committed, Happening[]>> {
  const lives = rows.filter(({ event }) => isOfApp(event))
  const found = new Map<Committed, Happening[]>()
  if (lives.length === 0) return found
  const locations = await query(
    tx,
    sql<{ id: string; agencyId: string; portalId: number }>`
      select id, agency_id as "agencyId", portal_id as "portalId" from location where deleted_at is null
        and agency_id = any(${texts(lives.map(({ event }) => event?.agencyId ?? ''))}) order by portal_id`,
  )
  for (const row of lives) {
    if (!isOfApp(row.event)) continue
    const { appId, agencyId, locationId, action } = row.event
    const places = locations.filter((one) => one.agencyId === agencyId && (locationId === '' || one.id === locationId))
    found.set(
      row,
      places.map(({ portalId }) => ({
        type: 'app_lifecycle_event',
        action,
        seq: row.seq,
        eventId: `app:${row.seq}:${portalId}`,
        locationId: '',
        portalId,
        at: row.at,
        actor: null,
        subject: { eventTypeId: LIFE_EVENTS[action], properties: {} },
        objectTypeId: '',
        objectId: '',
        tellsOf: [],
        appId,
        eventTypeId: LIFE_EVENTS[action],
      })),
    )
  }
  return found
}
