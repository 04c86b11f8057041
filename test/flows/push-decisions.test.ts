import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, edit, type Fields, startDispute } from '../support/disputes.ts'
import { Ledger } from '../support/ledger.ts'
import { make, makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

type Told = { path: string; take?: string } & Fields

/** What a plan tells of the fields of its first asset. */
const toldIn = (plan: { targets: { assets: { fields?: Told[] }[] }[] }): Told[] =>
  plan.targets[0]?.assets[0]?.fields ?? []

/** "Ask", as pushed, was changed on both sides in two fields, and on each in one of its own. */
async function startAsk() {
  const pair = await startDispute(story)
  const { source, target, push } = pair
  const { id: lineage } = await makeForm(source, 'Ask', {
    description: '0',
    trackingCode: '0',
    theme: { buttonText: '0', buttonColor: '#000000' },
  })
  await push()
  const { snapshots } = await story.agency.get('')
  const snapshotId = snapshots.find((one: Fields) => one.sourceLocationId === source.id).id as string
  await edit(story, target, () => ({
    description: 'c',
    trackingCode: 'c',
    theme: { buttonText: 'Mine', buttonColor: '#000000' },
  }))
  await edit(story, source, () => ({
    description: 'h',
    trackingCode: 'h',
    theme: { buttonText: '0', buttonColor: '#ffffff' },
  }))
  await story.agency.refresh(snapshotId)
  const asset = { kind: 'forms', lineage }
  const plan = (decisions: Fields[]) => story.agency.plan(snapshotId, [target.id], { decisions })
  const says = async () => {
    const { description, trackingCode, theme } = await ask(story, target)
    return [description, trackingCode, theme.buttonText, theme.buttonColor]
  }
  return { ...pair, asset, snapshotId, plan, says }
}

test("the snapshot's side of what collides is that of the fields which do: what else was edited there stays", async () => {
  const { agency, asset, target, snapshotId, plan, says, inbox } = await startAsk()
  const before = await plan([])
  assert.deepEqual(before.totals, { conflict: 1 })
  const { conflict } = before.groups[0]
  assert.ok(conflict.length > 10)
  const decided = await plan([{ ...asset, take: 'source' }])
  assert.deepEqual(decided.totals, { merge: 1 })
  assert.equal(decided.groups[0].conflict, conflict, 'what was decided is known by what collided')
  assert.notEqual(decided.hash, before.hash)
  assert.deepEqual(
    toldIn(decided)
      .map(({ path, target, source, take, after }) => [path, target ?? null, source ?? after, take ?? null])
      .sort(),
    [
      ['description', null, 'h', null],
      ['description', 'c', 'h', 'source'],
      ['theme.buttonColor', null, '#ffffff', null],
      ['trackingCode', null, 'h', null],
      ['trackingCode', 'c', 'h', 'source'],
    ],
  )
  const decisions = [{ ...asset, take: 'source' }]
  const body = { locationIds: [target.id], decisions, planHash: before.hash }
  await agency.post(`/${snapshotId}/push`, body, 409)
  const done = await agency.push(snapshotId, [target.id], { decisions, planHash: decided.hash })
  assert.deepEqual(done.totals, { merged: 1 })
  assert.deepEqual([await says(), await inbox()], [['h', 'h', 'Mine', '#ffffff'], []])
  await new Ledger(story, target).rollback(done.id, target)
  assert.deepEqual([await says(), await inbox()], [['c', 'c', 'Mine', '#000000'], []])
})

test('fields are decided one by one: what is left open waits, what was left to the sub-account is asked no more', async () => {
  const { asset, target, snapshotId, source, plan, says, open, ledger, push } = await startAsk()
  const decisions = [{ ...asset, path: 'trackingCode', take: 'source' }]
  assert.deepEqual((await plan(decisions)).totals, { conflict: 1 })
  assert.deepEqual((await ledger.push(snapshotId, target, { decisions })).totals, { conflict: 1 })
  assert.deepEqual([await says(), await open()], [['c', 'h', 'Mine', '#ffffff'], { description: ['c', 'h'] }])
  await edit(story, source, () => ({ description: 'newer' }))
  await story.agency.refresh(snapshotId)
  assert.deepEqual((await plan([])).totals, { conflict: 1 })
  const left = [{ ...asset, take: 'target' }]
  const leaving = await plan(left)
  assert.deepEqual(
    [leaving.totals, toldIn(leaving).map(({ path, take }) => [path, take])],
    [{ keep: 1 }, [['description', 'target']]],
  )
  assert.match(leaving.groups[0].reason, /decided/)
  assert.deepEqual((await ledger.push(snapshotId, target, { decisions: left })).totals, { kept: 1 })
  assert.deepEqual(
    [await says(), await open()],
    [['c', 'h', 'Mine', '#ffffff'], {}],
    'the older question is settled, too',
  )
  await edit(story, source, () => ({ name: 'Ask', theme: { buttonText: '0', buttonColor: '#123456' } }))
  assert.deepEqual((await push()).totals, { merged: 1 })
  assert.deepEqual([(await says())[0], await open()], ['c', {}])
})

test('what some of the targets have alike is decided for these alone, whatever they call what it names', async () => {
  const { agency } = story
  const [source, ...places] = await Promise.all(['Head', 'One', 'Two', 'Other'].map((name) => newLocation(story, name)))
  assert.ok(source)
  // Each has custom fields of these names of its own: what comes in names them by other lineages in each.
  const fieldsOf = async (location: Actor) => {
    const made = ['A', 'B', 'C'].map((name) =>
      make(location, `/locations/${location.id}/customFields`, { name, dataType: 'TEXT', locationId: undefined }),
    )
    return (await Promise.all(made)).map((field) => field.id)
  }
  const [first, ...there] = await Promise.all([source, ...places].map(fieldsOf))
  const asks = (customFieldId: string | undefined) => ({ fields: [{ type: 'text', label: 'Ask', customFieldId }] })
  const naming = (customFieldId: string | undefined) => (form: Fields) => ({
    fields: (form.fields as Fields[]).map(({ customFieldId: _, ...one }) => ({ ...one, customFieldId })),
  })
  const { id: lineage } = await makeForm(source, 'Ask', asks(first?.[0]))
  const { id } = await agency.capture(source.id)
  await agency.push(
    id,
    places.map((place) => place.id),
  )
  for (const [index, place] of places.entries())
    await edit(story, place, naming(index < 2 ? there[index]?.[1] : undefined))
  await edit(story, source, naming(first?.[2]))
  await agency.refresh(id)
  const to = places.map((place) => place.id)
  const { groups } = await agency.plan(id, to)
  assert.deepEqual(
    groups.map(({ locations }: Fields) => locations),
    [2, 1],
  )
  const decisions = [
    { kind: 'forms', lineage, conflict: groups[0].conflict, path: 'fields[Ask].customFieldId', take: 'source' },
  ]
  const plan = await agency.plan(id, to, { decisions })
  assert.deepEqual(plan.totals, { update: 2, conflict: 1, unchanged: 9 })
  assert.deepEqual(plan.groups[0].conflict, groups[0].conflict)
  const done = await new Ledger(story, ...places).push(id, places, { decisions })
  assert.deepEqual(done.totals, { updated: 2, conflict: 1, unchanged: 9 })
  const said = await Promise.all(places.map(async (place) => (await ask(story, place)).fields[0].customFieldId))
  assert.deepEqual(said, [there[0]?.[2], there[1]?.[2], undefined])
})

test('the exactest decision counts: a target of its own, then a field, before all of it', async () => {
  const { asset, target, plan } = await startAsk()
  const takes = async (decisions: Fields[]) => {
    const told = toldIn(await plan(decisions))
    return Object.fromEntries(told.flatMap(({ path, take }) => (take === undefined ? [] : [[path, take]])))
  }
  const all = { ...asset, take: 'source' }
  const there = { ...asset, locationId: target.id, take: 'target' }
  assert.deepEqual(await takes([all, there]), { description: 'target', trackingCode: 'target' })
  assert.deepEqual(await takes([there, { ...asset, path: 'description', take: 'source' }]), {
    description: 'source',
    trackingCode: 'target',
  })
  assert.deepEqual(await takes([{ ...all, conflict: 'another' }]), {})
})

test('what a sub-account threw out comes back, or stays away and is asked about no more', async () => {
  const { agency } = story
  const [source, back, away] = (await Promise.all(
    ['Head', 'Back', 'Away'].map((name) => newLocation(story, name)),
  )) as [Actor, Actor, Actor]
  const { id: lineage } = await makeForm(source, 'Ask', { description: '0' })
  const { id } = await agency.capture(source.id)
  const to = [back.id, away.id]
  await agency.push(id, to)
  for (const place of [back, away])
    await place.client.delete(`/forms/${(await named(story, place, 'forms', 'Ask')).id}`)
  await edit(story, source, () => ({ description: 'h' }))
  await agency.refresh(id)
  const { groups } = await agency.plan(id, to)
  assert.deepEqual(
    groups.map(({ conflict, locations }: Fields) => [conflict, locations]),
    [['gone', 2]],
  )
  const asset = { kind: 'forms', lineage, conflict: 'gone' }
  const decisions = [
    { ...asset, take: 'source' },
    { ...asset, locationId: away.id, take: 'target' },
  ]
  const plan = await agency.plan(id, to, { decisions })
  assert.deepEqual(plan.totals, { create: 1, keep: 1 })
  assert.deepEqual(
    plan.groups.map(({ conflict }: Fields) => conflict),
    ['gone', 'gone'],
  )
  const ledger = new Ledger(story, back, away)
  const done = await ledger.push(id, [back, away], { decisions })
  assert.deepEqual(done.totals, { created: 1, kept: 1 })
  assert.equal((await ask(story, back)).description, 'h')
  assert.deepEqual((await agency.get(`/${id}/conflicts`)).conflicts, [])
  assert.deepEqual((await agency.plan(id, to)).totals, { keep: 1, unchanged: 1 })
  await ledger.rollback(done.id, [back, away])
  assert.deepEqual((await agency.plan(id, to)).totals, { conflict: 2 })
})

test('decisions about what the version does not hold, about strangers, and about the same twice are refused', async () => {
  const { asset, target, snapshotId, source } = await startAsk()
  const refused = async (decisions: Fields[]) => {
    const body = { companyId: story.demo.companyId, locationIds: [target.id], decisions }
    const reply = await story.agency.client.post(story.agency.path(`/${snapshotId}/push`), body)
    assert.equal(reply.status, 422, JSON.stringify(reply.body))
    return JSON.stringify(reply.body)
  }
  assert.match(await refused([{ ...asset, lineage: 'x'.repeat(20), take: 'source' }]), /has no such asset/)
  assert.match(await refused([{ ...asset, kind: 'nothing', take: 'source' }]), /no kind of asset/)
  assert.match(await refused([{ ...asset, locationId: source.id, take: 'source' }]), /is no target/)
  const twice = { ...asset, path: 'description' }
  assert.match(
    await refused([
      { ...twice, take: 'source' },
      { ...twice, take: 'target' },
    ]),
    /decides the same/,
  )
})
