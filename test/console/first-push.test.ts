import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { readAll, type Story, startStory } from '../support/stories.ts'

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

test('somebody who has never seen the API captures, pushes, and undoes it', async () => {
  await using window = await enterAt(browser, story, '')
  const { page } = window
  await page.getByRole('cell', { name: 'Untouched' }).first().waitFor()
  await assertSound(page)

  await page.getByRole('link', { name: 'Snapshots' }).click()
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Capture' }).click()
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  await form.getByRole('combobox', { name: 'Sub-account' }).fill('Templ')
  await page.getByRole('option', { name: 'Template' }).click()
  await form.getByLabel('Name of the snapshot').fill('Studio')
  await form.getByText(/assets there now/).waitFor()
  await assertSound(page)
  await form.getByRole('button', { name: 'Capture', exact: true }).click()

  await page.getByRole('heading', { name: 'Studio', level: 1 }).waitFor()
  await page.getByLabel('Search assets by name').fill('Inquiry')
  await page.getByRole('button', { name: 'Inquiry' }).first().click()
  await page.getByRole('region', { name: 'Document' }).waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: 'Push', exact: true }).click()

  await page.getByRole('heading', { name: 'Push', level: 1 }).waitFor()
  await page.getByRole('radio', { name: 'Some sub-accounts' }).check()
  await page
    .getByRole('row', { name: /New studio/ })
    .getByRole('checkbox')
    .check()
  const plan = page.getByRole('region', { name: 'What would happen' })
  await plan
    .getByText(/Create/)
    .first()
    .waitFor()
  await page.getByText(/This creates \d+ assets in 1 sub-account/).waitFor()
  await plan.getByRole('region', { name: 'Changes' }).getByRole('button').first().click()
  await plan.getByRole('article').waitFor()
  await assertSound(page)
  await plan.getByRole('tab', { name: 'By sub-account' }).click()
  await plan.getByRole('button', { name: /New studio/ }).waitFor()
  const before = await readAll(story, story.empty.id)
  await page.getByRole('button', { name: 'Push', exact: true }).click()

  await page.getByRole('heading', { name: 'Studio, version 1' }).waitFor()
  await page.getByRole('status').getByText('Done').waitFor()
  await page.getByRole('button', { name: 'New studio' }).click()
  await page.getByRole('dialog').getByText('Created').first().waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Close' }).click()
  assert.ok((await readAll(story, story.empty.id)).length > before.length)

  await page.getByRole('link', { name: 'Roll back' }).click()
  await page.getByText(/This deletes \d+ assets/).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Roll back' }).click()
  await page.getByRole('heading', { name: 'Roll-back of Studio, version 1' }).waitFor()
  await page.getByRole('status').getByText('Done').waitFor()
  assert.deepEqual(await readAll(story, story.empty.id), before)
  window.assertCalm()
})
