import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from '../support/client.ts'
import { until } from '../support/event-stream.ts'
import { askAppToken, JR, Reader, SUBSCRIPTIONS } from '../support/journal.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let app: Client

before(async () => {
  story = await startStory()
  app = story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
})
after(() => story?.[Symbol.asyncDispose]())

interface Place {
  consumer: string | null
  offset: string
  unread: { events: number }
  expired: boolean
}

test('an agency sees who listens, how far each has read, and how much each has still to read', async () => {
  const { agency, partner, demo } = story
  const { appId } = demo.app
  const manager = agency.client
  const readers = async (query = '') => {
    const { status, body } = await manager.get(`/journals/readers?companyId=${agency.companyId}&appId=${appId}${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body.readers
  }
  const place = story.empty
  const portalId = demo.locations.find(({ id }) => id === place.id)?.portalId
  const subscribe = async () => {
    const wish = { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1', actions: ['CREATE', 'UPDATE', 'DELETE'] }
    assert.equal((await app.post(SUBSCRIPTIONS, wish)).status, 200)
  }
  const reader = new Reader(app)
  await subscribe()
  assert.equal((await place.client.post('/contacts/', { locationId: place.id, firstName: 'First' })).status, 201)
  await reader.events(1)
  assert.equal((await app.put(`${JR}/consumers/nightly`, { offset: reader.offset })).status, 200)
  const places = async (query?: string) =>
    (await readers(query)).map(({ consumer, offset, unread, expired }: Place) => [
      consumer,
      offset === reader.offset,
      unread.events,
      expired,
    ])
  const stands = (wanted: unknown, query?: string) =>
    until(async () => isDeepStrictEqual(new Set(await places(query)), new Set(wanted as [])), 'readers', 20_000)
  const both = [
    ['nightly', true, 0, false],
    [null, true, 0, false],
  ]
  await stands(both)
  const beforeMs = Date.now()
  for (const firstName of ['One', 'Two'])
    assert.equal((await place.client.post('/contacts/', { locationId: place.id, firstName })).status, 201)
  await stands([
    ['nightly', true, 2, false],
    [null, true, 2, false],
  ])
  await stands(
    [
      ['nightly', true, 2, false],
      [null, true, 2, false],
    ],
    `&locationId=${place.id}`,
  )
  const [{ unread, readAt, appName, locationId }] = await readers()
  assert.ok(Date.parse(unread.oldestAt) >= beforeMs - 1000 && unread.files >= 1 && !unread.more)
  assert.ok(Date.parse(readAt) <= Date.now())
  assert.deepEqual([appName, locationId], ['Demo app', null])
  await reader.events(2)
  await stands([
    ['nightly', false, 2, false],
    [null, true, 0, false],
  ])
  assert.equal((await app.delete(`${JR}/consumers/nightly`)).status, 204)
  await stands([[null, true, 0, false]])

  const listed = await manager.get(`/journals/subscriptions?companyId=${agency.companyId}&locationId=${place.id}`)
  const [{ id: _, createdAt: __, locationName: ___, ...subscription }] = listed.body.subscriptions
  assert.deepEqual(subscription, {
    appId,
    appName,
    locationId: place.id,
    subscriptionType: 'OBJECT',
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE', 'DELETE'],
    properties: [],
    filters: 0,
    excludeOwnChanges: false,
    installed: true,
  })
  const next = `/journals/subscriptions?limit=1&after=${listed.body.subscriptions[0].id}&companyId=`
  assert.equal((await manager.get(next + agency.companyId)).status, 200)
  assert.equal(
    (await partner.client.get(next + partner.companyId)).status,
    422,
    'it tells nobody else that there is one',
  )
  for (const list of ['readers', 'subscriptions']) {
    const { status, body } = await partner.client.get(`/journals/${list}?companyId=${partner.companyId}`)
    assert.deepEqual([status, body[list]], [200, []], list)
  }
})
