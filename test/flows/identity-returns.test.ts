import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, namesIn, startPair } from '../support/ledger.ts'
import { dropTag, formOf, make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

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

test('what a redone push brought and the client deleted is no drift once the redo is undone', async () => {
  const { agency, source, target, ledger } = await start()
  await makeForm(source, 'Ask')
  const snapshot = await agency.capture(source.id)
  const push = await ledger.push(snapshot.id, target)
  const undone = await ledger.rollback(push.id, target)
  const redone = await ledger.rollback(undone.id, target)
  await remove(target, (await named(story, target, 'forms', 'Ask')).id)
  assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: deleted'])
  await ledger.rollback(redone.id, target)
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
  assert.deepEqual(
    (await ledger.push(snapshot.id, target)).totals,
    { created: 1 },
    'nothing that was pushed was deleted',
  )
})

for (const reached of ['by its own lineage', 'by another one']) {
  test(`an overriding roll-back brings back what the client has deleted since the push changed it, reached ${reached}`, async () => {
    const { agency, source, target, ledger } = await start()
    const { id } = await makeForm(source, 'Ask', { description: 'One' })
    if (reached !== 'by its own lineage') await makeForm(target, 'Ask', { description: 'One' })
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const mine = (await named(story, target, 'forms', 'Ask')).id
    const flow = await makeFlow(target, 'After', { trigger: { type: 'form_submitted', formId: mine } })
    await change(source, id, { name: 'Ask more', description: 'Two' })
    await agency.refresh(snapshot.id)
    const push = await ledger.push(snapshot.id, target)
    await remove(target, mine)
    const kept = await ledger.rollback(push.id, target)
    assert.deepEqual([kept.totals, kept.report[0]?.reason], [{ kept: 1 }, 'deleted since the push'])
    await ledger.rollback(kept.id, target)
    const back = await ledger.rollback(push.id, target, { override: true })
    assert.deepEqual([back.totals, back.report[0]?.id, back.report[0]?.name], [{ created: 1 }, mine, 'Ask'])
    const form = await formOf(target, mine)
    assert.deepEqual([form.name, form.description], ['Ask', 'One'])
    assert.equal(
      (await target.client.get(`/workflows/${flow.id}`)).body.workflow.trigger.formId,
      mine,
      'what names it means it again',
    )
    assert.deepEqual(await driftIn(story, snapshot.id, target), [], 'with the pair that it had')
    const next = await ledger.push(snapshot.id, target)
    assert.deepEqual([next.totals, (await formOf(target, mine)).description], [{ updated: 1 }, 'Two'])
    await ledger.rollback(next.id, target)
    assert.deepEqual((await ledger.rollback(back.id, target)).totals, { deleted: 1 })
    assert.deepEqual(
      [await namesIn(story, target, 'forms'), await driftIn(story, snapshot.id, target)],
      [[], ['Ask more: deleted']],
      'as it was before that',
    )
  })
}

test('what comes back has the parts that it was matched by, so what names them means them again', async () => {
  const { agency, source, target, ledger } = await start()
  const stages = (names: string[]) => names.map((name) => ({ name }))
  const sales = await make(source, '/opportunities/pipelines', { name: 'Sales', stages: stages(['New', 'Won']) })
  const [, won] = sales.stages as { id: string }[]
  await makeForm(source, 'Ask', { onSubmit: { action: 'message', message: 'Thanks', stageId: won?.id } })
  const mine = await make(target, '/opportunities/pipelines', { name: 'Sales', stages: stages(['Won', 'Lost']) })
  const [ours] = mine.stages as { id: string }[]
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const form = (await named(story, target, 'forms', 'Ask')).id
  assert.equal((await formOf(target, form)).onSubmit.stageId, ours?.id)
  await target.client.delete(`/opportunities/pipelines/${mine.id}`)
  await ledger.push(snapshot.id, target, { policy: 'override' })
  const { pipelines } = (await target.client.get(`/opportunities/pipelines?locationId=${target.id}`)).body
  assert.deepEqual(
    pipelines[0].stages.map(({ id, name }: { id: string; name: string }) => [name, id === ours?.id]),
    [
      ['New', false],
      ['Won', true],
    ],
  )
  assert.equal((await formOf(target, form)).onSubmit.stageId, ours?.id)
  assert.deepEqual((await target.client.get(`/locations/${target.id}/broken-references`)).body.brokenReferences, [])
})

test('what comes back by one snapshot is known to the other as well', async () => {
  const { agency, source, target, ledger } = await start()
  const other = await newLocation(story, 'Other')
  for (const location of [source, other]) await makeForm(location, 'Ask', { description: 'Theirs' })
  const [one, two] = [await agency.capture(source.id), await agency.capture(other.id)]
  await ledger.push(one.id, target)
  await ledger.push(two.id, target)
  const mine = (await named(story, target, 'forms', 'Ask')).id
  for (const first of [two, one]) {
    await remove(target, mine)
    assert.deepEqual((await ledger.push(first.id, target, { policy: 'override' })).totals, { created: 1 })
    assert.equal((await named(story, target, 'forms', 'Ask')).id, mine)
    await change(target, mine, { description: 'Mine' })
    for (const { id } of [one, two]) {
      assert.deepEqual(await driftIn(story, id, target), ['Ask: edited'])
      assert.deepEqual(
        (await ledger.push(id, target)).totals,
        { kept: 1 },
        'an edit of the client, and no first meeting',
      )
    }
    await change(target, mine, { description: 'Theirs' })
  }
})

test('a conflict settled for the target brings nothing, though another entry has reached the asset since', async () => {
  const { agency, source, target, ledger } = await start()
  const delta = await makeTag(source, 'Delta')
  await makeTag(source, 'Alpha')
  const mine = await makeTag(target, 'Alpha')
  const matches = [{ kind: 'tags', lineage: delta, locationId: target.id, id: mine }]
  const snapshot = await agency.capture(source.id)
  const again = await agency.capture(source.id)
  await ledger.push(snapshot.id, target, { only: [{ kind: 'tags', lineage: delta }], matches })
  await source.client.delete(`/locations/${source.id}/tags/${delta}`)
  await agency.refresh(again.id)
  await ledger.push(again.id, target)
  const { conflicts } = await agency.get(`/${snapshot.id}/conflicts`)
  assert.deepEqual(
    conflicts.map((conflict: { lineage: string }) => conflict.lineage),
    [delta],
  )
  const { push } = await agency.post(
    `/${snapshot.id}/conflicts`,
    { decisions: [{ locationId: target.id, kind: 'tags', lineage: delta, take: 'target' }] },
    202,
  )
  assert.deepEqual((await agency.ended(push.id)).totals, { kept: 1 })
  assert.deepEqual(await namesIn(story, target, 'tags'), ['Alpha'])
  assert.deepEqual((await agency.get(`/${snapshot.id}/conflicts`)).conflicts, [])
})

for (const edited of [false, true]) {
  test(`an answer gives way where another snapshot brings both assets${edited ? ', edited by the client' : ''}, and the report says which one each is`, async () => {
    const { agency, source, target, ledger } = await start()
    const middle = await newLocation(story, 'Middle')
    const first = await makeForm(source, 'First')
    const one = await agency.capture(source.id)
    await ledger.push(one.id, middle)
    const second = await makeForm(middle, 'Second')
    const two = await agency.capture(middle.id)
    await ledger.push(two.id, target)
    const [a, b] = [
      (await named(story, target, 'forms', 'First')).id,
      (await named(story, target, 'forms', 'Second')).id,
    ]
    await ledger.push(one.id, target, {
      policy: 'skip',
      matches: [{ kind: 'forms', lineage: first.id, locationId: target.id, id: b }],
    })
    if (edited) await change(target, a, { description: 'Mine' })
    const both = await ledger.push(two.id, target)
    const idOf = (lineage: string) => both.report.find((line) => line.lineage === lineage)?.id
    assert.deepEqual(
      [both.totals, idOf(first.id), idOf(second.id)],
      [edited ? { kept: 1, unchanged: 1 } : { unchanged: 2 }, a, b],
    )
    assert.deepEqual(
      (await ledger.push(one.id, target)).totals,
      { [edited ? 'kept' : 'unchanged']: 1 },
      'and so it stays',
    )
  })
}

test('what a client deleted stays deleted, though another snapshot took it for an asset that was there meanwhile', async () => {
  const { agency, source, target, ledger } = await start()
  const [first, second] = [
    (await makeForm(source, 'Ask', { description: 'One' })).id,
    (await makeForm(source, 'Tell', { description: 'Two' })).id,
  ]
  const both = await agency.capture(source.id)
  await ledger.push(both.id, target)
  const there = await idsIn(story, target)
  await target.client.delete(`/forms/${there['forms Ask']}`)
  await source.client.delete(`/forms/${second}`)
  await source.client.put(`/forms/${first}`, { name: 'Tell' })
  const one = await agency.capture(source.id)
  // "Ask", now called "Tell", is matched to what came as "Tell".
  await ledger.push(one.id, target)
  const again = await ledger.push(both.id, target, { policy: 'merge' })
  assert.equal(again.totals.created, undefined, JSON.stringify(again.totals))
  assert.deepEqual(Object.values(await idsIn(story, target)), [there['forms Tell']])
})

for (const override of [false, true]) {
  test(`what a client deleted twice, with a push between, is deleted as the first time once that push is undone (override ${override})`, async () => {
    const { agency, source, target, ledger } = await start()
    await makeForm(source, 'Ask')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const id = (await idsIn(story, target))['forms Ask'] as string
    await remove(target, id)
    const before = await driftIn(story, snapshot.id, target)
    assert.equal(before.length, 1)
    const again = await ledger.push(snapshot.id, target, { policy: 'override' })
    await remove(target, id)
    await ledger.rollback(again.id, target, { override })
    assert.deepEqual(await driftIn(story, snapshot.id, target), before)
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1 })
  })
}

for (const policy of ['merge', 'skip'] as const) {
  test(`what the client deleted is no conflict because what it names was made anew there (${policy})`, async () => {
    const { agency, source, target, ledger } = await start()
    const tag = await makeTag(source, 'vip')
    const hello = await makeFlow(source, 'Hello', { trigger: { type: 'contact_tag', tagIds: [tag] } })
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    await dropTag(target, (await named(story, target, 'tags', 'vip')).id)
    await makeTag(target, 'vip')
    const { id } = await named(story, target, 'workflows', 'Hello')
    assert.equal((await target.client.delete(`/workflows/${id}`)).status, 200)

    for (const more of [{}, { deletions: true }]) {
      const push = await ledger.push(snapshot.id, target, { policy, ...more })
      const [line] = push.report.filter(({ kind }) => kind === 'workflows')
      assert.deepEqual([line?.outcome, line?.reason], ['kept', 'deleted in the target'])
    }
    assert.deepEqual((await agency.get(`/${snapshot.id}/conflicts`)).conflicts, [])
    assert.equal((await source.client.put(`/workflows/${hello.id}`, { name: 'Hello again' })).status, 200)
    await agency.refresh(snapshot.id)
    const changed = await ledger.push(snapshot.id, target, { policy })
    assert.deepEqual(changed.totals, { unchanged: 1, [policy === 'skip' ? 'skipped' : 'conflict']: 1 })
    const last = await ledger.push(snapshot.id, target, { policy: 'override' })
    assert.deepEqual(last.totals, { created: 1, unchanged: 1 })
    assert.equal((await named(story, target, 'workflows', 'Hello again')).id, id)
  })
}
