import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld({ work: false })

const core = () => world.hubspot.crm.properties.coreApi
const groups = () => world.hubspot.crm.properties.groupsApi
const definition = (type: string, more: object = {}) =>
  ({
    name: 'favourite_colour',
    label: 'Favourite colour',
    type: 'enumeration',
    fieldType: 'select',
    groupName: `${type}information`,
    options: [
      { label: 'Deep red', value: 'red', displayOrder: 0, hidden: false },
      { label: 'Blue', value: 'blue', displayOrder: 1, hidden: false },
    ],
    ...more,
  }) as never

for (const [plural, single] of [
  ['contacts', 'contact'],
  ['companies', 'company'],
  ['deals', 'deal'],
  ['tickets', 'ticket'],
] as const) {
  test(`${plural}: a property is made, has values, is renamed and archived`, async () => {
    const made = await core().create(plural, definition(single))
    assert.deepEqual(
      [made.name, made.type, made.fieldType, made.groupName, made.options.map(({ value }) => value)],
      ['favourite_colour', 'enumeration', 'select', `${single}information`, ['red', 'blue']],
    )
    assert.ok(made.createdAt instanceof Date && made.hubspotDefined === false)
    assert.equal((await refusalOf(core().create(plural, definition(single)))).code, 409)

    const objects = world.hubspot.crm.objects.basicApi
    const one = await objects.create(plural, { properties: { favourite_colour: 'red' } } as never)
    assert.equal(one.properties.favourite_colour, 'red')
    const by = (value: string) =>
      world.hubspot.crm.objects.searchApi.doSearch(plural, {
        filterGroups: [{ filters: [{ propertyName: 'favourite_colour', operator: 'EQ', value }] }],
      } as never)
    assert.deepEqual([(await by('red')).total, (await by('blue')).total], [1, 0])
    const wrong = await refusalOf(objects.update(plural, one.id, { properties: { favourite_colour: 'green' } }))
    assert.deepEqual([wrong.code, wrong.body.errors[0].code], [400, 'INVALID_OPTION'])
    assert.equal((await objects.getById(plural, one.id, ['favourite_colour'])).properties.favourite_colour, 'red')

    const renamed = await core().update(plural, 'favourite_colour', { label: 'Colour' } as never)
    assert.deepEqual([renamed.label, renamed.options.length, renamed.type], ['Colour', 2, 'enumeration'])
    assert.ok(
      (await core().getAll(plural)).results.some(
        ({ name, label }) => name === 'favourite_colour' && label === 'Colour',
      ),
    )
    await core().archive(plural, 'favourite_colour')
    assert.equal((await refusalOf(core().getByName(plural, 'favourite_colour'))).code, 404)
    const archived = await core().getAll(plural, true)
    assert.deepEqual(
      archived.results.map(({ name, archived: is }) => [name, is]),
      [['favourite_colour', true]],
    )
    assert.equal(
      (await refusalOf(objects.create(plural, { properties: { favourite_colour: 'red' } } as never))).code,
      400,
    )
  })

  test(`${plural}: a property of the platform stays as it is`, async () => {
    const known = await core().getByName(plural, 'hs_object_id')
    assert.deepEqual([known.hubspotDefined, known.modificationMetadata?.readOnlyValue], [true, true])
    assert.equal((await refusalOf(core().update(plural, 'hs_object_id', { label: 'x' } as never))).code, 400)
    assert.equal((await refusalOf(core().archive(plural, 'hs_object_id'))).code, 400)
    assert.equal((await refusalOf(core().create(plural, definition(single, { name: 'hs_mine' })))).code, 400)
    assert.equal((await refusalOf(core().create(plural, definition(single, { groupName: 'nowhere' })))).code, 400)
    const missing = await world.client.post(`/crm/v3/properties/${plural}`, { name: 'x', label: 'X' })
    assert.deepEqual([missing.status, missing.body.category], [400, 'VALIDATION_ERROR'])
  })

  test(`${plural}: groups are made, used, and archived when they are empty`, async () => {
    const made = await groups().create(plural, { name: 'fancies', label: 'Fancies', displayOrder: 3 } as never)
    assert.deepEqual([made.name, made.label, made.displayOrder, made.archived], ['fancies', 'Fancies', 3, false])
    assert.equal((await refusalOf(groups().create(plural, { name: 'fancies', label: 'x' } as never))).code, 409)
    const text = { name: 'fancy', type: 'string', fieldType: 'text', groupName: 'fancies', options: [] }
    assert.equal((await core().create(plural, definition(single, text))).groupName, 'fancies')
    assert.equal((await refusalOf(groups().archive(plural, 'fancies'))).code, 400)
    assert.equal((await groups().update(plural, 'fancies', { label: 'Whims' } as never)).label, 'Whims')
    await core().archive(plural, 'fancy')
    await groups().archive(plural, 'fancies')
    assert.equal((await refusalOf(groups().getByName(plural, 'fancies'))).code, 404)
    const all = (await groups().getAll(plural)).results.map(({ name }) => name)
    assert.ok(all.includes(`${single}information`) && !all.includes('fancies'))
    assert.equal((await refusalOf(groups().archive(plural, `${single}information`))).code, 400)
  })
}

test('what one wire defines the other knows: a custom field by its labels', async () => {
  await core().create('contacts', definition('contact', { name: 'shade' }))
  const { customFields } = (await world.client.get(`/locations/${world.location.id}/customFields?model=contact`)).body
  const field = customFields.find((one: { fieldKey: string }) => one.fieldKey === 'contact.shade')
  assert.deepEqual(
    [field.dataType, field.picklistOptions, field.name],
    ['SINGLE_OPTIONS', ['Deep red', 'Blue'], 'Favourite colour'],
  )
  assert.ok(!('wire' in field))
  const made = await world.client.post('/contacts/', {
    locationId: world.location.id,
    firstName: 'Ada',
    customFields: [{ id: field.id, field_value: 'Deep red' }],
  })
  const { contact } = made.body
  const found = await world.hubspot.crm.contacts.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'shade', operator: 'IN', values: ['red'] }] }],
    properties: ['shade'],
  } as never)
  assert.deepEqual(
    found.results.map(({ properties }) => properties.shade),
    ['red'],
  )
  await world.hubspot.crm.contacts.basicApi.update(found.results[0]!.id, { properties: { shade: 'blue' } })
  const read = (await world.client.get(`/contacts/${contact.id}`)).body.contact
  assert.deepEqual(read.customFields, [{ id: field.id, value: 'Blue' }])
})

test('objects are found and told apart by a property with unique values', async () => {
  const unique = {
    name: 'member_no',
    label: 'Member',
    type: 'string',
    fieldType: 'text',
    options: [],
    hasUniqueValue: true,
  }
  for (const [plural, single] of [
    ['contacts', 'contact'],
    ['companies', 'company'],
    ['tickets', 'ticket'],
  ] as const) {
    await core().create(plural, definition(single, unique))
    const upsert = (id: string, values: Record<string, string>) =>
      world.hubspot.crm.objects.batchApi.upsert(plural, {
        inputs: [{ id, idProperty: 'member_no', properties: values }],
      } as never)
    const made = await upsert('A-1', {})
    const again = await upsert('a-1', {})
    assert.deepEqual(
      [made, again].map(({ results }) => (results[0] as never as { _new: boolean })._new),
      [true, false],
      plural,
    )
    assert.equal(again.results[0]?.id, made.results[0]?.id)
    const taken = await refusalOf(
      world.hubspot.crm.objects.basicApi.create(plural, { properties: { member_no: 'A-1' } } as never),
    )
    assert.deepEqual([taken.code, taken.body.category], [409, 'CONFLICT'])
    const read = await world.hubspot.crm.objects.basicApi.getById(
      plural,
      'A-1',
      ['member_no'],
      undefined,
      undefined,
      false,
      'member_no',
    )
    assert.equal(read.id, made.results[0]?.id)
  }
  for (let index = 2; index <= 10; index++)
    await core().create('tickets', definition('ticket', { ...unique, name: `unique_${index}` }))
  const many = await refusalOf(core().create('tickets', definition('ticket', { ...unique, name: 'one_more' })))
  assert.equal(many.code, 400)
})

test('properties are made, read and archived in batches', async () => {
  const { batchApi } = world.hubspot.crm.properties
  const inputs = ['one', 'two'].map((name) => definition('deal', { name }))
  const made = await batchApi.create('deals', { inputs } as never)
  assert.deepEqual(
    made.results.map(({ name }) => name),
    ['one', 'two'],
  )
  const again = [definition('deal', { name: 'three' }), definition('deal', { name: 'one' })]
  assert.equal((await refusalOf(batchApi.create('deals', { inputs: again } as never))).code, 409)
  assert.equal((await refusalOf(core().getByName('deals', 'three'))).code, 404, 'all or none')
  const read = await world.client.post('/crm/v3/properties/deals/batch/read', {
    archived: false,
    inputs: [{ name: 'two' }, { name: 'none' }],
  })
  assert.deepEqual(
    [read.status, read.body.results[0].name, read.body.errors[0].context],
    [207, 'two', { name: ['none'] }],
  )
  await batchApi.archive('deals', { inputs: [{ name: 'one' }, { name: 'none' }] })
  assert.equal((await refusalOf(core().getByName('deals', 'one'))).code, 404)
})
