import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals } from '../support/deals.ts'
import { idsIn } from '../support/ledger.ts'
import { makeForm } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** A deal in each of two pipelines that loses the stage it stands in, and a form, by one push. */
async function startDeals() {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const deals = new Deals(story)
  for (const name of ['Sales', 'Support']) await deals.pipeline(source, name, 'New', 'Won')
  const ask = await makeForm(source, 'Ask')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const [sale, call] = [await deals.make(target, 'Won', 'Sales'), await deals.make(target, 'Won', 'Support')]
  const stages: Record<string, string> = {}
  for (const name of ['Sales', 'Support']) {
    const won = await deals.stage(source, 'Won', name)
    await deals.drop(source, 'Won', name)
    stages[won] = await deals.stage(source, 'New', name)
  }
  await source.client.put(`/forms/${ask.id}`, { description: 'New' })
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, [target.id], { stages })
  const places = async () => [await deals.place(target, sale), await deals.place(target, call)]
  assert.deepEqual(await places(), ['Sales: New', 'Support: New'])
  const only = async (name: string) => [{ kind: name.split(' ')[0], lineage: (await idsIn(story, source))[name] }]
  /** The stage is there again, and the deal where it was moved. */
  const bringBack = async (name: string) => {
    await agency.push(snapshot.id, [target.id], { version: 1, only: await only(`pipelines ${name}`) })
    assert.ok((await deals.names(target, name)).includes('Won'))
    assert.deepEqual(await places(), ['Sales: New', 'Support: New'])
  }
  return { agency, target, deals, push, places, only, bringBack }
}

test('deals that the first roll-back could not bring back come back with their pipeline, and others stay where they are', async () => {
  const { agency, target, deals, push, places, only, bringBack } = await startDeals()
  for (const name of ['Sales', 'Support']) await deals.setStages(target, (all) => [...all, { name: 'Mine' }], name)
  await target.client.put(`/forms/${(await idsIn(story, target))['forms Ask']}`, { description: 'Mine' })
  assert.deepEqual((await agency.rollback(push.id)).totals, { kept: 3 })
  await bringBack('Support')
  const again = await agency.rollback(push.id, { override: true, only: await only('pipelines Sales') })
  assert.deepEqual([again.totals, await places()], [{ updated: 1 }, ['Sales: Won', 'Support: New']])
  await agency.rollback(again.id)
  assert.deepEqual(await places(), ['Sales: New', 'Support: New'])
  await agency.rollback(push.id, { override: true })
  assert.deepEqual(await places(), ['Sales: Won', 'Support: Won'])
})

test('a roll-back of single assets moves no deals of other pipelines', async () => {
  const { agency, push, places, only, bringBack } = await startDeals()
  await bringBack('Sales')
  assert.deepEqual((await agency.rollback(push.id, { only: await only('forms Ask') })).totals, { updated: 1 })
  assert.deepEqual(await places(), ['Sales: New', 'Support: New'])
  await agency.rollback(push.id, { only: await only('pipelines Support') })
  assert.deepEqual(await places(), ['Sales: New', 'Support: Won'])
})

test('deals stay where they are while their pipeline is kept, and go with it once nothing is in its way', async () => {
  const { agency, target, deals, push, places } = await startDeals()
  const undone = await agency.rollback(push.id)
  assert.deepEqual(await places(), ['Sales: Won', 'Support: Won'])
  const late = await deals.make(target, 'Won', 'Sales')
  const { plan } = await agency.post(`/pushes/${undone.id}/rollback`, { preview: true })
  assert.deepEqual(plan.totals, { update: 2, keep: 1 })
  const redone = await agency.rollback(undone.id)
  assert.deepEqual([redone.totals, await places()], [{ updated: 2, kept: 1 }, ['Sales: Won', 'Support: New']])
  await deals.move(target, late, 'New', 'Sales')
  const rest = await agency.rollback(undone.id)
  assert.deepEqual([rest.totals, await places()], [{ updated: 1 }, ['Sales: New', 'Support: New']])
})

test('neither do they leave for another pipeline, which the roll-back does not touch', async () => {
  const { agency, target, deals, push, places } = await startMoved()
  assert.deepEqual(await places(), ['Selling: New'])
  const back = await agency.rollback(push.id)
  assert.deepEqual([back.totals, await places()], [{ created: 1 }, ['Sales: Won']])
  const late = await deals.make(target, 'Won', 'Sales')
  const kept = await agency.rollback(back.id)
  assert.deepEqual([kept.totals, await places()], [{ kept: 1 }, ['Sales: Won']])
  await deals.move(target, late, 'New', 'Selling')
  assert.deepEqual((await agency.rollback(back.id)).totals, { deleted: 1 })
  assert.deepEqual(await places(), ['Selling: New'])
})

/** A deal whose pipeline has left, in another one. */
async function startMoved() {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const deals = new Deals(story)
  const { id } = await deals.pipeline(source, 'Sales', 'Won')
  await deals.pipeline(source, 'Selling', 'New')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const deal = await deals.make(target, 'Won', 'Sales')
  const stages = { [await deals.stage(source, 'Won', 'Sales')]: await deals.stage(source, 'New', 'Selling') }
  assert.equal((await source.client.delete(`/opportunities/pipelines/${id}`)).status, 200)
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, [target.id], { deletions: true, stages })
  return { agency, target, deals, push, places: async () => [await deals.place(target, deal)] }
}
