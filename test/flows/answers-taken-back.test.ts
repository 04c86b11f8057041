import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { answerWithTag } from '../support/answered-tags.ts'
import { Deals } from '../support/deals.ts'
import { driftIn, idsIn, Ledger, type Line, startPair, told } from '../support/ledger.ts'
import { flowOf, formOf, make, makeFlow, makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

interface Step {
  id: string
  tagIds?: string[]
  next?: string | null
}

/** A tag that was answered with the wrong one, and what came with it and names it. */
async function startWrong() {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const tag = await makeTag(source, 'client')
  const flow = await makeFlow(source, 'Greet', {
    trigger: { type: 'contact_tag', tagIds: [tag] },
    steps: [{ id: 'add', type: 'add_tag', tagIds: [tag] }],
  })
  await makeForm(source, 'Ask', { onSubmit: { tagIds: [tag] } })
  const wrong = await makeTag(target, 'Customer')
  const own = await makeFlow(target, 'Mine', {
    trigger: { type: 'manual' },
    steps: [{ id: 'mine', type: 'add_tag', tagIds: [wrong] }],
  })
  const snapshot = await agency.capture(source.id)
  const matches = (id: string | null) => [{ kind: 'tags', lineage: tag, id, locationId: target.id }]
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target, { matches: matches(wrong) })
  const idOf = async (name: string) => (await idsIn(story, target))[name] as string
  const tagsOf = async (name: string) =>
    ((await flowOf(target, await idOf(`workflows ${name}`))).steps as Step[]).flatMap((step) => step.tagIds ?? [])
  assert.deepEqual(await tagsOf('Greet'), [wrong])
  return { agency, source, target, tag, flow, wrong, own, snapshot, matches, ledger, idOf, tagsOf }
}

const exactly = async (location: Actor) => [await readAll(story, location.id), await readRows(story, location.id)]
const fieldsOf = (lines: readonly Line[], name: string) =>
  (lines.find((line) => line.name === name)?.fields ?? []).map(({ path }: { path: string }) => path)

for (const policy of ['merge', 'skip', 'override']) {
  test(`what came with a wrong answer points to the new asset once it is taken back (${policy}), and a roll-back leads back`, async () => {
    const { target, wrong, own, snapshot, matches, ledger, idOf, tagsOf } = await startWrong()
    const before = await exactly(target)
    const fresh = await ledger.push(snapshot.id, target, { policy, matches: matches(null) })
    assert.deepEqual(told(fresh.planned).sort(), ['Ask: update', 'Greet: update', 'client: create'])
    assert.deepEqual(fieldsOf(fresh.planned, 'Ask'), ['onSubmit.tagIds'])
    const made = fresh.report.find(({ kind, outcome }) => kind === 'tags' && outcome === 'created')?.id as string
    assert.ok(made && made !== wrong)
    assert.deepEqual(await tagsOf('Greet'), [made])
    assert.deepEqual((await flowOf(target, await idOf('workflows Greet'))).trigger.tagIds, [made])
    assert.deepEqual((await formOf(target, await idOf('forms Ask'))).onSubmit.tagIds, [made])
    assert.deepEqual(
      (await flowOf(target, own.id)).steps[0].tagIds,
      [wrong],
      'what the client made names what it named',
    )
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 3 }, 'and it stays so')
    await ledger.rollback(fresh.id, target)
    assert.deepEqual(await exactly(target), before)
    assert.deepEqual(
      (await ledger.push(snapshot.id, target)).totals,
      { kept: 1, unchanged: 2 },
      'the wrong answer holds again',
    )
    const again = await ledger.push(snapshot.id, target, { policy, matches: matches(null) })
    assert.deepEqual([again.totals, await tagsOf('Greet')], [{ created: 1, updated: 2 }, [made]])
  })
}

test('another answer takes along what came with the first one', async () => {
  const { target, snapshot, matches, ledger, tagsOf } = await startWrong()
  const right = await makeTag(target, 'Clients')
  const before = await exactly(target)
  const corrected = await ledger.push(snapshot.id, target, { matches: matches(right) })
  assert.deepEqual(told(corrected.planned).sort(), ['Ask: update', 'Greet: update', 'client: conflict'])
  assert.deepEqual(await tagsOf('Greet'), [right])
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1, unchanged: 2 })
  await ledger.rollback((await ledger.push(snapshot.id, target, { matches: matches(null) })).id, target)
  assert.deepEqual(await tagsOf('Greet'), [right])
  await ledger.rollback(corrected.id, target)
  assert.deepEqual(await exactly(target), before)
})

test('what the client changed meanwhile is merged, and what both sides point elsewhere is a conflict', async () => {
  const { agency, target, snapshot, matches, ledger, idOf, tagsOf, wrong } = await startWrong()
  const extra = await makeTag(target, 'extra')
  const [flow, form] = [await idOf('workflows Greet'), await idOf('forms Ask')]
  const { steps, trigger } = await flowOf(target, flow)
  await target.client.put(`/workflows/${flow}`, {
    trigger,
    steps: steps.map((step: Step) => ({ ...step, tagIds: [wrong, extra] })),
  })
  await target.client.put(`/forms/${form}`, { description: 'Mine' })
  const fresh = await ledger.push(snapshot.id, target, { matches: matches(null) })
  assert.deepEqual(told(fresh.report).sort(), ['Ask: merged', 'Greet: merged', 'client: created'])
  const made = fresh.report.find(({ kind }) => kind === 'tags')?.id as string
  assert.deepEqual((await tagsOf('Greet')).sort(), [made, extra].sort())
  assert.deepEqual(
    [(await formOf(target, form)).description, (await formOf(target, form)).onSubmit.tagIds],
    ['Mine', [made]],
  )
  assert.deepEqual((await agency.get(`/${snapshot.id}/conflicts`)).conflicts, [])
})

test('a single reference that the client has pointed elsewhere is a conflict, and stays', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const form = await makeForm(source, 'Ask')
  await makeFlow(source, 'One', { trigger: { type: 'form_submitted', formId: form.id } })
  await makeFlow(source, 'Two', { trigger: { type: 'form_submitted', formId: form.id } })
  const [wrong, other] = [await makeForm(target, 'Wrong'), await makeForm(target, 'Other')]
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  const matches = (id: string | null) => [{ kind: 'forms', lineage: form.id, id, locationId: target.id }]
  await ledger.push(snapshot.id, target, { matches: matches(wrong.id) })
  const ids = await idsIn(story, target)
  await target.client.put(`/workflows/${ids['workflows Two']}`, {
    trigger: { type: 'form_submitted', formId: other.id },
  })
  const fresh = await ledger.push(snapshot.id, target, { matches: matches(null) })
  assert.deepEqual(told(fresh.report).sort(), ['Ask: created', 'One: updated', 'Two: conflict'])
  const made = fresh.report.find(({ kind }) => kind === 'forms')?.id
  const formIn = async (name: string) => (await flowOf(target, ids[`workflows ${name}`] as string)).trigger.formId
  assert.deepEqual([await formIn('One'), await formIn('Two')], [made, other.id])
})

test('parts of a wrong pipeline are named no more', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const stages = [
    { name: 'New', position: 0 },
    { name: 'Won', position: 1 },
  ]
  const sales = (await make(source, '/opportunities/pipelines', { name: 'Sales', stages })) as {
    id: string
    stages: { id: string; name: string }[]
  }
  await makeFlow(source, 'Won', {
    trigger: { type: 'pipeline_stage_changed', pipelineId: sales.id, stageId: sales.stages[1]?.id },
  })
  const wrong = await make(target, '/opportunities/pipelines', { name: 'Deals', stages })
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  const matches = (id: string | null) => [{ kind: 'pipelines', lineage: sales.id, id }]
  await ledger.push(snapshot.id, target, { matches: matches(wrong.id) })
  const triggerOf = async () => (await flowOf(target, (await idsIn(story, target))['workflows Won'] as string)).trigger
  assert.equal((await triggerOf()).pipelineId, wrong.id)
  const before = await exactly(target)
  const fresh = await ledger.push(snapshot.id, target, { matches: matches(null) })
  assert.deepEqual(told(fresh.report).sort(), ['Sales: created', 'Won: updated'])
  const { pipeline } = (await target.client.get(`/opportunities/pipelines/${fresh.report[0]?.id}`)).body
  const won = pipeline.stages.find((stage: { name: string }) => stage.name === 'Won')
  assert.deepEqual([(await triggerOf()).pipelineId, (await triggerOf()).stageId], [pipeline.id, won.id])
  await ledger.rollback(fresh.id, target)
  assert.deepEqual(await exactly(target), before)
})

test('an answer is gone when it is taken back, also where the client has changed the pipeline it gives way to', async () => {
  const { agency, source, target, ledger } = await startPair(story)
  const deals = new Deals(story)
  const { id: lineage } = await deals.pipeline(source, 'Sales', 'New')
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target)
  const own = (await idsIn(story, target))['pipelines Sales']
  const { id: wrong } = await deals.pipeline(target, 'Deals', 'Old')
  const matches = (to: string | null) => [{ kind: 'pipelines', lineage, id: to, locationId: target.id }]
  await ledger.push(id, target, { matches: matches(wrong) })
  await deals.setStages(target, (stages) => [...stages, { name: 'Mine' }])
  const before = await exactly(target)
  const back = await ledger.push(id, target, { matches: matches(null) })
  assert.deepEqual([back.report[0]?.id, await driftIn(story, id, target)], [own, ['Sales: edited']])
  assert.equal((await ledger.push(id, target)).report[0]?.id, own)
  await ledger.rollback(back.id, target)
  assert.deepEqual(await exactly(target), before)
})

for (const rest of ['changed', 'as it was']) {
  test(`an entry that gives way to another one takes along what names it, in a target that stands at a version (${rest})`, async () => {
    const { agency, source, target, tag, wrong, snapshot, ledger, tagsOf } = await startWrong()
    const second = await makeTag(source, 'second')
    await agency.refresh(snapshot.id)
    if (rest === 'changed') await ledger.push(snapshot.id, target)
    const answer = [{ kind: 'tags', lineage: second, id: wrong, locationId: target.id }]
    await agency.post(`/${snapshot.id}/plan`, { locationIds: [target.id], matches: answer }, 422)
    const fresh = await ledger.push(snapshot.id, target, {
      matches: [...answer, { kind: 'tags', lineage: tag, id: null }],
    })
    const made = fresh.report.find(({ kind, lineage }) => kind === 'tags' && lineage === tag)
    assert.equal(made?.outcome, 'created')
    assert.deepEqual(await tagsOf('Greet'), [made?.id])
  })
}

test('the own asset of a lineage is it again when the answer that led elsewhere is taken back', async () => {
  const { target, made: native, snapshot, ledger, matches, tagsOf } = await answerWithTag(story)
  const before = await exactly(target)
  const back = await ledger.push(snapshot.id, target, { matches: matches(null) })
  assert.deepEqual([await tagsOf(), back.totals], [[native], { unchanged: 1, updated: 1 }])
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 2 })
  assert.deepEqual(await tagsOf(), [native])
  await ledger.rollback(back.id, target)
  assert.deepEqual(await exactly(target), before)
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { kept: 1, unchanged: 1 }, 'the answer holds again')
})

test('what cannot be new for its name goes on meaning what it meant, in the documents of that push, too', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const tag = await makeTag(source, 'vip')
  const theirs = await makeTag(target, 'vip')
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target)
  await makeFlow(source, 'Greet', { steps: [{ id: 'add', type: 'add_tag', tagIds: [tag] }] })
  await agency.refresh(snapshot.id)
  const asked = await ledger.push(snapshot.id, target, { matches: [{ kind: 'tags', lineage: tag, id: null }] })
  assert.deepEqual(asked.totals, { ambiguous: 1, created: 1 })
  const tagsOf = async () =>
    (await flowOf(target, (await idsIn(story, target))['workflows Greet'] as string)).steps[0].tagIds
  assert.deepEqual(await tagsOf(), [theirs])
  assert.deepEqual((await ledger.push(snapshot.id, target, { deletions: true })).totals, { unchanged: 2 })
  assert.deepEqual(await tagsOf(), [theirs])
})

for (const to of ['a new one', 'another one']) {
  test(`an asset that changes in the same push as it is answered no longer is not it any more (${to})`, async () => {
    const { agency } = story
    const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
    const ask = await makeForm(source, 'Ask')
    const ledger = new Ledger(story, source, target)
    const first = await agency.capture(source.id)
    await ledger.push(first.id, target)
    const wrong = (await idsIn(story, target))['forms Ask'] as string
    const other = await makeForm(target, 'Other')
    const { id: lineage } = await makeForm(source, 'Tell')
    const matches = (id: string | null) => [{ kind: 'forms', lineage, id, locationId: target.id }]
    const told = await agency.capture(source.id, { assets: [{ kind: 'forms', id: lineage }] })
    await ledger.push(told.id, target, { policy: 'override', matches: matches(wrong) })
    assert.equal((await formOf(target, wrong)).name, 'Tell')
    if (to === 'a new one') await ledger.push(first.id, target, { policy: 'override' })
    const [before, drift] = [await exactly(target), await driftIn(story, told.id, target)]
    await source.client.put(`/forms/${ask.id}`, { name: 'Ask again' })
    const both = await agency.capture(source.id)
    const right = await ledger.push(both.id, target, {
      policy: 'override',
      matches: matches(to === 'a new one' ? null : other.id),
    })
    const now = right.report.find((line) => line.lineage === lineage)?.id ?? (await idsIn(story, target))['forms Tell']
    assert.ok(to === 'a new one' ? now !== wrong && now !== other.id : now === other.id)
    assert.equal((await formOf(target, wrong)).name, 'Ask again')
    assert.deepEqual([await driftIn(story, told.id, target), await driftIn(story, both.id, target)], [[], []])
    assert.deepEqual((await ledger.push(both.id, target)).totals, { unchanged: 2 })
    const after = await exactly(target)
    const undone = await ledger.rollback(right.id, target)
    assert.deepEqual([await exactly(target), await driftIn(story, told.id, target)], [before, drift])
    const redone = await ledger.rollback(undone.id, target)
    assert.deepEqual([await exactly(target), await driftIn(story, told.id, target)], [after, []])
    const again = await ledger.rollback(redone.id, target)
    assert.deepEqual([await exactly(target), await driftIn(story, told.id, target)], [before, drift])
    await ledger.rollback(again.id, target)
    assert.deepEqual((await ledger.push(both.id, target)).totals, { unchanged: 2 })
  })
}
