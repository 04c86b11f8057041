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

test('who says that nothing of its limit is left is asked for the next page when it has some again', async () => {
  const people = [61, 62, 63].map((n) => person(n))
  const pages: number[] = []
  answer = ({ url }, response) => {
    // Connections of the other tests may ask meanwhile.
    if (!url?.startsWith('/limited')) return response.end('{"data": []}')
    pages.push(page(url))
    const from = (page(url) - 1) * 2
    const left = { 'ratelimit-remaining': pages.length === 1 ? '0' : '5', 'ratelimit-reset': '600' }
    response.writeHead(200, left).end(JSON.stringify({ data: people.slice(from, from + 2) }))
  }
  const { source, mapping } = definition()
  const poll = { ...source.poll, url: source.poll.url.replace('people', 'limited') }
  const { id } = await makeConnection(client, { way: 'poll', definition: { source: { ...source, poll }, mapping } })
  const next = async () => Date.parse((await client.get(`/connections/${id}`)).body.connection.nextPollAt)
  await untilRows(client, id, 2)
  await until(async () => (await next()) > Date.now() + 500_000, 'a pause of ten minutes')
  assert.deepEqual(pages, [1])
  await pollUntil(server, id, { is: async () => pages.length > 1, what: 'the next page' })
  assert.equal((await untilRows(client, id, 3))[2].externalId, 'p63')
  assert.deepEqual(pages, [1, 2])
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

test('another list is asked from its beginning, where it is and by nobody else, and a page that was under way is not of it', async () => {
  const others: string[] = []
  const other = createServer((request, response) => {
    others.push(`${request.url} ${request.headers.authorization}`)
    response.end(JSON.stringify({ data: [person(94)], next: null }))
  })
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  after(() => other.close())
  const { source, mapping } = definition()
  const paging = { style: 'url', path: 'next' }
  const since = { parameter: 'updated_since', format: 'iso' }
  const listAt = (url: string) => ({ source: { ...source, poll: { ...source.poll, url, paging, since } }, mapping })
  const here = source.poll.url.replace('people', 'list')
  const own = () => asked.filter((line) => line.startsWith('/list'))
  let release = () => {}
  answer = (request, response) => {
    if (request.url === '/list') response.end(JSON.stringify({ data: [person(91)], next: '/list?page=2' }))
    else if (request.url !== '/list?page=2') response.end(JSON.stringify({ data: [] }))
    else if (own().length === 2) response.writeHead(429, { 'retry-after': '3600' }).end()
    else release = () => response.end(JSON.stringify({ data: [person(92)], next: '/list?page=3' }))
  }
  const { id } = await makeConnection(client, { way: 'poll', definition: listAt(here) }, { deploy: false })
  const deploy = async (url: string, token: string) => {
    await client.put(`/connections/${id}/secrets`, { secrets: { token } })
    await client.put(`/connections/${id}`, { definition: listAt(url) })
    assert.equal((await client.post(`/connections/${id}/deploy`)).status, 200)
  }
  await deploy(here, 'of here')
  const next = async () => Date.parse((await client.get(`/connections/${id}`)).body.connection.nextPollAt)
  await until(async () => (await next()) > Date.now() + 3_000_000, 'a pause of an hour')
  // What is asked in the middle of a list is asked again where it is the same list.
  await deploy(here, 'of here, too')
  await until(async () => own().length === 3, 'the second page once more')
  assert.equal(own().at(-1), '/list?page=2 Bearer of here, too')
  const port = (other.address() as AddressInfo).port
  await deploy(`http://127.0.0.1:${port}/others`, 'of the other')
  release()
  const rows = await untilRows(client, id, 2)
  await until(async () => (await next()) > Date.now() + 40_000, 'an end')
  assert.deepEqual(others, ['/others Bearer of the other'])
  assert.equal(own().length, 3)
  assert.deepEqual(
    rows.map(({ externalId }) => externalId),
    ['p91', 'p94'],
  )
})

test('a secret that would stand where everybody reads it is refused, with where it belongs', async () => {
  const { source, mapping } = definition()
  const of = async (more: object) => {
    const wish = {
      way: 'poll',
      name: 'Theirs',
      definition: { source: { ...source, poll: { ...source.poll, ...more } }, mapping },
    }
    return client.post('/connections/', wish)
  }
  const secret = [
    'Authorization',
    'X-Api-Key',
    'cookie',
    'x-auth-token',
    'Ocp-Apim-Subscription-Key',
    'X-Shop-Access-Token',
    'X-Authorization',
    'Api_Key',
    'X-AccessToken',
    'CB-ACCESS-PASSPHRASE',
  ]
  for (const name of secret) {
    const refused = await of({ headers: { 'X-Version': '2', [name]: 'planted' } })
    assert.equal(refused.status, 422, name)
    assert.match(JSON.stringify(refused.body), new RegExp(`source\\.poll\\.headers\\.${name}: .*secrets`), name)
    assert.doesNotMatch(JSON.stringify(refused.body), /X-Version|planted/)
  }
  const opens = [
    'api_key',
    'access_token',
    'key',
    'client_secret',
    'access_key',
    'api_token',
    'private_token',
    'hapikey',
  ]
  for (const name of [...opens, 'subscription-key', 'apiSecret', 'signature']) {
    const refused = await of({ url: `${source.poll.url}?page_token=1&${name}=planted` })
    assert.equal(refused.status, 422, name)
    assert.match(JSON.stringify(refused.body), new RegExp(`source\\.poll\\.url: “${name}” .*secrets`))
    assert.doesNotMatch(JSON.stringify(refused.body), /page_token|planted/)
  }
  const said = await of({ headers: { 'X-Who': 'Bearer planted' } })
  assert.match(JSON.stringify(said.body), /source\.poll\.headers\.X-Who: .*secrets/)
  const named = await of({ url: source.poll.url.replace('//', '//ada:planted@') })
  assert.equal(named.status, 422)
  assert.match(JSON.stringify(named.body), /source\.poll\.url: holds a name or a password/)
  assert.doesNotMatch(JSON.stringify(named.body), /planted|ada/)
  const harmless = [
    'sort_key',
    'page_token',
    'pageToken',
    'next_token',
    'continuation_token',
    'keys',
    'author',
    'signed',
  ]
  const fine = await of({
    headers: { 'X-Version': '2', 'Accept-Language': 'de', 'X-Monkey': 'a', 'X-Author': 'a', 'X-Tokens-Of': 'a' },
    url: `${source.poll.url}?${harmless.map((name) => `${name}=1`).join('&')}`,
  })
  assert.equal(fine.status, 201, JSON.stringify(fine.body))
})
