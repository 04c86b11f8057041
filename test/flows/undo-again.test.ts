import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { idsIn, Ledger, told } from '../support/ledger.ts'
import { formOf, makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** Not in the order of their making: what comes back after it was deleted is made anew. */
const exactly = async (location: Actor) => [
  (await readAll(story, location.id)).sort((a, b) => (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1)),
  await readRows(story, location.id),
]
const statusOf = async (pushId: string) => (await story.agency.get(`/pushes/${pushId}`)).push.status

/** Three forms in two targets, changed by a second push. */
async function startForms() {
  const { agency } = story
  const [source, target, second] = [
    await newLocation(story, 'Source'),
    await newLocation(story, 'Target'),
    await newLocation(story, 'Second'),
  ]
  const lineages: Record<string, string> = {}
  for (const name of ['Ask', 'Tell', 'Call']) lineages[name] = (await makeForm(source, name, { description: 'Old' })).id
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target, second)
  await ledger.push(snapshot.id, [target, second])
  for (const id of Object.values(lineages)) await source.client.put(`/forms/${id}`, { description: 'New' })
  await agency.refresh(snapshot.id)
  const before = [await exactly(target), await exactly(second)]
  const push = await ledger.push(snapshot.id, [target, second])
  const idOf = async (name: string, location = target) => (await idsIn(story, location))[`forms ${name}`] as string
  const edit = async (name: string, description: string, location = target) =>
    assert.equal((await location.client.put(`/forms/${await idOf(name, location)}`, { description })).status, 200)
  const textOf = async (name: string, location = target) =>
    (await formOf(location, await idOf(name, location))).description
  const only = (...names: string[]) => names.map((name) => ({ kind: 'forms', lineage: lineages[name] as string }))
  const refused = async (pushId: string, options: object = {}) => {
    for (const preview of [true, false]) await agency.post(`/pushes/${pushId}/rollback`, { ...options, preview }, 409)
    return (await agency.post(`/pushes/${pushId}/rollback`, options, 409)).message as string
  }
  return { agency, source, target, second, snapshot, ledger, push, before, idOf, edit, textOf, only, refused }
}

test('what a roll-back has kept is undone by a second one that overrides, and both can be taken back in order', async () => {
  const { target, second, ledger, push, before, edit, refused } = await startForms()
  for (const name of ['Ask', 'Tell', 'Call'])
    for (const location of [target, second]) await edit(name, 'Mine', location)
  const edited = [await exactly(target), await exactly(second)]
  const first = await ledger.rollback(push.id, [target, second])
  assert.deepEqual([first.totals, await statusOf(push.id)], [{ kept: 6 }, 'rolled_back'])

  const again = await ledger.rollback(push.id, [target, second], { override: true })
  assert.deepEqual(again.totals, { updated: 6 })
  assert.deepEqual([await exactly(target), await exactly(second)], before)
  assert.match(await refused(push.id, { override: true }), new RegExp(`rolled back by ${again.id}`))
  assert.match(await refused(first.id), new RegExp(`Roll back ${again.id} first`))

  const redone = await ledger.rollback(again.id, [target, second])
  assert.deepEqual([await exactly(target), await exactly(second)], edited)
  assert.equal(await statusOf(push.id), 'rolled_back', 'the first roll-back stands')
  const back = await ledger.rollback(first.id, [target, second])
  assert.equal(await statusOf(push.id), 'completed')
  assert.match(await refused(redone.id), new RegExp(`Roll back ${back.id} first`))
  await ledger.rollback(back.id, [target, second])
  await ledger.rollback(redone.id, [target, second])
  assert.deepEqual([await exactly(target), await exactly(second)], before)
  assert.deepEqual(
    [await statusOf(push.id), await statusOf(first.id), await statusOf(again.id)],
    ['rolled_back', 'completed', 'completed'],
  )
})

test('a second roll-back touches nothing but what the first one has kept, sub-account by sub-account', async () => {
  const { agency, target, second, ledger, push, edit, textOf } = await startForms()
  await edit('Ask', 'Mine')
  const first = await ledger.rollback(push.id, [target, second])
  assert.deepEqual(first.totals, { kept: 1, updated: 5 })
  for (const [name, location] of [
    ['Tell', target],
    ['Ask', second],
  ] as const)
    await edit(name, 'Since', location)
  const untouched = await exactly(second)
  const { plan } = await agency.post(`/pushes/${push.id}/rollback`, { override: true, preview: true })
  assert.deepEqual(plan.totals, { update: 1 })
  assert.deepEqual(
    plan.targets.map((one: { locationId: string }) => one.locationId),
    [target.id],
  )
  const again = await ledger.rollback(push.id, target, { override: true })
  assert.deepEqual(told(again.report), ['Ask: updated'])
  const { targets } = await agency.get(`/pushes/${again.id}/targets`)
  assert.deepEqual(
    targets.map((one: { locationId: string }) => one.locationId),
    [target.id],
  )
  assert.deepEqual([await textOf('Ask'), await textOf('Tell'), await textOf('Call')], ['Old', 'Since', 'Old'])
  assert.deepEqual(await exactly(second), untouched)
})

test('so does one of what stands again by a roll-back of a roll-back, and of that one', async () => {
  const { target, second, ledger, push, before, edit, refused } = await startForms()
  const pushed = [await exactly(target), await exactly(second)]
  const places = [target, second]
  let last = push
  for (const [depth, state] of [before, pushed, before].entries()) {
    const undo = await ledger.rollback(last.id, places)
    assert.deepEqual([await exactly(target), await exactly(second)], state, `roll-back ${depth}`)
    await edit('Ask', `Mine ${depth}`)
    const kept = await ledger.rollback(undo.id, places)
    assert.deepEqual(kept.totals, { kept: 1, updated: 5 })
    const rest = await ledger.rollback(undo.id, target, { override: true })
    assert.deepEqual(told(rest.report), ['Ask: updated'])
    assert.deepEqual([await exactly(target), await exactly(second)], depth % 2 === 0 ? pushed : before)
    assert.match(await refused(kept.id), new RegExp(`Roll back ${rest.id} first`))
    await ledger.rollback(rest.id, target)
    await ledger.rollback(kept.id, places)
    await edit('Ask', depth % 2 === 0 ? 'Old' : 'New')
    assert.deepEqual([await exactly(target), await exactly(second)], state)
    last = undo
  }
})

test('without an override it undoes what is in its way no longer, and can be repeated', async () => {
  const { target, second, ledger, push, before, edit, refused } = await startForms()
  for (const name of ['Ask', 'Tell']) await edit(name, 'Mine')
  await ledger.rollback(push.id, [target, second])
  await edit('Ask', 'New')
  const again = await ledger.rollback(push.id, target)
  assert.deepEqual(told(again.report).sort(), ['Ask: updated', 'Tell: kept'])
  await edit('Tell', 'New')
  const third = await ledger.rollback(push.id, target)
  assert.deepEqual(told(third.report), ['Tell: updated'])
  assert.deepEqual(await exactly(target), before[0])
  assert.match(await refused(push.id), new RegExp(third.id))
  assert.match(await refused(again.id), new RegExp(`Roll back ${third.id} first`))
})

test('a name that was taken is given up, and the roll-back brings back what it had kept for it', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const tag = await makeTag(source, 'old')
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target)
  await source.client.put(`/locations/${source.id}/tags/${tag}`, { name: 'new' })
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, target)
  const taken = await makeTag(target, 'old')
  await makeForm(target, 'Own', { onSubmit: { tagIds: [taken] } })
  const first = await ledger.rollback(push.id, target)
  assert.match(first.report[0]?.reason ?? '', /rename it, and roll back again/)
  await target.client.put(`/locations/${target.id}/tags/${taken}`, { name: 'other' })
  const again = await ledger.rollback(push.id, target)
  assert.deepEqual(told(again.report), ['old: updated'])
  assert.deepEqual(Object.keys(await idsIn(story, target)).sort(), ['forms Own', 'tags old', 'tags other'])
})

for (const when of ['pushed', 'matched']) {
  test(`what the client has deleted since comes back by a second roll-back that overrides, as it would have by the first (${when})`, async () => {
    const { agency } = story
    const ends: unknown[] = []
    for (const way of ['at once', 'again']) {
      const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
      const [ask, tell] = [
        await makeForm(source, 'Ask', { description: 'Old' }),
        await makeForm(source, 'Tell', { description: 'Old' }),
      ]
      const snapshot = await agency.capture(source.id)
      const ledger = new Ledger(story, source, target)
      if (when === 'matched') for (const name of ['Ask', 'Tell']) await makeForm(target, name, { description: 'Old' })
      await ledger.push(snapshot.id, target)
      for (const { id } of [ask, tell]) await source.client.put(`/forms/${id}`, { description: 'New' })
      await agency.refresh(snapshot.id)
      const before = await exactly(target)
      const push = await ledger.push(snapshot.id, target)
      await target.client.delete(`/forms/${(await idsIn(story, target))['forms Ask']}`)
      if (way === 'again') {
        const first = await ledger.rollback(push.id, target)
        assert.deepEqual(first.totals, { kept: 1, updated: 1 })
        const buried = await exactly(target)
        await agency.post(`/pushes/${push.id}/rollback`, {}, 409)
        const again = await ledger.rollback(push.id, target, { override: true })
        assert.deepEqual(told(again.report), ['Ask: created'])
        await ledger.rollback(again.id, target)
        assert.deepEqual(await exactly(target), buried)
      }
      await ledger.rollback(push.id, target, { override: true })
      assert.deepEqual(await exactly(target), before)
      ends.push((await ledger.push(snapshot.id, target)).totals)
    }
    assert.deepEqual(ends[1], ends[0])
  })
}

test('single assets of what was kept are undone on their own; what was not kept is refused', async () => {
  const { agency, target, second, ledger, push, edit, textOf, only, refused } = await startForms()
  for (const name of ['Ask', 'Tell']) await edit(name, 'Mine')
  const first = await ledger.rollback(push.id, [target, second])
  assert.match(await refused(push.id, { only: only('Call'), override: true }), new RegExp(first.id))
  const again = await ledger.rollback(push.id, target, { only: only('Ask', 'Call'), override: true })
  assert.deepEqual(told(again.report), ['Ask: updated'])
  assert.deepEqual([await textOf('Ask'), await textOf('Tell')], ['Old', 'Mine'])
  assert.match((await agency.post(`/pushes/${push.id}/retry`, {}, 409)).message, /rolled back by/)
  const third = await ledger.rollback(push.id, target, { override: true })
  assert.deepEqual([await textOf('Ask'), await textOf('Tell')], ['Old', 'Old'])
  await ledger.rollback(third.id, target)
  await ledger.rollback(again.id, target)
  assert.deepEqual([await textOf('Ask'), await textOf('Tell')], ['Mine', 'Mine'])
  assert.equal(await statusOf(push.id), 'rolled_back')
})

test('what the roll-back of a roll-back has kept is redone by a second one', async () => {
  const { target, second, ledger, push, edit, textOf, refused } = await startForms()
  const first = await ledger.rollback(push.id, [target, second])
  await edit('Ask', 'Mine')
  const redone = await ledger.rollback(first.id, [target, second])
  assert.deepEqual([redone.totals, await textOf('Ask')], [{ kept: 1, updated: 5 }, 'Mine'])
  assert.equal(await statusOf(push.id), 'completed')
  const rest = await ledger.rollback(first.id, target, { override: true })
  assert.deepEqual([told(rest.report), await textOf('Ask')], [['Ask: updated'], 'New'])
  assert.equal(await statusOf(push.id), 'completed')
  assert.match(await refused(redone.id), new RegExp(`Roll back ${rest.id} first`))

  const anew = await ledger.rollback(push.id, [target, second])
  assert.deepEqual([anew.totals, await statusOf(push.id)], [{ updated: 6 }, 'rolled_back'])
  assert.match(await refused(redone.id), new RegExp(`Roll back ${rest.id} first`))
  await ledger.rollback(anew.id, [target, second])
  await ledger.rollback(rest.id, target)
  await ledger.rollback(redone.id, [target, second])
  assert.deepEqual([await statusOf(push.id), await statusOf(first.id)], ['rolled_back', 'completed'])
  assert.deepEqual([await textOf('Ask'), await textOf('Tell')], ['Mine', 'Old'])
})

test('a push stands again only when none of its roll-backs stands', async () => {
  const { target, second, ledger, push, only, refused } = await startForms()
  const part = await ledger.rollback(push.id, [target, second], { only: only('Ask') })
  const first = await ledger.rollback(push.id, [target, second])
  assert.match(await refused(part.id), new RegExp(`Roll back ${first.id} first`))
  assert.equal(await statusOf(push.id), 'rolled_back')
  const redone = await ledger.rollback(first.id, [target, second])
  assert.equal(await statusOf(push.id), 'completed')
  const other = await ledger.rollback(push.id, [target, second])
  assert.match(await refused(redone.id), new RegExp(`Roll back ${other.id} first`))
})

test('while the first roll-back is being taken back, there is no second one', async () => {
  const { agency, target, second, ledger, push, edit, refused } = await startForms()
  await edit('Ask', 'Mine')
  const first = await ledger.rollback(push.id, [target, second])
  const back = await agency.rollback(first.id)
  const { db } = story.server.app.platform
  const set = (id: string, state: string) => sql`update push set state = ${state} where id = ${id}`.execute(db)
  for (const [state, message] of [
    ['processing', /The push is processing/],
    ['partial', new RegExp(`Roll back ${back.id} first`)],
  ] as const) {
    for (const [id, now] of [
      [push.id, 'rolled_back'],
      [first.id, 'completed'],
      [back.id, state],
    ] as const)
      await set(id, now)
    assert.match(await refused(push.id, { override: true }), message)
  }
})

test('a conflict that stayed open with what was kept closes with the second roll-back', async () => {
  const { agency, source, target, second, ledger, snapshot, edit } = await startForms()
  for (const name of ['Ask', 'Tell']) await edit(name, 'Mine')
  for (const { id } of (await readAll(story, source.id)).filter(({ kind }) => kind === 'forms'))
    await source.client.put(`/forms/${id}`, { description: 'Newer', trackingCode: 'New' })
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, [target, second])
  const open = async () =>
    (await agency.get(`/${snapshot.id}/conflicts`)).conflicts.map(({ name }: { name: string }) => name).sort()
  assert.deepEqual(await open(), ['Ask', 'Tell'])
  await edit('Ask', 'Mine again')
  await ledger.rollback(push.id, [target, second])
  assert.deepEqual(await open(), ['Ask'])
  const again = await ledger.rollback(push.id, target, { override: true })
  assert.deepEqual(await open(), [])
  await ledger.rollback(again.id, target)
  assert.deepEqual(await open(), ['Ask'])
})
