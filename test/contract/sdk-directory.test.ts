import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { listChanges } from '../../src/store/changes/index.ts'
import { type Client, untraced } from '../support/client.ts'
import { conforms } from '../support/official.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let sdk: HighLevel
let agencySdk: HighLevel

const sdkWith = (token: string) => {
  const made = new HighLevel({ privateIntegrationToken: token, logLevel: 'none' as never })
  made.getHttpClient().defaults.baseURL = server.url
  return made
}

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 2 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  sdk = sdkWith(location.token)
  agencySdk = sdkWith(agency.token)
})
after(() => server?.[Symbol.asyncDispose]())

const here = () => ({ locationId: location.id })

const refused = (status: number) => (error: { statusCode?: number }) => error.statusCode === status
const changesOf = (kind: string, entityId: string, locationId = location.id) =>
  listChanges(server.app.platform.db, { locationId, kind, entityId, limit: 20 }).then((changes) =>
    changes.map(({ op, delta }) => [op, delta]),
  )

async function newContact(name: string): Promise<string> {
  const { body } = await client.post('/contacts/', {
    ...here(),
    firstName: name,
    email: `${name.toLowerCase()}@example.com`,
  })
  return body.contact.id
}

test('the official client manages businesses, and the contacts of one that is deleted stay', async () => {
  const made = conforms(
    'POST /businesses/',
    await sdk.businesses.createBusiness({ ...here(), name: 'Deo Ltd', city: 'Hudson' }),
  )
  const businessId = made.buiseness.id
  assert.match(businessId, /^[0-9a-f]{24}$/)
  const changed = conforms(
    'PUT /businesses/{businessId}',
    await sdk.businesses.updateBusiness({ businessId }, { name: 'Deo & Sons', city: '' }),
  )
  assert.equal(changed.buiseness.name, 'Deo & Sons')
  assert.ok(!('city' in changed.buiseness), 'an empty text removes the detail')
  const read = conforms('GET /businesses/{businessId}', await sdk.businesses.getBusiness({ businessId }))
  assert.deepEqual(read.business, changed.buiseness)
  const listed = conforms(
    'GET /businesses/',
    await sdk.businesses.getBusinessesByLocation({ ...here(), limit: '10', skip: '0' }),
  )
  assert.deepEqual(listed.businesses, [read.business])
  const contactId = await newContact('Staff')
  const bulk = await client.post('/contacts/bulk/business', { ...here(), ids: [contactId], businessId })
  assert.ok(bulk.status < 300, JSON.stringify(bulk.body))
  conforms('DELETE /businesses/{businessId}', await sdk.businesses.deleteBusiness({ businessId }))
  await assert.rejects(sdk.businesses.getBusiness({ businessId }), refused(404))
  assert.equal((await client.get(`/contacts/${contactId}`)).body.contact.businessId, undefined)
  assert.deepEqual(
    (await changesOf('businesses', businessId)).map(([op]) => op),
    ['delete', 'update', 'create'],
  )
})

test('the official client manages users, whose passwords are stored nowhere', async () => {
  const password = 'correct horse battery staple'
  const body = {
    companyId: agency.companyId,
    firstName: 'Ada',
    lastName: 'Byron',
    email: 'Ada@Studio.example',
    password,
    type: 'account',
    role: 'admin',
  }
  const made = conforms(
    'POST /users/',
    await sdk.users.createUser({ ...body, locationIds: [location.id], scopes: ['contacts.write'] } as never),
  )
  const userId = made.id as string
  assert.equal(made.name, 'Ada Byron')
  assert.deepEqual(made.roles?.locationIds, [location.id])
  await assert.rejects(sdk.users.createUser({ ...body, locationIds: [location.id] } as never), refused(400))
  const changed = conforms(
    'PUT /users/{userId}',
    await sdk.users.updateUser({ userId } as never, { phone: '+12025550107', password: `${password}!` } as never),
  )
  const read = conforms('GET /users/{userId}', await sdk.users.getUser({ userId }))
  assert.deepEqual(untraced(read), untraced(changed))
  const listed = conforms('GET /users/', await sdk.users.getUserByLocation(here()))
  assert.deepEqual(listed.users, [untraced(read)])
  for (const one of [sdk, agencySdk]) {
    const found = conforms(
      'GET /users/search',
      await one.users.searchUsers({
        companyId: agency.companyId,
        query: 'byr',
        limit: '10',
        skip: '0',
        role: 'admin',
      } as never),
    )
    assert.deepEqual([found.count, found.users?.[0]?.id], [1, userId])
  }
  const byEmail = async (more: object = {}) =>
    conforms(
      'POST /users/search/filter-by-email',
      await agencySdk.users.filterUsersByEmail({
        companyId: agency.companyId,
        emails: 'nobody@studio.example,ADA@studio.example',
        ...more,
      } as never),
    )
  assert.equal((await byEmail()).count, 1)
  assert.equal((await byEmail({ deleted: true })).count, 0)
  conforms('DELETE /users/{userId}', await sdk.users.deleteUser({ userId } as never))
  await assert.rejects(sdk.users.getUser({ userId }), refused(404))
  assert.equal((await byEmail()).count, 0)
  assert.equal((await byEmail({ deleted: true })).users?.[0]?.deleted, true)
  const history = JSON.stringify(await changesOf('users', userId, agency.companyId))
  assert.match(history, /\+12025550107/)
  assert.doesNotMatch(history, /correct horse/)
})

test("a location's token reaches only the users of that location", async () => {
  const [first, second] = agency.locations as [TestLocation, TestLocation]
  const body = { companyId: agency.companyId, lastName: 'Hopper', password: 'x', type: 'account', role: 'user' }
  const both = await agencySdk.users.createUser({
    ...body,
    firstName: 'Both',
    email: 'both@studio.example',
    locationIds: [first.id, second.id],
  } as never)
  const other = await agencySdk.users.createUser({
    ...body,
    firstName: 'Other',
    email: 'other@studio.example',
    locationIds: [second.id],
  } as never)
  assert.deepEqual(
    (await sdk.users.getUser({ userId: both.id as string })).roles?.locationIds,
    [first.id],
    'where else they work is not shown',
  )
  await assert.rejects(sdk.users.getUser({ userId: other.id as string }), refused(404))
  await assert.rejects(
    sdk.users.updateUser({ userId: both.id } as never, { email: 'mine@studio.example' } as never),
    refused(403),
  )
  await assert.rejects(sdk.users.deleteUser({ userId: both.id } as never), refused(403))
  const rise = { ...body, firstName: 'Rise', email: 'rise@studio.example', type: 'agency', locationIds: [first.id] }
  await assert.rejects(sdk.users.createUser(rise as never), refused(422))
  await assert.rejects(
    sdk.users.createUser({ ...rise, type: 'account', locationIds: [second.id] } as never),
    refused(403),
  )
  const found = await sdk.users.searchUsers({ companyId: agency.companyId } as never)
  assert.deepEqual(
    found.users?.map((user) => user.firstName),
    ['Both'],
  )
})

test('the official client reads the company', async () => {
  const { company } = conforms(
    'GET /companies/{companyId}',
    await agencySdk.companies.getCompany({ companyId: agency.companyId }),
  )
  assert.equal(company?.relationshipNumber, agency.relationshipNumber)
  assert.equal(company?.locationCount, 2)
  await assert.rejects(sdk.companies.getCompany({ companyId: agency.companyId }), refused(401))
})

test('relations tie two records together, both of which must be there', async () => {
  const association = await sdk.associations.createAssociation({
    ...here(),
    key: 'employer',
    firstObjectLabel: 'Person',
    firstObjectKey: 'contact',
    secondObjectLabel: 'Employer',
    secondObjectKey: 'business',
  } as never)
  const contactId = await newContact('Person')
  const { buiseness } = await sdk.businesses.createBusiness({ ...here(), name: 'Employer' })
  const pair = { ...here(), associationId: association.id, firstRecordId: contactId, secondRecordId: buiseness.id }
  const relation = conforms('POST /associations/relations', await sdk.associations.createRelation(pair))
  assert.equal(relation.key, 'employer')
  await assert.rejects(sdk.associations.createRelation(pair), refused(400), 'once is enough')
  const swapped = await client.post('/associations/relations', {
    ...pair,
    firstRecordId: buiseness.id,
    secondRecordId: contactId,
  })
  assert.deepEqual(
    swapped.body.message.map((message: string) => message.split(':')[0]),
    ['firstRecordId', 'secondRecordId'],
  )
  for (const recordId of [contactId, buiseness.id]) {
    const listed = (await sdk.associations.getRelationsByRecordId({
      ...here(),
      recordId,
      skip: 0,
      limit: 10,
    } as never)) as unknown as { relations: object[] }
    assert.deepEqual(listed.relations, [untraced(relation)])
    conforms('GET /associations/relations/{recordId}', listed)
  }
  const gone = conforms(
    'DELETE /associations/relations/{relationId}',
    await sdk.associations.deleteRelation({ ...here(), relationId: relation.id }),
  )
  assert.equal(gone.id, relation.id)
  assert.deepEqual(
    (await client.get(`/associations/relations/${contactId}?locationId=${location.id}&skip=0&limit=10`)).body.relations,
    [],
  )
  assert.equal(
    (await client.get(`/associations/relations/nobody?locationId=${location.id}&skip=0&limit=10`)).status,
    404,
  )
})
