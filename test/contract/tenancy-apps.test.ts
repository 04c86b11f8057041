import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { registerApp } from '../../src/auth/apps.ts'
import { beginGrant } from '../../src/auth/grants.ts'
import { installApp } from '../../src/auth/installs.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { registry } from '../../src/operations/index.ts'
import type { Client } from '../support/client.ts'
import { inputFor, send } from '../support/requests.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createWorld, fingerprint, type Tenant, type World } from '../support/tenant-world.ts'

let server: TestServer
let world: World
/**
 * Of an app of another agency that was let into the agency of `mine` and `neighbour`, and, of sub-accounts, into
 * `neighbour` only: `mine` came later.
 */
let app: { client: Client }

before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
  world = await createWorld(server)
  app = await letIn(world.neighbour, world.mine)
})
after(() => server?.[Symbol.asyncDispose]())

async function letIn(known: Tenant, later: Tenant): Promise<typeof app> {
  const { db, clock } = server.app.platform
  await sql`update location set created_at = created_at - interval '2 days' where id = ${known.locationId}`.execute(db)
  const owner = world.stranger.companyId
  const token = await inTransaction(db, async (tx) => {
    const { app } = await registerApp(
      tx,
      { agencyId: owner, name: 'Guest', scopes: ['forms.readonly'], redirectUris: ['https://example.com/'] },
      clock.nowMs(),
    )
    const grant = { appId: app.id, agencyId: later.companyId, locationId: null, userId: 'user', scopes: ['*'] }
    await installApp(tx, { ...grant, futureLocations: false }, clock.nowMs() - 86_400_000)
    return (await beginGrant(tx, grant, clock.nowMs())).accessToken
  })
  return { client: server.client(token) }
}

const atLocations = registry.all.filter(
  ({ token, locate, input }) =>
    (token === 'agency' || token === 'either') &&
    (locate !== null ||
      ['locationId', 'location_id', 'locationIds'].some((name) => Object.hasOwn(input.properties, name))),
)

for (const operation of atLocations) {
  test(`${operation.name} keeps an app out of sub-accounts that nobody let it into`, async () => {
    const stored = await fingerprint(server)
    const { mine } = world
    const input = inputFor(operation, { ...mine, word: 'harmless' })
    const names = ['locationId', 'location_id', 'locationIds'].some(
      (name) => name in input && !operation.foreign.includes(name),
    )
    const reply = await send(app.client, operation, input)
    // A push, a share or a token of the agency that names no sub-account is not what this is about.
    if (!names && operation.locate === null) return
    assert.ok(
      [400, 401, 403, 404, 409, 422].includes(reply.status),
      `${reply.status} ${JSON.stringify(reply.body).slice(0, 500)}`,
    )
    assert.ok(!JSON.stringify(reply.body ?? '').includes(mine.word), JSON.stringify(reply.body).slice(0, 500))
    assert.equal(await fingerprint(server), stored, 'a refused request wrote something')
  })
}

test('an app works in the sub-accounts that it was let into', async () => {
  const { neighbour } = world
  const reply = await app.client.get(`/locations/${neighbour.locationId}/tags`)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  const form = await app.client.get(`/forms/${neighbour.ids.get('form')}`)
  assert.equal(form.status, 200, JSON.stringify(form.body))
})

test('lists show an app the sub-accounts that it was let into, and no others', async () => {
  const { mine, neighbour } = world
  for (const path of ['/locations/search', '/locations/']) {
    const { body } = await app.client.get(path)
    assert.deepEqual(
      body.locations.map((location: { id: string }) => location.id),
      [neighbour.locationId],
      path,
    )
  }
  assert.equal((await app.client.get('/locations/search')).body.total, 1)
  const company = `companyId=${mine.companyId}`
  const snapshots = (await server.client(mine.agencyToken).get(`/snapshots/?${company}`)).body.snapshots as {
    id: string
  }[]
  const period = 'from=2020-01-01&to=2099-01-01'
  for (const { id } of snapshots) {
    for (const path of [
      `/snapshots/${id}/standing?${company}`,
      `/snapshots/snapshot-status/${id}?${company}&${period}`,
      `/snapshots/${id}/conflicts?${company}`,
    ]) {
      const reply = await app.client.get(path)
      assert.equal(reply.status, 200, JSON.stringify(reply.body))
      assert.ok(!JSON.stringify(reply.body).includes(mine.locationId), path)
    }
  }
})

test('pushes into other sub-accounts are neither shown to an app nor steered by it', async () => {
  const { mine, neighbour } = world
  const company = `companyId=${mine.companyId}`
  const agency = server.client(mine.agencyToken)
  const made = await agency.post(`/snapshots/?${company}`, {
    name: 'Theirs',
    locationId: neighbour.locationId,
    kinds: ['tags'],
  })
  const snapshotId = made.body.snapshot.id
  const { push } = (await agency.post(`/snapshots/${snapshotId}/push?${company}`, { locationIds: [mine.locationId] }))
    .body
  const one = `/snapshots/pushes/${push.id}`
  for (const path of [one, `${one}/targets`, `${one}/targets/${mine.locationId}`, `${one}/events`])
    assert.equal((await app.client.get(`${path}?${company}`)).status, 403, path)
  for (const path of [`${one}/cancel`, `${one}/retry`, `${one}/rollback`])
    assert.equal((await app.client.post(`${path}?${company}`, {})).status, 403, path)
  const ids = async (client: Client) =>
    (await client.get(`/snapshots/pushes?${company}`)).body.pushes.map((other: { id: string }) => other.id)
  assert.ok((await ids(agency)).includes(push.id))
  assert.ok(!(await ids(app.client)).includes(push.id))

  const all = await app.client.post(`/snapshots/${snapshotId}/plan?${company}`, { locationIds: 'all' })
  assert.equal(all.status, 200, JSON.stringify(all.body))
  assert.deepEqual(all.body.plan.targets, [], 'all: the sub-accounts that it was let into, without the source')
  assert.equal((await app.client.post(`/snapshots/${snapshotId}/refresh?${company}`)).status, 200)
  const foreign = await agency.post(`/snapshots/?${company}`, {
    name: 'Mine',
    locationId: mine.locationId,
    kinds: ['tags'],
  })
  assert.equal((await app.client.post(`/snapshots/${foreign.body.snapshot.id}/refresh?${company}`)).status, 403)
})

test('an app that is let into a sub-account of its own sees it from then on', async () => {
  const { mine } = world
  const { db, clock } = server.app.platform
  const appId = (await sql<{ id: string }>`select id from app where name = 'Guest'`.execute(db)).rows[0]?.id as string
  await inTransaction(db, (tx) =>
    installApp(
      tx,
      {
        appId,
        agencyId: mine.companyId,
        locationId: mine.locationId,
        userId: 'user',
        scopes: ['*'],
        futureLocations: false,
      },
      clock.nowMs(),
    ),
  )
  assert.equal((await app.client.get(`/locations/${mine.locationId}/tags`)).status, 200)
  assert.equal((await app.client.get('/locations/search')).body.total, 2)
})
