import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inTransaction } from '../../src/db/transaction.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { createRecords } from '../../src/store/records/index.ts'
import { watchBusy } from '../support/busy.ts'
import { hire } from '../support/hire.ts'
import { statementsOf } from '../support/statements.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ alone: true, work: false })
})
after(() => story?.[Symbol.asyncDispose]())

/** Contacts of a location, made by the store itself. */
async function people({ id: locationId }: Actor, count: number): Promise<string[]> {
  const { db } = story.server.app.platform
  const author = { actor: 'test', cause: null, atMs: Date.now() }
  const documents = Array.from({ length: count }, (_, number) => ({
    document: { type: 'lead', firstName: `Person ${number}`, tags: [], customFields: [], dnd: false, followers: [] },
  }))
  return (await inTransaction(db, (tx) => createRecords({ tx, locationId, author }, contacts, documents))).map(
    ({ id }) => id,
  )
}

const tagNames = (count: number, word: string, letters = 10) =>
  Array.from({ length: count }, (_, number) => `${word} ${number} `.padEnd(letters, 'x').trim())

/** How many statements a call takes. Whatever else the process asks meanwhile is left out. */
async function cost(call: () => Promise<{ status: number; body: unknown }>): Promise<number> {
  const texts = await statementsOf(story.server, async () => {
    const { status, body } = await call()
    assert.ok(status < 300, `${status} ${JSON.stringify(body).slice(0, 300)}`)
  })
  assert.ok(texts.length > 0, 'its statements are seen')
  return texts.filter((text) => !/pg_notify|rate_count|worker|^listen/i.test(text)).length
}

let calls = 0

/** A call of this size, from a location of its own, with what it needs. */
const CALLS: Record<string, (actor: Actor, size: number) => Promise<() => Promise<{ status: number; body: unknown }>>> =
  {
    'bulk tags, added to many': async ({ id: locationId, client }, size) => {
      const ids = await people({ id: locationId, client }, size)
      return () =>
        client.post('/contacts/bulk/tags/update/add', { locationId, contacts: ids, tags: tagNames(size, 'new') })
    },
    'bulk tags, taken from many': async ({ id: locationId, client }, size) => {
      const ids = await people({ id: locationId, client }, size)
      await client.post('/contacts/bulk/tags/update/add', { locationId, contacts: ids, tags: tagNames(size, 'old') })
      return () =>
        client.post('/contacts/bulk/tags/update/remove', { locationId, contacts: ids, tags: tagNames(size, 'old') })
    },
    'a business for many': async ({ id: locationId, client }, size) => {
      const ids = await people({ id: locationId, client }, size)
      const businessId = (await client.post('/businesses/', { locationId, name: 'Business' })).body.buiseness.id
      return () => client.post('/contacts/bulk/business', { locationId, ids, businessId })
    },
    'a contact with many new tags': async ({ id: locationId, client }, size) => {
      return () =>
        client.post('/contacts/', {
          locationId,
          firstName: 'New',
          email: `new${++calls}@post.example`,
          tags: tagNames(size, 'with'),
        })
    },
    'a contact that is written again, with many new tags': async ({ id: locationId, client }, size) => {
      return () =>
        client.post('/contacts/upsert', {
          locationId,
          firstName: 'New',
          email: `new${++calls}@post.example`,
          tags: tagNames(size, 'with'),
        })
    },
    'a customer with many new tags': async ({ client }, size) => {
      return () =>
        client.post('/customers', {
          customer_id: `c-${++calls}`,
          email: `c${calls}@post.example`,
          tags: tagNames(size, 'with'),
        })
    },
    'many new tags for a contact': async ({ id: locationId, client }, size) => {
      const [contactId] = await people({ id: locationId, client }, 1)
      return () => client.post(`/contacts/${contactId}/tags`, { tags: tagNames(size, 'with') })
    },
    'many followers of a contact': async ({ id: locationId, client }, size) => {
      const [contactId] = await people({ id: locationId, client }, 1)
      const followers = Array.from({ length: size }, (_, number) => `${locationId}${number}`)
      await hire(story.server.app, story.demo.companyId, [locationId], followers)
      return () => client.post(`/contacts/${contactId}/followers`, { followers })
    },
    'a conversation with many messages is deleted': async ({ id: locationId, client }, size) => {
      const [contactId] = await people({ id: locationId, client }, 1)
      const conversationId = (await client.post('/conversations/', { locationId, contactId })).body.conversation.id
      for (let number = 0; number < Math.min(size, 12); number++)
        await client.post('/conversations/messages/inbound', {
          type: 'Custom',
          conversationId,
          conversationProviderId: 'provider',
          message: `Message ${number}`,
        })
      return () => client.delete(`/conversations/${conversationId}`)
    },
  }

/** A page more, or a statement of what is long, is none for each of them. */
const PAGES = 8

for (const [what, prepare] of Object.entries(CALLS))
  test(`${what}: as many statements as for few`, async () => {
    const costs: number[] = []
    for (const size of [2, 150]) {
      const actor = await newLocation(story, what)
      const call = await prepare(actor, size)
      costs.push(await cost(call))
    }
    const [few = 0, many = 0] = costs
    assert.ok(many <= few + PAGES, `${few} statements for 2, ${many} for 150`)
  })

test('many tags for many contacts at their limit are written while others are answered as ever', async () => {
  const { id: locationId, client } = await newLocation(story, 'At the limit')
  const ids = await people({ id: locationId, client }, 250)
  using busy = watchBusy()
  const reply = await client.post('/contacts/bulk/tags/update/add', {
    locationId,
    contacts: ids,
    tags: tagNames(500, 'long', 150),
  })
  const busyMs = busy.take()
  assert.equal(reply.status, 201)
  assert.equal(reply.body.responses.length, 250)
  assert.ok(busyMs < 250, `the event loop stood still for ${busyMs} ms`)
  const [first] = ids
  assert.equal((await client.get(`/contacts/${first}`)).body.contact.tags.length, 500)
})
