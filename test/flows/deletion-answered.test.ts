import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idsIn, startPair, told } from '../support/ledger.ts'
import { makeForm } from '../support/made-assets.ts'
import { type Story, startStory } from '../support/stories.ts'

/** Whether to bring back what the client has deleted is no question any more where it is there again. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** "Ours" asks whether Ask, which the client has deleted, is to come back; "Other" has the same form. */
async function startDeleted() {
  const { agency, source, target, ledger } = await startPair(story)
  const { id } = await makeForm(source, 'Ask', { description: 'One' })
  const ours = await agency.capture(source.id, { name: 'Ours' })
  await ledger.push(ours.id, target)
  const theirs = (await idsIn(story, target))['forms Ask'] as string
  assert.equal((await target.client.delete(`/forms/${theirs}`)).status, 200)
  assert.equal((await source.client.put(`/forms/${id}`, { description: 'Two' })).status, 200)
  await agency.refresh(ours.id)
  assert.deepEqual(told((await ledger.push(ours.id, target)).report), ['Ask: conflict'])
  const other = await agency.capture(source.id, { name: 'Other' })
  const open = async () =>
    (await agency.get(`/${ours.id}/conflicts`)).conflicts.map(({ reason }: { reason: string }) => reason)
  assert.deepEqual(await open(), ['deleted in the target, changed in the snapshot'])
  return { agency, source, target, ledger, ours, other, id, open }
}

const edit = async ({ target }: Awaited<ReturnType<typeof startDeleted>>) => {
  const theirs = (await idsIn(story, target))['forms Ask']
  assert.equal((await target.client.put(`/forms/${theirs}`, { description: 'Mine' })).status, 200)
}

for (const isEdited of [false, true]) {
  test(`brought back by another snapshot${isEdited ? ', and edited since' : ''}, it is asked about no longer after the next push`, async () => {
    const world = await startDeleted()
    const { ledger, ours, other, target, open } = world
    assert.deepEqual(told((await ledger.push(other.id, target, { policy: 'override' })).report), ['Ask: created'])
    if (isEdited) await edit(world)
    assert.deepEqual(told((await ledger.push(ours.id, target)).report), [isEdited ? 'Ask: kept' : 'Ask: unchanged'])
    assert.deepEqual(await open(), [])
  })
}

test('what both have changed since it came back is asked field by field, and nothing of the deletion', async () => {
  const world = await startDeleted()
  const { agency, source, id, ledger, ours, other, target, open } = world
  await ledger.push(other.id, target, { policy: 'override' })
  await edit(world)
  assert.equal((await source.client.put(`/forms/${id}`, { description: 'Three' })).status, 200)
  await agency.refresh(ours.id)
  assert.deepEqual(told((await ledger.push(ours.id, target)).report), ['Ask: conflict'])
  assert.deepEqual(await open(), ['changed on both sides: description'])
})

test('while it is away it is asked about, whatever else is pushed', async () => {
  const { ledger, ours, target, open } = await startDeleted()
  await ledger.push(ours.id, target)
  assert.equal((await open()).length, 1)
})
