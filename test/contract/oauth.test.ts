import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { decodeJwt } from 'jose'
import { Browser } from '../support/browser.ts'
import { allow, authoriseUrl, REDIRECT, tokensFor } from '../support/oauth.ts'
import { officialAnswers } from '../support/official-answers.ts'
import { type Story, startStory } from '../support/stories.ts'

/** The server's time: the tests move it, nobody waits. */
let aheadMs = 0
let story: Story
before(async () => {
  story = await startStory({ work: false, clock: { nowMs: () => Date.now() + aheadMs } })
})
after(() => story?.[Symbol.asyncDispose]())

const assertOfficial = officialAnswers('oauth')

function newSdk(): HighLevel {
  const { clientId, clientSecret } = story.demo.app
  const sdk = new HighLevel({ clientId, clientSecret })
  sdk.getHttpClient().defaults.baseURL = story.server.url
  return sdk
}

/** The official client's own words for what it exchanges. */
function exchangeBySdk(sdk: HighLevel, code: string, userType: 'Company' | 'Location') {
  const { clientId, clientSecret } = story.demo.app
  return sdk.oauth.getAccessToken({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'authorization_code',
    code,
    user_type: userType,
    redirect_uri: REDIRECT,
  })
}

test('the official client lives its whole life with a location: authorise, exchange, call, refresh on expiry', async () => {
  const { demo, server, template } = story
  const sdk = newSdk()
  const scope = 'locations/customFields.readonly locations/customFields.write'
  // The client builds the address of the authorise page; only its host is another.
  const address = new URL(sdk.oauth.getAuthorizationUrl(demo.app.clientId, REDIRECT, scope))
  const browser = new Browser(server.url)
  const consent = await browser.send(
    await browser.open(`${address.pathname}${address.search}`),
    'name="password"',
    demo.admin,
  )
  await browser.send(consent, 'name="target"', { target: template.id, decision: 'allow' })
  const tokens = await exchangeBySdk(sdk, browser.leftTo?.searchParams.get('code') as string, 'Location')
  assertOfficial('GetAccessCodeSuccessfulResponseDto', tokens)
  assert.deepEqual(
    [tokens.token_type, tokens.expires_in, tokens.userType, tokens.companyId, tokens.locationId, tokens.scope],
    ['Bearer', 86_399, 'Location', demo.companyId, template.id, scope],
  )
  const storage = sdk.getSessionStorage()
  await storage.setSession(template.id, tokens as never)
  const fields = async () =>
    (await sdk.locations.getCustomFields({ locationId: template.id })).customFields?.length ?? 0
  assert.ok((await fields()) > 0)

  // Long after the end of the access token the server says 401, and the client mends it by itself.
  aheadMs += 25 * 3_600_000
  assert.ok((await fields()) > 0)
  const second = await storage.getSession(template.id)
  assert.notEqual(second?.access_token, tokens.access_token)
  assert.notEqual(second?.refresh_token, tokens.refresh_token)

  // The client believes that its token is about to end: it refreshes before it calls.
  await storage.setSession(template.id, { ...second, expires_in: 10 } as never)
  assert.ok((await fields()) > 0)
  const third = await storage.getSession(template.id)
  assert.notEqual(third?.refresh_token, second?.refresh_token)
  assert.equal(third?.locationId, template.id)
})

test('the official client gets location tokens from an agency token, and sees where its app is installed', async () => {
  const { demo, template, byHand } = story
  const sdk = newSdk()
  const tokens = await exchangeBySdk(
    sdk,
    (await allow(story, 'agency', { state: 's' })).get('code') as string,
    'Company',
  )
  assertOfficial('GetAccessCodeSuccessfulResponseDto', tokens)
  assert.deepEqual(
    [
      tokens.userType,
      tokens.locationId,
      tokens.isBulkInstallation,
      tokens.approveAllLocations,
      tokens.installToFutureLocations,
    ],
    ['Company', undefined, true, true, true],
  )
  assert.deepEqual(tokens.approvedLocations?.toSorted(), demo.locations.map(({ id }) => id).toSorted())
  const { companyId } = demo
  await sdk.getSessionStorage().setSession(companyId, tokens as never)

  const made = await sdk.oauth.getLocationAccessToken({ companyId, locationId: byHand.id })
  assertOfficial('GetLocationAccessTokenSuccessfulResponseDto', made)
  assert.equal(made.locationId, byHand.id)
  await sdk.getSessionStorage().setSession(byHand.id, made as never)
  assert.ok(((await sdk.locations.getLocationTags({ locationId: byHand.id })).tags?.length ?? 0) > 0)
  const client = story.server.client(made.access_token)
  assert.equal(
    (await client.get(`/locations/${template.id}/tags`)).status,
    403,
    'a location token is of its location alone',
  )

  const installed = await sdk.oauth.getInstalledLocation({ companyId, appId: demo.app.appId })
  assertOfficial('GetInstalledLocationsSuccessfulResponseDto', installed)
  assert.deepEqual([installed.count, installed.installToFutureLocations], [3, true])
  assert.ok(installed.locations?.every(({ isInstalled, installedAt }) => isInstalled && installedAt !== undefined))
  const paged = await sdk.oauth.getInstalledLocation({ companyId, appId: demo.app.appId, skip: '1', limit: '1' })
  assert.deepEqual(
    paged.locations?.map(({ _id }) => _id),
    [installed.locations?.[1]?._id],
  )
  const named = await sdk.oauth.getInstalledLocation({
    companyId,
    appId: demo.app.appId,
    query: 'HARBOUR',
    isInstalled: true,
  })
  assert.deepEqual([named.count, named.locations?.[0]?._id], [1, byHand.id])
  assert.equal(
    (await sdk.oauth.getInstalledLocation({ companyId, appId: demo.app.appId, isInstalled: false })).count,
    0,
  )

  // A location token of which the agency's is not needed any more: it refreshes by itself.
  aheadMs += 25 * 3_600_000
  assert.ok(((await sdk.locations.getLocationTags({ locationId: byHand.id })).tags?.length ?? 0) > 0)
})

test('operations for apps alone refuse private tokens; everything else takes both', async () => {
  const { demo, server, template } = story
  const { companyId } = demo
  const agency = server.client(demo.agencyToken)
  const message = 'This authClass type is not allowed to access this scope. It needs an OAuth access token.'
  for (const reply of [
    await agency.post('/oauth/locationToken', { companyId, locationId: template.id }),
    await agency.get(`/oauth/installedLocations?companyId=${companyId}&appId=${demo.app.appId}`),
  ])
    assert.deepEqual([reply.status, reply.body.message], [401, message])
  const oauth = server.client((await tokensFor(story, template.id)).access_token)
  assert.equal((await oauth.get(`/locations/${template.id}/tags`)).status, 200)
  const refused = await oauth.post('/oauth/locationToken', { companyId, locationId: template.id })
  assert.match(refused.body.message, /It needs an agency token/)
  assert.equal((await server.client(demo.locations[0]!.token).get(`/locations/${template.id}/tags`)).status, 200)
})

test('an access token says whom it speaks for, and its scopes are all it can do', async () => {
  const { demo, server, template } = story
  const params = await allow(story, template.id, { scope: 'forms.readonly' })
  const tokens = await exchangeBySdk(newSdk(), params.get('code') as string, 'Location')
  const payload = decodeJwt(tokens.access_token as string)
  assert.deepEqual(
    [payload.authClass, payload.authClassId, payload.companyId, payload.scopes],
    ['Location', template.id, demo.companyId, ['forms.readonly']],
  )
  const client = server.client(tokens.access_token)
  assert.equal((await client.get(`/forms/?locationId=${template.id}`)).status, 200)
  const refused = await client.get(`/locations/${template.id}/tags`)
  assert.deepEqual([refused.status, refused.body.message], [401, 'The token is not authorized for this scope.'])
})

test('both addresses of the authorise page give the state back as it came', async () => {
  const state = 'ä b&c=d"<>'
  for (const path of ['/oauth/chooselocation', '/v2/oauth/chooselocation']) {
    const browser = new Browser(story.server.url)
    const consent = await browser.send(
      await browser.open(authoriseUrl(story.demo, { state }, path)),
      'name="password"',
      story.demo.admin,
    )
    await browser.send(consent, 'name="target"', { target: 'agency', decision: 'allow' })
    assert.equal(browser.leftTo?.searchParams.get('state'), state)
    assert.ok(browser.leftTo?.searchParams.get('code'))
  }
})
