import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let here: TestLocation

before(async () => {
  server = await startTestServer({ work: false })
  here = (await createAgency(server.app)).locations[0] as TestLocation
})
after(() => server?.[Symbol.asyncDispose]())

const client = () => server.client(here.token)
const PAGE = 20

interface Row {
  id: string
  properties: Record<string, string>
  updatedAt: string
}

async function search(client: Client, body: object): Promise<{ total: number; results: Row[]; after?: string }> {
  const reply = await client.post('/crm/v3/objects/contacts/search', body)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  return { ...reply.body, after: reply.body.paging?.next?.after }
}

/** Everything that was changed since a moment, as connectors read it: sorted by the last change, page by page. */
async function readSince(sinceMs: number, between: () => Promise<unknown> = async () => {}): Promise<Row[]> {
  const seen: Row[] = []
  let after: string | undefined
  do {
    const page = await search(client(), {
      filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(sinceMs) }] }],
      sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }],
      properties: ['firstname'],
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    seen.push(...page.results)
    after = page.after
    await between()
  } while (after !== undefined)
  return seen
}

const create = async (count: number, name: string): Promise<Row[]> => {
  const inputs = Array.from({ length: count }, (_, index) => ({ properties: { firstname: `${name} ${index}` } }))
  const { body, status } = await client().post('/crm/v3/objects/contacts/batch/create', { inputs })
  assert.equal(status, 201)
  return body.results
}
const rename = (id: string, firstname: string) =>
  client().raw('PATCH', `/crm/v3/objects/contacts/${id}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ properties: { firstname } }),
  })

test('what is changed while a reader pages does not hide what stands behind it', async () => {
  const sinceMs = Date.now()
  const made = await create(100, 'Moved')
  const moved = made.map(({ id }) => id)
  const seen = await readSince(sinceMs, async () => {
    // Those that the reader has seen already go to the end: what is behind them moves up.
    for (const id of moved.splice(0, 5)) assert.equal((await rename(id, 'Moved on')).status, 200)
  })
  const ids = new Set(seen.map(({ id }) => id))
  assert.deepEqual(
    made.filter(({ id }) => !ids.has(id)),
    [],
  )
})

test('a reader that counts for itself misses none either', async () => {
  const sinceMs = Date.now()
  const made = await create(60, 'Counted')
  const moved = made.map(({ id }) => id)
  const ids = new Set<string>()
  for (let after = 0; ; after += PAGE) {
    const { results } = await search(client(), {
      filters: [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: sinceMs }],
      sorts: ['lastmodifieddate'],
      limit: PAGE,
      after,
    })
    for (const { id } of results) ids.add(id)
    if (results.length < PAGE) break
    if (after < 60) for (const id of moved.splice(0, 3)) await rename(id, 'Counted on')
  }
  assert.deepEqual(
    made.filter(({ id }) => !ids.has(id)),
    [],
  )
})

test('a write that began earlier and ends later is not passed by', async () => {
  const [slow] = await create(1, 'Slow')
  const sinceMs = Date.now()
  const { pool } = server.app.database
  const holder = await pool.connect()
  let seen: Promise<Row[]>
  try {
    // A writer that has written, at a moment, and takes its time to commit.
    await holder.query('begin')
    const at = new Date()
    await holder.query('update record set updated_at = $1 where location_id = $2 and object_id = $3', [
      at,
      here.id,
      slow!.id,
    ])
    await pause(5)
    const [quick] = await create(1, 'Quick')
    seen = readSince(sinceMs)
    await pause(150)
    await holder.query('commit')
    const ids = (await seen).map(({ id }) => id)
    assert.deepEqual(ids, [slow!.id, quick!.id])
  } finally {
    holder.release()
  }
})

test('a write that began while others were waited for is not passed by either', async () => {
  const [late, newest] = await create(2, 'Waited for')
  await pause(5)
  const sinceMs = Date.now()
  const [first] = await create(1, 'First')
  const { pool } = server.app.database
  const [held, writer] = [await pool.connect(), await pool.connect()]
  try {
    // Somebody who writes keeps the reader waiting.
    await held.query('begin')
    await held.query('select pg_current_xact_id()')
    const reading = readSince(sinceMs)
    await pause(400)
    await writer.query('begin')
    await writer.query('update record set updated_at = $1 where location_id = $2 and object_id = $3', [
      new Date(),
      here.id,
      late!.id,
    ])
    await pause(5)
    assert.equal((await rename(newest!.id, 'Newest')).status, 200)
    await held.query('commit')
    const seen = await reading
    await writer.query('commit')
    const goesOn = Date.parse(seen.at(-1)!.updatedAt)
    const ids = new Set([...seen, ...(await readSince(goesOn))].map(({ id }) => id))
    for (const one of [first, late, newest]) assert.ok(ids.has(one!.id), String(one!.properties.firstname))
  } finally {
    held.release()
    writer.release()
  }
})

test('what the other wire began long before it wrote is not passed by', async () => {
  const contacts = await Promise.all(
    ['Slow', 'Quick'].map((firstName) => client().post('/contacts/', { locationId: here.id, firstName })),
  )
  const [slow, quick] = contacts.map(({ body }) => body.contact.id as string) as [string, string]
  const call = async (contactId: string) => {
    const told = await client().post('/conversations/messages/inbound', { type: 'Call', contactId })
    assert.equal(told.status, 200, JSON.stringify(told.body))
  }
  const calls = async (since: string): Promise<string[]> => {
    const { body } = await client().post('/crm/v3/objects/calls/search', {
      filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: since }],
      sorts: ['hs_lastmodifieddate'],
    })
    return body.results.map((one: Row) => one.updatedAt)
  }
  const sinceMs = Date.now()
  const holder = await server.app.database.pool.connect()
  const key = `${here.id}/conversation/${slow}`
  // What a conversation is begun under, held by somebody who writes nothing.
  await holder.query('select pg_advisory_lock(hashtextextended($1, 0))', [key])
  try {
    const waiting = call(slow)
    await pause(400)
    await call(quick)
    await pause(250)
    const reading = calls(String(sinceMs))
    await pause(20)
    await holder.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key])
    const seen = await reading
    await waiting
    const newest = seen.at(-1) as string
    const all = new Set([...seen, ...(await calls(newest))])
    assert.equal(all.size, 2)
  } finally {
    await holder.query('select pg_advisory_unlock_all()')
    holder.release()
  }
})

test('a reader that goes on from the newest it has seen, while four write, misses nothing', async () => {
  const beginMs = Date.now()
  const written = new Map<string, string>()
  let isOver = false
  const writer = async (number: number) => {
    const own: string[] = []
    for (let round = 0; round < 12; round++) {
      for (const { id, properties } of await create(5, `W${number} ${round}`)) {
        own.push(id)
        written.set(id, properties.firstname as string)
      }
      for (let turn = 0; turn < 3; turn++) {
        const id = own[Math.floor(Math.random() * own.length)] as string
        const name = `W${number} ${round} again ${turn}`
        assert.equal((await rename(id, name)).status, 200)
        written.set(id, name)
      }
      if (number % 2 === 0) {
        const made = await client().post('/contacts/', { locationId: here.id, firstName: `W${number} ${round} other` })
        assert.equal(made.status, 201)
      }
    }
  }
  const read = new Map<string, string>()
  const others = new Set<string>()
  const reader = async () => {
    let sinceMs = beginMs
    for (let last = false; ; ) {
      last = isOver
      for (const { id, properties, updatedAt } of await readSince(sinceMs)) {
        read.set(id, properties.firstname as string)
        others.add(properties.firstname as string)
        sinceMs = Math.max(sinceMs, Date.parse(updatedAt))
      }
      if (last) return
    }
  }
  const reading = reader()
  await Promise.all([0, 1, 2, 3].map(writer))
  isOver = true
  await reading
  for (const [id, name] of written) assert.equal(read.get(id), name, id)
  for (const number of [0, 2])
    for (let round = 0; round < 12; round++) assert.ok(others.has(`W${number} ${round} other`), `${number} ${round}`)
})

test('what was acknowledged is found by the next search, on whichever wire it was written', async () => {
  for (let round = 0; round < 20; round++) {
    const name = `Ack ${Math.random().toString(36).slice(2)}`
    if (round % 2 === 0) await create(1, name)
    else await client().post('/contacts/', { locationId: here.id, firstName: `${name} 0` })
    const { total } = await search(client(), {
      filters: [{ propertyName: 'firstname', operator: 'EQ', value: `${name} 0` }],
    })
    assert.equal(total, 1, name)
  }
})

test('a search answers its first ten thousand results and no more', async () => {
  const ask = (body: object) => client().post('/crm/v3/objects/contacts/search', body)
  assert.equal((await ask({ limit: 200, after: 9_800 })).status, 200)
  assert.equal((await ask({ limit: 200, after: '9801' })).status, 400)
  assert.equal((await ask({ limit: 201 })).status, 400)
  assert.equal((await ask({ after: 'x' })).status, 400)
  const filter = { propertyName: 'firstname', operator: 'EQ', value: 'x' }
  const groups = (count: number, each: number) =>
    Array.from({ length: count }, () => ({ filters: Array.from({ length: each }, () => filter) }))
  assert.equal((await ask({ filterGroups: groups(3, 6) })).status, 200)
  assert.equal((await ask({ filterGroups: groups(5, 4) })).status, 400, 'more than 18')
  assert.equal((await ask({ filterGroups: groups(6, 1) })).status, 400)
  assert.equal((await ask({ filterGroups: groups(1, 7) })).status, 400)
  assert.equal((await ask({ query: 'a'.repeat(3001) })).status, 400)
})
