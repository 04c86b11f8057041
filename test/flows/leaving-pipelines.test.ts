import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

interface Pipeline {
  id: string
  name: string
  stages: { id: string; name: string }[]
}

async function makePipeline(location: Actor, name: string): Promise<Pipeline> {
  const stages = [{ name: `First of ${name}`, position: 0 }]
  return (await location.client.post('/opportunities/pipelines', { locationId: location.id, name, stages })).body.pipeline
}

const pipelinesOf = async (location: Actor): Promise<Pipeline[]> =>
  (await location.client.get(`/opportunities/pipelines?locationId=${location.id}`)).body.pipelines

test('a pipeline that leaves stays with its opportunities when it was said where they go, also when it is overridden', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const sales = await makePipeline(source, 'Sales')
  const { id } = await agency.capture(source.id)
  await agency.push(id, [target.id])
  const [old] = (await pipelinesOf(target)) as [Pipeline]
  const contact = (await target.client.post('/contacts/', { locationId: target.id, firstName: 'Ann', email: 'ann@post.example' })).body.contact
  const deal = { locationId: target.id, contactId: contact.id, name: 'Deal', status: 'open', pipelineId: old.id, pipelineStageId: old.stages[0]!.id }
  const made = await target.client.post('/opportunities/', deal)
  assert.ok(made.status < 300, JSON.stringify(made.body))
  await makePipeline(source, 'New')
  await source.client.delete(`/opportunities/pipelines/${sales.id}`)
  await agency.refresh(id)
  await agency.push(id, [target.id])
  const fresh = (await pipelinesOf(target)).find(({ name }) => name === 'New') as Pipeline
  const options = { deletions: true, policy: 'override', stages: { [old.stages[0]!.id]: fresh.stages[0]!.id } }
  const plan = await agency.plan(id, [target.id], options)
  assert.equal(plan.totals.conflict, 1)
  assert.match(plan.targets[0].assets[0].reason, /1 opportunity stands in it: move them by hand/)
  const push = await agency.push(id, [target.id], options)
  assert.deepEqual(push.totals, plan.totals.unchanged === undefined ? { conflict: 1 } : { conflict: 1, unchanged: plan.totals.unchanged })
  const { opportunity } = (await target.client.get(`/opportunities/${made.body.opportunity.id}`)).body
  assert.equal(opportunity.pipelineId, old.id)
  assert.ok((await pipelinesOf(target)).some((pipeline) => pipeline.id === old.id && pipeline.stages.some((stage) => stage.id === opportunity.pipelineStageId)))
})
