import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OUTCOME_OF } from '../../src/snapshots/options.ts'
import { idsIn } from '../support/ledger.ts'
import { makeForm } from '../support/made-assets.ts'
import { newLocation, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

async function startConflicts() {
  const { agency } = story
  const [source, target, second] = [
    await newLocation(story, 'Source'),
    await newLocation(story, 'Target'),
    await newLocation(story, 'Second'),
  ]
  const lineages = [
    (await makeForm(source, 'Ask', { description: 'Base' })).id,
    (await makeForm(source, 'Tell', { description: 'Base' })).id,
  ]
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id, second.id])
  for (const place of [target, second])
    for (const id of Object.values(await idsIn(story, place)))
      await place.client.put(`/forms/${id}`, { description: 'Mine', theme: { buttonText: 'Mine' } })
  for (const id of lineages)
    await source.client.put(`/forms/${id}`, { description: 'Theirs', theme: { buttonText: 'Theirs' } })
  await agency.refresh(snapshot.id)
  await agency.push(snapshot.id, [target.id, second.id])
  const [ask, tell] = lineages.map((lineage) => ({ kind: 'forms', lineage })) as [object, object]
  return { agency, target, second, snapshot, ask, tell }
}

test('what decisions would write is shown before, as a plan, and is what they write', async () => {
  const { agency, target, second, snapshot, ask, tell } = await startConflicts()
  const post = (body: object, status = 200) => agency.post(`/${snapshot.id}/conflicts`, body, status)
  const open = async () => (await agency.get(`/${snapshot.id}/conflicts`)).conflicts
  const before = [await open(), await readRows(story, target.id), await readRows(story, second.id)]
  const decisions = [
    { locationId: target.id, ...ask, take: 'source' },
    { locationId: target.id, ...tell, path: 'description', take: 'source' },
    { locationId: second.id, ...tell, take: 'target' },
  ]
  const { plan } = await post({ decisions, preview: true })
  assert.deepEqual(
    [await open(), await readRows(story, target.id), await readRows(story, second.id)],
    before,
    'a preview writes nothing',
  )
  assert.deepEqual(plan.totals, { update: 1, merge: 1, keep: 1, unchanged: 1 })
  const planned = plan.targets.flatMap(({ locationId, locationName, assets }: never) =>
    (assets as { name: string; action: string; fields?: { path: string }[] }[]).map(({ name, action, fields }) => [
      locationId === target.id ? 'Target' : locationName,
      name,
      action,
      (fields ?? []).map(({ path }) => path).sort(),
    ]),
  )
  assert.deepEqual(planned.sort(), [
    ['Second', 'Tell', 'keep', []],
    ['Target', 'Ask', 'update', ['description', 'theme.buttonText']],
    ['Target', 'Tell', 'merge', ['description']],
  ])
  assert.equal(
    (await agency.post(`/${snapshot.id}/conflicts?locationId=${second.id}`, { decisions, preview: true })).plan.targets
      .length,
    1,
  )
  const { push } = await post({ decisions, planHash: plan.hash }, 202)
  const done = await agency.ended(push.id)
  assert.deepEqual(
    done.totals,
    Object.fromEntries(Object.entries(plan.totals).map(([action, count]) => [OUTCOME_OF[action as 'keep'], count])),
  )
})

test('an accepted preview holds for what it decided, and a client who changes just that is asked first', async () => {
  const { agency, target, snapshot, ask } = await startConflicts()
  const decisions = [{ locationId: target.id, ...ask, take: 'source' }]
  const { plan } = await agency.post(`/${snapshot.id}/conflicts`, { decisions, preview: true })
  const ids = await idsIn(story, target)
  await target.client.put(`/forms/${ids['forms Tell']}`, { description: 'Since' })
  assert.equal((await agency.post(`/${snapshot.id}/conflicts`, { decisions, preview: true })).plan.hash, plan.hash)
  await target.client.put(`/forms/${ids['forms Ask']}`, { description: 'Since' })
  await agency.post(`/${snapshot.id}/conflicts`, { decisions, planHash: plan.hash }, 409)
  await agency.post(
    `/${snapshot.id}/conflicts`,
    { decisions: [{ ...decisions[0], path: 'nothing' }], preview: true },
    422,
  )
})
