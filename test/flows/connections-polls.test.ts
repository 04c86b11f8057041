import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Client } from '../support/client.ts'
import {
  ada,
  CONTACT_DEFINITION,
  makeConnection,
  pollAgain,
  pollUntil,
  rowsOf,
  until,
  untilRows,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let client: Client
let answer: (request: IncomingMessage, response: ServerResponse) => void
const asked: string[] = []
let [underWay, mostUnderWay] = [0, 0]
const api = createServer((request, response) => {
  asked.push(`${request.url} ${request.headers.authorization}`)
  mostUnderWay = Math.max(mostUnderWay, ++underWay)
  response.once('close', () => underWay--)
  answer(request, response)
})

before(async () => {
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8' })
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening))
  const location = (await createAgency(server.app)).locations[0] as TestLocation
  client = server.client(location.token)
})
after(async () => {
  api.closeAllConnections()
  await new Promise((closed) => api.close(closed))
  await server?.[Symbol.asyncDispose]()
})

const definition = () => ({
  source: {
    everyMinutes: 1,
    poll: {
      url: `http://127.0.0.1:${(api.address() as AddressInfo).port}/people`,
      items: 'data',
      paging: { style: 'page', parameter: 'page', size: { parameter: 'limit', value: 2 } },
      authorisation: { kind: 'bearer' },
    },
  },
  mapping: CONTACT_DEFINITION.mapping,
})

const person = (n: number, more: object = {}) => ada({ id: `p${n}`, email: `p${n}@ex.test`, phone: null, ...more })
const page = (url = '') => Number(new URL(url, 'http://x').searchParams.get('page'))

test('a list is asked for page by page, what is the same comes once, and a pause that is asked for is kept', async () => {
  let people = [1, 2, 3, 4, 5].map((n) => person(n))
  answer = ({ url }, response) => {
    const from = (page(url) - 1) * 2
    response.end(JSON.stringify({ data: people.slice(from, from + 2) }))
  }
  const { id } = await makeConnection(client, { way: 'poll', definition: definition() }, { deploy: false })
  await client.put(`/connections/${id}/secrets`, { secrets: { token: 'their token' } })
  const tried = await client.post(`/connections/${id}/test`)
  assert.deepEqual(
    [tried.status, tried.body.reached, tried.body.items.length],
    [200, true, 2],
    JSON.stringify(tried.body),
  )
  assert.match(tried.body.message, /^127\.0\.0\.1:\d+ answered with 2 items, asked by its token\.$/)
  assert.equal((await client.post(`/connections/${id}/deploy`)).status, 200)
  await untilRows(client, id, 5)
  assert.ok(asked.every((one) => one.endsWith('Bearer their token')))
  const next = async () => (await client.get(`/connections/${id}`)).body.connection.nextPollAt
  const settled = await until(async () => {
    const at = await next()
    return Date.parse(at) > Date.now() + 40_000 ? at : null
  }, 'the next poll in a minute')
  assert.ok(Date.parse(settled) < Date.now() + 70_000)
  people = people.map((one, n) => (n === 3 ? { ...one, city: 'Dallas' } : one))
  const before = asked.length
  await Promise.all([
    pollAgain(server, id),
    client.post(`/connections/${id}/deploy`),
    client.post(`/connections/${id}/deploy`),
  ])
  const rows = await untilRows(client, id, 6)
  assert.deepEqual([rows.length, rows[5].state, rows[5].externalId], [6, 'updated', 'p4'])
  await until(async () => asked.length >= before + 3 && underWay === 0, 'all pages')
  assert.equal(mostUnderWay, 1)
  answer = (_request, response) => response.writeHead(429, { 'retry-after': '600' }).end()
  await pollUntil(server, id, {
    is: async () => Date.parse(await next()) > Date.now() + 500_000,
    what: 'a pause of ten minutes',
  })
  assert.equal((await rowsOf(client, id)).length, 6)
})

test('one that is not let in any more waits for a person, and goes on where it was', async () => {
  answer = (_request, response) => response.writeHead(401).end()
  const { id } = await makeConnection(client, { way: 'poll', definition: definition() })
  const state = async () => (await client.get(`/connections/${id}`)).body.connection
  await until(async () => (await state()).state === 'needs_authorisation', 'a need of authorisation')
  assert.match((await state()).stateReason, /401/)
  answer = ({ url }, response) => {
    const isFirst = page(url) === 1
    response.end(JSON.stringify({ data: isFirst ? [person(71)] : [] }))
  }
  assert.equal((await client.put(`/connections/${id}/secrets`, { secrets: { token: 'a new one' } })).status, 200)
  assert.equal((await client.post(`/connections/${id}/resume`)).status, 200)
  const [row] = await untilRows(client, id, 1)
  assert.equal(row.externalId, 'p71')
})

test('what has changed since a moment is asked for again, also while a page is under way, and changes nothing twice', async () => {
  const { source, mapping } = definition()
  const since = { parameter: 'updated_since', format: 'iso' }
  const wish = { way: 'poll', definition: { source: { ...source, poll: { ...source.poll, since } }, mapping } }
  const sinceOf = (url: string | undefined) => new URL(url ?? '', 'http://x').searchParams.get('updated_since')
  const people = [81, 82, 83].map((n) => person(n))
  const begun: (string | null)[] = []
  let release = () => {}
  answer = ({ url }, response) => {
    const from = (page(url) - 1) * 2
    begun.push(sinceOf(url))
    const end = () => response.end(JSON.stringify({ data: people.slice(from, from + 2) }))
    if (begun.length === 2) release = end
    else end()
  }
  const { id } = await makeConnection(client, wish)
  const backfill = (body: object) => client.post(`/connections/${id}/backfill`, body)
  await until(async () => begun.length === 2, 'a second page')
  assert.equal((await backfill({ since: '2026-01-02' })).status, 200)
  release()
  await untilRows(client, id, 3)
  const next = async () => Date.parse((await client.get(`/connections/${id}`)).body.connection.nextPollAt)
  await until(async () => (await next()) > Date.now() + 40_000, 'an end')
  assert.deepEqual(begun, [null, null, ...Array(2).fill('2026-01-02T00:00:00.000Z')])
  assert.deepEqual([(await backfill({ since: '2025-01-01T00:00:00Z' })).status, begun.length > 3], [200, true])
  await until(async () => begun.at(-1) === '2025-01-01T00:00:00.000Z' && begun.length === 6, 'both pages, from earlier')
  await until(async () => (await rowsOf(client, id)).length === 8, 'all of them')
  const rows = await rowsOf(client, id)
  assert.equal(rows.filter(({ state }) => state === 'created').length, 3)
  assert.equal(rows.filter(({ state }) => state === 'unchanged').length, rows.length - 3)
  await until(async () => (await next()) > Date.now() + 40_000, 'the usual time')
  assert.equal((await backfill({ since: '2099-01-01' })).status, 422)
  assert.equal((await backfill({ since: 'soon' })).status, 422)
  const without = await makeConnection(client, { way: 'poll', definition: definition() })
  assert.equal((await client.post(`/connections/${without.id}/backfill`, { since: '2026-01-01' })).status, 400)
})
