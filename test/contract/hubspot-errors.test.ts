import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer

before(async () => {
  server = await startTestServer({ work: false })
})

after(() => server[Symbol.asyncDispose]())

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

test('a path of the HubSpot wire that nobody serves is refused in its words', async () => {
  for (const path of [
    '/crm/v9/nothing',
    '/webhooks-journal/nothing',
    '/crm-object-schemas/x',
    '/oauth/2026-03/nothing',
  ]) {
    const reply = await server.client().raw('GET', path)
    const { correlationId, ...body } = reply.body
    assert.match(correlationId, UUID)
    assert.equal(reply.headers.get('x-hubspot-correlation-id'), correlationId)
    assert.deepEqual(
      [reply.status, body],
      [404, { status: 'error', message: `Cannot GET ${path}`, category: 'OBJECT_NOT_FOUND' }],
    )
  }
})

test('a path of the other wire keeps its own', async () => {
  const reply = await server.client().raw('GET', '/oauth/nothing')
  assert.deepEqual(
    [reply.status, reply.body.statusCode, reply.headers.get('x-hubspot-correlation-id')],
    [404, 404, null],
  )
})

test('an address that cannot be read is refused in the words of its wire', async () => {
  for (const path of ['/crm/v3/owners/%ff', `/crm/v3/owners/${'a'.repeat(600)}`]) {
    const reply = await server.client().raw('GET', path)
    assert.deepEqual([reply.status, reply.body.status, reply.body.category], [400, 'error', 'VALIDATION_ERROR'], path)
    assert.equal(reply.headers.get('x-hubspot-correlation-id'), reply.body.correlationId)
  }
  assert.equal((await server.client().raw('GET', '/contacts/%ff')).body.statusCode, 400)
})
