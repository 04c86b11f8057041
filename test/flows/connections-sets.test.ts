import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Client } from '../support/client.ts'
import { makeConnection, rowsOf, untilRun, upload } from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let client: Client

/** Whoever works is another server, so that it can be away. */
before(async () => {
  server = await startTestServer({ work: false, alone: true })
})
after(() => server?.[Symbol.asyncDispose]())

const startWorker = () => startTestServer({ databaseUrl: server.databaseUrl })

async function begin(): Promise<string> {
  const agency = await createAgency(server.app, { locations: 1 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  return (await makeConnection(client, { way: 'file' })).id
}

const HEAD = 'id,first_name,last_name,email,phone,city,tags,type'
const fileOf = (city: string, count: number, email = (n: number) => `p${n}@ex.test`) =>
  [HEAD, ...Array.from({ length: count }, (_, n) => `c${n},Ada,Lovelace,${email(n)},,${city},,Client`)].join('\n')

async function send(id: string, csv: string, dryRun = false): Promise<string> {
  const { status, body } = await upload({ url: server.url, token: location.token }, { id, dryRun }, csv)
  assert.equal(status, 202, JSON.stringify(body))
  return body.run.id
}
const cityOf = async (email: string) => {
  const { body } = await client.get(`/contacts/search/duplicate?locationId=${location.id}&email=${email}`)
  return body.contact?.city
}

test('a run that is undone before anybody has looked at it leaves its rows to be seen, and writes none of them', async () => {
  const id = await begin()
  const runId = await send(id, fileOf('Austin', 6_000))
  const undo = await client.post(`/connections/${id}/runs/${runId}/undo`)
  assert.equal(undo.status, 202, JSON.stringify(undo.body))
  assert.deepEqual(
    await rowsOf(client, id, `&runId=${runId}`),
    [],
    'a million rows are not discarded while somebody waits',
  )
  await using _ = await startWorker()
  await untilRun(client, id, undo.body.run.id)
  const rows = await rowsOf(client, id, `&runId=${runId}`)
  assert.deepEqual(
    rows.map(({ place, state, item }) => [place, state, item.id]),
    Array.from({ length: 6_000 }, (_, n) => [n + 2, 'discarded', `c${n}`]),
  )
  assert.equal(await cityOf('p1@ex.test'), undefined)
})

test('what comes later is written later: another file, what a dry run has looked at, a replay', async () => {
  const id = await begin()
  let dry = ''
  {
    await using _ = await startWorker()
    dry = await send(id, fileOf('Boston', 2), true)
    await untilRun(client, id, dry)
    const first = await send(
      id,
      fileOf('Austin', 2, (n) => (n === 1 ? 'nobody' : 'p0@ex.test')),
    )
    assert.equal((await untilRun(client, id, first)).failed, 1)
  }
  await send(id, fileOf('Chicago', 600))
  assert.equal((await client.post(`/connections/${id}/runs/${dry}/start`)).status, 202)
  await send(id, fileOf('Dallas', 1))
  const [bad] = await rowsOf(client, id, '&state=failed')
  const item = { ...bad.item, email: 'p1@ex.test', city: 'El Paso' }
  const replayed = await client.post(`/connections/${id}/replay`, { rowIds: [bad.id], item })
  assert.equal(replayed.status, 202, JSON.stringify(replayed.body))
  await using _ = await startWorker()
  await untilRun(client, id, replayed.body.run.id)
  assert.deepEqual(await Promise.all(['p0@ex.test', 'p1@ex.test', 'p2@ex.test'].map(cityOf)), [
    'Dallas',
    'El Paso',
    'Chicago',
  ])
})

test('rows stand in the order of their file, whichever of several sets was written first', async () => {
  const id = await begin()
  await using _ = await startWorker()
  // The second set takes longest: of two people, row by row.
  const runId = await send(
    id,
    fileOf('Austin', 2_000, (n) => `p${n > 249 && n < 500 ? n % 2 : n}@ex.test`),
  )
  const run = await untilRun(client, id, runId)
  assert.deepEqual([run.created, run.total], [1_750, 2_000])
  const places = (await rowsOf(client, id, `&runId=${runId}`)).map(({ place }) => place)
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  )
  assert.equal(places.length, 2_000)
})

test('rows of a run that is taken back are not written by whoever comes upon them first', async () => {
  const id = await begin()
  const runId = await send(id, fileOf('Austin', 6_000))
  // The job that takes back is long in coming.
  const { body } = await client.post(`/connections/${id}/runs/${runId}/undo`)
  const other = await send(id, fileOf('Boston', 1))
  await sql`update graphile_worker._private_jobs set run_at = now() + interval '1 day' where task_id = (
    select id from graphile_worker._private_tasks where identifier = 'undo-run')`.execute(server.owner())
  await using _ = await startWorker()
  await untilRun(client, id, other)
  const states = (await rowsOf(client, id, `&runId=${runId}`)).map(({ state }) => state)
  assert.deepEqual([...new Set(states)], ['discarded'])
  assert.deepEqual(
    [states.length, await cityOf('p0@ex.test'), await cityOf('p1@ex.test')],
    [6_000, 'Boston', undefined],
  )
  await sql`update graphile_worker._private_jobs set run_at = now()`.execute(server.owner())
  await untilRun(client, id, body.run.id)
})
