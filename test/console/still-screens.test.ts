import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { enterAt, settle } from '../support/console.ts'
import { createScreens } from '../support/console-screens.ts'
import { shiftsSeen, watchShifts } from '../support/in-page.js'
import { type Story, startStory } from '../support/stories.ts'

/** What browsers call good of how much moves by itself (cumulative layout shift). */
const MOST_SHIFT = 0.1

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0, records: true, alone: true })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('nothing of a screen jumps while it comes, on a desk and on a phone', async () => {
  const screens = await createScreens(story)
  await using window = await enterAt(browser, story, '')
  const { page } = window
  await page.addInitScript(watchShifts)
  const jumps: string[] = []
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 })
    for (const { name, path } of screens) {
      await window.visit(path)
      await settle(page)
      const { sum, by } = await page.evaluate(shiftsSeen)
      if (sum >= MOST_SHIFT) jumps.push(`${name} at ${width}: ${sum.toFixed(3)}, ${by.join(' | ')}`)
    }
  }
  assert.deepEqual(jumps, [])
  window.assertCalm()
})
