import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { send } from '../support/connections.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
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

async function choose(page: Page, field: string, place: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).fill(place)
  await page.getByRole('option', { name: new RegExp(`^${place} ·`) }).click()
}

test('another program is connected without code: from its address to the first contact, what failed, and the way back', async () => {
  const place = await newLocation(story, 'Fed')
  await using window = await enterAt(browser, story, `/connections?location=${place.id}`)
  const { page } = window
  await page.getByRole('heading', { name: 'No connection yet' }).waitFor()
  await page.getByRole('button', { name: 'Make a connection' }).click()
  const form = page.getByRole('dialog', { name: 'Make a connection' })
  await form.getByRole('button', { name: 'Make connection' }).click()
  await form.getByText('Write a name.').waitFor()
  await form.getByLabel('Name').fill('17hats')
  await assertSound(page)
  await form.getByRole('button', { name: 'Make connection' }).click()
  const made = page.getByRole('dialog', { name: 'The connection is made' })
  const address = await made.getByLabel('Address').inputValue()
  await made.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByRole('heading', { name: '17hats', level: 1 }).waitFor()
  await page.getByText('Nothing has come yet.').waitFor()

  const ada = { id: 'c-1', first_name: 'Ada', contact: { mail: 'ada@example.com' }, tags: ['vip', 'new'] }
  assert.ok((await send(address, ada)).ok)
  await page.getByRole('list', { name: 'What came' }).getByText('ada@example.com').waitFor()
  await choose(page, 'Its id in the other program', 'id')
  await choose(page, 'First name', 'first_name')
  await choose(page, 'E-mail', 'contact.mail')
  await choose(page, 'Tags', 'tags')
  await page.getByText('Not saved yet').waitFor()
  await page.getByRole('tab', { name: 'What was done' }).click()
  await page.getByRole('tab', { name: 'Fields' }).click()
  await page.getByText('Not saved yet').waitFor()
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click()
  await page.getByRole('list', { name: 'What came' }).getByText('ada@example.com').waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Look what it would do' }).click()
  const would = page.getByRole('region', { name: 'What it would do' })
  await would.getByText('Made', { exact: true }).waitFor()
  await would.getByText('firstName: Ada').waitFor()
  const contacts = async () => (await place.client.get(`/contacts/?locationId=${place.id}`)).body.contacts
  assert.equal((await contacts()).length, 0, 'looking writes nothing')
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await page.getByText('It is saved as version 2.').waitFor()
  await page.getByRole('button', { name: 'Put to work' }).click()
  await page.getByText('Version 2 is at work.').waitFor()

  assert.ok((await send(address, ada)).ok)
  await until(async () => (await contacts()).length === 1, 'the first contact arrives by itself', 20_000)
  assert.deepEqual((await contacts())[0].tags, ['vip', 'new'])
  assert.ok((await send(address, { ...ada, id: 'c-2', first_name: 'Grace', contact: { mail: 'no mail' } })).ok)
  await page.getByRole('tab', { name: 'What failed' }).click()
  const dead = page.getByRole('table', { name: 'What failed' }).getByRole('row', { name: /email/ })
  await dead.waitFor()
  await assertSound(page)
  await dead.getByRole('button').click()
  const row = page.getByRole('dialog')
  const edit = row.getByLabel('What came, to be corrected')
  await edit.fill((await edit.inputValue()).replace('no mail', 'grace@example.com'))
  await row.getByRole('button', { name: 'Look what it would do' }).click()
  await row.getByText('firstName: Grace').waitFor()
  await assertSound(page)
  await row.getByRole('button', { name: 'Try again', exact: true }).click()
  await until(async () => (await contacts()).length === 2, 'what was corrected', 20_000)
  await page.getByRole('heading', { name: 'All is well: nothing has failed.' }).waitFor()

  await page.getByRole('tab', { name: 'What was done' }).click()
  const runs = page.getByRole('list', { name: 'What was done' }).getByRole('listitem')
  const byItself = runs.filter({ hasText: 'What came by the address' })
  await byItself.getByText(/1 made/).waitFor()
  await assertSound(page)
  await byItself.getByRole('button', { name: 'Take back' }).click()
  await byItself.getByRole('button', { name: 'Take it back' }).click()
  await until(async () => (await contacts()).length === 1, 'the run is undone', 20_000)
  assert.equal((await contacts())[0].firstName, 'Grace')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused', { exact: true }).waitFor()
  window.assertCalm()
})
