import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ledger, namesIn } from '../support/ledger.ts'
import { makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ workerConcurrency: 4 })
})
after(() => story?.[Symbol.asyncDispose]())

const NAMES = Array.from({ length: 12 }, (_, index) => `thing ${index}`)

async function makeThings(location: Actor) {
  for (const name of NAMES) {
    await makeTag(location, name)
    await makeForm(location, name)
    const reply = await location.client.post(`/locations/${location.id}/customFields`, {
      name,
      dataType: 'TEXT',
      model: 'contact',
    })
    assert.equal(reply.status, 201)
  }
}

for (const kind of ['forms', 'tags', 'custom_fields']) {
  test(`two pushes at once end as one after the other: no ${kind} come twice`, async () => {
    const { agency } = story
    const [one, two, ...targets] = await Promise.all(
      ['One', 'Two', 'T1', 'T2', 'T3'].map((name) => newLocation(story, name)),
    )
    assert.ok(one && two)
    await Promise.all([makeThings(one), makeThings(two)])
    const snapshots = [await agency.capture(one.id, { kinds: [kind] }), await agency.capture(two.id, { kinds: [kind] })]
    const ids = targets.map(({ id }) => id)
    const done = await Promise.all(snapshots.map(({ id }) => agency.push(id, ids)))
    const sum = done.map(({ status, totals }) => [status, totals.created ?? 0, totals.unchanged ?? 0])
    assert.deepEqual(
      sum.map(([status]) => status),
      ['completed', 'completed'],
    )
    assert.equal(
      sum.reduce((count, [, created]) => count + (created as number), 0),
      NAMES.length * targets.length,
      JSON.stringify(sum),
    )
    const ledger = new Ledger(story, one, two, ...targets)
    for (const target of targets) assert.deepEqual(await namesIn(story, target, kind), NAMES.toSorted())
    for (const { id } of snapshots)
      assert.deepEqual((await ledger.push(id, targets)).totals, { unchanged: NAMES.length * targets.length })
  })
}

test('a client who makes the same tags meanwhile has each of them once, as if before or after the push', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Source')
  await makeThings(source)
  const targets = await Promise.all(Array.from({ length: 8 }, (_, index) => newLocation(story, `T${index}`)))
  const snapshot = await agency.capture(source.id)
  const making = async ({ id, client }: Actor) => {
    const statuses: number[] = []
    for (const name of NAMES.toReversed()) statuses.push((await client.post(`/locations/${id}/tags`, { name })).status)
    return statuses
  }
  const [push, ...made] = await Promise.all([
    agency.push(
      snapshot.id,
      targets.map(({ id }) => id),
    ),
    ...targets.map(making),
  ])
  assert.equal(push.status, 'completed')
  assert.ok(
    made.flat().every((status) => status < 300 || status === 400),
    `${made.flat()}`,
  )
  const ledger = new Ledger(story, source, ...targets)
  for (const target of targets)
    for (const kind of ['tags', 'forms', 'custom_fields'])
      assert.deepEqual(await namesIn(story, target, kind), NAMES.toSorted())
  assert.deepEqual((await ledger.push(snapshot.id, targets)).totals, { unchanged: 3 * NAMES.length * targets.length })
})

test('a push and the roll-back of another at once leave nothing that neither order would', async () => {
  const { agency } = story
  const [one, two, target] = (await Promise.all(['One', 'Two', 'Target'].map((name) => newLocation(story, name)))) as [
    Actor,
    Actor,
    Actor,
  ]
  await Promise.all([makeThings(one), makeThings(two)])
  const [first, second] = [
    await agency.capture(one.id, { kinds: ['tags'] }),
    await agency.capture(two.id, { kinds: ['tags'] }),
  ]
  const push = await agency.push(first.id, [target.id])
  await Promise.all([agency.rollback(push.id), agency.push(second.id, [target.id])])
  // After the roll-back the second made them anew; before it, it had matched what the first had made, which then went.
  assert.ok([0, NAMES.length].includes((await namesIn(story, target, 'tags')).length))
  const ledger = new Ledger(story, one, two, target)
  await ledger.push(second.id, target, { policy: 'override' })
  assert.deepEqual(await namesIn(story, target, 'tags'), NAMES.toSorted())
})
