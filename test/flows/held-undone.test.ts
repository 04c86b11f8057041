import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, namesIn, startPair } from '../support/ledger.ts'
import { makeForm } from '../support/made-assets.ts'
import { type Story, startStory } from '../support/stories.ts'

/** What was undone of a push for an asset alone is nothing that the snapshot of that push holds there. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** "Ours" and "Held" bring Ask and Tell, in this order; what Held did is undone for Tell alone, as often as is said. */
async function startUndone({ times, changed }: { times: number; changed: boolean }) {
  const { agency, source, target, ledger } = await startPair(story)
  const { id: ask } = await makeForm(source, 'Ask', { description: 'One' })
  const { id: tell } = await makeForm(source, 'Tell', { description: 'One' })
  const ours = await agency.capture(source.id, { name: 'Ours' })
  await ledger.push(ours.id, target)
  if (changed)
    for (const id of [ask, tell])
      assert.equal((await source.client.put(`/forms/${id}`, { description: 'Two' })).status, 200)
  const held = await agency.capture(source.id, { name: 'Held' })
  let last = await ledger.push(held.id, target)
  const only = [{ kind: 'forms', lineage: tell }]
  for (let time = 0; time < times; time++) last = await ledger.rollback(last.id, target, { only })
  const drop = async () => {
    assert.equal((await source.client.delete(`/forms/${tell}`)).status, 200)
    return agency.refresh(ours.id)
  }
  const theirs = (await idsIn(story, target))['forms Tell']
  const edit = async () =>
    assert.equal((await target.client.put(`/forms/${theirs}`, { description: 'Mine' })).status, 200)
  return { agency, target, ledger, ours, held, drop, edit }
}

for (const changed of [true, false]) {
  for (const times of [0, 1, 2, 3]) {
    const isHeld = times % 2 === 0
    const what = `of ${changed ? 'another' : 'the same'} content, undone ${times} times`
    test(`what another snapshot brought too (${what}) ${isHeld ? 'stays' : 'goes'} when it leaves this one`, async () => {
      const { target, ledger, ours, drop } = await startUndone({ times, changed })
      await drop()
      const { report } = await ledger.push(ours.id, target, { deletions: true, policy: 'override' })
      const line = report.find(({ name }) => name === 'Tell')
      if (isHeld)
        assert.deepEqual([line?.outcome, line?.reason], ['kept', 'left the snapshot; stays, as Held brought it too'])
      assert.deepEqual(await namesIn(story, target, 'forms'), isHeld ? ['Ask', 'Tell'] : ['Ask'])
    })

    test(`what was edited has ${isHeld ? '' : 'not '}drifted from another snapshot that brought it too (${what})`, async () => {
      const { agency, target, ours, held, edit } = await startUndone({ times, changed })
      await edit()
      assert.deepEqual(await driftIn(story, held.id, target), isHeld ? ['Tell: edited'] : [])
      if (!isHeld) assert.deepEqual(await driftIn(story, ours.id, target), ['Tell: edited'])
      const { body } = await agency.client.get(`/fleet?companyId=${agency.companyId}&snapshotId=${held.id}`)
      const row = body.locations.find(({ locationId }: { locationId: string }) => locationId === target.id)
      assert.equal(row.drifted, isHeld ? 1 : 0, JSON.stringify(row))
    })
  }
}
