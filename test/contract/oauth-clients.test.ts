import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { forgetSigningKeys } from '../../src/auth/signing-keys.ts'
import { Browser } from '../support/browser.ts'
import type { Reply } from '../support/client.ts'
import { allow, authoriseUrl, REDIRECT, signIn, tokensFor } from '../support/oauth.ts'
import { startTestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ work: false, rateLimit: 0 })
})
after(() => story?.[Symbol.asyncDispose]())

const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

/** A form, sent as a generic client of OAuth does: no Version header. */
function post(path: string, fields: Record<string, string>, authorization?: string): Promise<Reply> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(authorization === undefined ? {} : { authorization }),
  }
  return story.server.client().raw('POST', path, { headers, body: new URLSearchParams(fields).toString() })
}

const challengeOf = ({ headers }: Reply) => headers.get('www-authenticate')

test('an app proves itself by HTTP Basic where it may do so in the body', async () => {
  const { clientId, clientSecret } = story.demo.app
  const mine = basic(clientId, clientSecret)
  const code = (await allow(story, story.template.id)).get('code') as string
  const tokens = await post('/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }, mine)
  assert.equal(tokens.status, 200, JSON.stringify(tokens.body))
  const refreshed = await post(
    '/oauth/token',
    { grant_type: 'refresh_token', refresh_token: tokens.body.refresh_token, client_id: clientId },
    mine,
  )
  assert.equal(refreshed.status, 200, 'its id may stand in the body too')
  const token = refreshed.body.access_token
  assert.equal((await post('/oauth/introspect', { token }, mine)).body.active, true)
  assert.equal((await post('/oauth/revoke', { token }, mine)).status, 200)
  assert.equal((await post('/oauth/introspect', { token }, mine)).body.active, false)
})

test('Basic credentials are decoded as a form is, and wrong ones are challenged', async () => {
  const { clientId, clientSecret } = story.demo.app
  const encoded = `Basic ${Buffer.from(`${clientId.replace('-', '%2D')}:${clientSecret}`).toString('base64')}`
  assert.equal((await post('/oauth/introspect', { token: 'x' }, encoded)).status, 200)
  const wrongs = [
    basic(clientId, 'wrong'),
    basic('nobody', clientSecret),
    'Basic !',
    'Basic',
    basic('', clientSecret),
    `Basic ${Buffer.from('a:%zz').toString('base64')}`,
  ]
  for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke'])
    for (const wrong of wrongs) {
      const reply = await post(
        path,
        path === '/oauth/token' ? { grant_type: 'client_credentials' } : { token: 'x' },
        wrong,
      )
      assert.deepEqual(
        [reply.status, reply.body.error, challengeOf(reply)],
        [401, 'invalid_client', 'Basic realm="tintype", charset="UTF-8"'],
        wrong,
      )
    }
  const inBody = await post('/oauth/introspect', { token: 'x', client_id: clientId, client_secret: 'wrong' })
  assert.deepEqual([inBody.status, challengeOf(inBody)], [401, null], 'nobody is asked for what they did not try')
  for (const more of [{ client_secret: clientSecret }, { client_id: 'another' }]) {
    const twice = await post('/oauth/introspect', { token: 'x', ...more } as never, basic(clientId, clientSecret))
    assert.deepEqual([twice.status, twice.body.error], [400, 'invalid_request'])
  }
})

test("refusals carry OAuth's names, and nobody may keep an answer", async () => {
  const { clientId: client_id, clientSecret: client_secret } = story.demo.app
  const app = { client_id, client_secret }
  const cases: [Record<string, string>, number, string, RegExp][] = [
    [{ ...app, grant_type: 'password' }, 422, 'unsupported_grant_type', /grant_type must be one of/],
    [{ ...app }, 422, 'invalid_request', /grant_type should not be empty/],
    [{ ...app, grant_type: 'authorization_code' }, 422, 'invalid_request', /code should not be empty/],
    [
      { ...app, grant_type: 'refresh_token', refresh_token: 'x', colour: 'red' },
      422,
      'invalid_request',
      /property colour should not exist/,
    ],
    [{ ...app, grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant', /refresh token is invalid/],
    [{ ...app, grant_type: 'client_credentials', scope: 'tokens.write' }, 400, 'invalid_scope', /tokens\.write/],
    [
      { ...app, grant_type: 'client_credentials', companyId: story.demo.partner.companyId },
      400,
      'unauthorized_client',
      /not installed/,
    ],
    [{ ...app, client_secret: 'x', grant_type: 'client_credentials' }, 401, 'invalid_client', /client_secret is wrong/],
  ]
  for (const [fields, status, error, words] of cases) {
    const reply = await post('/oauth/token', fields)
    assert.deepEqual([reply.status, reply.body.error], [status, error], JSON.stringify(reply.body))
    assert.match(reply.body.error_description, words)
    assert.deepEqual([reply.headers.get('cache-control'), reply.headers.get('pragma')], ['no-store', 'no-cache'])
  }
})

test('what is sent twice is refused, and nothing comes of it', async () => {
  const { clientId, clientSecret } = story.demo.app
  const body = 'grant_type=client_credentials&scope=forms.readonly&scope=forms.write'
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: basic(clientId, clientSecret) }
  const reply = await story.server.client().raw('POST', '/oauth/token', { headers, body })
  assert.deepEqual(
    [reply.status, reply.body.error, reply.body.message],
    [422, 'invalid_request', ['scope must be a string']],
  )
})

test('a bearer token that is missing or wrong is challenged; the wire of HighLevel keeps its words', async () => {
  const { server, template } = story
  const bare = await server.client().get(`/locations/${template.id}/tags`)
  assert.deepEqual([bare.status, bare.body.error, challengeOf(bare)], [401, 'Unauthorized', 'Bearer realm="tintype"'])
  const wrong = await server.client('pit-unknown-token').get(`/locations/${template.id}/tags`)
  assert.equal(challengeOf(wrong), 'Bearer realm="tintype", error="invalid_token"')
  const fine = await template.client.get(`/locations/${template.id}/tags`)
  assert.equal(challengeOf(fine), null)
})

test('clients find out for themselves what is served', async () => {
  const { server, demo } = story
  const reply = await server.client().raw('GET', '/.well-known/oauth-authorization-server')
  assert.deepEqual([reply.status, reply.headers.get('access-control-allow-origin')], [200, '*'])
  const { body } = reply
  assert.equal(body.issuer, server.url)
  assert.deepEqual(body.code_challenge_methods_supported, ['S256'])
  assert.deepEqual(body.scopes_supported, demo.app.scopes)
  for (const kind of ['token', 'revocation', 'introspection']) {
    const path = new URL(body[`${kind}_endpoint`]).pathname
    assert.equal(new URL(body[`${kind}_endpoint`]).origin, server.url)
    assert.equal((await post(path, {})).body.error, 'invalid_request', `${path} is served`)
    const methods = ['client_secret_post', 'client_secret_basic', ...(kind === 'introspection' ? [] : ['none'])]
    assert.deepEqual(body[`${kind}_endpoint_auth_methods_supported`], methods)
  }
  for (const grant_type of body.grant_types_supported) {
    const answer = await post('/oauth/token', { grant_type }, basic(demo.app.clientId, demo.app.clientSecret))
    assert.notEqual(answer.body.error, 'unsupported_grant_type')
  }
  const { browser, consent } = await signIn(
    story,
    body.authorization_endpoint.slice(server.url.length) + authoriseUrl(demo).replace(/^[^?]*/, ''),
  )
  await browser.send(consent, 'name="target"', { target: 'agency', decision: 'allow' })
  assert.equal(body.authorization_response_iss_parameter_supported, true)
  assert.equal(
    browser.leftTo?.searchParams.get('iss'),
    body.issuer,
    'RFC 9207: an app that talks to several servers knows whose answer it is',
  )
})

test('addresses of the metadata are those under which others reach the server', async () => {
  await using behind = await startStory({ work: false, publicUrl: 'https://crm.example/api' })
  const { body } = await behind.server.client().raw('GET', '/.well-known/oauth-authorization-server')
  assert.deepEqual(
    [body.issuer, body.token_endpoint],
    ['https://crm.example/api', 'https://crm.example/api/oauth/token'],
  )
  const browser = new Browser(behind.server.url)
  const page = await browser.open(authoriseUrl(behind.demo))
  assert.match(
    page.headers.get('set-cookie') ?? '',
    /^__Host-tintype_form=[^;]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/,
  )
  const consent = await browser.send(page, 'name="password"', behind.demo.admin)
  assert.match(consent.html, /Allow Demo app\?/)
  assert.deepEqual([...browser.cookies.keys()].sort(), [
    '__Host-tintype_form',
    '__Host-tintype_known',
    '__Host-tintype_session',
  ])
})

for (const known of [true, false])
  test(`20 refreshes of one token at once, at two servers that ${known ? 'know the signing keys' : 'have to read the signing keys'}, get one successor`, async () => {
    await using second = await startTestServer({ work: false, databaseUrl: story.server.databaseUrl })
    const { refresh_token } = await tokensFor(story, story.template.id)
    const { clientId: client_id, clientSecret: client_secret } = story.demo.app
    const body = new URLSearchParams({
      client_id,
      client_secret,
      grant_type: 'refresh_token',
      refresh_token,
    }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const servers = [story.server, second]
    if (!known) for (const { app } of servers) forgetSigningKeys(app.platform.db)
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        servers[index % 2]!.client().raw('POST', '/oauth/token', { headers, body }),
      ),
    )
    assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200])
    for (const name of ['access_token', 'refresh_token'])
      assert.equal(new Set(replies.map((reply) => reply.body[name])).size, 1, name)
  })
