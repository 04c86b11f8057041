import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, startPair } from '../support/ledger.ts'
import { flowOf, makeFlow, makeForm, named } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)
const remove = async (location: Actor, id: string) =>
  assert.equal((await location.client.delete(`/forms/${id}`)).status, 200)

test('what was deleted under an answer is no drift where the lineage reaches its own asset again', async () => {
  const { agency, source, target, ledger } = await start()
  const form = await makeForm(source, 'Ask')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const mine = await makeForm(target, 'Mine')
  await ledger.push(snapshot.id, target, {
    matches: [{ kind: 'forms', lineage: form.id, locationId: target.id, id: mine.id }],
  })
  await remove(target, mine.id)
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 1 })
})

test('an answer that was taken back by a roll-back holds again when that is undone', async () => {
  const { agency, source, target, ledger } = await start()
  const ask = await makeForm(source, 'Ask', { description: 'Theirs' })
  await makeForm(target, 'Ask', { description: 'Theirs' })
  const tell = await makeForm(target, 'Tell', { description: 'Mine' })
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const answered = await ledger.push(snapshot.id, target, {
    matches: [{ kind: 'forms', lineage: ask.id, locationId: target.id, id: tell.id }],
  })
  assert.deepEqual([answered.totals, await driftIn(story, snapshot.id, target)], [{ conflict: 1 }, ['Tell: edited']])
  const undone = await ledger.rollback(answered.id, target)
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
  await ledger.rollback(undone.id, target)
  assert.deepEqual(await driftIn(story, snapshot.id, target), ['Tell: edited'])
  assert.equal((await ledger.push(snapshot.id, target)).report[0]?.id, tell.id)
})

test('where the answer was deleted, what names the asset means the one of its own lineage again', async () => {
  const { agency, source, target, ledger } = await start()
  const { id: lineage } = await makeForm(source, 'Ask')
  await makeFlow(source, 'After', { trigger: { type: 'form_submitted', formId: lineage } })
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const ours = (await named(story, target, 'forms', 'Ask')).id
  const { id: mine } = await makeForm(target, 'Question')
  await ledger.push(snapshot.id, target, {
    policy: 'skip',
    matches: [{ kind: 'forms', lineage, locationId: target.id, id: mine }],
  })
  const flow = (await named(story, target, 'workflows', 'After')).id
  const shown = async () => (await target.client.get(`/workflows/${flow}`)).body.workflow.trigger.formId
  assert.equal(await shown(), mine)
  await remove(target, mine)
  const next = await ledger.push(snapshot.id, target)
  assert.deepEqual(
    [next.totals, next.report.find(({ kind }) => kind === 'forms')?.id],
    [{ updated: 1, unchanged: 1 }, ours],
  )
  assert.equal(await shown(), ours)
})

for (const written of [false, true]) {
  test(`what a push took for an asset that the client has deleted since is new once the push is undone (${written ? 'changed by it' : 'as it was'})`, async () => {
    const { agency, source, target, ledger } = await start()
    await makeForm(source, 'Ask', { description: 'One' })
    const mine = await makeForm(target, 'Ask', { description: written ? 'Mine' : 'One' })
    const snapshot = await agency.capture(source.id)
    const push = await ledger.push(snapshot.id, target, { policy: 'override' })
    await remove(target, mine.id)
    const undone = await ledger.rollback(push.id, target)
    assert.deepEqual(undone.totals, { kept: 1 })
    const fresh = await ledger.push(snapshot.id, target)
    const made = (await named(story, target, 'forms', 'Ask')).id
    assert.deepEqual([fresh.totals, made === mine.id], [{ created: 1 }, false])
    await ledger.rollback(fresh.id, target)
    const redone = await ledger.rollback(undone.id, target)
    assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: deleted'])
    const idle = await ledger.push(snapshot.id, target)
    assert.deepEqual(idle.totals, { kept: 1 }, 'and what was undone holds again')
    await ledger.rollback(idle.id, target)
    await ledger.rollback(redone.id, target)
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { created: 1 })
  })
}

for (const last of ['a push', 'the client'] as const) {
  test(`where what an answer named was deleted before the asset of its own lineage, what names it means that one (${last} deletes it)`, async () => {
    const { agency, source, target, ledger } = await startPair(story)
    const { id: lineage } = await makeForm(source, 'Ask')
    await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: lineage } })
    const { id: own } = await makeForm(target, 'Own')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const { id: asked } = await named(story, target, 'forms', 'Ask')
    await ledger.push(snapshot.id, target, {
      matches: [{ kind: 'forms', lineage, id: own, locationId: target.id }],
    })
    const { id: greets } = await named(story, target, 'workflows', 'Greet')
    const formOfFlow = async () => (await flowOf(target, greets)).trigger.formId
    assert.equal(await formOfFlow(), own)
    await remove(target, own)
    await remove(source, lineage)
    await agency.refresh(snapshot.id)
    await ledger.push(snapshot.id, target, { policy: 'override' })
    assert.equal(await formOfFlow(), asked, 'it is the one of its own lineage again')
    if (last === 'the client') await remove(target, asked)
    const gone = await ledger.push(snapshot.id, target, { deletions: 'all' })
    for (const _ of [1, 2]) {
      assert.equal(await formOfFlow(), `missing:forms:${lineage}`)
      assert.deepEqual(await driftIn(story, snapshot.id, target), last === 'a push' ? [] : ['Ask: deleted'])
      const again = await ledger.push(snapshot.id, target, { policy: 'override' })
      assert.deepEqual(again.totals, { unchanged: 1 })
    }
    if (last === 'the client') return
    await ledger.rollback(gone.id, target)
    assert.deepEqual([await formOfFlow(), await driftIn(story, snapshot.id, target)], [asked, []])
  })
}

test('of two that were one asset, what was pushed stays deleted with it, though the other was met later and left as it was', async () => {
  const { agency, source, target, ledger } = await start()
  const form = await makeForm(source, 'Ask', { description: 'S' })
  const greet = await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: form.id } })
  const mine = await makeForm(target, 'Ask')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target, { policy: 'override' })
  const second = await makeForm(source, 'Ask', { description: 'Second' })
  const other = await agency.capture(source.id, { assets: [{ kind: 'forms', id: second.id }] })
  assert.deepEqual((await ledger.push(other.id, target, { policy: 'skip' })).totals, { skipped: 1 })
  await remove(target, mine.id)
  const flow = await named(story, target, 'workflows', 'Greet')

  const both = await agency.capture(source.id)
  const { report } = await ledger.push(both.id, target)
  const outcomes = report.map(({ lineage, outcome }) => [lineage, outcome])
  assert.deepEqual(Object.fromEntries(outcomes), { [form.id]: 'kept', [second.id]: 'created', [greet.id]: 'unchanged' })
  assert.notEqual((await named(story, target, 'forms', 'Ask')).id, mine.id)
  assert.deepEqual(await named(story, target, 'workflows', 'Greet'), flow)
})
