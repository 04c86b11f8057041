import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { enterAt, pick, settle } from '../support/console.ts'
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

/** Of other programs, or said with emphasis. */
const THEIRS = [
  '17hats, New Contact',
  '17hats, Create Contact',
  'Webhooks by Zapier, POST',
  'Update Contact',
  'Updated Contact',
  'payment',
]

/** What the guide names of our screens. */
function wordsOfGuide(): Set<string> {
  const guide = readFileSync('docs/connect-17hats.md', 'utf8').replace(/```[\s\S]*?```/g, '')
  const all = [...guide.replace(/\*\*[^*]+\*\*/g, '').matchAll(/\*([^*\n]+)\*/g)].map(([, word]) => String(word))
  return new Set(all.filter((word) => !THEIRS.includes(word)))
}

test('whatever the guide to 17hats names of a screen stands on it, word by word, on the way that it leads', async () => {
  const left = wordsOfGuide()
  assert.ok(left.size > 15, `${left.size} words`)
  const place = await newLocation(story, 'Guided')
  await using window = await enterAt(browser, story, `/connections?location=${place.id}`)
  const { page } = window
  /** What is shown here, by whole lines. */
  const look = async () => {
    await settle(page)
    const shown = new Set(
      (await page.evaluate<string>('document.body.innerText')).split('\n').map((line) => line.trim()),
    )
    // What was chosen of a list stands in its field.
    for (const value of await chosen(page)) shown.add(value)
    for (const word of left) if (shown.has(word)) left.delete(word)
  }
  const form = page.getByRole('dialog', { name: 'Make a connection' })
  const make = async (preset: string) => {
    await window.visit(`/connections?location=${place.id}`)
    await look()
    await page.getByRole('button', { name: 'Make a connection' }).first().click()
    await form.getByRole('combobox', { name: 'What is to come in' }).click()
    await page.getByRole('option', { name: preset, exact: true }).waitFor()
    await look()
    await page.getByRole('option', { name: preset, exact: true }).click()
    await look()
  }
  const tab = async (name: string) => {
    await page.getByRole('tab', { name, exact: true }).click()
    await look()
  }
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
  }

  await make('17hats contacts, from its CSV')
  await press('Make connection')
  await page.getByRole('heading', { name: '17hats contacts, from its CSV', level: 1 }).waitFor()
  await look()
  await press('Put to work')
  const lines = 'First Name,Last Name,Primary E-mail Address\nAda,Lovelace,ada@ex.test'
  const file = { name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(lines) }
  await page.locator('input[type=file]').setInputFiles(file)
  await look()
  await press('Look what it would do')
  const anyway = page.getByRole('button', { name: 'Read it all the same' })
  const write = page.getByRole('button', { name: 'Write it', exact: true })
  await anyway.or(write).waitFor()
  if (await anyway.isVisible()) await anyway.click()
  await write.waitFor()
  await look()
  await write.click()
  await page.getByText('1 made', { exact: false }).waitFor()
  await tab('What was done')
  await page.getByRole('button', { name: 'Take back' }).waitFor()
  await look()
  await tab('What failed')
  await tab('Fields')
  await press('Pause')
  await page.getByRole('button', { name: 'Go on' }).waitFor()
  await look()

  await make('QuickBooks invoices')
  await form.getByLabel('We ask the other program (API)').check()
  await form.getByLabel('Address of the list').fill('http://127.0.0.1:1/query')
  await press('Make connection')
  await page.getByRole('heading', { name: 'QuickBooks invoices', level: 1 }).waitFor()
  await look()
  await tab('How it comes')
  await pick(page, 'It lets us in by', 'OAuth 2.0')
  await pick(page, 'Kind of permission', 'of a person who allows it there (authorisation code)')
  await page.getByLabel('Where permission is asked').fill('https://appcenter.intuit.com/connect/oauth2')
  await page.getByLabel('Where tokens are made').fill('https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer')
  await look()
  await press('Save and test')
  await page.getByText('Not reached').waitFor()
  const secrets = page.getByRole('region', { name: 'Secrets' })
  await secrets.getByLabel('Client id', { exact: true }).fill('an id')
  await secrets.getByLabel('Client secret', { exact: true }).fill('a secret')
  await look()
  await press('Save and test')
  await page.getByLabel('Address to come back to').waitFor()
  await page.getByRole('button', { name: 'Authorise', exact: true }).waitFor()
  await look()
  await press('Put to work')
  await page.getByText('Needs permission', { exact: true }).waitFor()
  await look()
  assert.deepEqual([...left], [], 'what no screen has shown')
})

const chosen = (page: Page): Promise<string[]> =>
  page.locator('input').evaluateAll((inputs) => (inputs as unknown as { value: string }[]).map(({ value }) => value))
