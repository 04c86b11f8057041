import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inTransaction } from '../../src/db/transaction.ts'
import {
  findStandardType,
  findType,
  loadPortals,
  loadPropertyMaps,
  type Portal,
  readText,
  TYPES,
  writeTexts,
} from '../../src/objects/index.ts'
import { deltaOf } from '../../src/store/records/delta.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { statementsOf } from '../support/statements.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let here: TestLocation

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 3 })
  here = agency.locations[0] as TestLocation
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db
const client = () => server.client(here.token)
const AT = new Date('2026-03-03T10:00:00.000Z')
const row = (document: object) => ({
  objectId: 7,
  document: document as never,
  createdAt: AT,
  updatedAt: AT,
  deletedAt: null,
})
const mapOf = async (typeId: string) =>
  (await loadPropertyMaps(db(), [{ locationId: here.id, typeId }])).get(`${here.id} ${typeId}`)!
const portal = async () => (await loadPortals(db(), [here.id])).get(here.id) as Portal

test('a type is known by its id, its singular and its plural, in any case', async () => {
  for (const spelled of ['0-1', 'contact', 'CONTACTS', 'Contact'])
    assert.equal(findStandardType(spelled)?.typeId, '0-1')
  assert.equal(findStandardType('line_items')?.typeId, '0-8')
  assert.equal(findStandardType('companies')?.kind, 'businesses')
  assert.equal(findStandardType('0-999'), null)
  assert.equal(await findType(db(), here.id, 'constructor'), null)
})

test('no type has two properties of one name, and each answer shows properties that there are', async () => {
  const { mapOf } = await portal()
  for (const type of TYPES) {
    const map = mapOf(type)
    for (const name of [...type.shown, ...type.searched, type.primary]) assert.ok(map.has(name), `${type.name} ${name}`)
    const names = map.all.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
  }
})

test('a custom field of the location is a property, and its values are read under its name', async () => {
  const made = await client().post(`/locations/${here.id}/customFields`, {
    name: 'Colour',
    dataType: 'SINGLE_OPTIONS',
    options: ['Deep red', 'Blue'],
    model: 'contact',
  })
  assert.equal(made.status, 201)
  assert.ok(!('wire' in made.body.customField))
  const map = await mapOf('0-1')
  const property = map.find('colour')!
  assert.deepEqual(
    [property.type, property.label, property.options.map(({ value }) => value)],
    ['enumeration', 'Colour', ['Deep red', 'Blue']],
  )
  const { id } = made.body.customField
  const read = map.read(row({ firstName: 'Ada', customFields: [{ id, value: 'Blue' }] }), [
    'COLOUR',
    'firstname',
    'nothing',
    'email',
  ])
  assert.deepEqual(read, { colour: 'Blue', firstname: 'Ada', email: null })
  assert.ok(!(await mapOf('0-3')).has('colour'), 'it is a field of contacts alone')
})

test('a custom object is a type with a number that stays, and its fields are properties', async () => {
  const { body, status } = await client().post('/objects/', {
    locationId: here.id,
    labels: { singular: 'Venue', plural: 'Venues' },
    key: 'custom_objects.venue',
    primaryDisplayPropertyDetails: { key: 'custom_objects.venue.name', name: 'Name', dataType: 'TEXT' },
  })
  assert.equal(status, 201, JSON.stringify(body))
  const type = (await findType(db(), here.id, `P${here.portalId}_VENUE`))!
  assert.match(type.typeId, /^2-\d+$/)
  for (const spelled of [type.typeId, 'venue', 'Venues'])
    assert.equal((await findType(db(), here.id, spelled))?.typeId, type.typeId)
  assert.equal(await findType(db(), agency.locations[1]!.id, type.typeId), null, 'of another portal')
  assert.equal(await findType(db(), here.id, `p${here.portalId + 1}_venue`), null)
  const map = await mapOf(type.typeId)
  assert.deepEqual(map.read(row({ properties: { name: 'The barn' } }), ['name', 'hs_object_id']), {
    name: 'The barn',
    hs_object_id: '7',
  })
})

test('a change of the log is told in properties, and only those that changed', async () => {
  const map = await mapOf('0-1')
  const before = { firstName: 'Ada', tags: [], properties: { jobtitle: 'Poet' } }
  const next = { firstName: 'Ada', lastName: 'Byron', tags: ['vip'], properties: { jobtitle: 'Countess', fax: '1' } }
  assert.deepEqual(map.changed(deltaOf(before, next)), {
    lastname: [null, 'Byron'],
    jobtitle: ['Poet', 'Countess'],
    fax: [null, '1'],
    tags: [null, 'vip'],
  })
  assert.deepEqual(map.changed({ followers: [[], ['x']] }), {})
  assert.deepEqual(map.changed({ firstName: ['Ada', null] }), { firstname: ['Ada', null] })
  const deal = await mapOf('0-3')
  assert.deepEqual(deal.changed({ status: ['open', 'won'] }), {
    hs_is_closed: ['false', 'true'],
    hs_is_closed_won: ['false', 'true'],
  })
})

test('what is written is read as it was written, and the other wire has it in its own form', async () => {
  const { habits, mapOf, find } = await portal()
  const map = mapOf(find('contacts')!)
  const write = (texts: Record<string, string | null>, document = {}) =>
    writeTexts(
      document,
      Object.entries(texts).map(([name, text]) => [map.find(name)!, text] as const),
      habits,
    )
  const document = write({
    phone: '(202) 555-0142',
    country: 'United States',
    jobtitle: 'Poet',
    hs_additional_emails: 'a@x.de;b@x.de',
  })
  assert.equal(document.phone, '+12025550142')
  assert.equal(document.country, 'US')
  assert.deepEqual(document.additionalEmails, ['a@x.de', 'b@x.de'])
  const names = ['phone', 'country', 'jobtitle']
  assert.deepEqual(map.read(row(document), names), {
    phone: '(202) 555-0142',
    country: 'United States',
    jobtitle: 'Poet',
  })
  const changed = { ...document, phone: '+12025550199', country: 'DE' }
  assert.deepEqual(map.read(row(changed), names), { phone: '+12025550199', country: 'DE', jobtitle: 'Poet' })
  const cleared = write({ phone: null, country: 'Middle-earth', jobtitle: null }, document)
  assert.deepEqual(map.read(row(cleared), names), { phone: null, country: 'Middle-earth', jobtitle: null })
  assert.equal(cleared.country, null)
})

test('values are read in their one spelling, and what means nothing is refused with the words of the wire', async () => {
  const { habits, mapOf, find } = await portal()
  const read = (type: string, name: string, value: unknown) =>
    readText(mapOf(find(type)!).find(name)!, value, habits.owners)
  const good: [string, string, unknown, string | null][] = [
    ['deals', 'amount', '1e3', '1000'],
    ['deals', 'amount', 12.5, '12.5'],
    ['deals', 'amount', ' -0 ', '0'],
    ['deals', 'amount', '', null],
    ['deals', 'closedate', '2026-03-03', '2026-03-03T00:00:00.000Z'],
    ['deals', 'closedate', 1_772_532_000_000, '2026-03-03T10:00:00.000Z'],
    ['deals', 'closedate', '2026-03-03T12:00:00+02:00', '2026-03-03T10:00:00.000Z'],
    ['contacts', 'date_of_birth', '1990-09-25', '1990-09-25'],
    ['contacts', 'lifecyclestage', 'Lead', 'lead'],
    ['companies', 'is_public', 'TRUE', 'true'],
    ['tickets', 'hs_ticket_category', 'BILLING_ISSUE;PRODUCT_ISSUE;BILLING_ISSUE', 'BILLING_ISSUE;PRODUCT_ISSUE'],
  ]
  for (const [type, name, value, text] of good) assert.deepEqual(read(type, name, value), { text }, `${name} ${value}`)
  const bad: [string, string, unknown, string][] = [
    ['deals', 'amount', 'many', 'INVALID_INTEGER'],
    ['deals', 'amount', '1e400', 'INVALID_INTEGER'],
    ['deals', 'amount', '0x10', 'INVALID_INTEGER'],
    ['deals', 'amount', 'Infinity', 'INVALID_INTEGER'],
    ['deals', 'closedate', '2026-02-30', 'INVALID_DATE'],
    ['deals', 'closedate', '2026-13-01', 'INVALID_DATE'],
    ['deals', 'closedate', '9'.repeat(15), 'INVALID_DATE'],
    ['contacts', 'lifecyclestage', 'friend', 'INVALID_OPTION'],
    ['contacts', 'email', 'nobody', 'INVALID_EMAIL'],
    ['contacts', 'hs_object_id', '9', 'READ_ONLY_VALUE'],
    ['contacts', 'hubspot_owner_id', '9', 'INVALID_OWNER_ID'],
    ['contacts', 'jobtitle', { a: 1 }, 'INVALID_STRING'],
    ['contacts', 'jobtitle', 'a'.repeat(65_537), 'PROPERTY_TOO_LONG'],
    ['companies', 'is_public', 'perhaps', 'INVALID_OPTION'],
  ]
  for (const [type, name, value, error] of bad) {
    const answer = read(type, name, value) as { fault?: { error: string; name: string } }
    assert.deepEqual([answer.fault?.error, answer.fault?.name], [error, name], `${name} ${value}`)
  }
})

test('an owner is a user, by the number of the wire', async () => {
  const made = await server.client(agency.token).post('/users/', {
    companyId: agency.companyId,
    firstName: 'Ada',
    lastName: 'Byron',
    email: `ada-${here.id}@studio.example`,
    password: 'a long word for tests 1!',
    type: 'account',
    role: 'user',
    locationIds: [here.id],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { habits, mapOf, find } = await portal()
  const map = mapOf(find('contacts')!)
  const number = habits.owners.numberOf(made.body.id)!
  assert.match(number, /^\d+$/)
  const document = writeTexts({}, [[map.find('hubspot_owner_id')!, number]], habits)
  assert.equal(document.assignedTo, made.body.id)
  assert.deepEqual(map.read(row(document), ['hubspot_owner_id']), { hubspot_owner_id: number })
})

test('properties of many locations cost no more statements than those of one', async () => {
  const wanted = agency.locations.flatMap(({ id }) => TYPES.map(({ typeId }) => ({ locationId: id, typeId })))
  const count = async (some: typeof wanted) =>
    (await statementsOf(server, () => inTransaction(db(), (tx) => loadPropertyMaps(tx, some)))).length
  const [one, all] = [await count(wanted.slice(0, 1)), await count(wanted)]
  assert.ok(all <= one, `${all} statements, ${one} for one`)
})
