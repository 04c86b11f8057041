import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals } from '../support/deals.ts'
import { edit, startDispute } from '../support/disputes.ts'
import { make, makeForm, makeTag } from '../support/made-assets.ts'
import { type Story, startStory } from '../support/stories.ts'

/** Who decides about a conflict is shown what the target says by now, as that is what they give up. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

for (const how of ['pushed', 'matched'] as const) {
  test(`what the client says since is shown of a field (${how})`, async () => {
    const pair = await startDispute(story)
    const { source, target, push, open, settle } = pair
    await makeForm(source, 'Ask', { description: how === 'matched' ? 'Theirs' : 'One' })
    if (how === 'matched') await makeForm(target, 'Ask', { description: 'Mine' })
    else {
      await push()
      await edit(story, target, () => ({ description: 'Mine' }))
      await edit(story, source, () => ({ description: 'Theirs' }))
    }
    await push()
    assert.deepEqual(await open(), { description: ['Mine', 'Theirs'] })
    await edit(story, target, () => ({ theme: { buttonText: 'Another field' } }))
    assert.deepEqual(await open(), { description: ['Mine', 'Theirs'] })
    await edit(story, target, () => ({ description: 'Mine since' }))
    assert.deepEqual(await open(), { description: ['Mine since', 'Theirs'] })
    await settle('description', 'target')
    assert.deepEqual(await open(), {})
  })
}

test('a reference is shown by its name, as the target has it by now', async () => {
  const { source, target, push, open } = await startDispute(story)
  const say = (id: string) => ({ onSubmit: { action: 'message', message: `See {{trigger_link.${id}}}` } })
  const [first, second, mine] = [
    await makeTag(source, 'First'),
    await makeTag(source, 'Second'),
    await makeTag(target, 'Mine'),
  ]
  await makeForm(source, 'Ask', say(first))
  await push()
  await edit(story, target, () => ({ onSubmit: { action: 'message', message: 'Nothing' } }))
  await edit(story, source, () => say(second))
  await push()
  await edit(story, target, () => say(mine))
  const named = (name: string) => `See {{trigger_link.[tags: ${name}]}}`
  assert.deepEqual(await open(), { 'onSubmit.message': [named('Mine'), named('Second')] })
})

test('a field of a part is told of the part that it is about, wherever that stands and whatever it is called by now', async () => {
  const { source, target, push, open } = await startDispute(story)
  const deals = new Deals(story)
  const stages = ['A', 'B'].map((name) => ({ name, probability: 1 }))
  await make(source, '/opportunities/pipelines', { name: 'Sales', stages })
  await push()
  type Stage = { name: string; probability?: number }
  const set = (at: typeof source, probability: number) =>
    deals.setStages(at, (all) => (all as Stage[]).map((one) => (one.name === 'A' ? { ...one, probability } : one)))
  await set(target, 50)
  await set(source, 10)
  await push()
  assert.deepEqual(Object.values(await open()), [[50, 10]])
  await set(target, 70)
  await deals.setStages(target, (all) =>
    (all as Stage[]).map((one) => ({ ...one, name: one.name === 'A' ? 'B' : 'A' })).toReversed(),
  )
  assert.deepEqual(Object.values(await open()), [[70, 10]])
})
