import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '@hubspot/api-client'
import { hubspotClient, refusalOf } from '../support/hubspot.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let hubspot: Client
const people: { id: string; email: string }[] = []

before(async () => {
  server = await startTestServer()
  agency = await createAgency(server.app, { locations: 2 })
  const [here, elsewhere] = agency.locations
  hubspot = hubspotClient(server.url, here!.token)
  for (const [firstName, locationId] of [
    ['Ada', here!.id],
    ['Grace', here!.id],
    ['Edsger', here!.id],
    ['Barbara', elsewhere!.id],
  ] as const) {
    const reply = await server.client(agency.token).post('/users/', {
      companyId: agency.companyId,
      firstName,
      lastName: 'Of here',
      email: `${firstName}@owners.example`,
      password: 'a long one 1',
      type: 'account',
      role: 'user',
      locationIds: [locationId],
    })
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
    people.push(reply.body)
  }
})
after(() => server?.[Symbol.asyncDispose]())

test('owners are who works in the portal, and pages lead through all of them', async () => {
  const { results } = await hubspot.crm.owners.ownersApi.getPage()
  assert.deepEqual(
    results.map(({ firstName }) => firstName),
    ['Ada', 'Grace', 'Edsger'],
  )
  assert.equal(results[0]?.email, 'ada@owners.example')
  assert.equal(results[0]?.type, 'PERSON')
  assert.ok(results[0]?.createdAt instanceof Date)
  const seen: (string | undefined)[] = []
  let after: string | undefined
  do {
    const page = await hubspot.crm.owners.ownersApi.getPage(undefined, after, 2)
    seen.push(...page.results.map(({ firstName }) => firstName))
    after = page.paging?.next?.after
    if (after !== undefined) assert.match(page.paging?.next?.link ?? '', /^http.*\/crm\/v3\/owners\/\?limit=2&after=/)
  } while (after !== undefined)
  assert.deepEqual(seen, ['Ada', 'Grace', 'Edsger'])
  const named = await hubspot.crm.owners.ownersApi.getPage('GRACE@owners.example')
  assert.deepEqual(
    named.results.map(({ firstName }) => firstName),
    ['Grace'],
  )
})

test('an owner is known by its number, as owner and as user', async () => {
  const { results } = await hubspot.crm.owners.ownersApi.getPage()
  const [{ id, userId } = {} as never] = results
  assert.equal((await hubspot.crm.owners.ownersApi.getById(Number(id))).firstName, 'Ada')
  assert.equal((await hubspot.crm.owners.ownersApi.getById(userId as number, 'userId' as never)).firstName, 'Ada')
  const { code, body } = await refusalOf(hubspot.crm.owners.ownersApi.getById(1))
  assert.deepEqual([code, body.category], [404, 'OBJECT_NOT_FOUND'])
})

test('who works elsewhere is nobody here, also by number', async () => {
  const other = hubspotClient(server.url, agency.locations[1]!.token)
  const [barbara] = (await other.crm.owners.ownersApi.getPage()).results
  assert.equal(barbara?.firstName, 'Barbara')
  assert.equal((await refusalOf(hubspot.crm.owners.ownersApi.getById(Number(barbara?.id)))).code, 404)
})

test('who was removed is archived', async () => {
  const gone = people.find(({ email }) => email.startsWith('edsger'))
  assert.equal((await server.client(agency.token).delete(`/users/${gone?.id}`)).status, 200)
  const living = await hubspot.crm.owners.ownersApi.getPage()
  assert.equal(living.results.length, 2)
  const { results } = await hubspot.crm.owners.ownersApi.getPage(undefined, undefined, 100, true)
  assert.deepEqual(
    results.map(({ firstName, archived }) => [firstName, archived]),
    [['Edsger', true]],
  )
  const id = Number(results[0]?.id)
  assert.equal((await refusalOf(hubspot.crm.owners.ownersApi.getById(id))).code, 404)
  assert.equal((await hubspot.crm.owners.ownersApi.getById(id, undefined, true)).firstName, 'Edsger')
})

test('the list is served with and without its last slash, and in its dated spellings', async () => {
  const client = server.client(agency.locations[0]!.token)
  for (const path of ['/crm/v3/owners', '/crm/v3/owners/', '/crm/owners/2026-03', '/crm/owners/2026-09?limit=1']) {
    const reply = await client.raw('GET', path)
    assert.equal(reply.status, 200, path)
    assert.equal(reply.body.results[0].firstName, 'Ada', path)
  }
  const wrong = await client.raw('GET', '/crm/v3/owners?limit=many&after=nonsense')
  assert.deepEqual([wrong.status, wrong.body.category], [400, 'VALIDATION_ERROR'])
  assert.equal((await client.raw('GET', '/crm/v3/owners?after=nonsense')).status, 400)
})
