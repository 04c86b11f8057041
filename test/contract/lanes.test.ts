import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lanes } from '../../src/connect/runs/lanes.ts'

const settled = () => new Promise((done) => setImmediate(done))

test('a set that shares a record with one before it waits for that, and begins anew where it was not written', async () => {
  const lanes = new Lanes()
  const [first, second, third, fourth] = [lanes.newSet(), lanes.newSet(), lanes.newSet(), lanes.newSet()]
  assert.equal(await first.hold(new Set(['id 1', 'a@ex.test'])), true)
  assert.equal(await second.hold(new Set(['id 2'])), true, 'nothing is shared')
  const heard: [string, boolean][] = []
  const told = (name: string) => (isHeld: boolean) => void heard.push([name, isHeld])
  const behindFirst = third.hold(new Set(['id 3', 'a@ex.test'])).then(told('third'))
  await settled()
  assert.deepEqual(heard, [])
  second.end('done')
  await settled()
  assert.deepEqual(heard, [], 'it waits for nobody else')
  first.end('done')
  await behindFirst
  const behindThird = fourth.hold(new Set(['id 3'])).then(told('fourth'))
  third.end('broken')
  await behindThird
  assert.deepEqual(heard, [
    ['third', true],
    ['fourth', false],
  ])
  assert.equal(await fourth.hold(new Set(['id 3'])), true)
})

test('sets are taken one at a time, in the order in which they ask, whatever became of those before', async () => {
  const lanes = new Lanes()
  const order: string[] = []
  const take = (name: string, fails = false) =>
    lanes.inTurn(async () => {
      order.push(`${name} begins`)
      await settled()
      order.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    })
  const ends = await Promise.allSettled([take('one'), take('two', true), take('three')])
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(
    order,
    ['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  )
})
