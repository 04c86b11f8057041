import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { makeConnection, send, untilRows } from '../support/connections.ts'
import { openConsole, settle, signIn } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
import { readAll, type Story, startStory } from '../support/stories.ts'
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

const [HERE, THERE] = ['Europe/Berlin', 'Pacific/Auckland']

test('dates of a sub-account tell its own time beside that of whoever looks, each with its zone, wherever they stand', async () => {
  const { agency, byHand } = story
  const { companyId } = agency
  const put = await agency.client.put(`/locations/${byHand.id}`, { companyId, timezone: THERE })
  assert.equal(put.status, 200, JSON.stringify(put.body))
  const name = 'Harbour Photo'
  const { id, address } = await makeConnection(byHand.client, { name: 'Fed' })
  await send(address, { id: 'c-1', first_name: 'Ada' })
  await untilRows(byHand.client, id, 1)
  const [contact] = (await byHand.client.get(`/contacts/?locationId=${byHand.id}&limit=1`)).body.contacts
  const [tag] = (await readAll(story, byHand.id)).filter(({ kind }) => kind === 'tags')
  await using window = await openConsole(browser, story, { timezoneId: HERE })
  const { page } = window
  await window.visit('')
  await signIn(page, story)
  const told = async (date: Locator, zoned: string) => {
    const tooltip = page.getByRole('tooltip')
    let said = ''
    // What comes a moment later moves dates away from under the mouse: it is read in the step that finds it.
    const isTold = async () => {
      await page.mouse.move(0, 0)
      await date.hover()
      said = String(await tooltip.textContent({ timeout: 1_000 }).catch(() => ''))
      return said.includes(zoned)
    }
    await until(isTold, 'a date is told', 20_000)
    await page.mouse.move(0, 0)
    await tooltip.waitFor({ state: 'detached' })
    return said
  }
  const main = page.getByRole('main')
  const inRow = main.getByRole('row').filter({ hasText: name }).locator('time').first()
  const first = main.locator('time').first()
  const place = `/locations/${byHand.id}`
  for (const [path, date] of [
    ['', inRow],
    ['/connections', inRow],
    [`/connections/${id}?tab=runs`, first],
    [place, first],
    [`${place}/assets/tags/${tag?.id}?view=history`, first],
    [`${place}/records`, first],
    [`${place}/records/contacts/${contact.id}`, first],
  ] as const) {
    await window.visit(path)
    await settle(page)
    const said = await told(date, `there (${THERE})`)
    const at = new Date((await date.getAttribute('datetime')) as string)
    for (const zone of [HERE, THERE])
      assert.ok(
        said.includes(at.toLocaleString('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'medium' })),
        `${path}: ${said}`,
      )
    assert.ok(said.includes(`your time (${HERE})`), `${path}: ${said}`)
  }
  // What belongs to none says the zone of whoever looks.
  await window.visit('/settings/people')
  await settle(page)
  const said = await told(first, `your time (${HERE})`)
  assert.ok(!said.includes('there'), said)
  window.assertCalm()
})
