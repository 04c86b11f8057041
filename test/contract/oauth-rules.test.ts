import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { SignJWT } from 'jose'
import { sql } from 'kysely'
import { forgetExpired } from '../../src/auth/grants.ts'
import { signToken } from '../../src/auth/jwt.ts'
import { signingKeys } from '../../src/auth/signing-keys.ts'
import type { Reply } from '../support/client.ts'
import { allow, ask, CHALLENGE, exchange, refresh, tokensFor, VERIFIER } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let aheadMs = 0
let story: Story
before(async () => {
  story = await startStory({ work: false, rateLimit: 0, clock: { nowMs: () => Date.now() + aheadMs } })
})
after(() => story?.[Symbol.asyncDispose]())

const SECOND = 1000
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

const codeFor = async (target: string, more: Record<string, string> = {}) => (await allow(story, target, more)).get('code') as string

/** 200 while the token works, 401 when it does not. */
const statusOf = async (token: string) => (await story.server.client(token).get(`/locations/${story.template.id}/tags`)).status

function assertRefused(reply: Reply, status: number, error: string, words: RegExp): void {
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  assert.deepEqual([reply.body.statusCode, reply.body.error, reply.body.error_description], [status, error, reply.body.message])
  assert.match(reply.body.message, words)
}

const assertGrantRefused = (reply: Reply, words: RegExp) => assertRefused(reply, 400, 'invalid_grant', words)

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
  assertGrantRefused(await exchange(story, code, { redirect_uri: 'http://127.0.0.1:49999/callback/' }), /redirect_uri differs/)
  assertGrantRefused(await exchange(story, code, { user_type: 'Company' }), /user_type must be Location/)
  const other = await server
    .client(demo.agencyToken)
    .post(`/apps/?companyId=${demo.companyId}`, { name: 'Other', scopes: ['forms.readonly'], redirectUris: ['https://other.example/'] })
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
  const wrongs: Record<string, string>[] = [{ client_secret: 'wrong' }, { client_id: 'nobody' }, { client_secret: `${story.demo.app.clientSecret}x` }]
  for (const credentials of wrongs) assertRefused(await refresh(story, 'any', credentials), 401, 'invalid_client', /client_id or client_secret is wrong/)
  const wrong = await ask(story, '/oauth/token', { grant_type: 'password', client_id: '' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.body.message.join(), /client_id should not be empty.*grant_type must be one of/s)
  const silent = await ask(story, '/oauth/token', { grant_type: 'refresh_token', refresh_token: 'x', client_secret: '' })
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
  assertGrantRefused(await refresh(story, first.refresh_token), /used before; everything that follows from it is revoked/)
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

test('revoking either token ends both, and the location tokens made from them', async () => {
  const { demo, server, template } = story
  for (const name of ['access_token', 'refresh_token'] as const) {
    const tokens = await tokensFor(story, 'agency')
    const made = await server.client(tokens.access_token).post('/oauth/locationToken', { companyId: demo.companyId, locationId: template.id })
    assert.equal(await statusOf(made.body.access_token), 200)
    const revoked = await ask(story, '/oauth/revoke', { token: tokens[name] })
    assert.deepEqual([revoked.status, revoked.body], [200, {}])
    for (const token of [tokens.access_token, made.body.access_token]) assert.equal(await statusOf(token), 401)
    for (const token of [tokens.refresh_token, made.body.refresh_token]) assertGrantRefused(await refresh(story, token), /refresh token is invalid/)
  }
  assert.equal((await ask(story, '/oauth/revoke', { token: 'unknown' })).status, 200, 'what is not valid is no error (RFC 7009)')
})

test('an app that lost the answer to a refresh can still end everything with what it has', async () => {
  const first = await tokensFor(story, story.template.id)
  const lost = (await refresh(story, first.refresh_token)).body
  assert.equal((await ask(story, '/oauth/introspect', { token: first.refresh_token })).body.active, false)
  assert.equal((await ask(story, '/oauth/revoke', { token: first.refresh_token })).status, 200)
  assert.equal(await statusOf(lost.access_token), 401)
})

test('introspection tells an app about its own tokens alone', async () => {
  const { demo, server, template } = story
  const tokens = await tokensFor(story, template.id)
  const introspect = async (token: string, more: Record<string, string> = {}) => (await ask(story, '/oauth/introspect', { token, ...more })).body
  const access = await introspect(tokens.access_token)
  assert.deepEqual(
    [access.active, access.token_type, access.client_id, access.authClass, access.authClassId, access.scope, access.exp - access.iat],
    [true, 'Bearer', demo.app.clientId, 'Location', template.id, tokens.scope, 86_400],
  )
  assert.deepEqual([(await introspect(tokens.refresh_token)).token_type, (await introspect('unknown')).active], ['refresh_token', false])
  const other = await server
    .client(demo.agencyToken)
    .post(`/apps/?companyId=${demo.companyId}`, { name: 'Spy', scopes: ['forms.readonly'], redirectUris: ['https://spy.example/'] })
  const spy = { client_id: other.body.app.clientId, client_secret: other.body.secret }
  for (const token of [tokens.access_token, tokens.refresh_token, demo.agencyToken]) assert.deepEqual(await introspect(token, spy), { active: false })
  assert.equal((await ask(story, '/oauth/revoke', { token: tokens.access_token, ...spy })).status, 200)
  assert.equal(await statusOf(tokens.access_token), 200, 'another app cannot revoke it')
  assert.equal((await ask(story, '/oauth/introspect', { token: 'x', client_secret: 'wrong' })).status, 401)
})

test('forged and foreign signatures are worth nothing', async () => {
  const { access_token: access } = await tokensFor(story, story.template.id)
  const [head, body, signature] = access.split('.') as [string, string, string]
  const payload = JSON.parse(Buffer.from(body, 'base64url').toString())
  const key = (await signingKeys(story.server.app.platform.db))[0]!.secret
  const signed = (claims: object, head = { alg: 'HS256' }) => new SignJWT({ ...claims }).setProtectedHeader(head).sign(key)
  assert.equal(await statusOf(await signed(payload)), 200, 'as we sign it')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = [
    `${head}.${encode({ ...payload, authClassId: story.byHand.id, exp: payload.exp + 1 })}.${signature}`,
    `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
    `${encode({ alg: 'none', typ: 'JWT' })}.${body}.${signature}`,
    await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32)),
    // The right key, but not as we use it: another algorithm, another issuer or audience, no end, a key of the caller's choice.
    await signed(payload, { alg: 'HS512' }),
    await signed({ ...payload, iss: 'another' }),
    await signed({ ...payload, aud: 'another' }),
    await signed({ ...payload, exp: undefined }),
    await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: '../../dev/null' }).sign(Buffer.alloc(1)),
    // Ours, but for another purpose: a session of the authorise page.
    await signToken(story.server.app.platform.db, 'sign-in', payload, { issuedAtMs: Date.now() + aheadMs, lifeSeconds: 60 }),
  ]
  for (const token of forged) assert.equal(await statusOf(token), 401, token)
})

test('tokens of a deleted location and of an uninstalled app end at once', async () => {
  const { demo, server } = story
  const agency = server.client(demo.agencyToken)
  const location = (await agency.post('/locations/', { companyId: demo.companyId, name: 'Short-lived' })).body
  const doomed = await tokensFor(story, location.id)
  assert.equal((await server.client(doomed.access_token).get(`/locations/${location.id}/tags`)).status, 200)
  assert.equal((await agency.delete(`/locations/${location.id}?deleteTwilioAccount=false`)).status, 200)
  assert.equal((await server.client(doomed.access_token).get(`/locations/${location.id}/tags`)).status, 401)
  assertGrantRefused(await refresh(story, doomed.refresh_token), /refresh token is invalid/)

  const local = await tokensFor(story, story.template.id)
  const uninstall = (more = '') => agency.delete(`/apps/${demo.app.appId}/installation?companyId=${demo.companyId}${more}`)
  assert.equal((await uninstall(`&locationId=${story.template.id}`)).status, 200)
  assert.equal(await statusOf(local.access_token), 401)
  assert.equal((await uninstall(`&locationId=${story.template.id}`)).status, 404)
  const whole = await tokensFor(story, 'agency')
  assert.equal((await uninstall()).status, 200)
  assert.equal(await statusOf(whole.access_token), 401)
})

test('an app speaks for itself where it is installed, and an own app for its agency', async () => {
  const { demo, server, template, byHand } = story
  // A test before this one has taken it out.
  await sql`update app set withdrawn_at = null where id = ${demo.app.appId}`.execute(server.app.platform.db)
  const credentials = (more: Record<string, string> = {}) => ask(story, '/oauth/token', { grant_type: 'client_credentials', ...more })
  const own = await credentials({ user_type: 'Company' })
  assert.deepEqual([own.status, own.body.userType, own.body.companyId, own.body.scope], [200, 'Company', demo.companyId, demo.app.scopes.join(' ')])
  const narrow = await credentials({ scope: 'forms.readonly links.readonly' })
  assert.equal(narrow.body.scope, 'forms.readonly links.readonly')
  assertRefused(await credentials({ scope: 'forms.readonly tokens.write' }), 400, 'invalid_scope', /tokens\.write/)
  assertRefused(await refresh(story, narrow.body.refresh_token, { scope: 'forms.write' }), 400, 'invalid_scope', /forms\.write/)
  assert.equal((await refresh(story, narrow.body.refresh_token, { scope: 'forms.readonly' })).body.scope, narrow.body.scope)
  const local = await credentials({ user_type: 'Location', locationId: template.id })
  assert.deepEqual([local.status, local.body.locationId], [200, template.id])
  assert.equal(await statusOf(local.body.access_token), 200)
  const partnerLocation = demo.partner.locations[0]!.id
  assert.equal((await credentials({ user_type: 'Location', locationId: partnerLocation })).status, 403, 'nobody there allowed it')
  assertRefused(await credentials({ companyId: demo.partner.companyId }), 400, 'unauthorized_client', /not installed in this agency/)
  await tokensFor(story, template.id)
  await tokensFor(story, byHand.id)
  const several = await credentials({ user_type: 'Location' })
  assert.deepEqual([several.status, several.body.message], [400, 'The app is installed in several places: locationId must say which'])
  assert.equal((await server.client(own.body.access_token).get(`/apps/?companyId=${demo.companyId}`)).status, 401, 'no app manages apps')
})

test('a location token needs the app in that location, within the agency', async () => {
  const { demo, server, empty } = story
  const { access_token: access } = await tokensFor(story, 'agency')
  const client = server.client(access)
  const ownPlace = await client.raw('POST', '/oauth/locationToken', {
    headers: { version: '2021-07-28', 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': 'same' },
    body: new URLSearchParams({ companyId: demo.companyId, locationId: empty.id }).toString(),
  })
  assert.equal(ownPlace.status, 200, JSON.stringify(ownPlace.body))
  const { rows } = await sql`select 1 from idempotency`.execute(server.app.platform.db)
  assert.equal(rows.length, 0, 'answers with tokens are not kept for an Idempotency-Key')
  const foreign = await client.post('/oauth/locationToken', { companyId: demo.companyId, locationId: demo.partner.locations[0]!.id })
  assert.equal(foreign.status, 403)
  const strange = await client.get(`/oauth/installedLocations?companyId=${demo.companyId}&appId=unknown`)
  assert.equal(strange.status, 404)
})

test('only hashes are stored, and what has ended is forgotten', async () => {
  const { db } = story.server.app.platform
  const code = await codeFor(story.template.id)
  const { access_token: access, refresh_token: token } = (await exchange(story, code)).body
  const { admin, app } = story.demo
  for (const table of ['admin', 'app', 'app_install', 'oauth_grant', 'oauth_code', 'oauth_refresh', 'idempotency']) {
    const { rows } = await sql<{ text: string }>`select t::text from ${sql.table(table)} t`.execute(db)
    const stored = rows.map((row) => row.text).join('\n')
    for (const secret of [code, access, token, admin.password, app.clientSecret]) assert.ok(!stored.includes(secret), `${table} holds a secret`)
  }
  const count = async () =>
    (
      await sql<{
        count: number
      }>`select (select count(*) from oauth_code) + (select count(*) from oauth_refresh) + (select count(*) from oauth_grant) as count`.execute(db)
    ).rows[0]?.count
  const before = await count()
  await forgetExpired(db, Date.now() + aheadMs)
  assert.equal(await statusOf(access), 200)
  assert.ok((before ?? 0) > 0)
  await forgetExpired(db, Date.now() + aheadMs + 368 * 86_400 * SECOND)
  await forgetExpired(db, Date.now() + aheadMs + 368 * 86_400 * SECOND)
  assert.equal(await count(), 0)
})
