import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld, word } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld()

const basic = () => world.hubspot.crm.objects.basicApi
const input = (properties: Record<string, string>) => ({ properties, associations: [] }) as never

test('a deal that comes to a stage of which the end is sure is won or lost, and open again when it leaves it', async () => {
  const stage = (label: string, probability: string, displayOrder: number) => ({
    ...{ label, displayOrder, metadata: { probability } },
  })
  const pipeline = await world.hubspot.crm.pipelines.pipelinesApi.create('deals', {
    ...{ label: `Sales ${word()}`, displayOrder: 0 },
    stages: [stage('Talks', '0.4', 0), stage('Won', '1.0', 1), stage('Lost', '0.0', 2)],
  } as never)
  const [talks, won, lost] = pipeline.stages.map(({ id }) => id) as [string, string, string]
  const made = await basic().create('deals', input({ dealname: 'Tent', pipeline: pipeline.id, dealstage: won }))
  const names = ['hs_is_closed', 'hs_is_closed_won', 'hs_is_closed_lost']
  const standing = async () => {
    const { properties } = await basic().getById('deals', made.id, names)
    return names.map((name) => properties[name])
  }
  assert.deepEqual(await standing(), ['true', 'true', 'false'])
  const found = await world.client.get(
    `/opportunities/search?location_id=${world.location.id}&pipeline_id=${pipeline.id}`,
  )
  const [{ id }] = found.body.opportunities
  const status = async () => (await world.client.get(`/opportunities/${id}`)).body.opportunity.status
  assert.equal(await status(), 'won')
  await basic().update('deals', made.id, input({ dealstage: lost }))
  assert.deepEqual([await status(), ...(await standing())], ['lost', 'true', 'false', 'true'])
  await basic().update('deals', made.id, input({ dealstage: talks }))
  assert.deepEqual([await status(), ...(await standing())], ['open', 'false', 'false', 'false'])
  // What the other wire says of it stays, whatever else is written.
  assert.equal((await world.client.put(`/opportunities/${id}/status`, { status: 'won' })).status, 200)
  await basic().update('deals', made.id, input({ amount: '5', dealstage: talks }))
  assert.equal(await status(), 'won')
})

test('options that begin with a semicolon come to those that are there', async () => {
  const name = `colours_${word()}`
  const option = (value: string, displayOrder: number) => ({
    label: value.toUpperCase(),
    value,
    displayOrder,
    hidden: false,
  })
  await world.hubspot.crm.properties.coreApi.create('contacts', {
    ...{ name, label: name, type: 'enumeration', fieldType: 'checkbox', groupName: 'contactinformation' },
    options: ['red', 'green', 'blue'].map(option),
  } as never)
  const made = await basic().create('contacts', input({ [name]: 'red' }))
  const write = async (value: string) =>
    (await basic().update('contacts', made.id, input({ [name]: value }))).properties[name]
  assert.equal(await write(';green'), 'red;green')
  assert.equal(await write(';green;blue'), 'red;green;blue')
  assert.equal(await write('green'), 'green')
  assert.equal((await refusalOf(write(';violet'))).code, 400)
})

test('a change without any property is refused in the words of the wire', async () => {
  const { objectId: id } = await world.contact()
  const { code, body } = await refusalOf(basic().update('contacts', id, input({})))
  assert.deepEqual(
    [code, body.category, body.message],
    [400, 'VALIDATION_ERROR', 'No properties found to update, please provide at least one.'],
  )
})

test('what an invoice of another program says is shown in the words of the wire', async () => {
  const body = { invoice_id: word(), total: 10, status: 'overdue', currency: 'USD' }
  assert.equal((await world.client.post('/invoices', body)).status, 201)
  const found = await world.hubspot.crm.objects.searchApi.doSearch('invoices', {
    filterGroups: [
      {
        filters: [
          { propertyName: 'hs_external_invoice_id', operator: 'EQ', value: body.invoice_id },
          { propertyName: 'hs_invoice_status', operator: 'EQ', value: 'open' },
        ],
      },
    ],
    properties: ['hs_invoice_status'],
  } as never)
  assert.equal(found.results[0]?.properties.hs_invoice_status, 'open')
})
