import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../../src/config.ts'
import type { Client } from '../support/client.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

const preflight = (client: Client, path: string, origin: string, method = 'PUT') =>
  client.raw('OPTIONS', path, {
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,version,content-type',
    },
  })

test('without the setting no program in a browser is let in', async () => {
  await using server = await startTestServer({ work: false })
  const client = server.client()
  assert.equal((await preflight(client, '/contacts/x', 'https://app.example')).status, 404)
  const plain = await client.raw('GET', '/locations/x/tags', {
    headers: { origin: 'https://app.example', version: '2021-07-28' },
  })
  assert.equal(plain.headers.get('access-control-allow-origin'), null)
})

test('programs from the listed origins use the API with their tokens, read what they need, and no other origin does', async () => {
  await using server = await startTestServer({ work: false, corsOrigins: 'https://app.example,http://localhost:3000' })
  const agency = await createAgency(server.app)
  const [location] = agency.locations
  for (const origin of ['https://app.example', 'http://localhost:3000']) {
    const asked = await preflight(server.client(), `/locations/${location?.id}/tags`, origin, 'POST')
    assert.equal(asked.status, 204)
    assert.equal(asked.headers.get('access-control-allow-origin'), origin)
    assert.match(asked.headers.get('access-control-allow-headers') ?? '', /authorization.*version/)
    assert.match(asked.headers.get('access-control-allow-methods') ?? '', /DELETE/)
    assert.equal(asked.headers.get('access-control-allow-credentials'), null)
    const made = await server
      .client(location?.token)
      .post(`/locations/${location?.id}/tags`, { name: origin }, { origin })
    assert.deepEqual([made.status, made.headers.get('access-control-allow-origin')], [200, origin])
    assert.match(made.headers.get('access-control-expose-headers') ?? '', /x-trace-id/)
    assert.match(made.headers.get('vary') ?? '', /Origin/i)
    const refused = await server
      .client('pit-unknown')
      .post(`/locations/${location?.id}/tags`, { name: 'x' }, { origin })
    assert.deepEqual(
      [refused.status, refused.headers.get('access-control-allow-origin')],
      [401, origin],
      'a refusal can be read, too',
    )
  }
  for (const origin of ['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null']) {
    const asked = await preflight(server.client(), `/locations/${location?.id}/tags`, origin)
    assert.equal(asked.headers.get('access-control-allow-origin'), null, origin)
  }
})

test('the pages on which people sign in are for no other origin, whatever the setting', async () => {
  await using server = await startTestServer({ work: false, corsOrigins: '*' })
  const client = server.client()
  assert.equal(
    (await preflight(client, '/contacts/x', 'https://any.example')).headers.get('access-control-allow-origin'),
    '*',
  )
  for (const path of ['/oauth/chooselocation?client_id=x', '/v2/oauth/chooselocation', '/oauth/chooselocation/']) {
    for (const reply of [
      await preflight(client, path, 'https://any.example', 'POST'),
      await client.raw('GET', path, { headers: { origin: 'https://any.example' } }),
    ])
      assert.equal(reply.headers.get('access-control-allow-origin'), null, path)
  }
})

test('origins are origins', () => {
  for (const wrong of [
    'app.example',
    'https://app.example/',
    'https://app.example/path',
    '*,https://app.example',
    'null',
  ])
    assert.throws(() => readConfig({ TINTYPE_CORS_ORIGINS: wrong }), /TINTYPE_CORS_ORIGINS/, wrong)
  assert.equal(
    readConfig({ TINTYPE_CORS_ORIGINS: 'https://app.example, http://localhost:3000' }).corsOrigins,
    'https://app.example,http://localhost:3000',
  )
})
