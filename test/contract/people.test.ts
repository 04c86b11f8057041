import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TOTP } from 'otpauth'
import { listPeople } from '../../src/auth/people.ts'
import type { Role } from '../../src/auth/roles.ts'
import type { Reply } from '../support/client.ts'
import { hold } from '../support/hold.ts'
import { newPerson, type SignedIn, signInTo, withCookie } from '../support/person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let aheadMs = 0
let server: TestServer
let agency: TestAgency
let owner: SignedIn
let admin: SignedIn
let company: string

before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0, clock: { nowMs: () => Date.now() + aheadMs } })
  agency = await createAgency(server.app, { name: 'Studio', locations: 2 })
  company = `companyId=${agency.companyId}`
  owner = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
  admin = await newPerson(server, { agencyId: agency.companyId, role: 'admin' })
})
after(() => server?.[Symbol.asyncDispose]())

const tokenOf = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('token') as string
const accept = (body: object) => server.client().post('/people/accept', body)
const PASSWORD = 'correct horse battery'

test('who was invited sets a password once, and is in with the role that was meant', async () => {
  const invited = await admin.post(`/people/?${company}`, { email: 'new@people.example', role: 'operator' })
  assert.equal(invited.status, 201, JSON.stringify(invited.body))
  const { person, link, mailed } = invited.body
  assert.deepEqual([person.state, person.role, mailed], ['invited', 'operator', false])
  assert.ok(link.startsWith(`${server.url}/app/accept#token=`), link)
  assert.equal((await signInTo(server, { email: person.email, password: '' })).reply.status, 401)
  const token = tokenOf(link)
  assert.equal((await accept({ token, password: 'short' })).status, 422, 'which uses nothing up')
  for (const password of ['new@people.example', 'Qwerty123456', '1QAZ2wsx3edc', 'ｑｗｅｒｔｙ123456'])
    assert.equal((await accept({ token, password })).status, 422, password)
  const done = await accept({ token, password: PASSWORD, name: 'Newcomer' })
  assert.equal(done.status, 200, JSON.stringify(done.body))
  assert.equal((await accept({ token, password: PASSWORD })).status, 403, 'once')
  const { reply } = await signInTo(server, { email: person.email, password: PASSWORD })
  assert.deepEqual([reply.status, reply.body.person.name, reply.body.person.role], [201, 'Newcomer', 'operator'])
  const again = await admin.post(`/people/?${company}`, { email: 'NEW@people.example', role: 'viewer' })
  assert.equal(again.status, 400, 'nobody is two people')
})

test('an e-mail is the same person in every spelling, when inviting and when signing in', async () => {
  const invited = await admin.post(`/people/?${company}`, { email: 'ÉLODIE@Bücher.example', role: 'viewer' })
  assert.equal((await accept({ token: tokenOf(invited.body.link), password: PASSWORD })).status, 200)
  for (const email of ['élodie@bücher.example', 'E\u0301LODIE@BÜCHER.example']) {
    assert.equal((await signInTo(server, { email, password: PASSWORD })).reply.status, 201, email)
    assert.equal((await admin.post(`/people/?${company}`, { email, role: 'viewer' })).status, 400, email)
  }
})

test('an invitation that nobody took ends after seven days; a new one ends the one before', async () => {
  const { body } = await admin.post(`/people/?${company}`, { email: 'late@people.example', role: 'viewer' })
  const second = await admin.post(`/people/${body.person.id}/link?${company}`)
  assert.equal(second.status, 201, JSON.stringify(second.body))
  assert.equal((await accept({ token: tokenOf(body.link), password: PASSWORD })).status, 403)
  try {
    aheadMs = 7 * 86_400_000 + 1000
    assert.equal((await accept({ token: tokenOf(second.body.link), password: PASSWORD })).status, 403)
  } finally {
    aheadMs = 0
  }
  assert.equal((await accept({ token: tokenOf(second.body.link), password: PASSWORD })).status, 200)
})

test('a link for a new password signs out everywhere once it is used, and not before', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  const { body } = await admin.post(`/people/${one.id}/link?${company}`)
  assert.equal((await one.get('/session')).status, 200)
  assert.equal((await accept({ token: tokenOf(body.link), password: PASSWORD })).status, 200)
  assert.equal((await one.get('/locations/search')).status, 401)
})

test('only owners make, change, remove or let in owners, and one always stays', async () => {
  const wish = { email: 'owner2@people.example', role: 'owner' }
  assert.equal((await admin.post(`/people/?${company}`, wish)).status, 403)
  assert.equal((await server.client(agency.token).post(`/people/?${company}`, wish)).status, 403, 'nor a token')
  const path = (id: string) => `/people/${id}?${company}`
  assert.equal((await admin.put(path(admin.id), { role: 'owner' })).status, 403)
  assert.equal((await admin.put(path(owner.id), { role: 'viewer' })).status, 403)
  assert.equal((await admin.put(path(owner.id), { name: 'Renamed' })).status, 403)
  assert.equal((await admin.delete(path(owner.id))).status, 403)
  assert.equal((await admin.post(`/people/${owner.id}/link?${company}`)).status, 403)
  assert.equal((await owner.put(path(owner.id), { role: 'admin' })).status, 409)
  assert.equal((await owner.delete(path(owner.id))).status, 409)
  const other = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
  const [first, second] = await Promise.all([
    owner.put(path(other.id), { role: 'admin' }),
    other.put(path(owner.id), { role: 'admin' }),
  ])
  assert.deepEqual([first.status, second.status].filter((status) => status === 200).length, 1)
  const { body } = await owner.get(`/people/?${company}`)
  assert.equal(body.people.filter(({ role }: { role: string }) => role === 'owner').length, 1)
  if (first.status !== 200) {
    assert.equal((await other.put(path(owner.id), { role: 'owner' })).status, 200)
    assert.equal((await other.put(path(other.id), { role: 'admin' })).status, 200)
  }
})

test('who is disabled is out at once and by every way, keeps who they are, and comes in again once enabled', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'operator' })
  const act = (by: SignedIn, id: string, what: string) => by.post(`/people/${id}/${what}?${company}`)
  const link = await act(admin, one.id, 'link')
  const before = await act(admin, one.id, 'disable')
  assert.deepEqual([before.status, before.body.person?.state], [200, 'disabled'], JSON.stringify(before.body))
  assert.equal((await one.get('/locations/search')).status, 401, 'signed out')
  const signIn = async () => (await signInTo(server, one)).reply.status
  assert.equal(await signIn(), 401)
  assert.equal((await accept({ token: tokenOf(link.body.link), password: PASSWORD })).status, 403)
  assert.equal((await act(admin, one.id, 'link')).status, 409)
  assert.equal((await act(admin, one.id, 'disable')).status, 200, 'again')
  const { body } = await admin.get(`/people/?${company}`)
  const shown = body.people.find(({ id }: { id: string }) => id === one.id)
  assert.deepEqual([shown.state, shown.role, shown.lastSeenAt], ['disabled', 'operator', null])
  const enabled = await act(admin, one.id, 'enable')
  assert.deepEqual([enabled.status, enabled.body.person?.state], [200, 'active'])
  assert.equal((await one.get('/locations/search')).status, 401, 'the session of before does not come back')
  assert.equal(await signIn(), 201)
  const { events } = (await admin.get(`/people/events?${company}&limit=50`)).body
  const told = events.filter(({ event }: { event: string }) => /people\.(dis|en)able/.test(event))
  assert.ok(told.length >= 3 && told.every(({ who }: { who: string }) => who === admin.id), JSON.stringify(told))
})

test('an owner is disabled by an owner alone, and one who may sign in always stays', async () => {
  const { companyId } = await createAgency(server.app, { name: 'Owners' })
  const [first, second] = [
    await newPerson(server, { agencyId: companyId, role: 'owner' }),
    await newPerson(server, { agencyId: companyId, role: 'owner' }),
  ]
  const low = await newPerson(server, { agencyId: companyId, role: 'admin' })
  const path = (id: string, what = '') => `/people/${id}${what}?companyId=${companyId}`
  assert.equal((await low.post(path(first.id, '/disable'))).status, 403)
  assert.equal((await first.post(path(second.id, '/disable'))).status, 200)
  assert.equal((await low.post(path(second.id, '/enable'))).status, 403)
  assert.equal((await first.post(path(first.id, '/disable'))).status, 409)
  assert.equal((await first.put(path(first.id), { role: 'admin' })).status, 409, 'the other one is no way out')
  assert.equal((await first.delete(path(first.id))).status, 409)
  assert.equal((await first.post(path(second.id, '/enable'))).status, 200)
  assert.equal((await first.post(path(first.id, '/disable'))).status, 200)
  assert.equal((await first.get('/session')).status, 401)
})

test('who was lowered meanwhile stays so, and the last owner stays, whoever looked before', async () => {
  const { companyId } = await createAgency(server.app, { name: 'Two people' })
  const first = await newPerson(server, { agencyId: companyId, role: 'owner' })
  const second = await newPerson(server, { agencyId: companyId, role: 'owner' })
  const path = `/people/${second.id}?companyId=${companyId}`
  /** What comes of a request that begins before the second person's role changes, and ends after it. */
  const meanwhile = async (roles: { first: Role; second: Role }, ask: () => Promise<Reply>) => {
    const held = await hold(
      { server },
      `with held as (select id from agency where id = $1 for no key update)
        update person set role = case id when $2 then $3 else $4 end where agency_id = (select id from held)`,
      [companyId, first.id, roles.first, roles.second],
    )
    const asked = ask()
    await held.waiting()
    await held.keep()
    return asked
  }
  const roles = async () => (await listPeople(server.app.platform.db, companyId)).map(({ role }) => role)
  const named = await meanwhile({ first: 'owner', second: 'admin' }, () => first.put(path, { name: 'Renamed' }))
  assert.deepEqual([named.status, named.body.person?.role, await roles()], [200, 'admin', ['owner', 'admin']])
  const removed = await meanwhile({ first: 'admin', second: 'owner' }, () => first.delete(path))
  assert.deepEqual([removed.status, await roles()], [409, ['admin', 'owner']])
})

test('a client has locations of the agency, and nobody else has any', async () => {
  const invite = (more: object) => admin.post(`/people/?${company}`, { email: 'client@people.example', ...more })
  const foreign = await createAgency(server.app, { name: 'Elsewhere' })
  assert.equal((await invite({ role: 'client' })).status, 422)
  assert.equal((await invite({ role: 'viewer', locationIds: [agency.locations[0]?.id] })).status, 422)
  assert.equal((await invite({ role: 'client', locationIds: [foreign.locations[0]?.id] })).status, 403)
  const made = await invite({ role: 'client', locationIds: [agency.locations[0]?.id] })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const path = `/people/${made.body.person.id}?${company}`
  assert.equal((await admin.put(path, { role: 'client', name: 'Same' })).status, 200, 'they stay')
  assert.equal((await admin.put(path, { role: 'viewer' })).body.person.locationIds, null)
  assert.equal((await newPersonOf(foreign.companyId)).status, 404)

  async function newPersonOf(agencyId: string) {
    const one = await newPerson(server, { agencyId, role: 'viewer' })
    return admin.put(`/people/${one.id}?${company}`, { role: 'admin' })
  }
})

test('people see where they are signed in, and sign out there, or everywhere', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  const second = await signInTo(server, one)
  const { sessions } = (await one.get('/account/sessions')).body
  assert.deepEqual(
    sessions.map(({ isThis }: { isThis: boolean }) => isThis),
    [false, true],
  )
  assert.equal((await admin.delete(`/account/sessions/${sessions[0].id}`)).status, 404, 'not those of others')
  assert.equal((await one.delete(`/account/sessions/${sessions[0].id}`)).status, 200)
  assert.equal((await withCookie(server, second.cookie).get('/locations/search')).status, 401)
  const third = await signInTo(server, one)
  assert.equal((await one.delete('/account/sessions')).status, 200)
  for (const cookie of [one.cookie, third.cookie])
    assert.equal((await withCookie(server, cookie).get('/session')).status, 401)
})

test('a new password asks for the present one, and guesses have to wait', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  const renew = (present: string, password: string) => one.put('/account/password', { present, password })
  assert.equal((await renew('wrong', PASSWORD)).status, 403)
  assert.equal((await renew(one.password, 'short')).status, 422)
  for (let tries = 0; tries < 10; tries++) await renew('wrong', PASSWORD)
  assert.equal((await renew(one.password, PASSWORD)).status, 429)
  aheadMs = 16 * 60_000
  assert.equal((await renew(one.password, PASSWORD)).status, 200)
  assert.equal((await one.get('/session')).status, 401)
  assert.equal((await signInTo(server, { email: one.email, password: PASSWORD })).reply.status, 201)
  aheadMs = 0
})

test('a second factor is asked for once it was confirmed; no code works twice', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'admin' })
  assert.equal((await one.post('/account/second-factor', { password: 'wrong' })).status, 403)
  const enrolled = await one.post('/account/second-factor', { password: one.password })
  assert.equal(enrolled.status, 201, JSON.stringify(enrolled.body))
  const { secret, uri } = enrolled.body
  assert.match(uri, /^otpauth:\/\/totp\/Tintype/)
  const code = () => new TOTP({ secret, digits: 6, period: 30 }).generate({ timestamp: Date.now() + aheadMs })
  assert.equal((await signInTo(server, one)).reply.status, 201, 'not yet')
  assert.equal((await one.post('/account/second-factor/confirm', { code: '000000' })).status, 403)
  const confirmed = await one.post('/account/second-factor/confirm', { code: code() })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
  const codes: string[] = confirmed.body.recoveryCodes
  assert.equal(codes.length, 10)

  const without = await signInTo(server, one)
  assert.deepEqual([without.reply.status, without.reply.body.error], [401, 'second_factor_needed'])
  const used = await signInTo(server, { ...one, code: code() })
  assert.equal(used.reply.status, 401, 'the code that confirmed it')
  aheadMs += 60_000
  assert.equal((await signInTo(server, { ...one, code: code() })).reply.status, 201)
  assert.equal((await signInTo(server, { ...one, code: code() })).reply.status, 401)
  assert.equal((await signInTo(server, { ...one, code: String(codes[0]).toLowerCase() })).reply.status, 201)
  assert.equal((await signInTo(server, { ...one, code: String(codes[0]) })).reply.status, 401)
  const stored = await server.app.platform.db.selectFrom('person').selectAll().where('id', '=', one.id).execute()
  assert.ok(!JSON.stringify(stored).includes(secret), 'the secret is sealed')
  assert.equal((await one.post('/account/second-factor/off', { password: one.password })).status, 200)
  assert.equal((await signInTo(server, one)).reply.status, 201)
  aheadMs = 0
})

test('whoever has the password and not the second factor cannot go on guessing', async () => {
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'admin' })
  const { secret } = (await one.post('/account/second-factor', { password: one.password })).body
  const code = new TOTP({ secret }).generate({ timestamp: Date.now() })
  await one.post('/account/second-factor/confirm', { code })
  const statuses = []
  for (let tries = 0; tries < 12; tries++)
    statuses.push((await signInTo(server, { ...one, code: '123456' })).reply.status)
  assert.equal(statuses.at(-1), 429, String(statuses))
})
