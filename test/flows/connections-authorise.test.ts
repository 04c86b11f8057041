import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import {
  allowConnection,
  authorisedDefinition,
  byAddresses,
  byIssuer,
  comeBack,
  leaveFor,
  makeAuthorised,
  type PermittedWorld,
  startPermitted,
} from '../support/authorised-connections.ts'
import { ada, untilRows } from '../support/connections.ts'
import { newPerson, signInTo, withCookie } from '../support/person.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'
import { startTheirProgram } from '../support/their-authorisation.ts'

let world: PermittedWorld
before(async () => {
  world = await startPermitted()
})
after(() => world?.[Symbol.asyncDispose]())

test('a person allows a connection at the other program, and is told what was reached, as whom', async () => {
  const { outcomeOf, person, stateOf, theirs } = world
  theirs.people = [ada()]
  const id = await makeAuthorised(person, theirs)
  const before = await stateOf(id)
  assert.equal(before.stateReason, 'It needs authorisation: choose Authorise.')
  assert.equal(before.authorisation.isAuthorised, false)
  assert.match(before.authorisation.redirectUri, /\/app\/authorised\/[\w-]{16}$/)
  const tried = await person.post(`/connections/${id}/test`)
  assert.match(tried.body.message, /the connection has not been authorised yet/)
  const address = await leaveFor(person, id)
  assert.equal(new URL(address).searchParams.get('redirect_uri'), before.authorisation.redirectUri)
  assert.equal(new URL(address).searchParams.get('scope'), 'openid people')
  const back = await outcomeOf(comeBack(person, theirs.decide(address)))
  assert.deepEqual([back.outcome, back.message], ['authorised', 'It is authorised as ada@theirs.example.'])
  const { authorisation, stateReason, secrets } = back.connection
  assert.deepEqual([authorisation.isAuthorised, authorisation.as, stateReason], [true, 'ada@theirs.example', null])
  assert.ok(secrets.some(({ name }: { name: string }) => name === 'refreshToken'))
  const { body } = await person.post(`/connections/${id}/test`)
  assert.match(body.message, /answered with 1 item, asked as ada@theirs\.example\.$/)
  assert.equal((await person.post(`/connections/${id}/deploy`)).status, 200)
  const [row] = await untilRows(person, id, 1)
  assert.equal(row.state, 'created')
})

test('what comes back and is not what was asked for is told apart, and opens nothing', async () => {
  const { agency, outcomeOf, person, place, server, stateOf, theirs } = world
  const id = await makeAuthorised(person, theirs)
  const isOpen = async () => (await stateOf(id)).authorisation.isAuthorised
  const denied = await outcomeOf(comeBack(person, theirs.decide(await leaveFor(person, id), 'deny')))
  assert.deepEqual([denied.outcome, await isOpen()], ['denied', false])
  assert.match(denied.message, /choose Authorise/)

  const forged = theirs.decide(await leaveFor(person, id))
  const state = String(forged.searchParams.get('state'))
  forged.searchParams.set('state', `${state.slice(0, -4)}AAAA`)
  assert.equal((await outcomeOf(comeBack(person, forged))).outcome, 'unknown')

  const late = theirs.decide(await leaveFor(person, id))
  world.laterMs = 10 * 60_000
  assert.equal((await outcomeOf(comeBack(person, late))).outcome, 'expired')
  assert.equal((await outcomeOf(comeBack(person, late))).outcome, 'used', 'it is no better the second time')
  world.laterMs = 0

  const hers = theirs.decide(await leaveFor(person, id))
  const other = await newPerson(server, { agencyId: agency.companyId, role: 'admin' })
  const again = withCookie(server, (await signInTo(server, person)).cookie)
  for (const one of [other, again]) {
    const told = await outcomeOf(comeBack({ ...one, post: (path, body) => one.post(`${path}?${place}`, body) }, hers))
    assert.equal(told.outcome, 'elsewhere')
  }
  const otherAgency = await createAgency(server.app)
  const stranger = await newPerson(server, { agencyId: otherAgency.companyId, role: 'owner' })
  assert.equal((await comeBack(stranger, hers)).status, 404)
  assert.equal(await isOpen(), false)
  assert.equal((await outcomeOf(comeBack(person, hers))).outcome, 'authorised', 'nobody else has used it up')
  const used = await outcomeOf(comeBack(person, hers))
  assert.deepEqual([used.outcome, await isOpen()], ['used', true])
})

test('a code is taken for what was asked for, and for nothing else', async () => {
  const { outcomeOf, person, server, stateOf, theirs } = world
  const id = await makeAuthorised(person, theirs)
  const refused = async (change: (url: URL) => void) => {
    const back = theirs.decide(await leaveFor(person, id))
    change(back)
    return outcomeOf(comeBack(person, back))
  }
  // Of another leave: its verifier is another one.
  const other = theirs.decide(await leaveFor(person, id)).searchParams.get('code')
  const stolen = await refused(({ searchParams }) => searchParams.set('code', String(other)))
  assert.deepEqual(
    [stolen.outcome, stolen.message],
    [
      'refused',
      'The other program gives no permission: no token was given (400: invalid_grant). Choose Authorise to ask once more.',
    ],
  )
  const mixed = await refused((url) => {
    url.pathname = '/app/authorised/somebody-elses-1'
  })
  assert.equal(mixed.outcome, 'unknown')
  const named = await refused(({ searchParams }) => searchParams.set('iss', 'https://another.example'))
  assert.equal(named.outcome, 'refused')
  const told = await refused(({ searchParams }) => {
    searchParams.delete('code')
    searchParams.set('error', 'temporarily_unavailable')
  })
  assert.match(told.message, /temporarily_unavailable/)
  const hostile = await refused(({ searchParams }) => searchParams.set('error', '<b>call 0900</b>'))
  assert.match(hostile.message, /it does not say why/)

  const moved = theirs.decide(await leaveFor(person, id))
  const open = authorisedDefinition(theirs, byAddresses(theirs))
  const needless = { ...open, source: { poll: { ...open.source.poll, authorisation: { kind: 'none' } } } }
  assert.equal((await person.put(`/connections/${id}`, { definition: needless })).body.connection.stateReason, null)
  const definition = authorisedDefinition(theirs, byAddresses(theirs))
  assert.equal((await person.put(`/connections/${id}`, { definition })).status, 200)
  assert.equal((await outcomeOf(comeBack(person, moved))).outcome, 'changed')
  assert.equal((await stateOf(id)).authorisation.isAuthorised, false)

  const gone = theirs.decide(await leaveFor(person, id))
  assert.equal((await person.delete(`/connections/${id}`)).status, 200)
  assert.equal((await comeBack(person, gone)).status, 404)
  const left = await query(
    server.owner(),
    sql`select 1 from connection_authorisation where connection_id = ${id}
    union all select 1 from connection_secret where connection_id = ${id}`,
  )
  assert.equal(left.length, 0)
})

test('a token is no person, and a definition that sends codes in the clear is none', async () => {
  const { agency, server, theirs } = world
  const token = server.client(agency.locations[0]?.token)
  const id = await makeAuthorised(token, theirs)
  const { status, body } = await token.post(`/connections/${id}/authorise`)
  assert.deepEqual([status, /A person allows this/.test(body.message)], [400, true])
  for (const open of [
    { issuer: 'http://theirs.example' },
    { authorizeUrl: 'javascript:alert(1)', tokenUrl: 'https://theirs.example/token' },
    { authorizeUrl: 'https://theirs.example/ask', tokenUrl: 'http://theirs.example/token' },
    { issuer: 'https://name:password@theirs.example' },
  ]) {
    const refused = await token.put(`/connections/${id}`, { definition: authorisedDefinition(theirs, open) })
    assert.equal(refused.status, 422, JSON.stringify(open))
  }
  const viewer = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  assert.equal((await viewer.post(`/connections/${id}/authorise`)).status, 403)
})

test('whoever gives permission is asked by both addresses, too, without a secret, and may say by a page of its own who allowed it', async () => {
  const { outcomeOf, person } = world
  await using open = await startTheirProgram()
  open.clientSecret = ''
  const byHand = await makeAuthorised(person, open, {
    server: { ...byAddresses(open), scope: 'openid', clientIn: 'none' },
  })
  const address = await leaveFor(person, byHand)
  assert.equal(new URL(address).searchParams.get('lang'), 'en')
  const { message } = await outcomeOf(comeBack(person, open.decide(address)))
  assert.equal(message, 'It is authorised.', 'whose id token it is cannot be known')
  open.gives = { refresh: false, who: 'page' }
  const named = await makeAuthorised(person, open, { server: { ...byIssuer(open), clientIn: 'none' } })
  const told = await allowConnection(person, open, named)
  assert.match(told.message, /^It is authorised as Ada of theirs\. It gave a permission that ends soon.*offline_access/)
})

test('an answer that is too large or none, and a place that nobody may make us call, leave it unauthorised and say why', async () => {
  const { outcomeOf, person, place, server, theirs } = world
  const id = await makeAuthorised(person, theirs)
  const answers = [
    [`{"access_token":"${'x'.repeat(300_000)}`, 200],
    ['<html>', 200],
    ['{"token_type":"bearer"}', 200],
    ['', 500],
    ['{"error":"what was sent: the-secret-of-their-client-0815"}', 400],
  ] as const
  for (const [body, status] of answers) {
    theirs.answerToken = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    const told = await outcomeOf(comeBack(person, theirs.decide(await leaveFor(person, id))))
    assert.equal(told.outcome, 'refused', told.message)
    assert.ok(!told.message.includes(theirs.clientSecret) && told.message.length < 300, told.message)
  }
  theirs.answerToken = null
  await using guarded = await startTestServer({ databaseUrl: server.databaseUrl, work: false })
  const elsewhere = withCookie(guarded, person.cookie)
  const refused = await elsewhere.post(`/connections/${id}/authorise?${place}`)
  assert.deepEqual([refused.status, /no address on the public internet/.test(refused.body.message)], [400, true])
})
