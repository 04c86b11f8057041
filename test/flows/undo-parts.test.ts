import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idsIn, Ledger, told } from '../support/ledger.ts'
import { formOf, makeForm } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const NAMES = ['Ask', 'Tell', 'Call'] as const
const exactly = async (location: Actor) => [
  (await readAll(story, location.id)).sort((a, b) => (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1)),
  await readRows(story, location.id),
]
const statusOf = async (pushId: string) => (await story.agency.get(`/pushes/${pushId}`)).push.status

/** Three forms in two targets, changed from 1 to 2 by a second push. */
async function start() {
  const { agency } = story
  const [source, target, second] = [
    await newLocation(story, 'Source'),
    await newLocation(story, 'Target'),
    await newLocation(story, 'Second'),
  ]
  const lineages: Record<string, string> = {}
  for (const name of NAMES) lineages[name] = (await makeForm(source, name, { description: '1' })).id
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target, second)
  await ledger.push(snapshot.id, [target, second])
  for (const id of Object.values(lineages)) await source.client.put(`/forms/${id}`, { description: '2' })
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, [target, second])
  const only = (...names: string[]) => ({
    only: names.map((name) => ({ kind: 'forms', lineage: lineages[name] as string })),
  })
  const idOf = async (name: string, location: Actor) => (await idsIn(story, location))[`forms ${name}`] as string
  const edit = async (name: string, description: string, location = target) =>
    assert.equal((await location.client.put(`/forms/${await idOf(name, location)}`, { description })).status, 200)
  const texts = async (location = target) => {
    const ids = await idsIn(story, location)
    return Promise.all(NAMES.map(async (name) => (await formOf(location, ids[`forms ${name}`] as string)).description))
  }
  const refused = async (pushId: string, options: object = {}) => {
    for (const preview of [true, false]) await agency.post(`/pushes/${pushId}/rollback`, { ...options, preview }, 409)
    return (await agency.post(`/pushes/${pushId}/rollback`, options, 409)).message as string
  }
  return { agency, target, second, both: [target, second], snapshot, ledger, push, only, edit, texts, refused }
}

test('what a roll-back of one asset has undone is not undone again, whatever the client writes there since', async () => {
  for (const options of [{}, { override: true }]) {
    const { target, both, ledger, push, only, edit, texts, refused } = await start()
    await ledger.rollback(push.id, both, only('Ask'))
    await edit('Ask', '2')
    const rest = await ledger.rollback(push.id, both, options)
    assert.deepEqual([told(rest.report).sort(), rest.totals], [['Call: updated', 'Tell: updated'], { updated: 4 }])
    assert.deepEqual(await texts(), ['2', '1', '1'])
    assert.equal(await statusOf(push.id), 'rolled_back')
    assert.match(await refused(push.id), new RegExp(rest.id))
    await ledger.rollback(rest.id, both)
    assert.deepEqual([await texts(target), await statusOf(push.id)], [['2', '2', '2'], 'completed'])
  }
})

test('a later push that brings again what was undone alone stands, and can be rolled back exactly', async () => {
  const { target, both, snapshot, ledger, push, only, texts } = await start()
  await ledger.rollback(push.id, both, only('Ask'))
  const before = await exactly(target)
  const later = await ledger.push(snapshot.id, both)
  assert.deepEqual(told(later.report.filter(({ outcome }) => outcome !== 'unchanged')), ['Ask: updated'])
  await ledger.rollback(push.id, both)
  assert.deepEqual(await texts(), ['2', '1', '1'])
  await ledger.rollback(later.id, both)
  assert.deepEqual(await texts(), ['1', '1', '1'])
  assert.notDeepEqual(await exactly(target), before)
})

test('the same roll-back of single assets is refused the second time, and offered again once it is undone', async () => {
  const { both, ledger, push, only, texts, refused } = await start()
  const part = await ledger.rollback(push.id, both, only('Ask', 'Tell'))
  for (const options of [only('Ask', 'Tell'), only('Tell'), { ...only('Ask'), override: true }])
    assert.match(await refused(push.id, options), new RegExp(`rolled back by ${part.id}`))
  const more = await ledger.rollback(push.id, both, only('Tell', 'Call'))
  assert.deepEqual([told(more.report), await texts()], [['Call: updated'], ['1', '1', '1']])
  assert.match(await refused(push.id), new RegExp(`rolled back by ${more.id}`))
  await ledger.rollback(part.id, both)
  const again = await ledger.rollback(push.id, both, only('Ask', 'Tell', 'Call'))
  assert.deepEqual(
    [told(again.report).sort(), await texts()],
    [
      ['Ask: updated', 'Tell: updated'],
      ['1', '1', '1'],
    ],
  )
})

test('what a roll-back of single assets has kept is not undone, and the next one is about it', async () => {
  const { both, ledger, push, only, edit, texts } = await start()
  await edit('Ask', 'Mine')
  const part = await ledger.rollback(push.id, both, only('Ask', 'Tell'))
  assert.deepEqual(told(part.report).sort(), ['Ask: kept', 'Tell: updated'])
  const again = await ledger.rollback(push.id, both, { ...only('Ask', 'Tell'), override: true })
  assert.deepEqual([again.totals, await texts()], [{ updated: 1 }, ['1', '1', '2']])
})

test('one asset of a roll-back of single assets that is redone is open again, and that alone', async () => {
  const { both, ledger, push, only, texts, refused } = await start()
  const part = await ledger.rollback(push.id, both, only('Ask', 'Tell'))
  const redone = await ledger.rollback(part.id, both, only('Ask'))
  assert.deepEqual(await texts(), ['2', '1', '2'])
  assert.match(await refused(part.id, only('Ask')), new RegExp(redone.id))
  const rest = await ledger.rollback(push.id, both)
  assert.deepEqual(
    [told(rest.report).sort(), await texts()],
    [
      ['Ask: updated', 'Call: updated'],
      ['1', '1', '1'],
    ],
  )
})

test('a roll-back of single assets is taken back after a later one of all, which has left them out', async () => {
  const { target, both, ledger, push, only, texts, refused } = await start()
  const before = await exactly(target)
  const part = await ledger.rollback(push.id, both, only('Ask'))
  const rest = await ledger.rollback(push.id, both)
  assert.match(await refused(part.id), new RegExp(`Roll back ${rest.id} first`))
  await ledger.rollback(rest.id, both)
  await ledger.rollback(part.id, both)
  assert.deepEqual([await exactly(target), await statusOf(push.id)], [before, 'completed'])
  const all = await ledger.rollback(push.id, both)
  assert.deepEqual([all.totals, await texts()], [{ updated: 6 }, ['1', '1', '1']])
})
