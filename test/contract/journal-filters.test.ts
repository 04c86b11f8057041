import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OPERATORS } from '../../src/journal/index.ts'
import type { Client } from '../support/client.ts'
import { askAppToken, holdJournal, type JournalEvent, Reader, SUBSCRIPTIONS } from '../support/journal.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let app: Client
let portalId: number

before(async () => {
  story = await startStory()
  app = story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
  portalId = story.demo.locations[2]?.portalId as number
})
after(() => story?.[Symbol.asyncDispose]())

interface Row {
  operator: string
  property: string
  value?: string | number
  values?: string[]
  passes: (string | null)[]
  stops: (string | null)[]
}

/** City takes any text; what is compared as a number or a moment is what it looks like. */
const ROWS: Row[] = [
  { operator: 'EQ', property: 'city', value: 'Hudson', passes: ['Hudson', 'HUDSON'], stops: ['Hudson Falls', null] },
  { operator: 'EQ', property: 'city', value: 10, passes: ['10', '10.0'], stops: ['100', null] },
  { operator: 'N_EQ', property: 'city', value: 'Hudson', passes: ['Albany', null], stops: ['hudson'] },
  { operator: 'LT', property: 'city', value: '10', passes: ['9', '-1'], stops: ['10', '100', null] },
  { operator: 'GT', property: 'city', value: '9', passes: ['10', '100'], stops: ['9', '8.5', null] },
  {
    operator: 'LTE',
    property: 'city',
    value: '2026-03-01',
    passes: ['2026-03-01', '2025-12-31'],
    stops: ['2026-03-02'],
  },
  { operator: 'GTE', property: 'city', value: 'm', passes: ['Newark', 'm'], stops: ['Albany', null] },
  { operator: 'CONTAINS', property: 'city', value: 'UDS', passes: ['Hudson'], stops: ['Albany', null] },
  { operator: 'STARTS_WITH', property: 'city', value: 'hu', passes: ['Hudson'], stops: ['Uhu', null] },
  { operator: 'ENDS_WITH', property: 'city', value: 'ON', passes: ['Hudson'], stops: ['Hudsons', null] },
  {
    operator: 'IN',
    property: 'city',
    values: ['Albany', 'hudson'],
    passes: ['Hudson', 'albany'],
    stops: ['Newark', null],
  },
  { operator: 'NOT_IN', property: 'city', values: ['Albany', 'hudson'], passes: ['Newark', null], stops: ['Hudson'] },
  { operator: 'IS_EMPTY', property: 'city', passes: [null], stops: ['Hudson'] },
  { operator: 'IS_NOT_EMPTY', property: 'city', passes: ['Hudson'], stops: [null] },
]

test('the table knows every operator', () => {
  assert.deepEqual([...new Set(ROWS.map(({ operator }) => operator))].sort(), [...OPERATORS].sort())
})

async function subscribe(): Promise<number> {
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
  const { body } = await app.post(SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    portalId,
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE', 'DELETE'],
  })
  return body.id
}

let filters = 0
async function filterBy(subscriptionId: number, conditions: unknown[]): Promise<number> {
  const { status, body } = await app.post(`${SUBSCRIPTIONS}/filters`, { subscriptionId, filter: { conditions } })
  assert.equal(status, 200, JSON.stringify(body))
  filters++
  return body.filterId
}

let people = 0
async function contactIn(city: string | null): Promise<string> {
  const { id: locationId, client } = story.empty
  const reply = await client.post('/contacts/', {
    locationId,
    firstName: `Person ${people++}`,
    ...(city === null ? {} : { city }),
  })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return reply.body.contact.id
}

for (const { operator, property, value, values, passes, stops } of ROWS)
  test(`${operator} ${value ?? values ?? ''} passes ${passes} and stops ${stops}`, async () => {
    const subscriptionId = await subscribe()
    await filterBy(subscriptionId, [
      {
        filterType: 'CRM_OBJECT_PROPERTY',
        property,
        operator,
        ...(value === undefined ? {} : { value }),
        ...(values === undefined ? {} : { values }),
      },
    ])
    const reader = new Reader(app)
    await reader.rest()
    // What passes comes after what is stopped, too: then that has been looked at.
    for (const city of [...passes, ...stops, ...passes]) await contactIn(city)
    const told = await reader.events(2 * passes.length)
    assert.deepEqual(
      told.map(({ propertyChanges }) => propertyChanges.city ?? null),
      [...passes, ...passes],
    )
  })

test('conditions of a filter hold together, filters of a subscription each for itself, for what a record is and not for what changed', async () => {
  const subscriptionId = await subscribe()
  await filterBy(subscriptionId, [
    { property: 'city', operator: 'EQ', value: 'Hudson' },
    { property: 'state', operator: 'EQ', value: 'NY' },
  ])
  const second = await filterBy(subscriptionId, [{ property: 'city', operator: 'EQ', value: 'Albany' }])
  const reader = new Reader(app)
  await reader.rest()
  const id = await contactIn('Hudson')
  const { client } = story.empty
  const edit = (change: Record<string, string>) => client.put(`/contacts/${id}`, change)
  await edit({ state: 'NY' }) // passes the first
  await edit({ firstName: 'Other' }) // still does: what changed is something else
  await edit({ city: 'Albany', state: 'NJ' }) // passes the second
  await edit({ city: 'Newark' }) // neither
  await client.delete(`/contacts/${id}`) // filters are not asked
  const told = await reader.events(4)
  assert.deepEqual(
    told.map(({ action, propertyChanges }) => [action, ...Object.keys(propertyChanges ?? {}).sort()]),
    [['UPDATE', 'state'], ['UPDATE', 'firstname'], ['UPDATE', 'city', 'state'], ['DELETE']],
  )
  const { body } = await app.get(`${SUBSCRIPTIONS}/filters/subscription/${subscriptionId}`)
  assert.ok(Array.isArray(body) && body.length === 2)
  assert.equal((await app.get(`${SUBSCRIPTIONS}/filters/${second}`)).body.filter.conditions[0].value, 'Albany')
  assert.equal((await app.raw('DELETE', `${SUBSCRIPTIONS}/filters/${second}`)).status, 204)
  assert.equal((await app.get(`${SUBSCRIPTIONS}/filters/${second}`)).status, 404)
})

test('of a property with several values any may be the one that a filter asks for, as in searches', async () => {
  const { client } = story.empty
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }))
  const made = await client.post('/crm/v3/properties/contacts', {
    ...{ name: 'kinds', label: 'Kinds', type: 'enumeration', fieldType: 'checkbox', options },
    groupName: 'contactinformation',
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  for (const [operator, value, passing] of [
    ['IN', 'b', ['a;b', 'b']],
    ['EQ', 'b', ['a;b', 'b']],
    ['NOT_IN', 'b', ['c']],
    ['N_EQ', 'b', ['c']],
  ] as const) {
    const condition = operator.endsWith('IN') ? { values: [value] } : { value }
    await filterBy(await subscribe(), [{ property: 'kinds', operator, ...condition }])
    const reader = new Reader(app)
    await reader.rest()
    for (const kinds of ['a;b', 'c', 'b'])
      await client.post('/crm/v3/objects/contacts', { properties: { firstname: 'Some', kinds } })
    const told = await reader.events(passing.length)
    assert.deepEqual(
      told.map(({ propertyChanges }) => propertyChanges.kinds),
      passing,
      operator,
    )
  }
})

test('properties and objects that a subscription names are all that is told', async () => {
  const first = await contactIn('One')
  await subscribe()
  const reader = new Reader(app)
  await reader.rest()
  await contactIn('Two')
  const [{ objectId }] = (await reader.events(1)) as [JournalEvent]
  await app.post(SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    portalId,
    objectTypeId: '0-1',
    actions: ['UPDATE'],
    properties: ['city'],
    objectIds: [objectId],
  })
  const { client, id: locationId } = story.empty
  await client.put(`/contacts/${first}`, { city: 'Another' })
  const list = await client.post('/contacts/search', {
    locationId,
    pageLimit: 1,
    sort: [{ field: 'dateAdded', direction: 'desc' }],
  })
  const id = list.body.contacts[0].id
  await client.put(`/contacts/${id}`, { firstName: 'Not told' })
  await client.put(`/contacts/${id}`, { city: 'Told', source: 'Left out' })
  const told = await reader.events(1)
  assert.deepEqual(told[0]?.propertyChanges, { city: 'Told' })
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.deepEqual(await reader.rest(), [])
})

test('a filter that says nothing, or is of another app, is refused', async () => {
  const subscriptionId = await subscribe()
  const refused = async (conditions: unknown[]) => {
    const { status, body } = await app.post(`${SUBSCRIPTIONS}/filters`, { subscriptionId, filter: { conditions } })
    assert.deepEqual([status, body.category], [400, 'VALIDATION_ERROR'])
    return body.errors.map(({ message }: { message: string }) => message).join('; ')
  }
  assert.match(await refused([{ property: 'city', operator: 'LIKE', value: 'x' }]), /operator must be one of/)
  assert.match(await refused([{ property: 'city', operator: 'IN' }]), /values should not be empty/)
  assert.match(await refused([{ property: 'city', operator: 'EQ' }]), /value should not be empty/)
  // What could never pass.
  assert.match(await refused([{ property: 'nopenope', operator: 'IS_EMPTY' }]), /0-1 have no property nopenope/)
  const number = 'hs_object_id'
  assert.match(await refused([{ property: number, operator: 'GT', value: 'abc' }]), /abc is no number/)
  assert.match(await refused([{ property: number, operator: 'IN', values: [1, 'abc'] }]), /abc is no number/)
  assert.match(await refused([{ property: 'createdate', operator: 'LT', value: 'soon' }]), /soon is no datetime/)
  const named = await filterBy(subscriptionId, [{ property: 'CITY', operator: 'EQ', value: 'Hudson' }])
  const { body: known } = await app.get(`${SUBSCRIPTIONS}/filters/${named}`)
  assert.equal(known.filter.conditions[0].property, 'city', 'as it is told')
  assert.equal(
    (
      await app.post(`${SUBSCRIPTIONS}/filters`, {
        subscriptionId: 1,
        filter: { conditions: [{ property: 'a', operator: 'IS_EMPTY' }] },
      })
    ).status,
    404,
  )
  assert.ok(filters > OPERATORS.length)
})

test('what happened before a subscription or a filter was there is not held against it', async () => {
  await subscribe()
  const reader = new Reader(app)
  await reader.rest()
  // Nobody writes the journal meanwhile, so all of it is told at once.
  const held = await holdJournal(story.server)
  await contactIn('Before')
  const id = (await app.get(SUBSCRIPTIONS)).body.results.find(
    (one: { portalId: number }) => one.portalId === portalId,
  ).id
  await filterBy(id, [{ property: 'city', operator: 'EQ', value: 'Passes' }])
  await contactIn('Stopped')
  await contactIn('Passes')
  await held[Symbol.asyncDispose]()
  const told = await reader.events(2)
  assert.deepEqual(
    told.map(({ propertyChanges }) => propertyChanges.city),
    ['Before', 'Passes'],
  )
})
