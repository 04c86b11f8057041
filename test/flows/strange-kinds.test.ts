import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ledger } from '../support/ledger.ts'
import { makeForm, makeTag } from '../support/made-assets.ts'
import { newLocation, startStory } from '../support/stories.ts'

test('a list of a kind that there is not is refused wherever it is asked for, a plan that others ask for is told why', async () => {
  await using story = await startStory()
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  await makeTag(source, 'vip')
  const form = await makeForm(source, 'Ask')
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  const push = await ledger.push(snapshot.id, target)
  for (const path of [
    `/${snapshot.id}/assets`,
    `/${snapshot.id}/conflicts`,
    `/pushes/${push.id}/targets/${target.id}`,
  ]) {
    assert.deepEqual((await agency.get(`${path}?kind=nope`, 422)).message, ['kind: nope is no kind of asset'])
    await agency.get(`${path}?kind=surveys`)
  }
  assert.deepEqual((await agency.post(`/${snapshot.id}/plan?kind=nope`, { locationIds: [target.id] }, 422)).message, [
    'kind: nope is no kind of asset',
  ])

  await source.client.delete(`/forms/${form.id}`)
  await agency.refresh(snapshot.id)
  const { hash } = await agency.plan(snapshot.id, [target.id])
  const refused = await agency.post(
    `/${snapshot.id}/push`,
    { locationIds: [target.id], deletions: true, planHash: hash },
    409,
  )
  assert.match(refused.message, /its version or its options were others, or a target has changed/)
  const gone = await ledger.push(snapshot.id, target, { deletions: true })
  const [line] = gone.report.filter(({ outcome }) => outcome === 'deleted')
  assert.deepEqual(
    [line?.reason, gone.planned[0]?.reason],
    ['deleted in the snapshot', 'deleted in the snapshot'],
    'a report says why, as the plan did',
  )
})
