import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PRESETS } from '../../src/connect/index.ts'
import type { Client } from '../support/client.ts'
import { type Answer, makeConnection, send, until, untilRows, untilRun, upload } from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let manager: Client
before(async () => {
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8' })
  agency = await createAgency(server.app, { locations: 3, name: 'Overseen' })
  manager = server.client(agency.token)
})
after(() => server?.[Symbol.asyncDispose]())

const { csv, mapping } = PRESETS.find(({ id }) => id === 'locations-csv') as (typeof PRESETS)[number]

const read = async (query = '', client = manager) => {
  const { status, body } = await client.get(`/connections/all?companyId=${agency.companyId}&${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}
const names = async (query = '') => (await read(query)).connections.map(({ name }: Answer) => name)

test('all connections of an agency are told at once: how it goes with each, what failed, and its last run', async () => {
  const [first, second] = agency.locations as [TestLocation, TestLocation]
  const at = (place: TestLocation) => ({ query: `?locationId=${place.id}` })
  const fine = await makeConnection(manager, { name: 'Ärger-Mail' }, at(first))
  const bad = await makeConnection(manager, { name: 'Bad news' }, at(second))
  const rest = await makeConnection(manager, { name: 'Cancelled' }, at(second))
  await makeConnection(manager, { name: 'Draft' }, { ...at(first), deploy: false })
  const brands = { name: 'Every brand', way: 'file', definition: { source: { csv }, mapping } }
  const own = await makeConnection(manager, brands, { deploy: false })
  assert.equal((await manager.post(`/connections/${rest.id}/pause`)).status, 200)
  await send(fine.address, { id: 'c-1', first_name: 'Ada', email: 'ada@ex.test' })
  await send(bad.address, [
    { id: 'c-1', first_name: 'Ada', email: 'no mail' },
    { id: 'c-2', first_name: 'Bob', email: 'bob@ex.test' },
    { id: 'c-3', first_name: 'Eve', email: 'none either' },
  ])
  await untilRows(manager, fine.id, 1)
  await untilRows(manager, bad.id, 3)
  // What would fail has not, and what was only looked at is no run.
  const looked = await upload(
    { url: server.url, token: agency.token },
    { id: own.id, dryRun: true },
    'Location ID,Name\nbrand-1,\n',
  )
  assert.equal((await untilRun(manager, own.id, looked.body.run.id)).failed, 1)

  const { connections, total, totals } = await until(async () => {
    const all = await read()
    return all.totals.failing === 1 && all
  }, 'one fails')
  assert.deepEqual(
    connections.map((one: Answer) => [one.name, one.standing, one.locationName, one.locationId, one.failedRows]),
    [
      ['Bad news', 'failing', second.name, second.id, 2],
      ['Cancelled', 'paused', second.name, second.id, 0],
      ['Ärger-Mail', 'live', first.name, first.id, 0],
      ['Draft', 'draft', first.name, first.id, 0],
      ['Every brand', 'draft', null, null, 0],
    ],
  )
  assert.deepEqual([total, totals], [5, { failing: 1, paused: 1, live: 1, draft: 2 }])
  const [failing, paused] = connections
  assert.equal(connections.at(-1).lastRun, null)
  assert.deepEqual([failing.lastRun.kind, failing.lastRun.created, failing.lastRun.failed], ['hook', 1, 2])
  assert.ok(failing.lastAt >= failing.lastRun.startedAt)
  assert.deepEqual([paused.lastRun, paused.lastAt], [null, null])
  assert.equal(connections.at(-1).id, own.id)

  assert.deepEqual(await names('sort=name'), ['Bad news', 'Cancelled', 'Draft', 'Every brand', 'Ärger-Mail'])
  assert.deepEqual(await names('sort=name&order=desc&limit=2&skip=1'), ['Every brand', 'Draft'])
  assert.deepEqual(await names('sort=location&order=desc'), [
    'Bad news',
    'Cancelled',
    'Draft',
    'Ärger-Mail',
    'Every brand',
  ])
  assert.deepEqual((await names('sort=last&order=desc')).slice(0, 2).sort(), ['Bad news', 'Ärger-Mail'].sort())
  assert.deepEqual(await names('query=äRGER'), ['Ärger-Mail'])
  assert.deepEqual(await names(`query=${encodeURIComponent(second.name)}`), ['Bad news', 'Cancelled'])
  assert.deepEqual(await names(`query=${own.id}`), ['Every brand'])
  assert.deepEqual(await names(`locationId=${first.id}`), ['Ärger-Mail', 'Draft'])
  assert.deepEqual(await names('own=true'), ['Every brand'])
  const drafts = await read('standing=draft&limit=1')
  assert.deepEqual([drafts.connections.length, drafts.total, drafts.totals], [1, 2, totals])
  const beyond = await read('skip=50')
  assert.deepEqual([beyond.connections, beyond.total], [[], 5])
})

test('connections of others, and of sub-accounts that are gone, are told to nobody', async () => {
  const gone = agency.locations[2] as TestLocation
  await makeConnection(manager, { name: 'Goes with it' }, { query: `?locationId=${gone.id}` })
  assert.deepEqual(await names('query=Goes'), ['Goes with it'])
  assert.equal((await manager.delete(`/locations/${gone.id}?companyId=${agency.companyId}`)).status, 200)
  assert.deepEqual(await names('query=Goes'), [])
  const stranger = await createAgency(server.app, { locations: 1 })
  const theirs = server.client(stranger.token)
  const { body } = await theirs.get(`/connections/all?companyId=${stranger.companyId}`)
  assert.deepEqual([body.connections, body.total, body.totals], [[], 0, {}])
  const own = server.client((agency.locations[0] as TestLocation).token)
  assert.equal((await own.get(`/connections/all?companyId=${agency.companyId}`)).status, 401)
})
