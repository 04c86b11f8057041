import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, namesIn, startPair } from '../support/ledger.ts'
import { formOf, make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const describe = async (location: Actor, id: string, description: string) =>
  assert.equal((await location.client.put(`/forms/${id}`, { description })).status, 200)

/** A template in five versions: things come, change, are renamed, refer to one another and go. */
async function makeSource(source: Actor) {
  const pipeline = await make(source, '/opportunities/pipelines', {
    name: 'Sales',
    stages: [{ name: 'New' }, { name: 'Won' }],
  })
  const form = await makeForm(source, 'Intake', { description: 'One' })
  const tag = await makeTag(source, 'lead')
  const stages = pipeline.stages as { id: string; name: string }[]
  const flow = await makeFlow(source, 'Follow up', {
    trigger: { type: 'pipeline_stage_changed', stageId: stages[1]?.id },
    steps: [{ type: 'add_tag', tagIds: [tag] }],
  })
  const versions: (() => Promise<unknown>)[] = [
    async () => {},
    async () => {
      await describe(source, form.id, 'Two')
      await source.client.put(`/locations/${source.id}/tags/${tag}`, { name: 'prospect' })
    },
    async () => {
      await source.client.put(`/opportunities/pipelines/${pipeline.id}`, { stages: [{ name: 'Called' }, ...stages] })
      await makeForm(source, 'Feedback', { description: `After ${form.id}` })
    },
    async () => {
      await source.client.delete(`/workflows/${flow.id}`)
      await source.client.delete(`/forms/${form.id}`)
    },
    async () => {
      await makeForm(source, 'Intake', { description: 'Made again' })
      await source.client.put(`/locations/${source.id}/tags/${tag}`, { name: 'lead' })
    },
  ]
  return { form: form.id, versions }
}

/**
 * Each policy where it decides something, each kind of deletion in each place; in an empty place policies differ in
 * nothing but what is deleted.
 */
const MEETINGS = {
  'an empty place': [
    ['merge', true],
    ['override', 'all'],
  ],
  'a place that had the same': [
    ['merge', 'all'],
    ['skip', true],
  ],
  'a place that had the same in other words': [
    ['merge', true],
    ['merge', 'all'],
    ['override', 'all'],
    ['skip', true],
  ],
} as const

for (const [meeting, ways] of Object.entries(MEETINGS)) {
  for (const [policy, deletions] of ways) {
    test(`roll-backs in reverse order lead back through all versions, in ${meeting}, under ${policy}, deletions ${deletions}`, async () => {
      const { agency, source, target, ledger } = await start()
      const { versions } = await makeSource(source)
      if (meeting !== 'an empty place') {
        await makeForm(target, 'Intake', { description: meeting.endsWith('words') ? 'Mine' : 'One' })
        await make(target, '/opportunities/pipelines', { name: 'Sales', stages: [{ name: 'New' }, { name: 'Lost' }] })
        await makeTag(target, 'Lead')
      }
      const states = [await readAll(story, target.id)]
      const pushes: string[] = []
      let snapshot = ''
      for (const change of versions) {
        await change()
        if (snapshot === '') snapshot = (await agency.capture(source.id)).id
        else await agency.refresh(snapshot)
        pushes.push((await ledger.push(snapshot, target, { policy, deletions })).id)
        states.push(await readAll(story, target.id))
      }
      assert.ok(new Set(states.map((state) => JSON.stringify(state))).size >= 4, 'the versions differ there')
      const rest = (await ledger.push(snapshot, target, { policy, deletions })).totals
      const undone: string[] = []
      for (const [index, push] of [...pushes.entries()].reverse()) {
        const rollback = await ledger.rollback(push, target)
        assert.ok(!rollback.totals.kept, JSON.stringify(rollback.report))
        assert.deepEqual(await readAll(story, target.id), states[index], `as before version ${index + 1}`)
        undone.unshift(rollback.id)
      }
      assert.deepEqual(await driftIn(story, snapshot, target), [])
      for (const [index, rollback] of undone.entries()) {
        await ledger.rollback(rollback, target)
        assert.deepEqual(await readAll(story, target.id), states[index + 1], `as after version ${index + 1}`)
      }
      const last = await ledger.push(snapshot, target, { policy, deletions })
      assert.deepEqual(last.totals, rest, JSON.stringify(last.planned))
    })
  }
}

test('two snapshots that took turns are rolled back in turn', async () => {
  const { agency, source, target, ledger } = await start()
  const other = await newLocation(story, 'Other')
  const [one, two] = [
    await makeForm(source, 'Ask', { description: 'A1' }),
    await makeForm(other, 'Ask', { description: 'B1' }),
  ]
  const [first, second] = [await agency.capture(source.id), await agency.capture(other.id)]
  const states = [await readAll(story, target.id)]
  const pushes: string[] = []
  const push = async (snapshot: { id: string }, totals: object) => {
    const done = await ledger.push(snapshot.id, target, { policy: 'override' })
    assert.deepEqual(done.totals, totals)
    pushes.push(done.id)
    states.push(await readAll(story, target.id))
  }
  await push(first, { created: 1 })
  await push(second, { updated: 1 })
  await describe(source, one.id, 'A2')
  await agency.refresh(first.id)
  await push(first, { updated: 1 })
  await describe(other, two.id, 'B2')
  await agency.refresh(second.id)
  await push(second, { updated: 1 })
  for (const [index, id] of [...pushes.entries()].reverse()) {
    await ledger.rollback(id, target)
    assert.deepEqual(await readAll(story, target.id), states[index])
  }
})

for (const [what, options, edits] of [
  ['unchanged', {}, false],
  ['kept', {}, true],
  ['skipped', { policy: 'skip' }, true],
  ['in conflict', {}, true],
] as const) {
  test(`a push that found its asset ${what} wrote nothing, so an overriding roll-back takes no later edit back`, async () => {
    const { agency, source, target, ledger } = await start()
    const { id } = await makeForm(source, 'Ask', { description: 'Theirs' })
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const mine = (await named(story, target, 'forms', 'Ask')).id
    if (edits) await describe(target, mine, 'Mine')
    if (what === 'skipped' || what === 'in conflict') {
      await describe(source, id, 'Theirs, newer')
      await agency.refresh(snapshot.id)
    }
    const push = await ledger.push(snapshot.id, target, options)
    assert.deepEqual(push.totals, { [what === 'in conflict' ? 'conflict' : what]: 1 })
    await describe(target, mine, 'Mine, later')
    const undone = await ledger.rollback(push.id, target, { override: true })
    assert.ok(!undone.totals.updated, JSON.stringify(undone.totals))
    assert.equal((await formOf(target, mine)).description, 'Mine, later')
    assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: edited'])
  })
}

for (const policy of ['merge', 'override', 'skip']) {
  test(`a push that met an equal asset of the client wrote nothing of it, so a roll-back takes no later edit back (${policy})`, async () => {
    const { agency, source, target, ledger } = await start()
    await makeForm(source, 'Ask', { description: 'Same' })
    const { id: mine } = await makeForm(target, 'Ask', { description: 'Same' })
    const snapshot = await agency.capture(source.id)
    const push = await ledger.push(snapshot.id, target, { policy })
    assert.deepEqual(push.totals, { unchanged: 1 })
    await describe(target, mine, 'Mine, later')
    const undone = await ledger.rollback(push.id, target, { override: true })
    assert.deepEqual([undone.totals, (await formOf(target, mine)).description], [{ unchanged: 1 }, 'Mine, later'])
    assert.deepEqual(await driftIn(story, snapshot.id, target), [], 'the pair is gone, too')
  })
}

test('an edit between two roll-backs is the client’s: it is left alone, told of, and overridden only when asked', async () => {
  const { agency, source, target, ledger } = await start()
  const { id } = await makeForm(source, 'Ask', { description: 'One' })
  const snapshot = await agency.capture(source.id)
  const first = await ledger.push(snapshot.id, target)
  await describe(source, id, 'Two')
  await agency.refresh(snapshot.id)
  const second = await ledger.push(snapshot.id, target)
  const mine = (await named(story, target, 'forms', 'Ask')).id
  assert.deepEqual((await ledger.rollback(second.id, target)).totals, { updated: 1 })
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
  await describe(target, mine, 'Mine')
  const kept = await ledger.rollback(first.id, target)
  assert.deepEqual([kept.totals, kept.report[0]?.reason], [{ kept: 1 }, 'changed since the push'])
  assert.deepEqual([await namesIn(story, target, 'forms'), (await formOf(target, mine)).description], [['Ask'], 'Mine'])
  await ledger.rollback(kept.id, target)
  assert.deepEqual((await ledger.rollback(first.id, target, { override: true })).totals, { deleted: 1 })
  assert.deepEqual(await readAll(story, target.id), [])
})

test('a roll-back in the middle changes what that push changed, and later pushes of the same words stay', async () => {
  const { agency, source, target, ledger } = await start()
  const [ask, tell] = [
    await makeForm(source, 'Ask', { description: 'One' }),
    await makeForm(source, 'Tell', { description: 'One' }),
  ]
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const ids = await idsIn(story, target)
  await describe(source, ask.id, 'Two')
  await agency.refresh(snapshot.id)
  const second = await ledger.push(snapshot.id, target)
  await describe(source, tell.id, 'Two')
  await agency.refresh(snapshot.id)
  await ledger.push(snapshot.id, target)
  const undone = await ledger.rollback(second.id, target)
  assert.deepEqual(undone.totals, { updated: 1 })
  assert.equal((await formOf(target, ids['forms Ask'] as string)).description, 'One')
  assert.equal((await formOf(target, ids['forms Tell'] as string)).description, 'Two')
  assert.deepEqual(
    (await ledger.push(snapshot.id, target)).totals,
    { updated: 1, unchanged: 1 },
    'the newest version brings it again',
  )
})
