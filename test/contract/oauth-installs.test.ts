import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { ask, assertGrantRefused, assertRefused, refresh, tokensFor } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ work: false, rateLimit: 0 })
})
after(() => story?.[Symbol.asyncDispose]())

/** 200 while the token works, 401 when it does not. */
const statusOf = async (token: string) =>
  (await story.server.client(token).get(`/locations/${story.template.id}/tags`)).status

test('tokens of a deleted location and of an uninstalled app end at once', async () => {
  const nowhere = await ask(story, '/oauth/token', { grant_type: 'client_credentials', user_type: 'Location' })
  assertRefused(nowhere, 400, 'invalid_request', /locationId must say which location/)
  const { demo, server } = story
  const agency = server.client(demo.agencyToken)
  const location = (await agency.post('/locations/', { companyId: demo.companyId, name: 'Short-lived' })).body
  const doomed = await tokensFor(story, location.id)
  assert.equal((await server.client(doomed.access_token).get(`/locations/${location.id}/tags`)).status, 200)
  assert.equal((await agency.delete(`/locations/${location.id}?deleteTwilioAccount=false`)).status, 200)
  assert.equal((await server.client(doomed.access_token).get(`/locations/${location.id}/tags`)).status, 401)
  assertGrantRefused(await refresh(story, doomed.refresh_token), /refresh token is invalid/)

  const local = await tokensFor(story, story.template.id)
  const uninstall = (more = '') =>
    agency.delete(`/apps/${demo.app.appId}/installation?companyId=${demo.companyId}${more}`)
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
  const credentials = (more: Record<string, string> = {}) =>
    ask(story, '/oauth/token', { grant_type: 'client_credentials', ...more })
  const own = await credentials({ user_type: 'Company' })
  assert.deepEqual(
    [own.status, own.body.userType, own.body.companyId, own.body.scope],
    [200, 'Company', demo.companyId, demo.app.scopes.join(' ')],
  )
  const narrow = await credentials({ scope: 'forms.readonly links.readonly' })
  assert.equal(narrow.body.scope, 'forms.readonly links.readonly')
  assertRefused(await credentials({ scope: 'forms.readonly tokens.write' }), 400, 'invalid_scope', /tokens\.write/)
  assertRefused(
    await refresh(story, narrow.body.refresh_token, { scope: 'forms.write' }),
    400,
    'invalid_scope',
    /forms\.write/,
  )
  assert.equal(
    (await refresh(story, narrow.body.refresh_token, { scope: 'forms.readonly' })).body.scope,
    narrow.body.scope,
  )
  const local = await credentials({ user_type: 'Location', locationId: template.id })
  assert.deepEqual([local.status, local.body.locationId], [200, template.id])
  assert.equal(await statusOf(local.body.access_token), 200)
  const partnerLocation = demo.partner.locations[0]!.id
  assert.equal(
    (await credentials({ user_type: 'Location', locationId: partnerLocation })).status,
    403,
    'nobody there allowed it',
  )
  assertRefused(
    await credentials({ companyId: demo.partner.companyId }),
    400,
    'unauthorized_client',
    /not installed in this agency/,
  )
  await tokensFor(story, template.id)
  await tokensFor(story, byHand.id)
  const several = await credentials({ user_type: 'Location' })
  assert.deepEqual(
    [several.status, several.body.message],
    [400, 'The app is installed in several places: locationId must say which'],
  )
  assert.equal(
    (await server.client(own.body.access_token).get(`/apps/?companyId=${demo.companyId}`)).status,
    401,
    'no app manages apps',
  )
})

test('an app is told of no sub-account that it was not let into, wherever it asks', async () => {
  const { demo, server } = story
  const app = server.client((await tokensFor(story, 'agency')).access_token)
  // Of another agency it would see none without a consent; so is one of this agency once it was taken out.
  await sql`update app set withdrawn_at = now() where id = ${demo.app.appId}`.execute(server.app.platform.db)
  await sql`update app_install set future_locations = false where app_id = ${demo.app.appId}`.execute(
    server.app.platform.db,
  )
  const secret = { companyId: demo.companyId, name: 'Secret client', address: '1 Hidden Street' }
  const made = (await server.client(demo.agencyToken).post('/locations/', secret)).body
  const { status, body } = await app.get(
    `/oauth/installedLocations?companyId=${demo.companyId}&appId=${demo.app.appId}&limit=500`,
  )
  assert.equal(status, 200, JSON.stringify(body))
  assert.ok(body.count > 0 && !JSON.stringify(body).includes(made.id), JSON.stringify(body))
  await sql`update app set withdrawn_at = null where id = ${demo.app.appId}`.execute(server.app.platform.db)
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
  const foreign = await client.post('/oauth/locationToken', {
    companyId: demo.companyId,
    locationId: demo.partner.locations[0]!.id,
  })
  assert.equal(foreign.status, 403)
  const strange = await client.get(`/oauth/installedLocations?companyId=${demo.companyId}&appId=unknown`)
  assert.equal(strange.status, 404)
})
