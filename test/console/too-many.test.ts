import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { enterAt, hasCount } from '../support/console.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, work: false })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('whoever runs through a comparison by key asks for what they rest on, and is put off by nobody', async () => {
  const { agency, template, empty } = story
  const { id } = await agency.capture(template.id, { name: 'Run through' })
  await using window = await enterAt(browser, story, `/compare?snapshot=${id}&version=1&location=${empty.id}`)
  const { page } = window
  const list = page.getByRole('region', { name: /What was added/ })
  await list.getByRole('button').first().waitFor()
  const press = async (key: string, times: number) => {
    for (let count = 0; count < times; count++) await page.keyboard.press(key)
  }
  await press('j', 40)
  await press('k', 30)
  await press('j', 30)
  const chosen = new URL(page.url()).searchParams.get('asset')
  assert.ok(chosen)
  await page.getByRole('article').getByText('It stands on the first side only.').waitFor()
  const asked = window.requests.filter((url) => new URL(url).searchParams.has('asset') && url.includes('/diff?'))
  assert.equal(new URL(asked.at(-1) ?? '').searchParams.get('asset'), chosen)
  assert.ok(asked.length <= 20, `${asked.length} documents for 100 steps`)
  window.assertCalm()
})

test('what the server has put off is asked for again by itself, and until then it is told when', async () => {
  await using window = await enterAt(browser, story, '')
  const { page } = window
  await page.getByRole('cell', { name: 'New studio', exact: true }).waitFor()
  const address = `/locations/search?companyId=${story.agency.companyId}`
  // Until nothing more is taken for a while.
  await page.evaluate(`(async () => {
    const headers = { 'x-tintype-console': '1', version: '2021-07-28' }
    for (;;) {
      const answer = await fetch('${address}', { headers })
      await answer.text()
      if (answer.status === 429 && Number(answer.headers.get('retry-after')) > 3) return
    }
  })()`)
  await page.getByRole('link', { name: 'Pushes', exact: true }).click()
  const told = page.getByRole('status').filter({ hasText: 'This goes on by itself in' })
  await told.waitFor()
  await page.getByRole('heading', { name: 'Nothing has been pushed yet' }).waitFor()
  await hasCount(told, 0)
  assert.equal(await page.getByText('This could not be loaded').count(), 0)
})
