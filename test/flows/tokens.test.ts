import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app)
})
after(() => server?.[Symbol.asyncDispose]())

const path = (rest = '') => `/tokens/${rest}?companyId=${agency.companyId}`
const statusOf = async (secret: string) =>
  (await server.client(secret).get(`/forms/?locationId=${agency.locations[0]!.id}`)).status

test('a new token works, is listed without its secret, and ends when it is revoked', async () => {
  const client = server.client(agency.token)
  const made = await client.post(path(), {
    name: 'Reports',
    locationId: agency.locations[0]!.id,
    scopes: ['forms.readonly'],
  })
  assert.equal(made.status, 201)
  assert.equal(await statusOf(made.body.secret), 200)
  const listed = await client.get(path())
  assert.ok(listed.body.tokens.some((token: { id: string }) => token.id === made.body.token.id))
  assert.ok(!JSON.stringify(listed.body).includes(made.body.secret))
  assert.equal((await client.delete(path(made.body.token.id))).status, 200)
  assert.equal(await statusOf(made.body.secret), 401)
})

test('a rotated token works on for as long as was asked', async () => {
  const client = server.client(agency.token)
  const make = async () => (await client.post(path(), { name: 'Old', scopes: ['forms.readonly'] })).body
  const kept = await make()
  const rotated = await client.post(path(`${kept.token.id}/rotate`), {})
  assert.equal(rotated.status, 201)
  assert.deepEqual([await statusOf(kept.secret), await statusOf(rotated.body.secret)], [200, 200])
  const ended = await make()
  await client.post(path(`${ended.token.id}/rotate`), { overlapSeconds: 0 })
  assert.equal(await statusOf(ended.secret), 401)
})

test('a token makes none that is stronger than itself, neither anew nor by rotation', async () => {
  const strong = (await server.client(agency.token).post(path(), { name: 'Strong', scopes: ['*'] })).body
  const weak = server.client(
    (await server.client(agency.token).post(path(), { name: 'Weak', scopes: ['tokens.write'] })).body.secret,
  )
  for (const scopes of [['*'], ['forms.write'], ['tokens.write', 'forms.readonly']])
    assert.equal((await weak.post(path(), { name: 'More', scopes })).status, 422)
  assert.equal((await weak.post(path(), { name: 'Same', scopes: ['tokens.write'] })).status, 201)
  assert.equal((await weak.post(path(`${strong.token.id}/rotate`), { overlapSeconds: 0 })).status, 422)
  assert.equal(await statusOf(strong.secret), 200)
})
