import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { createClient } from '../test/support/client.ts'
import { createFleet, tokenFor } from './fleet.ts'
import { startProcesses } from './processes.ts'
import { count, createReport, megabytes, ms, peakMemory, quantile, until } from './report.ts'

/**
 * Speed of webhooks: server, worker and database are processes of their own; the receiver is this one, on the same cores.
 */
const quick = process.argv.includes('--quick')
const DELIVERIES = quick ? 5_000 : 40_000
const ENDPOINTS = 10
const CONTACTS = quick ? 100 : 500
const report = createReport(
  'Webhooks',
  'Deliveries wait before the clock starts; each is signed three times, sent, and written down with its answer. The ' +
    'receiver is the process that measures, on the same cores. Waiting times are from the answer to whoever made a contact until ' +
    'the receiver has its event, beside a receiver that never answers.',
)

await using processes = await startProcesses({ TINTYPE_OUTGOING_NETWORKS: '127.0.0.0/8' })
const { db } = processes.database
const { companyId, locationIds } = await createFleet(db, 1)
const [locationId] = locationIds as [string]
const client = createClient(processes.url, await tokenFor(db, companyId, locationId))

let taken = 0
const arrived = new Map<string, number>()
const held: ServerResponse[] = []
const receiver = createServer((request, response) => {
  if (request.url === '/slow') {
    held.push(response)
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.writeHead(204).end()
    taken++
    if (request.url === '/timed') arrived.set(JSON.parse(Buffer.concat(chunks).toString()).id, performance.now())
  })
})
await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`

for (const endpoints of [1, ENDPOINTS]) await measureRate(endpoints)
await measureWaits()
const peak = peakMemory(processes.pidOf('work'))
if (peak !== null) report.add('memory of `tintype work`, peak of the whole run', megabytes(peak))
if (!quick) report.write()
receiver.closeAllConnections()
receiver.close()

async function newWebhook(path: string): Promise<string> {
  const { body } = await client.post('/webhooks/', { name: path, url: address + path })
  return body.webhook.id
}

async function measureRate(endpoints: number): Promise<void> {
  const ids = await Promise.all(Array.from({ length: endpoints }, () => newWebhook('/quick')))
  await sql`update webhook_endpoint set off = 'person'`.execute(db)
  const body = JSON.stringify({ type: 'ContactUpdate', locationId, id: 'x'.repeat(20), tags: ['x'.repeat(600)] })
  await sql`
    insert into webhook_delivery (location_id, id, endpoint_id, event, subject, body, state, due_at, tries, attempts, created_at)
    select ${locationId}, gen_random_uuid(), (${ids}::text[])[1 + n % ${endpoints}], 'ContactUpdate', 'contacts/' || n, ${body},
      'waiting', now(), 0, '[]', now() from generate_series(1, ${DELIVERIES}) n`.execute(db)
  await sql`vacuum analyze webhook_delivery`.execute(db)
  taken = 0
  const startMs = performance.now()
  for (const id of ids) await client.put(`/webhooks/${id}`, { enabled: true })
  while (taken < DELIVERIES) await pause(5)
  const rate = Math.round(DELIVERIES / ((performance.now() - startMs) / 1000))
  const bound = endpoints === 1 ? '-' : 'at least 2,000'
  report.add(
    `deliveries, ${endpoints} endpoint${endpoints === 1 ? '' : 's'}`,
    `${count(rate)} a second`,
    bound,
    endpoints === 1 || rate >= 2000,
  )
  for (const id of ids) await client.delete(`/webhooks/${id}`)
}

async function measureWaits(): Promise<void> {
  for (const path of ['/slow', '/timed']) await newWebhook(path)
  const madeAt = new Map<string, number>()
  for (let n = 0; n < CONTACTS; n++) {
    const { body } = await client.post('/contacts/', { locationId, firstName: `Contact ${n}` })
    madeAt.set(body.contact.id, performance.now())
    await pause(10)
  }
  await until(async () => arrived.size === CONTACTS)
  const waits = [...madeAt].map(([id, at]) => Math.max((arrived.get(id) as number) - at, 0))
  const [half, most] = [quantile(waits, 0.5), quantile(waits, 0.99)]
  report.add('wait for an event beside a receiver that never answers, median', ms(half))
  report.add('the same, p99', ms(most), 'under 2 s', most < 2_000)
  for (const response of held) response.destroy()
}
