import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { loadObjectIds } from '../../src/store/records/index.ts'
import { isOfficial } from '../support/official-lines.ts'
import { addField, createPet, definePets, PET } from '../support/pets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let here: Actor
before(async () => {
  story = await startStory()
  here = await newLocation(story, 'Vet')
  await definePets(here)
})
after(() => story?.[Symbol.asyncDispose]())

const search = async (query: string, more: object = {}) =>
  isOfficial(
    'POST /objects/{schemaKey}/records/search',
    await here.client.post(`/objects/${PET}/records/search`, {
      locationId: here.id,
      page: 1,
      pageLimit: 10,
      query,
      searchAfter: [],
      ...more,
    }),
  )

test('a location has the standard objects and its own, by key and by id, with fields', async () => {
  const at = `locationId=${here.id}`
  const { objects } = isOfficial('GET /objects/', await here.client.get(`/objects/?${at}`))
  assert.deepEqual(
    objects.map(({ key, standard }: { key: string; standard: boolean }) => [key, standard]),
    [
      ['contact', true],
      ['opportunity', true],
      ['business', true],
      [PET, false],
    ],
  )
  const line = 'GET /objects/{key}'
  const whole = isOfficial(line, await here.client.get(`/objects/${PET}?${at}&fetchProperties=true`))
  assert.deepEqual(
    whole.fields.map(({ fieldKey, dataType }: { fieldKey: string; dataType: string }) => [fieldKey, dataType]),
    [
      [`${PET}.name`, 'TEXT'],
      [`${PET}.species`, 'SINGLE_OPTIONS'],
      [`${PET}.weight`, 'NUMERICAL'],
      [`${PET}.fee`, 'MONETORY'],
      [`${PET}.likes`, 'CHECKBOX'],
    ],
  )
  for (const name of [whole.object.id, 'pet', 'custom_object.pet'])
    assert.deepEqual(isOfficial(line, await here.client.get(`/objects/${name}?${at}`)).object, whole.object)
  assert.equal((await here.client.get(`/objects/custom_objects.car?${at}`)).status, 404)
  isOfficial(line, await here.client.get(`/objects/contact?${at}&fetchProperties=true`))
  const again = await here.client.post('/objects/', {
    locationId: here.id,
    labels: { singular: 'Pet', plural: 'Pets' },
    key: 'pet',
    primaryDisplayPropertyDetails: { key: 'name', name: 'Name', dataType: 'TEXT' },
  })
  assert.equal(again.status, 400, JSON.stringify(again.body))
})

test('labels and searchable properties change; what is no property is refused', async () => {
  const put = (key: string, body: object) => here.client.put(`/objects/${key}`, { locationId: here.id, ...body })
  const changed = isOfficial(
    'PUT /objects/{key}',
    await put(PET, { labels: { plural: 'Animals' }, searchableProperties: [`${PET}.name`, `${PET}.species`] }),
  )
  assert.deepEqual(changed.object.labels, { singular: 'Pet', plural: 'Animals' })
  assert.equal((await put(PET, { searchableProperties: [`${PET}.colour`] })).status, 422)
  const business = isOfficial('PUT /objects/{key}', await put('business', { searchableProperties: ['business.name'] }))
  assert.deepEqual([business.object.standard, business.object.searchableProperties], [true, ['business.name']])
})

test('records keep values of the types of their fields, and refuse others', async () => {
  const record = await createPet(here, {
    name: 'Buddy',
    species: 'Dog',
    [`${PET}.weight`]: '12.5',
    fee: 80,
    likes: ['fish'],
  })
  assert.deepEqual(record.properties, {
    name: 'Buddy',
    species: 'dog',
    weight: 12.5,
    fee: { currency: 'default', value: 80 },
    likes: ['fish'],
  })
  const wrong: Record<string, unknown> = {
    name: 7,
    species: 'bird',
    weight: 'heavy',
    fee: { value: 'much' },
    likes: ['meat'],
    colour: 'red',
  }
  const refused = await here.client.post(`/objects/${PET}/records`, { locationId: here.id, properties: wrong })
  assert.deepEqual([refused.status, refused.body.message.length], [422, 6], JSON.stringify(refused.body))
  for (const name of Object.keys(wrong))
    assert.match(refused.body.message.join('\n'), new RegExp(`^properties.${name}:`, 'm'))
  const stranger = await here.client.post(`/objects/${PET}/records`, {
    locationId: here.id,
    properties: {},
    owner: ['x'],
  })
  assert.deepEqual([stranger.status, stranger.body.message], [422, ['owner: there is no user x in this location']])

  const path = `/objects/${PET}/records/${record.id}`
  const changed = isOfficial(
    'PUT /objects/{schemaKey}/records/{id}',
    await here.client.put(`${path}?locationId=${here.id}`, { properties: { species: null, name: 'Bud' } }),
  )
  assert.deepEqual([changed.record.properties.name, changed.record.properties.species], ['Bud', undefined])
  assert.equal(changed.record.properties.weight, 12.5)
  isOfficial('GET /objects/{schemaKey}/records/{id}', await here.client.get(path))
  const { history } = (await here.client.get(`/locations/${here.id}/records/object_records/${record.id}/history`)).body
  assert.deepEqual(
    history.map(({ op }: { op: string }) => op),
    ['update', 'create'],
  )
  isOfficial('DELETE /objects/{schemaKey}/records/{id}', await here.client.delete(path))
  assert.equal((await here.client.get(path)).status, 404)
})

test('records are found by words in their properties and walked through, newest first', async () => {
  for (const name of ['Mäxchen Grün', 'Maxine', 'Rex']) await createPet(here, { name, species: 'cat' })
  const names = ({ records }: { records: { properties: { name: string } }[] }) =>
    records.map(({ properties }) => properties.name)
  assert.deepEqual(names(await search('max')), ['Maxine', 'Mäxchen Grün'])
  const first = await search('', { pageLimit: 2 })
  assert.deepEqual([names(first), first.total], [['Rex', 'Maxine'], 3])
  const rest = await search('', { pageLimit: 2, searchAfter: first.records[1].searchAfter })
  assert.deepEqual(names(rest), ['Mäxchen Grün'])
  assert.deepEqual(names(await search('', { pageLimit: 2, page: 2 })), ['Mäxchen Grün'])
})

test('businesses are records of a standard object, with fields of their own', async () => {
  await addField(here, { objectKey: 'business', name: 'VAT number', dataType: 'TEXT' })
  const path = '/objects/business/records'
  const body = { locationId: here.id, properties: { name: 'Deo Ltd', postal_code: '12534', vat_number: 'X1' } }
  const { record } = isOfficial('POST /objects/{schemaKey}/records', await here.client.post(path, body))
  assert.deepEqual(record.properties, { name: 'Deo Ltd', postal_code: '12534', vat_number: 'X1' })
  const { business } = (await here.client.get(`/businesses/${record.id}`)).body
  assert.deepEqual([business.name, business.postalCode], ['Deo Ltd', '12534'])
  const changed = await here.client.put(`${path}/${record.id}?locationId=${here.id}`, {
    properties: { city: 'Hudson' },
  })
  assert.equal(isOfficial('PUT /objects/{schemaKey}/records/{id}', changed).record.properties.city, 'Hudson')
  const found = await here.client.post(`${path}/search`, { locationId: here.id, query: 'deo' })
  assert.equal(isOfficial('POST /objects/{schemaKey}/records/search', found).total, 1)
  assert.equal((await here.client.get(`/objects/${PET}/records/${record.id}`)).status, 404, 'it is no pet')
  assert.equal((await here.client.post('/objects/contact/records', body)).status, 400)
  isOfficial('DELETE /objects/{schemaKey}/records/{id}', await here.client.delete(`${path}/${record.id}`))
})

test('a property that is a date takes days that there are', async () => {
  await addField(here, { objectKey: 'business', name: 'Founded', dataType: 'DATE' })
  const found = async (founded: string) => {
    const properties = { name: 'Old Ltd', founded }
    return (await here.client.post('/objects/business/records', { locationId: here.id, properties })).status
  }
  for (const day of ['1990-09-25', '1990-09-25T10:00:00Z']) assert.equal(await found(day), 201, day)
  for (const none of ['2026-02-30', '2026-13-01', 'June 1st', 'soon']) assert.equal(await found(none), 422, none)
})

test('records are tied to contacts by associations; the tie goes with the record', async () => {
  const pet = await createPet(here, { name: 'Tied' })
  const { contact } = (await here.client.post('/contacts/', { locationId: here.id, firstName: 'Ada' })).body
  const association = await here.client.post('/associations/', {
    locationId: here.id,
    key: 'owner_pet',
    firstObjectLabel: 'Owner',
    firstObjectKey: 'contact',
    secondObjectLabel: 'Pet',
    secondObjectKey: PET,
  })
  assert.equal(association.status, 201, JSON.stringify(association.body))
  const relate = (secondRecordId: string) =>
    here.client.post('/associations/relations', {
      locationId: here.id,
      associationId: association.body.id,
      firstRecordId: contact.id,
      secondRecordId,
    })
  assert.equal((await relate('661c06b4ffde146bdb469442')).status, 422, 'there is no such pet')
  assert.equal((await relate(pet.id)).status, 201)
  const relations = async () =>
    (await here.client.get(`/associations/relations/${contact.id}?locationId=${here.id}&skip=0&limit=10`)).body.total
  assert.equal(await relations(), 1)
  const { db } = story.server.app.platform
  const numberOf = async (kind: string, id: string) =>
    [...(await loadObjectIds(db, here.id, [{ kind, id }])).values()][0] as number
  const boy = (await here.client.post('/contacts/', { locationId: here.id, firstName: 'Bob' })).body.contact
  const petNumber = await numberOf('object_records', pet.id)
  const tied = async (number: number) =>
    (await here.client.get(`/crm/v4/objects/contacts/${number}/associations/pet`)).body.results.map(
      ({ toObjectId, associationTypes }: { toObjectId: string; associationTypes: { label: string | null }[] }) =>
        [toObjectId, ...associationTypes.map(({ label }) => label)].join(' '),
    )
  const [ada, bob] = [await numberOf('contacts', contact.id), await numberOf('contacts', boy.id)]
  assert.deepEqual(await tied(ada), [`${petNumber}  Pet`])
  const merge = { primaryObjectId: String(bob), objectIdToMerge: String(ada) }
  assert.equal((await here.client.post('/crm/v3/objects/contacts/merge', merge)).status, 200)
  contact.id = boy.id
  assert.deepEqual([await tied(bob), await relations()], [[`${petNumber}  Pet`], 1])
  await here.client.delete(`/objects/${PET}/records/${pet.id}`)
  assert.equal(await relations(), 0)
})

test('fields and folders change and go; fields of a folder that goes are in none', async () => {
  const { client, id: locationId } = await newLocation(story, 'Fields')
  const actor = { client, id: locationId }
  const { folder, species } = await definePets(actor)
  const list = async () =>
    isOfficial(
      'GET /custom-fields/object-key/{objectKey}',
      await client.get(`/custom-fields/object-key/${PET}?locationId=${locationId}`),
    )
  assert.deepEqual(
    [(await list()).fields.length, (await list()).folders.map(({ name }: { name: string }) => name)],
    [5, ['Details']],
  )
  const renamed = await client.put(`/custom-fields/folder/${folder.id}`, { locationId, name: 'More' })
  assert.equal(isOfficial('PUT /custom-fields/folder/{id}', renamed).name, 'More')
  const options = [{ label: 'Cat' }, { label: 'Dog' }, { label: 'Guinea pig' }]
  const changed = await client.put(`/custom-fields/${species.id}`, { locationId, showInForms: false, options })
  assert.deepEqual(
    isOfficial('PUT /custom-fields/{id}', changed).field.options.map(({ key }: { key: string }) => key),
    ['cat', 'dog', 'guinea_pig'],
  )
  assert.equal((await client.put(`/custom-fields/folder/${species.id}`, { locationId, name: 'x' })).status, 404)
  isOfficial('GET /custom-fields/{id}', await client.get(`/custom-fields/${species.id}`))
  isOfficial(
    'DELETE /custom-fields/folder/{id}',
    await client.delete(`/custom-fields/folder/${folder.id}?locationId=${locationId}`),
  )
  assert.equal((await client.get(`/custom-fields/${species.id}`)).body.field.parentId, '')
  const gone = isOfficial('DELETE /custom-fields/{id}', await client.delete(`/custom-fields/${species.id}`))
  assert.deepEqual(gone, { succeded: true, id: species.id, key: `${PET}.species` })
  assert.equal((await client.get(`/custom-fields/${species.id}`)).status, 404)
  assert.deepEqual([(await list()).fields.length, (await list()).folders.length], [4, 0])
  const unknown = { locationId, objectKey: 'custom_objects.car', name: 'Colour', dataType: 'TEXT', showInForms: true }
  assert.equal((await client.post('/custom-fields/', unknown)).status, 422)
  const { customField } = (
    await client.post(`/locations/${locationId}/customFields`, { name: 'Age', dataType: 'NUMERICAL' })
  ).body
  const contactField = isOfficial('GET /custom-fields/{id}', await client.get(`/custom-fields/${customField.id}`))
  assert.deepEqual([contactField.field.objectKey, contactField.field.fieldKey], ['contact', 'contact.age'])
})
