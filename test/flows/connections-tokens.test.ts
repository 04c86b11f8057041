import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  allowConnection,
  makeAuthorised,
  type PermittedWorld,
  startPermitted,
} from '../support/authorised-connections.ts'
import { ada, pollAgain, pollUntil, until, untilRows } from '../support/connections.ts'
import { withCookie } from '../support/person.ts'
import { startTestServer } from '../support/server.ts'
import { startReceiver } from '../support/webhooks.ts'

let world: PermittedWorld
before(async () => {
  world = await startPermitted()
})
after(() => world?.[Symbol.asyncDispose]())

test('a token is renewed before it ends and in the middle of a poll, and no page is missed or asked for twice', async () => {
  const { person, server, stateOf, theirs } = world
  theirs.people = [1, 2, 3].map((n) => ada({ id: `m${n}`, email: `m${n}@ex.test`, phone: null }))
  const id = await makeAuthorised(person, theirs)
  await allowConnection(person, theirs, id)
  theirs.asked.length = 0
  const renewals = () => theirs.forms.filter((form) => form.get('grant_type') === 'refresh_token').length
  const atFirst = renewals()
  // Between its first page and the second.
  theirs.beforePage = () => {
    theirs.beforePage = () => theirs.end()
  }
  assert.equal((await person.post(`/connections/${id}/deploy`)).status, 200)
  const rows = await untilRows(person, id, 3)
  assert.deepEqual(rows.map(({ externalId }) => externalId).sort(), ['m1', 'm2', 'm3'])
  const next = async () => Date.parse((await stateOf(id)).nextPollAt) - Date.now() - world.laterMs
  await until(async () => (await next()) > 30_000, 'the end of the poll')
  assert.deepEqual(theirs.asked, ['page 1', 'page 2', 'page 3', 'page 4'])
  const before = renewals()
  assert.equal(before, atFirst + 1)
  world.laterMs = 3_600_000 - 30_000
  await pollAgain(server, id)
  await until(async () => renewals() > before && (await next()) > 30_000, 'a renewal before the end')
  assert.equal((await stateOf(id)).state, 'live')
  await person.post(`/connections/${id}/pause`)
  world.laterMs = 0
})

test('two who find that a token has ended renew it once, and use the same new one', async () => {
  const { person, place, server, stateOf, theirs } = world
  theirs.people = [ada({ id: 't1', email: 't1@ex.test', phone: null })]
  const id = await makeAuthorised(person, theirs)
  await allowConnection(person, theirs, id)
  await using second = await startTestServer({
    databaseUrl: server.databaseUrl,
    outgoingNetworks: '127.0.0.0/8',
    clock: { nowMs: () => Date.now() + world.laterMs },
  })
  const there = withCookie(second, person.cookie)
  let last = ''
  const isPolled = () =>
    until(async () => {
      const { nextPollAt } = await stateOf(id)
      const isOver =
        theirs.asked.includes('page 2') && nextPollAt !== last && Date.parse(nextPollAt) > Date.now() + 30_000
      if (isOver) last = nextPollAt
      return isOver
    }, 'the end of a poll')
  theirs.asked.length = 0
  assert.equal((await person.post(`/connections/${id}/deploy`)).status, 200)
  await isPolled()
  for (let round = 0; round < 3; round++) {
    theirs.end()
    theirs.asked.length = 0
    const before = theirs.forms.length
    const [, ...both] = await Promise.all([
      pollAgain(server, id),
      person.post(`/connections/${id}/test`),
      there.post(`/connections/${id}/test?${place}`),
      person.post(`/connections/${id}/test`),
    ])
    for (const { body } of both) assert.equal(body.reached, true, JSON.stringify(body))
    await isPolled()
    assert.deepEqual(
      theirs.forms.slice(before).map((form) => form.get('grant_type')),
      ['refresh_token'],
    )
  }
})

test('one that is let in no more waits and says what to do, somebody hears of it, and one click lets it go on', async () => {
  const { person, server, stateOf, theirs } = world
  await using receiver = await startReceiver()
  theirs.people = [ada({ id: 'r1', email: 'r1@ex.test', phone: null })]
  const id = await makeAuthorised(person, theirs)
  assert.equal((await person.put(`/connections/${id}`, { settings: { alertUrl: receiver.url } })).status, 200)
  await allowConnection(person, theirs, id)
  await person.post(`/connections/${id}/deploy`)
  await untilRows(person, id, 1)
  theirs.end(true)
  await pollUntil(server, id, {
    is: async () => (await stateOf(id)).state === 'needs_authorisation',
    what: 'a need of authorisation',
  })
  assert.match((await stateOf(id)).stateReason, /^no token was given \(400: invalid_grant\)\. .*choose Authorise/)
  await receiver.until(({ taken }) => taken.length > 0, 'an alert')
  assert.match(receiver.taken[0]?.body.error, /choose Authorise/)
  theirs.people.push(ada({ id: 'r2', email: 'r2@ex.test', phone: null }))
  const { connection } = await allowConnection(person, theirs, id)
  assert.deepEqual([connection.state, connection.stateReason], ['live', null])
  await untilRows(person, id, 2)

  const off = await person.post(`/connections/${id}/disconnect`)
  assert.deepEqual([off.status, off.body.revoked, off.body.connection.state], [200, true, 'needs_authorisation'])
  assert.match(off.body.connection.stateReason, /Choose Authorise/)
  assert.equal(off.body.connection.authorisation.isAuthorised, false)
  const names = off.body.connection.secrets.map(({ name }: { name: string }) => name)
  assert.deepEqual(names, ['clientId', 'clientSecret'])
  const [token] = theirs.forms.slice(-1).map((form) => form.get('token'))
  assert.ok(theirs.secrets.has(String(token)), 'what was given back is what was given')
})

test('a copy holds nothing that opens, and says that it needs authorisation', async () => {
  const { person, stateOf, theirs } = world
  const id = await makeAuthorised(person, theirs)
  await allowConnection(person, theirs, id)
  const { document } = (await person.get(`/connections/${id}/export`)).body
  for (const secret of [...theirs.secrets, theirs.clientSecret, theirs.clientId, 'ada@theirs.example'])
    assert.ok(!JSON.stringify(document).includes(secret), secret)
  const made = await person.post('/connections/import', { document })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.match(made.body.connection.stateReason, /needs authorisation/)
  const copy = await stateOf(made.body.connection.id)
  assert.deepEqual([copy.secrets, copy.authorisation.isAuthorised], [[], false])
  const early = await person.post(`/connections/${copy.id}/authorise`)
  assert.deepEqual([early.status, /client id is missing/.test(early.body.message)], [400, true])
})
