import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, namesIn, startPair, told } from '../support/ledger.ts'
import { dropTag, flowOf, formOf, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const change = async (location: Actor, id: string, more: object) =>
  assert.equal((await location.client.put(`/forms/${id}`, more)).status, 200)
const remove = async (location: Actor, id: string) =>
  assert.equal((await location.client.delete(`/forms/${id}`)).status, 200)

test('what a push had brought back is deleted as before once that is undone, though the client has edited it meanwhile', async () => {
  const { agency, source, target, ledger } = await start()
  await makeForm(source, 'Ask', { description: 'One' })
  const [snapshot, other] = [await agency.capture(source.id), await agency.capture(source.id)]
  await ledger.push(snapshot.id, target)
  const mine = (await named(story, target, 'forms', 'Ask')).id
  await remove(target, mine)
  const back = await ledger.push(other.id, target, { policy: 'override' })
  await change(target, mine, { description: 'Mine' })
  await ledger.rollback(back.id, target, { override: true })
  assert.deepEqual(
    [await namesIn(story, target, 'forms'), await driftIn(story, snapshot.id, target)],
    [[], ['Ask: deleted']],
  )
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1 }, 'the client has deleted it')
})

test('what comes back by undoing a roll-back has the value that the client gave it last, though it was gone again since', async () => {
  const { agency, source, target, ledger } = await start()
  await source.client.post(`/locations/${source.id}/customValues`, { name: 'Phone', value: '1' })
  const snapshot = await agency.capture(source.id)
  const first = await ledger.push(snapshot.id, target)
  const undone = await ledger.rollback(first.id, target)
  const second = await ledger.push(snapshot.id, target)
  const path = `/locations/${target.id}/customValues`
  const { id } = await named(story, target, 'custom_values', 'Phone')
  assert.equal((await target.client.put(`${path}/${id}`, { value: '2' })).status, 200)
  await ledger.rollback(second.id, target, { override: true })
  assert.deepEqual((await ledger.rollback(undone.id, target)).totals, { created: 1 })
  assert.equal((await target.client.get(`${path}/${id}`)).body.customValue.value, '2')
})

test('a match that a roll-back had ended holds again when its return brings the asset back', async () => {
  const { agency, source, target, ledger } = await start()
  const { id } = await makeForm(source, 'Ask', { description: 'One' })
  const mine = (await makeForm(target, 'Ask', { description: 'Mine' })).id
  const snapshot = await agency.capture(source.id)
  const push = await ledger.push(snapshot.id, target, { policy: 'override' })
  const undone = await ledger.rollback(push.id, target)
  await remove(target, mine)
  const back = await ledger.rollback(undone.id, target, { override: true })
  assert.deepEqual([back.totals, (await formOf(target, mine)).description], [{ created: 1 }, 'One'])
  await change(source, id, { description: 'Two' })
  await agency.refresh(snapshot.id)
  assert.deepEqual(
    (await ledger.push(snapshot.id, target)).totals,
    { updated: 1 },
    'as it was pushed: nobody has changed it',
  )
  await change(target, mine, { description: 'Mine' })
  assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: edited'])
})

for (const next of ['one that was there', 'a new one']) {
  test(`who it was before an answer (${next}) it is again once that is undone, though the client has deleted what the answer named`, async () => {
    const { agency, source, target, ledger } = await start()
    const { id: lineage } = await makeForm(source, 'Ask')
    const mine = await makeForm(target, 'Ask')
    const other = await makeForm(target, 'Other')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const id = next === 'a new one' ? null : other.id
    const answered = await ledger.push(snapshot.id, target, {
      policy: 'override',
      matches: [{ kind: 'forms', lineage, locationId: target.id, id }],
    })
    await remove(
      target,
      Object.values(await idsIn(story, target)).find(
        (one) => one !== mine.id && (id === null ? one !== other.id : one === id),
      ) as string,
    )
    const undone = await ledger.rollback(answered.id, target)
    await change(target, mine.id, { description: 'Mine' })
    assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: edited'])
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1 })
    const redone = await ledger.rollback(undone.id, target)
    assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: deleted'])
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1 })
    await ledger.rollback(redone.id, target)
    assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: edited'])
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1 })
  })
}

for (const { was, first } of [
  { was: 'an answer', first: 'the new one' },
  { was: 'an answer', first: 'the old one' },
  { was: 'its own', first: 'the new one' },
  { was: 'its own', first: 'the old one' },
]) {
  test(`where the client has deleted both, what was ${was} before an answer is deleted once that is undone (${first} went first)`, async () => {
    const { agency, source, target, ledger } = await start()
    const { id: lineage } = await makeForm(source, 'Ask')
    if (was === 'an answer') await makeForm(target, 'Ask')
    const other = await makeForm(target, 'Other')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const old = (await named(story, target, 'forms', 'Ask')).id
    await change(target, old, { description: 'Mine' })
    const answered = await ledger.push(snapshot.id, target, {
      policy: 'override',
      matches: [{ kind: 'forms', lineage, locationId: target.id, id: other.id }],
    })
    for (const id of first === 'the old one' ? [old, other.id] : [other.id, old]) await remove(target, id)
    const undone = await ledger.rollback(answered.id, target)
    for (const _ of [1, 2]) {
      assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: deleted'])
      const again = await ledger.push(snapshot.id, target)
      assert.deepEqual([again.totals, again.report[0]?.id ?? old], [{ kept: 1 }, old], JSON.stringify(again.report))
      const redone = await ledger.rollback(undone.id, target)
      assert.deepEqual((await ledger.push(snapshot.id, target)).report[0]?.id ?? other.id, other.id)
      await ledger.rollback(redone.id, target)
    }
    const back = await ledger.push(snapshot.id, target, { policy: 'override' })
    assert.deepEqual([back.totals, back.report[0]?.id], [{ created: 1 }, old])
  })
}

test('what was meant before an answer and the client has deleted since stays deleted once the answer is undone', async () => {
  const { agency, source, target, ledger } = await start()
  const { id: lineage } = await makeForm(source, 'Ask')
  const [mine, other] = [await makeForm(target, 'Ask'), await makeForm(target, 'Other')]
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const answered = await ledger.push(snapshot.id, target, {
    policy: 'override',
    matches: [{ kind: 'forms', lineage, locationId: target.id, id: other.id }],
  })
  await remove(target, mine.id)
  let last = await ledger.rollback(answered.id, target)
  for (const [drift, totals] of [
    [['Ask: deleted'], { kept: 1 }],
    [[], { unchanged: 1 }],
    [['Ask: deleted'], { kept: 1 }],
  ] as const) {
    assert.deepEqual(await driftIn(story, snapshot.id, target), drift)
    const again = await ledger.push(snapshot.id, target)
    assert.deepEqual(again.totals, totals)
    await ledger.rollback(again.id, target)
    last = await ledger.rollback(last.id, target)
  }
  await ledger.rollback(last.id, target)
  const back = await ledger.push(snapshot.id, target, { policy: 'override' })
  assert.deepEqual([back.totals, back.report[0]?.id], [{ created: 1 }, mine.id])
})

test('an answer that gave way to the asset of its own lineage gives way again when its return is undone', async () => {
  const { agency, source, target, ledger } = await start()
  const { id: lineage } = await makeForm(source, 'Tell')
  await makeForm(source, 'Ask')
  const both = await agency.capture(source.id)
  await ledger.push(both.id, target)
  const { id } = await named(story, target, 'forms', 'Ask')
  const told = await agency.capture(source.id, { assets: [{ kind: 'forms', id: lineage }] })
  await ledger.push(told.id, target, { matches: [{ kind: 'forms', lineage, id, locationId: target.id }] })
  assert.deepEqual(await driftIn(story, told.id, target), ['Ask: edited'], 'its own name stands')
  let last = await ledger.push(both.id, target)
  for (const drift of [[], ['Ask: edited'], [], ['Ask: edited'], []]) {
    assert.deepEqual(await driftIn(story, told.id, target), drift)
    last = await ledger.rollback(last.id, target)
  }
})

for (const override of [false, true]) {
  test(`a workflow that named a deleted tag names it again once the push that met the new one is undone${override ? ', overriding' : ''}`, async () => {
    const { agency, source, target, ledger } = await start()
    const tag = await makeTag(source, 'client')
    const trigger = { type: 'contact_tag', tagIds: [tag] }
    const flow = await makeFlow(source, 'Greet', { trigger, steps: [{ type: 'add_tag', tagIds: [tag] }] })
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    await dropTag(source, tag)
    const fresh = await makeTag(source, 'Client')
    const other = await agency.capture(target.id)
    const before = [await readAll(story, source.id), await readRows(story, source.id)]

    const push = await ledger.push(other.id, source)
    assert.deepEqual((await flowOf(source, flow.id)).trigger.tagIds, [fresh])
    const back = await ledger.rollback(push.id, source, { override })
    assert.deepEqual([await readAll(story, source.id), await readRows(story, source.id)], before)
    await ledger.rollback(back.id, source, { override })
    assert.deepEqual((await flowOf(source, flow.id)).trigger.tagIds, [fresh])
  })
}

test('what a push keeps stays letter by letter, though it names by another lineage what the client has deleted', async () => {
  const { agency, source, target, ledger } = await start()
  const lineage = await makeTag(source, 'vip')
  const steps = [{ name: 'One', type: 'send_sms', body: `See ${lineage}`, tagIds: [lineage] }]
  await makeFlow(source, 'Greet', { steps })
  const own = await makeTag(target, 'VIP')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await dropTag(target, own)
  const answered = await ledger.push(snapshot.id, target, {
    matches: [{ kind: 'tags', lineage, id: null, locationId: target.id }],
  })
  const { id: greets } = await named(story, target, 'workflows', 'Greet')
  const edited = await flowOf(target, greets)
  const two = { name: 'Two', type: 'send_sms', body: 'Bye' }
  await target.client.put(`/workflows/${greets}`, { name: 'Greet', steps: [...edited.steps, two] })
  await ledger.rollback(answered.id, target)

  const before = [await readAll(story, target.id), await readRows(story, target.id)]
  const kept = await ledger.push(snapshot.id, target)
  assert.deepEqual(told(kept.report, 'workflows'), ['Greet: kept'])
  assert.equal(kept.report.find(({ kind }) => kind === 'workflows')?.reason, 'changed in the target only')
  assert.deepEqual([await readAll(story, target.id), await readRows(story, target.id)], before)
})
