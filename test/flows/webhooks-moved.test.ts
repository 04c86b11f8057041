import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import { until } from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'
import { LOOPBACK, makeWebhook, startReceiver } from '../support/webhooks.ts'

let server: TestServer

before(async () => {
  server = await startTestServer(LOOPBACK)
})
after(() => server?.[Symbol.asyncDispose]())

test('another address is called at once, whatever the one before said or says still', async () => {
  const location = (await createAgency(server.app)).locations[0] as TestLocation
  const client = server.client(location.token)
  const newContact = (firstName: string) => client.post('/contacts/', { locationId: location.id, firstName })
  await using former = await startReceiver()
  await using next = await startReceiver()
  const { id } = await makeWebhook(client, { url: former.url })
  const stateOf = async () => (await client.get(`/webhooks/${id}`)).body.webhook
  former.answer = (response) => response.writeHead(429, { 'retry-after': '80000' }).end()
  await newContact('First')
  await until(async () => (await stateOf()).heldUntil !== null, 'a pause of a day')
  assert.equal((await client.put(`/webhooks/${id}`, { name: 'Called otherwise' })).status, 200)
  assert.notEqual((await stateOf()).heldUntil, null)
  assert.equal((await client.put(`/webhooks/${id}`, { url: next.url })).status, 200)
  assert.equal((await stateOf()).heldUntil, null)
  await next.until(({ taken }) => taken.length === 1, 'what has waited')
  // What is under way there is answered when the webhook is somewhere else.
  for (const [status, count] of [
    [410, 1],
    [429, 2],
  ] as const) {
    const held: ServerResponse[] = []
    former.answer = (response) => void held.push(response)
    assert.equal((await client.put(`/webhooks/${id}`, { url: former.url })).status, 200)
    await newContact(`Under way ${count}`)
    await former.until(() => held.length === 1, 'a request under way')
    assert.equal((await client.put(`/webhooks/${id}`, { url: next.url })).status, 200)
    held[0]?.writeHead(status, { 'retry-after': '80000' }).end()
    await until(async () => {
      const { deliveries } = (await client.get(`/webhooks/${id}/deliveries?limit=1`)).body
      return deliveries[0].lastStatus === status
    }, `what was answered with ${status}`)
    const { enabled, heldUntil } = await stateOf()
    assert.deepEqual([status, enabled, heldUntil], [status, true, null])
  }
})
