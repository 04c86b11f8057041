import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findPartLineage } from '../../src/store/assets/index.ts'
import { make, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const pair = async () => [await newLocation(story, 'Source'), await newLocation(story, 'Target')] as const
const makePipeline = (location: Actor, ...names: string[]) =>
  make(location, '/opportunities/pipelines', { name: 'Sales', stages: names.map((name) => ({ name })) })
const setStages = (location: Actor, id: string, stages: object[]) =>
  location.client.put(`/opportunities/pipelines/${id}`, { stages })

async function salesOf(location: Actor): Promise<{ id: string; stages: { id: string; name: string }[] }> {
  const { id, document } = await named(story, location, 'pipelines', 'Sales')
  return { id, stages: document.stages as { id: string; name: string }[] }
}
const stageNames = async (location: Actor) => (await salesOf(location)).stages.map(({ name }) => name)

async function makeDeal(location: Actor, stage: string): Promise<string> {
  const { id: pipelineId, stages } = await salesOf(location)
  const contact = await make(location, '/contacts/', { firstName: stage })
  const pipelineStageId = stages.find(({ name }) => name === stage)?.id
  return (
    await make(location, '/opportunities/', {
      pipelineId,
      pipelineStageId,
      name: 'Deal',
      status: 'open',
      contactId: contact.id,
    })
  ).id
}
async function stageOfDeal(location: Actor, id: string): Promise<string | undefined> {
  const { pipelineStageId } = (await location.client.get(`/opportunities/${id}`)).body.opportunity
  return (await salesOf(location)).stages.find((stage) => stage.id === pipelineStageId)?.name
}

test('a roll-back leaves a pipeline that deals have come into since, unless it is overridden', async () => {
  const { agency } = story
  const [source, target] = await pair()
  await makePipeline(source, 'New', 'Won')
  const snapshot = await agency.capture(source.id)
  const push = await agency.push(snapshot.id, [target.id])
  const deal = await makeDeal(target, 'Won')
  const { plan } = await agency.post(`/pushes/${push.id}/rollback`, { preview: true })
  assert.deepEqual(plan.totals, { keep: 1 })
  const back = await agency.rollback(push.id)
  assert.deepEqual(back.totals, { kept: 1 })
  const { assets } = await agency.outcomes(back.id, target.id)
  assert.equal(assets[0].reason, '1 opportunity stands in it: move them, or override')
  assert.equal(await stageOfDeal(target, deal), 'Won')
  await agency.rollback(back.id)
  assert.deepEqual((await agency.rollback(push.id, { override: true })).totals, { deleted: 1 })
})

test('a roll-back leaves a pipeline of which a stage would go that deals have come into since', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { id, stages } = await makePipeline(source, 'New')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await setStages(source, id, [...(stages as object[]), { name: 'Won' }])
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, [target.id])
  const deal = await makeDeal(target, 'Won')
  const back = await agency.rollback(push.id)
  assert.deepEqual(back.totals, { kept: 1 })
  assert.equal(await stageOfDeal(target, deal), 'Won')
})

test('a roll-back brings deals back to the stages that the push has moved them out of, and its own roll-back moves them again', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { id, stages } = await makePipeline(source, 'New', 'Won')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const deal = await makeDeal(target, 'Won')
  const [first, won] = stages as { id: string }[]
  await setStages(source, id, [first as object, { name: 'Sold' }])
  await agency.refresh(snapshot.id)
  const [, sold] = (await salesOf(source)).stages
  const lineageOf = (stage: { id: string } | undefined) => findPartLineage(stage?.id as string, source.id) as string
  const push = await agency.push(snapshot.id, [target.id], { stages: { [lineageOf(won)]: lineageOf(sold) } })
  assert.deepEqual([await stageNames(target), await stageOfDeal(target, deal)], [['New', 'Sold'], 'Sold'])

  const back = await agency.rollback(push.id)
  assert.deepEqual(back.totals, { updated: 1 })
  assert.deepEqual([await stageNames(target), await stageOfDeal(target, deal)], [['New', 'Won'], 'Won'])
  await agency.rollback(back.id)
  assert.deepEqual([await stageNames(target), await stageOfDeal(target, deal)], [['New', 'Sold'], 'Sold'])
})
