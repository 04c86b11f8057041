import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPair } from '../support/ledger.ts'
import { dropTag, make, makeTag, named } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'
import { inWords, warningsOf } from '../support/warnings.ts'

/* Contacts carry tags by their names. A roll-back restores what its push has changed of them, and nothing else. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const rename = async ({ client, id: location }: Actor, id: string, name: string) => {
  const reply = await client.put(`/locations/${location}/tags/${id}`, { name })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}
const idOf = async (location: Actor, name: string) => (await named(story, location, 'tags', name)).id
const contact = async (location: Actor, firstName: string, tags: string[]) =>
  (await make(location, '/contacts/', { firstName, tags })).id
const tagsOf = (location: Actor, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await location.client.get(`/contacts/${id}`)).body.contact.tags as string[]))
const give = async ({ client }: Actor, id: string, ...tags: string[]) =>
  assert.equal((await client.post(`/contacts/${id}/tags`, { tags })).status, 201)
const take = async ({ client }: Actor, id: string, ...tags: string[]) =>
  assert.equal((await client.delete(`/contacts/${id}/tags`, { tags })).status, 200)
const namesOf = async ({ client, id }: Actor) =>
  (await client.get(`/locations/${id}/tags`)).body.tags.map(({ name }: { name: string }) => name).sort() as string[]
const previewOf = async (pushId: string, more: object = {}) =>
  inWords((await story.agency.post(`/pushes/${pushId}/rollback`, { ...more, preview: true })).plan.targets[0].warnings)

const BARE = 'lead: contacts carry "lead" already, which no tag stands for: they come to have this one'
const FREED = 'lead: contacts carry "lead" already, which no tag stands for any more: they come to have this one'

/** HQ has `lead` and `x`, and so has the client, with three contacts. */
async function leads() {
  const world = await start()
  const { agency, source, target, ledger } = world
  const [lead, x] = [await makeTag(source, 'lead'), await makeTag(source, 'x')]
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const people = [
    await contact(target, 'Ann', ['lead']),
    await contact(target, 'Bob', ['x']),
    await contact(target, 'Cy', ['x', 'lead']),
  ]
  return { ...world, lead, x, snapshot, people, tags: () => tagsOf(target, people) }
}

const WAYS = ['in the same push', 'by an earlier push', 'by hand'] as const
for (const way of WAYS) {
  test(`a tag takes the name of one that was deleted ${way}; rolled back, each contact has the tags that it had, and the same the next time`, async () => {
    const { agency, source, target, ledger, lead, x, snapshot, tags } = await leads()
    await dropTag(source, lead)
    if (way === 'by hand') await dropTag(target, await idOf(target, 'lead'))
    if (way === 'by an earlier push') {
      await agency.refresh(snapshot.id)
      await ledger.push(snapshot.id, target, { deletions: true })
    }
    await rename(source, x, 'lead')
    await agency.refresh(snapshot.id)
    const before = await namesOf(target)
    const warnings = inWords(await warningsOf(story, snapshot.id, target, { deletions: true }))
    assert.ok(warnings.includes(way === 'in the same push' ? FREED : BARE), JSON.stringify(warnings))
    const pushed = await ledger.push(snapshot.id, target, { deletions: true })
    assert.deepEqual([await namesOf(target), await tags()], [['lead'], [['lead'], ['lead'], ['lead']]])
    const dora = await contact(target, 'Dora', ['lead'])
    assert.deepEqual(await previewOf(pushed.id), [])
    const undone = await ledger.rollback(pushed.id, target)
    assert.deepEqual([await namesOf(target), await tags()], [before, [['lead'], ['x'], ['x', 'lead']]])
    assert.deepEqual(await tagsOf(target, [dora]), [['x']], 'who got the name since')
    await take(target, dora, 'x')
    // Who gets the name of the other tag while that is there has never borne this one.
    if (way === 'in the same push') await give(target, dora, 'lead')
    await ledger.rollback(undone.id, target)
    assert.deepEqual([await namesOf(target), await tags()], [['lead'], [['lead'], ['lead'], ['lead']]])
    await ledger.rollback(pushed.id, target)
    assert.deepEqual([await namesOf(target), await tags()], [before, [['lead'], ['x'], ['x', 'lead']]])
    assert.deepEqual(await tagsOf(target, [dora]), [way === 'in the same push' ? ['lead'] : []])
  })
}

test('what people have done to contacts since stays: only the names that the push has changed are changed back', async () => {
  const { agency, source, target, ledger, lead, x, snapshot, people, tags } = await leads()
  const [ann, bob, cy] = people as [string, string, string]
  await dropTag(source, lead)
  await rename(source, x, 'lead')
  await agency.refresh(snapshot.id)
  const pushed = await ledger.push(snapshot.id, target, { deletions: true })
  await take(target, cy, 'lead')
  await give(target, ann, 'vip')
  await give(target, bob, 'vip')
  await ledger.rollback(pushed.id, target)
  assert.deepEqual(await tags(), [['lead', 'vip'], ['x', 'vip'], []])
})

test('a tag that a person has renamed since, and its contacts with it, goes back with an override', async () => {
  const { agency, source, target, ledger, x, snapshot, people, tags } = await leads()
  await rename(source, x, 'warm')
  await agency.refresh(snapshot.id)
  const pushed = await ledger.push(snapshot.id, target)
  await rename(target, await idOf(target, 'warm'), 'hot')
  await give(target, people[0] as string, 'hot')
  await ledger.rollback(pushed.id, target)
  assert.deepEqual(await tags(), [['lead', 'hot'], ['hot'], ['hot', 'lead']])
  await ledger.rollback(pushed.id, target, { override: true })
  assert.deepEqual(
    [await namesOf(target), await tags()],
    [
      ['lead', 'x'],
      [['lead', 'x'], ['x'], ['x', 'lead']],
    ],
  )
})

test('names that are swapped, passed on and swapped again by several pushes come back one after the other', async () => {
  const { agency, source, target, ledger, lead, x, snapshot, tags } = await leads()
  const stray = await contact(target, 'Eve', ['old', 'lead'])
  await dropTag(target, await idOf(target, 'old'))
  const all = async () => [...(await tags()), ...(await tagsOf(target, [stray]))]
  const states = [await all()]
  const pushes: string[] = []
  const steps = [
    async () => {
      await rename(source, lead, 'for now')
      await rename(source, x, 'lead')
      await rename(source, lead, 'x')
    },
    async () => {
      await rename(source, lead, 'old')
      await rename(source, x, 'x')
    },
    async () => {
      await rename(source, lead, 'for now')
      await rename(source, x, 'old')
      await rename(source, lead, 'lead')
    },
  ]
  for (const step of steps) {
    await step()
    await agency.refresh(snapshot.id)
    pushes.push((await ledger.push(snapshot.id, target)).id)
    states.push(await all())
  }
  assert.deepEqual(states[1], [['x'], ['lead'], ['lead', 'x'], ['old', 'x']])
  assert.deepEqual(states[2], [['old'], ['x'], ['x', 'old'], ['old']])
  for (const [index, push] of [...pushes.entries()].toReversed()) {
    const undone = await ledger.rollback(push, target)
    assert.deepEqual(await all(), states[index], `push ${index + 1}`)
    const redone = await ledger.rollback(undone.id, target)
    assert.deepEqual(await all(), states[index + 1], `push ${index + 1} again`)
    await ledger.rollback(redone.id, target)
    assert.deepEqual(await all(), states[index], `push ${index + 1} undone again`)
  }
})
