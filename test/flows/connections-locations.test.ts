import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createToken } from '../../src/auth/tokens.ts'
import { PRESETS } from '../../src/connect/index.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client } from '../support/client.ts'
import {
  type Answer,
  CONTACT_DEFINITION,
  makeConnection,
  rowsOf,
  send,
  untilRows,
  untilRun,
  upload,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

const { csv, mapping } = PRESETS.find(({ id }) => id === 'locations-csv') as (typeof PRESETS)[number]
const BY_NAME = { source: { csv }, mapping: { ...mapping, keys: ['externalId', 'name'] } }
const WISH = { name: 'Brands', way: 'file', definition: BY_NAME }
const HEAD = 'Location ID,Name,Phone,Address,City,State,ZIP Code,Country,Website'

let server: TestServer
let agency: TestAgency
let client: Client

before(async () => {
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8' })
})
after(() => server?.[Symbol.asyncDispose]())

async function begin(): Promise<string> {
  agency = await createAgency(server.app, { locations: 2 })
  client = server.client(agency.token)
  return (await makeConnection(client, WISH)).id
}

const file = async (id: string, rows: readonly string[], dryRun = false) => {
  const { status, body } = await upload(
    { url: server.url, token: agency.token },
    { id, dryRun },
    [HEAD, ...rows].join('\n'),
  )
  assert.equal(status, 202, JSON.stringify(body))
  return untilRun(client, id, body.run.id)
}
const countsOf = ({ created, updated, unchanged, skipped, failed }: Answer) => [
  created,
  updated,
  unchanged,
  skipped,
  failed,
]
const places = async (): Promise<Map<string, Answer>> => {
  const { locations } = (await client.get('/locations/search?limit=100')).body
  return new Map(locations.map((one: Answer) => [one.name, one]))
}
const ADA = 'brand-1,Ada Weddings,212-555-0100,1 Main St,Austin,TX,78701,US,'
const BOB = 'brand-2,Bob Portraits,,2 Main St,Austin,TX,78701,United States,https://bob.ex.test'

test('rows of a file become sub-accounts once; a dry run makes none and counts the same', async () => {
  const id = await begin()
  const known = await client.post('/locations', { location_id: 'brand-3', name: 'Known', address: '9 Old St' })
  await client.post('/locations', { location_id: 'cafe', name: 'Café Zoë' })
  const rows = [
    ADA,
    BOB,
    'brand-3,Known & Sons,,,,,,,',
    ',CAFE\u0301 ZOË,,Elsewhere 5,,,,,',
    'brand-4,,,,,,,,',
    'brand-5,Nowhere,,,,,,Atlantis,',
    `brand-1,Ada & Co,212-555-0100,1 Main St,Austin,TX,78701,US,`,
  ]
  const before = await places()
  const looked = await file(id, rows, true)
  assert.deepEqual(
    [looked.state, ...countsOf(looked)],
    ['done', 2, 3, 0, 0, 2],
    JSON.stringify(await rowsOf(client, id)),
  )
  assert.deepEqual([...(await places()).keys()], [...before.keys()])
  const { body } = await client.post(`/connections/${id}/runs/${looked.id}/start`)
  const done = await untilRun(client, id, body.run.id)
  assert.deepEqual(countsOf(done), countsOf(looked))
  const of = async (run: string) =>
    (await rowsOf(client, id, `&runId=${run}`)).map(({ place, state, changes, problems }) => [
      place,
      state,
      changes,
      problems,
    ])
  assert.deepEqual(await of(done.id), await of(looked.id))
  const now = await places()
  assert.equal(now.size, before.size + 2)
  const { phone, city, country, timezone } = now.get('Ada & Co')
  assert.deepEqual([phone, city, country, timezone], ['+12125550100', 'Austin', 'US', 'UTC'])
  assert.deepEqual([now.get('Known & Sons').id, now.get('Known & Sons').address], [known.body.id, '9 Old St'])
  const again = await file(id, [ADA.replace('Weddings', '& Co'), BOB])
  assert.deepEqual(countsOf(again), [0, 0, 2, 0, 0])
  // What a person has changed since stays: the row says nothing new.
  await client.put(`/locations/${now.get('Bob Portraits').id}`, { companyId: agency.companyId, city: 'Dallas' })
  assert.deepEqual(countsOf(await file(id, [BOB])), [0, 0, 1, 0, 0])
  assert.equal((await places()).get('Bob Portraits').city, 'Dallas')
})

test('undo takes back what nobody has touched; a sub-account that somebody works in stays and is listed', async () => {
  const id = await begin()
  const old = await client.post('/locations', { location_id: 'old', name: 'Old', city: 'Rome', address: '1 Via' })
  const made = await file(id, [
    ADA,
    BOB,
    'used,Used,,,,,,,',
    'let-in,Let in,,,,,,,',
    'fed,Fed,,,,,,,',
    'old,Newer,,2 Via,Milan,,,,',
  ])
  assert.deepEqual(countsOf(made), [5, 1, 0, 0, 0])
  const now = await places()
  const at = (name: string): string => now.get(name).id
  await client.put(`/locations/${at('Bob Portraits')}`, { companyId: agency.companyId, city: 'Dallas' })
  await client.put(`/locations/${old.body.id}`, { companyId: agency.companyId, address: '3 Via' })
  const somebody = await client.post('/customers', { locationId: at('Used'), customer_id: 'x', first_name: 'X' })
  assert.equal(somebody.status, 201, JSON.stringify(somebody.body))
  const { db, clock } = server.app.platform
  const token = { name: 'x', agencyId: agency.companyId, locationId: at('Let in'), scopes: ['*'], unlimited: true }
  await inTransaction(db, (tx) => createToken(tx, token, clock.nowMs()))
  await makeConnection(client, {}, { query: `?locationId=${at('Fed')}` })
  const { run } = (await client.post(`/connections/${id}/runs/${made.id}/undo`)).body
  const undone = await untilRun(client, id, run.id)
  assert.deepEqual([undone.state, undone.updated, undone.skipped], ['done', 2, 4], JSON.stringify(undone))
  const left = await places()
  assert.deepEqual(
    [...left.keys()].toSorted(),
    [...agency.locations.map(({ name }) => name), 'Bob Portraits', 'Fed', 'Let in', 'Old', 'Used'].toSorted(),
  )
  const { city, address } = left.get('Old')
  assert.deepEqual([city, address], ['Rome', '3 Via'], 'what somebody has changed since stays')
  const rows = await rowsOf(client, id, `&runId=${run.id}`)
  const because = (recordId: string) => rows.find((row) => row.recordId === recordId).leftAlone
  assert.deepEqual(because(at('Bob Portraits')), [{ to: 'city', because: 'It was changed since' }])
  for (const [name, what] of [
    ['Used', 'what was written in it'],
    ['Let in', 'somebody who was let in'],
    ['Fed', 'a connection or a webhook'],
  ] as const)
    assert.deepEqual(because(at(name)), [{ to: '', because: `Something else hangs on it by now: ${what}` }], name)
  const used = rows.find((row) => row.recordId === at('Used'))
  assert.deepEqual([used.place, used.externalId, used.mapped.values.name], [4, 'used', 'Used'], 'as it came')
  const stateOf = async (runId: string) => (await client.get(`/connections/${id}/runs/${runId}`)).body.run.state
  assert.equal(await stateOf(made.id), 'undone')
  const more = await file(id, ['busy,Busy,,,,,,,'])
  const busy = (await places()).get('Busy').id
  await client.post('/customers', { locationId: busy, customer_id: 'x', first_name: 'X' })
  const { body } = await client.post(`/connections/${id}/runs/${more.id}/undo`)
  await untilRun(client, id, body.run.id)
  assert.equal(await stateOf(more.id), 'done', 'all of it stays')
  // What is gone is made again when it comes again.
  assert.deepEqual(countsOf(await file(id, [ADA])), [1, 0, 0, 0, 0])
})

test('a connection of the agency is its own: nobody of a location sees it, and it makes nothing else', async () => {
  const id = await begin()
  const location = agency.locations[0] as TestLocation
  const own = server.client(location.token)
  const { connections } = (await client.get('/connections/')).body
  assert.deepEqual(
    connections.map((one: Answer) => [one.id, one.locationId]),
    [[id, null]],
  )
  for (const [who, query] of [
    [own, ''],
    [own, `?locationId=${location.id}`],
    [client, `?locationId=${location.id}`],
    [server.client((await createAgency(server.app)).token), ''],
  ] as const) {
    assert.deepEqual((await who.get(`/connections/${query}`)).body.connections, [])
    assert.equal((await who.get(`/connections/${id}${query}`)).status, 404)
    assert.equal((await who.get(`/connections/${id}/rows${query}`)).status, 404)
  }
  assert.equal((await own.post(`/connections/${id}/pause`)).status, 404)
  const refused = async (who: Client, wish: object, query = '') => {
    const { status, body } = await who.post(`/connections/${query}`, wish)
    return `${status} ${[body.message].flat()[0]}`
  }
  assert.match(await refused(own, WISH), /^422 mapping\.object: locations are made by a connection of the agency/)
  assert.match(await refused(client, WISH, `?locationId=${location.id}`), /^422 mapping\.object/)
  const people = { ...WISH, way: 'hook', definition: CONTACT_DEFINITION }
  assert.match(await refused(client, people), /^422 mapping\.object: the contacts of which location/)
  const { db, clock } = server.app.platform
  const scopes = ['connections.write', 'locations.readonly']
  const weak = { name: 'x', agencyId: agency.companyId, locationId: null, scopes, unlimited: true }
  const { token } = await inTransaction(db, (tx) => createToken(tx, weak, clock.nowMs()))
  assert.match(await refused(server.client(token), WISH), /^40[13] /)
  assert.equal((await server.client(token).post(`/connections/${id}/deploy`)).status, 401)
  const put = await client.put(`/connections/${id}`, { definition: CONTACT_DEFINITION })
  assert.equal(put.status, 422)
})

test('sub-accounts come by an address too, and what comes at once makes each of them once', async () => {
  await begin()
  const fields = [{ to: 'name', from: { path: 'name' } }]
  const definition = { source: {}, mapping: { ...mapping, externalId: { path: 'id' }, fields } }
  const both = [await makeConnection(client, { ...WISH, way: 'hook', definition })]
  both.push(await makeConnection(client, { ...WISH, way: 'hook', definition }))
  const sent = Array.from({ length: 20 }, (_, n) =>
    both.map(({ address }) => send(address, { id: `b${n % 10}`, name: `Brand ${n % 10}` })),
  )
  for (const { status } of await Promise.all(sent.flat())) assert.equal(status, 202)
  const rows = await Promise.all(both.map(({ id }) => untilRows(client, id, 20)))
  assert.equal(rows.flat().filter(({ state }) => state === 'created').length, 10, JSON.stringify(rows[0]?.[0]))
  assert.equal((await places()).size, 12)
})
