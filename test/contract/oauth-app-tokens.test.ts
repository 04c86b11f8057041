import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askAppToken, JOURNAL_SCOPES, JR } from '../support/journal.ts'
import { ask } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ work: false })
})
after(() => story?.[Symbol.asyncDispose]())

const PATHS = ['/oauth/2026-03/token', '/oauth/2026-09/token', '/oauth/v1/token']

test('an app gets a token for itself, at each path, with what it asks for', async () => {
  for (const path of PATHS) {
    const scope = JOURNAL_SCOPES.slice(0, 2).join(' ')
    const { status, body } = await askAppToken(story.server, story.demo.app, { scope }, path)
    const { access_token, ...rest } = body
    assert.deepEqual(
      [status, rest],
      [
        200,
        { expires_in: 1800, token_type: 'bearer', token_use: 'client_credentials', scopes: JOURNAL_SCOPES.slice(0, 2) },
      ],
    )
    const client = story.server.client(access_token)
    assert.equal((await client.raw('GET', `${JR}/latest`)).status, 204)
    const refused = await client.get(
      '/webhooks-journal/snapshots/2026-03/crm/status/550e8400-e29b-41d4-a716-446655440000',
    )
    assert.deepEqual([refused.status, refused.body.category], [403, 'MISSING_SCOPES'])
  }
})

test('wrong credentials and scopes that the app lacks are told in the words of the wire', async () => {
  const { app } = story.demo
  for (const wrong of [
    { ...app, clientId: 'nobody' },
    { ...app, clientSecret: 'wrong' },
  ]) {
    const { status, body } = await askAppToken(story.server, wrong)
    assert.deepEqual([status, body.status, body.message], [400, 'BAD_CLIENT_ID', 'missing or unknown client id'])
    assert.match(body.correlationId, /^[0-9a-f-]{36}$/)
  }
  const excess = await askAppToken(story.server, app, { scope: 'no.such.scope' })
  assert.deepEqual([excess.status, /no\.such\.scope/.test(excess.body.message)], [400, true])
  const code = await askAppToken(story.server, app, { grant_type: 'authorization_code' })
  assert.equal(code.status, 400)
})

test('what a token is for can be asked, and it can be ended before its time', async () => {
  const { body } = await askAppToken(story.server, story.demo.app)
  const client = story.server.client(body.access_token)
  const told = await ask(story, '/oauth/2026-03/token/introspect', { token: body.access_token })
  assert.deepEqual([told.body.active, told.body.token_use], [true, 'client_credentials'])
  assert.equal(told.body.exp - told.body.iat, 1800)
  assert.equal((await client.raw('GET', `${JR}/latest`)).status, 204)
  assert.equal((await ask(story, '/oauth/2026-03/token/revoke', { token: body.access_token })).status, 200)
  assert.equal((await client.get(`${JR}/latest`)).status, 401)
  assert.equal((await ask(story, '/oauth/introspect', { token: body.access_token })).body.active, false)
})
