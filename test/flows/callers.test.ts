import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let other: TestServer
let agency: TestAgency

before(async () => {
  server = await startTestServer({ work: false })
  other = await startTestServer({ work: false, databaseUrl: server.databaseUrl })
  agency = await createAgency(server.app)
})
after(async () => {
  await other?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

const path = (rest = '') => `/tokens/${rest}?companyId=${agency.companyId}`
const statusAt = async (where: TestServer, secret: string) =>
  (await where.client(secret).get(`/forms/?locationId=${agency.locations[0]!.id}`)).status

async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await condition()) return
    await pause(25)
  }
  assert.fail(`${what}: not within 5 s`)
}

/** A token that both servers have seen, and so remember. */
async function knownToken(): Promise<{ id: string; secret: string }> {
  const { body } = await server.client(agency.token).post(path(), { name: 'Known', scopes: ['*'] })
  assert.deepEqual([await statusAt(server, body.secret), await statusAt(other, body.secret)], [200, 200])
  return { id: body.token.id, secret: body.secret }
}

const endByHand = (id: string) =>
  sql`update token set revoked_at = now() where id = ${id}`.execute(server.app.database.db)

test('a caller is looked up once, and anew after a notice', async () => {
  const { id, secret } = await knownToken()
  await endByHand(id)
  assert.equal(await statusAt(server, secret), 200, 'what somebody writes by hand and without a notice is seen later')
  await sql`select pg_notify('tintype', 'callers')`.execute(server.app.database.db)
  assert.equal(await statusAt(server, secret), 401)
})

test('a token that ends here ends here at once and in every other process within moments', async () => {
  for (let round = 0; round < 10; round++) {
    const { id, secret } = await knownToken()
    assert.equal((await server.client(agency.token).delete(path(id))).status, 200)
    assert.equal(await statusAt(server, secret), 401)
    await until(async () => (await statusAt(other, secret)) === 401, 'the other process refuses')
  }
})

test('a process that may have missed a notice remembers nobody', async () => {
  const { id, secret } = await knownToken()
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
      and usename = current_user and pid <> pg_backend_pid()`.execute(server.app.database.db)
  await endByHand(id)
  await until(
    async () => (await statusAt(other, secret).catch(() => 0)) === 401,
    'a token that ended while nobody listened is refused',
  )
  await until(
    () => server.app.database.notices.isHearing() && other.app.database.notices.isHearing(),
    'both hear again',
  )
  const again = await knownToken()
  await endByHand(again.id)
  assert.equal(await statusAt(server, again.secret), 200, 'and remember again')
})
