import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startChromium } from '../support/chromium.ts'
import { openConsole, settle, signIn } from '../support/console.ts'
import { createScreens } from '../support/console-screens.ts'
import { startStory } from '../support/stories.ts'

const FOLDER = join(import.meta.dirname, '../../docs/screenshots')
const VIEWPORTS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

test('every screen with the demo’s data, light and dark, wide and narrow', async () => {
  const browser = await startChromium()
  await using story = await startStory({ console: true, rateLimit: 0, records: true, alone: true })
  const screens = await createScreens(story)
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const)
    for (const viewport of VIEWPORTS) {
      await using window = await openConsole(browser, story, { colorScheme, viewport })
      await window.visit('')
      await signIn(window.page, story)
      for (const { name, path } of screens) {
        await window.visit(path)
        await settle(window.page)
        const file = join(FOLDER, `${name}-${colorScheme}-${viewport.width}.jpg`)
        await window.page.screenshot({ path: file, type: 'jpeg', quality: 80, animations: 'disabled' })
        assert.ok(existsSync(file))
      }
      window.assertCalm()
    }
  await browser.close()
})
