import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld } from '../support/crm-world.ts'
import { hubspotClient, refusalOf } from '../support/hubspot.ts'

const world = crmWorld()

const api = () => world.hubspot.crm.schemas.coreApi
const text = (name: string, label: string) => ({ name, label, type: 'string', fieldType: 'text' })
const venue = (name: string, more: object = {}) =>
  ({
    name,
    labels: { singular: 'Venue', plural: 'Venues' },
    description: 'Where weddings are.',
    primaryDisplayProperty: 'title',
    secondaryDisplayProperties: ['town'],
    requiredProperties: ['title'],
    searchableProperties: ['title', 'town'],
    properties: [
      text('title', 'Title'),
      text('town', 'Town'),
      { name: 'guests', label: 'Guests', type: 'number', fieldType: 'number' },
      { name: 'opens', label: 'Opens', type: 'date', fieldType: 'date', groupName: 'times' },
      {
        name: 'place',
        label: 'Place',
        type: 'enumeration',
        fieldType: 'select',
        options: [
          { label: 'Barn', value: 'barn', displayOrder: 0, hidden: false },
          { label: 'Garden', value: 'garden', displayOrder: 1, hidden: false },
        ],
      },
      { name: 'indoors', label: 'Indoors', type: 'bool', fieldType: 'booleancheckbox' },
    ],
    associatedObjects: ['CONTACT'],
    ...more,
  }) as never

test('a schema is made with its properties, and is a custom object of the other wire', async () => {
  const made = await api().create(venue('Venue'))
  const { portalId } = world.location
  assert.match(made.objectTypeId ?? '', /^2-\d+$/)
  assert.deepEqual(
    [made.name, made.fullyQualifiedName, made.primaryDisplayProperty, made.requiredProperties, made.archived],
    ['venue', `p${portalId}_venue`, 'title', ['title'], false],
  )
  assert.deepEqual([made.secondaryDisplayProperties, made.searchableProperties], [['town'], ['title', 'town']])
  assert.deepEqual(
    made.properties
      .filter(({ hubspotDefined }) => !hubspotDefined)
      .map(({ name, label, type, fieldType }) => [name, label, type, fieldType].join())
      .toSorted(),
    [
      'guests,Guests,number,number',
      'indoors,Indoors,bool,booleancheckbox',
      'opens,Opens,date,date',
      'place,Place,enumeration,select',
      'title,Title,string,text',
      'town,Town,string,text',
    ],
  )
  assert.equal(made.properties.find(({ name }) => name === 'opens')?.groupName, 'times')
  assert.deepEqual(
    made.properties.find(({ name }) => name === 'place')?.options.map(({ value }) => value),
    ['barn', 'garden'],
  )
  assert.ok(made.properties.some(({ name }) => name === 'hs_object_id'))
  assert.deepEqual(
    made.associations.map(({ fromObjectTypeId, toObjectTypeId, name }) => [fromObjectTypeId, toObjectTypeId, name]),
    [
      [made.objectTypeId, '0-1', 'venue_to_contact'],
      ['0-1', made.objectTypeId, 'contact_to_venue'],
    ],
  )
  const here = `locationId=${world.location.id}`
  const theirs = await world.client.get(`/objects/custom_objects.venue?${here}&fetchProperties=true`)
  assert.deepEqual(
    [theirs.body.object.labels, 'wire' in theirs.body.object],
    [{ singular: 'Venue', plural: 'Venues' }, false],
  )
  assert.ok(theirs.body.fields.some(({ fieldKey }: { fieldKey: string }) => fieldKey === 'custom_objects.venue.guests'))
  const record = await world.client.post('/objects/custom_objects.venue/records', {
    locationId: world.location.id,
    properties: { title: 'The barn', guests: 120, place: 'barn' },
  })
  assert.equal(record.status, 201, JSON.stringify(record.body))
  const refused = await refusalOf(api().archive('venue'))
  assert.deepEqual([refused.code, refused.body.category], [400, 'VALIDATION_ERROR'])
  assert.equal(
    (await world.client.delete(`/objects/custom_objects.venue/records/${record.body.record.id}?${here}`)).status,
    200,
  )
  await api().archive(`p${portalId}_venue`)
  assert.equal((await refusalOf(api().getById('venue'))).code, 404)
  assert.equal((await world.client.get(`/objects/custom_objects.venue?${here}`)).status, 404)
})

test('a type is known by its number, its names and its full name, and the number stays', async () => {
  const made = await api().create(venue('hall', { labels: { singular: 'Hall', plural: 'Halls' } }))
  const typeId = made.objectTypeId as string
  for (const spelled of [typeId, 'hall', 'HALL', 'Halls', `p${world.location.portalId}_hall`])
    assert.equal((await api().getById(spelled)).objectTypeId, typeId, spelled)
  const { results } = await api().getAll()
  assert.deepEqual(
    results.filter(({ name }) => name === 'hall').map(({ objectTypeId }) => objectTypeId),
    [typeId],
  )
  assert.deepEqual((await api().getAll(true)).results, [])
  const batch = await world.client.raw('POST', '/crm-object-schemas/2026-03/schemas/batch/read', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [typeId, 'hall'] }),
  })
  assert.deepEqual([batch.status, batch.body.results.length, batch.body.results[0].objectTypeId], [200, 1, typeId])
  const older = await world.client.raw('GET', `/crm/v3/schemas/${typeId}`)
  assert.equal(older.body.name, 'hall')
})

test('a schema made on the other wire is read here', async () => {
  const reply = await world.client.post('/objects/', {
    locationId: world.location.id,
    labels: { singular: 'Pet', plural: 'Pets' },
    key: 'custom_objects.pet',
    primaryDisplayPropertyDetails: { key: 'custom_objects.pet.name', name: 'Name', dataType: 'TEXT' },
  })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  const { name, primaryDisplayProperty, properties, associations } = await api().getById('pets')
  assert.deepEqual([name, primaryDisplayProperty, associations], ['pet', 'name', []])
  assert.ok(properties.some((property) => property.name === 'name' && !property.hubspotDefined))
})

test('a schema is changed in part', async () => {
  await api().create(venue('place'))
  const changed = await api().update('place', {
    labels: { plural: 'Many places' },
    primaryDisplayProperty: 'town',
    requiredProperties: ['town', 'guests'],
    clearDescription: true,
  } as never)
  assert.deepEqual(
    [{ ...changed.labels }, changed.primaryDisplayProperty, changed.requiredProperties, changed.description],
    [{ singular: 'Venue', plural: 'Many places' }, 'town', ['town', 'guests'], undefined],
  )
  assert.deepEqual(changed.searchableProperties, ['title', 'town'], 'what was not named stays')
  const { code, body } = await refusalOf(api().update('place', { requiredProperties: ['nothing'] } as never))
  assert.deepEqual([code, body.category], [400, 'VALIDATION_ERROR'])
})

test('types are associated and no longer, and objects of any types are', async () => {
  const made = await api().create(venue('stage', { associatedObjects: [] }))
  const typeId = made.objectTypeId as string
  const definition = await api().createAssociation('stage', {
    fromObjectTypeId: typeId,
    toObjectTypeId: '0-3',
    name: 'stage_to_deal',
  })
  assert.deepEqual([definition.fromObjectTypeId, definition.toObjectTypeId], [typeId, '0-3'])
  assert.equal((await api().getById('stage')).associations.length, 2)
  await api().archiveAssociation('stage', definition.id)
  assert.deepEqual((await api().getById('stage')).associations, [])
  assert.equal((await refusalOf(api().archiveAssociation('stage', definition.id))).code, 404)

  const record = await world.client.post('/objects/custom_objects.stage/records', {
    locationId: world.location.id,
    properties: { title: 'Big' },
  })
  const contact = await world.contact()
  const stage = await world.known('object_records', record.body.record.id)
  const { results } = await world.hubspot.crm.associations.v4.basicApi.createDefault(
    'stage',
    stage.objectId,
    'contacts',
    contact.objectId,
  )
  const [there] = results
  const labels = (await world.hubspot.crm.associations.v4.schema.definitionsApi.getAll(typeId, '0-1')).results
  assert.deepEqual(
    labels.map((one) => one.typeId),
    [there?.associationSpec.associationTypeId],
  )
  const back = await world.hubspot.crm.associations.v4.basicApi.getPage('contacts', contact.objectId, 'stage')
  assert.deepEqual(
    back.results.map(({ toObjectId }) => toObjectId),
    [stage.objectId],
  )
})

test('what is wrong is refused, and nothing is written', async () => {
  const before = (await api().getAll()).results.length
  const wrong: [string, object][] = [
    ['9lives', {}],
    ['has space', {}],
    ['good', { primaryDisplayProperty: 'nothing' }],
    ['good', { requiredProperties: ['nothing'] }],
    ['good', { properties: [text('title', 'Title'), text('title', 'Again'), text('town', 'Town')] }],
    ['good', { properties: [text('title', 'Title'), text('town', 'Town'), text('hs_own', 'Own')] }],
    ['good', { properties: [text('title', 'Title'), text('town', 'Town'), { ...text('odd', 'Odd'), type: 'odd' }] }],
    ['good', { associatedObjects: ['nothing'] }],
    ['hall', {}],
  ]
  for (const [name, more] of wrong) {
    const { code, body } = await refusalOf(api().create(venue(name, more)))
    assert.deepEqual([code, body.status], [400, 'error'], `${name} ${JSON.stringify(more)}`)
  }
  assert.equal((await api().getAll()).results.length, before)
  for (const spelled of ['contacts', '0-1', 'nothing'])
    assert.equal((await refusalOf(api().getById(spelled))).code, 404)
  const stranger = hubspotClient(world.server.url, world.neighbour.token)
  assert.equal((await refusalOf(stranger.crm.schemas.coreApi.getById('hall'))).code, 404)
})

test('a new object needs a value of each required property, one by one and in batches', async () => {
  const { objectTypeId = '' } = await api().create(venue('needy', { requiredProperties: ['title', 'guests'] }))
  const basic = world.hubspot.crm.objects.basicApi
  const { code, body } = await refusalOf(basic.create('needy', { properties: { guests: '' } } as never))
  assert.deepEqual(
    [code, body.category, body.message, body.context],
    [
      400,
      'VALIDATION_ERROR',
      `Error creating ${objectTypeId}. Some required properties were not set.`,
      { properties: ['title', 'guests'] },
    ],
  )
  const good = { properties: { title: 'Barn', guests: '40' } }
  const inputs = [
    { ...good, objectWriteTraceId: 'good' },
    { properties: { title: 'Barn' }, objectWriteTraceId: 'bad' },
  ]
  const traced = await world.client.post('/crm/v3/objects/needy/batch/create', { inputs })
  assert.equal(traced.status, 207, JSON.stringify(traced.body))
  assert.deepEqual(traced.body.errors[0].context, { properties: ['guests'], objectWriteTraceId: ['bad'] })
  const whole = await refusalOf(
    world.hubspot.crm.objects.batchApi.create('needy', { inputs: [good, { properties: { title: 'Barn' } }] } as never),
  )
  assert.equal(whole.code, 400)
  const { total } = await world.hubspot.crm.objects.searchApi.doSearch('needy', {} as never)
  assert.equal(total, 1)
  // Who changes one says what changes.
  const [made] = traced.body.results
  assert.equal(
    (await basic.update('needy', made.id, { properties: { guests: '50' } } as never)).properties.guests,
    '50',
  )
  await world.hubspot.crm.properties.coreApi.archive('needy', 'guests')
  await basic.create('needy', { properties: { title: 'Garden' } } as never)
})

test('a schema tells of its properties what the properties tell of themselves', async () => {
  await api().create(venue('twice'))
  const { results } = await world.hubspot.crm.properties.coreApi.getAll('twice')
  const schema = await world.client.get('/crm-object-schemas/v3/schemas/twice')
  const told = await world.client.get('/crm/v3/properties/twice')
  assert.ok(results.length > 6)
  assert.deepEqual(schema.body.properties, told.body.results)
})
