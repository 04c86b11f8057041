import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPair } from '../support/ledger.ts'
import { brokenIn, make, makeFlow, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'
import { inWords, type Warning, warningsOf } from '../support/warnings.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const told = (warnings: readonly Warning[]) => inWords(warnings).sort()
const edit = async (location: Actor, id: string, body: object) => {
  const reply = await location.client.put(`/workflows/${id}`, body)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}

interface Pipeline {
  id: string
  stages: { id: string; name: string }[]
}
const makePipeline = async (location: Actor, ...names: string[]) =>
  (await make(location, '/opportunities/pipelines', {
    name: 'Sales',
    stages: names.map((name) => ({ name })),
  })) as unknown as Pipeline
const pipelineOf = async (location: Actor): Promise<Pipeline> => {
  const { id, document } = await named(story, location, 'pipelines', 'Sales')
  return { id, stages: document.stages as Pipeline['stages'] }
}
const keepStages = async (location: Actor, ...names: string[]) => {
  const { id, stages } = await pipelineOf(location)
  const left = stages.filter((stage) => names.includes(stage.name))
  assert.equal((await location.client.put(`/opportunities/pipelines/${id}`, { stages: left })).status, 200)
}
const onStage = ({ stages }: Pipeline, name: string) => ({
  trigger: { type: 'pipeline_stage_changed', stageId: stages.find((stage) => stage.name === name)?.id },
})

for (const how of ['pushed', 'matched'] as const) {
  for (const policy of ['merge', 'skip'] as const) {
    test(`a workflow that would come to name a stage which the client deleted is warned of by name (${how}, ${policy})`, async () => {
      const { agency, source, target, ledger } = await start()
      const theirs = await makePipeline(source, 'New', 'Called', 'Won')
      if (how === 'matched') await makePipeline(target, 'New', 'Called', 'Won')
      const welcome = await makeFlow(source, 'Welcome', onStage(theirs, 'New'))
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, target)
      await keepStages(target, 'New', 'Won')
      await edit(source, welcome.id, onStage(theirs, 'Called'))
      await agency.refresh(snapshot.id)
      const policies = { pipelines: policy }
      const warnings = await warningsOf(story, snapshot.id, target, { policies })
      assert.deepEqual(told(warnings), [
        'Welcome: would refer to the stage "Called" of the pipeline "Sales", which the sub-account has deleted',
      ])
      assert.deepEqual(await warningsOf(story, snapshot.id, target, { policies: { pipelines: 'override' } }), [])
      const push = await ledger.push(snapshot.id, target, { policies })
      assert.deepEqual(
        push.planned.find((line) => line.kind === 'workflows')?.fields,
        [{ path: 'trigger.stageId', before: '[stage: New]', after: '[stage: Called]' }],
        'stages are shown by name',
      )
      assert.deepEqual(await brokenIn(target), ['Welcome'])
    })
  }
}

test('a stage that the client keeps out with a deleted pipeline is warned of, and one that comes in the same push is not', async () => {
  const { agency, source, target, ledger } = await start()
  const theirs = await makePipeline(source, 'New')
  const welcome = await makeFlow(source, 'Welcome', {})
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const stages = [...theirs.stages, { name: 'Won' }]
  assert.equal((await source.client.put(`/opportunities/pipelines/${theirs.id}`, { stages })).status, 200)
  await edit(source, welcome.id, onStage(await pipelineOf(source), 'Won'))
  await agency.refresh(snapshot.id)
  assert.deepEqual(await warningsOf(story, snapshot.id, target), [])
  assert.deepEqual(
    told(await warningsOf(story, snapshot.id, target, { policies: { pipelines: 'skip' } })),
    [],
    'what is as it was pushed is brought up to date by skip, too',
  )
  await target.client.delete(`/opportunities/pipelines/${(await pipelineOf(target)).id}`)
  assert.deepEqual(told(await warningsOf(story, snapshot.id, target)), [
    'Welcome: would refer to the stage "Won" of the pipeline "Sales", which the sub-account has deleted',
  ])
  await ledger.push(snapshot.id, target)
  assert.deepEqual(await brokenIn(target), ['Welcome'])
})

test('what `only` leaves out is warned of where a document that comes names it, and not where the target has it', async () => {
  const { agency, source, target, ledger } = await start()
  const [vip, lead] = [await makeTag(source, 'VIP'), await makeTag(source, 'Lead')]
  const pipeline = await makePipeline(source, 'New')
  const welcome = await makeFlow(source, 'Welcome', {
    ...onStage(pipeline, 'New'),
    steps: [{ type: 'add_tag', tagIds: [vip, lead] }],
  })
  const snapshot = await agency.capture(source.id)
  const only = [
    { kind: 'workflows', lineage: welcome.id },
    { kind: 'tags', lineage: lead },
  ]
  assert.deepEqual(told(await warningsOf(story, snapshot.id, target, { only })), [
    'Welcome: would refer to the stage "New" of the pipeline "Sales", which "only" leaves out',
    'Welcome: would refer to the tag "VIP", which "only" leaves out',
  ])
  await makeTag(target, 'vip')
  assert.deepEqual(
    told(await warningsOf(story, snapshot.id, target, { only })),
    ['Welcome: would refer to the stage "New" of the pipeline "Sales", which "only" leaves out'],
    'a tag of that name is matched, as documents name it',
  )
  await ledger.push(snapshot.id, target, { only })
  assert.deepEqual(await brokenIn(target), ['Welcome'])
  assert.deepEqual(await warningsOf(story, snapshot.id, target), [], 'the rest comes')
  const [there] = [await newLocation(story, 'There')]
  await ledger.push(snapshot.id, there)
  await edit(source, welcome.id, { description: 'New' })
  await agency.refresh(snapshot.id)
  assert.deepEqual(await warningsOf(story, snapshot.id, there, { only }), [])
})

for (const to of ['New', null] as const) {
  test(`a warning about a stage that goes names the pipeline, and where its opportunities go (${to})`, async () => {
    const { agency, source, target, ledger } = await start()
    const theirs = await makePipeline(source, 'New', 'Called')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const mine = await pipelineOf(target)
    const contact = await make(target, '/contacts/', { email: 'ann@example.com' })
    const [fresh, called] = mine.stages.map(({ id }) => id) as [string, string]
    await make(target, '/opportunities/', {
      pipelineId: mine.id,
      pipelineStageId: called,
      name: 'Deal',
      status: 'open',
      contactId: contact.id,
    })
    await makeFlow(target, 'Ours', onStage(mine, 'Called'))
    await keepStages(source, 'New')
    await agency.refresh(snapshot.id)
    const warnings = await warningsOf(story, snapshot.id, target, { stages: { [called]: to === null ? null : fresh } })
    assert.deepEqual(told(warnings), [
      'Sales: the stage "Called" goes, and workflows "Ours" would refer to nothing',
      'Sales: the stage "Called" goes; what stands in it ' +
        `${to === null ? 'stays, in no stage' : 'moves to the stage "New"'}`,
    ])
    assert.equal(theirs.stages.length, 2)
  })
}

test('a stage is called by its name wherever a plan, a report or a conflict names it, also one that is gone', async () => {
  const { agency, source, target, ledger } = await start()
  const theirs = await makePipeline(source, 'New', 'Called', 'Won')
  const welcome = await makeFlow(source, 'Welcome', onStage(theirs, 'New'))
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await edit(target, (await named(story, target, 'workflows', 'Welcome')).id, onStage(await pipelineOf(target), 'Won'))
  await edit(source, welcome.id, onStage(theirs, 'Called'))
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, target)
  const field = { path: 'trigger.stageId', base: '[stage: New]', target: '[stage: Won]', source: '[stage: Called]' }
  assert.deepEqual(
    [push.planned[0]?.fields, push.report.find(({ kind }) => kind === 'workflows')?.detail],
    [[field], { conflicts: [field] }],
  )
  assert.deepEqual((await agency.get(`/${snapshot.id}/conflicts`)).conflicts[0].fields, [field])
  await keepStages(source, 'New', 'Won')
  await agency.refresh(snapshot.id)
  const { brokenReferences } = await agency.plan(snapshot.id, [target.id])
  assert.deepEqual(
    brokenReferences.map(({ name, missingName }: { name: string; missingName: string }) => [name, missingName]),
    [['Welcome', 'Called']],
  )
})
