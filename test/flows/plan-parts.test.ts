import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ledger } from '../support/ledger.ts'
import { brokenIn, formOf, make, makeFlow, makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'
import { inWords, type Warning, warningsOf } from '../support/warnings.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const told = (warnings: readonly Warning[]) => inWords(warnings).sort()

const FIELDS = [
  { type: 'full_name', label: 'Name' },
  { type: 'text', label: 'Size' },
  { type: 'text', label: 'Colour' },
]
type Field = { id: string; label: string }
const fieldsOf = async (location: Actor) =>
  (await formOf(location, (await named(story, location, 'forms', 'Ask')).id)).fields as Field[]
/** A text of the client's own that names a field of the form. */
const tellOf = ({ id }: Field) => ({ steps: [{ type: 'send_sms', body: `You said {{ form.${id} }}.` }] })

for (const how of ['pushed', 'matched'] as const) {
  for (const options of [{}, { policy: 'skip' }, { policy: 'override' }] as const) {
    test(`a field that leaves a form is told where the client's own workflow names it (${how}, ${JSON.stringify(options)})`, async () => {
      const { agency } = story
      const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
      const form = await makeForm(source, 'Ask', { fields: FIELDS })
      if (how === 'matched') await makeForm(target, 'Ask', { fields: FIELDS })
      const snapshot = await agency.capture(source.id)
      const ledger = new Ledger(story, source, target)
      await ledger.push(snapshot.id, target)
      const [, size, colour] = (await fieldsOf(target)) as [Field, Field, Field]
      await makeFlow(target, 'Ours', tellOf(size))
      await makeFlow(target, 'Others', tellOf(colour))
      const left = ((form.fields ?? (await fieldsOf(source))) as Field[]).filter(({ label }) => label !== 'Size')
      assert.equal((await source.client.put(`/forms/${form.id}`, { fields: left })).status, 200)
      await agency.refresh(snapshot.id)
      const { totals } = await agency.plan(snapshot.id, [target.id], options)
      assert.deepEqual(totals, { update: 1 })
      assert.deepEqual(told(await warningsOf(story, snapshot.id, target, options)), [
        'Ask: the field "Size" goes, and workflows "Ours" would refer to nothing',
      ])
      const push = await ledger.push(snapshot.id, target, options)
      assert.deepEqual(await brokenIn(target), ['Ours'])
      const { plan } = await agency.post(`/pushes/${push.id}/rollback`, { preview: true })
      assert.deepEqual(plan.targets[0].warnings, [])
    })
  }
}

for (const more of [0, 30]) {
  test(`a form that goes takes its fields along: what names only one of them is told (${more} more fields)`, async () => {
    const { agency } = story
    const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
    const others = Array.from({ length: more }, (_, number) => ({ type: 'text', label: `Field ${number}` }))
    const form = await makeForm(source, 'Ask', { fields: [...FIELDS, ...others] })
    await makeForm(source, 'Rest')
    const snapshot = await agency.capture(source.id)
    const ledger = new Ledger(story, source, target)
    const push = await ledger.push(snapshot.id, target)
    const [, size] = (await fieldsOf(target)) as [Field, Field]
    await makeFlow(target, 'Ours', tellOf(size))
    await makeFlow(target, 'Both', {
      ...tellOf(size),
      trigger: { type: 'form_submitted', formId: (await named(story, target, 'forms', 'Ask')).id },
    })
    await source.client.delete(`/forms/${form.id}`)
    await agency.refresh(snapshot.id)
    const why = ['Ask: the form goes, and workflows "Both", workflows "Ours" would refer to nothing']
    assert.deepEqual(told(await warningsOf(story, snapshot.id, target, { deletions: true })), why)
    const { plan } = await agency.post(`/pushes/${push.id}/rollback`, { preview: true })
    assert.deepEqual(told(plan.targets[0].warnings), why)
    await ledger.push(snapshot.id, target, { deletions: true })
    assert.deepEqual([...new Set(await brokenIn(target))].sort(), ['Both', 'Ours'])
  })
}

test('an event that leaves a campaign is told in the same way', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const events = ['One', 'Two'].map((name) => ({ type: 'sms', name, body: name, delay: { amount: 1, unit: 'days' } }))
  const campaign = await make(source, '/campaigns/', { name: 'Drip', events })
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target)
  const { document } = await named(story, target, 'campaigns', 'Drip')
  await makeFlow(target, 'Ours', tellOf((document.events as unknown as Field[])[1] as Field))
  const [first] = (await named(story, source, 'campaigns', 'Drip')).document.events as unknown as Field[]
  assert.equal((await source.client.put(`/campaigns/${campaign.id}`, { events: [first] })).status, 200)
  await agency.refresh(snapshot.id)
  assert.deepEqual(told(await warningsOf(story, snapshot.id, target)), [
    'Drip: the event "Two" goes, and workflows "Ours" would refer to nothing',
  ])
})
