import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals, type Stage } from '../support/deals.ts'
import { Ledger } from '../support/ledger.ts'
import { brokenIn, flowOf, formOf, makeFlow, makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

async function start() {
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  return { agency: story.agency, source, target, ledger: new Ledger(story, source, target), deals: new Deals(story) }
}

test('a stage that is put into another pipeline is a new one there, whether the first still has it or not', async () => {
  const { source, deals } = await start()
  for (const [name, ...stages] of [
    ['P', 'a', 'b'],
    ['Q', 'c'],
    ['R', 'd'],
  ] as const)
    await deals.pipeline(source, name, ...stages)
  const b = (await deals.stages(source, 'P'))[1] as Stage
  await deals.setStages(source, (stages) => [...stages, b], 'Q')
  await deals.setStages(source, (stages) => stages.slice(0, 1), 'P')
  await deals.setStages(source, (stages) => [...stages, b], 'R')
  const all = await Promise.all(['P', 'Q', 'R'].map((name) => deals.stages(source, name)))
  assert.deepEqual(
    all.map((stages) => stages.map(({ name }) => name)),
    [['a'], ['c', 'b'], ['d', 'b']],
  )
  const ids = all.flat().map(({ id }) => id)
  assert.deepEqual([new Set(ids).size, ids.includes(b.id)], [5, false])
  await deals.setStages(source, (stages) => [...stages, b], 'P')
  assert.equal(await deals.stage(source, 'b', 'P'), b.id, 'what a pipeline has had itself comes back as it was')
})

test('a stage moves to another pipeline while a deal stands in it: the deal stays, and a roll-back leads back exactly', async () => {
  const { agency, source, target, ledger, deals } = await start()
  await deals.pipeline(source, 'P', 'a', 'b')
  await deals.pipeline(source, 'Q', 'c')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const stage = await deals.stage(target, 'b', 'P')
  const deal = await deals.make(target, 'b', 'P')
  const before = await readAll(story, target.id)

  const b = (await deals.stages(source, 'P'))[1] as Stage
  await deals.setStages(source, (stages) => stages.slice(0, 1), 'P')
  await deals.setStages(source, (stages) => [...stages, b], 'Q')
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual(push.totals, { conflict: 1, updated: 1 })
  assert.deepEqual(
    [await deals.names(target, 'P'), await deals.names(target, 'Q')],
    [
      ['a', 'b'],
      ['c', 'b'],
    ],
  )
  assert.equal(await deals.stage(target, 'b', 'P'), stage)
  assert.notEqual(await deals.stage(target, 'b', 'Q'), stage)
  assert.equal(await deals.place(target, deal), 'P: b')

  const back = await ledger.rollback(push.id, target)
  assert.equal(back.totals.kept, undefined, JSON.stringify(back.report))
  assert.deepEqual(await readAll(story, target.id), before)
})

test('a copy of a form has fields of its own, and what it says of them is about these', async () => {
  const { agency, source, target, ledger } = await start()
  const made = await makeForm(source, 'F', {
    fields: [
      { id: 'x', type: 'text', label: 'X' },
      { id: 'y', type: 'text', label: 'Y' },
    ],
    conditions: [{ fieldId: 'x', operator: 'is', value: '1', action: 'show', targetFieldId: 'y' }],
    trackingCode: 'nothing',
  })
  const { fields, conditions } = await formOf(source, made.id)
  const copied = await makeForm(source, 'Copy', { fields, conditions, trackingCode: `hide(${fields[1].id})` })
  const copy = await formOf(source, copied.id)
  const ids = copy.fields.map(({ id }: { id: string }) => id)
  assert.equal(new Set([...ids, ...fields.map(({ id }: { id: string }) => id)]).size, 4)
  assert.deepEqual(
    [copy.conditions[0].fieldId, copy.conditions[0].targetFieldId, copy.trackingCode],
    [ids[0], ids[1], `hide(${ids[1]})`],
  )

  const flow = await makeFlow(source, 'W', {
    trigger: { type: 'manual' },
    steps: [{ type: 'send_sms', body: `field ${ids[0]}` }],
  })
  assert.equal((await flowOf(source, flow.id)).steps[0].body, `field ${ids[0]}`)
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  assert.equal((await source.client.delete(`/forms/${made.id}`)).status, 200)
  await agency.refresh(snapshot.id)
  const plan = await agency.plan(snapshot.id, [target.id], { deletions: true })
  assert.deepEqual([plan.totals, plan.targets[0].warnings ?? []], [{ delete: 1, unchanged: 2 }, []])
  await ledger.push(snapshot.id, target, { deletions: true })
  const { brokenReferences } = (await target.client.get(`/locations/${target.id}/broken-references`)).body
  assert.deepEqual(brokenReferences, [])
})

test('a part that was taken out and put back keeps its id, also in a place that a push reached', async () => {
  const { agency, source, target, ledger } = await start()
  await makeForm(source, 'F', { fields: ['X', 'Y'].map((label) => ({ type: 'text', label })) })
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const { id, document } = await named(story, target, 'forms', 'F')
  const fields = document.fields as { id: string }[]
  for (const next of [fields.slice(1), fields])
    assert.equal((await target.client.put(`/forms/${id}`, { fields: next })).status, 200)
  assert.deepEqual((await formOf(target, id)).fields, fields)
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift?locationId=${target.id}`)).drift, [])
})

test('a broken reference to a part says what it was called', async () => {
  const { source, deals } = await start()
  const { id: pipelineId } = await deals.pipeline(source, 'Sales', 'New', 'Won')
  const stageId = await deals.stage(source, 'Won')
  await makeFlow(source, 'W', {
    trigger: { type: 'manual' },
    steps: [{ type: 'create_opportunity', pipelineId, stageId }],
  })
  await deals.drop(source, 'Won')
  const { brokenReferences } = (await source.client.get(`/locations/${source.id}/broken-references`)).body
  assert.deepEqual(
    brokenReferences.map((row: { name: string; missingKind: string; missingName: string; value: string }) => [
      row.name,
      row.missingKind,
      row.missingName,
      row.value,
    ]),
    [['W', 'part', 'Won', stageId]],
  )
})

test('what is captured alone comes alone, though another pipeline holds its stages too, and both come with what names one', async () => {
  const { agency, source, target, ledger, deals } = await start()
  const pipeline = await deals.pipeline(source, 'P', 'a')
  const mine = await deals.pipeline(target, 'Mine', 'z')
  const snapshot = await agency.capture(source.id)
  const matches = (id: string | null) => [{ kind: 'pipelines', lineage: pipeline.id, id }]
  await ledger.push(snapshot.id, target, { policy: 'override', matches: matches(mine.id) })
  await ledger.push(snapshot.id, target, { matches: matches(null) })
  const pipelines = (await readAll(story, target.id)).filter(({ kind }) => kind === 'pipelines')
  const [stage, ...more] = pipelines.flatMap(({ document }) => (document.stages as Stage[]).map(({ id }) => id))
  assert.deepEqual([pipelines.length, more], [2, [stage]])
  for (const { kind, id } of pipelines) {
    const { assets } = await agency.capture(target.id, { assets: [{ kind, id }] })
    assert.deepEqual(assets, { pipelines: 1 })
  }
  const form = await makeForm(target, 'F', { onSubmit: { stageId: stage } })
  const asked = await agency.capture(target.id, { assets: [{ kind: 'forms', id: form.id }] })
  assert.deepEqual(asked.assets, { forms: 1, pipelines: 2 })
})

test('a stage put back under its old id is a new one where a push has met the one that the client had made for it', async () => {
  const { agency, source, target, ledger, deals } = await start()
  await deals.pipeline(source, 'P', 'New', 'Won')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const [, old] = (await deals.stages(target, 'P')) as [Stage, Stage]
  await deals.setStages(target, ([first]) => [first as Stage, { name: 'Won' } as Stage], 'P')
  const won = await deals.stage(target, 'Won', 'P')
  await deals.make(target, 'Won', 'P')
  await ledger.push(snapshot.id, target)
  assert.equal(await deals.stage(target, 'Won', 'P'), won)

  await deals.setStages(target, (stages) => [...stages, { ...old, name: 'Lost' }], 'P')
  const stages = await deals.stages(target, 'P')
  assert.deepEqual(
    stages.map(({ name }) => name),
    ['New', 'Won', 'Lost'],
  )
  assert.deepEqual([new Set(stages.map(({ id }) => id)).size, stages[1]?.id], [3, won])
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual(push.totals, { kept: 1 })
  assert.deepEqual(await deals.stages(target, 'P'), stages)
})

for (const policy of ['merge', 'skip'] as const) {
  test(`a stage that came into the wrong pipeline stays that pipeline's once the answer is corrected (${policy})`, async () => {
    const { agency, source, target, ledger, deals } = await start()
    const { id: lineage } = await deals.pipeline(source, 'Sales', 'New')
    const step = async (location: Actor, pipeline: string) => ({
      steps: [{ name: 'Go', type: 'send_sms', body: 'Hi', stageId: await deals.stage(location, 'New', pipeline) }],
    })
    await makeFlow(source, 'Brought', await step(source, 'Sales'))
    await deals.pipeline(target, 'Sales', 'Old')
    const { id: right } = await deals.pipeline(target, 'Deals', 'New')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const deal = await deals.make(target, 'New')
    await makeFlow(target, 'Mine', await step(target, 'Sales'))
    const before = await readAll(story, target.id)
    const stages = await deals.stages(target)
    const place = await deals.place(target, deal)
    assert.equal(place, 'Sales: New')

    const matches = [{ kind: 'pipelines', lineage, id: right, locationId: target.id }]
    const corrected = await ledger.push(snapshot.id, target, { policy, matches })
    assert.deepEqual(await deals.stages(target), stages, 'the stages are what they were')
    assert.equal(await deals.place(target, deal), place)
    const stageOf = async (location: Actor, flow: string) =>
      ((await named(story, location, 'workflows', flow)).document.steps as { stageId: string }[])[0]?.stageId
    const [there, here] = [await deals.stage(target, 'New', 'Deals'), await deals.stage(target, 'New')]
    assert.deepEqual([await stageOf(target, 'Brought'), await stageOf(target, 'Mine')], [there, here])
    assert.deepEqual(await brokenIn(target), [])

    // An edit by the client, a capture and a push of that say the same of the two.
    await deals.setStages(target, (all) => [...all, { name: 'Won' } as Stage])
    assert.equal(await deals.stage(target, 'New'), here)
    const own = await agency.capture(target.id)
    const itself = await ledger.push(own.id, target, { policy: 'override' })
    assert.deepEqual(Object.keys(itself.totals), ['unchanged'])
    const branch = await newLocation(story, 'Branch')
    await agency.push(own.id, [branch.id])
    assert.deepEqual(await deals.names(branch), [...stages.map(({ name }) => name), 'Won'])
    assert.deepEqual(await deals.names(branch, 'Deals'), ['New'])
    assert.deepEqual(
      [await stageOf(branch, 'Brought'), await stageOf(branch, 'Mine')],
      [await deals.stage(branch, 'New', 'Deals'), await deals.stage(branch, 'New')],
    )
    await deals.drop(target, 'Won')
    await ledger.rollback(corrected.id, target)
    assert.deepEqual(await readAll(story, target.id), before)
  })
}

/** Two pipelines of a version that hold one stage, "New": a wrong answer brought it into the client's own. */
async function startShared() {
  const { agency, source, target, ledger, deals } = await start()
  const { id: lineage } = await deals.pipeline(source, 'Sales', 'New')
  const { id: mine } = await deals.pipeline(target, 'Mine', 'Old')
  const { id } = await agency.capture(source.id)
  const matches = (id: string | null) => [{ kind: 'pipelines', lineage, id, locationId: target.id }]
  await ledger.push(id, target, { matches: matches(mine) })
  await ledger.push(id, target, { matches: matches(null) })
  const up = await agency.capture(target.id)
  await ledger.push(up.id, source)
  await agency.refresh(id)
  await ledger.push(id, target)
  return { id, target, ledger, deals, agency }
}

for (const how of ['the client made the pipeline anew', 'the client made the stage anew'] as const) {
  for (const policy of ['merge', 'override', 'skip'] as const) {
    test(`a stage that two pipelines of a version hold is in each what was matched there (${how}, ${policy})`, async () => {
      const { id, target, ledger, deals, agency } = await startShared()
      if (how === 'the client made the pipeline anew') {
        const { id: came } = await named(story, target, 'pipelines', 'Sales')
        assert.equal((await target.client.delete(`/opportunities/pipelines/${came}`)).status, 200)
        await deals.pipeline(target, 'Sales', 'New')
      } else await deals.remake(target, 'New')
      const deal = await deals.make(target, 'New')
      const before = await readAll(story, target.id)
      const [own, shared] = [await deals.stages(target), await deals.stages(target, 'Mine')]

      const push = await ledger.push(id, target, { policy })
      for (let times = 0; times < 2; times++) {
        assert.deepEqual([await deals.stages(target), await deals.stages(target, 'Mine')], [own, shared])
        assert.equal(await deals.place(target, deal), 'Sales: New')
        const { diff } = await agency.get(`/${id}/diff?version=2&locationId=${target.id}`)
        assert.deepEqual(diff.changed, [])
        assert.deepEqual((await ledger.push(id, target, { policy })).totals, { unchanged: 2 })
      }
      await ledger.rollback(push.id, target)
      assert.deepEqual(await readAll(story, target.id), before)
    })
  }
}
