import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createPerson } from '../../src/auth/people.ts'
import { makeLink } from '../../src/auth/person-links.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { Browser } from '../support/browser.ts'
import { makeSetUpCode, withCookie } from '../support/person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

let server: TestServer
before(async () => {
  // Without an agency until the last of these tests has made one.
  server = await startTestServer({ alone: true, work: false })
})
after(() => server?.[Symbol.asyncDispose]())

const SETUP = { companyName: 'Northlight', name: 'Ada', email: 'ada@people.example', password: 'a long enough secret' }

function setUp(body: object) {
  return server.client().post('/setup', body)
}

test('the first agency is made by whoever reads the code in the log, once', async () => {
  const codes = await Promise.all([0, 1].map(() => makeSetUpCode(server)))
  assert.equal((await server.client().get('/setup')).body.needed, true)
  assert.equal((await setUp({ ...SETUP, code: 'guess' })).status, 403)
  assert.equal((await setUp({ ...SETUP, code: codes[0], password: 'short' })).status, 422, 'which uses nothing up')
  const both = await Promise.all(codes.map((code) => setUp({ ...SETUP, code })))
  const made = both.find(({ status }) => status === 201)
  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 403])
  assert.deepEqual([made?.body.person.role, made?.body.company.name], ['owner', 'Northlight'])
  const cookie = /tintype_session=[^;]*/.exec(made?.headers.get('set-cookie') ?? '')?.[0] ?? ''
  assert.equal((await withCookie(server, cookie).get('/locations/search')).status, 200, 'and signed in')
  assert.equal((await setUp({ ...SETUP, email: 'b@people.example', code: await makeSetUpCode(server) })).status, 403)
  assert.equal((await server.client().get('/setup')).body.needed, false)
})

test('a link signs in once; to open it uses nothing up', async () => {
  const { db, clock } = server.app.platform
  const { companyId: agencyId } = await createAgency(server.app, { name: 'Studio' })
  const { token } = await inTransaction(db, async (tx) => {
    const person = await createPerson(
      tx,
      { agencyId, email: 'b@people.example', name: 'B', role: 'owner' },
      clock.nowMs(),
    )
    return makeLink(tx, { personId: person.id, purpose: 'sign-in' }, clock.nowMs())
  })
  const path = `/enter?token=${token}`
  await new Browser(server.url).open(path)
  const browser = new Browser(server.url)
  const page = await browser.open(path)
  assert.equal(page.headers.get('referrer-policy'), 'same-origin', 'or browsers say that the form is from nowhere')
  const elsewhere = await server.client().raw('POST', '/enter', {
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://elsewhere.example' },
    body: `token=${token}`,
  })
  assert.equal(elsewhere.status, 403)
  await browser.send(page, 'name="token"', {})
  const cookie = `tintype_session=${browser.cookies.get('tintype_session')}`
  assert.equal((await withCookie(server, cookie).get('/session')).body.person.email, 'b@people.example')
  const second = new Browser(server.url)
  assert.equal((await second.send(page, 'name="token"', {})).status, 403)
  assert.equal(second.cookies.has('tintype_session'), false)
})
