import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { createDemo, type DemoFile } from '../../src/demo/index.ts'
import { RECORDS } from '../../src/resources/records/index.ts'
import { MESSAGE_TYPE_NAMES } from '../../src/resources/records/message-types.ts'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let demo: DemoFile
let client: Client
let locationId: string

before(async () => {
  server = await startTestServer({ work: false, alone: true })
  demo = (await createDemo(server.app.platform, server.url)) as DemoFile
  const [template] = demo.locations
  locationId = template!.id
  client = server.client(template!.token)
})
after(() => server?.[Symbol.asyncDispose]())

/**
 * Every record, with the ids of assets and places, which differ from demo to demo, left out, and without what ties
 * records together, which is told by their numbers.
 */
async function contentOf({ app }: TestServer, { companyId, locations }: DemoFile): Promise<string> {
  const { rows } = await sql<{ id: string; content: string }>`
    select kind || ' ' || id as id, doc::text || created_at as content from record where kind <> 'object_associations'
      order by kind, id collate "C"`.execute(app.platform.db)
  const assets = await sql<{ id: string }>`select id from asset`.execute(app.platform.db)
  const stages = await sql<{ id: string }>`
    select doc->>'pipelineStageId' as id from record where kind = 'opportunities' group by 1`.execute(app.platform.db)
  const local = [companyId, ...locations.map(({ id }) => id), ...[...assets.rows, ...stages.rows].map(({ id }) => id)]
  const pattern = new RegExp(local.join('|'), 'g')
  return createHash('sha256')
    .update(rows.map(({ id, content }) => `${id} ${content.replace(pattern, '')}`).join('\n'))
    .digest('hex')
}

test('the template location holds two thousand people and what happened with them', async () => {
  const { rows } = await sql<{ kind: string; count: number }>`
    select kind, count(*) as count from record where location_id in (${locationId}, ${demo.companyId})
      group by kind`.execute(server.app.platform.db)
  const counts = Object.fromEntries(rows.map(({ kind, count }) => [kind, count]))
  assert.equal(counts.contacts, 2000)
  for (const kind of ['tasks', 'notes', 'opportunities', 'conversations', 'messages'])
    assert.ok(counts[kind]! >= 400, `${kind}: ${counts[kind]}`)
  for (const kind of [
    'users',
    'businesses',
    'object_associations',
    'invoices',
    'blogs',
    'blog_authors',
    'blog_categories',
    'blog_posts',
    'recordings',
    'transcriptions',
  ])
    assert.ok(counts[kind]! > 0, `no ${kind}`)
  assert.ok(counts.appointments! > 200, 'no appointments')
  const searched = await client.post('/contacts/search', { locationId, pageLimit: 1 })
  assert.equal(searched.body.total, 2000, JSON.stringify(searched.body))
  for (const { token, id } of demo.locations.slice(1))
    assert.equal((await server.client(token).get(`/conversations/search?locationId=${id}`)).body.total, 0)
})

test('one conversation has a message of every type, and a call can be heard and read', async () => {
  const found = (await client.get(`/conversations/search?locationId=${locationId}&limit=100&sort=asc`)).body
  assert.equal(found.total, 400)
  const [first] = found.conversations
  const types = new Set<string>()
  let call = ''
  for (let after = ''; ; ) {
    const { body } = await client.get(`/conversations/${first.id}/messages?limit=20${after}`)
    for (const { id, messageType } of body.messages.messages) {
      types.add(messageType)
      if (messageType === 'TYPE_CALL') call = id
    }
    if (!body.nextPage) break
    after = `&lastMessageId=${body.lastMessageId}`
  }
  assert.deepEqual([...types].sort(), [...MESSAGE_TYPE_NAMES].sort())
  const sound = await client.get(`/conversations/messages/${call}/locations/${locationId}/recording`)
  assert.deepEqual(
    [sound.status, sound.headers.get('content-type'), sound.headers.get('content-length')],
    [200, 'audio/x-wav', '16044'],
  )
  const text = await client.get(`/conversations/locations/${locationId}/messages/${call}/transcription/download`)
  assert.match(text.body, /Northlight Studio, good morning\./)
})

test('every demo holds the same', async () => {
  await using other = await startTestServer({ work: false, alone: true })
  const again = (await createDemo(other.app.platform, other.url)) as DemoFile
  assert.equal(await contentOf(other, again), await contentOf(server, demo))
})

test('a snapshot of the location carries no records', async () => {
  const agency = server.client(demo.agencyToken)
  const made = await agency.post(`/snapshots/?companyId=${demo.companyId}`, { name: 'All', locationId })
  assert.equal(made.status, 201)
  const kinds = Object.keys(made.body.snapshot.assets)
  assert.deepEqual(
    kinds.filter((kind) => RECORDS.has(kind)),
    [],
  )
})
