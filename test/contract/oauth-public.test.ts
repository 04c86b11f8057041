import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isRedirectOf } from '../../src/auth/redirects.ts'
import type { Clock } from '../../src/clock.ts'
import { Browser } from '../support/browser.ts'
import type { Reply } from '../support/client.ts'
import { openStream, until, within } from '../support/event-stream.ts'
import { allow, ask, CHALLENGE, exchange, REDIRECT, refresh, tokensFor, VERIFIER } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

const YEAR = 365 * 86_400_000
let aheadMs = 0
const clock: Clock = { nowMs: () => Date.now() + aheadMs }
let story: Story
let app: { id: string; clientId: string; public: boolean }
before(async () => {
  story = await startStory({ work: false, clock })
  const { demo } = story
  const made = await story.server.client(demo.agencyToken).post(`/apps/?companyId=${demo.companyId}`, {
    name: 'In the browser',
    scopes: ['locations/tags.readonly'],
    redirectUris: [REDIRECT],
    public: true,
  })
  assert.deepEqual([made.status, Object.keys(made.body)], [201, ['app']], 'no secret')
  app = made.body.app
})
after(() => story?.[Symbol.asyncDispose]())

const pageOf = (more: Record<string, string>) =>
  `/oauth/chooselocation?${new URLSearchParams({ response_type: 'code', client_id: app.clientId, redirect_uri: REDIRECT, state: 's', ...more })}`
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

/** A form without a secret. */
function send(path: string, fields: Record<string, string>): Promise<Reply> {
  const body = new URLSearchParams({ client_id: app.clientId, ...fields }).toString()
  return story.server
    .client()
    .raw('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })
}

async function newCode(): Promise<string> {
  const browser = new Browser(story.server.url)
  const consent = await browser.send(await browser.open(pageOf(PKCE)), 'name="password"', story.demo.admin)
  assert.match(consent.html, /three years at most/, 'who allows it is told for how long')
  await browser.send(consent, 'name="target"', { target: story.template.id, decision: 'allow' })
  return browser.leftTo?.searchParams.get('code') as string
}

test('a public app must use PKCE, and its verifier is its proof', async () => {
  assert.equal(app.public, true)
  const browser = new Browser(story.server.url)
  await browser.open(pageOf({}))
  assert.deepEqual(
    ['error', 'error_description', 'state'].map((name) => browser.leftTo?.searchParams.get(name)),
    ['invalid_request', 'code_challenge is missing: the app must use PKCE (S256)', 's'],
  )
  await browser.open(pageOf({ code_challenge: CHALLENGE, code_challenge_method: 'plain' }))
  assert.equal(browser.leftTo?.searchParams.get('error'), 'invalid_request')

  const code = await newCode()
  const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
  for (const more of [{}, { code_verifier: VERIFIER.replace('a', 'b') }] as Record<string, string>[]) {
    const refused = await send('/oauth/token', { ...grant, ...more })
    assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant'])
  }
  const tokens = await send('/oauth/token', { ...grant, code_verifier: VERIFIER })
  assert.equal(tokens.status, 200, JSON.stringify(tokens.body))
  assert.equal(
    (await story.server.client(tokens.body.access_token).get(`/locations/${story.template.id}/tags`)).status,
    200,
  )

  const next = await send('/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.body.refresh_token })
  assert.equal(next.status, 200)
  assert.equal((await send('/oauth/revoke', { token: next.body.refresh_token })).status, 200)
  assert.equal(
    (await story.server.client(next.body.access_token).get(`/locations/${story.template.id}/tags`)).status,
    401,
  )
})

test('without a secret there is nothing but that', async () => {
  const { demo, server } = story
  for (const [path, fields] of [
    ['/oauth/token', { grant_type: 'client_credentials', user_type: 'Company' }],
    ['/oauth/introspect', { token: 'x' }],
  ] as const) {
    const refused = await send(path, fields)
    assert.deepEqual([refused.status, refused.body.error], [400, 'unauthorized_client'], path)
  }
  const invented = await send('/oauth/token', {
    grant_type: 'refresh_token',
    refresh_token: 'x',
    client_secret: 'invented',
  })
  assert.deepEqual(
    [invented.status, invented.body.error],
    [401, 'invalid_client'],
    'a secret that it does not have proves nothing',
  )
  assert.equal(
    (await server.client(demo.agencyToken).post(`/apps/${app.id}/secret?companyId=${demo.companyId}`)).status,
    400,
  )
  const bare = await send('/oauth/token', {
    client_id: demo.app.clientId,
    grant_type: 'refresh_token',
    refresh_token: 'x',
  })
  assert.deepEqual(
    [bare.status, bare.body.message],
    [422, ['client_secret should not be empty']],
    'an app that has a secret needs it',
  )
  assert.equal((await send('/oauth/revoke', { client_id: demo.app.clientId, token: 'x' })).status, 422)
})

test('nobody is sent to a page on the web by a link alone: what is wrong with a request is told here, and the way back is named', async () => {
  const { demo, server } = story
  const redirectUri = 'https://app.example/cb?a=1'
  const made = await server.client(demo.agencyToken).post(`/apps/?companyId=${demo.companyId}`, {
    name: 'Anybody',
    scopes: ['locations/tags.readonly'],
    redirectUris: [redirectUri, 'com.example.app:/cb'],
  })
  for (const to of [redirectUri, 'com.example.app:/cb']) {
    const browser = new Browser(server.url)
    const asked = { response_type: 'token', client_id: made.body.app.clientId, redirect_uri: to, state: '"><b>' }
    const page = await browser.open(`/oauth/chooselocation?${new URLSearchParams(asked)}`)
    assert.deepEqual([page.status, browser.leftTo], [400, null], to)
    assert.match(page.html, /response_type must be code/)
    const [, href = ''] = /<a href="([^"]+)"/.exec(page.html) ?? []
    const back = new URL(href.replaceAll('&#38;', '&'))
    assert.equal(`${back.protocol}${back.host}`, new URL(to).protocol + new URL(to).host)
    assert.deepEqual(
      ['error', 'state', 'iss'].map((name) => back.searchParams.get(name)),
      ['unsupported_response_type', '"><b>', server.url],
    )
    assert.doesNotMatch(page.html, /<b>/)
    const posted = await browser.open(page.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=1',
    })
    assert.deepEqual([posted.status, browser.leftTo], [400, null], 'nor by a form')
  }
})

test('where it is asked of all, no app is let in without PKCE', async () => {
  await using strict = await startStory({ work: false, requirePkce: true })
  const browser = new Browser(strict.server.url)
  const address = { response_type: 'code', client_id: strict.demo.app.clientId, redirect_uri: REDIRECT }
  await browser.open(`/oauth/chooselocation?${new URLSearchParams(address)}`)
  assert.equal(browser.leftTo?.searchParams.get('error'), 'invalid_request')
  assert.equal(
    (await browser.open(`/oauth/chooselocation?${new URLSearchParams({ ...address, ...PKCE })}`)).status,
    200,
  )
})

test('what an agency token made for a location ends with the consent, however late it was made', async () => {
  try {
    let agency = await tokensFor(story, 'agency')
    for (let half = 0; half < 5; half++) {
      aheadMs += YEAR / 2
      agency = (await refresh(story, agency.refresh_token)).body
    }
    const made = await story.server
      .client(agency.access_token)
      .post(
        '/oauth/locationToken',
        { companyId: story.demo.companyId, locationId: story.template.id },
        { version: '2021-07-28' },
      )
    assert.equal(made.status, 200, JSON.stringify(made.body))
    aheadMs += YEAR / 2 + 86_400_000
    const late = await refresh(story, made.body.refresh_token)
    assert.deepEqual([late.status, late.body.error], [400, 'invalid_grant'])
  } finally {
    aheadMs = 0
  }
})

test('an app that was taken out gets nothing more, by whichever way it asks', async () => {
  const { demo, server, template } = story
  const agency = server.client(demo.agencyToken)
  const tokens = await tokensFor(story, 'agency')
  const local = (
    await server
      .client(tokens.access_token)
      .post('/oauth/locationToken', { companyId: demo.companyId, locationId: template.id })
  ).body
  const waiting = await allow(story, 'agency')
  const { id } = await story.agency.capture(template.id)
  const { push } = await story.agency.post(`/${id}/push`, { locationIds: [story.empty.id] }, 202)
  const events = `${server.url}${story.agency.path(`/pushes/${push.id}/events`)}`
  const [stream, other] = [await openStream(events, tokens.access_token), await openStream(events, demo.agencyToken)]
  await until(() => stream.names().includes('progress'), `it runs: ${stream.status} ${stream.text()}`)
  assert.equal((await agency.delete(`/apps/${demo.app.appId}/installation?companyId=${demo.companyId}`)).status, 200)
  assert.ok(await within(2_000, stream.ended), 'a stream goes on')
  assert.ok(!(await within(300, other.ended)), 'the token of another still holds')
  other.close()
  for (const { access_token: access } of [tokens, local])
    assert.equal((await server.client(access).get(`/locations/${template.id}/tags`)).status, 401)
  for (const { refresh_token: token } of [tokens, local]) assert.equal((await refresh(story, token)).status, 400)
  assert.equal((await exchange(story, waiting.get('code') as string)).status, 400)
  for (const more of [{ user_type: 'Company' }, { user_type: 'Location', locationId: template.id }] as Record<
    string,
    string
  >[]) {
    const refused = await ask(story, '/oauth/token', { grant_type: 'client_credentials', ...more })
    assert.deepEqual([refused.status, refused.body.error], [400, 'unauthorized_client'])
  }
  assert.deepEqual((await ask(story, '/oauth/introspect', { token: local.access_token })).body, { active: false })
})

test('an address of the own machine is taken as it is spelled, and no other spelling of it', () => {
  const app = { redirectUris: ['http://127.0.0.1:3000/cb?x=1'], loopback: false } as never
  for (const good of ['http://127.0.0.1/cb?x=1', 'http://127.0.0.1:9/cb?x=1']) assert.ok(isRedirectOf(app, good), good)
  for (const bad of [
    'http://127.1:3000/cb?x=1',
    'http://2130706433/cb?x=1',
    'http://0x7f.1/cb?x=1',
    'http://127.0.0.1:/cb?x=1',
    'HTTP://127.0.0.1/cb?x=1',
    'http://127.0.0.1/./cb?x=1',
    'http://127.0.0.1\\cb?x=1',
    'http://127.0.0.1/cb',
    'http://127.0.0.1:3000/cb?x=1#y',
  ])
    assert.ok(!isRedirectOf(app, bad), bad)
  const open = { redirectUris: [], loopback: true } as never
  for (const good of ['http://localhost:1/any', 'http://[::1]/']) assert.ok(isRedirectOf(open, good), good)
  for (const bad of [
    'http://127.1/',
    'http://localhost.evil.example/',
    'http://localhost@evil.example/',
    'https://127.0.0.1.evil.example/',
  ])
    assert.ok(!isRedirectOf(open, bad), bad)
})
