import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPair } from '../support/ledger.ts'
import { brokenIn, dropTag, make, makeFlow, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

interface Warning {
  name: string
  why: string
  records?: { kind: string; count: number }
}
const previewOf = async (pushId: string, more: object = {}) =>
  (await story.agency.post(`/pushes/${pushId}/rollback`, { ...more, preview: true })).plan.targets[0]
const told = (warnings: readonly Warning[]) =>
  warnings
    .map(
      ({ name, why, records }) =>
        `${name}: ${why}${records === undefined ? '' : ` (${records.count} ${records.kind})`}`,
    )
    .sort()
const toldOf = async (pushId: string, more: object = {}) => told((await previewOf(pushId, more)).warnings)

const onTags = (...tagIds: string[]) => ({ trigger: { type: 'contact_tag', tagIds } })
const onStage = (stages: { id: string; name: string }[], name: string) => ({
  trigger: { type: 'pipeline_stage_changed', stageId: stages.find((stage) => stage.name === name)?.id },
})
const dropFlow = async (location: Actor, id: string) =>
  assert.equal((await location.client.delete(`/workflows/${id}`)).status, 200)
const edit = async (location: Actor, id: string, body: object) => {
  const reply = await location.client.put(`/workflows/${id}`, body)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}
const idOf = async (location: Actor, kind: string, name: string) => (await named(story, location, kind, name)).id
const broken = async (location: Actor) => (await brokenIn(location)).sort()

type Stages = { id: string; name: string }[]
const makePipeline = async (location: Actor, ...names: string[]) =>
  make(location, '/opportunities/pipelines', { name: 'Sales', stages: names.map((name) => ({ name })) })
const stagesOf = async (location: Actor) =>
  (await named(story, location, 'pipelines', 'Sales')).document.stages as Stages
const setStages = async (location: Actor, stages: object[]) =>
  assert.equal(
    (await location.client.put(`/opportunities/pipelines/${await idOf(location, 'pipelines', 'Sales')}`, { stages }))
      .status,
    200,
  )
async function makeDeal(location: Actor, name: string) {
  const contact = await make(location, '/contacts/', { firstName: 'Ann', email: 'ann@example.com' })
  const pipelineStageId = (await stagesOf(location)).find((stage) => stage.name === name)?.id
  await make(location, '/opportunities/', {
    pipelineId: await idOf(location, 'pipelines', 'Sales'),
    pipelineStageId,
    name: 'Deal',
    status: 'open',
    contactId: contact.id,
  })
}

test('the preview of a roll-back tells which documents and records name what goes', async () => {
  const { agency, source, target, ledger } = await start()
  await makeTag(source, 'VIP')
  const snapshot = await agency.capture(source.id)
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual(await toldOf(push.id), [])
  await makeFlow(target, 'Ours', onTags(await idOf(target, 'tags', 'VIP')))
  await make(target, '/contacts/', { email: 'ann@example.com', tags: ['vip'] })
  assert.deepEqual(await toldOf(push.id), [
    'VIP: the tag goes, and records name it (1 contacts)',
    'VIP: the tag goes, and workflows "Ours" would refer to nothing',
  ])
  assert.deepEqual(await toldOf(push.id, { override: true }), await toldOf(push.id))
  const back = await ledger.rollback(push.id, target)
  assert.deepEqual(await broken(target), ['Ours'])
  assert.deepEqual(await toldOf(back.id), [], 'it comes back')
})

test('what a roll-back brings back and what it takes away are held against each other, and against what `only` leaves', async () => {
  const { agency, source, target, ledger } = await start()
  const lead = await makeTag(source, 'Lead')
  const welcome = await makeFlow(source, 'Welcome', onTags(lead))
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const vip = await makeTag(source, 'VIP')
  await edit(source, welcome.id, onTags(vip))
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual(await toldOf(push.id), [])
  assert.deepEqual(await toldOf(push.id, { only: [{ kind: 'tags', lineage: vip }] }), [
    'VIP: the tag goes, and workflows "Welcome" would refer to nothing',
  ])
  await dropTag(target, await idOf(target, 'tags', 'Lead'))
  assert.deepEqual(await toldOf(push.id), ['Welcome: would refer to the tag "Lead", which the sub-account has deleted'])
  await ledger.rollback(push.id, target)
  assert.deepEqual(await broken(target), ['Welcome'])
})

for (const how of ['pushed', 'matched'] as const) {
  test(`a workflow that comes back, and names what is gone since, is warned of (${how})`, async () => {
    const { agency, source, target, ledger } = await start()
    const vip = await makeTag(source, 'VIP')
    if (how === 'matched') await makeTag(target, 'VIP')
    const welcome = await makeFlow(source, 'Welcome', onTags(vip))
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    await dropFlow(source, welcome.id)
    await agency.refresh(snapshot.id)
    const push = await ledger.push(snapshot.id, target, { deletions: true })
    assert.deepEqual([push.totals.deleted, await toldOf(push.id)], [1, []])
    await dropTag(target, await idOf(target, 'tags', 'VIP'))
    const [warning] = await toldOf(push.id)
    assert.match(
      warning ?? '',
      /^Welcome: would refer to the tag "VIP", which (the sub-account has deleted|is deleted in the sub-account)$/,
    )
    const back = await ledger.rollback(push.id, target)
    assert.deepEqual(await broken(target), ['Welcome'])
    assert.deepEqual(await toldOf(back.id), [])
  })
}

test('a roll-back to a document that names a stage which is gone since warns of it by name, and shows stages by name', async () => {
  const { agency, source, target, ledger } = await start()
  await makePipeline(source, 'New', 'Won')
  const welcome = await makeFlow(source, 'Welcome', onStage(await stagesOf(source), 'New'))
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await edit(source, welcome.id, onStage(await stagesOf(source), 'Won'))
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, target)
  await setStages(
    target,
    (await stagesOf(target)).filter(({ name }) => name !== 'New'),
  )
  const { warnings, assets } = await previewOf(push.id)
  assert.deepEqual(told(warnings), [
    'Welcome: would refer to the stage "New" of the pipeline "Sales", which the sub-account has deleted',
  ])
  assert.deepEqual(assets[0].fields, [{ path: 'trigger.stageId', before: '[stage: Won]', after: '[stage: New]' }])
  await ledger.rollback(push.id, target)
  assert.deepEqual(await broken(target), ['Welcome'])
})

test('a stage that an overriding roll-back takes away is told with the opportunities that stand in it and the workflows that name it', async () => {
  const { agency, source, target, ledger } = await start()
  await makePipeline(source, 'New')
  const snapshot = await agency.capture(source.id)
  const first = await ledger.push(snapshot.id, target)
  await setStages(source, [...(await stagesOf(source)), { name: 'Won' }])
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, target)
  await makeDeal(target, 'Won')
  await makeFlow(target, 'Ours', onStage(await stagesOf(target), 'Won'))
  assert.deepEqual(await toldOf(push.id), [], 'the pipeline stays as it is, and its reason says why')
  assert.deepEqual(await toldOf(push.id, { override: true }), [
    'Sales: the stage "Won" goes, and records name it (1 opportunities)',
    'Sales: the stage "Won" goes, and workflows "Ours" would refer to nothing',
  ])
  await ledger.rollback(push.id, target, { override: true })
  assert.deepEqual(await broken(target), ['Ours'])
  assert.deepEqual(await toldOf(first.id, { override: true }), [
    'Sales: the pipeline goes, and records name it (1 opportunities)',
  ])
})

test('a roll-back that takes an asset away warns of what names it by another snapshot, too', async () => {
  const { agency, source, target, ledger } = await start()
  const vip = await makeTag(source, 'VIP')
  const one = await agency.capture(source.id, { name: 'One' })
  const push = await ledger.push(one.id, target)
  const other = await newLocation(story, 'Other')
  await makeFlow(other, 'Theirs', onTags(await makeTag(other, 'VIP')))
  await ledger.push((await agency.capture(other.id, { name: 'Two' })).id, target)
  assert.deepEqual(await toldOf(push.id), ['VIP: the tag goes, and workflows "Theirs" would refer to nothing'])
  assert.equal(typeof vip, 'string')
})
