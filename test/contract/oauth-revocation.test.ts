import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { SignJWT } from 'jose'
import { signToken } from '../../src/auth/jwt.ts'
import { signingKeys } from '../../src/auth/signing-keys.ts'
import { ask, assertGrantRefused, refresh, tokensFor } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ work: false, rateLimit: 0 })
})
after(() => story?.[Symbol.asyncDispose]())

/** 200 while the token works, 401 when it does not. */
const statusOf = async (token: string) =>
  (await story.server.client(token).get(`/locations/${story.template.id}/tags`)).status

test('revoking either token ends both, and the location tokens made from them', async () => {
  const { demo, server, template } = story
  for (const name of ['access_token', 'refresh_token'] as const) {
    const tokens = await tokensFor(story, 'agency')
    const made = await server
      .client(tokens.access_token)
      .post('/oauth/locationToken', { companyId: demo.companyId, locationId: template.id })
    assert.equal(await statusOf(made.body.access_token), 200)
    const revoked = await ask(story, '/oauth/revoke', { token: tokens[name] })
    assert.deepEqual([revoked.status, revoked.body], [200, {}])
    for (const token of [tokens.access_token, made.body.access_token]) assert.equal(await statusOf(token), 401)
    for (const token of [tokens.refresh_token, made.body.refresh_token])
      assertGrantRefused(await refresh(story, token), /refresh token is invalid/)
  }
  assert.equal(
    (await ask(story, '/oauth/revoke', { token: 'unknown' })).status,
    200,
    'what is not valid is no error (RFC 7009)',
  )
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
  const introspect = async (token: string, more: Record<string, string> = {}) =>
    (await ask(story, '/oauth/introspect', { token, ...more })).body
  const access = await introspect(tokens.access_token)
  assert.deepEqual(
    [
      access.active,
      access.token_type,
      access.client_id,
      access.authClass,
      access.authClassId,
      access.scope,
      access.exp - access.iat,
    ],
    [true, 'Bearer', demo.app.clientId, 'Location', template.id, tokens.scope, 86_400],
  )
  assert.deepEqual(
    [(await introspect(tokens.refresh_token)).token_type, (await introspect('unknown')).active],
    ['refresh_token', false],
  )
  const other = await server.client(demo.agencyToken).post(`/apps/?companyId=${demo.companyId}`, {
    name: 'Spy',
    scopes: ['forms.readonly'],
    redirectUris: ['https://spy.example/'],
  })
  const spy = { client_id: other.body.app.clientId, client_secret: other.body.secret }
  for (const token of [tokens.access_token, tokens.refresh_token, demo.agencyToken])
    assert.deepEqual(await introspect(token, spy), { active: false })
  assert.equal((await ask(story, '/oauth/revoke', { token: tokens.access_token, ...spy })).status, 200)
  assert.equal(await statusOf(tokens.access_token), 200, 'another app cannot revoke it')
  assert.equal((await ask(story, '/oauth/introspect', { token: 'x', client_secret: 'wrong' })).status, 401)
})

test('forged and foreign signatures are worth nothing', async () => {
  const { access_token: access } = await tokensFor(story, story.template.id)
  const [head, body, signature] = access.split('.') as [string, string, string]
  const payload = JSON.parse(Buffer.from(body, 'base64url').toString())
  const key = (await signingKeys(story.server.app.platform.db))[0]!.secret
  const signed = (claims: object, head = { alg: 'HS256' }) =>
    new SignJWT({ ...claims }).setProtectedHeader(head).sign(key)
  assert.equal(await statusOf(await signed(payload)), 200, 'as we sign it')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = [
    `${head}.${encode({ ...payload, authClassId: story.byHand.id, exp: payload.exp + 1 })}.${signature}`,
    `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
    `${encode({ alg: 'none', typ: 'JWT' })}.${body}.${signature}`,
    await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32)),
    // The right key, but not as we use it: another algorithm, another issuer or audience, no end, a key of the caller's
    // choice.
    await signed(payload, { alg: 'HS512' }),
    await signed({ ...payload, iss: 'another' }),
    await signed({ ...payload, aud: 'another' }),
    await signed({ ...payload, exp: undefined }),
    await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: '../../dev/null' }).sign(Buffer.alloc(1)),
    // Ours, but for another purpose: what a browser is known by.
    await signToken(story.server.app.platform.db, 'browser', payload, {
      issuedAtMs: Date.now(),
      lifeSeconds: 60,
    }),
  ]
  for (const token of forged) assert.equal(await statusOf(token), 401, token)
})
