import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { answerWithTag } from '../support/answered-tags.ts'
import { driftIn, idsIn, Ledger, startPair, told } from '../support/ledger.ts'
import { dropTag, flowOf, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'
import { inWords, warningsOf } from '../support/warnings.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const exactly = async (location: Actor) => [await readAll(story, location.id), await readRows(story, location.id)]
const renameTag = async (location: Actor, id: string, name: string) =>
  assert.equal((await location.client.put(`/locations/${location.id}/tags/${id}`, { name })).status, 200)

/** A tag that a push made; an answer led to a tag of the client's own instead, and the client deleted the first one. */
async function startBuried() {
  const answered = await answerWithTag(story)
  const { target, made, wrong, snapshot, tagsOf } = answered
  await dropTag(target, made)
  const warnings = async (options: object) => inWords(await warningsOf(story, snapshot.id, target, options))
  assert.deepEqual(await tagsOf(), [wrong])
  return { ...answered, warnings }
}

for (const change of ['as it was', 'changed']) {
  for (const policy of ['merge', 'skip'] as const) {
    test(`an answer is taken back though the client has deleted what a push had made of it, which stays deleted (${change}, ${policy})`, async () => {
      const { agency, source, target, tag, made, wrong, snapshot, ledger, matches, tagsOf, warnings } =
        await startBuried()
      if (change === 'changed') {
        await renameTag(source, tag, 'clients')
        await agency.refresh(snapshot.id)
      }
      const before = await exactly(target)
      const name = change === 'changed' ? 'clients' : 'client'
      const options = { policy, matches: matches(null) }
      assert.deepEqual(await warnings(options), [
        `Greet: would refer to the tag "${name}", which the sub-account has deleted`,
      ])
      const back = await ledger.push(snapshot.id, target, options)
      const outcome = change === 'as it was' ? 'kept' : policy === 'merge' ? 'conflict' : 'skipped'
      assert.deepEqual(told(back.report).sort(), ['Greet: updated', `${name}: ${outcome}`].sort())
      assert.notDeepEqual(await tagsOf(), [wrong])
      const left = await exactly(target)

      const again = await ledger.push(snapshot.id, target, { policy })
      assert.deepEqual(
        again.report.find(({ lineage }) => lineage === tag)?.outcome,
        policy === 'merge' ? 'kept' : outcome,
      )
      assert.deepEqual(await exactly(target), left, 'it leads there no more')
      await ledger.rollback(again.id, target)
      const undone = await ledger.rollback(back.id, target)
      assert.deepEqual(await exactly(target), before)
      assert.deepEqual(await tagsOf(), [wrong])
      const redone = await ledger.rollback(undone.id, target)
      assert.deepEqual(await exactly(target), left)
      const undoneAgain = await ledger.rollback(redone.id, target)
      assert.deepEqual([await exactly(target), await tagsOf()], [before, [wrong]])
      await ledger.rollback(undoneAgain.id, target)
      assert.deepEqual(await exactly(target), left)
      const forced = await ledger.push(snapshot.id, target, { policy: 'override' })
      assert.deepEqual(told(forced.report).sort(), ['Greet: unchanged', `${name}: created`].sort())
      assert.deepEqual(await tagsOf(), [made], 'it comes back under its id')
      await ledger.rollback(forced.id, target)
      assert.deepEqual(await exactly(target), left)
    })
  }
}

test('an answer that is taken back and rolled back holds as it did', async () => {
  const { target, wrong, snapshot, ledger, matches, tagsOf } = await startBuried()
  const back = await ledger.push(snapshot.id, target, { matches: matches(null) })
  await ledger.rollback(back.id, target)
  const before = await exactly(target)
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1, unchanged: 1 })
  assert.deepEqual([await tagsOf(), await exactly(target)], [[wrong], before])
})

for (const policy of ['merge', 'skip', 'override'] as const) {
  test(`an answer that led to what the client has deleted since is taken back: the asset comes as a new one (${policy})`, async () => {
    const { agency } = story
    const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
    const tag = await makeTag(source, 'client')
    await makeFlow(source, 'Greet', { steps: [{ id: 'add', type: 'add_tag', tagIds: [tag] }] })
    const wrong = await makeTag(target, 'Customer')
    const snapshot = await agency.capture(source.id)
    const ledger = new Ledger(story, source, target)
    const matches = (id: string | null) => [{ kind: 'tags', lineage: tag, id }]
    await ledger.push(snapshot.id, target, { matches: matches(wrong) })
    await dropTag(target, wrong)
    const before = await exactly(target)
    const standing = await ledger.push(snapshot.id, target)
    assert.deepEqual(standing.totals, { kept: 1, unchanged: 1 })
    const back = await ledger.push(snapshot.id, target, { policy, matches: matches(null) })
    assert.deepEqual(told(back.report).sort(), ['Greet: updated', 'client: created'])
    const after = await exactly(target)
    const { 'tags client': made, 'workflows Greet': flow } = await idsIn(story, target)
    assert.notEqual(made, wrong)
    assert.deepEqual((await flowOf(target, flow as string)).steps[0].tagIds, [made])
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 2 })
    const undone = await ledger.rollback(back.id, target)
    assert.deepEqual(await exactly(target), before)
    const redone = await ledger.rollback(undone.id, target)
    assert.deepEqual(await exactly(target), after)
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 2 })
    await ledger.rollback(redone.id, target)
    assert.deepEqual(
      (await ledger.push(snapshot.id, target)).totals,
      { kept: 1, unchanged: 1 },
      'it is what the client has deleted',
    )
    const forced = await ledger.push(snapshot.id, target, { policy: 'override' })
    assert.equal(forced.report.find(({ lineage }) => lineage === tag)?.id, wrong, 'which comes back as such')
  })
}

test('what a push brought and the client deleted has drifted, though an answer that led there leads elsewhere by that', async () => {
  const { agency, source, target, ledger } = await startPair(story)
  const { id: stays } = await makeForm(source, 'Ask')
  const { id: leaves } = await makeForm(source, 'Tell')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  assert.equal((await source.client.delete(`/forms/${leaves}`)).status, 200)
  await agency.refresh(snapshot.id)
  const { id } = await named(story, target, 'forms', 'Tell')
  await ledger.push(snapshot.id, target, { matches: [{ kind: 'forms', lineage: stays, id }] })
  assert.equal((await target.client.delete(`/forms/${id}`)).status, 200)
  const { drift } = await agency.get(`/${snapshot.id}/drift`)
  assert.deepEqual(
    drift[0]?.assets.map(({ lineage, change }: { lineage: string; change: string }) => [lineage, change]),
    [[leaves, 'deleted']],
  )
  await ledger.push(snapshot.id, target)
  assert.equal((await driftIn(story, snapshot.id, target)).length, 1)
})
