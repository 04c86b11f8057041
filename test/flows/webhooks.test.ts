import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { DELIVERIES_DUE } from '../../src/connect/deliveries.ts'
import { lease } from '../../src/connect/leases.ts'
import { announce } from '../../src/db/announce.ts'
import { queryOne } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client } from '../support/client.ts'
import { newPerson } from '../support/person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'
import { LOOPBACK, makeWebhook, startReceiver } from '../support/webhooks.ts'

const [MINUTE, HOUR] = [60_000, 3_600_000]

let aheadMs = 0
const nowMs = () => Date.now() + aheadMs
const mails: string[] = []
const smtp = new SMTPServer({
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, _session, done) => {
    text(stream).then((lines) => {
      mails.push(lines)
      done()
    }, done)
  },
})
let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client

before(async () => {
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`
  server = await startTestServer({ ...LOOPBACK, clock: { nowMs }, smtpUrl })
})
after(async () => {
  await server?.[Symbol.asyncDispose]()
  await new Promise<void>((done) => smtp.close(done))
})

/** Each story has a location of its own. */
async function begin(): Promise<void> {
  agency = await createAgency(server.app, { locations: 1 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
}

async function newContact(firstName: string): Promise<string> {
  const { status, body } = await client.post('/contacts/', { locationId: location.id, firstName })
  assert.equal(status, 201, JSON.stringify(body))
  return body.contact.id
}

const waitingOf = async () => {
  const row = await queryOne(
    server.app.platform.db,
    sql<{ due: number; next: Date | null; inbox: number }>`
      select count(*) filter (where due_at <= ${new Date(nowMs())} or lease is not null)::int as due, min(due_at) as next,
        (select count(*)::int from journal_inbox where location_id = ${location.id}) as inbox
      from webhook_delivery d join webhook_endpoint e using (location_id)
      where location_id = ${location.id} and e.id = d.endpoint_id and state = 'waiting' and e.off is null
        and (e.held_until is null or e.held_until <= ${new Date(nowMs())})
        and (not e.ordered or not exists (select 1 from webhook_delivery p where p.location_id = d.location_id
          and p.endpoint_id = d.endpoint_id and p.subject = d.subject and p.state = 'waiting' and p.seq < d.seq))`,
  )
  return row as NonNullable<typeof row>
}

/** Until all that is due was tried. */
async function idle(): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { due, inbox } = await waitingOf()
    if (due === 0 && inbox === 0) return
    assert.ok(tries < 2_000, 'what is due is not tried')
    await pause(10)
  }
}

/** The clock goes forward, and whoever sends looks at it. */
async function pass(ms: number): Promise<void> {
  aheadMs += Math.round(ms)
  await inTransaction(server.app.platform.db, (tx) => announce(tx, DELIVERIES_DUE))
}

/** Goes to when the next attempt is due, and those that failed with it, and lets them happen. False: nothing waits. */
async function goOn(): Promise<boolean> {
  // Of what is under way it is told when its lease is over: whoever went there would have it sent twice.
  await idle()
  const { next } = await waitingOf()
  if (next === null) return false
  await pass(Math.max((next.getTime() - nowMs()) * 1.1 + 1_000, 0))
  await idle()
  return true
}

/** Until whoever sends has taken all that may be sent now: something that came later has arrived elsewhere. */
async function lookedAt(): Promise<void> {
  await using elsewhere = await startReceiver()
  const { id } = await makeWebhook(client, { url: elsewhere.url })
  for (let n = 1; n <= 2; n++) {
    assert.equal((await client.post(`/webhooks/${id}/test`)).status, 202)
    await elsewhere.until(({ taken }) => taken.length === n, 'a test event')
  }
  await client.delete(`/webhooks/${id}`)
}

const stateOf = async (id: string) => (await client.get(`/webhooks/${id}`)).body.webhook

test('a receiver that is down for a day gets everything once, and in order where it was asked for', async () => {
  await begin()
  await using plain = await startReceiver()
  await using ordered = await startReceiver()
  const events = [{ type: 'ContactCreate' }, { type: 'ContactUpdate' }]
  const one = await makeWebhook(client, { url: plain.url, events })
  const two = await makeWebhook(client, { url: ordered.url, events, ordered: true })
  plain.answer = 500
  ordered.answer = 500
  const startMs = nowMs()
  const ids: string[] = []
  for (let n = 0; n < 4; n++) ids.push(await newContact(`Contact ${n}`))
  await idle()
  let version = 0
  // A change of each, every few hours.
  while (nowMs() - startMs < 24 * HOUR) {
    if (version < 4)
      for (const id of ids) assert.equal((await client.put(`/contacts/${id}`, { city: `City ${version}` })).status, 200)
    version++
    await idle()
    assert.ok(await goOn())
  }
  assert.deepEqual([plain.taken.length, ordered.taken.length], [0, 0])
  const tried = new Set(ordered.all.map(({ id }) => id))
  assert.equal(tried.size, 4, 'a later event of a record is not even tried')

  plain.answer = 200
  ordered.answer = 200
  while (await goOn());
  for (const receiver of [plain, ordered]) {
    assert.equal(receiver.taken.length, 20)
    assert.equal(new Set(receiver.taken.map(({ id }) => id)).size, 20, 'each once')
  }
  for (const id of ids)
    assert.deepEqual(
      ordered.taken.filter(({ body }) => body.id === id).map(({ body }) => body.city ?? 'none'),
      ['none', 'City 0', 'City 1', 'City 2', 'City 3'],
    )
  for (const { id } of [one, two]) assert.equal((await stateOf(id)).enabled, true)
})

test('a receiver that does not answer keeps none of the others waiting', async () => {
  await begin()
  await using slow = await startReceiver()
  await using quick = await startReceiver()
  const held: ServerResponse[] = []
  slow.answer = (response) => {
    held.push(response)
  }
  await makeWebhook(client, { url: slow.url })
  await makeWebhook(client, { url: quick.url })
  for (let n = 0; n < 100; n++) await newContact(`Contact ${n}`)
  await quick.until(({ taken }) => taken.length === 100, 'everything to the quick one')
  // Given up after a quarter of a minute, and then others come.
  const underWay = held.filter(({ closed }) => !closed)
  assert.ok(underWay.length <= 4, `${underWay.length} requests to the slow one are under way`)
  slow.answer = 200
  for (const response of held) response.end()
  await slow.until(
    ({ all }) => new Set(all.map(({ id }) => id)).size === 100,
    'everything to the slow one, in its time',
  )
})

test('what asks for a pause gets one, as a whole', async () => {
  await begin()
  await using receiver = await startReceiver()
  const { id } = await makeWebhook(client, { url: receiver.url })
  receiver.answer = (response) => response.writeHead(429, { 'retry-after': '600' }).end()
  await newContact('First')
  await receiver.until(({ all }) => all.length === 1, 'the first attempt')
  for (let tries = 0; (await stateOf(id)).heldUntil === null; tries++) assert.ok(tries < 1_000)
  receiver.answer = 200
  await newContact('Second')
  await idle()
  await pass(5 * MINUTE)
  await lookedAt()
  assert.equal(receiver.all.length, 1, 'nothing in the pause')
  await pass(6 * MINUTE)
  await receiver.until(({ taken }) => taken.length === 2, 'both after it')
})

test('410 switches a webhook off at once', async () => {
  await begin()
  await using receiver = await startReceiver()
  const { id } = await makeWebhook(client, { url: receiver.url })
  receiver.answer = 410
  await newContact('First')
  for (let tries = 0; (await stateOf(id)).enabled; tries++) assert.ok(tries < 1_000)
  assert.equal((await stateOf(id)).offBecause, 'gone')
  await newContact('Second')
  assert.equal((await client.post(`/webhooks/${id}/test`)).status, 400)
  receiver.answer = 200
  await client.put(`/webhooks/${id}`, { enabled: true })
  await newContact('Third')
  await receiver.until(({ taken }) => taken.length === 1, 'what happens once it is on again')
  assert.equal(receiver.taken[0]?.body.firstName, 'Third', 'what happened meanwhile is not told')
})

test('after ten attempts a webhook is switched off, its owners are told, and what failed can be sent again', async () => {
  await begin()
  const owner = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
  await using receiver = await startReceiver()
  receiver.answer = 503
  const { id } = await makeWebhook(client, { url: receiver.url, name: 'Bookkeeping' })
  const startMs = nowMs()
  await newContact('Given up')
  await idle()
  for (let tries = 0; (await stateOf(id)).enabled; tries++) {
    assert.ok(tries < 20)
    // A pause of the endpoint as a whole may be longer than that of the delivery.
    await pass(6_000)
    await goOn()
  }
  assert.equal(receiver.all.length, 10)
  assert.equal(new Set(receiver.all.map(({ headers }) => headers['webhook-id'])).size, 1, 'one id for all attempts')
  assert.ok(new Set(receiver.all.map(({ headers }) => headers['webhook-timestamp'])).size > 5, 'each its own moment')
  const days = (nowMs() - startMs) / (24 * HOUR)
  assert.ok(days > 3 && days < 4, `${days} days`)
  assert.equal((await stateOf(id)).offBecause, 'failing')
  const manager = server.client(agency.token)
  const { body } = await manager.get(`/people/events?companyId=${agency.companyId}&event=webhooks.switched-off`)
  assert.match(body.events[0].detail, /Bookkeeping .*could not be delivered/)
  for (let tries = 0; mails.length === 0; tries++) {
    assert.ok(tries < 1_000, 'no mail came')
    await pause(10)
  }
  assert.match(mails[0] ?? '', /Subject: A webhook was switched off: Bookkeeping/)
  assert.ok(mails[0]?.includes(owner.email))

  const { deliveries } = (await client.get(`/webhooks/${id}/deliveries?state=failed`)).body
  assert.deepEqual(
    deliveries.map(({ attemptCount, lastStatus }: never) => [attemptCount, lastStatus]),
    [[10, 503]],
  )
  receiver.answer = 200
  await client.put(`/webhooks/${id}`, { enabled: true })
  assert.equal((await client.post(`/webhooks/${id}/replay-failed`)).body.replayed, 1)
  await receiver.until(({ taken }) => taken.length === 1, 'what had failed')
  assert.equal(receiver.taken[0]?.body.firstName, 'Given up')
})

test('what a worker had under way when it was killed is sent by another, once its lease is over', async () => {
  await begin()
  await using receiver = await startReceiver()
  const { id } = await makeWebhook(client, { url: receiver.url })
  await client.put(`/webhooks/${id}`, { enabled: false })
  await client.put(`/webhooks/${id}`, { enabled: true })
  // Held back, so that it is there for the one that is going to be killed.
  const { db } = server.app.platform
  await sql`update webhook_endpoint set held_until = ${new Date(nowMs() + HOUR)} where id = ${id}`.execute(db)
  await newContact('Taken over')
  await idle()
  const killed = { rooms: [], first: 4, most: 10, nowMs: nowMs() + HOUR, name: randomUUID() }
  const taken = (await lease(db, killed)).filter(({ endpointId }) => endpointId === id)
  assert.equal(taken.length, 1)
  await pass(HOUR + 15_000)
  await lookedAt()
  assert.equal(receiver.all.length, 0, 'nobody else takes it as long as it may be under way')
  await pass(60_000)
  await receiver.until(({ taken }) => taken.length === 1, 'the delivery')
  await idle()
  assert.equal(receiver.all.length, 1)
})
