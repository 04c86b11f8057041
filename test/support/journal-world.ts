import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { writeRound } from '../../src/journal/round.ts'
import type { Reply } from './client.ts'
import { JR, SNAPSHOTS, SUBSCRIPTIONS } from './journal.ts'
import type { TestServer } from './server.ts'
import type { Tenant } from './tenant-world.ts'

/** What an app can name of its journal: a subscription, a filter, a snapshot, a file and a cursor. */
export async function journalThings(
  server: TestServer,
  { locationId, locationToken, appToken, ids }: Tenant,
): Promise<void> {
  const { db, clock, bodies } = server.app.platform
  const app = server.client(appToken)
  const made = async (reply: Promise<Reply>) => {
    const { status, body } = await reply
    if (status >= 300) throw new Error(JSON.stringify(body))
    return body
  }
  const [row] = await query(
    db,
    sql<{ portalId: number }>`select portal_id as "portalId" from location where id = ${locationId}`,
  )
  const portalId = row?.portalId as number
  const contact = { portalId, objectTypeId: '0-1' }
  const subscription = await made(
    app.post(SUBSCRIPTIONS, { ...contact, subscriptionType: 'OBJECT', actions: ['CREATE', 'UPDATE'] }),
  )
  const filter = { conditions: [{ property: 'city', operator: 'IS_NOT_EMPTY' }] }
  const { filterId } = await made(app.post(`${SUBSCRIPTIONS}/filters`, { subscriptionId: subscription.id, filter }))
  const objectId = Number(ids.get('hubspot_fromObjectId'))
  const asked = await made(
    app.post(SNAPSHOTS, { snapshotRequests: [{ ...contact, objectId, properties: ['firstname'] }] }),
  )
  await made(server.client(locationToken).put(`/contacts/${ids.get('contact')}`, { city: 'Somewhere' }))
  // Where a worker is at work, it may be writing just now.
  for (let tries = 0; tries < 200 && (await app.raw('GET', `${JR}/latest`)).status === 204; tries++) {
    await writeRound({ db, bodies, nowMs: clock.nowMs, windowMs: 60_000, timeoutMs: 60_000 })
    await pause(10)
  }
  const { currentOffset } = await made(app.get(`${JR}/latest`))
  await made(app.put(`${JR}/consumers/mine`, { offset: currentOffset }))
  for (const [name, value] of Object.entries({
    portalId,
    installPortalId: portalId,
    subscriptionId: subscription.id,
    filterId,
    statusId: asked.snapshotResponses[0].snapshotStatusId,
    offset: currentOffset,
    consumer: 'mine',
  }))
    ids.set(`hubspot_${name}`, String(value))
}
