import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let here: TestLocation
/** Name of an object -> its id. */
const ids = new Map<string, string>()

const client = () => server.client(here.token)

async function create(type: string, name: string, properties: object): Promise<void> {
  const { status, body } = await client().post(`/crm/v3/objects/${type}`, { properties })
  assert.equal(status, 201, JSON.stringify(body))
  ids.set(name, body.id)
}

before(async () => {
  server = await startTestServer({ work: false })
  here = (await createAgency(server.app)).locations[0] as TestLocation
  await create('contacts', 'ada', {
    ...{ firstname: 'Ada', lastname: 'Byron King', email: 'ada@deo.example', phone: '(202) 555-0142' },
    ...{
      jobtitle: 'Countess of Lovelace',
      lifecyclestage: 'lead',
      date_of_birth: '1815-12-10',
      country: 'United Kingdom',
    },
  })
  await create('contacts', 'grace', {
    ...{ firstname: 'Grace', lastname: 'Hopper', email: 'grace@navy.example', annualrevenue: '1200.5' },
    ...{ jobtitle: 'admiral', lifecyclestage: 'customer', hs_additional_emails: 'g@x.example;h@x.example' },
    closedate: '2026-03-03T10:00:00Z',
  })
  await create('contacts', 'nobody', { firstname: "O'Neil_100%", annualrevenue: '-5', closedate: '2026-01-01' })
  await create('tickets', 'broken', { subject: 'Broken', hs_ticket_category: 'BILLING_ISSUE;PRODUCT_ISSUE' })
  await create('tickets', 'late', { subject: 'Late', hs_ticket_category: 'PRODUCT_ISSUE' })
  await create('tasks', 'done', { hs_task_subject: 'Done', hs_task_status: 'COMPLETED' })
  await create('tasks', 'waits', { hs_task_subject: 'Waits', hs_task_status: 'WAITING' })
  await create('companies', 'deo', { name: 'Deo Ltd', domain: 'deo.example' })
  await create('deals', 'barn', { dealname: 'Barn', amount: '900' })
  await create('deals', 'tent', { dealname: 'Tent', amount: '10000' })
})
after(() => server?.[Symbol.asyncDispose]())

async function found(type: string, body: object): Promise<string[]> {
  const reply = await client().post(`/crm/v3/objects/${type}/search`, { limit: 100, ...body })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  assert.equal(reply.body.total, reply.body.results.length)
  return reply.body.results.map((one: { id: string }) => names.get(one.id))
}

type Case = [type: string, property: string, operator: string, value: unknown, wanted: string[]]
const ALL = ['ada', 'grace', 'nobody']
const CASES: Case[] = [
  ['contacts', 'firstname', 'EQ', 'ADA', ['ada']],
  ['contacts', 'firstname', 'EQ', "o'neil_100%", ['nobody']],
  ['contacts', 'email', 'EQ', 'Ada@Deo.example', ['ada']],
  ['contacts', 'phone', 'EQ', '(202) 555-0142', ['ada']],
  ['contacts', 'country', 'EQ', 'united kingdom', ['ada']],
  ['contacts', 'jobtitle', 'NEQ', 'admiral', ['ada', 'nobody']],
  ['contacts', 'lastname', 'LT', 'c', ['ada']],
  ['contacts', 'lastname', 'GTE', 'hopper', ['grace']],
  ['contacts', 'jobtitle', 'IN', ['ADMIRAL', 'nothing'], ['grace']],
  ['contacts', 'jobtitle', 'NOT_IN', ['admiral'], ['ada', 'nobody']],
  ['contacts', 'lastname', 'HAS_PROPERTY', undefined, ['ada', 'grace']],
  ['contacts', 'lastname', 'NOT_HAS_PROPERTY', undefined, ['nobody']],
  ['contacts', 'jobtitle', 'CONTAINS_TOKEN', 'lovelace', ['ada']],
  ['contacts', 'jobtitle', 'CONTAINS_TOKEN', 'love', []],
  ['contacts', 'jobtitle', 'CONTAINS_TOKEN', 'love*', ['ada']],
  ['contacts', 'email', 'CONTAINS_TOKEN', '*@deo.example', ['ada']],
  ['contacts', 'email', 'NOT_CONTAINS_TOKEN', '*.example', ['nobody']],
  ['contacts', 'firstname', 'CONTAINS_TOKEN', '.*', []],
  ['contacts', 'annualrevenue', 'GT', '100', ['grace']],
  ['contacts', 'annualrevenue', 'LTE', -5, ['nobody']],
  ['contacts', 'annualrevenue', 'EQ', '1200.50', ['grace']],
  ['contacts', 'annualrevenue', 'IN', ['-5', '1200.5'], ['grace', 'nobody']],
  ['contacts', 'annualrevenue', 'BETWEEN', ['-10', '0'], ['nobody']],
  ['contacts', 'closedate', 'GTE', '1772532000000', ['grace']],
  ['contacts', 'closedate', 'LT', '2026-02-01', ['nobody']],
  ['contacts', 'closedate', 'BETWEEN', ['2026-01-01', '2026-12-31'], ['grace', 'nobody']],
  ['contacts', 'date_of_birth', 'EQ', '1815-12-10', ['ada']],
  ['contacts', 'date_of_birth', 'LT', '1815-12-11', ['ada']],
  ['contacts', 'hs_additional_emails', 'IN', ['h@x.example'], ['grace']],
  ['contacts', 'createdate', 'GT', '2020-01-01', ALL],
  ['contacts', 'hs_lastmodifieddate', 'LT', '2020-01-01', []],
  ['contacts', 'hubspot_owner_id', 'NOT_HAS_PROPERTY', undefined, ALL],
  ['contacts', 'hubspot_owner_id', 'EQ', '12', []],
  ['tickets', 'hs_ticket_category', 'IN', ['BILLING_ISSUE'], ['broken']],
  // Text compares without case, but for options (wire/hubspot.md).
  ['tickets', 'hs_ticket_category', 'IN', ['billing_issue'], []],
  ['tickets', 'hs_ticket_category', 'NOT_IN', ['billing_issue'], ['broken', 'late']],
  ['contacts', 'lifecyclestage', 'EQ', 'lead', ['ada']],
  ['contacts', 'lifecyclestage', 'EQ', 'Lead', []],
  ['contacts', 'lifecyclestage', 'NEQ', 'LEAD', ALL],
  ['contacts', 'hs_additional_emails', 'IN', ['H@X.example'], ['grace']],
  ['tickets', 'hs_ticket_category', 'EQ', 'PRODUCT_ISSUE', ['broken', 'late']],
  ['tasks', 'hs_task_status', 'EQ', 'COMPLETED', ['done']],
  ['tasks', 'hs_task_status', 'EQ', 'WAITING', ['waits']],
  ['companies', 'domain', 'EQ', 'deo.example', ['deo']],
  ['deals', 'amount', 'GT', '1000', ['tent']],
  ['deals', 'hs_is_closed', 'EQ', 'false', ['barn', 'tent']],
  ['deals', 'hs_is_closed_won', 'EQ', 'true', []],
]

for (const [type, propertyName, operator, value, wanted] of CASES) {
  test(`${type}: ${propertyName} ${operator} ${JSON.stringify(value)}`, async () => {
    const isRange = operator === 'BETWEEN'
    const filter = Array.isArray(value)
      ? isRange
        ? { value: value[0], highValue: value[1] }
        : { values: value }
      : { ...(value === undefined ? {} : { value }) }
    const filters = [{ propertyName, operator, ...filter }]
    assert.deepEqual((await found(type, { filters })).sort(), wanted.toSorted())
    assert.deepEqual((await found(type, { filterGroups: [{ filters }] })).sort(), wanted.toSorted())
  })
}

test('the number of an object, groups as alternatives, and what stands in one together', async () => {
  const is = (propertyName: string, value: string) => ({ propertyName, operator: 'EQ', value })
  assert.deepEqual(await found('contacts', { filters: [is('hs_object_id', ids.get('ada') as string)] }), ['ada'])
  const groups = [
    { filters: [is('firstname', 'ada'), is('lastname', 'hopper')] },
    { filters: [is('firstname', 'grace')] },
  ]
  assert.deepEqual(await found('contacts', { filterGroups: groups }), ['grace'])
})

test('words are looked for where each type is known by them', async () => {
  assert.deepEqual(await found('contacts', { query: 'byron' }), ['ada'])
  assert.deepEqual(await found('companies', { query: 'deo.example' }), ['deo'])
  assert.deepEqual(await found('tickets', { query: 'brok' }), ['broken'])
  assert.deepEqual(await found('deals', { query: 'tent' }), ['tent'])
  assert.deepEqual(await found('contacts', { query: 'tent' }), [])
  assert.deepEqual(await found('contacts', { query: '--' }), [], 'no word is in anybody')
  assert.deepEqual(await found('contacts', { query: ' ' }), await found('contacts', {}), 'nothing is asked')
})

test('results are in the order that is asked for', async () => {
  assert.deepEqual(await found('contacts', {}), ALL)
  assert.deepEqual(await found('contacts', { sorts: ['-createdate'] }), ALL.toReversed())
  assert.deepEqual(await found('deals', { sorts: [{ propertyName: 'amount', direction: 'DESCENDING' }] }), [
    'tent',
    'barn',
  ])
  assert.deepEqual(await found('deals', { sorts: [{ propertyName: 'dealname' }] }), ['barn', 'tent'])
  const byId = [...ids].filter(([name]) => ALL.includes(name)).sort(([, a], [, b]) => Number(a) - Number(b))
  assert.deepEqual(
    await found('contacts', { sorts: ['hs_object_id'] }),
    byId.map(([name]) => name),
  )
})

test('what cannot be asked is refused', async () => {
  for (const filter of [
    { propertyName: 'no_such', operator: 'EQ', value: 'x' },
    { propertyName: 'firstname', operator: 'LIKE', value: 'x' },
    { propertyName: 'firstname', operator: 'EQ' },
    { propertyName: 'firstname', operator: 'IN' },
    { propertyName: 'annualrevenue', operator: 'GT', value: 'many' },
    { propertyName: 'closedate', operator: 'GT', value: 'soon' },
    { propertyName: 'associations.nothing', operator: 'EQ', value: '1' },
    { propertyName: 'closedate', operator: 'BETWEEN', value: '2026-01-01' },
  ]) {
    const reply = await client().post('/crm/v3/objects/contacts/search', { filters: [filter] })
    assert.deepEqual([reply.status, reply.body.category], [400, 'VALIDATION_ERROR'], JSON.stringify(filter))
  }
  assert.equal((await client().post('/crm/v3/objects/contacts/search', { sorts: ['no_such'] })).status, 400)
})

/** Large letters of alphabets that have them; what SQL and we make of all others: natural-keys.test.ts. */
const ALPHABETS = ['ÄÖÜŁØÉŽÇĐĞẼ', 'ΑΒΓΔΣΩΪΆΞ', 'АБВЖЁЙЩЮЯЇ', 'ԱԲԳԴԵԶԷԸ', 'ᲐᲑᲒᲓᲔᲕᲖ', 'ᎠᎡᎢᎣᎤᎥ', 'ⲀⲂⲄⲆⲈⲊ', '𐐀𐐁𐐂𐐃𐐄𐐅'].map(
  (letters) => fc.string({ unit: fc.constantFrom(...letters), minLength: 4, maxLength: 8 }),
)
const wordsOfEach = () => fc.sample(fc.tuple(...ALPHABETS), 1)[0] as string[]

for (const [plural, single, name] of [
  ['contacts', 'contact', 'firstname'],
  ['companies', 'company', 'name'],
  ['deals', 'deal', 'dealname'],
  ['tickets', 'ticket', 'subject'],
  ['boats', 'boat', 'name'],
] as const)
  test(`${plural} are found, told apart and upserted by letters of any alphabet, large or small`, async () => {
    const post = (path: string, body: object) => client().post(path, body)
    const objects = `/crm/v3/objects/${plural}`
    if (plural === 'boats') {
      const property = { name, label: 'Name', type: 'string', fieldType: 'text' }
      const labels = { singular: 'Boat', plural: 'Boats' }
      const schema = { name: single, labels, primaryDisplayProperty: name, requiredProperties: [] }
      const made = await post('/crm-object-schemas/v3/schemas', {
        ...schema,
        properties: [property],
        associatedObjects: [],
      })
      assert.equal(made.status, 201, JSON.stringify(made.body))
    }
    const groupName = (await client().get(`/crm/v3/properties/${plural}/groups`)).body.results[0].name
    const serial = { name: 'serial', label: 'Serial', type: 'string', fieldType: 'text', groupName }
    assert.equal((await post(`/crm/v3/properties/${plural}`, { ...serial, hasUniqueValue: true })).status, 201)

    const words = wordsOfEach()
    const all: string[] = []
    for (const [index, word] of words.entries()) {
      all.push(`${plural} ${index}`)
      await create(plural, `${plural} ${index}`, { [name]: `${word}, 7`, serial: word })
    }
    const by = (propertyName: string, operator: string, value: string | string[]) =>
      found(plural, {
        filters: [
          { propertyName: 'serial', operator: 'HAS_PROPERTY' },
          { propertyName, operator, ...(Array.isArray(value) ? { values: value } : { value }) },
        ],
      })
    for (const [index, word] of words.entries()) {
      const others = all.toSpliced(index, 1)
      for (const spelled of [word, word.toLowerCase(), word.normalize('NFD')]) {
        assert.deepEqual(await by('serial', 'EQ', spelled), [all[index]], spelled)
        assert.deepEqual(await by('serial', 'NEQ', spelled), others, spelled)
        assert.deepEqual(await by(name, 'CONTAINS_TOKEN', spelled), [all[index]], spelled)
        assert.deepEqual(await by(name, 'NOT_CONTAINS_TOKEN', spelled), others, spelled)
        const read = await client().get(`${objects}/${encodeURIComponent(spelled)}?idProperty=serial`)
        assert.equal(read.body.id, ids.get(all[index] as string), spelled)
        const twin = await post(objects, { properties: { [name]: 'Twin', serial: spelled } })
        assert.equal(twin.status, 409, spelled)
      }
      const piece = [...word].slice(1).join('')
      assert.deepEqual(await by(name, 'CONTAINS_TOKEN', piece), [], `${piece} of ${word}`)
      assert.deepEqual(await by(name, 'CONTAINS_TOKEN', `*${piece}`), [all[index]], `${piece} of ${word}`)
    }
    const small = words.map((word) => word.toLowerCase())
    assert.deepEqual(await by('serial', 'IN', small), all)
    assert.deepEqual(await by('serial', 'NOT_IN', small.slice(1)), [all[0]])
    const ofSmall = { idProperty: 'serial', properties: ['serial'] }
    const read = await post(`${objects}/batch/read`, { ...ofSmall, inputs: small.map((id) => ({ id })) })
    assert.deepEqual([read.status, read.body.results?.length], [200, words.length])

    const upsert = async (serials: readonly string[]) =>
      (
        await post(`${objects}/batch/upsert`, {
          inputs: serials.map((id) => ({ id, idProperty: 'serial', properties: { [name]: 'Upserted' } })),
        })
      ).body.results.map((one: { id: string; new: boolean }) => [one.id, one.new])
    const known = all.map((one) => [ids.get(one), false])
    assert.deepEqual(await upsert(small), known)
    assert.deepEqual(await upsert(words), known, 'and again')
    const fresh = words.map((word) => `${word} 2`)
    const answers = await Promise.all([fresh, fresh.map((one) => one.toLowerCase()), fresh, fresh].map(upsert))
    assert.equal(new Set(answers.flat().map(([id]) => id)).size, fresh.length, 'four at once make each once')
    assert.equal(answers.flat().filter(([, isNew]) => isNew).length, fresh.length)
  })
