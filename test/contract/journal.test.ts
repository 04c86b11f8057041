import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../support/client.ts'
import { askAppToken, ended, JR, Reader, readUrl, SNAPSHOTS, SUBSCRIPTIONS } from '../support/journal.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let app: Client
let portalId: number

before(async () => {
  story = await startStory()
  const token = await askAppToken(story.server, story.demo.app)
  assert.equal(token.status, 200, JSON.stringify(token.body))
  app = story.server.client(token.body.access_token)
  portalId = story.demo.locations[2]?.portalId as number
})
after(() => story?.[Symbol.asyncDispose]())

test('a change of a contact is told, in the shapes of the wire', async () => {
  const { id: locationId, client } = story.empty
  const subscription = await app.post(SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    portalId,
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE', 'DELETE'],
  })
  assert.equal(subscription.status, 200, JSON.stringify(subscription.body))
  const reader = new Reader(app)
  const made = await client.post('/contacts/', { locationId, firstName: 'Ann', email: 'ann@a.example' })
  const { id } = made.body.contact
  await client.put(`/contacts/${id}`, { firstName: 'Anna' })
  await client.delete(`/contacts/${id}`)
  const [created, changed, gone] = await reader.events(3)
  assert.equal(created?.action, 'CREATE')
  assert.deepEqual(changed?.propertyChanges, { firstname: 'Anna' })
  assert.deepEqual(changed?.previousValues, { firstname: 'Ann' })
  assert.equal(gone?.action, 'DELETE')
  assert.equal(new Set([created, changed, gone].map((event) => event?.objectId)).size, 1)
})

test('a snapshot is asked for, ends, and is in the journal', async () => {
  const { id: locationId, client } = story.empty
  await app.post(SUBSCRIPTIONS, { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1', actions: ['CREATE'] })
  const reader = new Reader(app)
  await reader.rest()
  await client.post('/contacts/', { locationId, firstName: 'Bo', email: 'bo@a.example' })
  const [created] = await reader.events(1)
  const asked = await app.post(SNAPSHOTS, {
    snapshotRequests: [
      { portalId, objectId: created?.objectId, objectTypeId: '0-1', properties: ['email', 'phone'] },
      { portalId, objectId: 1, objectTypeId: '0-1', properties: ['email'] },
    ],
  })
  assert.equal(asked.status, 200, JSON.stringify(asked.body))
  const [one, other] = asked.body.snapshotResponses
  const status = await ended(app, one.snapshotStatusId)
  assert.equal(status.status, 'COMPLETED', JSON.stringify(status))
  const failed = await ended(app, other.snapshotStatusId)
  assert.deepEqual([failed.status, failed.errorCode], ['FAILED', 'VALIDATION_ERROR'])
  const pointer = await app.post(`${JR}/batch/read`, { inputs: [status.journalOffset] })
  const file = await readUrl(pointer.body.results[0].url)
  assert.deepEqual(
    file.journalEvents.map(({ action, propertyChanges, snapshotStatusId }) => ({
      action,
      propertyChanges,
      snapshotStatusId,
    })),
    [
      {
        action: 'SNAPSHOT',
        propertyChanges: { email: 'bo@a.example', phone: null },
        snapshotStatusId: one.snapshotStatusId,
      },
    ],
  )
})
