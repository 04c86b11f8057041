import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { query, type Tx } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client } from '../support/client.ts'
import { ada, makeConnection, send, until, untilRows } from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client

before(async () => {
  server = await startTestServer()
  agency = await createAgency(server.app)
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
})
after(() => server?.[Symbol.asyncDispose]())

/** A transaction that goes no further until it is told to. */
function hold(work: (tx: Tx) => Promise<unknown>) {
  const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const done = inTransaction(server.app.platform.db, async (tx) => {
    await work(tx)
    begun.resolve()
    await released.promise
  })
  done.catch(begun.reject)
  const release = () => {
    released.resolve()
    return done
  }
  return { begun: begun.promise, release }
}

/** The connection is somebody else's: whoever feeds it waits. */
const holdConnection = (id: string) => hold((tx) => lockNamed(tx, `connection/${id}`))

const lockNamed = (tx: Tx, name: string) => sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)

const jobsOf = (id: string) =>
  query(
    server.app.platform.db,
    sql<{ id: number; isRunning: boolean; key: string | null }>`
      select id, locked_at is not null as "isRunning", key from graphile_worker.jobs
      where task_identifier = 'feed-connection' and (key = ${`feed-connection/${id}`} or queue_name = ${`connection/${id}`})
      order by id`,
  )
/** How many wait for a lock of this name. */
async function waitingFor(name: string): Promise<number> {
  const [row] = await query(
    server.app.platform.db,
    sql<{ n: number }>`select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
      and (classid::bigint << 32 | objid::bigint) = hashtextextended(${name}, 0)`,
  )
  return row?.n ?? 0
}

const untilRunning = (id: string) =>
  until(async () => (await jobsOf(id)).some(({ isRunning }) => isRunning), 'a job that runs')

test('while a job looks at what came, more of it asks for no other job, and is looked at', async () => {
  const { id, address } = await makeConnection(client)
  await until(async () => (await jobsOf(id)).length === 0, 'nothing to do')
  const others = holdConnection(id)
  await others.begun
  for (let n = 0; n < 5; n++)
    assert.equal((await send(address, ada({ id: `c${n}`, email: `c${n}@ex.test` }))).status, 202)
  await untilRunning(id)
  const [first] = await jobsOf(id)
  for (let n = 5; n < 20; n++)
    assert.equal((await send(address, ada({ id: `c${n}`, email: `c${n}@ex.test` }))).status, 202)
  assert.deepEqual(await jobsOf(id), [first])
  await others.release()
  assert.equal((await untilRows(client, id, 20)).length, 20)
  await until(async () => (await jobsOf(id)).length === 0, 'a job that has ended')
})

test('what is under way when a job finds nothing more is looked at, though nobody asks for it', async () => {
  const { id, address } = await makeConnection(client)
  await until(async () => (await jobsOf(id)).length === 0, 'nothing to do')
  const owner = server.owner()
  await sql`create function commit_late() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock(hashtextextended(${sql.lit(`late/${id}`)}, 0)); return null; end $$`.execute(owner)
  await sql`create constraint trigger commit_late after insert on connection_arrival deferrable initially deferred
      for each row when (new.connection_id = ${sql.lit(id)}) execute function commit_late()`.execute(owner)
  // For as short as may be: whoever waits for it too long gives up, and is tried again.
  const others = holdConnection(id)
  await others.begun
  await send(address, ada({ id: 'a', email: 'a@ex.test' }))
  await untilRunning(id)
  // The next one has seen that a job runs, and takes long to commit.
  const late = hold((tx) => lockNamed(tx, `late/${id}`))
  await late.begun
  const reply = send(address, ada({ id: 'b', email: 'b@ex.test' }))
  try {
    await until(async () => (await waitingFor(`late/${id}`)) > 0, 'one that is about to commit')
    await others.release()
    await untilRows(client, id, 1)
    const isEnding = async () => (await waitingFor(`feed-connection/${id}`)) > 0 || (await jobsOf(id)).length === 0
    await until(isEnding, 'a job that has nothing more to do')
  } finally {
    await Promise.all([others.release(), late.release()])
  }
  assert.equal((await reply).status, 202)
  assert.equal((await untilRows(client, id, 2)).length, 2)
  await sql`drop trigger commit_late on connection_arrival`.execute(owner)
  await sql`drop function commit_late`.execute(owner)
})

const SENT = 400

test(`${SENT} that come around the moments at which jobs end are all looked at, and no job is left`, async () => {
  const { id, address } = await makeConnection(client)
  const count = async () => {
    const [row] = await query(
      server.app.platform.db,
      sql<{ n: number }>`select count(*)::int as n from connection_row where connection_id = ${id}`,
    )
    return row?.n ?? 0
  }
  for (let n = 0; n < SENT; ) {
    const some = 1 + Math.floor(Math.random() * 3)
    const replies = Array.from({ length: some }, () =>
      send(address, ada({ id: `c${n++}`, email: `c${n}@ex.test`, phone: null })),
    )
    for (const reply of await Promise.all(replies)) assert.equal(reply.status, 202)
    // What was sent is being written, and the job about to end.
    if (Math.random() < 0.5) await until(async () => (await count()) >= n, `${n} rows`)
    else await pause(Math.random() * 30)
  }
  await until(async () => (await count()) >= SENT, 'a row of each')
  await until(async () => (await jobsOf(id)).length === 0, 'no job')
})
