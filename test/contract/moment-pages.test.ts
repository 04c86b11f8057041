import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type Office, type Offices, startOffices } from '../support/offices.ts'

let world: Offices
before(async () => {
  world = await startOffices({}, {})
})
after(() => world?.[Symbol.asyncDispose]())
const at = (index: number) => world.offices[index] as Office

type Found = { id: string; sort: [number, string]; dateAdded: number }

/** All pages of a list, as a client walks them that knows but one name to go on by. */
async function walk(office: Office, path: string, ask: Ask, next: (body: Found[], meta: Meta) => object) {
  const seen: string[] = []
  for (let more = {}, pages = 0; pages < 40; pages++) {
    const query = new URLSearchParams({ locationId: office.id, ...(ask as object), ...more })
    const { body, status } = await office.client.get(`${path}?${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    const rows: Found[] = body.conversations ?? body.contacts
    assert.ok(rows.length <= ask.limit)
    seen.push(...rows.map(({ id }) => id))
    if (rows.length < ask.limit) return seen
    more = next(rows, body.meta)
  }
  throw new Error('goes on for ever')
}
type Ask = { limit: number; sort?: string }
type Meta = { startAfter: number; startAfterId: string }

test('conversations that share the moment of their last message are walked by it, each once', async () => {
  const office = at(0)
  const ids: string[] = []
  const dates = [...Array(12).fill('2026-01-05T10:00:00.000Z'), '2026-01-05T10:00:00.001Z', '2026-01-04T00:00:00.000Z']
  for (const [n, date] of dates.entries()) {
    const contact = await office.client.post('/contacts/', { locationId: office.id, email: `c${n}@post.test` })
    const body = { locationId: office.id, contactId: contact.body.contact.id }
    const { conversation } = (await office.client.post('/conversations/', body)).body
    ids.push(conversation.id)
    const message = { type: 'SMS', conversationId: conversation.id, message: 'hello', date }
    assert.equal((await office.client.post('/conversations/messages/inbound', message)).status, 200)
  }
  for (const sort of ['asc', 'desc'])
    for (const limit of [1, 2, 5, 12, 14, 20])
      for (const [name, next] of Object.entries({
        'the date alone': (last: Found) => ({ startAfterDate: String(last.sort[0]) }),
        'the whole sort': (last: Found) => ({ startAfterDate: last.sort.join(',') }),
        'date and id': (last: Found) => ({ startAfterDate: String(last.sort[0]), id: last.id }),
      })) {
        const seen = await walk(office, '/conversations/search', { limit, sort }, (rows) => next(rows.at(-1) as Found))
        assert.deepEqual(seen.sort(), [...ids].sort(), `${sort} ${limit} ${name}`)
      }
  const odd = await office.client.get(`/conversations/search?locationId=${office.id}&startAfterDate=yesterday`)
  const fault = 'startAfterDate must be an ISO 8601 date or a number of milliseconds'
  assert.deepEqual([odd.status, odd.body.message], [422, [fault]])
  const [first, ...others] = (await office.client.get(`/conversations/search?locationId=${office.id}`)).body
    .conversations
  assert.equal(first.sort[0], Date.parse('2026-01-05T10:00:00.001Z'), 'one alone in its moment has the moment itself')
  assert.equal(others.at(-2).sort[0], Date.parse('2026-01-05T10:00:00.000Z'), 'the last of a moment too')
})

test('contacts that share the moment of their creation are walked by it, each once', async () => {
  const office = at(1)
  const ids: string[] = []
  for (let n = 0; n < 12; n++) {
    const made = await office.client.post('/contacts/', { locationId: office.id, email: `c${n}@post.test` })
    ids.push(made.body.contact.id)
  }
  await sql`update record set created_at = '2026-01-05T10:00:00Z' where kind = 'contacts'
      and location_id = ${office.id} and id <> ${ids[0]}`.execute(world.server.app.platform.db)
  for (const limit of [1, 2, 5, 11, 12, 20])
    for (const [name, next] of Object.entries({
      'the moment alone': ({ startAfter }: Meta) => ({ startAfter: String(startAfter) }),
      'moment and id': ({ startAfter, startAfterId }: Meta) => ({ startAfter: String(startAfter), startAfterId }),
      'the id alone': ({ startAfterId }: Meta) => ({ startAfterId }),
    }))
      assert.deepEqual(
        (await walk(office, '/contacts/', { limit }, (_, meta) => next(meta))).sort(),
        [...ids].sort(),
        `${limit} ${name}`,
      )
})
