import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OUTCOME_OF } from '../../src/snapshots/options.ts'
import { idsIn, Ledger } from '../support/ledger.ts'
import { formOf, makeForm } from '../support/made-assets.ts'
import { newLocation, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** Two forms that are in conflict with version 2 in two targets, each in two fields. */
async function startConflicts() {
  const { agency } = story
  const [source, target, second] = [
    await newLocation(story, 'Source'),
    await newLocation(story, 'Target'),
    await newLocation(story, 'Second'),
  ]
  const ledger = new Ledger(story, source, target, second)
  const [ask, tell] = [
    (await makeForm(source, 'Ask', { description: 'Base' })).id,
    (await makeForm(source, 'Tell', { description: 'Base' })).id,
  ]
  const snapshot = await agency.capture(source.id)
  const first = await ledger.push(snapshot.id, [target, second])
  for (const place of [target, second]) {
    for (const id of Object.values(await idsIn(story, place)))
      await place.client.put(`/forms/${id}`, { description: 'Mine', theme: { buttonText: 'Mine' } })
  }
  const release = async (description: string) => {
    for (const id of [ask, tell])
      await source.client.put(`/forms/${id}`, { description, theme: { buttonText: description } })
    await agency.refresh(snapshot.id)
  }
  await release('Theirs')
  const push = await ledger.push(snapshot.id, [target, second])
  const open = async () => (await agency.get(`/${snapshot.id}/conflicts`)).conflicts
  const decide = async (...decisions: object[]) => {
    const { push } = await agency.post(
      `/${snapshot.id}/conflicts`,
      { decisions: decisions.map((one) => ({ locationId: target.id, kind: 'forms', ...one })) },
      202,
    )
    return ledger.ended(push.id, target)
  }
  const idOf = async (name: string) => (await idsIn(story, target))[`forms ${name}`] as string
  return { agency, source, target, second, ledger, ask, tell, snapshot, first, push, release, open, decide, idOf }
}

for (const take of ['source', 'target']) {
  test(`a decision that is rolled back leaves its conflict open again, exactly as it was (${take})`, async () => {
    const { agency, target, ledger, ask, open, decide, snapshot } = await startConflicts()
    const [before, rows] = [await open(), await readRows(story, target.id)]
    for (const path of [{}, { path: 'description' }]) {
      const decided = await decide({ lineage: ask, take, ...path })
      assert.notDeepEqual(await open(), before)
      const between = await open()
      const undone = await ledger.rollback(decided.id, target)
      assert.deepEqual([await open(), await readRows(story, target.id)], [before, rows])
      const redone = await ledger.rollback(undone.id, target)
      assert.deepEqual(await open(), between, 'and settled again when that is taken back')
      await ledger.rollback(redone.id, target)
      assert.deepEqual(await open(), before)
    }
    const { push } = await agency.post(
      `/${snapshot.id}/conflicts`,
      {
        decisions: before.map(({ locationId, kind, lineage }: Record<string, string>) => ({
          locationId,
          kind,
          lineage,
          take,
        })),
      },
      202,
    )
    await agency.ended(push.id)
    assert.deepEqual(await open(), [])
  })
}

test('a push that overwrote, or overrode, older conflicts brings them back when it is rolled back', async () => {
  const { target, second, ledger, snapshot, release, open, push } = await startConflicts()
  const before = await open()
  await release('Newer')
  for (const options of [
    {},
    { policy: 'override' },
    { policy: 'override', only: [{ kind: 'forms', lineage: before[0].lineage }] },
  ]) {
    const later = await ledger.push(snapshot.id, [target, second], options)
    assert.notDeepEqual(await open(), before)
    await ledger.rollback(later.id, [target, second])
    assert.deepEqual(await open(), before, JSON.stringify(options))
  }
  await ledger.rollback(push.id, [target, second])
  assert.deepEqual(await open(), [])
})

test('what was settled meanwhile by something else stays settled', async () => {
  const { target, second, ledger, snapshot, ask, open, decide, release } = await startConflicts()
  const decided = await decide({ lineage: ask, take: 'target' })
  await release('Newer')
  const newer = await ledger.push(snapshot.id, [target, second])
  assert.deepEqual(
    (await open()).map((one: { version: number }) => one.version),
    [3, 3, 3, 3],
  )
  const again = await decide({ lineage: ask, take: 'target' })
  const left = await open()
  assert.equal(left.length, 3)
  await ledger.rollback(decided.id, target)
  assert.deepEqual(await open(), left)
  await ledger.rollback(again.id, target)
  assert.equal((await open()).length, 4)
  await ledger.rollback(newer.id, [target, second])
  assert.equal((await open()).filter((one: { version: number }) => one.version === 2).length, 3)
})

test('an asset that a roll-back keeps stays settled, and one that `only` leaves out stays as it is', async () => {
  const { target, ledger, ask, tell, open, decide, idOf } = await startConflicts()
  const before = await open()
  const decided = await decide({ lineage: ask, take: 'source' }, { lineage: tell, take: 'source' })
  await target.client.put(`/forms/${await idOf('Ask')}`, { description: 'Since' })
  await ledger.rollback(decided.id, target, { only: [{ kind: 'forms', lineage: ask }] })
  assert.equal((await open()).length, 2, 'kept: nothing is open')
  await ledger.rollback(decided.id, target, { only: [{ kind: 'forms', lineage: tell }] })
  assert.equal((await open()).length, 3, 'the one that came back is open')
  await ledger.rollback(decided.id, target, { only: [{ kind: 'forms', lineage: ask }], override: true })
  assert.deepEqual(await open(), before)
  assert.equal((await formOf(target, await idOf('Ask'))).description, 'Mine')
})

test('a conflict that a push opened goes with it, but not where the asset was kept', async () => {
  const { source, agency, target, second, ledger, ask, snapshot, open, idOf, push } = await startConflicts()
  await ledger.rollback(push.id, [target, second])
  assert.deepEqual(await open(), [])
  await source.client.put(`/forms/${ask}`, { trackingCode: 'New' })
  await agency.refresh(snapshot.id)
  const merged = await ledger.push(snapshot.id, [target, second])
  assert.equal((await open()).length, 4)
  await target.client.put(`/forms/${await idOf('Ask')}`, { name: 'Ask me' })
  const undone = await ledger.rollback(merged.id, [target, second])
  assert.deepEqual(undone.totals.kept, 1)
  assert.deepEqual(
    (await open()).map(({ locationId, name }: Record<string, string>) => [locationId, name]),
    [[target.id, 'Ask']],
  )
})

for (const how of ['deleted here, changed there', 'changed here, deleted there']) {
  for (const take of ['source', 'target']) {
    test(`a decision about what was ${how} is rolled back like any other (${take})`, async () => {
      const { agency } = story
      const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
      const ask = (await makeForm(source, 'Ask', { description: 'Base' })).id
      await makeForm(source, 'Tell')
      const snapshot = await agency.capture(source.id)
      const ledger = new Ledger(story, source, target)
      await ledger.push(snapshot.id, target)
      const id = (await idsIn(story, target))['forms Ask'] as string
      const [here, there] = how.startsWith('deleted') ? [target, source] : [source, target]
      await here.client.delete(`/forms/${here === target ? id : ask}`)
      await there.client.put(`/forms/${there === target ? id : ask}`, { description: 'Changed' })
      await agency.refresh(snapshot.id)
      assert.equal((await ledger.push(snapshot.id, target, { deletions: true })).totals.conflict, 1)
      const open = async () => (await agency.get(`/${snapshot.id}/conflicts`)).conflicts
      const [before, rows] = [await open(), await readRows(story, target.id)]
      assert.equal(before.length, 1)
      const decisions = [{ locationId: target.id, kind: 'forms', lineage: ask, take }]
      const { plan } = await agency.post(`/${snapshot.id}/conflicts`, { decisions, preview: true })
      const { push } = await agency.post(`/${snapshot.id}/conflicts`, { decisions, planHash: plan.hash }, 202)
      const done = await ledger.ended(push.id, target)
      assert.deepEqual(
        done.totals,
        Object.fromEntries(Object.entries(plan.totals).map(([action, count]) => [OUTCOME_OF[action as 'keep'], count])),
        'as it was shown',
      )
      assert.deepEqual(await open(), [])
      assert.equal(
        (await agency.plan(snapshot.id, [target.id], { deletions: true })).totals.conflict,
        undefined,
        'nobody is asked again',
      )
      await ledger.rollback(push.id, target)
      assert.deepEqual([await open(), await readRows(story, target.id)], [before, rows])
    })
  }
}
