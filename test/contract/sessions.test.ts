import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { findPerson, removePerson, setPassword } from '../../src/auth/people.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { newPerson, type SignedIn, signInTo, withCookie } from '../support/person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let aheadMs = 0
let server: TestServer
let agency: TestAgency
let owner: SignedIn

before(async () => {
  server = await startTestServer({
    work: false,
    rateLimit: 0,
    corsOrigins: 'https://elsewhere.example',
    clock: { nowMs: () => Date.now() + aheadMs },
  })
  agency = await createAgency(server.app, { name: 'Studio', locations: 2 })
  owner = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db

test('who signs in gets a cookie that no script reads, and is told who they are', async () => {
  const { reply } = await signInTo(server, owner)
  assert.equal(reply.status, 201)
  const { traceId: _, ...body } = reply.body
  assert.deepEqual(body, {
    person: {
      id: owner.id,
      name: `owner of ${agency.companyId}`,
      email: owner.email,
      role: 'owner',
      locationIds: null,
    },
    company: { id: agency.companyId, name: 'Studio' },
  })
  assert.match(
    reply.headers.get('set-cookie') ?? '',
    /tintype_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax/,
  )
  assert.deepEqual((await owner.get('/session')).body.person, body.person)
  assert.equal((await server.client().get('/session')).status, 401)
})

test('a wrong password is refused in the words of an unknown e-mail', async () => {
  const wrong = await signInTo(server, { email: owner.email, password: 'wrong' })
  const unknown = await signInTo(server, { email: 'nobody@people.example', password: owner.password })
  for (const { reply, cookie } of [wrong, unknown]) {
    assert.deepEqual([reply.status, reply.body.message, cookie], [401, 'E-mail or password is wrong.', ''])
    assert.equal(reply.headers.get('www-authenticate'), null)
  }
})

test('who signs in anew in a browser has left the session there, wherever that was copied to', async () => {
  const { cookie: first } = await signInTo(server, owner)
  assert.equal((await withCookie(server, first).get('/session')).status, 200)
  const again = await server.client().raw('POST', '/session', {
    headers: { 'content-type': 'application/json', cookie: first },
    body: JSON.stringify({ email: owner.email, password: owner.password }),
  })
  assert.equal(again.status, 201)
  assert.equal((await withCookie(server, first).get('/session')).status, 401)
  assert.equal((await owner.get('/session')).status, 200, 'other browsers go on')
})

test('a person asks for what an agency may, and for what a location may where it is named', async () => {
  const [location, other] = agency.locations
  const company = `companyId=${agency.companyId}`
  assert.equal((await owner.get(`/snapshots/?${company}`)).status, 200)
  const made = await owner.post('/contacts/', { locationId: location?.id, firstName: 'Ada' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const contact = `/contacts/${made.body.contact.id}`
  const at = (id: string | undefined) => ({ headers: { 'x-location-id': String(id) } })
  assert.equal((await owner.get(contact)).status, 400, 'it does not say where')
  assert.equal((await owner.raw('GET', contact, at(location?.id))).body.contact.firstName, 'Ada')
  assert.equal((await owner.get(`${contact}?locationId=${location?.id}`)).status, 200)
  assert.equal((await owner.raw('GET', contact, at(other?.id))).status, 404, 'it is not there')
  assert.equal((await owner.raw('GET', contact, at('AAAAAAAAAAAAAAAAAAAA'))).status, 403)
  const portal = await owner.raw('GET', `/crm/v3/objects/contacts?limit=1`, at(location?.id))
  assert.equal(portal.status, 200, JSON.stringify(portal.body))
  const { body } = await owner.get(`/locations/${location?.id}/records/contacts/${made.body.contact.id}/history`)
  assert.deepEqual(
    [body.history[0].actor, body.history[0].actorName],
    [`person:${owner.id}`, `owner of ${agency.companyId}`],
  )
})

test('nobody else can make a browser write with the cookie', async () => {
  const path = `/tokens/?companyId=${agency.companyId}`
  const body = JSON.stringify({ name: 'forged', scopes: ['*'] })
  const write = (headers: Record<string, string>) =>
    server.client().raw('POST', path, {
      headers: { cookie: owner.cookie, 'content-type': 'application/json', ...headers },
      body,
    })
  const console = { 'x-tintype-console': '1' }
  assert.equal((await write({})).status, 403, 'without our header')
  assert.equal((await write({ ...console, origin: 'https://elsewhere.example' })).status, 403)
  assert.equal((await write({ ...console, origin: 'null' })).status, 403)
  assert.equal((await write({ ...console, origin: server.url })).status, 201)
  assert.equal((await write({ ...console, authorization: 'Bearer pit-none-such' })).status, 401, 'the token counts')
  const read = (headers: object) =>
    server.client().raw('GET', '/locations/search', { headers: { version: '2021-07-28', ...headers } })
  const ended = await read(console)
  assert.deepEqual([ended.status, ended.body.message], [401, 'You are signed out. Sign in again.'])
  assert.match((await read({})).body.message, /token/, 'of a program')
  const asked = await server.client().raw('POST', '/session', {
    headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' },
    body: JSON.stringify({ email: owner.email, password: owner.password }),
  })
  assert.equal(asked.status, 403, 'nor sign somebody in')
})

test('what comes by the cookie is shown to no page elsewhere', async () => {
  const origin = 'https://elsewhere.example'
  const path = '/locations/search'
  const byCookie = await server.client().raw('GET', path, { headers: { cookie: owner.cookie, origin } })
  assert.deepEqual([byCookie.status, byCookie.headers.get('access-control-allow-origin')], [200, null])
  const byToken = await server.client(agency.token).raw('GET', path, { headers: { origin, version: 'v3' } })
  assert.equal(byToken.headers.get('access-control-allow-origin'), origin)
  for (const own of ['/session', '/session/'])
    assert.equal(
      (await server.client().raw('GET', own, { headers: { origin } })).headers.get('access-control-allow-origin'),
      null,
    )
})

const isIn = async (cookie: string) => (await withCookie(server, cookie).get('/locations/search')).status

test('a session ends when its person signs out, gets a new password, or is removed', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'admin' })
  const { cookie } = await signInTo(server, one)
  assert.deepEqual([await isIn(one.cookie), await isIn(cookie)], [200, 200])
  const left = await one.delete('/session')
  assert.equal(left.status, 204)
  assert.deepEqual([await isIn(one.cookie), await isIn(cookie)], [401, 200])
  await inTransaction(db(), (tx) => setPassword(tx, one.id, 'another password'))
  assert.equal(await isIn(cookie), 401)
  const again = await signInTo(server, { email: one.email, password: 'another password' })
  assert.equal(await isIn(again.cookie), 200)
  await inTransaction(db(), (tx) => removePerson(tx, one.id))
  assert.equal(await isIn(again.cookie), 401)
  assert.equal(await findPerson(db(), one.id), null)
})

test('a session ends after twelve hours without a request, and after thirty days in any case', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'admin' })
  const HOUR = 3_600_000
  try {
    aheadMs += 11 * HOUR
    assert.equal(await isIn(one.cookie), 200)
    aheadMs += 11 * HOUR
    assert.equal(await isIn(one.cookie), 200, 'it was used eleven hours ago')
    aheadMs += 12.5 * HOUR
    assert.equal(await isIn(one.cookie), 401)
    const { cookie } = await signInTo(server, one)
    for (let half = 0; half < 59; half++) {
      aheadMs += 11.9 * HOUR
      assert.equal(await isIn(cookie), 200)
    }
    aheadMs += 30 * 24 * HOUR - 59 * 11.9 * HOUR
    assert.equal(await isIn(cookie), 401)
  } finally {
    aheadMs = 0
  }
})

test('what somebody filters a table by is kept under a name, for them alone', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  const colleague = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
  const [location, other] = agency.locations
  const table = 'records/contacts'
  const save = async (name: string, filter: object, more: object = {}) => {
    const { status, body } = await one.post('/account/filters', { table, name, filter, ...more })
    assert.equal(status, 201, JSON.stringify(body))
    return body.filter
  }
  const names = async (person: SignedIn, locationId?: string) => {
    const at = locationId === undefined ? '' : `&locationId=${locationId}`
    const { status, body } = await person.get(`/account/filters?table=${encodeURIComponent(table)}${at}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body.filters.map(({ name, filter }: { name: string; filter: object }) => [name, filter])
  }
  const first = await save('Unpaid', { q: 'unpaid' })
  assert.equal((await save('Unpaid', { q: 'owes' })).id, first.id, 'the same name again')
  const here = await save('Board', { pipeline: 'sales' }, { locationId: location?.id })
  const unpaid = ['Unpaid', { q: 'owes' }]
  assert.deepEqual(await names(one, location?.id), [['Board', { pipeline: 'sales' }], unpaid])
  assert.deepEqual(await names(one, other?.id), [unpaid])
  assert.deepEqual((await one.get('/account/filters?table=fleet')).body.filters, [])
  const elsewhere = 'AAAAAAAAAAAAAAAAAAAA'
  assert.equal((await one.get(`/account/filters?table=x&locationId=${elsewhere}`)).status, 403)
  assert.equal(
    (await one.post('/account/filters', { table, name: 'x', filter: {}, locationId: elsewhere })).status,
    403,
  )
  assert.deepEqual(await names(colleague, location?.id), [])
  assert.equal((await colleague.delete(`/account/filters/${here.id}`)).status, 404)
  assert.equal((await one.delete(`/account/filters/${here.id}`)).status, 200)
  assert.deepEqual(await names(one, location?.id), [unpaid])
  for (let count = 1; count < 200; count++) await save(`n${count}`, {})
  const full = await one.post('/account/filters', { table, name: 'one more', filter: {} })
  assert.deepEqual([full.status, /200 saved filters/.test(full.body.message)], [400, true])
  await save('n1', { q: 'as before' })
  await inTransaction(db(), (tx) => removePerson(tx, one.id))
  const { rows } = await sql`select 1 from saved_filter where person_id = ${one.id}`.execute(db())
  assert.equal(rows.length, 0)
})
