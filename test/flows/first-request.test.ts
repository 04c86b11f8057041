import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency

before(async () => {
  server = await startTestServer()
  agency = await createAgency(server.app, { locations: 2 })
})
after(() => server?.[Symbol.asyncDispose]())

test('a form is created and read back', async () => {
  const [here] = agency.locations
  const client = server.client(here!.token)
  const created = await client.post('/forms/', { locationId: here!.id, name: 'Book a visit' })
  assert.equal(created.status, 201)
  assert.match(created.headers.get('x-trace-id') ?? '', /^[0-9a-f-]{36}$/)
  const read = await client.get(`/forms/${created.body.form.id}`)
  assert.equal(read.status, 200)
  assert.deepEqual(read.body, created.body)
  const asAgency = await server.client(agency.token).get(`/forms/${created.body.form.id}`)
  assert.deepEqual(asAgency.body, created.body)
})

test('a request without a token or with an unknown one is refused with 401', async () => {
  const path = `/forms/?locationId=${agency.locations[0]!.id}`
  assert.equal((await server.client().get(path)).status, 401)
  const reply = await server.client('pit-unknown-token').get(path)
  assert.equal(reply.status, 401)
  assert.equal(reply.body.error, 'Unauthorized')
})

test('another location is refused with 403', async () => {
  const [here, there] = agency.locations
  const reply = await server.client(here!.token).get(`/forms/?locationId=${there!.id}`)
  assert.equal(reply.status, 403)
  assert.equal(reply.body.message, 'The token does not have access to this location.')
})

test('an unknown id and an unknown path are answered with 404', async () => {
  const client = server.client(agency.locations[0]!.token)
  assert.equal((await client.get('/forms/nothing')).status, 404)
  const reply = await client.get('/nowhere')
  assert.equal(reply.status, 404)
  assert.equal(reply.body.message, 'Cannot GET /nowhere')
})

test('each fault of the input is named in one 422', async () => {
  const [here] = agency.locations
  const reply = await server.client(here!.token).post('/forms/', { locationId: here!.id, name: '', colour: 'red' })
  assert.equal(reply.status, 422)
  assert.deepEqual([...reply.body.message].sort(), ['name should not be empty', 'property colour should not exist'])
})
