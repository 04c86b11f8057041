import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findPartLineage } from '../../src/store/assets/index.ts'
import { Deals } from '../support/deals.ts'
import { Ledger } from '../support/ledger.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let deals: Deals
before(async () => {
  story = await startStory()
  deals = new Deals(story)
})
after(() => story?.[Symbol.asyncDispose]())

/** "Talk" and "Lost" left the snapshot, and a deal of the target stands in "Talk". */
async function start({ how = 'pushed' }: { how?: 'pushed' | 'matched' } = {}) {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  await deals.pipeline(source, 'Sales', 'New', 'Talk', 'Won', 'Lost')
  if (how === 'matched') await deals.pipeline(target, 'Sales', 'New', 'Talk', 'Won', 'Lost')
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target)
  const deal = await deals.make(target, 'Talk')
  const idsOf = async (location: Actor) =>
    Object.fromEntries((await deals.stages(location)).map((stage) => [stage.name, stage.id])) as Record<string, string>
  const [theirs, mine] = [await idsOf(source), await idsOf(target)]
  const lineages = Object.fromEntries(
    Object.entries(theirs).map(([name, one]) => [name, findPartLineage(one, source.id) as string]),
  )
  await deals.drop(source, 'Talk')
  await deals.drop(source, 'Lost')
  await agency.refresh(id)
  const refused = async (stages: object, locationIds = [target.id]) => {
    const planned = await agency.post(`/${id}/plan`, { locationIds, stages }, 422)
    const pushed = await agency.post(`/${id}/push`, { locationIds, stages }, 422)
    assert.deepEqual(planned.message, pushed.message)
    return planned.message as string[]
  }
  return { agency, source, target, ledger, id, deal, theirs, mine, lineages, refused }
}

const NOBODY = '00000000-0000-4000-8000-000000000000'

test('answers about stages that cannot hold are refused with their path', async () => {
  const { refused, mine, theirs, lineages } = await start()
  assert.deepEqual(await refused({ [NOBODY]: null }), [
    `stages.${NOBODY}: neither the snapshot nor a target has such a stage`,
  ])
  assert.deepEqual(await refused({ nope: mine.New }), [
    'stages.nope: neither the snapshot nor a target has such a stage',
  ])
  assert.deepEqual(await refused({ [mine.Talk as string]: NOBODY }), [
    `stages.${mine.Talk}: neither the version nor a target has the stage ${NOBODY}`,
  ])
  assert.deepEqual(await refused({ [mine.Talk as string]: mine.Talk }), [
    `stages.${mine.Talk}: its opportunities cannot go to the stage itself`,
  ])
  assert.deepEqual(await refused({ [mine.Talk as string]: lineages.Talk }), [
    `stages.${mine.Talk}: its opportunities cannot go to the stage itself`,
  ])
  assert.deepEqual(await refused({ [mine.Talk as string]: theirs.Lost, [mine.Lost as string]: mine.New }), [
    `stages.${mine.Talk}: ${theirs.Lost} is to be left itself, by stages.${mine.Lost}: say where they go in the end`,
  ])
  assert.equal(
    (await refused({ [mine.Talk as string]: mine.Lost, [mine.Lost as string]: mine.Talk })).length,
    2,
    'a ring',
  )
  assert.deepEqual(await refused({ [mine.Talk as string]: mine.New, [lineages.Talk as string]: mine.Won }), [
    `stages.${lineages.Talk}: stages.${mine.Talk} answers for the same stage`,
  ])
})

test('a stage that nobody has any more is no place to go to', async () => {
  const { agency, target, id, refused, mine, theirs } = await start()
  await agency.push(id, [target.id])
  assert.deepEqual(await refused({ [mine.Talk as string]: theirs.Lost }), [
    `stages.${mine.Talk}: neither the version nor a target has the stage ${theirs.Lost}`,
  ])
})

test('the inbox refuses answers about stages as a push does', async () => {
  const { agency, target, id, mine } = await start()
  const push = await agency.push(id, [target.id])
  const { lineage } = (await agency.outcomes(push.id, target.id)).assets[0]
  const decisions = [{ locationId: target.id, kind: 'pipelines', lineage, take: 'source' }]
  const { message } = await agency.post(
    `/${id}/conflicts`,
    { decisions, stages: { [mine.Talk as string]: NOBODY } },
    422,
  )
  assert.deepEqual(message, [`stages.${mine.Talk}: neither the version nor a target has the stage ${NOBODY}`])
})

for (const how of ['pushed', 'matched'] as const) {
  for (const [from, to] of [
    ['theirs', 'theirs'],
    ['theirs', 'mine'],
    ['lineages', 'theirs'],
    ['mine', 'theirs'],
    ['mine', 'lineages'],
  ] as const) {
    test(`stages are named by their lineage, and by their ids in the source and in the target (${how}: ${from} to ${to})`, async () => {
      const world = await start({ how })
      const { target, ledger, id, deal } = world
      const push = await ledger.push(id, target, { stages: { [world[from].Talk as string]: world[to].New } })
      assert.deepEqual(
        [push.totals, await deals.names(target), await deals.place(target, deal)],
        [{ updated: 1 }, ['New', 'Won'], 'Sales: New'],
      )
    })
  }
}

test('what is named by its id in one target is said of that one only', async () => {
  const { agency, target, id, mine, deal } = await start()
  const other = await newLocation(story, 'Other')
  await agency.push(id, [other.id], { version: 1 })
  const theirs = await deals.make(other, 'Talk')
  const push = await agency.push(id, [target.id, other.id], { stages: { [mine.Talk as string]: mine.New } })
  assert.deepEqual(push.totals, { updated: 1, conflict: 1 })
  assert.deepEqual([await deals.place(target, deal), await deals.place(other, theirs)], ['Sales: New', 'Sales: Talk'])
})
