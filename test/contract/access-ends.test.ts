import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { setPasswordCost } from '../../src/auth/passwords.ts'
import { findByEmail, setPassword } from '../../src/auth/people.ts'
import { createToken } from '../../src/auth/tokens.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { Browser } from '../support/browser.ts'
import { allow, ask, authoriseUrl, exchange, refresh, signIn, tokensFor } from '../support/oauth.ts'
import { startTestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'
import { createAgency } from '../support/tenants.ts'

let aheadMs = 0
let story: Story
before(async () => {
  story = await startStory({ work: false, clock: { nowMs: () => Date.now() + aheadMs }, rateLimit: 5 })
})
after(() => story?.[Symbol.asyncDispose]())

const db = () => story.server.app.platform.db

test('who signs out is signed out everywhere that the session was copied to', async () => {
  const { demo, server } = story
  const { browser, consent } = await signIn(story, authoriseUrl(demo))
  const copy = new Browser(server.url)
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  assert.match((await copy.open(authoriseUrl(demo))).html, /name="target"/)
  await browser.send(consent, 'value="sign-out"', {})
  assert.match((await copy.open(authoriseUrl(demo))).html, /name="password"/, 'the copy has ended, too')
})

test('a password that was hashed more cheaply is hashed anew at the next sign-in, and goes on to work', async (t) => {
  const { demo } = story
  const last = setPasswordCost()
  t.after(() => setPasswordCost(last))
  const salt = Buffer.alloc(16, 7)
  const key = scryptSync(String(demo.admin.password).normalize('NFKC'), salt, 32, {
    N: 16_384,
    r: 8,
    p: 1,
    maxmem: 64 * 1024 * 1024,
  })
  const cheap = `scrypt$16384$8$1$${salt.toString('base64url')}$${key.toString('base64url')}`
  await sql`update person set password = ${cheap} where lower(email) = lower(${demo.admin.email})`.execute(db())
  const { consent } = await signIn(story, authoriseUrl(demo))
  assert.match(consent.html, /name="target"/)
  const { rows } = await sql<{
    password: string
  }>`select password from person where lower(email) = lower(${demo.admin.email})`.execute(db())
  assert.match(rows[0]?.password ?? '', /^\$argon2id\$v=19\$m=47104,t=2,p=1\$/)
  await signIn(story, authoriseUrl(demo))
})

test('an app that its own agency has taken out gets no more tokens, until it is allowed again', async () => {
  const { demo, agency, server } = story
  const forItself = () => ask(story, '/oauth/token', { grant_type: 'client_credentials', user_type: 'Company' })
  const first = await forItself()
  assert.equal(first.status, 200, JSON.stringify(first.body))
  assert.equal(
    (await server.client(first.body.access_token).get('/locations/search')).body.total,
    demo.locations.length,
    'it speaks for its owner',
  )
  assert.equal(
    (await agency.client.delete(`/apps/${demo.app.appId}/installation?companyId=${demo.companyId}`)).status,
    200,
  )
  assert.equal((await server.client(first.body.access_token).get('/locations/search')).status, 401)
  assert.equal((await forItself()).body.error, 'unauthorized_client')
  assert.equal(
    (await agency.client.delete(`/apps/${demo.app.appId}/installation?companyId=${demo.companyId}`)).status,
    404,
    'it is out already',
  )
  await allow(story, 'agency')
  assert.equal((await forItself()).status, 200)
})

test('however often tokens are renewed, a consent ends after three years', async () => {
  let tokens = await tokensFor(story, story.template.id)
  try {
    for (let month = 0; month < 6; month++) {
      aheadMs += 180 * 86_400_000
      const reply = await refresh(story, tokens.refresh_token)
      assert.equal(reply.status, 200, `${month}: ${JSON.stringify(reply.body)}`)
      tokens = reply.body
    }
    aheadMs += 20 * 86_400_000
    const late = await refresh(story, tokens.refresh_token)
    assert.deepEqual([late.status, late.body.error], [400, 'invalid_grant'])
  } finally {
    aheadMs = 0
  }
  assert.equal(
    (await exchange(story, (await allow(story, story.template.id)).get('code') as string)).status,
    200,
    'a new consent helps',
  )
})

test('all private tokens of a location share one window of requests', async () => {
  const { demo, template, byHand, server } = story
  const newToken = async (locationId: string) =>
    (
      await inTransaction(db(), (tx) =>
        createToken(tx, { name: 'x', agencyId: demo.companyId, locationId, scopes: ['*'] }, Date.now()),
      )
    ).token
  const statuses: number[] = []
  for (let call = 0; call < 7; call++)
    statuses.push((await server.client(await newToken(template.id)).get(`/locations/${template.id}/tags`)).status)
  assert.ok(statuses.includes(429), String(statuses))
  assert.equal(
    (await server.client(await newToken(byHand.id)).get(`/locations/${byHand.id}/tags`)).status,
    200,
    'other locations have their own',
  )
})

test('answers are kept by nobody on the way, and taken for nothing else than they are', async () => {
  const { template, server } = story
  for (const reply of [
    await template.client.get(`/locations/${template.id}/tags`),
    await template.client.get('/nowhere'),
    await server.client().get('/'),
  ]) {
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(reply.headers.get('cache-control'), 'no-store')
    assert.equal(reply.headers.get('strict-transport-security'), null, 'not without https')
  }
  await using secure = await startTestServer({ work: false, publicUrl: 'https://tintype.example' })
  assert.match((await secure.client().get('/health')).headers.get('strict-transport-security') ?? '', /max-age=\d{8}/)
})

test('no answer is framed, taken for what it is not, tells where it was left for, or runs anything but what its page says', async () => {
  const { template } = story
  for (const path of [
    '/health',
    '/docs',
    '/openapi.json',
    '/',
    '/nowhere',
    '/snapshots/%ff',
    `/locations/${template.id}/tags`,
  ]) {
    const { headers } = await template.client.get(path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/, path)
  }
})

test('a password is taken whole: one that only begins like the right one is wrong', async () => {
  const { demo } = story
  const long = 'x'.repeat(1000)
  const give = async (password: string) =>
    inTransaction(db(), async (tx) =>
      setPassword(tx, (await findByEmail(tx, demo.admin.email))?.id as string, password),
    )
  await give(long)
  try {
    for (const [password, status] of [
      [`${long}y`, 401],
      [long, 200],
    ] as const) {
      const browser = new Browser(story.server.url)
      assert.equal(
        (
          await browser.send(await browser.open(authoriseUrl(demo)), 'name="password"', {
            email: demo.admin.email,
            password,
          })
        ).status,
        status,
      )
    }
  } finally {
    await give(demo.admin.password)
  }
})

test('HEAD is answered wherever GET is', async () => {
  const { template } = story
  for (const path of ['/health', '/ready', '/docs', '/openapi.json', `/locations/${template.id}/tags`]) {
    const [get, head] = [
      await template.client.get(path),
      await template.client.raw('HEAD', path, { headers: { version: '2021-07-28' } }),
    ]
    assert.deepEqual(
      [head.status, head.headers.get('content-type'), head.body],
      [get.status, get.headers.get('content-type'), undefined],
      path,
    )
  }
})

/** Between a server and its database: until it is cut. */
async function passage(url: string) {
  const target = new URL(url)
  const open = new Set<Socket>()
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname)
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(one)
      one.on('error', () => {}).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  const listen = (port: number) =>
    new Promise<number>((done) => server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port)))
  const port = await listen(0)
  const through = new URL(url)
  through.port = String(port)
  return {
    url: through.href,
    cut() {
      server.close()
      for (const one of open) one.destroy()
    },
    heal: () => listen(port),
    async [Symbol.asyncDispose]() {
      this.cut()
    },
  }
}

test('while the database is away the answer is 503, not 500; when it is back, all is well', async () => {
  await using own = await startTestServer({ work: false })
  await using way = await passage(own.databaseUrl)
  await using server = await startTestServer({ work: true, databaseUrl: way.url })
  const agency = await createAgency(server.app)
  const [location] = agency.locations
  const client = server.client(location?.token)
  const path = `/locations/${location?.id}/tags`
  assert.equal((await client.get(path)).status, 200)
  way.cut()
  for (const reply of [
    await client.get(path),
    await client.post(path, { name: 'x' }),
    await server.client('pit-unknown-token-1').get(path),
  ]) {
    assert.equal(reply.status, 503, JSON.stringify(reply.body))
    assert.equal(reply.headers.get('retry-after'), '1')
  }
  await way.heal()
  for (let tries = 0; (await client.get(path)).status !== 200; tries++) {
    assert.ok(tries < 100)
    await new Promise((done) => setTimeout(done, 50))
  }
  assert.equal((await client.post(path, { name: 'back' })).status, 200)
})
