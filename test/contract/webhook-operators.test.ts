import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { inTransaction } from '../../src/db/transaction.ts'
import { maintain } from '../../src/jobs/maintain.ts'
import type { Client } from '../support/client.ts'
import { run } from '../support/command.ts'
import { until } from '../support/event-stream.ts'
import { startTestServer, TEST_KEY, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'
import {
  isTakenBySdk,
  LOOPBACK,
  makeWebhook,
  type Received,
  type Receiver,
  startReceiver,
} from '../support/webhooks.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let receiver: Receiver
let aheadMs = 0

before(async () => {
  server = await startTestServer({ ...LOOPBACK, clock: { nowMs: () => Date.now() + aheadMs } })
  agency = await createAgency(server.app, { locations: 2 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  receiver = await startReceiver()
})
after(async () => {
  await receiver?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

test('how it goes with each webhook is told, for a location, and for all that the caller may reach', async () => {
  const manager = server.client(agency.token)
  const [, elsewhere] = agency.locations as [TestLocation, TestLocation]
  const since = new Date().toISOString()
  const events = [{ type: 'ContactCreate' }]
  const good = await makeWebhook(client, { name: 'Bookkeeping', url: receiver.url, events })
  await using broken = await startReceiver()
  broken.answer = 500
  const bad = await makeWebhook(client, { name: 'Broken', url: broken.url, events })
  await using gone = await startReceiver()
  gone.answer = 410
  const ended = await makeWebhook(server.client(elsewhere.token), { name: 'Ended', url: gone.url, events })
  const ofApp = await manager.post(`/apps/?companyId=${agency.companyId}`, {
    name: 'Reporter',
    scopes: ['contacts.readonly'],
    redirectUris: ['https://app.example/'],
  })
  const listener = await makeWebhook(
    manager,
    { name: 'Of an app', url: receiver.url, events: [{ type: 'TaskCreate' }] },
    `?appId=${ofApp.body.app.id}`,
  )
  await client.post('/contacts/', { locationId: location.id, firstName: 'Told' })
  await server.client(elsewhere.token).post('/contacts/', { locationId: elsewhere.id, firstName: 'Heard' })
  const all = async (query = '') => (await manager.get(`/webhooks/all?companyId=${agency.companyId}${query}`)).body
  const healthOf = async ({ id }: { id: string }) =>
    (await all()).webhooks.find((one: { id: string }) => one.id === id).health
  await until(async () => (await healthOf(good)).lastStatus === 200, 'the good one was called')
  await until(async () => (await healthOf(bad)).lastStatus === 500, 'the broken one was called')
  await until(async () => (await healthOf(ended)).failed === 1, 'the ended one was given up')
  const { lastAttemptAt, ...fine } = await healthOf(good)
  assert.deepEqual(fine, { waiting: 0, nextAttemptAt: null, failed: 0, lastStatus: 200 })
  assert.ok(lastAttemptAt >= since)
  const waits = await healthOf(bad)
  assert.deepEqual([waits.waiting, waits.failed, waits.nextAttemptAt > since], [1, 0, true])
  assert.deepEqual(await healthOf(listener), {
    waiting: 0,
    nextAttemptAt: null,
    failed: 0,
    lastAttemptAt: null,
    lastStatus: null,
  })
  assert.deepEqual((await client.get(`/webhooks/${good.id}`)).body.webhook.health.lastStatus, 200)

  const names = ({ webhooks }: { webhooks: { name: string }[] }) => webhooks.map(({ name }) => name)
  assert.deepEqual(names(await all()), ['Of an app', 'Ended', 'Broken', 'Bookkeeping'])
  assert.deepEqual(names(await all('&enabled=false')), ['Ended'])
  assert.deepEqual(names(await all('&query=REPORT')), ['Of an app'])
  const first = await all('&limit=3')
  assert.deepEqual(names(await all(`&limit=3&after=${first.after}`)), ['Bookkeeping'])
  const [app, place] = (await all()).webhooks
  assert.deepEqual([app.appName, app.locationName, place.appName], ['Reporter', null, null])
  assert.equal(typeof place.locationName, 'string')
  const stranger = await createAgency(server.app, { locations: 0 })
  const theirs = server.client(stranger.token)
  assert.deepEqual((await theirs.get(`/webhooks/all?companyId=${stranger.companyId}`)).body.webhooks, [])
  const foreign = await theirs.get(`/webhooks/all?companyId=${stranger.companyId}&after=${good.id}`)
  assert.equal(foreign.status, 422)

  const count = async (id: string, query = '') => (await manager.get(`/webhooks/${id}/deliveries/count${query}`)).body
  assert.deepEqual(await count(good.id, `?since=${since}`), { waiting: 0, delivered: 1, failed: 0 })
  assert.deepEqual(await count(good.id, '?type=WebhookTest'), { waiting: 0, delivered: 0, failed: 0 })
  assert.deepEqual(await count(ended.id), { waiting: 0, delivered: 0, failed: 1 })
  for (const { id } of [good, bad, ended]) await manager.delete(`/webhooks/${id}`)
  await manager.delete(`/apps/${ofApp.body.app.id}?companyId=${agency.companyId}`)
})

test('metrics tell what waits and since when, what came of attempts, and what is switched off', async () => {
  const read = async () => {
    const lines = (await server.client().get('/metrics')).body.split('\n') as string[]
    return Object.fromEntries(
      lines.filter((line) => line.startsWith('tintype_webhook')).map((line) => line.split(' ') as [string, string]),
    )
  }
  const numberOf = async (name: string) => Number((await read())[`tintype_webhook${name}`])
  const attempts = (outcome: string) => numberOf(`_attempts_total{outcome="${outcome}"}`)
  const before = await Promise.all(['delivered', 'refused', 'unanswered'].map(attempts))
  const [on, gone] = [await numberOf('s{state="on"}'), await numberOf('s{state="gone"}')]
  const nobody = await startReceiver()
  await nobody[Symbol.asyncDispose]()
  await using refusing = await startReceiver()
  refusing.answer = 410
  const made: string[] = []
  for (const { url } of [receiver, refusing, nobody]) {
    const { id } = await makeWebhook(client, { url, events: [{ type: 'TaskCreate' }] })
    assert.equal((await client.post(`/webhooks/${id}/test`)).status, 202)
    made.push(id)
  }
  for (const [index, outcome] of ['delivered', 'refused', 'unanswered'].entries())
    await until(async () => (await attempts(outcome)) === (before[index] as number) + 1, outcome)
  await until(async () => (await numberOf('s{state="gone"}')) === gone + 1, 'it is switched off')
  assert.equal(await numberOf('s{state="on"}'), on + 2)
  await until(async () => (await numberOf('_waiting')) === 1, 'one waits for its second attempt')
  assert.equal(await numberOf('_delay_seconds'), 0)
  const { db } = server.app.platform
  const [, , late] = made as [string, string, string]
  const switchTo = (off: string | null) => sql`update webhook_endpoint set off = ${off} where id = ${late}`.execute(db)
  await switchTo('person')
  const due = sql`update webhook_delivery set due_at = now() - interval '1 hour' where endpoint_id = ${late}`
  await due.execute(db)
  assert.equal(await numberOf('_delay_seconds'), 0, 'what is switched off delays nobody')
  await inTransaction(db, async (tx) => {
    // What somebody holds no worker takes.
    await sql`select 1 from webhook_delivery where endpoint_id = ${late} for update`.execute(tx)
    await switchTo(null)
    assert.ok((await numberOf('_delay_seconds')) >= 3600)
  })
  for (const id of made) await client.delete(`/webhooks/${id}`)
})

test('while the key of the installation is followed by another one both are told and sign; then the new one alone', async () => {
  const keys = (...words: string[]) =>
    run({ DATABASE_URL: server.databaseUrl, TINTYPE_SECRET_KEY: TEST_KEY }, 'keys', ...words)
  const { id, secret } = await makeWebhook(client, { url: receiver.url, events: [{ type: 'TaskCreate' }] })
  const readKeys = async () => (await client.get('/webhooks/public-key')).body
  const [former] = (await readKeys()).keys
  assert.equal(former.endsAt, null)
  const refused = await keys('rotate', '--overlap-seconds', '60')
  assert.deepEqual([refused.code, /--overlap-seconds is for --webhooks/.test(refused.err)], [2, true])
  assert.equal((await keys('rotate', '--webhooks', '--overlap-seconds', 'soon')).code, 2)
  const rotated = await keys('rotate', '--webhooks', '--overlap-seconds', '3600')
  assert.match(rotated.err, /Webhook key 2 signs beside the former one until .*docs\/webhooks\.md/)
  const send = async () => {
    const { delivery } = (await client.post(`/webhooks/${id}/test`)).body
    await receiver.until(({ taken }) => taken.some((one) => one.id === delivery.id), 'the test event')
    return receiver.taken.find((one) => one.id === delivery.id) as Received
  }
  const signers = async (known: PublicKey[]) => {
    const received = await send()
    const headers = received.headers as Record<string, string>
    // Both look at the moment, too, which is what this clock moves.
    for (const one of aheadMs === 0 ? [new StandardWebhook(secret), new SvixWebhook(secret)] : [])
      one.verify(received.raw, headers)
    const found = known.filter((key) => signsStandard(received, key)).length
    return [found, ...(await Promise.all(known.map(({ pem }) => isTakenBySdk(received, id, pem))))]
  }

  await until(async () => (await readKeys()).keys.length === 2, 'processes have read the new key', 30_000)
  const told = await readKeys()
  const [older, newer] = told.keys
  assert.equal(newer.standardWebhooks, rotated.out)
  assert.deepEqual([older.pem, told.pem, newer.endsAt], [former.pem, former.pem, null])
  assert.equal(Math.round((Date.parse(older.endsAt) - Date.parse(newer.createdAt)) / 1000), 3600)
  await until(async () => (await signers([older, newer]))[0] === 2, 'deliveries are signed by both', 30_000)
  assert.deepEqual(await signers([older, newer]), [2, true, false], 'where one signature fits it is the older one')
  assert.match((await keys('list')).out, /^WEBHOOK KEY .*\n1 +signs until .*\n2 +signs /m)

  aheadMs += 3_601_000
  await until(async () => (await readKeys()).keys.length === 1, 'the older one has ended', 30_000)
  assert.equal((await readKeys()).pem, newer.pem)
  assert.deepEqual(await signers([older, newer]), [1, false, true])
  await maintain(server.app.platform)
  assert.match((await keys('list')).out, /^WEBHOOK KEY .*\n2 +signs +/m)

  const third = await keys('rotate', '--webhooks', '--at-once')
  await until(async () => (await readKeys()).standardWebhooks === third.out, 'the third one is alone', 30_000)
  await until(async () => (await signers([newer, await readKeys()]))[2] === true, 'and signs', 30_000)
  assert.deepEqual(await signers([newer, await readKeys()]), [1, false, true])
  await client.delete(`/webhooks/${id}`)
})

interface PublicKey {
  pem: string
  base64: string
}

function signsStandard({ headers, raw }: Received, { pem }: PublicKey): boolean {
  const signatures = String(headers['webhook-signature']).split(' ')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${raw}`
  return signatures
    .filter((one) => one.startsWith('v1a,'))
    .some((one) => verify(null, Buffer.from(content), pem, Buffer.from(one.slice(4), 'base64')))
}
