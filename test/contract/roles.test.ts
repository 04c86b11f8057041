import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ROLES, type Role } from '../../src/auth/roles.ts'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { mayAsk } from '../../src/operations/roles.ts'
import type { Reply } from '../support/client.ts'
import { newPerson, type SignedIn } from '../support/person.ts'
import { inputFor, send } from '../support/requests.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createWorld, fingerprint, type Tenant, type World } from '../support/tenant-world.ts'

let server: TestServer
let world: World
/** People of the agency of `mine` and `neighbour`; the client's only location is `mine`. */
let people: Record<Role, SignedIn>
/** A client of `neighbour`. */
let neighbour: SignedIn
/** An owner of another agency. */
let stranger: SignedIn

before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
  world = await createWorld(server)
  const { companyId: agencyId, locationId } = world.mine
  const made = ROLES.map(async (role) => [
    role,
    await newPerson(server, { agencyId, role, ...(role === 'client' ? { locationIds: [locationId] } : {}) }),
  ])
  people = Object.fromEntries(await Promise.all(made))
  neighbour = await newPerson(server, { agencyId, role: 'client', locationIds: [world.neighbour.locationId] })
  stranger = await newPerson(server, { agencyId: world.stranger.companyId, role: 'owner' })
})
after(() => server?.[Symbol.asyncDispose]())

/** What is written here by hand, so that the table cannot excuse itself. */
const EXPECTED: Record<Role, (operation: Operation) => boolean> = {
  owner: () => true,
  admin: () => true,
  operator: ({ category }) => !ACCESS.includes(category),
  viewer: ({ category, access }) => !ACCESS.includes(category) && access === 'read',
  client: ({ category, token }) => !ACCESS.includes(category) && token !== 'agency',
}
const ACCESS = ['People & Access', 'Tokens', 'OAuth 2.0']

/** Asked for by people at all. */
const isForPeople = ({ token, oauthOnly }: Operation) => ['agency', 'location', 'either'].includes(token) && !oauthOnly

const at = (tenant: Tenant) => ({ 'x-location-id': tenant.locationId })

function ask(person: SignedIn, operation: Operation, tenant: Tenant): Promise<Reply> {
  const input = inputFor(operation, { ...tenant, word: 'harmless' })
  return send(person, operation, input, operation.token === 'agency' ? {} : at(tenant))
}

const isRoleRefusal = ({ status, body }: Reply) => status === 403 && /^Your role \(/.test(String(body?.message))

/** All that is stored, as the last operation left it: each is asked for after the one before it. */
let stored: string | null = null
const assertNothingWritten = async (what: string) => {
  const before = stored
  stored = await fingerprint(server)
  if (before !== null) assert.equal(stored, before, what)
}

for (const operation of registry.all.filter(({ token }) => !['none', 'operator', 'person'].includes(token))) {
  test(`${operation.name} is for the roles that it says, and for no others`, async () => {
    if (stored === null) await assertNothingWritten('')
    for (const role of ROLES) {
      const expected = isForPeople(operation) && EXPECTED[role](operation)
      assert.equal(mayAsk(role, operation), expected, role)
      // What is allowed is asked for below, where nothing is taken away from the next one.
      if (expected && (operation.access !== 'read' || operation.follows)) continue
      const reply = await ask(people[role], operation, world.mine)
      assert.equal(isRoleRefusal(reply), !expected, `${role}: ${reply.status} ${JSON.stringify(reply.body)}`)
      assert.ok(reply.status < 500 && reply.status !== 401, `${role}: ${reply.status} ${JSON.stringify(reply.body)}`)
    }
    await assertNothingWritten('a read or a refused request wrote something')
  })
}

for (const operation of registry.all.filter((one) => isForPeople(one) && one.token !== 'agency')) {
  test(`${operation.name} keeps a client within the chosen locations`, async () => {
    const { mine } = world
    const input = inputFor(operation, { ...mine, word: 'harmless' })
    for (const person of [neighbour, stranger]) {
      const there = await send(person, operation, input, at(mine))
      assert.ok([403].includes(there.status), `${there.status} ${JSON.stringify(there.body)}`)
      assert.ok(!JSON.stringify(there.body).includes(mine.word))
    }
    // Their own location in the header, and ids of another one in the input.
    const own = await send(neighbour, operation, input, at(world.neighbour))
    assert.ok(own.status < 500)
    assert.ok(!JSON.stringify(own.body ?? '').includes(mine.word), String(JSON.stringify(own.body)).slice(0, 500))
    // Nowhere in particular: it is found by the id, or not at all.
    const nowhere = await send(neighbour, operation, input)
    assert.ok(nowhere.status < 500)
    assert.ok(
      !JSON.stringify(nowhere.body ?? '').includes(mine.word),
      String(JSON.stringify(nowhere.body)).slice(0, 500),
    )
    if (own.status < 300 || nowhere.status < 300) stored = null
    await assertNothingWritten('a refused request wrote something')
  })
}

for (const operation of registry.all.filter(({ token }) => token === 'person')) {
  test(`${operation.name} is for whoever is signed in, and for no token`, async () => {
    const input = inputFor(operation, world.mine)
    for (const token of [world.mine.agencyToken, world.mine.locationToken, world.mine.oauthToken]) {
      const reply = await send(server.client(token), operation, input)
      assert.deepEqual([reply.status, /signed in/.test(reply.body.message)], [401, true], JSON.stringify(reply.body))
    }
    assert.equal((await send(server.client(), operation, input)).status, 401)
    for (const role of ROLES) assert.equal(mayAsk(role, operation), true)
  })
}

test('a client works in the chosen location and sees that it is the only one', async () => {
  const { mine } = world
  const client = people.client
  const { body } = await client.get('/locations/search')
  assert.deepEqual([body.total, body.locations.map(({ id }: { id: string }) => id)], [1, [mine.locationId]])
  const made = await client.post('/contacts/', { locationId: mine.locationId, firstName: 'Grace' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const tag = await client.post(`/locations/${mine.locationId}/tags`, { name: 'of a client' })
  assert.equal(tag.status, 200, JSON.stringify(tag.body))
  assert.equal((await client.get(`/forms/${mine.ids.get('form')}`)).status, 200, 'found by its id')
  assert.equal((await client.get(`/users/${mine.ids.get('user') ?? 'x'}`)).status, 400, 'it does not say where')
  assert.equal((await client.get(`/snapshots/?companyId=${mine.companyId}`)).status, 403)
  for (const body of [{ name: 'Another' }, {}]) {
    const another = await client.post('/locations/', { companyId: mine.companyId, ...body })
    assert.ok(another.status === 403 && isRoleRefusal(another), JSON.stringify(another.body))
  }
})

test('whoever changes things is seen at once to be somebody else', async () => {
  const { mine } = world
  const one = await newPerson(server, { agencyId: mine.companyId, role: 'operator' })
  const write = () => one.post('/contacts/', { locationId: mine.locationId, firstName: 'Ada' })
  assert.equal((await write()).status, 201)
  const path = `/people/${one.id}?companyId=${mine.companyId}`
  assert.equal((await people.admin.put(path, { role: 'viewer' })).status, 200)
  assert.equal((await write()).status, 403)
  assert.equal((await one.get('/locations/search')).body.total, 2)
  const lower = await people.admin.put(path, { role: 'client', locationIds: [world.neighbour.locationId] })
  assert.equal(lower.status, 200, JSON.stringify(lower.body))
  assert.equal((await write()).status, 403)
  assert.equal((await one.get('/locations/search')).body.total, 1)
})
