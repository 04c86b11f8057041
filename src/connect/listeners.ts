import { sql } from 'kysely'
import { findGranted, findGrantedAgencies } from '../auth/app-portals.ts'
import { holdsOneOf } from '../auth/caller.ts'
import { query, type Tx, texts } from '../db/pool.ts'
import { type Committed, isOfApp } from '../journal/index.ts'
import { ENDPOINT, type Endpoint } from './endpoints.ts'
import type { Change, EventType } from './events/index.ts'

/** Whether anybody is to be told, in SQL. */
export const LISTENED = sql`exists (select 1 from webhook_endpoint where off is null)`

/** Who is told of one change, of what they may know. */
export type Listeners = (row: Committed) => readonly Endpoint[]

/** Locations' own endpoints, and those of apps where these are installed, with what they were granted there. */
export async function listenersOf(tx: Tx, rows: readonly Committed[]): Promise<Listeners> {
  const locationIds = [...new Set(rows.map(({ locationId }) => locationId).filter((id) => id !== ''))]
  const endpoints = await query(
    tx,
    sql<Endpoint>`
      select ${ENDPOINT} from webhook_endpoint e
      where e.off is null and (e.location_id = any(${texts(locationIds)}) or e.app_id is not null)
      order by e.created_at, e.id`,
  )
  const own = Map.groupBy(endpoints, ({ locationId }) => locationId)
  const ofApps = own.get('') ?? []
  const appIds = [...new Set(ofApps.map(({ appId }) => appId as string))]
  const pairs = appIds.flatMap((appId) => locationIds.map((locationId) => ({ appId, locationId })))
  const agencies = [...new Set(rows.filter(({ locationId }) => locationId === '').map(({ under }) => under))]
  const granted = new Map([
    ...(await findGranted(tx, pairs)).map((one) => [`${one.appId} ${one.locationId}`, one.scopes] as const),
    ...(await findGrantedAgencies(tx, appIds, agencies)).map(
      (one) => [`${one.appId} /${one.agencyId}`, one.scopes] as const,
    ),
  ])
  const found = new Map<string, readonly Endpoint[]>()
  const find = (locationId: string, place: string) => [
    ...(locationId === '' ? [] : (own.get(locationId) ?? [])),
    ...ofApps.flatMap((endpoint) => {
      const scopes = granted.get(`${endpoint.appId} ${place}`)
      return scopes === undefined ? [] : [{ ...endpoint, scopes: both(endpoint.scopes, scopes) }]
    }),
  ]
  return ({ event, locationId, under, kind }) => {
    if (isOfApp(event)) return ofApps.filter(({ appId }) => appId === event.appId)
    const place = locationId === '' ? `/${under}` : locationId
    const known = found.get(place) ?? find(locationId, place)
    found.set(place, known)
    // Apps hear of people once for an agency, and not once for each of its locations.
    return kind === 'users' && locationId !== '' ? known.filter(({ appId }) => appId === null) : known
  }
}

const both = (a: readonly string[], b: readonly string[]): string[] =>
  a.includes('*') ? [...b] : b.includes('*') ? [...a] : a.filter((scope) => b.includes(scope))

/** Whether an endpoint is told of this event. */
export function wants(endpoint: Endpoint, { type, scopes, onlyApps = false }: EventType, { row, act, delta }: Change) {
  if (row.seq < endpoint.since || (onlyApps && endpoint.appId === null)) return false
  if (scopes.length > 0 && !holdsOneOf(endpoint.scopes, scopes)) return false
  const wish = endpoint.events.find((one) => one.type === type)
  if (wish === undefined) return endpoint.events.length === 0
  return act !== 'update' || wish.fields === undefined || wish.fields.some((field) => Object.hasOwn(delta, field))
}
