import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals } from '../support/deals.ts'
import { Ledger } from '../support/ledger.ts'
import { formOf, make, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let deals: Deals
before(async () => {
  story = await startStory()
  deals = new Deals(story)
})
after(() => story?.[Symbol.asyncDispose]())

type Fields = Record<string, unknown>
type Side = 'source' | 'target'

/** A source and a target, what waits between them field by field, and how it is settled. */
async function startPair() {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  let id = ''
  const push = async (options: object = {}) => {
    if (id === '') id = (await agency.capture(source.id)).id
    else assert.ok((await agency.client.post(agency.path(`/${id}/refresh`), {})).status < 300)
    return ledger.push(id, target, options)
  }
  const inbox = async () => (await agency.get(`/${id}/conflicts`)).conflicts
  /** Path -> [target, source] of what is open. */
  const open = async () => {
    const fields = (await inbox()).flatMap((one: { fields: Fields[] }) => one.fields)
    return Object.fromEntries(fields.map((one: Fields) => [one.path, [one.target, one.source]]))
  }
  const settle = async (path: string | undefined, take: Side) => {
    const [{ kind, lineage }] = await inbox()
    const decisions = [{ locationId: target.id, kind, lineage, ...(path === undefined ? {} : { path }), take }]
    const { push } = await agency.post(`/${id}/conflicts`, { decisions }, 202)
    return ledger.ended(push.id, target)
  }
  return { agency, source, target, ledger, push, inbox, open, settle, snapshotId: () => id }
}

/** Puts changes on the form "Ask" of a location. */
async function edit(location: Actor, change: (form: Fields) => Fields) {
  const { id } = await named(story, location, 'forms', 'Ask')
  const reply = await location.client.put(`/forms/${id}`, change(await formOf(location, id)))
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}
const ask = async (location: Actor) => formOf(location, (await named(story, location, 'forms', 'Ask')).id)

for (const how of ['pushed', 'matched'] as const) {
  /** "Ask" is in conflict in its description. */
  const startAsk = async () => {
    const pair = await startPair()
    const { source, target, push } = pair
    await makeForm(source, 'Ask', { description: 'h' })
    if (how === 'matched') {
      await makeForm(target, 'Ask', { description: 'c' })
    } else {
      await edit(source, () => ({ description: '0' }))
      await push()
      await edit(target, () => ({ description: 'c' }))
      await edit(source, () => ({ description: 'h' }))
    }
    assert.deepEqual((await push()).totals, { conflict: 1 })
    assert.deepEqual(await pair.open(), { description: ['c', 'h'] })
    return pair
  }

  for (const take of ['source', 'target'] as const) {
    test(`a conflict outlives later versions that change something else, and is settled by them (${how}, ${take})`, async () => {
      const { source, target, push, open, inbox, settle } = await startAsk()
      for (const text of ['One', 'Two']) {
        await edit(source, () => ({ theme: { buttonText: text } }))
        assert.deepEqual((await push()).totals, { merged: 1 })
        assert.deepEqual(await open(), { description: ['c', 'h'] })
      }
      const again = await push()
      assert.match(String(again.report[0]?.reason), /^conflict with version \d, kept$/)
      const [{ openedAt, version }] = await inbox()
      assert.ok(openedAt !== undefined && version > 1)
      await settle('description', take)
      const { description, theme } = await ask(target)
      assert.deepEqual([description, theme.buttonText], [take === 'source' ? 'h' : 'c', 'Two'], 'nothing else comes')
      assert.deepEqual(await open(), {})
      await edit(source, () => ({ theme: { buttonText: 'Three' } }))
      await push()
      assert.deepEqual([(await ask(target)).description, await open()], [description, {}])
    })
  }

  for (const side of ['source', 'target'] as const) {
    test(`a conflict is over once one side says what the other does, whatever else differs (${how}, ${side})`, async () => {
      const { source, target, push, open } = await startAsk()
      await edit(target, () => ({ theme: { buttonText: 'Mine' } }))
      const [from, to, said] = side === 'source' ? [source, target, 'c'] : [target, source, 'h']
      await edit(from, () => ({ description: said }))
      await push()
      assert.deepEqual([await open(), (await ask(to)).description], [{}, said])
    })
  }

  test(`a push that is rolled back leaves the conflict as it was before (${how})`, async () => {
    const { source, target, ledger, push, inbox } = await startAsk()
    const before = await inbox()
    await edit(source, () => ({ theme: { buttonText: 'One' } }))
    const { id } = await push()
    assert.notDeepEqual(await inbox(), before)
    await ledger.rollback(id, target)
    assert.deepEqual(await inbox(), before)
  })
}

test('a conflict and what the target deletes meanwhile: the asset is asked about, and comes back where that is said', async () => {
  for (const take of ['source', 'target'] as const) {
    const { source, target, push, inbox, settle } = await startPair()
    const { id } = await makeForm(source, 'Ask', { description: '0' })
    await push()
    const there = await named(story, target, 'forms', 'Ask')
    await edit(target, () => ({ description: 'c' }))
    await edit(source, () => ({ description: 'h' }))
    await push()
    assert.equal((await target.client.delete(`/forms/${there.id}`)).status, 200)
    await settle('description', 'source')
    assert.deepEqual(
      (await inbox()).map((one: Fields) => [one.lineage, one.reason, one.fields]),
      [[id, 'deleted in the target', []]],
    )
    await settle(undefined, take)
    assert.deepEqual(await inbox(), [])
    const reply = await target.client.get(`/forms/${there.id}`)
    assert.equal(reply.status, take === 'source' ? 200 : 404)
    if (take === 'source') assert.equal(reply.body.form.description, 'h')
  }
})

type Stage = { id?: string; name: string; probability?: number }

/** A pipeline "Sales" of these stages, pushed; both sides set probabilities then. */
async function startStages(names: string[], [mine, theirs]: [number[], number[]]) {
  const pair = await startPair()
  const stages = names.map((name) => ({ name, probability: 1 }))
  await make(pair.source, '/opportunities/pipelines', { name: 'Sales', stages })
  await pair.push()
  const set = (location: Actor, change: (stage: Stage, index: number) => Stage | Stage[]) =>
    deals.setStages(location, (all) => (all as Stage[]).flatMap(change))
  await set(pair.target, (stage, index) => ({ ...stage, probability: mine[index] as number }))
  await set(pair.source, (stage, index) => ({ ...stage, probability: theirs[index] as number }))
  const says = async () =>
    Object.fromEntries(((await deals.stages(pair.target)) as Stage[]).map((one) => [one.name, one.probability]))
  return { ...pair, set, says }
}

test('a field of a part is settled in the part that was shown, though names were swapped', async () => {
  const { source, push, set, open, settle, says } = await startStages(
    ['A', 'B'],
    [
      [50, 60],
      [10, 20],
    ],
  )
  await set(source, (stage) => ({ ...stage, name: stage.name === 'A' ? 'B' : 'A' }))
  await push()
  const waiting = await open()
  assert.deepEqual(Object.values(waiting).sort(), [
    [50, 10],
    [60, 20],
  ])
  const path = Object.keys(waiting).find((one) => waiting[one][1] === 10) as string
  await settle(path, 'source')
  assert.deepEqual(await says(), { B: 10, A: 60 })
  assert.deepEqual(Object.values(await open()), [[60, 20]])
})

for (const when of ['in the same push', 'later', 'by the target'] as const) {
  test(`a field of a part is settled though the part was renamed (${when})`, async () => {
    const { source, target, push, set, open, settle, says } = await startStages(
      ['A', 'B'],
      [
        [50, 60],
        [10, 20],
      ],
    )
    const rename = (place: Actor) => set(place, (stage) => (stage.name === 'A' ? { ...stage, name: 'C' } : stage))
    if (when === 'in the same push') await rename(source)
    await push()
    if (when === 'later') {
      await rename(source)
      await push()
    }
    if (when === 'by the target') await rename(target)
    const path = Object.entries(await open()).find(([, values]) => (values as number[])[1] === 10)?.[0] as string
    await settle(path, 'source')
    assert.deepEqual(await says(), { C: 10, B: 60 })
    assert.equal(Object.keys(await open()).length, 1)
  })
}

test('a field whose part the target has removed brings the part back, or leaves it away', async () => {
  for (const take of ['source', 'target'] as const) {
    const { target, push, set, open, settle, says } = await startStages(
      ['A', 'B'],
      [
        [50, 1],
        [10, 1],
      ],
    )
    await push()
    await set(target, (stage) => (stage.name === 'A' ? [] : stage))
    const [path] = Object.keys(await open()) as [string]
    await settle(path, take)
    assert.deepEqual([await says(), await open()], [take === 'source' ? { A: 10, B: 1 } : { B: 1 }, {}])
    await push()
    assert.deepEqual([await says(), await open()], [take === 'source' ? { A: 10, B: 1 } : { B: 1 }, {}])
  }
})

test('a part that the snapshot removes while one of its fields waits is asked about as a whole', async () => {
  for (const take of ['source', 'target'] as const) {
    const { source, push, set, open, settle, says } = await startStages(
      ['A', 'B'],
      [
        [50, 1],
        [10, 1],
      ],
    )
    await push()
    await set(source, (stage) => (stage.name === 'A' ? [] : stage))
    await push()
    assert.deepEqual(Object.keys(await open()), ['stages[A]'])
    await settle('stages[A]', take)
    assert.deepEqual([await says(), await open()], [take === 'source' ? { B: 1 } : { A: 50, B: 1 }, {}])
  }
})

test('both orders, and a name beside a stage that waits for its deals, stay open until somebody decides', async () => {
  const { source, target, push, set, open, settle, says } = await startStages(
    ['A', 'B', 'C'],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  )
  const order = (place: Actor, ...names: string[]) =>
    deals.setStages(place, (all) => names.map((name) => all.find((one) => one.name === name) as Stage))
  await order(target, 'C', 'A', 'B')
  await order(source, 'B', 'A', 'C')
  await push()
  assert.deepEqual(Object.keys(await open()), ['stages.order'])
  const rename = async (place: Actor, name: string) => {
    const pipeline = (await place.client.get(`/opportunities/pipelines?locationId=${place.id}`)).body.pipelines[0]
    assert.equal((await place.client.put(`/opportunities/pipelines/${pipeline.id}`, { name })).status, 200)
  }
  await set(source, (stage) => ({ ...stage, probability: 5 }))
  await push()
  assert.deepEqual(await open(), {
    'stages.order': [
      ['C', 'A', 'B'],
      ['B', 'A', 'C'],
    ],
  })
  assert.deepEqual(Object.values(await says()), [5, 5, 5])
  await settle('stages.order', 'source')
  assert.deepEqual([await deals.names(target), await open()], [['B', 'A', 'C'], {}])

  await deals.make(target, 'C')
  await rename(target, 'Ours')
  await rename(source, 'Theirs')
  await deals.drop(source, 'C', 'Theirs')
  await push()
  assert.deepEqual(Object.keys(await open()).sort(), ['name', 'stages[C]'])
  await deals.setStages(source, (all) => all.map((one) => ({ ...one, probability: 9 })), 'Theirs')
  await push()
  assert.deepEqual(Object.keys(await open()).sort(), ['name', 'stages[C]'])
})

test('fields of a form wait one by one, in parts that have moved, too', async () => {
  const { source, target, push, open, settle } = await startPair()
  const fields = ['A', 'B'].map((label) => ({ type: 'text', label, placeholder: '0' }))
  await makeForm(source, 'Ask', { fields })
  await push()
  const say = (location: Actor, says: string) =>
    edit(location, (form) => ({ fields: (form.fields as Fields[]).map((one) => ({ ...one, placeholder: says })) }))
  await say(target, 'c')
  await say(source, 'h')
  await push()
  assert.deepEqual(Object.keys(await open()), ['fields[A].placeholder', 'fields[B].placeholder'])
  await edit(source, (form) => ({ fields: (form.fields as Fields[]).toReversed(), description: 'new' }))
  await push()
  assert.deepEqual(Object.keys(await open()).sort(), ['fields[A].placeholder', 'fields[B].placeholder'])
  await settle('fields[A].placeholder', 'source')
  assert.deepEqual(
    ((await ask(target)).fields as Fields[]).map(({ label, placeholder }) => [label, placeholder]),
    [
      ['B', 'c'],
      ['A', 'h'],
    ],
  )
  assert.deepEqual(await open(), { 'fields[B].placeholder': ['c', 'h'] })
})

test('a path that is listed can be decided, whatever the part is called', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const tag = await makeTag(source, 'vip')
  const labels = ['⟦Ask⟧', `see ${tag}`, 'a.b[c]', 'x'.repeat(900)]
  await makeForm(source, 'Ask', { fields: labels.map((label) => ({ type: 'text', label, placeholder: '0' })) })
  const { id } = await agency.capture(source.id)
  await agency.push(id, [target.id])
  const say = (location: Actor, says: string) =>
    edit(location, (form) => ({ fields: (form.fields as Fields[]).map((one) => ({ ...one, placeholder: says })) }))
  await say(target, 'c')
  await say(source, 'h')
  await agency.refresh(id)
  await agency.push(id, [target.id])
  const inbox = async () => (await agency.get(`/${id}/conflicts`)).conflicts
  const [{ kind, lineage, fields }] = await inbox()
  const paths: string[] = fields.map(({ path }: { path: string }) => path)
  assert.equal(paths.length, labels.length)
  assert.ok(paths.includes('fields[⟦Ask⟧].placeholder') && paths.includes('fields[see [tags: vip]].placeholder'))
  for (const [index, path] of paths.entries()) {
    const decisions = [{ locationId: target.id, kind, lineage, path, take: 'source' }]
    await agency.ended((await agency.post(`/${id}/conflicts`, { decisions }, 202)).push.id)
    const done = ((await ask(target)).fields as Fields[]).filter(({ placeholder }) => placeholder === 'h')
    assert.equal(done.length, index + 1, path.slice(0, 40))
  }
  assert.deepEqual(await inbox(), [])
})
