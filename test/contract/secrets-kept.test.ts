import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { TOTP } from 'otpauth'
import { query } from '../../src/db/pool.ts'
import { comeBack, leaveFor, makeAuthorised } from '../support/authorised-connections.ts'
import { type Client, createClient, type Reply } from '../support/client.ts'
import { CONTACT_DEFINITION, makeConnection, pollUntil, send, until } from '../support/connections.ts'
import { Service } from '../support/crash.ts'
import { allow, ask, exchange, refresh } from '../support/oauth.ts'
import { newPerson, signInTo, withCookie } from '../support/person.ts'
import { TEST_OPERATOR } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'
import { startTheirProgram } from '../support/their-authorisation.ts'

let story: Story
let services: Service[]
let url = ''
/** Another program that says back whatever it was asked with, and lets nobody in. */
const echo = createServer((request, response) => {
  const said = JSON.stringify({ error: `${request.url} ${JSON.stringify(request.headers)} is not allowed` })
  response.writeHead(request.url?.includes('500') ? 500 : 401, { 'content-type': 'application/json' }).end(said)
})

before(async () => {
  story = await startStory({ work: false, alone: true, rateLimit: 0 })
  await new Promise<void>((listening) => echo.listen(0, '127.0.0.1', listening))
  const env = {
    TINTYPE_LOG_LEVEL: 'trace',
    TINTYPE_REQUEST_LOG: 'all',
    TINTYPE_OPERATOR_TOKEN: TEST_OPERATOR,
    TINTYPE_OUTGOING_NETWORKS: '127.0.0.0/8',
  }
  services = (['serve', 'work'] as const).map(
    (command) => new Service({ command, databaseUrl: story.server.databaseUrl, env }),
  )
  for (const service of services) service.start()
  url = (await Promise.all(services.map(({ ready }) => ready)))[0] as string
})
after(async () => {
  for (const service of services ?? []) await service.end()
  echo.closeAllConnections()
  await new Promise((closed) => echo.close(closed))
  await story?.[Symbol.asyncDispose]()
})

/** What went in, or was shown once, by what it is. */
const secrets = new Map<string, string>()
const remember = (what: string, secret: unknown): string => {
  assert.ok(typeof secret === 'string' && secret.length >= 6, `${what}: ${secret}`)
  secrets.set(what, secret)
  return secret
}
const made = ({ status, body }: Reply) => {
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`)
  return body
}

const there = () => ({
  ...story,
  server: { ...story.server, url, client: (token?: string) => createClient(url, token) },
})
const echoUrl = (path: string) => `http://127.0.0.1:${(echo.address() as AddressInfo).port}${path}`

async function tokensAndApps(agency: Client): Promise<void> {
  const { companyId, app, agencyToken } = story.demo
  remember('agency token', agencyToken)
  remember('client secret', app.clientSecret)
  const path = `/tokens/?companyId=${companyId}`
  const wish = { name: 'x', scopes: ['forms.readonly'] }
  const token = made(await agency.post(path, wish, { 'idempotency-key': 'the same' }))
  remember('token', token.secret)
  const again = await agency.post(path, wish, { 'idempotency-key': 'the same' })
  assert.equal(again.body.secret, '(shown once, in the first answer)')
  const rotated = made(await agency.post(`/tokens/${token.token.id}/rotate?companyId=${companyId}`))
  remember('rotated token', rotated.secret)
  const another = made(
    await agency.post(`/apps/?companyId=${companyId}`, {
      name: 'Another',
      scopes: ['forms.readonly'],
      redirectUris: ['https://app.example/back'],
    }),
  )
  remember('secret of a new app', another.secret)
  const renewed = await agency.post(`/apps/${another.app.id}/secret?companyId=${companyId}`)
  remember('renewed secret of an app', made(renewed).secret)
  const code = remember('code', (await allow(there(), 'agency')).get('code'))
  const first = made(await exchange(there(), code))
  remember('access token', first.access_token)
  remember('refresh token', first.refresh_token)
  const second = made(await refresh(there(), first.refresh_token))
  remember('second refresh token', second.refresh_token)
  remember(
    'journal token',
    (await ask(there(), '/oauth/v1/token', { grant_type: 'client_credentials' })).body.access_token,
  )
  const wrong = remember('a wrong client secret', 'wrong-secret-of-a-client')
  assert.equal(
    (await ask(there(), '/oauth/token', { grant_type: 'client_credentials', client_secret: wrong })).status,
    401,
  )
  await exchange(there(), code)
  // What stands in the wrong place.
  const lost = remember('token in an address', 'pit-11111111-2222-4333-8444-555555555555')
  await createClient(url).get(`/contacts/?access_token=${lost}`)
  await createClient(url).get(`/no/such/${lost}`)
  await createClient(url, lost).raw('POST', '/contacts/', {
    headers: { 'content-type': 'application/json', version: '2021-07-28' },
    body: `{"token": "${lost}", `,
  })
  await agency.post(path, { name: { secret: lost }, scopes: lost })
}

async function people(agency: Client): Promise<void> {
  const { companyId, admin } = story.demo
  remember('password of the admin', admin.password)
  const server = there().server as Story['server']
  const invited = made(
    await agency.post(`/people/?companyId=${companyId}`, { email: 'new@people.example', role: 'viewer' }),
  )
  const token = remember('link', new URL(invited.link).hash.slice(1) || new URL(invited.link).searchParams.get('token'))
  const password = remember('password', 'correct horse battery staple 42')
  const accepted = await createClient(url).post('/people/accept', { token: token.replace(/^token=/, ''), password })
  assert.ok(accepted.status < 300, JSON.stringify(accepted.body))
  const { cookie } = await signInTo(server, { email: 'new@people.example', password })
  remember('session', cookie.split('=')[1])
  const mistyped = remember('mistyped password', 'correct horse battery stable 42')
  assert.equal((await signInTo(server, { email: 'new@people.example', password: mistyped })).reply.status, 401)
  const owner = await newPerson(server, { agencyId: companyId, role: 'owner' })
  remember('password of another', owner.password)
  const { body } = await owner.post('/account/second-factor', { password: owner.password })
  const secret = remember('second factor', body.secret)
  const confirmed = made(await owner.post('/account/second-factor/confirm', { code: new TOTP({ secret }).generate() }))
  for (const [n, one] of confirmed.recoveryCodes.entries()) remember(`recovery code ${n}`, one)
  const next = remember('next password', 'a wholly different passphrase 7')
  const changed = await withCookie(server, cookie).put('/account/password', { present: password, password: next })
  assert.ok(changed.status < 300, JSON.stringify(changed.body))
  const user = { companyId, firstName: 'U', lastName: 'V', email: 'u@v.example', type: 'agency', role: 'admin' }
  await agency.post('/users/', { ...user, password: remember('password of a user', 'Passw0rd-of-a-user') })
  const operator = createClient(url, remember('operator', TEST_OPERATOR))
  const founded = made(await operator.post('/agencies/', { name: 'Founded', admin: 'boss@founded.example' }))
  remember('first token of an agency', founded.secret)
  remember('first password of an agency', founded.admin.password)
}

async function locationsAndWebhooks(agency: Client): Promise<void> {
  const { companyId } = story.demo
  const wish = {
    companyId,
    name: 'With keys',
    twilio: { sid: 'sid', authToken: remember('key of Twilio', 'twilio-auth-token-0815') },
    mailgun: { apiKey: remember('key of Mailgun', 'mailgun-api-key-0815'), domain: 'x.example' },
  }
  made(await agency.post('/locations/', wish))
  const own = createClient(url, story.demo.locations[0]!.token)
  const { secret, webhook } = made(await own.post('/webhooks/', { name: 'W', url: echoUrl('/hook') }))
  remember('secret of a webhook', secret)
  const rotated = await own.post(`/webhooks/${webhook.id}/secret`)
  remember('rotated secret of a webhook', made(rotated).secret)
  made(await own.post(`/webhooks/${webhook.id}/test`))
  await until(
    async () => (await own.get(`/webhooks/${webhook.id}/deliveries`)).body.deliveries[0]?.attemptCount > 0,
    'a delivery',
  )
}

async function connections(): Promise<void> {
  const own = createClient(url, story.demo.locations[0]!.token)
  const { id, address } = await makeConnection(own)
  remember('secret in an address', new URL(address).pathname.split('/').at(-1))
  const signing = remember('signing secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  made(await own.put(`/connections/${id}/secrets`, { secrets: { signing } }))
  await send(address, '{"broken', { 'x-signature': 'wrong' })
  const rotated = await own.post(`/connections/${id}/address`)
  remember('rotated secret in an address', new URL(made(rotated).address).pathname.split('/').at(-1))
  const ways = [
    [{ kind: 'bearer' }, { token: 'bearer-of-theirs-0815' }],
    [{ kind: 'basic' }, { username: 'someone', password: 'basic-password-0815' }],
    [{ kind: 'key', in: 'query', name: 'api_key' }, { key: 'key-in-a-query-0815' }],
    [{ kind: 'key', in: 'header', name: 'X-Api-Key' }, { key: 'key-in-a-header-0815' }],
    [
      { kind: 'oauth', grant: 'refresh_token', tokenUrl: echoUrl('/500') },
      { clientId: 'id', clientSecret: 'their-client-secret-0815', refreshToken: 'their-refresh-token-0815' },
    ],
  ] as const
  for (const [authorisation, given] of ways) {
    for (const path of ['/people', '/500', 'closed']) {
      const address = path === 'closed' ? 'http://127.0.0.1:1/people' : echoUrl(path)
      const source = {
        everyMinutes: 1,
        poll: { url: address, items: 'data', paging: { style: 'none' }, authorisation },
      }
      const definition = { source, mapping: CONTACT_DEFINITION.mapping }
      const polled = await makeConnection(own, { way: 'poll', definition }, { deploy: false })
      for (const [name, value] of Object.entries(given))
        if (!['username', 'clientId'].includes(name)) remember(`${authorisation.kind} ${name}`, value)
      made(await own.put(`/connections/${polled.id}/secrets`, { secrets: given }))
      await own.post(`/connections/${polled.id}/test`)
      await own.post(`/connections/${polled.id}/deploy`)
      const failed = async () => {
        const { connection } = (await own.get(`/connections/${polled.id}`)).body
        return connection.lastError !== null || connection.failingSince !== null
      }
      await until(failed, `${polled.id} fails`)
    }
  }
}

/** Another program that a person allows: what went there and back, and what it gave. */
async function permissions(): Promise<void> {
  await using theirs = await startTheirProgram()
  const { companyId, locations } = story.demo
  const one = await newPerson(there().server as Story['server'], { agencyId: companyId, role: 'admin' })
  const at = {
    ...one,
    post: (path: string, body?: unknown) => one.post(`${path}?locationId=${locations[0]!.id}`, body),
  }
  const own = createClient(url, locations[0]!.token)
  remember('client secret of theirs', theirs.clientSecret)
  theirs.people = [{ id: 'p', email: 'p@ex.test' }]
  const id = await makeAuthorised(own, theirs)
  const denied = theirs.decide(await leaveFor(at, id), 'deny')
  assert.equal((await comeBack(at, denied)).body.outcome, 'denied')
  for (const status of [200, 400, 500]) {
    // What it says is what it was sent.
    theirs.answerToken = (response) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: String(theirs.forms.at(-1)), error_description: String(theirs.forms.at(-1)) }))
    const refused = await comeBack(at, theirs.decide(await leaveFor(at, id)))
    assert.equal(refused.body.outcome, 'refused')
    for (const secret of theirs.secrets) assert.ok(!refused.body.message.includes(secret))
  }
  theirs.answerToken = null
  const page = theirs.decide(await leaveFor(at, id))
  // The browser comes to the page first.
  assert.equal((await fetch(`${url}${page.pathname}${page.search}`)).headers.get('referrer-policy'), 'no-referrer')
  assert.equal((await comeBack(at, page)).body.outcome, 'authorised')
  assert.equal((await comeBack(at, page)).body.outcome, 'used')
  theirs.end()
  assert.equal((await own.post(`/connections/${id}/test`)).body.reached, true)
  await own.post(`/connections/${id}/deploy`)
  await until(async () => (await own.get(`/connections/${id}/rows`)).body.rows.length > 0, 'a row')
  theirs.end(true)
  const state = async () => (await own.get(`/connections/${id}`)).body.connection.state
  await pollUntil(story.server, id, {
    is: async () => (await state()) === 'needs_authorisation',
    what: 'a need of authorisation',
  })
  assert.ok(theirs.secrets.size > 20, `${theirs.secrets.size} secrets`)
  for (const [n, secret] of [...theirs.secrets].entries()) remember(`theirs ${n}`, secret)
}

/** A secret as it may be spelled. */
const spellings = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(secret),
]

test('nothing that opens anything stands in the database or in a log', async () => {
  const agency = createClient(url, story.demo.agencyToken)
  await tokensAndApps(agency)
  await people(agency)
  await locationsAndWebhooks(agency)
  await connections()
  await permissions()
  const logs = services.map(({ output }) => output).join('\n')
  assert.ok(logs.includes('"request":true') && logs.includes('"security":true'), 'there is a log')
  const found: string[] = []
  for (const [what, secret] of secrets)
    for (const text of spellings(secret)) if (logs.includes(text)) found.push(`${what} (${text}) in the log`)
  const db = story.server.owner()
  const tables = await query(
    db,
    sql<{ name: string }>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'graphile_worker')
      order by 1`,
  )
  assert.ok(tables.length > 50, `${tables.length} tables`)
  for (const { name } of tables) {
    const rows = await query(db, sql<{ row: string }>`select t::text as row from ${sql.raw(name)} t`)
    const all = rows.map(({ row }) => row).join('\n')
    for (const [what, secret] of secrets)
      for (const text of spellings(secret)) if (all.includes(text)) found.push(`${what} (${text}) in ${name}`)
  }
  assert.deepEqual([...new Set(found)], [])
})
