import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { crmWorld, word } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld()

const basic = () => world.hubspot.crm.objects.basicApi
const core = () => world.hubspot.crm.properties.coreApi
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

for (const [plural, single, path] of [
  ['contacts', 'contact', 'contacts'],
  ['companies', 'company', null],
  ['deals', 'deal', 'opportunities'],
  ['tickets', 'ticket', null],
] as const)
  test(`${plural}: an option that is called otherwise, or is no more, stays the value of who has it`, async () => {
    const objects = basic()
    const options = (...pairs: [string, string][]) => pairs.map(([value, label]) => ({ value, label }))
    const first = options(['red', 'Red'], ['blue', 'Blue'], ['RED', 'RED'])
    const groupName = `${single}information`
    const define = (name: string, more: object) =>
      core().create(plural, {
        ...{ name, label: name, groupName, type: 'enumeration', fieldType: 'select' },
        ...more,
      } as never)
    await define('tint', { options: first })
    await define('tints', { fieldType: 'checkbox', options: first })
    const flag = { type: 'bool', fieldType: 'booleancheckbox' }
    await define('flag', { ...flag, options: options(['true', 'Yes'], ['false', 'No']) })
    const properties = { tint: 'red', tints: 'red;blue', flag: 'true' }
    const one = await objects.create(plural, { properties } as never)
    const other = await objects.create(plural, {
      properties: { tint: 'RED', tints: 'RED', flag: 'false' },
    } as never)
    const read = async () => {
      const { tint, tints, flag } = (await objects.getById(plural, one.id, Object.keys(properties))).properties
      return { tint, tints, flag }
    }
    const by = async (propertyName: string, operator: string, value: string) => {
      const filters = [{ propertyName, operator, ...(operator === 'IN' ? { values: [value] } : { value }) }]
      const sorts = ['tint']
      const body = { filterGroups: [{ filters }], sorts } as never
      return (await world.hubspot.crm.objects.searchApi.doSearch(plural, body)).results.map(({ id }) => id)
    }
    const theirs = async () => {
      if (path === null) return null
      const { id } = await ownOf(plural, one.id)
      return (await world.client.get(`/${path}/${id}`)).body[path === 'contacts' ? 'contact' : 'opportunity']
    }
    const before = await theirs()

    const said = (name: string, ...pairs: [string, string][]) =>
      core().update(plural, name, { options: options(...pairs) } as never)
    const renamed = await said('tint', ['red', 'Rouge'], ['blue', 'Bleu'], ['RED', 'RED'])
    assert.deepEqual(
      renamed.options.map(({ value, label }) => [value, label]),
      [
        ['red', 'Rouge'],
        ['blue', 'Bleu'],
        ['RED', 'RED'],
      ],
    )
    await said('tints', ['blue', 'Bleu'], ['RED', 'RED'])
    await said('flag', ['true', 'Ja'], ['false', 'Nein'])
    assert.deepEqual(await read(), properties)
    assert.deepEqual(await by('tint', 'EQ', 'red'), [one.id])
    assert.deepEqual(await by('tint', 'EQ', 'RED'), [other.id])
    assert.deepEqual(await by('tint', 'EQ', 'Red'), [])
    assert.deepEqual(await by('tint', 'NEQ', 'blue').then((ids) => ids.includes(one.id)), true)
    assert.deepEqual(await by('tints', 'IN', 'red'), [one.id])
    assert.deepEqual(await by('flag', 'EQ', 'true'), [one.id])
    assert.deepEqual(await theirs(), before, 'people still read what they chose')
    if (path !== null) {
      const { id } = await ownOf(plural, one.id)
      const again = before.customFields.map((field: { id: string; value?: unknown; fieldValue?: unknown }) => ({
        id: field.id,
        field_value: field.value ?? field.fieldValue,
      }))
      const inTint = again.slice(0, 1)
      const put = await world.client.put(`/${path}/${id}`, { customFields: inTint })
      assert.equal(put.status, 200, JSON.stringify(put.body))
      assert.deepEqual((await theirs()).customFields, before.customFields, 'and may write it back')
      assert.deepEqual(await read(), properties)
    }

    for (const tint of ['blue', 'red']) await objects.update(plural, one.id, { properties: { tint } } as never)
    const { propertiesWithHistory } = await objects.getById(plural, one.id, [], ['tint'])
    assert.deepEqual(
      propertiesWithHistory?.tint?.map(({ value }) => value),
      ['red', 'blue', 'red'],
    )
    await said('tint', ['blue', 'Bleu'])
    assert.deepEqual(await read(), properties)
    assert.deepEqual(await by('tint', 'EQ', 'red'), [one.id])
    assert.equal((await refusalOf(objects.update(plural, one.id, { properties: { tint: 'red' } } as never))).code, 400)
    await core().update(plural, 'tint', { label: 'Shade' } as never)
    await said('tint', ['red', 'Red'], ['blue', 'Blue'])
    assert.deepEqual(await read(), properties)

    const refusals = [
      options(['red', 'Red'], ['blue', 'Red']),
      options(['red', 'Red'], ['red', 'Blue']),
      // Where objects keep labels, one of them cannot come to mean another option.
      ...(path === null ? [] : [options(['blue', 'Red']), options(['crimson', 'Rouge'])]),
    ]
    for (const wrong of refusals)
      assert.equal((await refusalOf(core().update(plural, 'tint', { options: wrong } as never))).code, 400)
    for (const wrong of refusals.slice(0, 2)) assert.equal((await refusalOf(define('x', { options: wrong }))).code, 400)
    assert.deepEqual(await read(), properties)
    if (path === null) return
    const field = `/locations/${world.location.id}/customFields/${before.customFields[0].id}`
    assert.equal((await world.client.put(field, { options: ['Rot'] })).status, 200)
    assert.deepEqual(await read(), properties, 'also where the other wire calls it otherwise')
  })

/** What the number of an object of the other wire is there. */
async function ownOf(plural: 'contacts' | 'deals', objectId: string): Promise<{ id: string }> {
  const kind = plural === 'contacts' ? 'contacts' : 'opportunities'
  const rows = await query(
    world.server.app.platform.db,
    sql<{ id: string }>`select id from record where location_id = ${world.location.id} and kind = ${kind}
      and object_id = ${Number(objectId)}`,
  )
  return rows[0] as { id: string }
}
