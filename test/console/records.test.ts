import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { changedBetween, type Entry, recordAt } from '../../console/src/screens/records/replay.ts'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, work: false, rateLimit: 0 })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

const enter = (path: string) => enterAt(browser, story, path)

test('a contact is found, and the slider shows it as it was at any moment, with what changed between two', async () => {
  const { client, id } = await newLocation(story, 'Records')
  const made = await client.post('/contacts/', {
    locationId: id,
    firstName: 'Ada',
    lastName: 'Lovelace',
    city: 'London',
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const contactId = made.body.contact.id
  await client.post('/contacts/', { locationId: id, firstName: 'Grace', lastName: 'Hopper' })
  for (const city of ['Paris', 'Turin'])
    assert.equal((await client.put(`/contacts/${contactId}`, { city })).status, 200)
  await using window = await enter(`/locations/${id}`)
  const { page } = window
  await page.getByRole('link', { name: 'Records' }).click()
  await page.getByRole('cell', { name: 'Grace Hopper' }).waitFor()
  await assertSound(page)
  await page.getByRole('searchbox').fill('Lovel')
  await page.waitForURL(/q=Lovel/)
  await page.getByRole('cell', { name: 'Grace Hopper' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  const city = page.locator('dd', { hasText: 'Turin' })
  await city.getByText('before: Paris').waitFor()
  await assertSound(page)
  await page.getByRole('slider', { name: 'Shown' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.waitForURL(/at=\d+/)
  await page.locator('dd', { hasText: 'Paris' }).waitFor()
  assert.equal(await page.locator('dd', { hasText: 'Turin' }).count(), 0)
  await page.reload()
  await page.locator('dd', { hasText: 'Paris' }).waitFor()
  await page.getByRole('slider', { name: 'Compared with' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.locator('dd', { hasText: 'Paris' }).getByText('before: London').waitFor()
  window.assertCalm()
})

test('opportunities stand on a board by stage, appointments in a week', async () => {
  const { client, id } = await newLocation(story, 'Board')
  const { pipeline } = (
    await client.post('/opportunities/pipelines/', {
      locationId: id,
      name: 'Sales',
      stages: [{ name: 'New' }, { name: 'Won' }],
    })
  ).body
  const contact = (await client.post('/contacts/', { locationId: id, firstName: 'Ada' })).body.contact
  const made = await client.post('/opportunities/', {
    locationId: id,
    pipelineId: pipeline.id,
    pipelineStageId: pipeline.stages[1].id,
    name: '<b>Engine</b>',
    status: 'open',
    contactId: contact.id,
    monetaryValue: 1200,
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await using window = await enter(`/locations/${id}/records?kind=opportunities`)
  const { page } = window
  await page.getByRole('link', { name: '<b>Engine</b>' }).waitFor()
  await page.getByRole('combobox', { name: 'Board of a pipeline' }).click()
  await page.getByRole('option', { name: 'Sales' }).click()
  await page.getByRole('region', { name: 'Won' }).getByRole('link', { name: '<b>Engine</b>' }).waitFor()
  await assertSound(page)
  await page.getByRole('tab', { name: 'Appointments' }).click()
  await page.getByText('Nothing here yet').waitFor()
  for (const kind of ['Conversations', 'Businesses']) {
    await page.getByRole('tab', { name: kind }).click()
    await page.getByText('Nothing here yet').waitFor()
  }
  await window.visit(`/locations/${story.template.id}/records?kind=appointments`)
  await page.getByRole('combobox', { name: 'Calendar' }).waitFor()
  await page.getByText('nothing').first().waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'The week after' }).click()
  await page.waitForURL(/week=\d{4}-/)
  window.assertCalm()
})

test('a record is replayed backwards: to each of its states, and to before it was there', () => {
  const entry = (second: number, op: string, fields: Entry['fields']): Entry => ({
    id: `${second}`,
    at: new Date(second * 1000).toISOString(),
    op,
    actor: 'system',
    actorName: null,
    cause: null,
    fields,
  })
  const entries = [
    entry(3, 'delete', [
      { path: 'name', before: 'B' },
      { path: 'tags', before: ['x'] },
    ]),
    entry(2, 'update', [
      { path: 'name', before: 'A', after: 'B' },
      { path: 'tags', after: ['x'] },
    ]),
    entry(1, 'create', [{ path: 'name', after: 'A' }]),
  ]
  assert.equal(recordAt(null, entries, 3000), null)
  assert.deepEqual(recordAt(null, entries, 2000), { name: 'B', tags: ['x'] })
  assert.deepEqual(recordAt(null, entries, 1999), { name: 'A' })
  assert.equal(recordAt(null, entries, 500), null)
  assert.deepEqual([...changedBetween({ name: 'A' }, { name: 'B', tags: ['x'] })], ['name', 'tags'])
})
