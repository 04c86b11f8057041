import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { registerApp } from '../src/auth/apps.ts'
import { type Db, query } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { uuidv7 } from '../src/ids.ts'
import { IN_DATABASE, seal } from '../src/journal/index.ts'
import { type Client, createClient } from '../test/support/client.ts'
import { createContacts } from './contacts.ts'
import { createFleet, tokenFor } from './fleet.ts'
import { startProcesses } from './processes.ts'
import { rawSnapshots } from './raw-snapshots.ts'
import { count, createReport, megabytes, ms, peakMemory, quantile, timed } from './report.ts'

/**
 * Speed of record snapshots and of the journal over HTTP: server, worker and database are processes of their own, the
 * load comes from this one, all on the same cores.
 */
const quick = process.argv.includes('--quick')
const SECONDS = quick ? 3 : 10
const CONTACTS = quick ? 10_000 : 100_000
const SENDERS = 4
const BATCH = 100
const EVENTS = quick ? [50_000, 200_000] : [1_000_000, 10_000_000]
const SNAPSHOTS = '/webhooks-journal/snapshots/2026-03/crm'
const JR = '/webhooks-journal/journal/2026-03'
const PROPERTIES = ['email', 'firstname', 'lastname', 'phone']
const report = createReport(
  'Record snapshots and the journal',
  `Snapshots are asked for in batches of ${BATCH} of ${PROPERTIES.length} properties and count when their event has ` +
    'been read from a file of the journal; the raw SQL does the same work in one connection, without HTTP, statuses ' +
    'or JavaScript. Waiting times are those of a caller.',
)

await using processes = await startProcesses({
  TINTYPE_SNAPSHOT_RATE: '0',
  TINTYPE_JOURNAL_RATE: '0',
  TINTYPE_SUBSCRIPTION_RATE: '0',
})
const { database, url } = processes
const { db } = database
const { companyId, locationIds } = await createFleet(db, 2)
const [locationId] = locationIds as [string]
await createContacts(db, locationId, CONTACTS)
await sql`vacuum analyze`.execute(db)
const { app, secret } = await inTransaction(db, (tx) =>
  registerApp(
    tx,
    { agencyId: companyId, name: 'Bench', scopes: SCOPES(), redirectUris: ['https://a.example/'] },
    Date.now(),
  ),
)
const client = createClient(url, await appTokenFor(app.clientId, secret as string))
const { portalId, objectIds } = await idsOf(db, locationId)

await warmUp()
const raw = await rawSnapshots(db, (n) => batchOf(n).snapshotRequests, SECONDS)
report.add('raw SQL of the same work, one connection', `${count(raw)} snapshots a second`)
await measureRate()
await measureLatency()
await measureReading()
await measureWaking()
for (const size of EVENTS) await measureSize(size)
for (const command of ['serve', 'work'] as const) {
  const peak = peakMemory(processes.pidOf(command))
  if (peak !== null) report.add(`memory of \`tintype ${command}\`, peak of the whole run`, megabytes(peak))
}
if (!quick) report.write()

function SCOPES(): string[] {
  const journal = ['read', 'subscriptions.read', 'subscriptions.write', 'snapshots.read', 'snapshots.write']
  return [...journal.map((name) => `developer.webhooks_journal.${name}`), 'crm.objects.contacts.read']
}

async function appTokenFor(clientId: string, clientSecret: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  })
  const reply = await createClient(url).raw('POST', '/oauth/v1/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  })
  return reply.body.access_token
}

async function idsOf(from: Db, location: string): Promise<{ portalId: number; objectIds: number[] }> {
  const [row] = await query(
    from,
    sql<{ portalId: number; ids: number[] }>`
      select l.portal_id as "portalId", (select jsonb_agg(r.object_id) from record r where r.location_id = l.id
        and r.kind = 'contacts') as ids from location l where l.id = ${location}`,
  )
  return { portalId: row?.portalId as number, objectIds: row?.ids as number[] }
}

/** The nth batch: always other contacts. */
function batchOf(n: number): { snapshotRequests: unknown[] } {
  const from = (n * BATCH) % (objectIds.length - BATCH)
  return {
    snapshotRequests: objectIds
      .slice(from, from + BATCH)
      .map((objectId) => ({ portalId, objectId, objectTypeId: '0-1', properties: PROPERTIES })),
  }
}

async function ask(caller: Client, n: number): Promise<string[]> {
  const { status, body } = await caller.post(SNAPSHOTS, batchOf(n))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.snapshotResponses.map((one: { snapshotStatusId: string }) => one.snapshotStatusId)
}

/** Reads files after an offset, or from the beginning; answers how many events they held and where they end. */
async function readOn(
  offset: string | null,
  most = Number.POSITIVE_INFINITY,
): Promise<{ events: number; offset: string | null }> {
  let [events, at] = [0, offset]
  while (events < most) {
    const path = at === null ? `${JR}/batch/earliest/20` : `${JR}/batch/${at}/next/20`
    const { body } = await client.get(path)
    if (body.results.length === 0) break
    const files = await Promise.all(
      body.results.map(({ url: file }: { url: string }) => fetch(file).then((r) => r.json())),
    )
    for (const file of files) events += file.journalEvents.length
    at = body.results.at(-1).currentOffset
  }
  return { events, offset: at }
}

async function latest(): Promise<string | null> {
  const { status, body } = await client.get(`${JR}/latest`)
  return status === 204 ? null : body.currentOffset
}

async function warmUp(): Promise<void> {
  for (let n = 0; n < 200; n++) await ask(client, n)
  await settled(await ask(client, 0))
}

async function settled(ids: readonly string[]): Promise<void> {
  for (;;) {
    const { body } = await client.get(`${SNAPSHOTS}/status/${ids.at(-1)}`)
    if (!['PENDING', 'IN_PROGRESS'].includes(body.status)) return
    await pause(5)
  }
}

async function measureRate(): Promise<void> {
  const from = await latest()
  const startedMs = performance.now()
  const endMs = startedMs + SECONDS * 1000
  let sent = 0
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (performance.now() < endMs) await ask(client, sent++)
    }),
  )
  let [events, at] = [0, from]
  while (events < sent * BATCH) {
    const more = await readOn(at)
    events += more.events
    at = more.offset
    if (more.events === 0) await pause(10)
  }
  const rate = Math.round((sent * BATCH * 1000) / (performance.now() - startedMs))
  report.add(
    'record snapshots from request to event read, everything included',
    `${count(rate)} a second, ${(rate / raw).toFixed(2)} of the raw SQL`,
    '>= 10,000 (goal 25,000)',
    rate >= 10_000,
  )
}

async function measureLatency(): Promise<void> {
  const waits: number[] = []
  const all: Promise<void>[] = []
  const perSecond = 10
  for (let n = 0; n < SECONDS * perSecond; n++) {
    all.push(
      (async () => {
        const startedMs = performance.now()
        await settled(await ask(client, n))
        waits.push(performance.now() - startedMs)
      })(),
    )
    await pause(1000 / perSecond)
  }
  await Promise.all(all)
  const p99 = quantile(waits, 0.99)
  report.add(
    'from request to COMPLETED at 1,000 snapshots a second',
    `p50 ${ms(quantile(waits, 0.5))}, p99 ${ms(p99)}`,
    'p99 <= 500 ms',
    p99 <= 500,
  )
}

async function measureReading(): Promise<void> {
  const [took, { events }] = await timed(() => readOn(null))
  const rate = Math.round((events * 1000) / took)
  report.add('reading the journal', `${count(rate)} events a second`, '>= 100,000', rate >= 100_000)
}

async function measureWaking(): Promise<void> {
  const location = createClient(url, await tokenFor(db, companyId, locationId))
  await client.post('/webhooks-journal/subscriptions/2026-03', {
    subscriptionType: 'OBJECT',
    portalId,
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE'],
  })
  const [contact] = await query(
    db,
    sql<{ id: string }>`select id from record where location_id = ${locationId} and kind = 'contacts' limit 1`,
  )
  const waits: number[] = []
  await location.put(`/contacts/${contact?.id}`, { city: 'begin' })
  await pause(1_500)
  for (let n = 0; n < (quick ? 30 : 200); n++) {
    const at = await latest()
    const waiting = client.get(`${JR}/offset/${at}/next?wait=10`)
    await pause(30 + (n % 20))
    await location.put(`/contacts/${contact?.id}`, { city: `city ${n}` })
    const writtenMs = performance.now()
    const { status } = await waiting
    if (status !== 200) throw new Error(`the long poll ended with ${status}`)
    waits.push(Math.max(0, performance.now() - writtenMs))
  }
  const p99 = quantile(waits, 0.99)
  report.add(
    'from the answer to an edit until a long poll hears of it',
    `p50 ${ms(quantile(waits, 0.5))}, p99 ${ms(p99)}`,
    '<= 50 ms',
    p99 <= 50,
  )
}

/** Fills the journal up to so many events, in files of 1,000, and asks again what was asked when it was small. */
async function measureSize(size: number): Promise<void> {
  const [row] = await query(
    db,
    sql<{ n: number; last: string }>`select coalesce(sum(event_count), 0)::int8 as n, max("offset"::text) as last
      from journal_segment where app_id = ${app.id}`,
  )
  let made = Number(row?.n)
  const day = Date.now()
  while (made < size) {
    const segments = Array.from({ length: 20 }, () => ({
      appId: app.id,
      // Before all that is there: as if it had been written in the days before.
      offset: uuidv7(day - 7_200_000 + Math.floor((made / EVENTS[1]!) * 3_600_000)),
      publishedAt: new Date(),
      events: Array.from({ length: 1_000 }, () => ({
        locationId,
        text: JSON.stringify({ type: 'crmObject', portalId, action: 'UPDATE', objectTypeId: '0-1', objectId: made++ }),
      })),
    }))
    await inTransaction(db, (tx) => seal(tx, IN_DATABASE, segments))
  }
  await sql`vacuum analyze journal_segment`.execute(db)
  const waits: number[] = []
  const at = await latest()
  for (let n = 0; n < 200; n++) waits.push((await timed(() => client.get(`${JR}/offset/${at}/next`)))[0])
  const earliest: number[] = []
  for (let n = 0; n < 200; n++) earliest.push((await timed(() => client.get(`${JR}/earliest`)))[0])
  const startedMs = performance.now()
  for (let n = 0; n < 100; n++) await settled(await ask(client, n))
  const [reading, { events }] = await timed(() => readOn(at))
  report.add(
    `with ${count(size)} events in the journal: next, earliest (p50), a batch from request to COMPLETED, reading`,
    `${ms(quantile(waits, 0.5))}, ${ms(quantile(earliest, 0.5))}, ${ms((performance.now() - startedMs - reading) / 100)}, ` +
      `${count(Math.round((events * 1000) / reading))} events a second`,
  )
}
