import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createHighLevelClient } from '@gnosticdev/highlevel-sdk'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { allow, REDIRECT } from '../support/oauth.ts'
import { startStory } from '../support/stories.ts'
import { STORIES } from './wire/index.ts'
import type { Ask } from './wire/story.ts'

let world: CatalogueWorld
const called = new Set<string>()

before(async () => {
  world = await startCatalogueWorld()
})
after(() => world?.[Symbol.asyncDispose]())

type Calls = Record<
  string,
  (path: string, options: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
>

/** As its README says: a private token, and the address as `baseUrl`; parameters by their place. */
function askWith(token: string, accessType: 'Agency' | 'Sub-Account'): Ask {
  const sdk = createHighLevelClient({ baseUrl: world.server.url }, 'integration', { privateToken: token, accessType })
  return async (line, input = {}, body) => {
    called.add(line)
    const [method, path] = line.split(' ') as [string, string]
    const inPath = Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, input[name as string]]))
    const query = Object.fromEntries(Object.entries(input).filter(([name]) => !(name in inPath)))
    const calls = (sdk as unknown as Record<string, Calls>)[path.split('/')[1] as string] as Calls
    const params = { path: inPath, query, header: { Version: '2021-07-28' } }
    const parseAs = /\/(download|recording)$/.test(path) ? 'text' : 'json'
    const options = { params, parseAs, ...(body === undefined ? {} : { body }) }
    const { data, error, response } = await calls[method]!(path, options)
    if (error !== undefined) throw new Error(`${response.status} ${JSON.stringify(error)}`)
    return data
  }
}

/** It has no associations and no objects. Of the areas it has, it takes addresses that its types do not know, too. */
const SPOKEN = STORIES.filter(([name]) => name !== 'sales: associations' && !name.startsWith('objects:'))

for (const [name, story] of SPOKEN)
  test(`@gnosticdev/highlevel-sdk, ${name}`, () =>
    story({
      ask: askWith(world.location.token, 'Sub-Account'),
      askAgency: askWith(world.agency.token, 'Agency'),
      ids: world.ids,
      client: world.client,
    }))

test('@gnosticdev/highlevel-sdk: how many operations were called', () => {
  assert.equal(called.size, 192)
})

test('@gnosticdev/highlevel-sdk: an app gets its tokens and refreshes them', async () => {
  await using story = await startStory({ work: false })
  const { demo, server, template } = story
  // It exchanges a code without the address, which is enough for an app that has one.
  const scopes: ['forms.readonly'] = ['forms.readonly']
  const made = await server
    .client(demo.agencyToken)
    .post(`/apps/?companyId=${demo.companyId}`, { name: 'One address', scopes, redirectUris: [REDIRECT] })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { app, secret } = made.body
  const sdk = createHighLevelClient({ baseUrl: server.url }, 'oauth', {
    clientId: app.clientId,
    clientSecret: secret,
    redirectUri: REDIRECT,
    baseUrl: server.url,
    accessType: 'Sub-Account',
    scopes,
  })
  const address = new URL(sdk.oauth.getAuthorizationUrl())
  const asked = Object.fromEntries(address.searchParams)
  assert.equal(asked.redirect_uri, REDIRECT)
  const code = (await allow(story, template.id, { client_id: app.clientId })).get('code') as string
  const tokens = await sdk.oauth.exchangeToken(code)
  assert.equal(tokens?.locationId, template.id)
  await sdk.oauth.storeTokenData(tokens as never)
  assert.notEqual((await sdk.oauth.refreshAccessToken())?.access_token, tokens?.access_token)
})
