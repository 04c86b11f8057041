import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, Ledger, startPair, told } from '../support/ledger.ts'
import { flowOf, makeFlow, makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const remove = async (location: Actor, id: string) =>
  assert.equal((await location.client.delete(`/forms/${id}`)).status, 200)
const rename = async (location: Actor, id: string, name: string) =>
  assert.equal((await location.client.put(`/forms/${id}`, { name })).status, 200)
const exactly = async (location: Actor) => [await readAll(story, location.id), await readRows(story, location.id)]

/**
 * A form of the client's that headquarters' own was matched to, that headquarters has got as one more form, and that
 * the client has deleted.
 */
async function startReturned() {
  const { agency, source, target, ledger } = await startPair(story)
  const { id: theirs } = await makeForm(source, 'Ask')
  await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: theirs } })
  const { id: mine } = await makeForm(target, 'Ask', { description: 'Mine' })
  const snapshot = await agency.capture(source.id)
  const first = await ledger.push(snapshot.id, target)
  assert.deepEqual(first.report.find(({ kind }) => kind === 'forms')?.id, mine)
  await rename(source, theirs, 'Tell')
  const up = await agency.capture(target.id, { kinds: ['forms'] })
  await ledger.push(up.id, source)
  await remove(target, mine)
  await agency.refresh(snapshot.id)
  return { agency, source, target, ledger, id: snapshot.id, mine }
}

for (const policy of ['merge', 'override', 'skip'] as const) {
  for (const way of ['a refresh', 'a new snapshot'] as const) {
    test(`what the client has deleted comes back as itself, and what had been matched to it is new (${policy}, ${way})`, async () => {
      const { agency, source, target, ledger, id: known, mine } = await startReturned()
      const id = way === 'a refresh' ? known : (await agency.capture(source.id)).id
      const before = await exactly(target)
      const push = await ledger.push(id, target, { policy })
      assert.deepEqual(told(push.report).sort(), ['Ask: created', 'Greet: updated', 'Tell: created'])
      const [ask, tell] = [await named(story, target, 'forms', 'Ask'), await named(story, target, 'forms', 'Tell')]
      assert.equal(ask.id, mine)
      assert.notEqual(tell.id, mine)
      const greets = (await named(story, target, 'workflows', 'Greet')).id
      assert.equal((await flowOf(target, greets)).trigger.formId, tell.id)
      assert.deepEqual(await driftIn(story, id, target), [])
      assert.deepEqual((await ledger.push(id, target, { policy })).totals, { unchanged: 3 })
      const after = await exactly(target)
      const undone = await ledger.rollback(push.id, target)
      assert.deepEqual(await exactly(target), before)
      await ledger.rollback(undone.id, target)
      assert.deepEqual(await exactly(target), after)
    })
  }
}

for (const { policy, becomes } of [
  { policy: 'merge', becomes: ['Ask: kept', 'Tell: created'] },
  { policy: 'override', becomes: ['Ask: created', 'Tell: created'] },
  { policy: 'skip', becomes: ['Ask: kept', 'Tell: created'] },
] as const) {
  test(`of two that had been matched to what the client has deleted, the one that was pushed last is it, and the other is new (${policy})`, async () => {
    const { agency } = story
    const [first, second, both, target] = [
      await newLocation(story, 'First'),
      await newLocation(story, 'Second'),
      await newLocation(story, 'Both'),
      await newLocation(story, 'Target'),
    ]
    const ledger = new Ledger(story, first, second, both, target)
    const { id: mine } = await makeForm(target, 'Ask')
    for (const source of [first, second]) {
      await makeForm(source, 'Ask')
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, both)
      await ledger.push(snapshot.id, target)
      if (source === first) await rename(both, (await named(story, both, 'forms', 'Ask')).id, 'Tell')
    }
    await remove(target, mine)
    const before = await exactly(target)
    const snapshot = await agency.capture(both.id)
    const push = await ledger.push(snapshot.id, target, { policy })
    assert.deepEqual(told(push.report).sort(), becomes)
    assert.notEqual((await named(story, target, 'forms', 'Tell')).id, mine)
    if (policy === 'override') assert.equal((await named(story, target, 'forms', 'Ask')).id, mine)
    const after = await exactly(target)
    const undone = await ledger.rollback(push.id, target)
    assert.deepEqual(await exactly(target), before)
    await ledger.rollback(undone.id, target)
    assert.deepEqual(await exactly(target), after)
  })
}

for (const isThere of [true, false]) {
  test(`what is pushed alone names things as it does in a push of its whole version, where an answer for another snapshot gives way${isThere ? '' : ' to what is not there'}`, async () => {
    const { agency, source, target, ledger } = await startPair(story)
    const { id: ask } = await makeForm(source, 'Ask')
    const greet = await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: ask } })
    const some = await agency.capture(source.id, { assets: [{ kind: 'workflows', id: greet.id }] })
    const { id: tell } = await makeForm(source, 'Tell')
    const all = await agency.capture(source.id)
    const only = (kind: string, lineage: string) => ({ only: [{ kind, lineage }] })
    if (isThere) await ledger.push(all.id, target)
    else await ledger.push(all.id, target, only('forms', tell))
    const tells = (await named(story, target, 'forms', 'Tell')).id
    const matches = [{ kind: 'forms', lineage: ask, id: tells, locationId: target.id }]
    await ledger.push(some.id, target, { policies: { forms: 'skip' }, matches })
    const asked = async () =>
      (await flowOf(target, (await named(story, target, 'workflows', 'Greet')).id)).trigger.formId
    const idOf = async (name: string) => (await named(story, target, 'forms', name)).id
    assert.equal(await asked(), tells)
    const alone = await ledger.push(all.id, target, only('workflows', greet.id))
    assert.deepEqual(alone.totals, { updated: 1 })
    assert.equal(await asked(), isThere ? await idOf('Ask') : tells, 'what is not there is read as the answer says')
    await ledger.rollback(alone.id, target)
    assert.equal(await asked(), tells)
    await ledger.push(all.id, target, only('workflows', greet.id))
    assert.deepEqual((await ledger.push(some.id, target)).totals, { updated: 1, conflict: 1 }, 'the answer holds')
    assert.equal(await asked(), tells)
    assert.equal((await ledger.push(all.id, target)).totals.updated, 1)
    assert.equal(await asked(), await idOf('Ask'))
  })
}
