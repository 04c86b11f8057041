import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { hasCount, openConsole, settle } from '../support/console.ts'
import { hasFocus, isFocusSeen } from '../support/in-page.js'
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

/** More than stand between any two things of a screen. */
const MOST_KEYS = 120

/** Goes on by Tab until it has the focus, which can be seen there. */
async function reach(page: Page, what: Locator, key = 'Tab'): Promise<void> {
  await what.first().waitFor({ state: 'attached' })
  for (let count = 0; count < MOST_KEYS; count++) {
    if (await what.first().evaluate(hasFocus)) {
      assert.ok(await page.evaluate(isFocusSeen), `one sees where one is: ${what}`)
      return
    }
    await page.keyboard.press(key)
  }
  assert.fail(`${what} is not reached by ${key}`)
}

test('the whole job is done by key alone: signing in, capture, plan, push, and its undo', async () => {
  await using window = await openConsole(browser, story)
  const { page } = window
  page.setDefaultTimeout(12_000)
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
  const enter = async (what: Locator, key = 'Enter') => {
    await reach(page, what)
    await press(key)
  }
  const type = async (what: Locator, text: string) => {
    await reach(page, what)
    await page.keyboard.type(text)
  }
  await window.visit('/snapshots')
  await type(page.getByLabel('E-mail'), story.demo.admin.email)
  await type(page.getByLabel('Password', { exact: true }), story.demo.admin.password)
  await press('Enter')
  await page.getByRole('navigation', { name: 'Menu' }).waitFor()
  await settle(page)

  await enter(page.getByRole('button', { name: 'Capture' }))
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  await type(form.getByRole('combobox', { name: 'Sub-account' }), 'Templ')
  await hasCount(page.getByRole('option'), 1)
  await press('ArrowDown', 'Enter')
  await type(form.getByLabel('Name of the snapshot'), 'By key')
  await enter(form.getByRole('button', { name: 'Capture', exact: true }))

  await page.getByRole('heading', { name: 'By key', level: 1 }).waitFor()
  await settle(page)
  await enter(page.getByRole('link', { name: 'Push', exact: true }))
  await page.getByRole('heading', { name: 'Push', level: 1 }).waitFor()
  await settle(page)
  await reach(page, page.getByRole('radio', { name: 'Some sub-accounts' }))
  await enter(page.getByRole('row', { name: /Harbour Photo/ }).getByRole('checkbox'), 'Space')
  await page.getByText('1 sub-account chosen').waitFor()
  await page.getByText(/^This creates .* wait/).waitFor()
  await settle(page)
  const changes = page.getByRole('region', { name: 'Changes' })
  await enter(changes.getByRole('button', { name: /Package/ }))
  const change = page.getByRole('article', { name: 'Package' })
  await reach(page, change.getByRole('radio', { name: 'Decide later' }))
  await press('ArrowRight')
  await change.getByText('Merge', { exact: true }).waitFor()
  await settle(page)
  const before = await readAll(story, story.byHand.id)
  await enter(page.getByRole('button', { name: 'Push', exact: true }))
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.notDeepEqual(await readAll(story, story.byHand.id), before)
  await settle(page)

  await enter(page.getByRole('link', { name: 'Roll back' }))
  await page.getByRole('heading', { name: 'Roll back', level: 1 }).waitFor()
  await settle(page)
  await enter(page.getByRole('button', { name: 'Roll back' }))
  await page.getByRole('heading', { name: /^Roll-back of By key/ }).waitFor()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.deepEqual(await readAll(story, story.byHand.id), before)
  window.assertCalm()
})
