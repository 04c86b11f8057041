import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals } from '../support/deals.ts'
import { Ledger, namesIn, told } from '../support/ledger.ts'
import { named } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let deals: Deals
before(async () => {
  story = await startStory()
  deals = new Deals(story)
})
after(() => story?.[Symbol.asyncDispose]())

/**
 * "Sales" leaves the snapshot, "Selling" comes, and the target has deals in two of its stages. `before`: "Selling" is
 * there already.
 */
async function leave({
  how = 'pushed',
  when = 'with it',
}: {
  how?: 'pushed' | 'matched'
  when?: 'with it' | 'before'
} = {}) {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  const { id: salesId } = await deals.pipeline(source, 'Sales', 'New', 'Talk', 'Won')
  if (how === 'matched') await deals.pipeline(target, 'Sales', 'New', 'Talk', 'Won')
  if (when === 'before') await deals.pipeline(source, 'Selling', 'Fresh', 'Sold')
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target)
  const [talk, won] = [await deals.make(target, 'Talk'), await deals.make(target, 'Won')]
  if (when === 'with it') await deals.pipeline(source, 'Selling', 'Fresh', 'Sold')
  const theirs = Object.fromEntries((await deals.stages(source)).map((stage) => [stage.name, stage.id]))
  const mine = Object.fromEntries((await deals.stages(target)).map((stage) => [stage.name, stage.id]))
  await source.client.delete(`/opportunities/pipelines/${salesId}`)
  await agency.refresh(id)
  const places = async () => [await deals.place(target, talk), await deals.place(target, won)]
  return {
    agency,
    source,
    target,
    ledger,
    id,
    theirs,
    mine,
    places,
    fresh: await deals.stage(source, 'Fresh', 'Selling'),
    sold: await deals.stage(source, 'Sold', 'Selling'),
  }
}

for (const how of ['pushed', 'matched'] as const) {
  for (const when of ['with it', 'before'] as const) {
    for (const policy of ['merge', 'override']) {
      test(`a pipeline that leaves goes when it was said where its deals go in another one, and comes back with them (${how}, that came ${when}, ${policy})`, async () => {
        const { target, ledger, id, mine, fresh, sold, places } = await leave({ how, when })
        const stages = { [mine.Talk as string]: fresh, [mine.Won as string]: sold }
        const options = { deletions: how === 'matched' ? 'all' : true, policy, stages }
        const plan = await story.agency.plan(id, [target.id], options)
        assert.deepEqual(
          plan.targets[0].warnings.map(
            ({ name, why, records }: { name: string; why: string; records: { count: number } }) => [
              name,
              why,
              records.count,
            ],
          ),
          [
            ['Sales', 'the stage "Talk" goes; what stands in it moves to the stage "Fresh"', 1],
            ['Sales', 'the stage "Won" goes; what stands in it moves to the stage "Sold"', 1],
          ],
        )
        const push = await ledger.push(id, target, options)
        assert.deepEqual(
          [told(push.report, 'pipelines').toSorted()[0], await namesIn(story, target, 'pipelines')],
          ['Sales: deleted', ['Selling']],
        )
        assert.deepEqual(await places(), ['Selling: Fresh', 'Selling: Sold'])
        const back = await ledger.rollback(push.id, target)
        assert.deepEqual(await places(), ['Sales: Talk', 'Sales: Won'])
        assert.deepEqual((await namesIn(story, target, 'pipelines')).length, when === 'before' ? 2 : 1)
        await ledger.rollback(back.id, target)
        assert.deepEqual(
          [await places(), await namesIn(story, target, 'pipelines')],
          [['Selling: Fresh', 'Selling: Sold'], ['Selling']],
        )
      })
    }
  }
}

for (const policy of ['merge', 'override']) {
  test(`a pipeline that leaves stays while a stage that deals stand in has no answer, and says which (${policy})`, async () => {
    const { target, ledger, id, mine, fresh, sold, places } = await leave()
    const held = await ledger.push(id, target, { deletions: true, policy, stages: { [mine.Talk as string]: fresh } })
    assert.equal(
      held.report.find(({ name }) => name === 'Sales')?.reason,
      'deleted in the snapshot, and 2 opportunities stand in it: say in "stages" where those in "Won" go, to a stage that will be there',
    )
    assert.deepEqual(await places(), ['Sales: Talk', 'Sales: Won'])
    const [{ lineage }] = (await story.agency.get(`/${id}/conflicts`)).conflicts
    const decisions = [{ locationId: target.id, kind: 'pipelines', lineage, take: 'source' }]
    const stages = { [mine.Talk as string]: fresh, [mine.Won as string]: sold }
    const { push } = await story.agency.post(`/${id}/conflicts`, { decisions, stages }, 202)
    assert.deepEqual((await story.agency.ended(push.id)).totals, { deleted: 1 })
    assert.deepEqual(
      [await places(), (await story.agency.get(`/${id}/conflicts`)).conflicts],
      [['Selling: Fresh', 'Selling: Sold'], []],
    )
  })
}

test('deals whose pipeline leaves may be left in no stage, and the plan says under what they are left', async () => {
  const { target, ledger, id, mine, fresh, places } = await leave()
  const options = { deletions: true, stages: { [mine.Talk as string]: fresh, [mine.Won as string]: null } }
  const plan = await story.agency.plan(id, [target.id], options)
  assert.deepEqual(
    plan.targets[0].warnings.map(({ why, records }: { why: string; records: { count: number } }) => [
      why,
      records.count,
    ]),
    [
      ['the stage "Talk" goes; what stands in it moves to the stage "Fresh"', 1],
      ['the stage "Won" goes; what stands in it stays, in no stage', 1],
      ['the pipeline goes, and records name it', 1],
    ],
  )
  const push = await ledger.push(id, target, options)
  assert.deepEqual(await places(), ['Selling: Fresh', '?: -'])
  await ledger.rollback(push.id, target)
  assert.deepEqual(await places(), ['Sales: Talk', 'Sales: Won'])
})

test('deals may go to a stage of another pipeline though theirs stays', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  await deals.pipeline(source, 'Sales', 'New', 'Talk')
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target)
  const deal = await deals.make(target, 'Talk')
  const own = await deals.pipeline(target, 'Own', 'Mine')
  const talk = await deals.stage(target, 'Talk')
  await deals.drop(source, 'Talk')
  await agency.refresh(id)
  const stages = { [talk]: (own.stages as { id: string }[])[0]?.id }
  const push = await ledger.push(id, target, { stages })
  assert.deepEqual(
    [push.totals, await deals.names(target), await deals.place(target, deal)],
    [{ updated: 1 }, ['New'], 'Own: Mine'],
  )
  await ledger.rollback(push.id, target)
  assert.deepEqual([await deals.names(target), await deals.place(target, deal)], [['New', 'Talk'], 'Sales: Talk'])
})

test('a destination in a pipeline that leaves, too, is none', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  await deals.pipeline(source, 'Sales', 'New')
  await deals.pipeline(source, 'Other', 'Else')
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target)
  const deal = await deals.make(target, 'New')
  const stages = { [await deals.stage(target, 'New')]: await deals.stage(target, 'Else', 'Other') }
  for (const name of ['Sales', 'Other'])
    await source.client.delete(`/opportunities/pipelines/${(await named(story, source, 'pipelines', name)).id}`)
  await agency.refresh(id)
  const push = await ledger.push(id, target, { deletions: true, stages })
  assert.deepEqual([push.totals, await deals.place(target, deal)], [{ conflict: 1, deleted: 1 }, 'Sales: New'])
})

test('a roll-back of other assets leaves deals where they were moved', async () => {
  const { agency, source, target, id, mine, fresh, sold, places } = await leave()
  await source.client.post(`/locations/${source.id}/tags`, { name: 'vip' })
  await agency.refresh(id)
  const stages = { [mine.Talk as string]: fresh, [mine.Won as string]: sold }
  const push = await agency.push(id, [target.id], { deletions: true, stages })
  const { lineage } = (await agency.outcomes(push.id, target.id)).assets.find(
    ({ kind }: { kind: string }) => kind === 'tags',
  )
  await agency.rollback(push.id, { only: [{ kind: 'tags', lineage }] })
  assert.deepEqual(await places(), ['Selling: Fresh', 'Selling: Sold'])
  const selling = (await agency.outcomes(push.id, target.id)).assets.find(
    ({ name }: { name: string }) => name === 'Selling',
  )
  const alone = await agency.rollback(push.id, { only: [{ kind: 'pipelines', lineage: selling.lineage }] })
  assert.deepEqual(
    [alone.totals, await places()],
    [{ kept: 1 }, ['Selling: Fresh', 'Selling: Sold']],
    'they have nowhere to go back to',
  )
  assert.equal((await agency.rollback(push.id)).status, 'completed')
  assert.deepEqual(await places(), ['Sales: Talk', 'Sales: Won'])
})
