import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { seeded } from '../support/crash.ts'
import { hold } from '../support/hold.ts'
import { makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

const TARGETS = 60

let story: Story
before(async () => {
  story = await startStory({ rateLimit: 0, poolSize: 40 })
})
after(() => story?.[Symbol.asyncDispose]())

/** What a target has of the two assets that the snapshot changes. */
async function stands({ id }: Actor) {
  const assets = await readAll(story, id)
  const find = (kind: string) => assets.find((asset) => asset.kind === kind)
  return { formId: find('forms')?.id, description: find('forms')?.document.description, tag: find('tags')?.name }
}

/** Edits that the push wrote over, although somebody had made them after it was accepted. */
function lostEdits(pushId: string) {
  return query(
    story.server.app.platform.db,
    sql`
      select c.location_id, c.entity_id from change c join push p on p.id = ${pushId}
      join change e on e.location_id = c.location_id and e.kind = c.kind and e.entity_id = c.entity_id
        and e.after_hash = c.before_hash
      where c.cause = ${pushId} and e.actor not like 'push:%' and e.at >= p.created_at`,
  )
}

test('an accepted plan is carried out in each target as it says, or not at all, whoever edits meanwhile', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Template')
  const form = await makeForm(source, 'Intake', { description: 'First' })
  const tagId = await makeTag(source, 'vip')
  const { id: snapshotId } = await agency.capture(source.id)
  const made: Actor[] = []
  for (let index = 0; index < TARGETS; index++) made.push(await newLocation(story, `Target ${index}`))
  const targets = made.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const locationIds = targets.map(({ id }) => id)
  await agency.push(snapshotId, locationIds)
  await source.client.put(`/forms/${form.id}`, { description: 'Second' })
  await source.client.put(`/locations/${source.id}/tags/${tagId}`, { name: 'gold' })
  await agency.refresh(snapshotId)
  const formIds = new Map<Actor, string>()
  for (const target of targets) formIds.set(target, (await stands(target)).formId as string)
  const edit = async (target: Actor) => {
    const reply = await target.client.put(`/forms/${formIds.get(target)}`, { description: 'Ours' })
    assert.equal(reply.status, 200)
  }

  const manner = { policy: 'override' }
  const plan = await agency.plan(snapshotId, locationIds, manner)
  assert.deepEqual(plan.totals, { update: 2 * TARGETS })
  // The push takes targets in the order of their ids, and waits for the one in the middle: those before are its own,
  // those behind are not yet.
  const middle = TARGETS / 2
  const one = await hold(story, 'select 1 from location where id = $1 for update', [locationIds[middle]])
  const { push: started } = await agency.post(
    `/${snapshotId}/push`,
    { locationIds, ...manner, planHash: plan.hash },
    202,
  )
  await one.waiting()
  const random = seeded(TARGETS)
  const [soon, late] = [targets.slice(middle + 1), targets.slice(0, middle)].map((some) =>
    some.filter(() => random() < 0.5),
  ) as [Actor[], Actor[]]
  await Promise.all(soon.map(edit))
  const waiting = Promise.all(late.map(edit))
  await one.letGo()
  const [push] = await Promise.all([agency.ended(started.id), waiting])

  assert.equal(push.status, 'partial')
  assert.deepEqual(push.totals, { updated: 2 * (TARGETS - soon.length), conflict: 2 * soon.length })
  for (const target of targets) {
    const { status, totals, error, assets } = await agency.outcomes(push.id, target.id)
    const { description, tag } = await stands(target)
    if (soon.includes(target)) {
      assert.match(error, /changed since the plan/)
      assert.deepEqual([status, totals, description, tag], ['failed', { conflict: 2 }, 'Ours', 'vip'])
      for (const asset of assets)
        assert.deepEqual([asset.outcome, asset.reason], ['conflict', 'changed since the plan'])
    } else
      assert.deepEqual(
        [status, totals, description, tag],
        ['completed', { updated: 2 }, late.includes(target) ? 'Ours' : 'Second', 'gold'],
      )
  }
  assert.deepEqual(await lostEdits(push.id), [])

  await agency.post(`/pushes/${push.id}/retry`, {}, 202)
  const again = await agency.ended(push.id)
  assert.deepEqual([again.status, again.totals], ['completed', { updated: 2 * TARGETS }])
  for (const target of soon)
    assert.deepEqual(await stands(target), { formId: formIds.get(target), description: 'Second', tag: 'gold' })
})
