import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Done, driftIn, Ledger, type Line, startPair, told } from '../support/ledger.ts'
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

/**
 * The client's form is reached by headquarters' first one, by an answer, and since then by another of its name; what the
 * first had made there is reached by a second one, by its name. A version brings all three at once.
 */
async function startCrossed() {
  const { agency, source, target, ledger } = await startPair(story)
  const { id: mine } = await makeForm(target, 'Tell')
  const first = await makeForm(source, 'Ask', { description: 'First' })
  const bring = async (id: string, kind: string, options: object = {}) => {
    const snapshot = await agency.capture(source.id, { assets: [{ kind, id }] })
    await ledger.push(snapshot.id, target, options)
    return snapshot.id as string
  }
  const alone = await bring(first.id, 'forms')
  const { id: theirs } = await named(story, target, 'forms', 'Ask')
  const matches = [{ kind: 'forms', lineage: first.id, id: mine, locationId: target.id }]
  await ledger.push(alone, target, { policy: 'skip', matches })
  await bring((await makeForm(source, 'Tell')).id, 'forms')
  const second = await makeForm(source, 'Ask', { description: 'Second' })
  const flow = await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: second.id } })
  await bring(flow.id, 'workflows', { policy: 'override' })
  const { id } = await agency.capture(source.id)
  const greets = async () =>
    (await flowOf(target, (await named(story, target, 'workflows', 'Greet')).id)).trigger.formId as string
  assert.equal(await greets(), theirs, 'the second has met what the first had made')
  return { agency, target, ledger, id, theirs, mine, first, second, greets }
}

const formed = (report: readonly Line[]) =>
  report
    .filter(({ kind }) => kind === 'forms')
    .map(({ name, id, outcome }) => `${name} ${id}: ${outcome}`)
    .sort()

for (const { policy, isDeleted, becomes } of [
  { policy: 'merge', isDeleted: false, becomes: 'kept' },
  { policy: 'override', isDeleted: false, becomes: 'updated' },
  { policy: 'merge', isDeleted: true, becomes: 'kept' },
  { policy: 'override', isDeleted: true, becomes: 'created' },
] as const) {
  test(`who gives way to a newer match is its own${isDeleted ? ', which the client has deleted,' : ''} again, and who was matched to that is new (${policy})`, async () => {
    const { target, ledger, id, theirs, mine, first, second, greets } = await startCrossed()
    if (isDeleted) await remove(target, theirs)
    const before = await exactly(target)
    const push = await ledger.push(id, target, { policy })
    const [one, two] = [first, second].map(({ id: lineage }) => push.report.find((line) => line.lineage === lineage))
    assert.deepEqual(
      [one?.outcome, two?.outcome, one?.id ?? theirs],
      [becomes, 'created', theirs],
      formed(push.report).join(),
    )
    assert.ok(two?.id !== theirs && two?.id !== mine)
    assert.equal(await greets(), two?.id, 'what names it follows')
    const { totals } = await ledger.push(id, target, { policy })
    assert.deepEqual(totals, becomes === 'kept' ? { kept: 1, unchanged: 3 } : { unchanged: 4 })
    const after = await exactly(target)
    const undone = await ledger.rollback(push.id, target)
    assert.deepEqual(await exactly(target), before)
    await ledger.rollback(undone.id, target)
    assert.deepEqual(await exactly(target), after)
  })
}

test('whose own asset is answered to be another one, and who has lost what it was matched to, waits for an answer', async () => {
  const { agency, target, ledger, id, theirs, first, second } = await startCrossed()
  const before = await exactly(target)
  const answer = (lineage: string, to: string | null) => ({ kind: 'forms', lineage, id: to, locationId: target.id })
  const push = await ledger.push(id, target, { matches: [answer(second.id, theirs)] })
  assert.deepEqual(push.totals, { ambiguous: 1, unchanged: 3 }, formed(push.report).join())
  const { conflicts } = await agency.get(`/${id}/conflicts`)
  assert.deepEqual(
    conflicts.map((one: Line) => [one.lineage, one.candidates.map((candidate: { id: string }) => candidate.id)]),
    [[first.id, [theirs]]],
  )
  assert.deepEqual(await exactly(target), before)
})

for (const { fate, way, counts, next } of [
  { fate: 'the client deleted', way: 'its own', counts: { kept: 2 }, next: { kept: 2 } },
  { fate: 'the client deleted', way: 'an answer', counts: { kept: 1 }, next: { kept: 1 } },
  { fate: 'the client deleted', way: 'an answer, changed', counts: { conflict: 1 }, next: { kept: 1 } },
  { fate: 'a push deleted', way: 'its own', counts: { created: 1, kept: 1 }, next: { unchanged: 1, kept: 1 } },
  { fate: 'a push brought back', way: 'its own', counts: { unchanged: 1, kept: 1 }, next: { unchanged: 1, kept: 1 } },
]) {
  test(`what the client deleted stays deleted, though its lineage led to another one since, which ${fate}, and gives way to ${way}`, async () => {
    const { agency, source, target, ledger } = await startPair(story)
    const { id: first } = await makeForm(source, 'Ask')
    const { id } = await agency.capture(source.id)
    const { id: lineage } = await makeForm(source, 'Ask')
    const alone = await agency.capture(source.id, { assets: [{ kind: 'forms', id: lineage }] })
    const { version } = await agency.refresh(id)
    const push = await ledger.push(id, target)
    const idIn = ({ report }: Done, of: string) => report.find((line) => line.lineage === of)?.id
    const [a, b] = [idIn(push, first), idIn(push, lineage)] as [string, string]
    await remove(target, b)
    assert.equal(idIn(await ledger.push(alone.id, target), lineage), a, 'it is the other one now')
    if (fate === 'a push deleted') {
      assert.equal((await agency.client.delete(agency.path(`/${alone.id}`))).status, 200)
      for (const one of [first, lineage]) await remove(source, one)
      await agency.refresh(id)
      assert.deepEqual((await ledger.push(id, target, { deletions: true })).totals, { deleted: 1 })
    } else await remove(target, a)
    if (fate === 'a push brought back')
      assert.equal(idIn(await ledger.push(alone.id, target, { policy: 'override' }), lineage), a)
    if (way === 'an answer, changed') {
      await rename(source, lineage, 'Tell')
      await agency.refresh(alone.id)
    }

    const before = await exactly(target)
    const isAnswer = way !== 'its own'
    const pushed = isAnswer ? alone.id : id
    const options = isAnswer ? {} : { version }
    const matches = isAnswer ? [{ kind: 'forms', lineage, id: null, locationId: target.id }] : []
    let last = await ledger.push(pushed, target, { ...options, matches })
    assert.deepEqual([last.totals, idIn(last, lineage)], [counts, b])
    const kept = await exactly(target)
    for (const state of [before, kept, before, kept]) {
      last = await ledger.rollback(last.id, target)
      assert.deepEqual(await exactly(target), state)
    }
    assert.deepEqual((await ledger.push(pushed, target, options)).totals, next, 'and so it stays')
    last = await ledger.push(pushed, target, { ...options, policy: 'override' })
    assert.ok(
      (await readAll(story, target.id)).some((form) => form.id === b),
      'as itself',
    )
    await ledger.rollback(last.id, target)
    assert.deepEqual(await exactly(target), kept)
  })
}

test('what has lost its match and may be several goes on meaning what somebody has answered', async () => {
  const { agency, source, target, ledger } = await startPair(story)
  await makeForm(target, 'Ask')
  const { id: first } = await makeForm(source, 'Ask', { description: 'First' })
  await makeForm(source, 'Ask')
  await makeForm(source, 'Ask')
  const some = await agency.capture(source.id)
  await makeForm(source, 'Tell')
  await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: first } })
  const all = await agency.capture(source.id)
  await ledger.push(all.id, target)
  const { id: tells } = await named(story, target, 'forms', 'Tell')
  const matches = [{ kind: 'forms', lineage: first, id: tells, locationId: target.id }]
  const answered = await ledger.push(some.id, target, { policy: 'override', matches })
  assert.deepEqual(answered.totals, { ambiguous: 2, updated: 1 })
  const taken = await ledger.push(all.id, target, { policy: 'override' })
  assert.deepEqual(told(taken.report, 'forms').sort(), [...Array(3).fill('Ask: ambiguous'), 'Tell: updated'])
  const greets = (await named(story, target, 'workflows', 'Greet')).id
  assert.equal((await flowOf(target, greets)).trigger.formId, tells)
  assert.deepEqual(await driftIn(story, some.id, target), ['Tell: edited'])
  const again = await ledger.push(some.id, target, { policy: 'override' })
  assert.deepEqual([again.totals, again.report.find(({ lineage }) => lineage === first)?.id], [answered.totals, tells])
})
