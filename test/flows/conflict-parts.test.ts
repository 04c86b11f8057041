import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals } from '../support/deals.ts'
import { startDispute } from '../support/disputes.ts'
import { make } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'

let story: Story
let deals: Deals
before(async () => {
  story = await startStory()
  deals = new Deals(story)
})
after(() => story?.[Symbol.asyncDispose]())

type Stage = { id?: string; name: string; probability?: number }

/** A pipeline "Sales" of these stages, pushed; both sides set probabilities then. */
async function startStages(names: string[], [mine, theirs]: [number[], number[]]) {
  const pair = await startDispute(story)
  const stages = names.map((name) => ({ name, probability: 1 }))
  await make(pair.source, '/opportunities/pipelines', { name: 'Sales', stages })
  await pair.push()
  const set = (location: Actor, change: (stage: Stage, index: number) => Stage | Stage[]) =>
    deals.setStages(location, (all) => (all as Stage[]).flatMap(change))
  await set(pair.target, (stage, index) => ({ ...stage, probability: mine[index] as number }))
  await set(pair.source, (stage, index) => ({ ...stage, probability: theirs[index] as number }))
  const says = async () =>
    Object.fromEntries(((await deals.stages(pair.target)) as Stage[]).map((one) => [one.name, one.probability]))
  return { ...pair, set, says }
}

test('a field of a part is settled in the part that was shown, though names were swapped', async () => {
  const { source, push, set, open, settle, says } = await startStages(
    ['A', 'B'],
    [
      [50, 60],
      [10, 20],
    ],
  )
  await set(source, (stage) => ({ ...stage, name: stage.name === 'A' ? 'B' : 'A' }))
  await push()
  const waiting = await open()
  assert.deepEqual(Object.values(waiting).sort(), [
    [50, 10],
    [60, 20],
  ])
  const path = Object.keys(waiting).find((one) => waiting[one][1] === 10) as string
  await settle(path, 'source')
  assert.deepEqual(await says(), { B: 10, A: 60 })
  assert.deepEqual(Object.values(await open()), [[60, 20]])
})

for (const when of ['in the same push', 'later', 'by the target'] as const) {
  test(`a field of a part is settled though the part was renamed (${when})`, async () => {
    const { source, target, push, set, open, settle, says } = await startStages(
      ['A', 'B'],
      [
        [50, 60],
        [10, 20],
      ],
    )
    const rename = (place: Actor) => set(place, (stage) => (stage.name === 'A' ? { ...stage, name: 'C' } : stage))
    if (when === 'in the same push') await rename(source)
    await push()
    if (when === 'later') {
      await rename(source)
      await push()
    }
    if (when === 'by the target') await rename(target)
    const path = Object.entries(await open()).find(([, values]) => (values as number[])[1] === 10)?.[0] as string
    await settle(path, 'source')
    assert.deepEqual(await says(), { C: 10, B: 60 })
    assert.equal(Object.keys(await open()).length, 1)
  })
}

test('parts that are called alike are told apart by their places, and each is decided alone', async () => {
  const { source, push, set, open, settle } = await startStages(
    ['A', 'B'],
    [
      [50, 60],
      [10, 20],
    ],
  )
  await set(source, (stage) => ({ ...stage, name: 'A' }))
  await push()
  await push()
  const paths = ['stages[A (0)].probability', 'stages[A (1)].probability']
  assert.deepEqual(Object.entries(await open()), [
    [paths[0], [50, 10]],
    [paths[1], [60, 20]],
  ])
  await settle(paths[1], 'source')
  assert.deepEqual(await open(), { [paths[0] as string]: [50, 10] })
})

test('a field whose part the target has removed brings the part back, or leaves it away', async () => {
  for (const take of ['source', 'target'] as const) {
    const { target, push, set, open, settle, says } = await startStages(
      ['A', 'B'],
      [
        [50, 1],
        [10, 1],
      ],
    )
    await push()
    await set(target, (stage) => (stage.name === 'A' ? [] : stage))
    const [path] = Object.keys(await open()) as [string]
    await settle(path, take)
    assert.deepEqual([await says(), await open()], [take === 'source' ? { A: 10, B: 1 } : { B: 1 }, {}])
    await push()
    assert.deepEqual([await says(), await open()], [take === 'source' ? { A: 10, B: 1 } : { B: 1 }, {}])
  }
})

test('once a push has met the target without the part, the part is asked about', async () => {
  for (const take of ['source', 'target'] as const) {
    const { source, target, push, set, open, settle, says } = await startStages(
      ['A', 'B'],
      [
        [50, 1],
        [10, 1],
      ],
    )
    await push()
    await set(target, (stage) => (stage.name === 'A' ? [] : stage))
    await set(source, (stage) => (stage.name === 'B' ? { ...stage, probability: 7 } : stage))
    await push()
    assert.deepEqual(Object.keys(await open()), ['stages[A]'])
    await settle('stages[A]', take)
    assert.deepEqual([await says(), await open()], [take === 'source' ? { A: 10, B: 7 } : { B: 7 }, {}])
  }
})

test('a part that the snapshot removes while one of its fields waits is asked about as a whole', async () => {
  for (const take of ['source', 'target'] as const) {
    const { source, push, set, open, settle, says } = await startStages(
      ['A', 'B'],
      [
        [50, 1],
        [10, 1],
      ],
    )
    await push()
    await set(source, (stage) => (stage.name === 'A' ? [] : stage))
    await push()
    assert.deepEqual(Object.keys(await open()), ['stages[A]'])
    await settle('stages[A]', take)
    assert.deepEqual([await says(), await open()], [take === 'source' ? { B: 1 } : { A: 50, B: 1 }, {}])
  }
})

test('a stage that waits to go goes, though one that is called so is there in the snapshot alone by then', async () => {
  for (const path of ['stages[A (1)]', undefined]) {
    for (const take of ['source', 'target'] as const) {
      const { source, target, push, set, open, settle, says } = await startStages(
        ['A', 'B', 'C'],
        [
          [1, 60, 1],
          [1, 1, 1],
        ],
      )
      await set(target, (stage) => (stage.name === 'B' ? { ...stage, name: 'A' } : stage))
      await set(source, (stage) => (stage.name === 'B' ? [] : stage))
      await push()
      assert.deepEqual(Object.keys(await open()), ['stages[A (1)]'])
      await set(target, (stage) => (stage.probability === 1 && stage.name === 'A' ? [] : stage))
      await settle(path, take)
      assert.deepEqual([await says(), await open()], [take === 'source' ? { C: 1 } : { A: 60, C: 1 }, {}])
      const after = await says()
      await push()
      assert.deepEqual([await says(), await open()], [after, {}])
    }
  }
})

test('both orders, and a name beside a stage that waits for its deals, stay open until somebody decides', async () => {
  const { source, target, push, set, open, settle, says } = await startStages(
    ['A', 'B', 'C'],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  )
  const order = (place: Actor, ...names: string[]) =>
    deals.setStages(place, (all) => names.map((name) => all.find((one) => one.name === name) as Stage))
  await order(target, 'C', 'A', 'B')
  await order(source, 'B', 'A', 'C')
  await push()
  assert.deepEqual(Object.keys(await open()), ['stages.order'])
  const rename = async (place: Actor, name: string) => {
    const pipeline = (await place.client.get(`/opportunities/pipelines?locationId=${place.id}`)).body.pipelines[0]
    assert.equal((await place.client.put(`/opportunities/pipelines/${pipeline.id}`, { name })).status, 200)
  }
  await set(source, (stage) => ({ ...stage, probability: 5 }))
  await push()
  assert.deepEqual(await open(), {
    'stages.order': [
      ['C', 'A', 'B'],
      ['B', 'A', 'C'],
    ],
  })
  assert.deepEqual(Object.values(await says()), [5, 5, 5])
  await settle('stages.order', 'source')
  assert.deepEqual([await deals.names(target), await open()], [['B', 'A', 'C'], {}])

  await deals.make(target, 'C')
  await rename(target, 'Ours')
  await rename(source, 'Theirs')
  await deals.drop(source, 'C', 'Theirs')
  await push()
  assert.deepEqual(Object.keys(await open()).sort(), ['name', 'stages[C]'])
  await deals.setStages(source, (all) => all.map((one) => ({ ...one, probability: 9 })), 'Theirs')
  await push()
  assert.deepEqual(Object.keys(await open()).sort(), ['name', 'stages[C]'])
})
