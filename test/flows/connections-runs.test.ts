import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { forgetArrivals } from '../../src/connect/index.ts'
import type { Client } from '../support/client.ts'
import {
  type Answer,
  ada,
  CONTACT_DEFINITION,
  makeConnection,
  rowsOf,
  send,
  until,
  untilRows,
  untilRun,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'
import { startReceiver } from '../support/webhooks.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client

before(async () => {
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8' })
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story has a location of its own. */
async function begin(): Promise<void> {
  agency = await createAgency(server.app, { locations: 2 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
}

const contactsOf = async () => (await client.get(`/contacts/?locationId=${location.id}&limit=100`)).body.contacts
const contactOf = async (id: string) => (await client.get(`/contacts/${id}`)).body.contact

test('what cannot be understood or written harms nothing else, is mended and tried again, once', async () => {
  await begin()
  const { id, address } = await makeConnection(client)
  await send(address, '{"id": "broken"')
  await send(address, ada({ id: 'bad', email: 'not an e-mail at all', phone: null }))
  await send(address, ada({ type: 'Spam' }))
  await send(address, ada())
  const rows = await untilRows(client, id, 4)
  assert.deepEqual(rows.map(({ state }) => state).toSorted(), ['created', 'failed', 'failed', 'skipped'])
  assert.equal(rows.find(({ state }) => state === 'skipped').reason, 'spam')
  const bad = rows.find(({ problems }) => problems.length > 0 && problems[0].at !== '')
  const item = { ...bad.item, email: 'good@ex.test' }
  const preview = await client.post(`/connections/${id}/replay/preview`, { rowIds: [bad.id], item })
  assert.deepEqual([preview.status, preview.body.rows[0].state], [200, 'created'], JSON.stringify(preview.body))
  assert.equal((await contactsOf()).length, 1)
  const both = await Promise.all([1, 2].map(() => client.post(`/connections/${id}/replay`, { rowIds: [bad.id], item })))
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [202, 400])
  const { run } = (both.find(({ status }) => status === 202) as (typeof both)[number]).body
  const done = await untilRun(client, id, run.id)
  assert.deepEqual([done.state, done.created, done.failed], ['done', 1, 0])
  assert.equal((await contactsOf()).length, 2)
  const all = await client.post(`/connections/${id}/replay`, {})
  assert.equal(all.status, 202)
  assert.equal((await untilRun(client, id, all.body.run.id)).failed, 1)
  const dead = await rowsOf(client, id, '&state=failed')
  assert.equal(dead.length, 1)
  assert.deepEqual((await client.post(`/connections/${id}/discard`, { rowIds: [dead[0].id] })).body.discarded, 1)
})

test('undo brings back what was there, and leaves alone and lists what a person has changed since', async () => {
  await begin()
  const old = { firstName: 'Ada', lastName: 'Byron', email: 'ada@ex.test', city: 'London', tags: ['old'] }
  const known = (await client.post('/contacts/', { locationId: location.id, ...old })).body.contact
  const { id, address } = await makeConnection(client)
  await send(address, ada({ email: 'ada@ex.test' }))
  await send(address, ada({ email: 'ada@ex.test', city: 'Dallas' }))
  for (const n of [1, 2, 3]) await send(address, ada({ id: `n${n}`, email: `n${n}@ex.test`, phone: null }))
  const rows = await untilRows(client, id, 5)
  const [one, two, three] = rows.slice(2).map(({ recordId }) => recordId)
  // A person changes one that was made, writes a note on another, and changes the last name and the tags of the first.
  await client.put(`/contacts/${two}`, { city: 'Paris' })
  await client.post(`/contacts/${three}/notes`, { body: 'Called.' })
  await client.put(`/contacts/${known.id}`, { lastName: 'King', tags: ['old', 'wedding', 'vip', 'mine'] })
  const { run } = (await client.post(`/connections/${id}/runs/${rows[0].runId}/undo`)).body
  const undone = await untilRun(client, id, run.id)
  assert.deepEqual([undone.state, undone.updated, undone.skipped], ['done', 2, 2], JSON.stringify(undone))
  const now = await contactOf(known.id)
  assert.deepEqual([now.firstName, now.lastName, now.city], ['Ada', 'King', 'London'])
  assert.deepEqual(now.tags.toSorted(), ['mine', 'old'])
  assert.equal(now.phone ?? null, null)
  assert.equal((await client.get(`/contacts/${one}`)).status, 404)
  assert.deepEqual([(await contactOf(two)).city, (await contactOf(three)).city], ['Paris', 'Austin'])
  const kept = await rowsOf(client, id, `&runId=${run.id}`)
  const leftOf = (recordId: string) => kept.find((row) => row.recordId === recordId).leftAlone
  assert.deepEqual(leftOf(two), [{ to: 'city', because: 'It was changed since' }])
  assert.equal(leftOf(three)[0].because, 'Something else hangs on it by now: note')
  assert.deepEqual(leftOf(known.id), [{ to: 'lastName', because: 'It was changed since' }])
  assert.equal((await client.post(`/connections/${id}/runs/${rows[0].runId}/undo`)).status, 400)
  // What was taken back is written again when it comes again.
  await send(address, ada({ id: 'n1', email: 'n1@ex.test', phone: null }))
  const again = await untilRows(client, id, 10)
  assert.equal(again.at(-1).state, 'created')
})

test('where all that a run wrote stays, the run is as it was, and is undone once that can be', async () => {
  await begin()
  const { id, address } = await makeConnection(client)
  await send(address, ada({ email: 'ada@ex.test' }))
  const [row] = await untilRows(client, id, 1)
  const undo = async () => {
    const { status, body } = await client.post(`/connections/${id}/runs/${row.runId}/undo`)
    assert.equal(status, 202, JSON.stringify(body))
    const undone = await untilRun(client, id, body.run.id)
    const { run } = (await client.get(`/connections/${id}/runs/${row.runId}`)).body
    return [undone.updated, undone.skipped, run.state, run.undoneBy]
  }
  const { note } = (await client.post(`/contacts/${row.recordId}/notes`, { body: 'Called.' })).body
  assert.deepEqual(await undo(), [0, 1, 'done', null])
  assert.deepEqual(await undo(), [0, 1, 'done', null])
  assert.equal((await client.delete(`/contacts/${row.recordId}/notes/${note.id}`)).status, 200)
  const [updated, skipped, state, undoneBy] = await undo()
  assert.deepEqual([updated, skipped, state], [1, 0, 'undone'])
  assert.notEqual(undoneBy, null)
  assert.equal((await client.get(`/contacts/${row.recordId}`)).status, 404)
})

test('a connection that mostly fails is paused, what comes meanwhile waits, and nothing of it is lost', async () => {
  await begin()
  const settings = { pauseLeast: 3, pauseShare: 0.5 }
  const { id, address } = await makeConnection(client, { settings })
  for (let n = 0; n < 3; n++) await send(address, { id: `bad${n}`, email: 'nobody' })
  const paused = await until(async () => {
    const { connection } = (await client.get(`/connections/${id}`)).body
    return connection.state === 'paused' ? connection : null
  }, 'a pause')
  assert.match(paused.stateReason, /3 of the last 3 rows failed/)
  assert.equal((await send(address, ada())).status, 202)
  assert.equal((await contactsOf()).length, 0)
  await client.post(`/connections/${id}/resume`)
  await untilRows(client, id, 4)
  assert.equal((await contactsOf()).length, 1)
})

test('a draft writes nothing, its samples can be tried, and versions come back', async () => {
  await begin()
  const { id, address } = await makeConnection(client, {}, { deploy: false })
  assert.equal((await send(address, ada())).status, 202)
  const [arrival] = (await client.get(`/connections/${id}/arrivals`)).body.arrivals
  assert.deepEqual([arrival.state, arrival.items[0].first_name], ['sample', 'Ada'])
  const preview = await client.post(`/connections/${id}/preview`, { arrivalId: arrival.id })
  assert.deepEqual([preview.status, preview.body.rows[0].state], [200, 'created'], JSON.stringify(preview.body))
  assert.equal((await contactsOf()).length, 0)
  const mapping = { ...CONTACT_DEFINITION.mapping, conflicts: 'fill' }
  const definition = { ...CONTACT_DEFINITION, mapping }
  const changed = (await client.put(`/connections/${id}`, { definition })).body.connection
  assert.deepEqual([changed.version, changed.liveVersion], [2, null])
  const diff = (await client.get(`/connections/${id}/diff?from=1&to=2`)).body.fields
  assert.deepEqual(diff, [{ path: 'mapping.conflicts', before: 'source', after: 'fill' }])
  const back = (await client.post(`/connections/${id}/rollback`, { version: 1 })).body.connection
  assert.deepEqual([back.version, back.definition.mapping.conflicts], [3, 'source'])
  const turned = Object.fromEntries(Object.entries(CONTACT_DEFINITION.mapping).reverse())
  const same = await client.put(`/connections/${id}`, { definition: { mapping: turned, source: {} } })
  assert.equal(same.body.connection.version, 3, 'what says the same is no new version')
  const { document } = (await client.get(`/connections/${id}/export`)).body
  const copy = await client.post('/connections/import', { document })
  assert.equal(copy.status, 201, JSON.stringify(copy.body))
  assert.notEqual(copy.body.address, address)
  const wrong = { ...definition, mapping: { ...mapping, fields: [{ to: 'nose', from: { path: 'x' } }] } }
  assert.equal((await client.put(`/connections/${id}`, { definition: wrong })).status, 422)
})

test('an address hears when a connection begins to fail, goes on failing and works again', async () => {
  await begin()
  await using receiver = await startReceiver()
  const { id, address } = await makeConnection(client, { settings: { alertUrl: receiver.url } })
  const heard = (type: string) =>
    receiver.until(({ taken }) => taken.some(({ body }) => body.type === `connection.${type}`), type)
  await send(address, ada({ email: 'nobody' }))
  await heard('failing')
  await send(address, ada({ id: 'another', email: 'nobody' }))
  await untilRows(client, id, 2)
  await sql`update connection set told_at = told_at - interval '7 hours' where id = ${id}`.execute(
    server.app.platform.db,
  )
  await send(address, ada({ id: 'one more', email: 'nobody' }))
  await heard('still_failing')
  await send(address, ada())
  await heard('working_again')
  const { connection } = (await client.get(`/connections/${id}`)).body
  assert.equal(connection.failingSince, null)
  const told = receiver.taken.map(({ body }) => [body.type, body.connectionId])
  assert.deepEqual(told, [
    ['connection.failing', id],
    ['connection.still_failing', id],
    ['connection.working_again', id],
  ])
  const inside = { alertUrl: 'http://10.0.0.1/' }
  assert.equal((await client.put(`/connections/${id}`, { settings: inside })).status, 422)
})

test('what comes without a field that was always there is not written until somebody has decided', async () => {
  await begin()
  await using receiver = await startReceiver()
  const filters = [{ when: { path: 'type', is: 'unequal', value: 'Client' }, reason: 'no client' }]
  const mapping = { ...CONTACT_DEFINITION.mapping, filters }
  const wish = { settings: { alertUrl: receiver.url }, definition: { source: {}, mapping } }
  const { id, address } = await makeConnection(client, wish)
  const person = (n: number, more: object = {}) =>
    ada({ id: `p${n}`, email: `p${n}@ex.test`, phone: null, type: 'Client', ...more })
  const untilStopped = (why: RegExp) =>
    until(async () => {
      const { connection } = (await client.get(`/connections/${id}`)).body
      return connection.state === 'paused' && why.test(connection.stateReason) && connection
    }, `a stop: ${why}`)
  await send(
    address,
    Array.from({ length: 12 }, (_, n) => person(n)),
  )
  await untilRows(client, id, 12)
  // What is empty is left out, and what is skipped is no matter.
  await send(address, person(12, { city: undefined }))
  await send(address, { id: 'test', type: 'Other', name: 'new' })
  await untilRows(client, id, 14)
  await send(address, [person(13), person(14, { email: undefined, mail: 'p14@ex.test' })])
  await send(address, person(15))
  const { stateReason } = await untilStopped(/“email” is gone \(used for email\)\. Nothing of it was written/)
  assert.match(stateReason, /deploy or resume/)
  await receiver.until(({ taken }) => taken.some(({ body }) => body.type === 'connection.paused'), 'an alert')
  assert.equal(receiver.taken.at(-1)?.body.error, stateReason)
  assert.deepEqual([(await rowsOf(client, id)).length, (await contactsOf()).length], [14, 13])
  // The mapping is changed: what waits is written.
  const fields = mapping.fields.map((one) =>
    one.to === 'email' ? { to: 'email', from: { paths: ['email', 'mail'] } } : one,
  )
  const definition = { source: {}, mapping: { ...mapping, fields } }
  assert.equal((await client.put(`/connections/${id}`, { definition })).status, 200)
  assert.equal((await client.post(`/connections/${id}/deploy`)).status, 200)
  const rows = await untilRows(client, id, 17)
  assert.deepEqual(
    rows.slice(14).map(({ state, mapped }) => [state, mapped.values.email]),
    [13, 14, 15].map((n) => ['created', `p${n}@ex.test`]),
  )
  await receiver.until(({ taken }) => taken.some(({ body }) => body.type === 'connection.working_again'), 'good news')
  // A field that a filter reads: without it all would be skipped, and nobody would know.
  await send(
    address,
    Array.from({ length: 12 }, (_, n) => person(n)),
  )
  await untilRows(client, id, 29)
  await send(address, person(16, { type: undefined, kind: 'Client' }))
  await untilStopped(/“type” is gone \(used for filters\[0\]\)/)
  // It is meant to be so.
  await client.post(`/connections/${id}/resume`)
  const last = (await untilRows(client, id, 30)).at(-1)
  assert.deepEqual([last.state, last.reason], ['skipped', 'no client'])
})

test('what came goes when its days are over, what waits stays, and of samples the newest are kept', async () => {
  await begin()
  const { db } = server.app.platform
  const { id, address } = await makeConnection(client, { settings: { retentionDays: 1 } }, { deploy: false })
  for (let n = 0; n < 13; n++) assert.equal((await send(address, ada({ id: `s${n}` }))).status, 202)
  const { arrivals } = (await client.get(`/connections/${id}/arrivals?limit=50`)).body
  assert.deepEqual([arrivals.length, arrivals[0].items[0].id, arrivals[9].items[0].id], [10, 's12', 's3'])
  await client.post(`/connections/${id}/deploy`)
  await send(address, ada())
  await untilRows(client, id, 1)
  await client.post(`/connections/${id}/pause`)
  await send(address, ada({ city: 'Dallas' }))
  await forgetArrivals(db, Date.now() + 12 * 3_600_000)
  assert.equal((await client.get(`/connections/${id}/arrivals?limit=50`)).body.arrivals.length, 12)
  await forgetArrivals(db, Date.now() + 2 * 86_400_000)
  const left = (await client.get(`/connections/${id}/arrivals`)).body.arrivals
  assert.deepEqual(
    left.map(({ state }: Answer) => state),
    ['waiting'],
  )
  assert.equal((await rowsOf(client, id)).length, 0)
  await client.post(`/connections/${id}/resume`)
  const [row] = await untilRows(client, id, 1)
  assert.equal(row.state, 'updated')
})
