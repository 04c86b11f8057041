import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { makeTag, startTagged } from '../support/made-assets.ts'
import { type Story, startStory } from '../support/stories.ts'

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

test('a version is given a name and a note, by which it is known wherever it is chosen, and loses them again', async () => {
  const { source, snapshot } = await startTagged(story, 'Named')
  await makeTag(source, 'another')
  await story.agency.refresh(snapshot.id)
  await using window = await enterAt(browser, story, `/snapshots/${snapshot.id}?tab=versions`)
  const { page } = window
  const versions = async () => (await story.agency.get(`/${snapshot.id}/versions`)).versions
  const describe = async (name: string, note: string) => {
    await page.getByRole('button', { name: 'Name and note' }).last().click()
    const dialog = page.getByRole('dialog', { name: 'Version 1' })
    await dialog.getByLabel('Name of this version').fill(name)
    await dialog.getByLabel('Note').fill(note)
    await assertSound(page)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await describe(' Before the fair ', 'Agreed with Ada.\nOn a Monday.')
  await page.getByRole('heading', { name: 'Version 1 · Before the fair' }).waitFor()
  await page.getByText('Agreed with Ada.').waitFor()
  await assertSound(page)
  const [, first] = await versions()
  assert.deepEqual([first.version, first.name, first.note], [1, 'Before the fair', 'Agreed with Ada.\nOn a Monday.'])
  await window.visit(`/push?snapshot=${snapshot.id}`)
  await page.getByRole('combobox', { name: 'Version' }).click()
  await page.getByRole('option', { name: /Before the fair/ }).click()
  await page.waitForURL(/version=1/)
  await window.visit(`/snapshots/${snapshot.id}?tab=versions`)
  await describe('', '')
  await page.getByRole('heading', { name: 'Version 1', exact: true }).waitFor()
  assert.equal(await page.getByText('Agreed with Ada.').count(), 0)
  const [, again] = await versions()
  assert.deepEqual([again.name ?? null, again.note ?? null], [null, null])
  window.assertCalm()
})
