import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, startPair, told } from '../support/ledger.ts'
import { flowOf, make, makeFlow, makeForm, named } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

interface Stage {
  id: string
  name: string
}
interface Pipeline {
  id: string
  stages: Stage[]
}

const makePipeline = async (location: Actor, ...names: string[]) =>
  (await make(location, '/opportunities/pipelines', {
    name: 'Sales',
    stages: names.map((name) => ({ name })),
  })) as unknown as Pipeline
const pipelineOf = async (location: Actor): Promise<Pipeline> => {
  const { pipelines } = (await location.client.get(`/opportunities/pipelines?locationId=${location.id}`)).body
  assert.equal(pipelines.length, 1)
  return pipelines[0]
}
const stageOf = ({ stages }: Pipeline, name: string) => stages.find((stage) => stage.name === name)?.id
const namesOf = ({ stages }: Pipeline) => stages.map((stage) => stage.name)
const setStages = async (location: Actor, { id }: Pipeline, stages: Partial<Stage>[]) =>
  assert.equal((await location.client.put(`/opportunities/pipelines/${id}`, { stages })).status, 200)

async function makeDeal(location: Actor, pipeline: Pipeline, stage: string) {
  const contact = await make(location, '/contacts/', { email: `${stage.toLowerCase()}@example.com` })
  const pipelineStageId = stageOf(pipeline, stage)
  return make(location, '/opportunities/', {
    pipelineId: pipeline.id,
    pipelineStageId,
    name: 'Deal',
    status: 'open',
    contactId: contact.id,
  })
}
const standsIn = async (location: Actor, { id }: { id: string }) =>
  (await location.client.get(`/opportunities/${id}`)).body.opportunity.pipelineStageId

for (const policy of ['merge', 'override', 'skip']) {
  for (const how of ['pushed', 'matched', 'answered'] as const) {
    test(`a pipeline that the client made anew keeps the ids of stages that deals stand in (${how} before, ${policy})`, async () => {
      const { agency, source, target, ledger } = await start()
      await makePipeline(source, 'New', 'Won')
      if (how !== 'pushed') await makePipeline(target, 'New', 'Won')
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, target)
      const old = await pipelineOf(target)
      assert.equal((await target.client.delete(`/opportunities/pipelines/${old.id}`)).status, 200)
      const mine = await makePipeline(target, 'New', 'Won')
      const deal = await makeDeal(target, mine, 'Won')
      const { assets } = await agency.get(`/${snapshot.id}/assets`)
      const matches = how === 'answered' ? [{ kind: 'pipelines', lineage: assets[0].lineage, id: mine.id }] : []
      const push = await ledger.push(snapshot.id, target, { policy, matches })
      assert.deepEqual(push.totals, { unchanged: 1 })
      const now = await pipelineOf(target)
      assert.deepEqual([now.id, now.stages], [mine.id, mine.stages])
      assert.equal(await standsIn(target, deal), stageOf(now, 'Won'))
      assert.deepEqual(await driftIn(story, snapshot.id, target), [])

      await setStages(source, await pipelineOf(source), [{ name: 'Called' }, ...(await pipelineOf(source)).stages])
      await agency.refresh(snapshot.id)
      await ledger.push(snapshot.id, target, { policy })
      const third = await pipelineOf(target)
      assert.deepEqual(
        [namesOf(third), stageOf(third, 'Won')],
        [['Called', 'New', 'Won'], await standsIn(target, deal)],
      )
    })
  }
}

for (const changed of ['nothing', 'the pipeline']) {
  test(`a stage that the client made anew is the one that what came in earlier names, where the snapshot has changed ${changed}`, async () => {
    const { agency, source, target, ledger } = await start()
    const theirs = await makePipeline(source, 'New', 'Won')
    await makeFlow(source, 'Hello', {
      trigger: { type: 'opportunity_created', pipelineId: theirs.id, stageId: stageOf(theirs, 'Won') },
    })
    await makeForm(source, 'Ask', {
      onSubmit: { action: 'message', message: 'Thanks', stageId: stageOf(theirs, 'Won') },
    })
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const old = await pipelineOf(target)
    await setStages(target, old, [...old.stages, { name: 'Won' }])
    const [first, gone, anew] = (await pipelineOf(target)).stages as [Stage, Stage, Stage]
    await setStages(target, old, [first, anew])
    const flow = (await named(story, target, 'workflows', 'Hello')).id
    const readStage = async () => (await flowOf(target, flow)).trigger.stageId
    assert.equal(await readStage(), gone.id, 'it leads nowhere')
    if (changed !== 'nothing') {
      await setStages(source, theirs, [{ ...theirs.stages[0], name: 'Fresh' }, theirs.stages[1] as Stage])
      await agency.refresh(snapshot.id)
    }
    const push = await ledger.push(snapshot.id, target)
    assert.equal(push.totals.updated ?? 0, changed === 'nothing' ? 2 : 3, JSON.stringify(push.report))
    assert.equal(await readStage(), anew.id)
    assert.deepEqual(namesOf(await pipelineOf(target)), [changed === 'nothing' ? 'New' : 'Fresh', 'Won'])
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals.updated ?? 0, 0)
    await ledger.rollback(push.id, target)
    assert.equal(await readStage(), gone.id)
  })
}

test('a pipeline, and a workflow and a form that name its stages, are unchanged where the same were', async () => {
  const { agency, source, target, ledger } = await start()
  for (const location of [source, target]) {
    const pipeline = await makePipeline(location, 'New', 'Won')
    const stageId = stageOf(pipeline, 'Won')
    await makeFlow(location, 'Won', {
      trigger: { type: 'pipeline_stage_changed', pipelineId: pipeline.id, stageId },
      steps: [{ type: 'send_sms', body: 'Hooray' }],
    })
    await makeForm(location, 'Ask', {
      onSubmit: { action: 'message', message: 'Thanks', pipelineId: pipeline.id, stageId },
    })
  }
  const snapshot = await agency.capture(source.id)
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual(push.totals, { unchanged: 3 })
  assert.deepEqual(push.planned, [])
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
  assert.deepEqual((await ledger.push(snapshot.id, target, { policy: 'override' })).totals, { unchanged: 3 })
})

for (const more of [false, true]) {
  test(`a merge that would not be valid is told by the plan as the push does it${more ? ', beside others that are merged' : ''}`, async () => {
    const { agency, source, target, ledger } = await start()
    const many = (word: string) => Array.from({ length: 300 }, (_, index) => `${word} ${index}`)
    const fields = (word: string) => many(word).map((label) => ({ type: 'text', label }))
    await makeForm(source, 'Long', { fields: fields('here').slice(0, 200) })
    const mine = await makeForm(target, 'Long', { fields: fields('there').slice(0, 200) })
    if (more)
      for (const [location, description] of [
        [source, 'S'],
        [target, undefined],
      ] as const)
        await makeForm(location, 'Short', { description })
    const snapshot = await agency.capture(source.id)
    const push = await ledger.push(snapshot.id, target)
    assert.deepEqual(push.totals, more ? { conflict: 1, updated: 1 } : { conflict: 1 })
    assert.match(push.report.find((line) => line.name === 'Long')?.reason ?? '', /would not be valid/)
    const { form } = (await target.client.get(`/forms/${mine.id}`)).body
    assert.equal(form.fields.length, 200, 'nothing of it is written')
    assert.equal((await ledger.push(snapshot.id, target)).totals.conflict, 1, 'it is told again')
    const [open] = (await agency.get(`/${snapshot.id}/conflicts`)).conflicts
    assert.match(open.reason, /would not be valid/)
    const settle = async (take: string) => {
      const decisions = [{ locationId: target.id, kind: 'forms', lineage: open.lineage, take }]
      const { push: settling } = await agency.post(`/${snapshot.id}/conflicts`, { decisions }, 202)
      return (await ledger.ended(settling.id, target)).totals
    }
    assert.deepEqual(await settle(more ? 'target' : 'source'), more ? { kept: 1 } : { updated: 1 })
    assert.deepEqual((await agency.get(`/${snapshot.id}/conflicts`)).conflicts, [])
    assert.ok(!(await ledger.push(snapshot.id, target)).totals.conflict)
    const { fields: left } = (await target.client.get(`/forms/${mine.id}`)).body.form
    assert.equal(left[0].label, more ? 'there 0' : 'here 0')
  })
}

for (const policy of ['merge', 'override']) {
  for (const how of ['pushed', 'matched'] as const) {
    test(`a stage that leaves under live deals stays as a conflict that counts them, until somebody says where they go (${how}, ${policy})`, async () => {
      const { agency, source, target, ledger } = await start()
      const theirs = await makePipeline(source, 'New', 'Called', 'Won')
      if (how === 'matched') await makePipeline(target, 'New', 'Called', 'Won')
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, target)
      const mine = await pipelineOf(target)
      const deal = await makeDeal(target, mine, 'Called')
      const flow = await makeFlow(target, 'Ours', {
        trigger: { type: 'pipeline_stage_changed', stageId: stageOf(mine, 'Called') },
      })
      await setStages(
        source,
        theirs,
        theirs.stages.filter((stage) => stage.name !== 'Called'),
      )
      await agency.refresh(snapshot.id)
      const held = await ledger.push(snapshot.id, target, { policy })
      assert.deepEqual(
        [held.totals, held.planned[0]?.reason],
        [{ conflict: 1 }, 'stages[Called]: 1 opportunity stands in it: say in "stages" where they go'],
      )
      assert.deepEqual((await pipelineOf(target)).stages, mine.stages)
      assert.equal(await standsIn(target, deal), stageOf(mine, 'Called'))

      const { asset } = await agency.get(`/${snapshot.id}/assets/pipelines/${theirs.id}?version=1`)
      const named = how === 'pushed' ? asset.document : mine
      const stages = { [stageOf(named, 'Called') as string]: stageOf(named, 'New') as string }
      const plan = await agency.plan(snapshot.id, [target.id], { policy: 'override', stages })
      const [moves, refers] = plan.targets[0].warnings
      assert.deepEqual([moves.name, moves.records], ['Sales', { kind: 'opportunities', count: 1 }])
      assert.match(refers.why, /workflows "Ours" would refer to nothing/)
      const push = await ledger.push(snapshot.id, target, { policy: 'override', stages })
      assert.deepEqual(push.totals, { updated: 1 })
      assert.deepEqual(namesOf(await pipelineOf(target)), ['New', 'Won'])
      assert.equal(await standsIn(target, deal), stageOf(mine, 'New'))
      const { brokenReferences } = (await target.client.get(`/locations/${target.id}/broken-references`)).body
      assert.deepEqual(
        brokenReferences.map((row: { name: string }) => row.name),
        ['Ours'],
      )
      await ledger.rollback(push.id, target)
      assert.deepEqual((await pipelineOf(target)).stages, mine.stages)
      assert.equal((await flowOf(target, flow.id)).trigger.stageId, stageOf(mine, 'Called'))
    })
  }
}

test('a pipeline that leaves while deals stand in it is a conflict, and goes only when it is overridden', async () => {
  const { agency, source, target, ledger } = await start()
  const theirs = await makePipeline(source, 'New')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await makeDeal(target, await pipelineOf(target), 'New')
  await source.client.delete(`/opportunities/pipelines/${theirs.id}`)
  await agency.refresh(snapshot.id)
  const held = await ledger.push(snapshot.id, target, { deletions: true })
  assert.deepEqual(
    [told(held.report), held.planned[0]?.reason],
    [['Sales: conflict'], 'deleted in the snapshot, and 1 opportunity stands in it: move them, or override'],
  )
  assert.equal((await ledger.push(snapshot.id, target, { deletions: true, policy: 'override' })).totals.deleted, 1)
})

test('a new step that leads to one the client removed goes on to the next that is left, and the plan says so', async () => {
  const { agency, source, target, ledger } = await start()
  const sms = (name: string) => ({ type: 'send_sms', name, body: name })
  const flow = await makeFlow(source, 'Drip', { steps: [sms('A'), sms('B'), sms('C')] })
  const [one, two, three] = (await flowOf(source, flow.id)).steps
  const chain = [{ ...one, next: two.id }, { ...two, next: three.id }, three]
  assert.equal((await source.client.put(`/workflows/${flow.id}`, { steps: chain })).status, 200)
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const mine = await named(story, target, 'workflows', 'Drip')
  type Step = { id: string; name: string; next?: string | null }
  const steps = (await flowOf(target, mine.id)).steps as Step[]
  const [a, b, c] = steps as [Step, Step, Step]
  assert.equal((await target.client.put(`/workflows/${mine.id}`, { steps: [{ ...a, next: c.id }, c] })).status, 200)
  const theirs = (await flowOf(source, flow.id)).steps as Step[]
  const reply = await source.client.put(`/workflows/${flow.id}`, {
    steps: [...theirs, { ...sms('D'), next: theirs[1]?.id }],
  })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  await agency.refresh(snapshot.id)
  const plan = await agency.plan(snapshot.id, [target.id])
  assert.match(JSON.stringify(plan.targets[0]), /led to \\"B\\", which is gone/)
  const push = await ledger.push(snapshot.id, target)
  const now = (await flowOf(target, mine.id)).steps as Step[]
  assert.ok(!JSON.stringify(now).includes(b.id))
  assert.deepEqual([push.totals, now.find((step) => step.name === 'D')?.next], [{ merged: 1 }, c.id])
  const { brokenReferences } = (await target.client.get(`/locations/${target.id}/broken-references`)).body
  assert.deepEqual(brokenReferences, [])
})
