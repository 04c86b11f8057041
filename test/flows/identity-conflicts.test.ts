import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, Ledger, namesIn, startPair, told } from '../support/ledger.ts'
import { formOf, makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const describe = async (location: Actor, id: string, description: string) =>
  assert.equal((await location.client.put(`/forms/${id}`, { description })).status, 200)

/** Two forms, each with a field that both sides changed and one that only the snapshot did, in two targets. */
async function startConflicts() {
  const { agency, source, target } = await start()
  const second = await newLocation(story, 'Second')
  const ledger = new Ledger(story, source, target, second)
  const forms = [
    await makeForm(source, 'Ask', { description: 'Base' }),
    await makeForm(source, 'Tell', { description: 'Base' }),
  ]
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, [target, second])
  for (const place of [target, second]) {
    for (const id of Object.values(await idsIn(story, place)))
      await place.client.put(`/forms/${id}`, { description: 'Mine', theme: { buttonText: 'Mine' } })
  }
  for (const { id } of forms)
    await source.client.put(`/forms/${id}`, {
      description: 'Theirs',
      theme: { buttonText: 'Theirs' },
      trackingCode: 'New',
    })
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, [target, second])
  assert.deepEqual(push.totals, { conflict: 4 })
  const open = async () => {
    const { conflicts } = await agency.get(`/${snapshot.id}/conflicts`)
    return conflicts.map(
      ({ locationId, name, fields }: { locationId: string; name: string; fields: { path: string }[] }) => [
        locationId === target.id ? 'Target' : 'Second',
        name,
        ...fields.map(({ path }) => path).sort(),
      ],
    )
  }
  return { agency, source, target, second, ledger, forms, snapshot, push, open }
}

test('a conflict stays findable until it is settled: in the list, by outcome, and as the reason of keep', async () => {
  const { agency, target, second, ledger, snapshot, push, open } = await startConflicts()
  assert.equal((await open()).length, 4)
  const { targets } = await agency.get(`/pushes/${push.id}/targets?outcome=conflict`)
  assert.equal(targets.length, 2)
  assert.deepEqual((await agency.get(`/pushes/${push.id}/targets?outcome=created`)).targets, [])
  const again = await ledger.push(snapshot.id, [target, second])
  assert.deepEqual(again.totals, { kept: 4 })
  assert.ok(again.planned.every(({ reason }) => reason === 'conflict with version 2, kept'))
  assert.equal((await open()).length, 4, 'keeping is no settling')
  await ledger.push(snapshot.id, target, { policy: 'override' })
  assert.deepEqual(
    (await open()).map(([place]: [string]) => place),
    ['Second', 'Second'],
  )
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
})

test('conflicts are settled for one sub-account, one asset or one field, and nothing else is touched', async () => {
  const { agency, target, second, forms, snapshot, open } = await startConflicts()
  const [ask, tell] = forms.map(({ id }) => id) as [string, string]
  const here = await idsIn(story, target)
  const there = await readAll(story, second.id)
  const decide = async (decisions: object[], totals: object) => {
    const { push } = await agency.post(`/${snapshot.id}/conflicts`, { decisions }, 202)
    const done = await agency.ended(push.id)
    assert.deepEqual([done.status, done.totals], ['completed', totals])
  }
  await decide([{ locationId: target.id, kind: 'forms', lineage: ask, path: 'description', take: 'source' }], {
    merged: 1,
  })
  const form = await formOf(target, here['forms Ask'] as string)
  assert.deepEqual([form.description, form.theme.buttonText, form.trackingCode], ['Theirs', 'Mine', 'New'])
  assert.deepEqual(
    (await open()).find(([place, name]: string[]) => place === 'Target' && name === 'Ask'),
    ['Target', 'Ask', 'theme.buttonText'],
  )
  await decide([{ locationId: target.id, kind: 'forms', lineage: tell, take: 'source' }], { updated: 1 })
  await decide([{ locationId: target.id, kind: 'forms', lineage: ask, take: 'target' }], { kept: 1 })
  assert.deepEqual(
    (await open()).map(([place]: string[]) => place),
    ['Second', 'Second'],
  )
  assert.deepEqual(
    [(await formOf(target, here['forms Tell'] as string)).theme.buttonText, await driftIn(story, snapshot.id, target)],
    ['Theirs', ['Ask: edited']],
  )
  assert.deepEqual(await readAll(story, second.id), there)
})

test('only what is named is pushed, and undone, whatever else waits', async () => {
  const { agency, source, target, ledger } = await start()
  const [ask, tell] = [(await makeForm(source, 'Ask')).id, (await makeForm(source, 'Tell')).id]
  const snapshot = await agency.capture(source.id)
  const only = [{ kind: 'forms', lineage: ask }]
  const push = await ledger.push(snapshot.id, target, { only })
  assert.deepEqual([push.totals, await namesIn(story, target, 'forms')], [{ created: 1 }, ['Ask']])
  const rest = await ledger.push(snapshot.id, target)
  assert.deepEqual(rest.totals, { created: 1, unchanged: 1 })
  await describe(source, ask, 'New')
  await describe(source, tell, 'New')
  await agency.refresh(snapshot.id)
  const both = await ledger.push(snapshot.id, target)
  const undone = await ledger.rollback(both.id, target, { only })
  assert.deepEqual([undone.totals, told(undone.report)], [{ updated: 1 }, ['Ask: updated']])
  const ids = await idsIn(story, target)
  assert.deepEqual(
    [
      (await formOf(target, ids['forms Ask'] as string)).description,
      (await formOf(target, ids['forms Tell'] as string)).description,
    ],
    [undefined, 'New'],
  )
})

for (const policy of ['merge', 'skip', 'override']) {
  test(`two snapshots that meet in one asset are told of one another, and neither reverts the other in silence (${policy})`, async () => {
    const { agency, source, target, ledger } = await start()
    const other = await newLocation(story, 'Other')
    const field = async (location: Actor, placeholder: string) =>
      assert.equal(
        (
          await location.client.post(`/locations/${location.id}/customFields`, {
            name: 'Venue',
            dataType: 'TEXT',
            model: 'contact',
            placeholder,
          })
        ).status,
        201,
      )
    await field(source, 'Barn')
    await field(other, 'Boat')
    const [a, b] = [await agency.capture(source.id, { name: 'A' }), await agency.capture(other.id, { name: 'B' })]
    await ledger.push(a.id, target)
    const plan = await agency.plan(b.id, [target.id], { policy })
    const push = await ledger.push(b.id, target, { policy })
    const placeholder = async () => (await named(story, target, 'custom_fields', 'Venue')).document.placeholder
    if (policy === 'override') {
      assert.deepEqual(
        plan.targets[0].warnings.map(({ why }: { why: string }) => why),
        ['the snapshot "A", version 1, brought another version of it'],
      )
      assert.deepEqual(
        [push.totals, await placeholder(), await driftIn(story, a.id, target)],
        [{ updated: 1 }, 'Boat', ['Venue: edited']],
      )
      assert.deepEqual((await ledger.push(a.id, target)).totals, { kept: 1 }, 'A does not take it back unasked')
    } else {
      assert.deepEqual(
        [push.totals, await placeholder(), await driftIn(story, a.id, target)],
        [{ [policy === 'merge' ? 'conflict' : 'skipped']: 1 }, 'Barn', []],
      )
      assert.deepEqual(await driftIn(story, b.id, target), policy === 'merge' ? ['Venue: edited'] : [])
      assert.deepEqual((await ledger.push(a.id, target)).totals, { unchanged: 1 })
    }
  })
}
