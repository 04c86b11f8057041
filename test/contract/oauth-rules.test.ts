import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { forgetExpired } from '../../src/auth/grants.ts'
import {
  allow,
  ask,
  assertGrantRefused,
  assertRefused,
  CHALLENGE,
  exchange,
  refresh,
  tokensFor,
  VERIFIER,
} from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let aheadMs = 0
let story: Story
before(async () => {
  story = await startStory({ work: false, rateLimit: 0, clock: { nowMs: () => Date.now() + aheadMs } })
})
after(() => story?.[Symbol.asyncDispose]())

const SECOND = 1000
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

const codeFor = async (target: string, more: Record<string, string> = {}) =>
  (await allow(story, target, more)).get('code') as string

/** 200 while the token works, 401 when it does not. */
const statusOf = async (token: string) =>
  (await story.server.client(token).get(`/locations/${story.template.id}/tags`)).status

test('a code works once; who uses it again ends what came of it', async () => {
  const code = await codeFor(story.template.id)
  const first = await exchange(story, code)
  assert.equal(first.headers.get('cache-control'), 'no-store')
  assert.equal(await statusOf(first.body.access_token), 200)
  assertGrantRefused(await exchange(story, code), /was used before/)
  assert.equal(await statusOf(first.body.access_token), 401)
  assertGrantRefused(await refresh(story, first.body.refresh_token), /refresh token is invalid/)
})

test('of two exchanges of one code at once, one gets tokens', async () => {
  const code = await codeFor(story.template.id)
  const replies = await Promise.all([exchange(story, code), exchange(story, code), exchange(story, code)])
  assert.deepEqual(replies.map(({ status }) => status).toSorted(), [200, 400, 400])
})

test('a code ends after ten minutes and belongs to its app, its address and its kind of place', async () => {
  const { server, demo } = story
  const code = await codeFor(story.template.id)
  assertGrantRefused(
    await exchange(story, code, { redirect_uri: 'http://127.0.0.1:49999/callback/' }),
    /redirect_uri differs/,
  )
  assertGrantRefused(await exchange(story, code, { user_type: 'Company' }), /user_type must be Location/)
  const other = await server.client(demo.agencyToken).post(`/apps/?companyId=${demo.companyId}`, {
    name: 'Other',
    scopes: ['forms.readonly'],
    redirectUris: ['https://other.example/'],
  })
  const foreign = { client_id: other.body.app.clientId, client_secret: other.body.secret }
  assertGrantRefused(await exchange(story, code, foreign), /authorization code is invalid/)
  assertGrantRefused(await exchange(story, 'no-such-code'), /authorization code is invalid/)
  assert.equal((await exchange(story, code, { user_type: 'Location' })).status, 200, 'a refused try does not spend it')

  const late = await codeFor(story.template.id)
  aheadMs += 600 * SECOND
  assertGrantRefused(await exchange(story, late), /has expired/)
})

test('a code with a challenge needs its verifier, and one without takes none', async () => {
  const code = await codeFor('agency', PKCE)
  assertGrantRefused(await exchange(story, code), /code_verifier/)
  assertGrantRefused(await exchange(story, code, { code_verifier: VERIFIER.replace('a', 'b') }), /code_verifier/)
  assert.equal((await exchange(story, code, { code_verifier: VERIFIER })).status, 200)
  assertGrantRefused(await exchange(story, await codeFor('agency'), { code_verifier: VERIFIER }), /code_verifier/)
})

test('an app proves itself by its secret, and says what it wants', async () => {
  const wrongs: Record<string, string>[] = [
    { client_secret: 'wrong' },
    { client_id: 'nobody' },
    { client_secret: `${story.demo.app.clientSecret}x` },
  ]
  for (const credentials of wrongs)
    assertRefused(
      await refresh(story, 'any', credentials),
      401,
      'invalid_client',
      /client_id or client_secret is wrong/,
    )
  const wrong = await ask(story, '/oauth/token', { grant_type: 'password', client_id: '' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.body.message.join(), /client_id should not be empty.*grant_type must be one of/s)
  const silent = await ask(story, '/oauth/token', {
    grant_type: 'refresh_token',
    refresh_token: 'x',
    client_secret: '',
  })
  assert.deepEqual([silent.status, silent.body.message], [422, ['client_secret should not be empty']])
  const bare = await ask(story, '/oauth/token', { grant_type: 'authorization_code' })
  assert.deepEqual([bare.status, bare.body.message], [422, ['code should not be empty']])
})

test('a refresh token is replaced; the same one within 30 seconds gets the same successor, later it ends everything', async () => {
  const first = await tokensFor(story, story.template.id)
  const second = (await refresh(story, first.refresh_token)).body
  assert.notEqual(second.refresh_token, first.refresh_token)
  assert.equal(await statusOf(first.access_token), 200, 'what was issued goes on until its end')
  aheadMs += 29 * SECOND
  const again = (await refresh(story, first.refresh_token)).body
  assert.deepEqual([again.refresh_token, again.access_token], [second.refresh_token, second.access_token])
  assert.ok(again.expires_in < second.expires_in)
  const third = (await refresh(story, second.refresh_token)).body
  assert.equal(await statusOf(third.access_token), 200)
  aheadMs += 2 * SECOND
  assertGrantRefused(
    await refresh(story, first.refresh_token),
    /used before; everything that follows from it is revoked/,
  )
  const { demo, agency } = story
  const { events } = (await agency.client.get(`/people/events?companyId=${demo.companyId}&event=oauth.replay`)).body
  const detail = events[0]?.detail
  assert.match(detail, new RegExp(`refresh token was used before.*locationId ${story.template.id}$`))
  for (const token of [second.access_token, third.access_token]) assert.equal(await statusOf(token), 401)
  assertGrantRefused(await refresh(story, third.refresh_token), /refresh token is invalid/)
})

test('many refreshes of one token at once get one successor', async () => {
  const { refresh_token: token } = await tokensFor(story, story.template.id)
  const replies = await Promise.all(Array.from({ length: 8 }, () => refresh(story, token)))
  assert.equal(new Set(replies.map(({ body }) => body.refresh_token)).size, 1)
  assert.equal(new Set(replies.map(({ body }) => body.access_token)).size, 1)
})

test('an access token ends after a day, a refresh token after a year', async () => {
  const { access_token: access, refresh_token: token } = await tokensFor(story, story.template.id)
  aheadMs += 86_398 * SECOND
  assert.equal(await statusOf(access), 200)
  aheadMs += 3 * SECOND
  assert.equal(await statusOf(access), 401)
  aheadMs += 365 * 86_400 * SECOND
  assertGrantRefused(await refresh(story, token), /refresh token is invalid/)
})

test('only hashes are stored, and what has ended is forgotten', async () => {
  const { db } = story.server.app.platform
  const code = await codeFor(story.template.id)
  const { access_token: access, refresh_token: token } = (await exchange(story, code)).body
  const { admin, app } = story.demo
  for (const table of ['person', 'app', 'app_install', 'oauth_grant', 'oauth_code', 'oauth_refresh', 'idempotency']) {
    const { rows } = await sql<{ text: string }>`select t::text from ${sql.table(table)} t`.execute(db)
    const stored = rows.map((row) => row.text).join('\n')
    for (const secret of [code, access, token, admin.password, app.clientSecret])
      assert.ok(!stored.includes(secret), `${table} holds a secret`)
  }
  const count = async () =>
    (
      await sql<{
        count: number
      }>`select (select count(*) from oauth_code) + (select count(*) from oauth_refresh) + (select count(*)
          from oauth_grant) as count`.execute(db)
    ).rows[0]?.count
  const before = await count()
  await forgetExpired(db, Date.now() + aheadMs)
  assert.equal(await statusOf(access), 200)
  assert.ok((before ?? 0) > 0)
  await forgetExpired(db, Date.now() + aheadMs + 368 * 86_400 * SECOND)
  await forgetExpired(db, Date.now() + aheadMs + 368 * 86_400 * SECOND)
  assert.equal(await count(), 0)
})

test('a code needs no address where it can only be the app that asked for it', async () => {
  const { template } = story
  const withPkce = await codeFor(template.id, PKCE)
  const none = { redirect_uri: '' }
  assert.equal(
    (await exchange(story, withPkce, { ...none, code_verifier: VERIFIER })).status,
    200,
    'its verifier says so',
  )
  const code = await codeFor(template.id)
  const refused = await exchange(story, code, none)
  assert.equal(refused.status, 422, 'another of its addresses may have been sent the code')
  assert.match(String(refused.body.error_description), /redirect_uri should not be empty/)
  await sql`update app set redirect_uris = redirect_uris[1:1], loopback = false`.execute(story.server.owner())
  const wrong = await exchange(story, code, { redirect_uri: 'https://example.com/callback' })
  assertGrantRefused(wrong, /redirect_uri differs/)
  assert.equal((await exchange(story, code, none)).status, 200, 'it has one address only')
})
