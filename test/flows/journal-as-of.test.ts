import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createDice } from '../../src/demo/index.ts'
import { askAppToken, Reader, SNAPSHOTS, SUBSCRIPTIONS } from '../support/journal.ts'
import { startStory } from '../support/stories.ts'

const RECORDS = 200
const TIMES = 200
const PROPERTIES = ['firstname', 'city', 'email']

type State = Record<string, string | null> | null

/** What each record was at each moment is written down by the test itself, over the other wire. */
test(`${RECORDS} records are told as they were at ${TIMES} moments, among them such at which they were not there`, async () => {
  await using story = await startStory({ rateLimit: 0 })
  const dice = createDice(11)
  const app = story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
  const { id: locationId, client } = story.empty
  const portalId = story.demo.locations[2]?.portalId as number
  const wish = { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1' }
  await app.post(SUBSCRIPTIONS, { ...wish, actions: ['CREATE'] })
  const reader = new Reader(app)
  const people = Array.from({ length: RECORDS }, (_, n) => ({ n, id: '', objectId: 0, state: null as State }))
  const seen: { atMs: number; states: State[] }[] = []
  const note = async () => {
    // Between two moments: what was written before is before it, what comes is after it.
    await pause(3)
    seen.push({ atMs: Date.now(), states: people.map(({ state }) => (state === null ? null : { ...state })) })
    await pause(3)
  }
  await note()
  for (const person of people) {
    const email = `as-of-${person.n}@a.example`
    const made = await client.post('/contacts/', { locationId, firstName: `First ${person.n}`, email })
    assert.equal(made.status, 201)
    person.id = made.body.contact.id
    person.state = { firstname: `First ${person.n}`, city: null, email }
    if (dice.once(5)) await note()
  }
  const created = await reader.events(RECORDS)
  for (const event of created) {
    const person = people.find(({ state }) => state?.email === event.propertyChanges.email)
    if (person !== undefined) person.objectId = event.objectId
  }
  while (seen.length < TIMES) {
    for (let edits = dice.roll(4); edits > 0; edits--) {
      const person = dice.pick(people)
      if (person.state === null) continue
      if (dice.once(25)) {
        await client.delete(`/contacts/${person.id}`)
        person.state = null
        continue
      }
      const change: Record<string, string> = dice.once(2)
        ? { city: `City ${dice.roll(1000)}` }
        : { firstName: `N${dice.roll(1000)}` }
      assert.equal((await client.put(`/contacts/${person.id}`, change)).status, 200)
      person.state = {
        ...person.state,
        ...(change.city === undefined ? {} : { city: change.city }),
        ...(change.firstName === undefined ? {} : { firstname: change.firstName }),
      }
    }
    await note()
  }
  await reader.rest()
  const wanted = seen.flatMap(({ atMs, states }) =>
    // Ten of them at each moment, all of them at some.
    Array.from({ length: atMs % 40 === 0 ? RECORDS : 10 }, () => dice.roll(RECORDS)).map((n) => ({
      atMs,
      n,
      state: states[n] as State,
    })),
  )
  const ids = new Map<string, (typeof wanted)[number]>()
  for (let from = 0; from < wanted.length; from += 1_000) {
    const part = wanted.slice(from, from + 1_000)
    const { status, body } = await app.post(SNAPSHOTS, {
      snapshotRequests: part.map(({ atMs, n }, index) => ({
        portalId,
        objectId: people[n]?.objectId,
        objectTypeId: '0-1',
        properties: PROPERTIES,
        asOf: index % 2 === 0 ? atMs : new Date(atMs).toISOString(),
      })),
    })
    assert.equal(status, 200, JSON.stringify(body))
    for (const [index, one] of body.snapshotResponses.entries()) ids.set(one.snapshotStatusId, part[index]!)
  }
  const existing = wanted.filter(({ state }) => state !== null).length
  const told = new Map((await reader.events(existing)).map((event) => [event.snapshotStatusId as string, event]))
  for (const [id, { state, n, atMs }] of ids)
    assert.deepEqual(told.get(id)?.propertyChanges ?? null, state, `contact ${n} at ${new Date(atMs).toISOString()}`)
  assert.ok(wanted.length - existing > 20, 'some were not there')
})
