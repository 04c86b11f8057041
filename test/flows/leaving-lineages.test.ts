import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, Ledger, namesIn, startPair, told } from '../support/ledger.ts'
import { dropTag, formOf, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const exactly = async (location: Actor) => [await readAll(story, location.id), await readRows(story, location.id)]
const dropForm = async (location: Actor, id: string) =>
  assert.equal((await location.client.delete(`/forms/${id}`)).status, 200)
const describe = async (location: Actor, id: string, description: string) =>
  assert.equal((await location.client.put(`/forms/${id}`, { description })).status, 200)

const idsOf = async (location: Actor) => Object.values(await readAll(story, location.id)).map(({ id }) => id)

/**
 * A form that headquarters made, deleted and made again: the target's one asset is reached by as many lineages as there
 * are descriptions.
 */
async function startRemade(descriptions: string[], options: object = {}, { clients = false } = {}) {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  if (clients) await makeForm(target, 'Ask', { description: descriptions[0] })
  const lineages: string[] = []
  let id = ''
  for (const description of descriptions) {
    if (lineages.length > 0) await dropForm(source, lineages.at(-1) as string)
    lineages.push((await makeForm(source, 'Ask', { description })).id)
    id = (id === '' ? await agency.capture(source.id) : await agency.refresh(id)).id
    await ledger.push(id, target, options)
  }
  const leave = async () => {
    await dropForm(source, lineages.at(-1) as string)
    await agency.refresh(id)
  }
  const mine = (await idsIn(story, target))['forms Ask'] as string
  const waiting = async () => (await agency.get(`/${id}/conflicts`)).conflicts as { lineage: string; reason: string }[]
  return { agency, source, target, ledger, id, lineages, mine, leave, waiting }
}

for (const { descriptions, policy } of [
  { descriptions: ['1', '1'], policy: 'merge' },
  { descriptions: ['1', '2'], policy: 'override' },
  { descriptions: ['1', '2', '1'], policy: 'override' },
] as const) {
  for (const deletions of [true, 'all'] as const) {
    test(`what was made ${descriptions.length} times and pushed under ${policy} leaves as one asset by deletions ${deletions}`, async () => {
      const { target, ledger, id, lineages, leave, waiting } = await startRemade([...descriptions], { policy })
      assert.deepEqual(
        await driftIn(story, id, target),
        [],
        'what a later push of the snapshot has changed is no drift',
      )
      await leave()
      const before = await exactly(target)
      const push = await ledger.push(id, target, { deletions })
      assert.deepEqual(
        [push.totals, told(push.planned), push.report[0]?.lineage],
        [{ deleted: 1 }, ['Ask: delete'], lineages.at(-1)],
      )
      assert.deepEqual(
        [await namesIn(story, target, 'forms'), await waiting(), await driftIn(story, id, target)],
        [[], [], []],
      )
      const undone = await ledger.rollback(push.id, target)
      assert.deepEqual([undone.totals, await exactly(target)], [{ created: 1 }, before])
      const again = await ledger.rollback(undone.id, target)
      assert.deepEqual([again.totals, await namesIn(story, target, 'forms')], [{ deleted: 1 }, []])
      assert.deepEqual((await ledger.push(id, target, { deletions })).totals, {}, 'nothing is left to leave')
    })
  }
}

test('a client who edits what was made twice has one conflict and one drift, and decides once', async () => {
  const { agency, target, ledger, id, lineages, mine, leave, waiting } = await startRemade(['1', '1'])
  await describe(target, mine, 'Mine')
  assert.deepEqual(await driftIn(story, id, target), ['Ask: edited'])
  await leave()
  for (const policy of ['merge', 'skip', 'merge']) {
    const push = await ledger.push(id, target, { deletions: true, policy })
    assert.deepEqual(
      [push.totals, push.report[0]?.lineage],
      [{ [policy === 'skip' ? 'skipped' : 'conflict']: 1 }, lineages[1]],
    )
  }
  assert.deepEqual(
    (await waiting()).map(({ lineage }) => lineage),
    [lineages[1]],
  )
  const before = await exactly(target)
  const decision = { locationId: target.id, kind: 'forms', lineage: lineages[1], take: 'target' }
  const { push } = await agency.post(`/${id}/conflicts`, { decisions: [decision] }, 202)
  const settled = await ledger.ended(push.id, target)
  assert.deepEqual([settled.totals, await waiting(), await driftIn(story, id, target)], [{ released: 1 }, [], []])
  assert.deepEqual((await ledger.push(id, target, { deletions: 'all' })).totals, {}, "it is the client's own")
  const undone = await ledger.rollback(settled.id, target)
  assert.deepEqual([await exactly(target), await driftIn(story, id, target)], [before, ['Ask: edited']])
  await ledger.rollback(undone.id, target)
  assert.deepEqual((await ledger.push(id, target, { deletions: 'all' })).totals, {}, 'released again')
})

test('what the client had and two lineages were matched to is released once, and that can be undone', async () => {
  const { target, ledger, id, lineages, leave } = await startRemade(['1', '1', '1'], {}, { clients: true })
  await leave()
  const push = await ledger.push(id, target, { deletions: true })
  assert.deepEqual([push.totals, push.report[0]?.lineage], [{ released: 1 }, lineages[2]])
  assert.deepEqual((await ledger.push(id, target, { deletions: 'all' })).totals, {})
  await ledger.rollback(push.id, target)
  const gone = await ledger.push(id, target, { deletions: 'all' })
  assert.deepEqual([gone.totals, await namesIn(story, target, 'forms')], [{ deleted: 1 }, []])
})

test('a push that is limited to an older lineage decides by what was pushed last', async () => {
  const { target, ledger, id, lineages, mine, leave } = await startRemade(['1', '2'], { policy: 'override' })
  await describe(target, mine, '1')
  await leave()
  const only = (lineage: string | undefined) => ({ deletions: true, only: [{ kind: 'forms', lineage }] })
  const push = await ledger.push(id, target, only(lineages[0]))
  assert.deepEqual([push.totals, push.report[0]?.lineage], [{ conflict: 1 }, lineages[0]])
  await describe(target, mine, '2')
  assert.deepEqual((await ledger.push(id, target, only(lineages[1]))).totals, { deleted: 1 })
})

test('a push that is limited to an older lineage leaves alone what a newer one reaches', async () => {
  const { target, ledger, id, lineages } = await startRemade(['1', '1'])
  const push = await ledger.push(id, target, { deletions: 'all', only: [{ kind: 'forms', lineage: lineages[0] }] })
  assert.deepEqual([push.totals, await namesIn(story, target, 'forms')], [{}, ['Ask']])
})

test('what was made twice stays, in one row, while another snapshot holds it', async () => {
  const { agency, source, target, ledger, id, leave } = await startRemade(['1', '1'])
  const other = await agency.capture(source.id, { name: 'Other' })
  await ledger.push(other.id, target)
  await leave()
  const push = await ledger.push(id, target, { deletions: 'all' })
  assert.deepEqual([push.totals, await namesIn(story, target, 'forms')], [{ kept: 1 }, ['Ask']])
})

test('what was made twice and deleted by the client is one drift', async () => {
  const { target, id, mine } = await startRemade(['1', '1'])
  await dropForm(target, mine)
  assert.deepEqual(await driftIn(story, id, target), ['Ask: deleted'])
})

test('a snapshot shows its drift where another one has won, and that one shows none', async () => {
  const { agency, target, ledger, id } = await startRemade(['1', '2'], { policy: 'override' })
  const elsewhere = await newLocation(story, 'Elsewhere')
  await makeForm(elsewhere, 'Ask', { description: '3' })
  const other = await agency.capture(elsewhere.id)
  await ledger.push(other.id, target, { policy: 'override' })
  assert.deepEqual([await driftIn(story, id, target), await driftIn(story, other.id, target)], [['Ask: edited'], []])
  assert.equal((await formOf(target, (await named(story, target, 'forms', 'Ask')).id)).description, '3')
})

for (const policy of ['override', 'merge'] as const) {
  for (const chosen of ['all', 'both'] as const) {
    test(`a snapshot that holds both shows as drift what another one has made of the second by the name of the first (${policy}, ${chosen})`, async () => {
      const { agency } = story
      const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
      const ledger = new Ledger(story, source, target)
      const { id: first } = await makeForm(source, 'Ask', { description: 'First' })
      const older = await agency.capture(source.id)
      await ledger.push(older.id, target)
      await dropForm(target, (await named(story, target, 'forms', 'Ask')).id)
      const { id: second } = await makeForm(source, 'Ask')
      const both = await agency.capture(source.id)
      const only = [first, second].map((lineage) => ({ kind: 'forms', lineage }))
      const held = await ledger.push(both.id, target, chosen === 'all' ? {} : { only })
      assert.deepEqual(held.totals, { kept: 1, created: 1 }, 'the client has deleted the first')
      const last = await ledger.push(older.id, target, { policy })
      const { id, document } = await named(story, target, 'forms', 'Ask')
      assert.equal(document.description, 'First', JSON.stringify(last.report))
      const drifts = async () => [await driftIn(story, both.id, target), await driftIn(story, older.id, target)]
      assert.deepEqual(await drifts(), [['Ask: edited'], []])
      const [planned] = (await agency.plan(both.id, [target.id])).targets
      const line = planned.assets.find((one: { lineage: string }) => one.lineage === second)
      assert.equal(line?.reason, 'changed in the target only', 'as its plan says')
      await describe(target, id, 'Mine')
      assert.deepEqual(await drifts(), [['Ask: edited'], ['Ask: edited']], 'in one row')
      await dropForm(target, id)
      assert.deepEqual(await drifts(), [['Ask: deleted'], ['Ask: deleted']], 'in one row')
    })
  }
}

/** Two forms of a name; then an answer gives one's lineage to the other, and what was made anew is matched to the one. */
async function startExchanged() {
  const { agency, source, target, ledger } = await startPair(story)
  const [first, second] = [await makeForm(source, 'Ask'), await makeForm(source, 'Ask')]
  const { id } = await agency.capture(source.id)
  const { report } = await ledger.push(id, target)
  const [one, other] = [first, second].map((form) => report.find(({ lineage }) => lineage === form.id)?.id as string)
  await dropForm(source, first.id)
  await makeForm(source, 'Ask')
  await agency.refresh(id)
  const answer = (to: string | undefined) => [{ kind: 'forms', lineage: second.id, id: to, locationId: target.id }]
  return { target, ledger, id, first, one, other, answer }
}

for (const deletions of [true, 'all'] as const) {
  test(`what an older version holds stays, though its lineage led elsewhere before that push (deletions ${deletions})`, async () => {
    const { target, ledger, id, one, other, answer } = await startExchanged()
    await ledger.push(id, target, { matches: answer(one) })
    const back = await ledger.push(id, target, { version: 1, deletions })
    assert.deepEqual([back.totals, told(back.planned)], [{ unchanged: 2 }, []])
    assert.deepEqual(new Set(await idsOf(target)), new Set([one, other]))
    const again = await ledger.push(id, target, { version: 1, deletions })
    assert.deepEqual([again.totals, await driftIn(story, id, target)], [{ unchanged: 2 }, []])
  })
}

test('what a lineage that left reaches, too, is handed back in the push whose answer leads the other elsewhere', async () => {
  const { target, ledger, id, one, other, answer } = await startExchanged()
  await ledger.push(id, target, { matches: answer(one) })
  await ledger.push(id, target, { version: 1 })
  const { id: mine } = await makeForm(target, 'Mine')
  const options = { version: 1, deletions: true }
  const push = await ledger.push(id, target, { ...options, matches: answer(mine) })
  assert.deepEqual(push.totals, { conflict: 1, released: 1, unchanged: 1 })
  assert.deepEqual((await ledger.push(id, target, options)).totals, { kept: 1, unchanged: 1 })
  assert.deepEqual(new Set(await idsOf(target)), new Set([one, other, mine]))
})

test('a franchise passes on what headquarters made twice, and what left goes once in each', async () => {
  const { agency } = story
  const [hq, franchise, branch] = [
    await newLocation(story, 'HQ'),
    await newLocation(story, 'Franchise'),
    await newLocation(story, 'Branch'),
  ]
  const ledger = new Ledger(story, hq, franchise, branch)
  let tag = await makeTag(hq, 'vip')
  const above = await agency.capture(hq.id)
  await ledger.push(above.id, franchise)
  const below = await agency.capture(franchise.id)
  await ledger.push(below.id, branch)
  await dropTag(hq, tag)
  tag = await makeTag(hq, 'vip')
  await agency.refresh(above.id)
  for (const location of [franchise, branch]) await ledger.push(above.id, location)
  await dropTag(hq, tag)
  await agency.refresh(above.id)
  assert.deepEqual((await ledger.push(above.id, franchise, { deletions: true })).totals, { deleted: 1 })
  await agency.refresh(below.id)
  assert.deepEqual(
    (await ledger.push(below.id, branch, { deletions: true })).totals,
    { kept: 1 },
    'headquarters is matched to it, too',
  )
  assert.deepEqual(
    (await ledger.push(above.id, branch, { deletions: true })).totals,
    { released: 1 },
    'headquarters has not brought it',
  )
  const last = await ledger.push(below.id, branch, { deletions: true })
  assert.deepEqual([last.totals, await namesIn(story, branch, 'tags')], [{ deleted: 1 }, []])
})
