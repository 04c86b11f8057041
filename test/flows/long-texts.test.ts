import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { formOf, makeForm, makeTag, named as namedIn } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const pair = async () => [await newLocation(story, 'Source'), await newLocation(story, 'Target')] as const
const named = (location: Actor, kind: string, name: string) => namedIn(story, location, kind, name)

test('a page of half a million letters keeps its references, whatever else is in it', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  const page = (id: string) => `${'Z9x'.repeat(100_000)}${id}${'<p>aB3dE6gH9jK2mN5pQ8sT1v</p>'.repeat(5_000)}tag${id}`
  const { status } = await source.client.post('/emails/builder', {
    locationId: source.id,
    name: 'Long',
    type: 'html',
    html: page(tag),
  })
  assert.equal(status, 201)
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  assert.equal(
    (await named(target, 'email_templates', 'Long')).document.html,
    page((await named(target, 'tags', 'vip')).id),
  )
})

test('a text at its limit that holds a reference can be merged', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  const full = (id: string) => `${'x '.repeat(9_990)}${id}`
  const form = await makeForm(source, 'Full', { trackingCode: full(tag), description: 'One' })
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const mine = await named(target, 'forms', 'Full')
  await target.client.put(`/forms/${mine.id}`, { theme: { font: 'Ours' } })
  await source.client.put(`/forms/${form.id}`, { description: 'Two' })
  await agency.refresh(snapshot.id)
  assert.deepEqual((await agency.push(snapshot.id, [target.id])).totals, { merged: 1, unchanged: 1 })
  const read = await formOf(target, mine.id)
  assert.deepEqual(
    [read.description, read.theme.font, read.trackingCode],
    ['Two', 'Ours', full((await named(target, 'tags', 'vip')).id)],
  )
})
