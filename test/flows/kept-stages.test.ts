import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals } from '../support/deals.ts'
import { Ledger } from '../support/ledger.ts'
import { named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let deals: Deals
before(async () => {
  story = await startStory()
  deals = new Deals(story)
})
after(() => story?.[Symbol.asyncDispose]())

type How = 'pushed' | 'matched'

/** A stage "Talk" that left the snapshot is kept in the target, as a deal stands in it. */
async function keepTalk({ how = 'pushed', policy = 'merge' }: { how?: How; policy?: string } = {}) {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  await deals.pipeline(source, 'Sales', 'New', 'Talk', 'Won')
  if (how === 'matched') await deals.pipeline(target, 'Sales', 'New', 'Talk', 'Won')
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target)
  const deal = await deals.make(target, 'Talk')
  const ids = {
    old: await deals.stage(source, 'Talk'),
    talk: await deals.stage(target, 'Talk'),
    fresh: await deals.stage(target, 'New'),
  }
  await deals.drop(source, 'Talk')
  await agency.refresh(id)
  const held = await ledger.push(id, target, { policy })
  assert.deepEqual([held.totals, await deals.names(target)], [{ conflict: 1 }, ['New', 'Talk', 'Won']])
  const { lineage } = held.report[0] as { lineage: string }
  return { agency, source, target, ledger, id, deal, held, lineage, ...ids }
}

const conflictsOf = async (id: string) => (await story.agency.get(`/${id}/conflicts`)).conflicts
async function settle(id: string, target: Actor, lineage: string, take: object, more: object = {}) {
  const decisions = [{ locationId: target.id, kind: 'pipelines', lineage, ...take }]
  const { push } = await story.agency.post(`/${id}/conflicts`, { decisions, ...more }, 202)
  return story.agency.ended(push.id)
}

for (const how of ['pushed', 'matched'] as const) {
  for (const policy of ['merge', 'override', 'skip']) {
    test(`a stage that was kept goes with a second push that says where its deals go, and comes back with them (${how}, ${policy})`, async () => {
      const { target, ledger, id, deal, talk, fresh } = await keepTalk({ how, policy })
      const again = await ledger.push(id, target)
      const why = 'stages[Talk]: 1 opportunity stands in it: say in "stages" where they go'
      assert.deepEqual([again.totals, again.report[0]?.reason], [{ kept: 1 }, `conflict with version 2, kept: ${why}`])
      assert.equal((await conflictsOf(id)).length, 1)
      const push = await ledger.push(id, target, { stages: { [talk]: fresh } })
      assert.deepEqual(
        [push.totals, await deals.names(target), await deals.place(target, deal)],
        [{ updated: 1 }, ['New', 'Won'], 'Sales: New'],
      )
      assert.deepEqual(await conflictsOf(id), [])
      await ledger.rollback(push.id, target)
      assert.deepEqual(
        [await deals.names(target), await deals.place(target, deal)],
        [['New', 'Talk', 'Won'], 'Sales: Talk'],
      )
      assert.deepEqual(
        [(await conflictsOf(id)).length, (await ledger.push(id, target)).totals],
        [1, { kept: 1 }],
        'it waits again',
      )
      const last = await ledger.push(id, target, { stages: { [talk]: fresh } })
      assert.deepEqual(
        [last.totals, await deals.names(target), await deals.place(target, deal)],
        [{ updated: 1 }, ['New', 'Won'], 'Sales: New'],
      )
      assert.deepEqual((await ledger.push(id, target)).totals, { unchanged: 1 })
    })
  }

  test(`a stage that was kept goes when its deals were moved by hand, and the next push says so (${how})`, async () => {
    const { target, ledger, id, deal } = await keepTalk({ how })
    await deals.move(target, deal, 'Won')
    const push = await ledger.push(id, target)
    assert.deepEqual(
      [push.totals, await deals.names(target), await deals.place(target, deal)],
      [{ updated: 1 }, ['New', 'Won'], 'Sales: Won'],
    )
    assert.deepEqual(await conflictsOf(id), [])
  })

  test(`a stage that was kept is told of by the next version, and goes with it when it is said where its deals go (${how})`, async () => {
    const { agency, source, target, ledger, id, deal, talk, fresh } = await keepTalk({ how })
    const { id: pipelineId } = await named(story, source, 'pipelines', 'Sales')
    await source.client.put(`/opportunities/pipelines/${pipelineId}`, { name: 'Selling' })
    await agency.refresh(id)
    const held = await ledger.push(id, target)
    assert.deepEqual(
      [held.totals, held.report[0]?.reason],
      [{ conflict: 1 }, 'stages[Talk]: 1 opportunity stands in it: say in "stages" where they go'],
    )
    assert.deepEqual(
      [(await conflictsOf(id))[0].version, await deals.names(target, 'Selling')],
      [3, ['New', 'Talk', 'Won']],
    )
    const push = await ledger.push(id, target, { stages: { [talk]: fresh } })
    assert.deepEqual([push.totals, await deals.place(target, deal)], [{ updated: 1 }, 'Selling: New'])
  })

  for (const take of [{ take: 'source' }, { take: 'source', path: 'stages[Talk]' }]) {
    test(`the inbox takes a kept stage away, with its deals where it is said (${how}, ${take.path ?? 'all'})`, async () => {
      const { target, id, deal, lineage, talk, fresh } = await keepTalk({ how })
      assert.deepEqual(
        (await settle(id, target, lineage, take)).totals,
        { conflict: 1 },
        'nobody has said where they go',
      )
      assert.deepEqual([(await conflictsOf(id)).length, await deals.place(target, deal)], [1, 'Sales: Talk'])
      const push = await settle(id, target, lineage, take, { stages: { [talk]: fresh } })
      assert.deepEqual(
        [push.totals, await deals.names(target), await deals.place(target, deal)],
        [{ updated: 1 }, ['New', 'Won'], 'Sales: New'],
      )
      assert.deepEqual(await conflictsOf(id), [])
      await story.agency.rollback(push.id)
      assert.equal(await deals.place(target, deal), 'Sales: Talk')
    })
  }

  test(`the inbox leaves a kept stage to the client for good (${how})`, async () => {
    const { agency, source, target, ledger, id, deal, lineage } = await keepTalk({ how })
    await settle(id, target, lineage, { take: 'target', path: 'stages[Talk]' })
    assert.deepEqual(await conflictsOf(id), [])
    await deals.move(target, deal, 'Won')
    assert.deepEqual((await ledger.push(id, target)).totals, { kept: 1 })
    await deals.setStages(source, (stages) => [...stages, { name: 'Lost' }])
    await agency.refresh(id)
    await ledger.push(id, target)
    assert.deepEqual((await deals.names(target)).toSorted(), ['Lost', 'New', 'Talk', 'Won'])
  })
}

test('a stage that the client has renamed since it was kept is a conflict of both sides, and goes when the inbox says so', async () => {
  const { target, ledger, id, deal, lineage, talk, fresh, agency, source } = await keepTalk()
  await deals.setStages(target, (stages) =>
    stages.map((stage) => (stage.name === 'Talk' ? { ...stage, name: 'Chat' } : stage)),
  )
  await deals.setStages(source, (stages) => [...stages, { name: 'Lost' }])
  await agency.refresh(id)
  assert.deepEqual((await ledger.push(id, target, { stages: { [talk]: fresh } })).totals, { conflict: 1 })
  assert.deepEqual((await deals.names(target)).toSorted(), ['Chat', 'Lost', 'New', 'Won'])
  const push = await settle(
    id,
    target,
    lineage,
    { take: 'source', path: 'stages[Chat]' },
    { stages: { [talk]: fresh } },
  )
  assert.deepEqual([push.totals, await deals.place(target, deal)], [{ updated: 1 }, 'Sales: New'])
})

test("a stage of the client's own that an override would take away is no part of the snapshot later on", async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  await deals.pipeline(source, 'Sales', 'New')
  const { id } = await agency.capture(source.id)
  await agency.push(id, [target.id])
  await deals.setStages(target, (stages) => [...stages, { name: 'Mine' }])
  const deal = await deals.make(target, 'Mine')
  assert.deepEqual((await agency.push(id, [target.id], { policy: 'override' })).totals, { conflict: 1 })
  await deals.move(target, deal, 'New')
  assert.deepEqual((await agency.push(id, [target.id])).totals, { kept: 1 })
  assert.deepEqual(await deals.names(target), ['New', 'Mine'])
})

test('other conflicts stay open beside a stage that is kept', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  await deals.pipeline(source, 'Sales', 'New', 'Talk', 'Won')
  const { id } = await agency.capture(source.id)
  await agency.push(id, [target.id])
  await deals.make(target, 'Talk')
  const rename = (location: Actor, name: string) =>
    deals.setStages(location, (stages) => stages.map((stage) => (stage.name === 'Won' ? { ...stage, name } : stage)))
  await rename(target, 'Mine')
  await rename(source, 'Theirs')
  await deals.drop(source, 'Talk')
  await agency.refresh(id)
  await agency.push(id, [target.id])
  const paths = async () =>
    (await conflictsOf(id))
      .flatMap(({ fields }: { fields: { path: string }[] }) => fields.map(({ path }) => path))
      .toSorted()
  assert.deepEqual(await paths(), ['stages[Mine].name', 'stages[Talk]'])
  const [{ lineage }] = await conflictsOf(id)
  await settle(id, target, lineage, { take: 'source', path: 'stages[Talk]' })
  assert.deepEqual(await paths(), ['stages[Mine].name', 'stages[Talk]'], 'nobody has said where its deals go')
  const [talk, fresh] = [await deals.stage(target, 'Talk'), await deals.stage(target, 'New')]
  await settle(id, target, lineage, { take: 'source', path: 'stages[Talk]' }, { stages: { [talk]: fresh } })
  assert.deepEqual([await paths(), await deals.names(target)], [['stages[Mine].name'], ['New', 'Mine']])
})

for (const how of ['pushed', 'matched'] as const) {
  test(`deals that nobody has a stage for stay in their pipeline, in no stage, and read so everywhere (${how})`, async () => {
    const { target, ledger, id, deal, talk } = await keepTalk({ how })
    const stages = { [talk]: null }
    const plan = await story.agency.plan(id, [target.id], { stages })
    assert.equal(plan.targets[0].warnings[0].why, 'the stage "Talk" goes; what stands in it stays, in no stage')
    const push = await ledger.push(id, target, { stages })
    assert.deepEqual(
      [push.totals, await deals.place(target, deal), await deals.names(target)],
      [{ updated: 1 }, 'Sales: -', ['New', 'Won']],
    )
    assert.equal((await deals.read(target, deal)).pipelineStageId ?? null, null)
    const search = async (query: string) =>
      (await target.client.get(`/opportunities/search?location_id=${target.id}&${query}`)).body.opportunities.map(
        (one: { id: string }) => one.id,
      )
    const { id: pipelineId } = await named(story, target, 'pipelines', 'Sales')
    assert.deepEqual(
      [await search(`pipeline_stage_id=${talk}`), await search(`pipeline_id=${pipelineId}`)],
      [[], [deal]],
    )
    await ledger.rollback(push.id, target)
    assert.deepEqual(
      [await deals.place(target, deal), await search(`pipeline_stage_id=${talk}`)],
      ['Sales: Talk', [deal]],
    )
    await ledger.push(id, target, { stages })
    await deals.move(target, deal, 'Won')
    assert.equal(await deals.place(target, deal), 'Sales: Won')
  })
}

for (const policy of ['merge', 'override', 'skip']) {
  for (const how of ['pushed', 'matched'] as const) {
    test(`a stage that was made anew in the source under its name is the one that deals stand in (${how}, ${policy})`, async () => {
      const { agency } = story
      const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
      const ledger = new Ledger(story, source, target)
      await deals.pipeline(source, 'Sales', 'New', 'Talk', 'Won')
      if (how === 'matched') await deals.pipeline(target, 'Sales', 'New', 'Talk', 'Won')
      const { id } = await agency.capture(source.id)
      await ledger.push(id, target)
      const deal = await deals.make(target, 'Talk')
      const before = await deals.stages(target)
      await deals.remake(source, 'Talk')
      await agency.refresh(id)
      const push = await ledger.push(id, target, { policy })
      assert.deepEqual(
        [push.totals, await deals.stages(target), await deals.place(target, deal)],
        [{ unchanged: 1 }, before, 'Sales: Talk'],
      )
      assert.deepEqual((await ledger.push(id, target, { policy })).totals, { unchanged: 1 })
      await ledger.rollback(push.id, target)
      assert.deepEqual((await ledger.push(id, target, { policy })).totals, { unchanged: 1 })
    })

    test(`a stage that the client has made anew under its name is the one that comes again (${how}, ${policy})`, async () => {
      const { agency } = story
      const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
      const ledger = new Ledger(story, source, target)
      await deals.pipeline(source, 'Sales', 'New', 'Talk', 'Won')
      if (how === 'matched') await deals.pipeline(target, 'Sales', 'New', 'Talk', 'Won')
      const { id } = await agency.capture(source.id)
      await ledger.push(id, target)
      await deals.remake(target, 'Talk')
      const [mine, deal] = [await deals.stage(target, 'Talk'), await deals.make(target, 'Talk')]
      await deals.setStages(source, (stages) =>
        stages.map((stage) => (stage.name === 'Talk' ? { ...stage, probability: 40 } : stage)),
      )
      await agency.refresh(id)
      await ledger.push(id, target, { policy })
      assert.deepEqual(
        [await deals.names(target), await deals.stage(target, 'Talk'), await deals.place(target, deal)],
        [['New', 'Talk', 'Won'], mine, 'Sales: Talk'],
      )
      await ledger.push(id, target, { policy: 'override' })
      assert.deepEqual(
        [await deals.names(target), await deals.stage(target, 'Talk'), await deals.place(target, deal)],
        [['New', 'Talk', 'Won'], mine, 'Sales: Talk'],
      )
      assert.deepEqual((await ledger.push(id, target)).totals, { unchanged: 1 })
    })
  }
}

test('a stage that was kept, and that both sides have made anew since, is one', async () => {
  const { agency, source, target, ledger, id, deal } = await keepTalk()
  await deals.move(target, deal, 'New')
  await deals.remake(target, 'Talk')
  await deals.move(target, deal, 'Talk')
  const mine = await deals.stages(target)
  await deals.setStages(source, ([first, ...others]) => [first as object, { name: 'Talk' }, ...others])
  await agency.refresh(id)
  const push = await ledger.push(id, target)
  assert.deepEqual([await deals.stages(target), await deals.place(target, deal)], [mine, 'Sales: Talk'])
  assert.deepEqual([push.totals, await conflictsOf(id)], [{ unchanged: 1 }, []])
})
