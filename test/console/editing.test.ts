import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { CONTACT_DEFINITION, makeConnection } from '../support/connections.ts'
import { assertSound, enterAt, pick } from '../support/console.ts'
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

/** Does something while what a click sends is on its way, and lets it arrive only then. */
async function whileSaving(page: Page, click: () => Promise<void>, act: () => Promise<void>): Promise<void> {
  const { promise: isDone, resolve: go } = Promise.withResolvers<void>()
  const isPut = (url: URL) => !url.pathname.startsWith('/app')
  const isSent = page.waitForRequest((request) => request.method() === 'PUT')
  await page.route(isPut, async (route) => {
    if (route.request().method() === 'PUT') await isDone
    await route.fallback()
  })
  await click()
  await isSent
  await act()
  go()
  // The route stays: what is asked for while one is taken away may never be sent.
  await page.waitForResponse((response) => response.request().method() === 'PUT')
}

const MEANWHILE = 'Somebody else has changed this meanwhile'
const unsaved = (page: Page) => page.getByText('Not saved yet')

test('what is typed while an asset is saved stays, and is saved next', async () => {
  const { client, id } = await newLocation(story, 'Typed on')
  const { form } = (await client.post('/forms/', { locationId: id, name: 'Contact us', description: 'Old' })).body
  const stored = async () => (await client.get(`/forms/${form.id}`)).body.form.description
  await using window = await enter(`/locations/${id}/assets/forms/${form.id}`)
  const { page } = window
  const save = () => page.getByRole('button', { name: 'Save' }).click()
  const field = page.getByLabel('Description')
  await field.fill('first')
  await whileSaving(page, save, () => field.fill('first and second'))
  await page.getByText('Saved.').waitFor()
  assert.equal(await stored(), 'first')
  assert.equal(await field.inputValue(), 'first and second')
  await assertSound(page)
  await save()
  await unsaved(page).waitFor({ state: 'detached' })
  assert.equal(await stored(), 'first and second')

  await page.getByRole('tab', { name: 'JSON' }).click()
  const text = page.getByLabel('The document as JSON')
  const whole = await text.inputValue()
  const saying = (words: string) => text.fill(whole.replace('"first and second"', `"${words}"`))
  await saying('third')
  await whileSaving(page, save, () => saying('third and fourth'))
  await save()
  await unsaved(page).waitFor({ state: 'detached' })
  assert.equal(await stored(), 'third and fourth')
  assert.match(await text.inputValue(), /third and fourth/)
  window.assertCalm()
})

test('what is saved and cannot be read back is told, and the next save goes on from it', async () => {
  const { client, id } = await newLocation(story, 'Not read back')
  const { form } = (await client.post('/forms/', { locationId: id, name: 'Contact us', description: 'Old' })).body
  const stored = async () => (await client.get(`/forms/${form.id}`)).body.form
  await using window = await enter(`/locations/${id}/assets/forms/${form.id}`)
  const { page } = window
  const save = () => page.getByRole('button', { name: 'Save' }).click()
  const field = page.getByLabel('Description')
  await field.fill('first')
  let isDown = true
  await page.route('**/assets/forms/*', (route) => (isDown ? route.abort() : route.fallback()))
  await whileSaving(page, save, () => field.fill('first and second'))
  await page.getByText('Saved.').waitFor()
  await page.getByText('The server cannot be reached').waitFor()
  assert.equal((await stored()).description, 'first')
  isDown = false
  await save()
  await unsaved(page).waitFor({ state: 'detached' })
  assert.equal((await stored()).description, 'first and second')

  // Somebody else changes it, and what they made of it cannot be read: that is told, and nothing is taken back.
  await field.fill('mine')
  const theirs = await client.put(`/forms/${form.id}`, { name: 'Contact them' })
  assert.equal(theirs.status, 200, JSON.stringify(theirs.body))
  isDown = true
  await save()
  await page.getByRole('alert').filter({ hasText: 'It could not be saved' }).waitFor()
  isDown = false
  await save()
  await page.getByRole('dialog', { name: MEANWHILE }).getByText('Contact them').waitFor()
  const { name, description } = await stored()
  assert.deepEqual([name, description], ['Contact them', 'first and second'])
})

test('what is typed while a contact is saved stays on the screen, and is saved next', async () => {
  const { client, id: locationId } = await newLocation(story, 'Typed on, contact')
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada', city: 'Austin' })).body
  const stored = async () => (await client.get(`/contacts/${contact.id}`)).body.contact
  await using window = await enter(`/locations/${locationId}/records/contacts/${contact.id}/edit`)
  const { page } = window
  const save = () => page.getByRole('button', { name: 'Save' }).click()
  await page.getByLabel('City').fill('Rome')
  await whileSaving(page, save, async () => {
    await page.getByLabel('City').fill('Rome, Lazio')
    await page.getByLabel('Company name').fill('Engines')
  })
  await page.getByText('Saved.').waitFor()
  assert.equal((await stored()).city, 'Rome')
  assert.equal(await page.getByLabel('City').inputValue(), 'Rome, Lazio')
  await unsaved(page).waitFor()
  await save()
  await page.getByRole('link', { name: 'Edit' }).waitFor()
  const { city, companyName } = await stored()
  assert.deepEqual([city, companyName], ['Rome, Lazio', 'Engines'])
  window.assertCalm()
})

const ITEMS = 'Where the list stands in what comes'
const BOTH = 'Where both sides changed something'

async function connected(name: string) {
  const place = await newLocation(story, name)
  const { id } = await makeConnection(place.client, { name: 'Theirs' })
  const stored = async () => (await place.client.get(`/connections/${id}`)).body.connection
  return { ...place, connectionId: id, stored, path: `/connections/${id}?location=${place.id}` }
}

test('what is typed while a connection is saved stays, and is saved next', async () => {
  const { path, stored } = await connected('Typed on, connection')
  await using window = await enter(`${path}&tab=source`)
  const { page } = window
  const save = () => page.getByRole('button', { name: 'Save and test' }).click()
  const field = page.getByLabel(ITEMS)
  await field.fill('data')
  await whileSaving(page, save, () => field.fill('data.contacts'))
  await page.getByText('It is saved as version 2.').waitFor()
  assert.equal((await stored()).definition.source.items, 'data')
  assert.equal(await field.inputValue(), 'data.contacts')
  await unsaved(page).waitFor()
  await save()
  await unsaved(page).waitFor({ state: 'detached' })
  assert.equal((await stored()).definition.source.items, 'data.contacts')
  window.assertCalm()
})

test('two people on one connection: neither takes back what the other made of it, and both sides are shown', async () => {
  const { path, stored, client, connectionId } = await connected('Two on one connection')
  await using mine = await enter(path)
  await using theirs = await enter(`${path}&tab=source`)
  const { page } = mine
  const save = () => page.getByRole('button', { name: 'Save as a new version' }).click()
  await pick(page, BOTH, 'yours stays')
  await theirs.page.getByLabel(ITEMS).fill('data.contacts')
  await theirs.page.getByRole('button', { name: 'Save and test' }).click()
  await theirs.page.getByText('It is saved as version 2.').waitFor()
  await save()
  const asked = page.getByRole('dialog', { name: MEANWHILE })
  await asked.getByText('data.contacts').waitFor()
  await asked.getByText('version 2 by Demo admin: source.items', { exact: false }).waitFor()
  await assertSound(page)
  assert.equal((await stored()).version, 2, 'nothing was written')
  await asked.getByRole('button', { name: 'Go on with these' }).click()
  await save()
  await page.getByText('It is saved as version 3.').waitFor()
  const { definition } = await stored()
  assert.deepEqual([definition.source.items, definition.mapping.conflicts], ['data.contacts', 'ours'])

  const { mapping, source } = definition
  const fields = [{ to: 'firstName', from: { path: 'given' } }, ...mapping.fields.slice(1)]
  const other = { definition: { source, mapping: { ...mapping, conflicts: 'fill', fields } } }
  await pick(page, BOTH, 'theirs is written')
  assert.equal((await client.put(`/connections/${connectionId}`, other)).status, 200)
  await save()
  await asked.getByRole('region', { name: BOTH }).waitFor()
  await asked.getByText('given').waitFor()
  await assertSound(page)
  await asked.getByText('Keep yours').click()
  await asked.getByRole('button', { name: 'Go on with these' }).click()
  await save()
  await page.getByText('It is saved as version 5.').waitFor()
  const last = (await stored()).definition.mapping
  assert.deepEqual([last.conflicts, last.fields], ['source', fields])
  theirs.assertCalm()
})

test('so it is with its name and alerts, which are in nobody’s way who maps fields', async () => {
  const { path, stored, client, connectionId } = await connected('Two on one name')
  await using window = await enter(`${path}&tab=source`)
  const { page } = window
  const change = async (body: object) =>
    assert.equal((await client.put(`/connections/${connectionId}`, body)).status, 200)
  const settings = page.getByRole('region', { name: 'Name and alerts' })
  const save = () => settings.getByRole('button', { name: 'Save' }).click()
  await settings.getByLabel('Name').fill('Mine')
  await change({ name: 'Of another', settings: { alertUrl: 'https://alerts.example/hook' } })
  await save()
  const asked = page.getByRole('dialog', { name: MEANWHILE })
  await asked.getByText('https://alerts.example/hook').waitFor()
  await asked.getByText('Of another').waitFor()
  await assertSound(page)
  assert.equal((await stored()).name, 'Of another')
  await asked.getByText('Keep yours').click()
  await asked.getByRole('button', { name: 'Go on with these' }).click()
  await save()
  await page.getByText('It is saved.', { exact: true }).waitFor()
  const { name, settings: kept } = await stored()
  assert.deepEqual([name, kept.alertUrl], ['Mine', 'https://alerts.example/hook'])

  await page.getByLabel(ITEMS).fill('data')
  await change({ name: 'Renamed again' })
  await page.getByRole('button', { name: 'Save and test' }).click()
  await page.getByText('It is saved as version 2.').waitFor()
  const now = await stored()
  assert.deepEqual([now.name, now.definition.source.items], ['Renamed again', 'data'])
  await change({ definition: CONTACT_DEFINITION })
  await settings.getByLabel('Days that what came is kept').fill('7')
  await settings.getByLabel('Name').fill('Renamed again')
  await save()
  await page.getByText('It is saved.', { exact: true }).waitFor()
  assert.equal((await stored()).settings.retentionDays, 7)
})

test('a save after the session has ended says so in words, and what was said of the last one is gone', async () => {
  const { client, id } = await newLocation(story, 'Ended')
  const { form } = (await client.post('/forms/', { locationId: id, name: 'Contact us', description: 'Old' })).body
  await using window = await enter(`/locations/${id}/assets/forms/${form.id}`)
  const { page } = window
  const save = () => page.getByRole('button', { name: 'Save' }).click()
  await page.getByLabel('Description').fill('first')
  await save()
  await page.getByText('Saved.').waitFor()
  await page.context().clearCookies()
  await page.getByLabel('Description').fill('second')
  await save()
  const told = page.getByRole('alert').filter({ hasText: 'It could not be saved' })
  await told.waitFor()
  assert.equal(await page.getByText('This would be refused').count(), 0)
  await page.getByText('Saved.').waitFor({ state: 'detached' })
  assert.equal(await page.getByLabel('Description').inputValue(), 'second')
  await page.getByRole('alert').filter({ hasText: 'What you have written here stays' }).waitFor()
  await assertSound(page)
})
