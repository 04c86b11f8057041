import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { Browser } from '../support/browser.ts'
import { startTestServer, TEST_OPERATOR, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
before(async () => {
  server = await startTestServer({ alone: true, work: false })
  agency = await createAgency(server.app)
})
after(() => server?.[Symbol.asyncDispose]())

test('whoever runs the server makes an agency over HTTP, and it can begin', async () => {
  const operator = server.client(TEST_OPERATOR)
  const made = await operator.post('/agencies/', { name: '  North & Sons ', admin: 'anna@north.example' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { agency: north, admin, secret } = made.body
  assert.equal(north.name, 'North & Sons')
  assert.match(north.relationshipNumber, /^\d-\d{3}-\d{3}$/)
  const location = await server.client(secret).post('/locations/', { companyId: north.id, name: 'First' })
  assert.equal(location.status, 200, JSON.stringify(location.body))
  const app = await server.client(secret).post(`/apps/?companyId=${north.id}`, {
    name: 'An app',
    scopes: ['forms.readonly'],
    redirectUris: ['https://app.example/cb'],
  })
  const page = `/oauth/chooselocation?${new URLSearchParams({ response_type: 'code', client_id: app.body.app.clientId, redirect_uri: 'https://app.example/cb' })}`
  const browser = new Browser(server.url)
  const consent = await browser.send(await browser.open(page), 'name="password"', admin)
  assert.match(consent.html, /Allow An app\?/, 'its first admin signs in')

  const again = await operator.post('/agencies/', { name: 'Another', admin: 'ANNA@north.example' })
  assert.deepEqual(
    [again.status, again.body.message],
    [400, 'Admin with this e-mail already exists: ANNA@north.example'],
  )
  const renamed = await operator.put(`/agencies/${north.id}`, { name: 'North' })
  assert.deepEqual([renamed.status, renamed.body.agency.name, renamed.body.agency.locations], [200, 'North', 1])
  const { agencies } = (await operator.get('/agencies/')).body
  assert.deepEqual(
    agencies.map(({ id, name }: { id: string; name: string }) => [id, name]),
    [
      [agency.companyId, 'Agency'],
      [north.id, 'North'],
    ],
    'the refused one left nothing behind',
  )
  assert.equal((await operator.put('/agencies/unknown', { name: 'x' })).status, 404)
})

test('no other token opens what is the operator’s, and the operator’s opens nothing else', async () => {
  for (const token of [
    undefined,
    agency.token,
    agency.locations[0]?.token,
    `${TEST_OPERATOR}x`,
    TEST_OPERATOR.slice(1),
    'operator',
  ]) {
    assert.equal((await server.client(token).get('/agencies/')).status, 401, String(token))
    assert.equal((await server.client(token).post('/agencies/', { name: 'Mine' })).status, 401, String(token))
  }
  const operator = server.client(TEST_OPERATOR)
  for (const { http, token } of registry.all.filter((one) => !['none', 'operator'].includes(one.token))) {
    const [method, path] = http.split(' ') as [string, string]
    const { status } = await operator.raw(method, path.replaceAll(/:\w+/g, agency.companyId), {
      headers: { version: '2021-07-28' },
    })
    assert.equal(status, 401, `${http} (${token})`)
  }
  await using without = await startTestServer({ alone: true, work: false, operatorToken: undefined })
  for (const token of ['', 'undefined', TEST_OPERATOR])
    assert.equal((await without.client(token).get('/agencies/')).status, 401)
})
