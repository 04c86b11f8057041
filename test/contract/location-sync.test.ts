import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let neighbour: TestLocation

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 2 })
  ;[location, neighbour] = agency.locations as [TestLocation, TestLocation]
})
after(() => server?.[Symbol.asyncDispose]())

const post = (token: string, body: object, headers: Record<string, string> = {}) =>
  server.client(token).post('/locations', body, headers)
const namesFor = async (token: string) =>
  (await server.client(token).get('/locations')).body.locations.map(({ name }: { name: string }) => name)

test('an agency makes a location by the name of another program once, and updates it then', async () => {
  const body = { location_id: 'studio-17', name: 'Studio', address: '1 High Street', country: 'US' }
  const made = await post(agency.token, body, { 'idempotency-key': 'one' })
  assert.deepEqual(
    [made.status, made.body.created, made.body.location.address],
    [201, true, '1 High Street'],
    JSON.stringify(made.body),
  )
  assert.deepEqual(
    (await post(agency.token, body, { 'idempotency-key': 'one' })).body,
    made.body,
    'the same request has the same answer',
  )
  const updated = await post(agency.token, { location_id: 'studio-17', name: 'Studio & Barn', country: 'GB' })
  assert.deepEqual([updated.status, updated.body.created, updated.body.id], [200, false, made.body.id])
  const { name, country, address } = updated.body.location
  assert.deepEqual(
    { name, country, address },
    { name: 'Studio & Barn', country: 'GB', address: '1 High Street' },
    'what the body does not name stays',
  )
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => post(agency.token, { location_id: 'studio-18', name: 'Other' })),
  )
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 201])
  assert.deepEqual(
    (await namesFor(agency.token)).toSorted(),
    [location.name, neighbour.name, 'Other', 'Studio & Barn'].toSorted(),
  )
})

test("a location's token names its own location and no other", async () => {
  const named = await post(location.token, { location_id: 'mine', name: 'Mine' })
  assert.deepEqual([named.status, named.body.id], [200, location.id])
  assert.equal(
    (await post(location.token, { location_id: 'mine', name: 'Mine again' })).body.location.name,
    'Mine again',
  )
  assert.equal(
    (await post(location.token, { location_id: 'another', name: 'Mine' })).status,
    403,
    'it has a name already',
  )
  assert.equal((await post(neighbour.token, { location_id: 'mine', name: 'Taken' })).status, 403)
  assert.equal((await post(neighbour.token, { location_id: location.id, name: 'Taken' })).status, 403)
  assert.deepEqual(await namesFor(location.token), ['Mine again'])
  // To guess what others are called costs the own name, which is given once.
  assert.equal((await post(neighbour.token, { location_id: 'guessed', name: neighbour.name })).status, 200)
  const [taken, free] = [
    await post(neighbour.token, { location_id: 'mine', name: 'Guess' }),
    await post(neighbour.token, { location_id: 'nobody', name: 'Guess' }),
  ]
  assert.deepEqual([free.status, free.body.message], [taken.status, taken.body.message], 'no answer tells them apart')
})

test("another agency's names are its own", async () => {
  const other = await createAgency(server.app)
  const made = await post(other.token, { location_id: 'studio-17', name: 'Elsewhere' })
  assert.deepEqual([made.status, made.body.location.companyId], [201, other.companyId])
  const foreign = await post(other.token, { location_id: location.id, name: 'Not yours' })
  assert.deepEqual(
    [foreign.status, foreign.body.id === location.id],
    [201, false],
    'an id of somebody else is a name like any other',
  )
  assert.equal((await namesFor(location.token)).includes('Not yours'), false)
})

test('a location may be named beside an agency token, in the query or in the body', async () => {
  const client = server.client(agency.token)
  const body = { location_id: 'studio-19', name: 'Studio' }
  const made = await client.post(`/locations?locationId=${location.id}`, body)
  assert.deepEqual([made.status, made.body.created], [201, true], JSON.stringify(made.body))
  const known = await client.post('/locations', { ...body, locationId: neighbour.id })
  assert.deepEqual([known.status, known.body.id], [200, made.body.id], JSON.stringify(known.body))
  const other = (await createAgency(server.app)).locations[0] as TestLocation
  assert.equal((await client.post(`/locations?locationId=${other.id}`, body)).status, 403)
  assert.equal((await client.post('/locations', { ...body, locationId: other.id })).status, 403)
})

test("the guide's lines ask for a token and no version; HighLevel's asks for both", async () => {
  const headers = { 'content-type': 'application/json' }
  const send = async (token: string, path: string, body: object) =>
    (await server.client(token).raw('POST', path, { headers, body: JSON.stringify(body) })).status
  const studio = { location_id: 'studio-20', name: 'Studio' }
  assert.equal(await send(agency.token, '/locations', studio), 201)
  assert.equal(await send(agency.token, `/locations?companyId=${agency.companyId}`, studio), 200)
  assert.equal(await send(agency.token, '/locations/', studio), 401)
  assert.equal(await send(agency.token, '/locations/?a=b', studio), 401)
  assert.equal(await send(location.token, '/customers', { customer_id: 'c-1', email: 'c1@people.example' }), 201)
  assert.equal(await send(location.token, '/invoices', { invoice_id: 'i-1', total: 5, status: 'sent' }), 201)
  assert.equal((await server.client(location.token).raw('GET', '/locations')).status, 200)
})

test("HighLevel's own body on the same line works as ever", async () => {
  const made = await post(agency.token, { companyId: agency.companyId, name: 'As ever' })
  assert.deepEqual([made.status, made.body.name], [200, 'As ever'])
  const unnamed = await post(agency.token, { name: 'Nobody' })
  assert.deepEqual([unnamed.status, unnamed.body.message], [422, ['companyId should not be empty']])
  assert.equal((await post(location.token, { companyId: agency.companyId, name: 'Not I' })).status, 401)
  for (const [field, value] of Object.entries({
    country: 'Germany',
    address: 5,
    colour: 'red',
    timezone: 'Nowhere/Land',
  })) {
    const reply = await post(agency.token, { location_id: 'wrong', name: 'Wrong', [field]: value })
    assert.equal(reply.status, 422)
    assert.match(reply.body.message.join(), new RegExp(field))
  }
})
