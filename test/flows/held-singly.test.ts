import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, Ledger, namesIn, startPair, told } from '../support/ledger.ts'
import { make, makeForm } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

/** What a snapshot holds of an asset of a location is what its last push about that asset brought. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const KINDS = {
  forms: {
    make: async (at: Actor, name: string, description: string) => (await makeForm(at, name, { description })).id,
    drop: (at: Actor, id: string) => at.client.delete(`/forms/${id}`),
  },
  templates: {
    make: async (at: Actor, name: string, body: string) =>
      (
        await make(at, `/locations/${at.id}/templates`, {
          ...{ name, type: 'sms', template: { body, attachments: [] }, urlAttachments: [] },
        })
      ).id,
    drop: (at: Actor, id: string) => at.client.delete(`/locations/${at.id}/templates/${id}`),
  },
} as const
type KindName = keyof typeof KINDS

/**
 * The snapshot "Held" has an open conflict of its first version about Ask, and has brought Tell alone in its second;
 * "Ours" has brought Tell, too, and holds it no longer.
 */
async function startHeld(kind: KindName, cameFrom: 'pushed' | 'matched') {
  const { agency, source, target, ledger } = await startPair(story)
  const { make: makeOne, drop } = KINDS[kind]
  const ask = await makeOne(source, 'Ask', 'Theirs')
  await makeOne(target, 'Ask', 'Mine')
  if (cameFrom === 'matched') await makeOne(target, 'Tell', 'Theirs')
  const held = await agency.capture(source.id, { name: 'Held' })
  assert.deepEqual(told((await ledger.push(held.id, target)).report), ['Ask: conflict'])
  const tell = await makeOne(source, 'Tell', 'Theirs')
  await agency.refresh(held.id)
  await ledger.push(held.id, target, { only: [{ kind, lineage: tell }] })
  const ours = await agency.capture(source.id, {
    name: 'Ours',
    assets: [
      { kind, id: tell },
      { kind, id: ask },
    ],
  })
  await ledger.push(ours.id, target, { only: [{ kind, lineage: tell }] })
  assert.equal((await drop(source, tell)).status, 200)
  await agency.refresh(ours.id)
  const only = [{ kind, lineage: ask }]
  return { agency, target, ledger, held, ours, ask: { kind, lineage: ask, locationId: target.id }, only }
}
type Held = Awaited<ReturnType<typeof startHeld>>

const SINCE: Record<string, (world: Held) => Promise<unknown>> = {
  'a decision about another asset': async ({ agency, held, ask }) => {
    const { push } = await agency.post(`/${held.id}/conflicts`, { decisions: [{ ...ask, take: 'target' }] }, 202)
    return agency.ended(push.id)
  },
  'an older version of another asset': ({ ledger, target, held, only }) =>
    ledger.push(held.id, target, { version: 1, only }),
}

for (const kind of Object.keys(KINDS) as KindName[]) {
  for (const cameFrom of ['pushed', 'matched'] as const) {
    for (const [what, since] of Object.entries(SINCE)) {
      test(`${kind} that another snapshot brought (${cameFrom}) stay when they leave this one, whatever that one did since: ${what}`, async () => {
        const world = await startHeld(kind, cameFrom)
        const { target, ledger, ours } = world
        await since(world)
        const push = await ledger.push(ours.id, target, { deletions: 'all' })
        const line = push.report.find(({ name }) => name === 'Tell')
        assert.deepEqual([line?.outcome, line?.reason], ['kept', 'left the snapshot; stays, as Held brought it too'])
        assert.deepEqual(await namesIn(story, target, kind), ['Ask', 'Tell'])
      })
    }
  }
}

test('decided for one sub-account, an asset is nothing that the snapshot brought to another one', async () => {
  const { agency, source, target } = await startPair(story)
  const second = await newLocation(story, 'Second')
  const ledger = new Ledger(story, source, target, second)
  const { make: makeOne, drop } = KINDS.forms
  const [ask, tell] = [await makeOne(source, 'Ask', 'Theirs'), await makeOne(source, 'Tell', 'Theirs')]
  await makeOne(target, 'Ask', 'Mine')
  await makeOne(second, 'Tell', 'Mine')
  const held = await agency.capture(source.id, { name: 'Held' })
  const ours = await agency.capture(source.id, { name: 'Ours' })
  const about = (lineage: string) => ({ only: [{ kind: 'forms', lineage }] })
  await ledger.push(held.id, target, about(ask))
  await ledger.push(held.id, second, about(tell))
  await ledger.push(ours.id, target, about(tell))
  const decisions = [
    { locationId: target.id, kind: 'forms', lineage: ask, take: 'target' },
    { locationId: second.id, kind: 'forms', lineage: tell, take: 'target' },
  ]
  const { push } = await agency.post(`/${held.id}/conflicts`, { decisions }, 202)
  await agency.ended(push.id)
  const theirs = (await idsIn(story, target))['forms Tell']
  assert.equal((await target.client.put(`/forms/${theirs}`, { description: 'Mine' })).status, 200)
  assert.deepEqual(await driftIn(story, held.id, target), ['Ask: edited'])
  assert.deepEqual(await driftIn(story, ours.id, target), ['Tell: edited'])
  assert.equal((await drop(source, tell)).status, 200)
  await agency.refresh(held.id)
  await agency.refresh(ours.id)
  const options = { deletions: true, policy: 'override', policies: { [`forms/${ask}`]: 'skip' } }
  await ledger.push(held.id, target, options)
  assert.deepEqual(await namesIn(story, target, 'forms'), ['Ask', 'Tell'], 'Held leaves alone what it never brought')
  await ledger.push(ours.id, target, options)
  assert.deepEqual(await namesIn(story, target, 'forms'), ['Ask'], 'and is no reason for it to stay')
})

/** A form as "First" brought it, edited by the client since, and changed by its source. */
async function startSkipped() {
  const { agency, source, target, ledger } = await startPair(story)
  const id = await KINDS.forms.make(source, 'Ask', 'One')
  const first = await agency.capture(source.id, { name: 'First' })
  const old = await agency.capture(source.id, { name: 'Old' })
  await ledger.push(first.id, target)
  const theirs = (await idsIn(story, target))['forms Ask']
  assert.equal((await target.client.put(`/forms/${theirs}`, { description: 'Mine' })).status, 200)
  assert.equal((await source.client.put(`/forms/${id}`, { description: 'Two' })).status, 200)
  await agency.refresh(first.id)
  const fresh = await agency.capture(source.id, { name: 'Fresh' })
  const warnings = async (snapshot: { id: string }) =>
    (await agency.plan(snapshot.id, [target.id], { policy: 'override' })).targets[0].warnings?.map(
      ({ why }: { why: string }) => why,
    ) ?? []
  return { ledger, target, first, old, fresh, warnings }
}

test('a plan says which version another snapshot brought last, and not which one it has left alone', async () => {
  const { ledger, target, first, old, fresh, warnings } = await startSkipped()
  const push = await ledger.push(first.id, target, { policy: 'skip' })
  assert.deepEqual(told(push.report), ['Ask: skipped'])
  assert.deepEqual(await warnings(fresh), ['the snapshot "First", version 1, brought another version of it'])
  assert.deepEqual(await warnings(old), [])
  await ledger.push(first.id, target, { policy: 'override' })
  assert.deepEqual(await warnings(fresh), [])
  assert.deepEqual(await warnings(old), ['the snapshot "First", version 2, brought another version of it'])
})

test('a plan says who brought what stands in the target, also after a push that was undone for this asset alone', async () => {
  const { ledger, target, first, old, fresh, warnings } = await startSkipped()
  const push = await ledger.push(first.id, target, { policy: 'override' })
  const lineage = push.report.find(({ name }) => name === 'Ask')?.lineage
  await ledger.rollback(push.id, target, { only: [{ kind: 'forms', lineage }] })
  assert.deepEqual(await warnings(fresh), ['the snapshot "First", version 1, brought another version of it'])
  assert.ok(!(await warnings(old)).includes('the snapshot "First", version 1, brought another version of it'))
})

test('a plan says who brought what stands in the target, also when the roll-back of that push has kept it', async () => {
  const { source, target, ledger, agency } = await startPair(story)
  const id = await KINDS.forms.make(source, 'Ask', 'One')
  const first = await agency.capture(source.id, { name: 'First' })
  const push = await ledger.push(first.id, target)
  const theirs = (await idsIn(story, target))['forms Ask']
  assert.equal((await target.client.put(`/forms/${theirs}`, { description: 'Mine' })).status, 200)
  const undone = await ledger.rollback(push.id, target)
  assert.deepEqual(told(undone.report), ['Ask: kept'])
  assert.equal((await source.client.put(`/forms/${id}`, { description: 'Two' })).status, 200)
  const fresh = await agency.capture(source.id, { name: 'Fresh' })
  const [plan] = (await agency.plan(fresh.id, [target.id], { policy: 'override' })).targets
  assert.deepEqual(
    plan.warnings?.map(({ why }: { why: string }) => why),
    ['the snapshot "First", version 1, brought another version of it'],
  )
})
