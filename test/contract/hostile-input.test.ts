import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
  location = (await createAgency(server.app)).locations[0] as TestLocation
})
after(() => server?.[Symbol.asyncDispose]())

/**
 * The processor time that answering takes: of this process, in which the server runs, so that a busy machine does not
 * count.
 */
async function timed<T>(act: () => Promise<T>): Promise<{ result: T; cpuMs: number }> {
  const before = process.cpuUsage()
  const result = await act()
  const { user, system } = process.cpuUsage(before)
  return { result, cpuMs: (user + system) / 1000 }
}

const MOST_MS = 400
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const fieldsOf = (count: number) => Array.from({ length: count }, (_, index) => `${index.toString(36)}=1`).join('&')
const SIGNED = '/oauth/chooselocation?response_type=code'

test('a form of many fields is refused before it costs anything', async () => {
  for (const path of ['/oauth/token', '/oauth/revoke', '/oauth/introspect', SIGNED]) {
    const { result, cpuMs } = await timed(() =>
      server.client().raw('POST', path, { headers: FORM, body: fieldsOf(40_000) }),
    )
    assert.equal(result.status, 413, `${path}: ${JSON.stringify(result.body).slice(0, 200)}`)
    assert.ok(cpuMs < MOST_MS, `${path}: ${cpuMs} ms`)
  }
})

test('a form has at most 100 fields, and one of 100 is read', async () => {
  const most = await server
    .client()
    .raw('POST', '/oauth/token', { headers: FORM, body: `grant_type=x&${fieldsOf(99)}` })
  assert.deepEqual([most.status, most.body.error], [422, 'unsupported_grant_type'], JSON.stringify(most.body))
  const over = await server
    .client()
    .raw('POST', '/oauth/token', { headers: FORM, body: `grant_type=x&${fieldsOf(100)}` })
  assert.deepEqual(
    [over.status, /at most 100 fields/.test(JSON.stringify(over.body))],
    [422, true],
    JSON.stringify(over.body),
  )
})

test('a JSON body is as small as a form where forms are taken', async () => {
  const body = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`p${index}`, 1])))
  const { result, cpuMs } = await timed(() =>
    server.client().raw('POST', '/oauth/token', { headers: { 'content-type': 'application/json' }, body }),
  )
  assert.equal(result.status, 413)
  assert.ok(cpuMs < MOST_MS, `${cpuMs} ms`)
})

test('a million wrong elements cost no more than reading them', async () => {
  const ones = `[${'1,'.repeat(999_000)}1]`
  for (const [path, body] of [
    ['/contacts/', `{"locationId":"${location.id}","tags":${ones}}`],
    ['/contacts/search', `{"locationId":"${location.id}","pageLimit":1,"filters":${ones}}`],
    ['/contacts/', `{"locationId":"${location.id}","customFields":${ones}}`],
    [
      '/contacts/',
      `{"locationId":"${location.id}",${Array.from({ length: 150_000 }, (_, index) => `"p${index}":1`).join()}}`,
    ],
  ] as const) {
    const headers = { 'content-type': 'application/json', version: '2021-07-28' }
    const { result, cpuMs } = await timed(() => server.client(location.token).raw('POST', path, { headers, body }))
    assert.equal(result.status, 422, `${path}: ${JSON.stringify(result.body).slice(0, 200)}`)
    assert.ok(JSON.stringify(result.body).length < 20_000, 'few faults are told')
    assert.ok(cpuMs < MOST_MS * 2, `${path}: ${cpuMs} ms`)
  }
})

test('a body of too many values is refused before it is read; what stands in texts are no values', async () => {
  const headers = { 'content-type': 'application/json', version: '2021-07-28' }
  const send = (body: string) => server.client(location.token).raw('POST', '/contacts/', { headers, body })
  const nested = `{"locationId":"${location.id}","tags":${'['.repeat(1_000_000)}`
  const pairs = `{"locationId":"${location.id}","customFields":[${'{},'.repeat(400_000)}{}]}`
  for (const body of [`{"locationId":"${location.id}","tags":[${'1,'.repeat(999_000)}1]}`, nested, pairs]) {
    const { result, cpuMs } = await timed(() => send(body))
    assert.deepEqual(
      [result.status, result.body.message],
      [422, ['body holds more than 100000 values']],
      JSON.stringify(result.body).slice(0, 300),
    )
    assert.ok(cpuMs < MOST_MS / 2, `${cpuMs} ms`)
  }
  // Quotes and backslashes: none of them ends the text early.
  for (const text of [',[{'.repeat(200_000), '\\'.repeat(150_000) + ','.repeat(150_000), '\\",'.repeat(150_000)]) {
    const { status, body } = await send(JSON.stringify({ locationId: location.id, source: text }))
    assert.ok(!JSON.stringify(body).includes('values'), `${status}: ${JSON.stringify(body).slice(0, 300)}`)
  }
  const many = await send(JSON.stringify({ locationId: location.id, tags: Array.from({ length: 90_000 }, () => 1) }))
  assert.match(
    JSON.stringify(many.body),
    /tags must not have|tags must NOT have|tags\[0\] must be a string/,
    JSON.stringify(many.body).slice(0, 300),
  )
})

test('faults of a body of usual size are still told all together', async () => {
  const reply = await server
    .client(location.token)
    .post('/contacts/', { locationId: location.id, tags: [1, 2, 3], firstName: 4, nonsense: 5 })
  assert.equal(reply.status, 422)
  for (const fault of [
    'tags[0] must be a string',
    'tags[2] must be a string',
    'firstName must be a string or null',
    'property nonsense should not exist',
  ])
    assert.ok(reply.body.message.includes(fault), JSON.stringify(reply.body.message))
})
