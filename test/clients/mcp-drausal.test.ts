import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { allow, REDIRECT } from '../support/oauth.ts'
import { startStory } from '../support/stories.ts'
import { startToolServer, type ToolServer } from '../support/tool-server.ts'
import { STORIES } from './wire/index.ts'
import { type Ask, callAside, isServed } from './wire/story.ts'

const PROGRAM = join(import.meta.dirname, 'node_modules/@drausal/gohighlevel-mcp/build/index.js')

/** Which tool stands for which operation, and the version that it wants to be told: from its own text. */
const TOOLS = new Map(
  [
    ...readFileSync(PROGRAM, 'utf8').matchAll(
      /\n {12}name: "([^"]+)",[\s\S]*?inputSchema: (\{.*\}),\n {12}method: "(\w+)",\n {12}pathTemplate: "([^"]+)"/g,
    ),
  ].map(([, name, schema, method, path]) => [
    `${method!.toUpperCase()} ${path!.replace(/\/$/, '')}`,
    { name: name as string, version: /"Version": \{[^}]*"enum": \["([^"]+)"/.exec(schema as string)?.[1] },
  ]),
)

let world: CatalogueWorld
let tools: ToolServer
let agencyTools: ToolServer

const start = (token: string, url = world.server.url) =>
  startToolServer(['--import', join(import.meta.dirname, 'redirect.mjs'), PROGRAM], {
    CLIENT_ADDRESS: url,
    ...Object.fromEntries(
      ['BEARER_TOKEN_BEARER', 'BEARER_TOKEN_BEARERAUTH', 'OAUTH_TOKEN_LOCATION_ACCESS', 'OAUTH_TOKEN_AGENCY_ACCESS']
        .concat(['OAUTH_TOKEN_LOCATION_ACCESS_ONLY', 'OAUTH_TOKEN_AGENCY_ACCESS_ONLY'])
        .map((name) => [name, token]),
    ),
  })

before(async () => {
  world = await startCatalogueWorld()
  tools = await start(world.location.token)
  agencyTools = await start(world.agency.token)
})
after(async () => {
  await tools?.[Symbol.asyncDispose]()
  await agencyTools?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

/** Tools that nobody can call right, with what they say, if anything. The story goes on without them. */
const UNABLE: Record<string, RegExp | 'nothing'> = {
  // It knows no property of the body, and sends none.
  'POST /contacts/search': /pageLimit should not be empty/,
  // It knows the properties of another operation only: those of a field of contacts.
  'POST /custom-fields/': /objectKey should not be empty/,
  'PUT /custom-fields/{id}': /locationId should not be empty/,
  // It knows no property of the body, and sends none: a change to nothing.
  'POST /objects/{schemaKey}/records': /properties should not be empty/,
  'PUT /objects/{schemaKey}/records/{id}': 'nothing',
  // It wants objects where the texts belong.
  'POST /associations/': /Expected object, received string/,
  'PUT /associations/{associationId}': /Expected object, received string/,
  // It wants an object for the direction, and gives it a text where there is none.
  'POST /conversations/messages/inbound': /requestBody.direction \(invalid_type\)/,
  // It has none for these.
  'GET /conversations/messages/export': /there is no such tool/,
  'DELETE /associations/relations/{relationId}': /there is no such tool/,
  'POST /opportunities/search': /there is no such tool/,
  'GET /opportunities/lost-reason': /there is no such tool/,
}

/** It tells what went wrong in words, as an answer: `API Response (Status: 200):` goes before one that is right. */
function askWith(server: () => ToolServer): Ask {
  const ask: Ask = async (line, input = {}, body) => {
    const tool = TOOLS.get(line.replace(/\/$/, ''))
    assert.ok(tool !== undefined, `${line}: there is no such tool`)
    const said = String(
      await server().call(tool.name, {
        Version: tool.version,
        Authorization: 'put in its place by the tool',
        ...input,
        ...(body === undefined ? {} : { requestBody: body }),
      }),
    )
    const right = /^API Response \(Status: 2\d\d\):\n([\s\S]*)/.exec(said)
    if (right === null) throw new Error(said)
    try {
      return JSON.parse(right[1] as string)
    } catch {
      return right[1]
    }
  }
  return async (line, input = {}, body) => {
    const reason = UNABLE[line]
    if (reason === undefined) return ask(line, input, body)
    if (reason === 'nothing') await ask(line, input, body)
    else await assert.rejects(ask(line, input, body), reason)
    return callAside(world.client, line, input, body)
  }
}

/** It has no tools for schedules, attachments and preferences, and its forms hold no files. */
const MISSING = /^(files|schedules|preferences):/

for (const [name, story] of STORIES.filter(([name]) => !MISSING.test(name)))
  test(`@drausal/gohighlevel-mcp, ${name}`, () =>
    story({
      ask: askWith(() => tools),
      askAgency: askWith(() => agencyTools),
      ids: world.ids,
      client: world.client,
    }))

const UPLOADS = [
  ['POST /conversations/messages/upload', () => ({})],
  ['POST /forms/upload-custom-files', () => ({ contactId: world.ids.contactId, locationId: world.ids.locationId })],
  ['POST /locations/{locationId}/customFields/upload', () => ({ locationId: world.ids.locationId })],
] as const
for (const [line, input] of UPLOADS)
  test(`@drausal/gohighlevel-mcp, ${line}: a form without a boundary is refused`, async () => {
    await assert.rejects(askWith(() => tools)(line, input(), 'a file'), /Status 4\d\d/)
  })

test('@drausal/gohighlevel-mcp: an app gets its tokens, one for a location, and the list of where it is', async () => {
  await using story = await startStory({ work: false })
  const { demo, server, template } = story
  const code = (await allow(story, 'agency')).get('code') as string
  const { appId, clientId, clientSecret } = demo.app
  const app = { client_id: clientId, client_secret: clientSecret, redirect_uri: REDIRECT, user_type: 'Company' }
  await using nobody = await start('', server.url)
  const form = String(new URLSearchParams({ ...app, grant_type: 'authorization_code', code }))
  const tokens = await askWith(() => nobody)('POST /oauth/token', {}, form)
  assert.deepEqual([tokens.userType, tokens.companyId], ['Company', demo.companyId])
  await using agency = await start(tokens.access_token, server.url)
  const ask = askWith(() => agency)
  const place = { companyId: demo.companyId, locationId: template.id }
  const inPlace = await ask('POST /oauth/locationToken', {}, String(new URLSearchParams(place)))
  assert.equal(inPlace.locationId, template.id)
  const { locations } = await ask('GET /oauth/installedLocations', { companyId: demo.companyId, appId })
  assert.ok(locations.some(({ _id }: { _id: string }) => _id === template.id))
})

/** Invoices are our own, on the same lines; of apps there is the test above. */
const ELSEWHERE = /^(POST|GET) \/invoices(\/\{invoiceId\})?$|\/oauth\//

test('@drausal/gohighlevel-mcp: how many tools were called', () => {
  const called = tools.called.union(agencyTools.called)
  const inScope = [...TOOLS].filter(([line]) => isServed(line) && !ELSEWHERE.test(line))
  const left = inScope.filter(([, { name }]) => !called.has(name)).map(([line]) => line)
  assert.deepEqual(left, [])
  assert.deepEqual([inScope.length, tools.tools.length - inScope.length], [199, 213])
})
