import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { CONNECTORS, connectorFile, inputOf, needsAgency, paired } from '../support/connectors.ts'
import { type N8n, startN8n, type Tool } from '../support/n8n.ts'
import { tokensFor } from '../support/oauth.ts'
import { inOrder } from '../support/official.ts'
import { startStory } from '../support/stories.ts'
import { LOOPBACK, startReceiver } from '../support/webhooks.ts'

const need = createRequire(join(CONNECTORS, 'n8n/package.json'))
const file = connectorFile('n8n')
const { fieldsOf, isFilledIn } = need('./requests.js')

const { TintypeApi } = need('./credentials/TintypeApi.credentials.js')
const [[header, template]] = Object.entries(new TintypeApi().authenticate.properties.headers) as [[string, string]]

const token: Tool = {
  type: 'n8n-nodes-tintype.tintype',
  typeVersion: 1,
  credential: 'tintypeApi',
  parametersOf: (operation) => ({
    authentication: 'token',
    resource: file.entries.find(({ key }) => key === operation)?.category,
    operation,
  }),
  make: () => new (need('./nodes/Tintype.node.js').Tintype)(),
  authenticate: ({ token }) => ({
    headers: { [header]: template.slice(1).replace('{{$credentials.token}}', String(token)) },
  }),
}
const oAuth2: Tool = {
  ...token,
  credential: 'tintypeOAuth2Api',
  parametersOf: (operation) => ({ ...token.parametersOf(operation), authentication: 'oAuth2' }),
  authenticate: undefined,
}
const trigger: Tool = {
  ...token,
  type: 'n8n-nodes-tintype.tintypeTrigger',
  parametersOf: () => ({ authentication: 'token' }),
  make: () => new (need('./nodes/TintypeTrigger.node.js').TintypeTrigger)(),
}

let world: CatalogueWorld
let n8n: N8n
before(async () => {
  world = await startCatalogueWorld()
  const { server, location, agency } = world
  const place = { locationId: location.id, companyId: agency.companyId }
  n8n = startN8n({ url: server.url, token: location.token, ...place }, token)
})
after(async () => {
  n8n?.[Symbol.dispose]()
  await world?.[Symbol.asyncDispose]()
})

type Values = Record<string, unknown>

/** What is filled in, as the node has it: what is needed by itself, the rest among the additional fields. */
function parametersOf(key: string, input: Values): Values {
  const entry = file.entries.find((one) => one.key === key)
  const needed: Values = {}
  const options: Values = {}
  for (const field of fieldsOf(file, entry)) {
    const value = input[field.name]
    if (value === undefined) continue
    const isAlone = field.needed && !isFilledIn(entry, field)
    ;(isAlone ? needed : options)[field.name] = field.type === 'json' ? JSON.stringify(value) : value
  }
  return { ...needed, options }
}

const catalogued = inOrder(paired(file), ({ official: { method, path } }) => `${method} ${path}`)
test('the node offers all 124 entries of the catalogue, and each other operation', () => {
  assert.equal(catalogued.length, 124)
  assert.deepEqual(n8n.operations.toSorted(), file.entries.map(({ category, key }) => `${category}.${key}`).toSorted())
})

test("n8n's own loader takes the package, with its nodes and credentials", async () => {
  const { PackageDirectoryLoader } = createRequire(join(CONNECTORS, '../test/clients/package.json'))('n8n-core')
  const loader = new PackageDirectoryLoader(join(CONNECTORS, 'n8n'))
  await loader.loadAll()
  const namesOf = (types: { name: string; iconUrl?: string }[]) => types.map(({ name, iconUrl }) => [name, iconUrl])
  const icon = 'icons/n8n-nodes-tintype/tintype.svg'
  assert.deepEqual(namesOf(loader.types.nodes), [
    ['tintype', icon],
    ['tintypeTrigger', icon],
  ])
  assert.deepEqual(namesOf(loader.types.credentials), [
    ['tintypeApi', icon],
    ['tintypeOAuth2Api', icon],
  ])
})

test('lists offer what is there by its name; own fields are written', async () => {
  const { ids } = world
  assert.deepEqual(await n8n.options('pipelines', 'create_opportunity'), [{ name: 'Sales', value: ids.pipelineId }])
  const stages = [{ name: 'Sales: New', value: ids.pipelineStageId }]
  const chosen = (pipelineId: unknown) => n8n.options('stages', 'create_opportunity', { pipelineId })
  assert.deepEqual([await chosen(ids.pipelineId), await chosen('another')], [stages, []])
  const own = (key: string) => n8n.options('customFields', key)
  assert.deepEqual(await own('create_contact'), [{ name: 'Venue of contact', value: ids.contactField }])
  assert.deepEqual(await own('create_opportunity'), [{ name: 'Venue of opportunity', value: ids.opportunityField }])
  for (const name of Object.keys(file.lists)) {
    n8n.credential.token = name === 'snapshots' ? world.agency.token : world.location.token
    assert.ok((await n8n.options(name, 'create_contact')).length > 0, name)
  }
  n8n.credential.token = world.location.token
  const customFields = { values: [{ id: ids.contactField, value: 'Barn' }] }
  const [made] = await n8n.run('create_contact', { options: { firstName: 'Own', tags: ['vip'], customFields } })
  assert.deepEqual([made.customFields, made.tags], [[{ id: ids.contactField, value: 'Barn' }], ['vip']])
})

test('what is no entry of the catalogue runs as well', async () => {
  const input = { name: 'Fairs', stages: [{ name: 'Seen', position: 0 }] }
  const [made] = await n8n.run('pipelines.create', parametersOf('pipelines.create', input))
  assert.deepEqual([made.pipeline.name, made.pipeline.stages[0].name], ['Fairs', 'Seen'])
})

test('what the server refuses is told in its words', async () => {
  await assert.rejects(n8n.run('create_contact', { options: { email: 'no address' } }), /email must be an email/)
  await assert.rejects(
    n8n.run('create_contact', { options: { customFields: {}, dndSettings: '{' } }),
    /dndSettings is not JSON/,
  )
})

for (const { entry, official } of catalogued) {
  test(`n8n does "${entry.title}" (${official.kind})`, async () => {
    n8n.credential.token = needsAgency(official) ? world.agency.token : world.location.token
    const items = await n8n.run(entry.key, parametersOf(entry.key, inputOf(world, entry, official)))
    if (entry.key === 'create_calendar_notification') world.ids.notificationId = items[0]._id
    // Contacts of a business come with an action that has its turn later.
    if (entry.key !== 'get_contacts_by_business') assert.ok(items.length > 0, 'it answers nothing')
    for (const item of items) assert.equal(typeof item, 'object')
  })
}

test('OAuth2: a token that has ended is exchanged; one of the agency acts for a location', async () => {
  await using story = await startStory({ work: false })
  const { server, demo, template, byHand } = story
  const { clientId, clientSecret } = demo.app
  const tokens = await tokensFor(story, template.id)
  const oauthTokenData = { ...tokens, access_token: 'ended' }
  using one = startN8n({ url: server.url, clientId, clientSecret, oauthTokenData }, oAuth2)
  const [made] = await one.run('create_contact', { options: { firstName: 'Rosan' } })
  assert.equal(made.locationId, template.id)
  assert.notEqual(one.credential.oauthTokenData?.access_token, 'ended')
  using all = startN8n(
    { url: server.url, clientId, clientSecret, oauthTokenData: await tokensFor(story, 'agency') },
    oAuth2,
  )
  const [other] = await all.run('create_contact', { options: { firstName: 'Rosan', locationId: byHand.id } })
  assert.equal(other.locationId, byHand.id)
})

test('the trigger: an address is made at Tintype, what happens starts the workflow once it is checked, and it ends', async () => {
  await using story = await startStory(LOOPBACK)
  await using receiver = await startReceiver()
  const { server, template, demo } = story
  const secret = demo.locations[0]?.token
  using n8n = startN8n({ url: server.url, token: secret, locationId: template.id }, trigger)
  assert.ok((await n8n.options('locations', '')).some(({ value }) => value === template.id))
  const { hook, take, kept } = n8n.trigger(receiver.url, { events: ['ContactCreate', 'TaskCreate'], ordered: true })
  assert.equal(await hook('checkExists'), false)
  assert.equal(await hook('create'), true)
  assert.equal(await hook('checkExists'), true)
  const webhooks = async () => (await template.client.get('/webhooks/')).body.webhooks
  const [{ events, ordered, url }] = await webhooks()
  assert.deepEqual([events, ordered], [[{ type: 'ContactCreate' }, { type: 'TaskCreate' }], true])
  assert.ok(url.startsWith(receiver.url), url)

  await template.client.post('/contacts/', { locationId: template.id, firstName: 'Rosan' })
  await receiver.until(({ taken }) => taken.length === 1, 'the event')
  const [told] = receiver.taken as [(typeof receiver.taken)[0]]
  const [item] = (await take(told)) as [{ type: string; firstName: string }]
  assert.deepEqual([item.type, item.firstName], ['ContactCreate', 'Rosan'])
  assert.equal(await take({ ...told, raw: told.raw.replace('Rosan', 'Other') }), 401)
  const signedAt = (seconds: number) => {
    const signature = new Webhook(String(kept.secret)).sign(told.id, new Date(seconds * 1000), told.raw)
    return { 'webhook-id': told.id, 'webhook-timestamp': String(seconds), 'webhook-signature': signature }
  }
  const now = Math.floor(Date.now() / 1000)
  assert.deepEqual(await take({ ...told, headers: signedAt(now) }), [item])
  assert.equal(await take({ ...told, headers: signedAt(now - 3600) }), 401)
  assert.equal(await take({ ...told, headers: {} }), 401)

  assert.equal(await hook('delete'), true)
  assert.deepEqual(await webhooks(), [])
  assert.equal(await hook('checkExists'), false)
  assert.equal(await hook('delete'), true)
  assert.equal(await take(told), 401)
})
