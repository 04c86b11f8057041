import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { deleteConnection, dryRun, forgetConnectionsGone, getConnection, undoRun } from '../../src/connect/index.ts'
import { waitingIds } from '../../src/connect/runs/rows.ts'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client } from '../support/client.ts'
import { CONTACT_DEFINITION, makeConnection, rowsOf, until, untilRun, upload, walk } from '../support/connections.ts'
import { areDirect, plansOf } from '../support/plans.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let client: Client
let agencyToken: string

before(async () => {
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8' })
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story has a location of its own. */
async function begin(): Promise<string> {
  const agency = await createAgency(server.app, { locations: 1 })
  location = agency.locations[0] as TestLocation
  agencyToken = agency.token
  client = server.client(location.token)
  return (await makeConnection(client, { way: 'file' })).id
}

const send = (id: string, bytes: string | Uint8Array, dryRun = false) =>
  upload({ url: server.url, token: location.token }, { id, dryRun }, bytes)

const HEAD = 'id,first_name,last_name,email,phone,city,tags,type'
/**
 * Some of the same person, in one set of rows and in others, some that are skipped, some that cannot be written. Several
 * sets are under way at once.
 */
const PEOPLE = Array.from({ length: 2_000 }, (_, n) => {
  const who = n < 600 ? n : (n * 7 + 3 * Math.floor(n / 9)) % 600
  const email = n % 50 === 7 ? 'nobody' : `p${who}@ex.test`
  return `c${who},First ${n},Last,${email},,City ${n % 7},"vip, x${n % 3}",${n % 40 === 3 ? 'Spam' : 'Client'}`
})

const countsOf = ({ created, updated, unchanged, skipped, failed }: Record<string, number>) => ({
  created,
  updated,
  unchanged,
  skipped,
  failed,
})

const feeding = () => {
  const { db, clock, writers } = server.app.platform
  return { db, clock, writers, byMail: false }
}

/** How many wait for a row that somebody else holds. */
async function waitersForRows(): Promise<number> {
  const [row] = await query(
    server.owner(),
    sql<{ n: number }>`select count(*)::int as n from pg_stat_activity where datname = current_database()
      and wait_event in ('transactionid', 'tuple')`,
  )
  return row?.n ?? 0
}

const stored = async () => {
  const rows = await query(
    server.app.platform.db,
    sql<{ state: string }>`select md5(coalesce(string_agg(id || doc::text || updated_at, ',' order by id), '')) as state
      from record where location_id = ${location.id}`,
  )
  return rows[0]?.state
}

test('a dry run writes nothing, and its counts and changes are those of the run', async () => {
  const id = await begin()
  const known = { locationId: location.id, firstName: 'Known', email: 'p5@ex.test' }
  await client.post('/contacts/', known)
  const before = await stored()
  const csv = [HEAD, ...PEOPLE].join('\n')
  const dry = await send(id, csv, true)
  assert.equal(dry.status, 202, JSON.stringify(dry.body))
  const looked = await untilRun(client, id, dry.body.run.id)
  assert.deepEqual([looked.state, looked.total, looked.dryRun], ['done', PEOPLE.length, true])
  assert.equal(await stored(), before)
  assert.deepEqual(await rowsOf(client, id, '&state=failed'), [], 'what was only looked at is no dead letter')
  for (const which of [{}, { runId: looked.id }])
    assert.equal((await client.post(`/connections/${id}/replay`, which)).status, 400)
  const started = await client.post(`/connections/${id}/runs/${looked.id}/start`)
  assert.equal(started.status, 202, JSON.stringify(started.body))
  const done = await untilRun(client, id, started.body.run.id)
  assert.deepEqual(countsOf(done), countsOf(looked))
  const { writtenBy } = await untilRun(client, id, looked.id)
  assert.deepEqual([writtenBy, looked.writtenBy, done.writtenBy], [done.id, null, null])
  assert.ok(
    looked.created > 250 && looked.updated > 90 && looked.skipped > 0 && looked.failed > 0,
    JSON.stringify(looked),
  )
  const of = async (run: string) =>
    (await rowsOf(client, id, `&runId=${run}`)).map(({ place, state, changes }) => [place, state, changes])
  assert.deepEqual(await of(done.id), await of(looked.id))
  // All of it once more: nothing is another.
  const again = await send(id, csv)
  const second = await untilRun(client, id, again.body.run.id)
  assert.deepEqual([second.created, second.failed], [0, looked.failed])
  const undo = await client.post(`/connections/${id}/runs/${second.id}/undo`)
  await untilRun(client, id, undo.body.run.id)
  const first = await client.post(`/connections/${id}/runs/${done.id}/undo`)
  const undone = await untilRun(client, id, first.body.run.id)
  assert.equal(undone.skipped, 0, JSON.stringify(await rowsOf(client, id, `&runId=${undone.id}&state=kept`)))
  const runs = await walk(client, `/connections/${id}/runs?limit=2`, 'runs')
  assert.deepEqual(
    [...new Set(runs.map((run) => run.id))].sort(),
    [looked, done, second, undone, undo.body.run].map((run) => run.id).sort(),
    'nothing twice, no gap',
  )
  await query(
    server.app.platform.db,
    sql`update connection_run set started_at = now() where location_id = ${location.id}`,
  )
  assert.equal((await walk(client, `/connections/${id}/runs?limit=1`, 'runs')).length, runs.length, 'of one moment')
  const left = (await client.post('/contacts/search', { locationId: location.id, pageLimit: 10 })).body
  assert.deepEqual([left.total, left.contacts[0].email], [1, 'p5@ex.test'])
})

test('a file with another delimiter, encoding and a BOM is read, and half a row is told with its line', async () => {
  const id = await begin()
  const text = `${HEAD.replaceAll(',', ';')}\r\nc1;Zoë;Größe;zoe@ex.test;;Köln;;Client\r\nc2;Half;"open`
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  const { status, body } = await send(id, utf16)
  assert.equal(status, 202, JSON.stringify(body))
  const run = await untilRun(client, id, body.run.id)
  assert.deepEqual([run.created, run.failed, run.total], [1, 1, 2], JSON.stringify(run))
  const rows = await rowsOf(client, id, `&runId=${run.id}`)
  const made = rows.find(({ state }) => state === 'created')
  assert.deepEqual([made.place, made.mapped.values.firstName, made.mapped.values.city], [2, 'Zoë', 'Köln'])
  const [bad] = rows.filter(({ state }) => state === 'failed')
  assert.deepEqual([bad.place, bad.item], [3, null])
  assert.equal((await send(id, 'PK\u0003\u0004 no text')).status, 422)
  assert.equal((await send(id, '')).status, 422)
})

test('a file that lacks a column which the one before had is not written, tried or not, until somebody has decided', async () => {
  const id = await begin()
  const csv = (head: string, n: number) => `${head}\nc${n},A,B,a${n}@ex.test,,C,,Client`
  const state = async () => (await client.get(`/connections/${id}`)).body.connection
  const looked = await untilRun(client, id, (await send(id, csv(HEAD, 1), true)).body.run.id)
  const started = await client.post(`/connections/${id}/runs/${looked.id}/start`)
  await untilRun(client, id, started.body.run.id)
  const changed = HEAD.replace('email', 'E-mail')
  const before = await stored()
  const tried = (await send(id, csv(changed, 2), true)).body.run
  assert.deepEqual([tried.state, (await state()).state], ['failed', 'live'])
  assert.match(tried.error, /“email” is gone \(used for email\)\. Nothing of it was written/)
  const { status, body } = await send(id, csv(changed, 2))
  assert.deepEqual([status, body.run.state, body.run.error], [202, 'failed', tried.error])
  const { state: now, stateReason } = await state()
  assert.deepEqual([now, stateReason, await stored()], ['paused', tried.error, before])
  assert.equal((await send(id, csv(changed, 2))).status, 400)
  // It is meant to be so.
  assert.equal((await client.post(`/connections/${id}/resume`)).status, 200)
  const run = await untilRun(client, id, (await send(id, csv(changed, 2))).body.run.id)
  assert.deepEqual([run.state, run.created], ['done', 1])
})

test('a file fails where nothing of it could be written, and not because of a row, wherever that stands', async () => {
  const id = await begin()
  const line = (n: number, email = `a${n}@ex.test`) => `c${n},A,B,${email},,C,,Client`
  const failing = async (lines: readonly string[]) => {
    const run = await untilRun(client, id, (await send(id, [HEAD, ...lines].join('\n'))).body.run.id)
    const { failingSince, lastError } = (await client.get(`/connections/${id}`)).body.connection
    return [run.failed, failingSince !== null, lastError !== null]
  }
  assert.deepEqual(await failing([line(1, 'nobody'), line(2), line(3)]), [1, false, true])
  assert.deepEqual(await failing([line(4), line(5), line(6, 'nobody')]), [1, false, true])
  assert.deepEqual(await failing([line(7, 'nobody'), line(8, 'nobody')]), [2, true, true])
  assert.deepEqual(await failing([line(9, 'nobody'), line(1)]), [1, false, true])
})

test('what of a file cannot be read is told with its line by a dry run too, and by the run that writes it', async () => {
  const id = await begin()
  const line = (n: number) => `c${n},A,B,a${n}@ex.test,,C,,Client`
  const toldOf = async (run: string) =>
    (await rowsOf(client, id, `&runId=${run}`))
      .map(({ place, state, problems }) => [place, state, problems[0]?.message])
      .sort(([a], [b]) => a - b)
  for (const lines of [[line(1), 'c2,A', line(3), 'c4,"open'], ['c2,A']]) {
    const csv = [HEAD, ...lines].join('\n')
    const { run } = (await send(id, csv, true)).body
    const looked = await untilRun(client, id, run.id)
    // Once more, as whoever is killed does.
    await dryRun(feeding(), { locationId: location.id, id }, looked.id)
    const told = await toldOf(looked.id)
    assert.deepEqual(told[1] ?? told[0], [
      lines.length > 1 ? 3 : 2,
      'failed',
      'the row has 2 columns, and the file has 8',
    ])
    const started = (await client.post(`/connections/${id}/runs/${looked.id}/start`)).body.run
    const done = await untilRun(client, id, started.id)
    assert.deepEqual([done.total, countsOf(done)], [lines.length, countsOf(looked)])
    assert.deepEqual(await toldOf(done.id), told)
  }
})

test('of a connection that is deleted while its file is read, looked at or taken back nothing stays', async () => {
  const id = await begin()
  const csv = `${HEAD}\nc1,A,B,a@ex.test,,C,,Client`
  const { run } = (await send(id, csv)).body
  await untilRun(client, id, run.id)
  const place = { locationId: location.id, id }
  const sending = await inTransaction(server.app.platform.db, async (tx) => {
    await deleteConnection(tx, await getConnection(tx, place, { hold: 'alone' }))
    const sent = send(id, csv, true)
    // It is read, and would be kept.
    await until(async () => (await waitersForRows()) > 0, 'a reader that waits')
    return { sent }
  })
  assert.equal((await sending.sent).status, 404)
  await dryRun(feeding(), place, run.id)
  await undoRun(feeding(), place, run.id)
  const { rows } = await sql`select id from connection_run where location_id = ${location.id}`.execute(server.owner())
  assert.deepEqual(rows, [])
})

test('of a sub-account that goes in the middle of a file nothing of its connections stays', async () => {
  const id = await begin()
  const agency = server.client(agencyToken)
  const { run } = (await send(id, [HEAD, ...PEOPLE].join('\n'))).body
  assert.equal(run.state, 'running')
  assert.equal((await agency.delete(`/locations/${location.id}`)).status, 200)
  const { db } = server.app.platform
  await forgetConnectionsGone(db)
  const left = async (table: string) => {
    const [row] = await query(
      server.owner(),
      sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} where location_id = ${location.id}`,
    )
    return `${table} ${row?.n}`
  }
  const tables = ['run', 'set', 'row', 'link', 'arrival', 'version'].map((name) => `connection_${name}`)
  assert.deepEqual(
    await Promise.all(tables.map(left)),
    tables.map((name) => `${name} 0`),
  )
})

test('only a live connection writes a file; a draft looks at it', async () => {
  await begin()
  const { id } = await makeConnection(client, { way: 'file' }, { deploy: false })
  const csv = `${HEAD}\nc1,A,B,a@ex.test,,C,,Client`
  assert.equal((await send(id, csv)).status, 400)
  const dry = await send(id, csv, true)
  const run = await untilRun(client, id, dry.body.run.id)
  assert.equal(run.created, 1)
  assert.equal((await client.post(`/connections/${id}/runs/${run.id}/start`)).status, 400)
  await client.post(`/connections/${id}/deploy`)
  const mapping = { ...CONTACT_DEFINITION.mapping, conflicts: 'fill' }
  await client.put(`/connections/${id}`, { definition: { ...CONTACT_DEFINITION, mapping } })
  await client.post(`/connections/${id}/deploy`)
  assert.equal((await client.post(`/connections/${id}/runs/${run.id}/start`)).status, 400)
})

test('however many rows wait for their turn, those that wait for what they need are found by an index', async () => {
  const id = await begin()
  const place = { locationId: location.id, id }
  await sql`insert into connection_row (location_id, connection_id, run_id, id, place, external_id, state, tries, due_at,
      at)
    select ${location.id}, ${id}, 'r', gen_random_uuid(), n, 'x' || n, 'waiting', (n % 1000 = 1)::int, now(), now()
    from generate_series(1, 30000) n`.execute(server.owner())
  await sql`analyze connection_row`.execute(server.owner())
  const { count, plans } = await plansOf(server, (db) =>
    inTransaction(db, async (tx) => {
      assert.deepEqual([...(await waitingIds(tx, place, ['x1', 'x2', 'x1001'])).keys()].sort(), ['x1', 'x1001'])
    }),
  )
  assert.equal(count, 1)
  areDirect(plans, 3)
})
