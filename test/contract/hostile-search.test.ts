import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let client: Client
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
  location = (await createAgency(server.app)).locations[0] as TestLocation
  client = server.client(location.token)
  const names = ['Ann', 'Ben', 'Cora', 'Dov']
  for (const [index, firstName] of names.entries()) {
    const tags = [`tag ${index}`]
    await client.post('/contacts/', {
      locationId: location.id,
      firstName,
      email: `${firstName}@post.example`,
      city: `City ${index}`,
      tags,
      dateOfBirth: `200${index}-01-01`,
    })
  }
})
after(() => server?.[Symbol.asyncDispose]())

const search = (filters: unknown[], rest: object = {}) =>
  client.post('/contacts/search', { locationId: location.id, pageLimit: 20, filters, ...rest })
async function found(...filters: unknown[]): Promise<string[]> {
  const reply = await search(filters)
  assert.equal(reply.status, 200, JSON.stringify(reply.body).slice(0, 300))
  return reply.body.contacts.map((contact: { firstName: string }) => contact.firstName).sort()
}
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `x${index}`)

async function assertTooMany(filters: unknown[], most = /at most 500/): Promise<void> {
  const reply = await search(filters)
  assert.deepEqual(
    [reply.status, most.test(JSON.stringify(reply.body))],
    [422, true],
    JSON.stringify(reply.body).slice(0, 300),
  )
}

test('a search asks for at most 500 things, counted in all groups and values, and of 100 filters', async () => {
  const one = { field: 'city', operator: 'exists' }
  await assertTooMany([{ field: 'name', operator: 'contains', value: numbered(501) }])
  await assertTooMany([{ group: 'AND', filters: Array.from({ length: 3_000 }, () => one) }], /at most 100 filters/)
  await assertTooMany(Array.from({ length: 3 }, () => ({ field: 'city', operator: 'eq', value: numbered(170) })))
  await assertTooMany(
    [
      {
        group: 'OR',
        filters: [
          { group: 'OR', filters: Array.from({ length: 51 }, () => one) },
          ...Array.from({ length: 50 }, () => one),
        ],
      },
    ],
    /at most 100 filters/,
  )
  assert.equal((await search(Array.from({ length: 100 }, () => one))).status, 200)
  await assertTooMany([
    { field: 'name', operator: 'contains', value: Array.from({ length: 90_000 }, (_, index) => index % 10) },
  ])
})

test('a list of values finds what each of them finds, in every kind of field and both ways', async () => {
  const many = numbered(400)
  assert.deepEqual(await found({ field: 'city', operator: 'eq', value: [...many, 'CITY 1', 'city 3'] }), ['Ben', 'Dov'])
  assert.deepEqual(await found({ field: 'city', operator: 'not_eq', value: [...many, 'CITY 1', 'city 3'] }), [
    'Ann',
    'Cora',
  ])
  assert.deepEqual(await found({ field: 'address1', operator: 'not_eq', value: [...many, 'CITY 1'] }), [
    'Ann',
    'Ben',
    'Cora',
    'Dov',
  ])
  assert.deepEqual(await found({ field: 'name', operator: 'contains', value: [...many, 'NN', 'or'] }), ['Ann', 'Cora'])
  assert.deepEqual(await found({ field: 'name', operator: 'not_contains', value: [...many, 'NN', 'or'] }), [
    'Ben',
    'Dov',
  ])
  assert.deepEqual(await found({ field: 'name', operator: 'eq', value: [...many, 'ann', 'dov'] }), ['Ann', 'Dov'])
  assert.deepEqual(await found({ field: 'tags', operator: 'contains', value: [...many, 'Tag 0', '2'] }), [
    'Ann',
    'Cora',
  ])
  assert.deepEqual(await found({ field: 'tags', operator: 'eq', value: [...many, ' TAG  0 ', 'tag 2'] }), [
    'Ann',
    'Cora',
  ])
  assert.deepEqual(await found({ field: 'tags', operator: 'not_eq', value: ['tag 0', 'tag 2'] }), ['Ben', 'Dov'])
  assert.deepEqual(await found({ field: 'dateOfBirth', operator: 'eq', value: ['2001-01-01', '2003-01-01'] }), [
    'Ben',
    'Dov',
  ])
  assert.deepEqual(await found({ field: 'email', operator: 'eq', value: [...many, 'ben@post.example'] }), ['Ben'])
})

test('what is stored is read and folded once, however many values are looked for in it', async () => {
  const tags = Array.from({ length: 500 }, (_, index) => `${index} ${'x'.repeat(140)}`)
  for (let count = 0; count < 10; count++) {
    const made = await client.post('/contacts/', { locationId: location.id, firstName: `Fat ${count}`, tags })
    assert.equal(made.status, 201, JSON.stringify(made.body).slice(0, 300))
  }
  const timeOf = async (count: number) => {
    const began = performance.now()
    assert.deepEqual(await found({ field: 'name', operator: 'contains', value: numbered(count) }), [])
    return performance.now() - began
  }
  const least = async (count: number) => Math.min(await timeOf(count), await timeOf(count), await timeOf(count))
  const [few, many] = [await least(1), await least(450)]
  assert.ok(many < few * 50, `${few} ms for one, ${many} ms for 450`)
})

test('the name of a bound that every object has is no bound', async () => {
  for (const name of ['toString', 'constructor', 'valueOf', 'hasOwnProperty']) {
    for (const field of ['email', 'dateAdded', 'customFields.x']) {
      const reply = await search([{ field, operator: 'range', value: JSON.parse(`{"${name}":"1"}`) }])
      assert.equal(reply.status, 422, `${field} ${name}: ${JSON.stringify(reply.body)}`)
    }
  }
})

test('moments that no calendar of the database has are faults of the caller', async () => {
  for (const moment of [
    '-009999-01-01T00:00:00Z',
    '-271821-04-20T00:00:00Z',
    -8_640_000_000_000_000,
    '+275760-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
  ]) {
    for (const filter of [
      { field: 'dateAdded', operator: 'range', value: { gt: moment } },
      { field: 'dateAdded', operator: 'eq', value: moment },
    ]) {
      const reply = await search([filter])
      assert.equal(reply.status, 422, `${JSON.stringify(filter)}: ${JSON.stringify(reply.body)}`)
    }
  }
  const exported = await client.get(
    `/conversations/messages/export?locationId=${location.id}&startDate=-009999-01-01T00:00:00Z`,
  )
  assert.equal(exported.status, 422, JSON.stringify(exported.body))
  for (const at of [-8_640_000_000_000_000, -250_000_000_000_000, 8_640_000_000_000_000]) {
    const contacts = await search([], { searchAfter: [at, 'x'] })
    assert.ok([200, 400].includes(contacts.status), `${at}: ${JSON.stringify(contacts.body)}`)
    const opportunities = await client.post('/opportunities/search', {
      locationId: location.id,
      searchAfter: [at, 'x'],
    })
    assert.ok([201, 400].includes(opportunities.status), `${at}: ${JSON.stringify(opportunities.body)}`)
  }
})
