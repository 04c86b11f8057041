import { type AppPortal, findPortals } from '../auth/app-portals.ts'
import { holdsOneOf } from '../auth/caller.ts'
import type { Tx } from '../db/pool.ts'
import { isOfType, loadPortals, type PropertyMap } from '../objects/index.ts'
import { readAsOf, type Wanted } from './as-of.ts'
import { type Claimed, type Failure, type Item, itemId } from './requests.ts'
import type { Told } from './segments.ts'

/** The event of one item of a request. */
export interface Snapshot extends Told {
  requestId: string
  number: number
}

/** What requests come to: events, by app, and why others have none. */
export interface Outcome {
  snapshots: Map<string, Snapshot[]>
  failures: Map<string, Record<number, Failure>>
}

interface Asked {
  request: Claimed
  number: number
  item: Item
  portal: AppPortal
  map: PropertyMap
}

/** Reads what was asked for, in sets: a number of statements that does not grow with that of the items. */
export async function answerRequests(tx: Tx, requests: readonly Claimed[], nowMs: number): Promise<Outcome> {
  const outcome: Outcome = { snapshots: new Map(), failures: new Map() }
  const fail = ({ id }: Claimed, number: number, failure: Failure) => {
    const failures = outcome.failures.get(id) ?? {}
    failures[number] = failure
    outcome.failures.set(id, failures)
  }
  if (requests.length === 0) return outcome
  const asked = await resolve(tx, requests, fail)
  const records = await readAsOf(
    tx,
    asked.map(({ item, portal, map }): Wanted => ({ portal, kind: map.type.kind, item })),
  )
  for (const [index, { request, number, item, portal, map }] of asked.entries()) {
    const record = records[index] ?? null
    if (record === null || !isOfType(map.type, record.document)) {
      const then = item.asOfMs === undefined ? '' : ` at ${new Date(item.asOfMs).toISOString()}`
      fail(request, number, [
        'VALIDATION_ERROR',
        `There is no object ${item.objectId} of type ${item.objectTypeId} in portal ${item.portalId}${then}`,
      ])
      continue
    }
    const snapshots = outcome.snapshots.get(request.appId) ?? []
    outcome.snapshots.set(request.appId, snapshots)
    snapshots.push({
      requestId: request.id,
      number,
      locationId: portal.locationId,
      text: snapshotText(
        request,
        number,
        { ...item, objectTypeId: map.type.typeId },
        map.read(record, item.properties),
        nowMs,
      ),
    })
  }
  return outcome
}

function snapshotText(
  request: Claimed,
  number: number,
  item: Item,
  propertyChanges: Record<string, string | null>,
  nowMs: number,
): string {
  const snapshotStatusId = itemId(request.id, number)
  const { portalId, objectTypeId, objectId, asOfMs } = item
  return JSON.stringify({
    type: 'crmObject',
    portalId,
    occurredAt: new Date(nowMs).toISOString(),
    action: 'SNAPSHOT',
    objectTypeId,
    objectId,
    propertyChanges,
    eventId: snapshotStatusId,
    snapshotStatusId,
    ...(asOfMs === undefined ? {} : { asOf: new Date(asOfMs).toISOString() }),
  })
}

/** The items whose portal, type, scope and properties are in order. */
async function resolve(
  tx: Tx,
  requests: readonly Claimed[],
  fail: (request: Claimed, number: number, failure: Failure) => void,
): Promise<Asked[]> {
  const portals = await portalsOf(tx, requests)
  const candidates: Omit<Asked, 'map'>[] = []
  for (const request of requests)
    for (const [number, item] of request.items.entries()) {
      const portal = portals.get(request.appId)?.get(item.portalId)
      if (portal === undefined)
        fail(request, number, ['PERMISSION_DENIED', `The app is not installed in portal ${item.portalId}`])
      else candidates.push({ request, number, item, portal })
    }
  const known = await loadPortals(
    tx,
    candidates.map(({ portal }) => portal.locationId),
  )
  return candidates.flatMap(({ request, number, item, portal }) => {
    const there = known.get(portal.locationId)
    const type = there?.find(item.objectTypeId)
    const map = type && there?.mapOf(type)
    if (!map) {
      fail(request, number, ['VALIDATION_ERROR', `There is no object type ${item.objectTypeId}`])
      return []
    }
    const needed = map.type.scopes.read
    if (!holdsOneOf(portal.scopes, needed) || !holdsOneOf(request.scopes ?? portal.scopes, needed)) {
      fail(request, number, ['PERMISSION_DENIED', `The app lacks the scope ${needed[0]}`])
      return []
    }
    const unknown = item.properties.filter((name) => !map.has(name))
    if (unknown.length > 0) {
      fail(request, number, [
        'VALIDATION_ERROR',
        `Objects of type ${item.objectTypeId} have no property ${unknown.slice(0, 10).join(', ')}`,
      ])
      return []
    }
    return [{ request, number, item, portal, map }]
  })
}

async function portalsOf(tx: Tx, requests: readonly Claimed[]): Promise<Map<string, Map<number, AppPortal>>> {
  const wanted = new Map<string, Set<number>>()
  for (const { appId, items } of requests) {
    const ids = wanted.get(appId) ?? new Set()
    wanted.set(appId, ids)
    for (const { portalId } of items) ids.add(portalId)
  }
  const found = new Map<string, Map<number, AppPortal>>()
  for (const [appId, ids] of wanted) {
    const portals = await findPortals(tx, appId, [...ids])
    found.set(appId, new Map(portals.map((portal) => [portal.portalId, portal])))
  }
  return found
}
