import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, assertUncovered, choose, enterAt, pick } from '../support/console.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'
import { LOOPBACK } from '../support/webhooks.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0, ...LOOPBACK })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('a program is asked with a secret that nobody reads again, its lines become those of invoices, and a copy lacks the secret', async (t) => {
  const items = [{ sku: 'a', title: 'Retainer', n: 2, each: '600.00' }]
  const list = [{ ref: 'i-1', no: 'INV-1', sum: '1,200.00', state: 'Open', items }]
  const api = createServer(({ headers }, response) => {
    const isAda = headers.authorization === `Basic ${Buffer.from('ada:her secret').toString('base64')}`
    response.writeHead(isAda ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify({ data: list }))
  })
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening))
  t.after(() => api.close())
  const { port } = api.address() as AddressInfo
  const place = await newLocation(story, 'Asked')
  await using window = await enterAt(browser, story, `/connections?location=${place.id}&make=true`)
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Make a connection' })
  await pick(form, 'What is to come in', 'Invoices, field by field')
  await form.getByLabel('Name').fill('Ledger')
  await form.getByLabel('We ask the other program (API)').check()
  await form.getByLabel('Address of the list').fill(`http://127.0.0.1:${port}/invoices`)
  await assertSound(page)
  await form.getByRole('button', { name: 'Make connection' }).click()
  await page.getByRole('heading', { name: 'Ledger', level: 1 }).waitFor()
  await page.getByRole('tab', { name: 'How it comes' }).click()
  await page.getByLabel('Where the list stands in the answer').fill('data')
  await pick(page, 'It lets us in by', 'a user name and a password')
  const save = page.getByRole('button', { name: 'Save and test' })
  await save.click()
  await page.getByText('Still missing: User name, Password.', { exact: false }).waitFor()
  await page.getByText('Not reached').waitFor()
  const secrets = page.getByRole('region', { name: 'Secrets' })
  await secrets.getByLabel('User name', { exact: true }).fill('ada')
  await secrets.getByLabel('Password', { exact: true }).fill('her secret')
  await assertSound(page)
  await save.click()
  await page.getByText(`127.0.0.1:${port} answered with 1 item, asked as ada.`).waitFor()
  assert.equal(await secrets.getByLabel('Password', { exact: true }).inputValue(), '', 'it is shown nowhere again')
  await secrets.getByText('It is set, since').first().waitFor()

  await page.getByRole('tab', { name: 'Fields' }).click()
  await page.getByRole('button', { name: 'Fetch an example' }).click()
  await page.getByRole('list', { name: 'What came' }).getByText('INV-1').waitFor()
  await choose(page, 'Its id in the other program', 'ref')
  await choose(page, 'Number', 'no')
  await choose(page, 'Total', 'sum')
  await page.getByRole('button', { name: 'More for Status', exact: true }).click()
  const status = page.getByRole('dialog', { name: 'Status', exact: true })
  await pick(status, 'Filled with', 'always the same')
  // Whoever takes their time over it is told of no fault.
  await page.waitForTimeout(1_000)
  await status.getByLabel('What it always is').fill('sent')
  await status.getByText('With the sample: sent').waitFor()
  await status.getByRole('button', { name: 'Done' }).click()
  const lines = page.getByRole('region', { name: 'Line items' })
  await lines.getByLabel('It brings line items').check()
  for (const [field, at] of [
    ['Name', 'title'],
    ['Quantity', 'n'],
    ['Price', 'each'],
  ] as const) {
    await lines.getByRole('combobox', { name: field, exact: true }).fill(at)
    await assertUncovered(page)
    await page.getByRole('option', { name: new RegExp(`^${at} ·`) }).click()
  }
  await lines.getByText('Becomes: 600').waitFor()
  const keys = page.getByRole('region', { name: 'The same one is known again by' })
  await keys.getByRole('button', { name: 'Look at number earlier' }).click()
  await assertSound(page)
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await page.getByText('It is saved as version 3.').waitFor()

  await page.getByRole('tab', { name: 'How it comes' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const kept = await readFile(await (await download).path(), 'utf8')
  assert.ok(!kept.includes('her secret'))
  assert.deepEqual(JSON.parse(kept).definition.mapping.keys, ['number', 'externalId'])
  await window.visit(`/connections?location=${place.id}&make=true`)
  await pick(form, 'What is to come in', 'A connection that was exported')
  await form
    .locator('input[type=file]')
    .setInputFiles({ name: 'ledger.json', mimeType: 'application/json', buffer: Buffer.from(kept) })
  await form.getByRole('button', { name: 'Make connection' }).click()
  await page.getByText('Still missing: User name, Password.', { exact: false }).waitFor()
  window.assertCalm()
})
