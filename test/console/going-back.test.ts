import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { toTold } from '../../console/src/screens/fleet/together.ts'
import { startChromium } from '../support/chromium.ts'
import { enterAt } from '../support/console.ts'
import { makeForm } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0 })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('going back from a tab leads to the tab before it, wherever tabs are', async () => {
  const { agency } = story
  const place = await newLocation(story, 'Goes back')
  const { id: formId } = await makeForm(place, 'Ask')
  const { id } = await agency.capture(place.id, { name: 'Gone back to' })
  const { id: pushId } = await agency.push(id, [story.empty.id])
  await using window = await enterAt(browser, story, '')
  const { page } = window
  const tab = (name: string) => page.getByRole('tab', { name })
  for (const [path, first, ...others] of [
    [`/snapshots/${id}`, 'What it holds', 'Versions', 'Where it stands'],
    [`/pushes/${pushId}`, 'Sub-accounts', 'Conflicts'],
    [`/locations/${place.id}`, 'Assets', 'Broken references'],
    [`/locations/${place.id}/assets/forms/${formId}`, 'Form', 'JSON', 'History'],
    [`/locations/${place.id}/records`, 'Contacts', 'Businesses'],
    [`/push?snapshot=${id}&to=${story.empty.id}`, 'By change', 'By sub-account', 'Warnings'],
    ['/catalogue/create_contact', 'Try it', 'Code'],
  ] as const) {
    await window.visit(path)
    await tab(first).waitFor()
    const address = page.url()
    for (const name of others) {
      await tab(name).click()
      await page.getByRole('tab', { name, selected: true }).waitFor()
    }
    for (const name of [first, ...others].toReversed().slice(1)) {
      await page.goBack()
      await page.getByRole('tab', { name, selected: true }).waitFor()
    }
    assert.equal(page.url(), address)
  }
  window.assertCalm()
})

test('what somebody did to one thing again and again is told once', () => {
  const change = (actor: string, ...ids: string[]) => ({
    at: '2026-03-01T00:00:00.000Z',
    actor,
    actorName: actor,
    cause: null,
    changes: ids.length,
    kinds: { forms: ids.length },
    locations: [{ locationId: 'here', locationName: 'Here' }],
    sample: ids.map((id, index) => ({
      id: String(index),
      locationId: 'here',
      kind: 'forms',
      entityId: id,
      name: id,
      op: 'update',
    })),
  })
  const told = (...changes: ReturnType<typeof change>[]) =>
    toTold(changes).map(({ actor, times, kinds, sample }) => `${actor} ${kinds.forms} ${sample[0]?.entityId} ${times}`)
  const [ada, bob] = ['Ada', 'Bob']
  assert.deepEqual(told(change(ada, 'a'), change(ada, 'a', 'a'), change(ada, 'a')), ['Ada 1 a 3'])
  assert.deepEqual(told(change(ada, 'a'), change(bob, 'a'), change(ada, 'a')), ['Ada 1 a 1', 'Bob 1 a 1', 'Ada 1 a 1'])
  assert.deepEqual(told(change(ada, 'a'), change(ada, 'b'), change(ada, 'b')), ['Ada 1 a 1', 'Ada 1 b 2'])
  assert.deepEqual(told(change(ada, 'a', 'b'), change(ada, 'a', 'b')), ['Ada 2 a 1', 'Ada 2 a 1'])
  // Of more than the sample tells it is not known what it was about.
  assert.deepEqual(told({ ...change(ada, 'a'), changes: 9 }, change(ada, 'a')), ['Ada 1 a 1', 'Ada 1 a 1'])
})

test('a record, and its form, name the sub-account that they belong to', async () => {
  const { client, id } = await newLocation(story, 'Of the record')
  const { contact } = (await client.post('/contacts/', { locationId: id, firstName: 'Ada' })).body
  const place = `/locations/${id}/records/contacts/${contact.id}`
  await using window = await enterAt(browser, story, place)
  const trail = window.page.getByRole('navigation', { name: 'Breadcrumb' })
  for (const [path, words] of [
    [place, 'Of the record › Contacts'],
    [`${place}/edit`, 'Of the record › Contacts › Ada'],
    [`/locations/${id}/records/contacts/new`, 'Of the record › Contacts'],
  ] as const) {
    await window.visit(path)
    await trail.getByRole('link', { name: 'Of the record' }).waitFor()
    await trail.getByText(words, { exact: true }).waitFor()
  }
  await trail.getByRole('link', { name: 'Of the record' }).click()
  await window.page.getByRole('heading', { name: 'Of the record' }).waitFor()
  window.assertCalm()
})
