import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
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

/** Does something while what a click sends is on its way, and lets it arrive only then. */
async function whileSaving(page: Page, click: () => Promise<void>, act: () => Promise<void>): Promise<void> {
  const { promise: isDone, resolve: go } = Promise.withResolvers<void>()
  const isPut = (url: URL) => !url.pathname.startsWith('/app')
  const isSent = page.waitForRequest((request) => request.method() === 'PUT')
  await page.route(isPut, async (route) => {
    if (route.request().method() === 'PUT') await isDone
    await route.continue()
  })
  await click()
  await isSent
  await act()
  go()
  await page.waitForResponse((response) => response.request().method() === 'PUT')
  await page.unroute(isPut)
}

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
