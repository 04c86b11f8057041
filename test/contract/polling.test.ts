import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { createGuardedFetch } from '../../src/connect/guarded-fetch.ts'
import { makeToken } from '../../src/connect/incoming/tokens.ts'
import type { OAuth } from '../../src/connect/reading/oauth.ts'
import { contentHash, pollPage } from '../../src/connect/reading/poll.ts'
import { type PollCredentials, PollReading, type PollResult } from '../../src/connect/reading/poll-rules.ts'
import { misfitsOf } from '../../src/store/validate.ts'

const NOW = 1_772_775_000_000

interface Asked {
  method: string
  url: URL
  headers: IncomingHttpHeaders
  body: string
}

interface Answer {
  status?: number
  headers?: Record<string, string>
  body: unknown
}

let server: Server
let origin: string
let asked: Asked[] = []
let answer: (one: Asked) => Answer = () => ({ body: [] })
const fetch = createGuardedFetch({ allowedNetworks: '127.0.0.0/8' })

before(async () => {
  server = createServer(async (request, response) => {
    const body = (await Array.fromAsync(request)).join('')
    const one = {
      method: String(request.method),
      url: new URL(String(request.url), origin),
      headers: request.headers,
      body,
    }
    asked.push(one)
    const { status = 200, headers = {}, body: said } = answer(one)
    response.writeHead(status, headers).end(typeof said === 'string' ? said : JSON.stringify(said))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  fetch.close()
  server.closeAllConnections()
  server.close()
})

const reading = (more: Partial<PollReading> = {}): PollReading => ({
  url: `${origin}/items?all=1`,
  items: 'data',
  paging: { style: 'none' },
  authorisation: { kind: 'none' },
  ...more,
})

async function poll(more: Partial<PollReading>, credentials: PollCredentials = {}, sinceMs: number | null = null) {
  assert.deepEqual(misfitsOf(PollReading, reading(more)), [])
  let kept: PollCredentials | undefined
  const renew = async (ended: PollCredentials) => {
    const made = await makeToken(reading(more).authorisation as OAuth, ended, { fetch, nowMs: NOW })
    if ('credentials' in made) kept = made.credentials
    return made
  }
  const page = { reading: reading(more), credentials, cursor: null, sinceMs }
  const result = await pollPage(page, { fetch, nowMs: NOW, renew })
  return { ...result, ...(kept === undefined ? {} : { credentials: kept }) }
}
/** Of what nothing is renewed. */
const renew = async () => assert.fail()

/** All pages, one after the other. */
async function drain(more: Partial<PollReading>): Promise<unknown[]> {
  const found: unknown[] = []
  asked = []
  for (let cursor: { at: string | number } | null = null; ; ) {
    const result: PollResult = await pollPage(
      { reading: reading(more), credentials: {}, cursor, sinceMs: null },
      { fetch, nowMs: NOW, renew },
    )
    if (result.outcome !== 'page') return assert.fail(JSON.stringify(result))
    found.push(...result.items)
    if (result.next === null) return found
    cursor = result.next
  }
}

const ALL = Array.from({ length: 25 }, (_, id) => ({ id }))
const sliceOf = (start: number) => ALL.slice(start, start + 10)
const size = { parameter: 'limit', value: 10 }

test('every style of paging brings each item once', async () => {
  answer = ({ url }) => ({ body: { data: sliceOf((Number(url.searchParams.get('page')) - 1) * 10) } })
  assert.deepEqual(await drain({ paging: { style: 'page', parameter: 'page', size } }), ALL)
  assert.deepEqual(
    asked.map(({ url }) => url.search),
    ['?all=1&limit=10&page=1', '?all=1&limit=10&page=2', '?all=1&limit=10&page=3'],
  )
  assert.deepEqual(await drain({ paging: { style: 'page', parameter: 'page' } }), ALL)
  assert.equal(asked.length, 4, 'without a size the last page is the empty one')
  answer = ({ url }) => ({ body: { data: sliceOf(Number(url.searchParams.get('from'))) } })
  assert.deepEqual(await drain({ paging: { style: 'offset', parameter: 'from', size } }), ALL)
  const startOf = (url: URL) => Number(url.searchParams.get('after') ?? 0)
  const after = (url: URL) => (startOf(url) < 20 ? startOf(url) + 10 : null)
  answer = ({ url }) => ({ body: { data: sliceOf(startOf(url)), meta: { next: after(url) } } })
  assert.deepEqual(await drain({ paging: { style: 'cursor', parameter: 'after', path: 'meta.next' } }), ALL)
  answer = ({ url }) => ({
    body: { data: sliceOf(startOf(url)), next: after(url) === null ? '' : `/items?after=${after(url)}` },
  })
  assert.deepEqual(await drain({ paging: { style: 'url', path: 'next' } }), ALL)
  answer = ({ url }) => ({
    body: sliceOf(startOf(url)),
    headers: {
      link: `<${origin}/items>; rel="first"${after(url) === null ? '' : `, </items?after=${after(url)}&x=a,b>; rel="prefetch next"`}`,
    },
  })
  assert.deepEqual(await drain({ paging: { style: 'link' }, items: undefined as never }), ALL)
})

test('credentials go to whom they are of, in the way that was agreed upon', async () => {
  const seen = async (authorisation: PollReading['authorisation'], credentials: PollCredentials) => {
    asked = []
    answer = () => ({ body: { data: [] } })
    await poll({ authorisation, headers: { 'X-Version': '2' } }, credentials)
    const [one] = asked
    assert.equal(one?.headers['x-version'], '2')
    return one?.headers.authorization ?? one?.headers['x-key'] ?? one?.url.search
  }
  assert.equal(await seen({ kind: 'basic' }, { username: 'ada', password: 'p:w' }), `Basic ${btoa('ada:p:w')}`)
  assert.equal(await seen({ kind: 'bearer' }, { token: 't' }), 'Bearer t')
  assert.equal(await seen({ kind: 'key', in: 'header', name: 'X-Key', prefix: 'k ' }, { key: 's' }), 'k s')
  assert.equal(await seen({ kind: 'key', in: 'query', name: 'key' }, { key: 's' }), '?all=1&key=s')
  for (const next of ['http://elsewhere.example/items', '//127.0.0.1:1/', 'file:///etc/passwd']) {
    answer = () => ({ body: { data: [], next } })
    const result = await poll({ paging: { style: 'url', path: 'next' } })
    assert.deepEqual(result, { outcome: 'failed', because: 'the next page is said to be somewhere else', again: false })
  }
  const forbidden = await pollPage(
    { reading: reading(), credentials: {}, cursor: null, sinceMs: null },
    { fetch: createGuardedFetch({ allowedNetworks: undefined }), nowMs: NOW, renew },
  )
  assert.match(JSON.stringify(forbidden), /"failed".*no address on the public internet.*"again":false/)
})

test('a token is made, renewed before it ends and in the middle, and kept', async () => {
  let issued = 0
  const valid = () => `Bearer t${issued}`
  answer = ({ url, headers, body }) => {
    if (url.pathname === '/token') {
      issued++
      return { body: { access_token: `t${issued}`, expires_in: 3600, refresh_token: `r${issued}`, asked: body } }
    }
    return headers.authorization === valid() ? { body: { data: [1] } } : { status: 401, body: {} }
  }
  const oauth = {
    authorisation: { kind: 'oauth' as const, grant: 'refresh_token' as const, tokenUrl: `${origin}/token` },
  }
  asked = []
  const first = await poll(oauth, { clientId: 'c', clientSecret: 's', refreshToken: 'r0' })
  assert.equal(first.outcome, 'page')
  assert.deepEqual(first.credentials, {
    clientId: 'c',
    clientSecret: 's',
    token: 't1',
    tokenEndsAtMs: NOW + 3_600_000,
    refreshToken: 'r1',
  })
  assert.equal(asked[0]?.body, 'grant_type=refresh_token&refresh_token=r0')
  assert.equal(asked[0]?.headers.authorization, `Basic ${btoa('c:s')}`)
  const second = await poll(oauth, first.credentials)
  assert.deepEqual([second.outcome, second.credentials, issued], ['page', undefined, 1], 'one that is good is used')
  const soon = await poll(oauth, { ...first.credentials, tokenEndsAtMs: NOW + 1000 })
  assert.deepEqual([soon.outcome, issued], ['page', 2])
  const ended = await poll(oauth, { ...first.credentials, token: 'taken back' })
  assert.deepEqual(
    [ended.outcome, ended.credentials?.token, issued],
    ['page', 't3', 3],
    'one that ended early is renewed once',
  )
  answer = ({ url }) =>
    url.pathname === '/token' ? { status: 400, body: { error: 'invalid_grant' } } : { status: 401, body: {} }
  assert.deepEqual(await poll(oauth, first.credentials), {
    outcome: 'unauthorised',
    because: 'no token was given (400: invalid_grant)',
  })
  answer = ({ url }) => (url.pathname === '/token' ? { body: { access_token: 'x' } } : { status: 401, body: {} })
  const never = await poll(oauth, first.credentials)
  assert.deepEqual([never.outcome, never.credentials?.token], ['unauthorised', 'x'], 'new credentials are kept even so')
  assert.equal((await poll(oauth, {})).outcome, 'unauthorised')
  asked = []
  answer = ({ url }) => ({ body: url.pathname === '/token' ? { access_token: 'x' } : { data: [] } })
  const client = {
    ...oauth.authorisation,
    grant: 'client_credentials' as const,
    scope: 'a b',
    clientIn: 'body' as const,
  }
  await poll({ authorisation: client }, { clientId: 'c', clientSecret: 's' })
  assert.equal(asked[0]?.body, 'grant_type=client_credentials&scope=a+b&client_id=c&client_secret=s')
})

test('pauses, refusals and faults are told apart, and what passes is tried again', async () => {
  const of = async (said: Answer, more: Partial<PollReading> = {}) => {
    answer = () => said
    const result = await poll(more)
    return result.outcome === 'limited'
      ? result.retryAfterMs
      : result.outcome === 'failed'
        ? `${result.because} ${result.again}`
        : result.outcome
  }
  assert.equal(await of({ status: 429, headers: { 'retry-after': '7' }, body: '' }), 7000)
  assert.equal(
    await of({ status: 503, headers: { 'retry-after': new Date(NOW + 9000).toUTCString() }, body: '' }),
    9000,
  )
  assert.equal(await of({ status: 429, body: '' }), 60_000)
  const resets = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '11' }
  assert.equal(await of({ status: 429, headers: resets, body: '' }), 11_000)
  assert.equal(await of({ status: 401, body: '' }), 'unauthorised')
  assert.equal(await of({ status: 502, body: '' }), 'the other side answered 502 true')
  assert.equal(await of({ status: 404, body: '' }), 'the other side answered 404 false')
  assert.equal(await of({ status: 302, headers: { location: '/' }, body: '' }), 'the other side answered 302 false')
  assert.equal(await of({ body: '<html>' }), 'the answer is no JSON false')
  assert.equal(await of({ body: { data: {} } }), 'there is no list at data false')
  assert.match(String(await of({ body: { data: ['x'.repeat(10_000_001)] } })), /more than 10000000 bytes.* false/)
  const paging = { style: 'cursor' as const, parameter: 'after', path: 'next' }
  answer = () => ({ body: { data: [1], next: 'same' } })
  const again = await pollPage(
    { reading: reading({ paging }), credentials: {}, cursor: { at: 'same' }, sinceMs: null },
    { fetch, nowMs: NOW, renew },
  )
  assert.match(JSON.stringify(again), /names the same page/)
  const gone = await poll({ url: 'http://127.0.0.1:1/' })
  assert.match(JSON.stringify(gone), /ECONNREFUSED.*"again":true/)
})

test('what was changed since is asked for as the other side wants it, and items are the same by their content', async () => {
  for (const [format, written] of [
    ['iso', '2026-03-06T05:30:00.000Z'],
    ['date', '2026-03-06'],
    ['seconds', '1772775000'],
    ['milliseconds', '1772775000000'],
  ] as const) {
    asked = []
    answer = () => ({ body: { data: [] } })
    await poll({ since: { parameter: 'since', format } }, {}, NOW)
    assert.equal(asked[0]?.url.searchParams.get('since'), written)
  }
  assert.equal(contentHash({ a: 1, b: [{ c: 2, d: 3 }] }), contentHash({ b: [{ d: 3, c: 2 }], a: 1 }))
  assert.notEqual(contentHash({ a: 1 }), contentHash({ a: '1' }))
})

test('what the other side says of its limit is read in every spelling, and nothing is waited for while some of it is left', async () => {
  const pauseOf = async (headers: Record<string, string>) => {
    answer = () => ({ headers, body: { data: [] } })
    const result = await poll({})
    assert.equal(result.outcome, 'page', JSON.stringify(result))
    return result.outcome === 'page' ? result.pauseMs : null
  }
  const seconds = NOW / 1000
  const spellings: [number, Record<string, string>][] = [
    [0, {}],
    [30_000, { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }],
    [0, { 'ratelimit-remaining': '1', 'ratelimit-reset': '30' }],
    [30_000, { ratelimit: 'limit=100, remaining=0, reset=30' }],
    [0, { ratelimit: 'limit=100, remaining=7, reset=30' }],
    [40_000, { ratelimit: '"burst";r=0;t=40' }],
    [40_000, { ratelimit: '"burst";r=3;t=1, "day"; r=0; t=40' }],
    [0, { ratelimit: '"burst";r=3;t=1', 'ratelimit-policy': '"burst";q=10;w=0' }],
    [50_000, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds + 50) }],
    [50_000, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(NOW + 50_000) }],
    [50_000, { 'X-RateLimit-Remaining': '-1', 'X-RateLimit-Reset': new Date(NOW + 50_000).toUTCString() }],
    [10_000, { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Interval-Milliseconds': '10000' }],
    [10_000, { 'X-HubSpot-RateLimit-Remaining': '0', 'X-HubSpot-RateLimit-Interval-Milliseconds': '10000' }],
    [60_000, { 'x-ratelimit-remaining': '0' }],
    [60_000, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }],
    // Whoever means milliseconds, or a day, is asked again after an hour, and may refuse then.
    [3_600_000, { 'ratelimit-remaining': '0', 'ratelimit-reset': '99999999' }],
    [3_600_000, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '59000' }],
    [30_500, { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': '30.5' }],
    [50_500, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds + 50.5) }],
    [60_000, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '10, 3600' }],
    [0, { 'x-ratelimit-limit': '-1', 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '3600' }],
    [0, { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' }],
    [0, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds - 5) }],
    [0, { 'x-ratelimit-remaining': 'many', 'x-ratelimit-reset': '50' }],
  ]
  for (const [pauseMs, headers] of spellings) assert.equal(await pauseOf(headers), pauseMs, JSON.stringify(headers))
})
