import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idsIn, Ledger, namesIn, told } from '../support/ledger.ts'
import { formOf, makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

/**
 * Nobody works until the test says so: what happens between the acceptance of a push and its targets is in the test's
 * hand.
 */
let story: Story
let isWorking = false
before(async () => {
  story = await startStory({ work: false })
})
after(() => story?.[Symbol.asyncDispose]())

async function makeTemplate(source: Actor) {
  const form = await makeForm(source, 'Ask', { description: 'Snapshot' })
  await makeTag(source, 'vip')
  const snapshot = await story.agency.capture(source.id)
  return { form: form.id, snapshot: snapshot.id as string }
}

const describe = async (location: Actor, id: string, description: string) =>
  assert.equal((await location.client.put(`/forms/${id}`, { description })).status, 200)

interface Between {
  what: string
  policy: string
  /** What happens in the second target after the push was accepted. */
  act: (location: Actor, form: string) => Promise<unknown>
  /** What the retry makes of it. */
  retried: Record<string, number>
}

const BETWEEN: Between[] = [
  {
    what: 'an edit',
    policy: 'override',
    act: (location, form) => describe(location, form, 'Since'),
    retried: { updated: 1, created: 1 },
  },
  {
    what: 'an edit',
    policy: 'merge',
    act: (location, form) => describe(location, form, 'Since'),
    retried: { conflict: 1, created: 1 },
  },
  {
    what: 'an edit to what the snapshot says',
    policy: 'skip',
    act: (location, form) => describe(location, form, 'Snapshot'),
    retried: { unchanged: 1, created: 1 },
  },
  {
    what: 'a deletion',
    policy: 'override',
    act: (location, form) => location.client.delete(`/forms/${form}`),
    retried: { created: 2 },
  },
  {
    what: 'a tag of the same name',
    policy: 'override',
    act: (location) => makeTag(location, 'vip'),
    retried: { updated: 1, unchanged: 1 },
  },
]

test('an accepted plan holds for each target when its turn comes: who moved is left alone, and a retry plans it anew', async () => {
  const { agency } = story
  const started = []
  for (const { what, policy, act, retried } of BETWEEN) {
    const places = [
      await newLocation(story, 'Source'),
      await newLocation(story, 'Quiet'),
      await newLocation(story, 'Busy'),
    ] as const
    const [source, quiet, busy] = places
    const { snapshot } = await makeTemplate(source)
    const forms = [
      (await makeForm(quiet, 'Ask', { description: 'Own' })).id,
      (await makeForm(busy, 'Ask', { description: 'Own' })).id,
    ] as const
    const options = { locationIds: [quiet.id, busy.id], policy }
    const { plan } = await agency.post(`/${snapshot}/plan`, options)
    const { push } = await agency.post(`/${snapshot}/push`, { ...options, planHash: plan.hash }, 202)
    await act(busy, forms[1])
    started.push({
      name: `${what}, ${policy}`,
      policy,
      snapshot,
      push: push.id,
      plan,
      quiet,
      busy,
      retried,
      ledger: new Ledger(story, ...places),
      before: await readAll(story, busy.id),
    })
  }
  await story.server.app.work()
  isWorking = true
  for (const { name, policy, snapshot, push, plan, quiet, busy, retried, ledger, before } of started) {
    const { status, totals } = await agency.ended(push)
    assert.deepEqual([name, status], [name, 'partial'])
    const good = await agency.outcomes(push, quiet.id)
    assert.deepEqual([name, good.status, good.totals.created], [name, 'completed', 1])
    const moved = await agency.outcomes(push, busy.id)
    assert.deepEqual([moved.status, moved.completed], ['failed', []])
    assert.match(moved.error, /changed since the plan/)
    const touched = moved.assets.filter((asset: { outcome: string }) => asset.outcome === 'conflict')
    assert.ok(
      touched.length > 0 && touched.every((asset: { reason: string }) => asset.reason === 'changed since the plan'),
    )
    assert.equal(totals.conflict ?? 0, touched.length + (good.totals.conflict ?? 0))
    assert.deepEqual(await readAll(story, busy.id), before, `${name}: nothing was written`)
    assert.notEqual((await agency.plan(snapshot, [quiet.id, busy.id], { policy })).hash, plan.hash)
    await agency.post(`/pushes/${push}/retry`, {}, 202)
    await ledger.ended(push, [quiet, busy])
    const again = await agency.outcomes(push, busy.id)
    assert.deepEqual([name, again.status, again.totals], [name, 'completed', retried])
    assert.deepEqual(
      (await agency.outcomes(push, quiet.id)).assets,
      good.assets,
      'the other target is not touched again',
    )
    assert.deepEqual(await namesIn(story, busy, 'tags'), ['vip'])
  }
})

test('what the push does not touch may change meanwhile, and a plan whose target moved before the push is refused at once', async () => {
  if (!isWorking) await story.server.app.work()
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const { form, snapshot } = await makeTemplate(source)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot, target)
  await describe(source, form, 'Newer')
  await agency.refresh(snapshot)
  const plan = await agency.plan(snapshot, [target.id])
  await makeTag(target, 'unrelated')
  const push = await ledger.push(snapshot, target, { planHash: undefined })
  assert.deepEqual(told(push.report, 'forms'), ['Ask: updated'])
  assert.notEqual((await agency.plan(snapshot, [target.id])).hash, plan.hash)
  const ids = await idsIn(story, target)
  await describe(target, ids['forms Ask'] as string, 'Mine')
  await agency.post(`/${snapshot}/push`, { locationIds: [target.id], planHash: plan.hash }, 409)
  assert.equal((await formOf(target, ids['forms Ask'] as string)).description, 'Mine')
})
