import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { findByEmail, setPassword } from '../../src/auth/people.ts'
import { isRedirectOf } from '../../src/auth/redirects.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { Browser } from '../support/browser.ts'
import { ask, authoriseUrl, CHALLENGE, REDIRECT, signIn } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let aheadMs = 0
let story: Story
before(async () => {
  story = await startStory({ work: false, clock: { nowMs: () => Date.now() + aheadMs } })
})
after(() => story?.[Symbol.asyncDispose]())

const open = (url: string) => new Browser(story.server.url).open(url)

test('nobody is sent to an address that the app did not register', async () => {
  const addresses = [
    'https://evil.example/callback',
    'https://example.com/callback/',
    'https://example.com/callback?next=evil',
    'https://example.com.evil.example/callback',
    'https://example.com@evil.example/callback',
    'http://127.0.0.1@evil.example/callback',
    'http://127.0.0.1/callback#here',
    'https://127.0.0.1/callback',
    'javascript:alert(1)',
    '//evil.example',
    'a\u0000b',
  ]
  for (const address of addresses) {
    const browser = new Browser(story.server.url)
    const page = await browser.open(authoriseUrl(story.demo, { redirect_uri: address }))
    assert.deepEqual([page.status, browser.leftTo], [400, null], address)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  }
  for (const more of [{ client_id: 'unknown' }, { client_id: '' }, { redirect_uri: '' }])
    assert.equal((await open(authoriseUrl(story.demo, more as never))).status, 400)
  assert.equal((await open(`${authoriseUrl(story.demo)}&client_id=twice`)).status, 400)
})

test('the address of an app is matched exactly; only the port of the own machine is free', () => {
  const app = {
    redirectUris: ['https://a.example/cb', 'http://127.0.0.1:3000/cb', 'com.example.app:/cb'],
    loopback: false,
  } as never
  for (const good of [
    'https://a.example/cb',
    'http://127.0.0.1:3000/cb',
    'http://127.0.0.1:51004/cb',
    'com.example.app:/cb',
  ])
    assert.ok(isRedirectOf(app, good), good)
  for (const bad of [
    'https://a.example/cb/',
    'https://A.example/cb',
    'https://a.example:444/cb',
    'http://a.example/cb',
    'http://localhost:3000/cb',
    'http://127.0.0.1:3000/other',
    'com.example.other:/cb',
  ])
    assert.ok(!isRedirectOf(app, bad), bad)
})

test('what else is wrong with a request goes back to the app, with its state', async () => {
  const faults: [Record<string, string>, string][] = [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'forms.readonly tokens.write' }, 'invalid_scope'],
    [{ code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: CHALLENGE }, 'invalid_request'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge_method: 'S256' }, 'invalid_request'],
  ]
  for (const [more, error] of faults) {
    const browser = new Browser(story.server.url)
    await browser.open(authoriseUrl(story.demo, { state: 'here', ...more }))
    assert.equal(`${browser.leftTo?.origin}${browser.leftTo?.pathname}`, REDIRECT)
    assert.deepEqual(
      [browser.leftTo?.searchParams.get('error'), browser.leftTo?.searchParams.get('state')],
      [error, 'here'],
    )
  }
})

test('who says no is sent back without a code, and nothing is installed', async () => {
  const { browser, consent } = await signIn(story, authoriseUrl(story.demo, { state: 'x' }))
  await browser.send(consent, 'name="target"', { decision: 'deny' })
  assert.deepEqual(Object.fromEntries(browser.leftTo?.searchParams ?? []), {
    error: 'access_denied',
    error_description: 'access was denied',
    state: 'x',
    iss: story.server.url,
  })
  const { rows } = await sql`select 1 from app_install union all select 1 from oauth_code`.execute(
    story.server.app.platform.db,
  )
  assert.equal(rows.length, 0)
})

test('nobody has to sign in to say no', async () => {
  const browser = new Browser(story.server.url)
  await browser.send(await browser.open(authoriseUrl(story.demo)), 'name="password"', { decision: 'deny' })
  assert.equal(browser.leftTo?.searchParams.get('error'), 'access_denied')
})

test('a wrong password is told without saying what was wrong; too many tries have to wait', async () => {
  const { demo, server } = story
  const browser = new Browser(server.url)
  const page = await browser.open(authoriseUrl(demo))
  const attempt = (email: string, password: string) => browser.send(page, 'name="password"', { email, password })
  const wrong = await attempt(demo.admin.email, 'wrong')
  const unknown = await attempt('nobody@example.com', demo.admin.password)
  const fault = /role="alert">([^<]*)</
  assert.deepEqual(
    [wrong.status, unknown.status, fault.exec(wrong.html)?.[1]],
    [401, 401, 'E-mail or password is wrong.'],
  )
  assert.equal(fault.exec(unknown.html)?.[1], fault.exec(wrong.html)?.[1])
  for (let count = 0; count < 9; count++) assert.equal((await attempt(demo.admin.email, 'wrong')).status, 401)
  assert.equal(
    (await attempt(demo.admin.email.toUpperCase(), demo.admin.password)).status,
    429,
    'the right one has to wait too',
  )
  aheadMs += 15 * 60_000
  const right = await attempt(demo.admin.email.toUpperCase(), demo.admin.password)
  assert.match(right.html, /Allow Demo app\?/)
})

test('forms work only in the browser they were shown to, for whoever is signed in', async () => {
  const { demo, server } = story
  const url = authoriseUrl(demo)
  const { browser, consent } = await signIn(story, url)
  const other = await signIn(story, url)
  const filled = { target: 'agency', decision: 'allow' }
  const stolen = await other.browser.send(consent, 'name="target"', filled)
  assert.deepEqual([stolen.status, other.browser.leftTo], [400, null])
  const forged = await browser.send(consent, 'name="target"', { ...filled, csrf: 'guess' })
  assert.deepEqual([forged.status, browser.leftTo], [400, null])
  const bare = await new Browser(server.url).send(consent, 'name="target"', filled)
  assert.equal(bare.status, 400)
  // A page that stood open over the end of the session asks to sign in again.
  aheadMs += 12.5 * 3600_000
  const late = await browser.send(consent, 'name="target"', filled)
  assert.match(late.html, /name="password"/)
  assert.equal(browser.leftTo, null)
})

test('a new password ends the sessions that began under the old one', async () => {
  const { demo, server } = story
  const { browser } = await signIn(story, authoriseUrl(demo))
  assert.match((await browser.open(authoriseUrl(demo))).html, /Allow Demo app/)
  const { db } = server.app.platform
  const known = await findByEmail(db, demo.admin.email)
  await inTransaction(db, (tx) => setPassword(tx, known?.id as string, 'another'))
  assert.match((await browser.open(authoriseUrl(demo))).html, /name="password"/)
  await inTransaction(db, (tx) => setPassword(tx, known?.id as string, demo.admin.password))
})

test('an admin chooses among the own agency alone, and can sign out', async () => {
  const { demo } = story
  const { browser, consent } = await signIn(story, authoriseUrl(demo))
  for (const { id, name } of demo.locations)
    assert.ok(consent.html.includes(`value="${id}"`) && consent.html.includes(name))
  const foreign = demo.partner.locations[0]!
  assert.ok(!consent.html.includes(foreign.id))
  const refused = await browser.send(consent, 'name="target"', { target: foreign.id, decision: 'allow' })
  assert.deepEqual([refused.status, browser.leftTo], [403, null])
  const undecided = await browser.send(consent, 'name="target"', { decision: 'allow' })
  assert.match(undecided.html, /Choose where the app may act/)
  const found = await browser.open(`${authoriseUrl(demo, { find: 'harbour' })}&more=1&more=2`)
  assert.ok(found.html.includes('Harbour Photo') && !found.html.includes(demo.locations[0]!.id))
  assert.match((await browser.send(consent, 'value="sign-out"', {})).html, /name="password"/)
})

test('the page keeps others out: no frames, no scripts, no cache, cookies for itself alone', async () => {
  const { demo, server } = story
  const made = await server.client(demo.agencyToken).post(`/apps/?companyId=${demo.companyId}`, {
    name: '<img src=x onerror=alert(1)>"\'',
    scopes: ['forms.readonly'],
    redirectUris: ['https://quote.example/cb?a=%22><b>'],
  })
  const url = authoriseUrl(demo, {
    client_id: made.body.app.clientId,
    redirect_uri: made.body.app.redirectUris[0],
    state: '"><script>alert(1)</script>',
  })
  const { consent } = await signIn(story, url)
  assert.ok(!/<img|<script|<b>/.test(consent.html), consent.html)
  const policy = consent.headers.get('content-security-policy') ?? ''
  for (const part of [
    "default-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'self' https://quote.example;",
    "base-uri 'none'",
  ])
    assert.ok(policy.includes(part), policy)
  assert.equal(consent.headers.get('cache-control'), 'no-store')
  assert.equal(consent.headers.get('referrer-policy'), 'no-referrer')
  const first = await open(url)
  for (const cookie of first.headers.getSetCookie()) assert.match(cookie, /HttpOnly; SameSite=Lax$/)
})

test('behind https cookies are for https alone', async () => {
  await using secure = await startStory({ work: false, publicUrl: 'https://tintype.example' })
  const page = await new Browser(secure.server.url).open(authoriseUrl(secure.demo))
  assert.match(page.headers.get('set-cookie') ?? '', /; Secure$/)
})

test("the page says whose app it is: a name alone can be anybody's", async () => {
  const { demo, server } = story
  assert.match((await signIn(story, authoriseUrl(demo))).consent.html, /An app of your own agency\./)
  const { companyId, agencyToken } = demo.partner
  const made = await server.client(agencyToken).post(`/apps/?companyId=${companyId}`, {
    name: 'Demo app',
    scopes: ['forms.readonly'],
    redirectUris: ['https://other.example/cb'],
  })
  const { consent } = await signIn(
    story,
    authoriseUrl(demo, { client_id: made.body.app.clientId, redirect_uri: 'https://other.example/cb' }),
  )
  assert.match(consent.html, /An app of <strong>[^<]+<\/strong>, another agency\./)
})

test('an agency makes, lists and deletes its apps; a secret is shown once and can be renewed', async () => {
  const { demo, server, agency } = story
  const client = server.client(demo.agencyToken)
  const path = (rest = '') => `/apps/${rest}?companyId=${demo.companyId}`
  const faulty = await client.post(path(), {
    name: 'Bad',
    scopes: ['tokens.write'],
    redirectUris: ['http://a.example/', 'javascript:alert(1)', 'https://a.example/#x'],
  })
  assert.equal(faulty.status, 422)
  assert.equal(faulty.body.message.length, 4)
  const made = await client.post(path(), {
    name: 'Own',
    scopes: ['forms.readonly'],
    redirectUris: ['https://a.example/cb'],
  })
  assert.equal(made.status, 201)
  const { app, secret } = made.body
  assert.ok(app.clientId.startsWith(`${app.id}-`))
  const credentials = (client_secret: string) =>
    ask(story, '/oauth/token', { client_id: app.clientId, client_secret, grant_type: 'client_credentials' })
  const tokens = (await credentials(secret)).body
  const listed = await client.get(path())
  assert.ok(listed.body.apps.some((one: { id: string }) => one.id === app.id))
  assert.ok(!JSON.stringify(listed.body).includes(secret))
  assert.deepEqual((await agency.client.get(path())).body, listed.body)
  const renewed = await client.post(path(`${app.id}/secret`))
  assert.deepEqual([(await credentials(secret)).status, (await credentials(renewed.body.secret)).status], [401, 200])
  const weak = (await client.post(`/tokens/?companyId=${demo.companyId}`, { name: 'Weak', scopes: ['apps.write'] }))
    .body.secret
  for (const reply of [
    await server.client(weak).post(path(`${app.id}/secret`)),
    await server
      .client(weak)
      .post(path(), { name: 'More', scopes: ['forms.readonly'], redirectUris: ['https://a.example/'] }),
  ])
    assert.equal(reply.status, 422, 'a token makes no app that can do more than itself')
  const statusOf = async () =>
    (
      await server
        .client(tokens.access_token)
        .get(`/forms/?companyId=${demo.companyId}&locationId=${demo.locations[0]!.id}`)
    ).status
  assert.equal(await statusOf(), 200)
  assert.equal((await client.delete(path(app.id))).status, 200)
  assert.equal(await statusOf(), 401)
  assert.equal((await credentials(renewed.body.secret)).status, 401)
})
