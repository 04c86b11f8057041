import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Input } from '../support/catalogue-inputs.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { connectorFile, inputOf, needsAgency, paired } from '../support/connectors.ts'
import { inOrder } from '../support/official.ts'
import { startZapier, type Zapier } from '../support/zapier.ts'

let world: CatalogueWorld
let zapier: Zapier
before(async () => {
  world = await startCatalogueWorld()
  const { location, agency, server } = world
  const authData = { access_token: location.token, locationId: location.id, companyId: agency.companyId }
  zapier = startZapier({ url: server.url, authData })
})
after(() => world?.[Symbol.asyncDispose]())

const file = connectorFile('zapier')
const actions = paired(file).filter(({ entry }) => entry.kind !== 'trigger')
test('all 69 actions are there', () => assert.equal(actions.length, 69))

test('"get one" operations are a search as well as a trigger: what is there, and nothing for what is not', async () => {
  const ones = paired(file).filter(
    ({ entry: { kind, file, items } }) => kind === 'trigger' && !file && !items?.includes('[]'),
  )
  assert.ok(ones.length > 15)
  for (const { entry, official } of ones) {
    zapier.authData.access_token = needsAgency(official) ? world.agency.token : world.location.token
    const found = await zapier.perform('searches', entry.key, inputOf(world, entry, official))
    assert.equal(found.length, 1, entry.key)
    assert.equal(typeof found[0], 'object', entry.key)
  }
  zapier.authData.access_token = world.location.token
  assert.deepEqual(await zapier.perform('searches', 'get_business', { businessId: 'nobody' }), [])
})

test('drop-downs offer what is there by its name', async () => {
  const { ids, location } = world
  const choices = async (name: string, inputData: Input = {}) =>
    (await zapier.perform('triggers', `choose_${name}`, inputData)) as { id: string; name: string }[]
  assert.deepEqual(await choices('pipelines'), [{ id: ids.pipelineId, name: 'Sales' }])
  const stages = [{ id: ids.pipelineStageId, name: 'Sales: New' }]
  assert.deepEqual(await choices('stages'), stages)
  assert.deepEqual(await choices('stages', { pipelineId: ids.pipelineId as string }), stages)
  assert.deepEqual(await choices('stages', { pipelineId: 'another' }), [])
  assert.deepEqual(await choices('locations'), [{ id: location.id, name: location.name }])
  for (const name of Object.keys(file.lists)) {
    if (name === 'snapshots') zapier.authData.access_token = world.agency.token
    const offered = await choices(name)
    zapier.authData.access_token = location.token
    assert.ok(offered.length > 0, name)
    for (const { id, name } of offered) assert.deepEqual([typeof id, typeof name], ['string', 'string'])
  }
  for (const action of [...Object.values(zapier.app.creates), ...Object.values(zapier.app.triggers)])
    for (const { dynamic } of (action as { operation: { inputFields?: { dynamic?: string }[] } }).operation
      .inputFields ?? [])
      assert.ok(dynamic === undefined || zapier.app.triggers[String(dynamic.split('.')[0])], String(dynamic))
})

test("a location's own fields are fields of a step, and are written", async () => {
  const { ids } = world
  const fieldsOf = (key: string) => zapier.run(`creates.${key}.operation.inputFields`)
  for (const key of ['create_contact', 'update_contact', 'upsert_contact']) {
    const own = (await fieldsOf(key)).filter(({ key }: { key: string }) => key.startsWith('custom_'))
    assert.deepEqual(
      own.map(({ key, label }: Input) => [key, label]),
      [[`custom_${ids.contactField}`, 'Venue of contact']],
    )
  }
  const [own] = (await fieldsOf('create_opportunity')).filter(({ key }: { key: string }) => key.startsWith('custom_'))
  assert.equal(own.key, `custom_${ids.opportunityField}`)
  const made = await zapier.perform('creates', 'create_contact', {
    firstName: 'Own',
    [`custom_${ids.contactField}`]: 'Barn',
  })
  assert.deepEqual(made.customFields, [{ id: ids.contactField, value: 'Barn' }])
})

test('any other operation shows its fields once it is chosen, and runs', async () => {
  const chosen = { tintypeOperation: 'pipelines.create' }
  const inputData = { ...chosen, name: 'Fairs', stages: '[{"name":"Seen","position":0}]' }
  const fields = await zapier.run('creates.any_other_operation.operation.inputFields', { inputData: chosen })
  assert.deepEqual(fields.map(({ key }: { key: string }) => key).slice(0, 4), [
    'tintypeOperation',
    'locationId',
    'name',
    'stages',
  ])
  const made = await zapier.perform('creates', 'any_other_operation', inputData)
  assert.equal(made.pipeline.name, 'Fairs')
  assert.equal(made.pipeline.stages[0].name, 'Seen')
})

test('customers and invoices of another program are kept in step by its own ids', async () => {
  const input = { customer_id: '17h_c_1001', email: 'kept@example.com', first_name: 'Kept' }
  const made = await zapier.perform('creates', 'customers_upsert', input)
  const again = await zapier.perform('creates', 'customers_upsert', { ...input, city: 'Austin' })
  assert.deepEqual([again.id, again.firstName, again.city], [made.id, 'Kept', 'Austin'])
  const bill = { invoice_id: '17h_i_9', total: '500', status: 'sent', customer_id: '17h_c_1001' }
  const invoice = await zapier.perform('creates', 'invoices_upsert', bill)
  assert.deepEqual([invoice.total, invoice.status], [500, 'sent'])
})

test('a file is fetched when a step needs it', async () => {
  const { ids, location } = world
  const inputData = { key: 'get_message_recording', asked: { messageId: ids.messageId } }
  const headers = { authorization: `Bearer ${location.token}`, version: '2021-07-28' }
  const stand = {
    request: ({ url }: { url: string }) => fetch(url, { headers }),
    stashFile: async (answer: Promise<Response>) => (await (await answer).arrayBuffer()).byteLength,
  }
  assert.equal(await zapier.app.hydrators.fetchFile(stand, { authData: zapier.authData, inputData }), 1000)
})

test('what the server refuses is told in its words', async () => {
  await assert.rejects(zapier.perform('creates', 'update_contact', { contactId: 'nobody' }), /not found|was not found/i)
  await assert.rejects(zapier.perform('creates', 'create_contact', { email: 'no address' }), /email/)
  zapier.authData.access_token = 'pit-wrong'
  await assert.rejects(zapier.perform('creates', 'create_contact', { firstName: 'A' }), { name: 'RefreshAuthError' })
  zapier.authData.access_token = world.location.token
})

for (const { entry, official } of inOrder(actions, ({ official: { method, path } }) => `${method} ${path}`)) {
  test(`Zapier does "${entry.title}"`, async () => {
    const kind = entry.kind === 'search' ? 'searches' : 'creates'
    zapier.authData.access_token = needsAgency(official) ? world.agency.token : world.location.token
    const input = inputOf(world, entry, official)
    const answer = await zapier.perform(kind, entry.key, input)
    const result = kind === 'searches' ? answer[0] : answer
    assert.ok(Object.keys(result ?? {}).length > 0, 'it tells nothing')
    if (entry.key === 'create_calendar_notification') world.ids.notificationId = result._id
    const { sample } = zapier.app[kind][entry.key].operation
    assert.ok(
      Object.keys(sample).some((name) => name in result),
      `the sample is of something else: ${Object.keys(result)}`,
    )
  })
}
