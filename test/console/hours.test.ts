import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { drawn, joined, toOpenHours } from '../../console/src/screens/location/hours-drag.ts'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { make } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

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

const HOURS = { openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }

test('opening hours are drawn on a week of lines, and typed by whoever has no mouse', async () => {
  const place = await newLocation(story, 'Opens')
  const { id } = await make(place, '/calendars/', {
    name: 'Visits',
    openHours: [{ daysOfTheWeek: [1], hours: [HOURS] }],
  })
  const stored = async () => (await place.client.get(`/calendars/${id}`)).body.calendar.openHours
  await using window = await enterAt(browser, story, `/locations/${place.id}/assets/calendars/${id}`)
  const { page } = window
  const week = page.getByRole('region', { name: 'Opening hours' })
  const line = (day: string) =>
    week.locator('div', { has: page.getByRole('button', { name: day }) }).locator('> [aria-hidden]')
  /** Draws on the line of a day, from an hour to another. */
  const draw = async (day: string, from: number, to: number) => {
    await line(day).scrollIntoViewIfNeeded()
    const box = await line(day).boundingBox()
    assert.ok(box)
    const at = (hour: number) => box.x + (hour / 24) * box.width
    await page.mouse.move(at(from), box.y + 15)
    await page.mouse.down()
    await page.mouse.move(at((from + to) / 2), box.y + 15, { steps: 4 })
    await page.mouse.move(at(to), box.y + 15, { steps: 4 })
    await page.mouse.up()
  }
  const says = (day: string, hours: string) =>
    week.getByRole('button', { name: `${day} ${hours}`, exact: true }).waitFor()
  await says('Monday', '09:00–17:00')
  await says('Tuesday', 'closed')
  await assertSound(page)
  await draw('Tuesday', 8, 12)
  await says('Tuesday', '08:00–12:00')
  await draw('Tuesday', 14, 18.5)
  await says('Tuesday', '08:00–12:00, 14:00–18:30')
  // At their end, and as a whole.
  await draw('Monday', 16.95, 20)
  await says('Monday', '09:00–20:00')
  await draw('Monday', 12, 13)
  await says('Monday', '10:00–21:00')
  // Hours that meet others are one with them.
  await draw('Tuesday', 11.95, 15)
  await says('Tuesday', '08:00–18:30')

  // By key alone.
  await week.getByRole('button', { name: 'Friday' }).focus()
  await page.keyboard.press('Enter')
  await week.getByRole('button', { name: 'Add hours on Friday' }).focus()
  await page.keyboard.press('Enter')
  await week.getByLabel('Friday, to, 1').fill('00:00')
  await week.getByLabel('Friday, from, 1').fill('21:10')
  await says('Friday', '21:10–00:00')
  await assertSound(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  assert.deepEqual(await stored(), [
    { daysOfTheWeek: [1], hours: [{ ...HOURS, openHour: 10, closeHour: 21 }] },
    { daysOfTheWeek: [2], hours: [{ ...HOURS, openHour: 8, closeHour: 18, closeMinute: 30 }] },
    { daysOfTheWeek: [5], hours: [{ openHour: 21, openMinute: 10, closeHour: 23, closeMinute: 60 }] },
  ])
  await page.reload()
  await says('Friday', '21:10–00:00')
  // Pointing at hours opens what is typed of them.
  await week.locator('[data-grip="whole"]').first().click()
  await week.getByLabel('Monday, from, 1').waitFor()
  window.assertCalm()
})

test('hours are drawn within their day, by quarters of an hour, and into one another', () => {
  const hour = 60
  const nine = { from: 9 * hour, to: 17 * hour }
  const late = { from: 22 * hour, to: 2 * hour }
  assert.deepEqual(drawn({ grip: 'from', span: nine, began: 9 * hour }, 20 * hour), {
    from: 16.75 * hour,
    to: 17 * hour,
  })
  assert.deepEqual(drawn({ grip: 'to', span: nine, began: 17 * hour }, 99 * hour), { from: 9 * hour, to: 24 * hour })
  assert.deepEqual(drawn({ grip: 'whole', span: nine, began: 10 * hour }, 0), { from: 0, to: 8 * hour })
  assert.deepEqual(drawn({ grip: 'whole', span: nine, began: 10 * hour }, 24 * hour), {
    from: 16 * hour,
    to: 24 * hour,
  })
  assert.deepEqual(drawn({ grip: 'whole', span: late, began: 23 * hour }, 22.01 * hour), { from: 21 * hour, to: hour })
  assert.deepEqual(drawn({ grip: 'new', span: nine, began: 12.1 * hour }, 8.1 * hour), {
    from: 8 * hour,
    to: 12 * hour,
  })
  assert.deepEqual(joined([nine, { from: 0, to: 9 * hour }, late]), [{ from: 0, to: 17 * hour }, late])
  assert.deepEqual(joined([{ from: 0, to: 23 * hour }, late]), [{ from: 0, to: 24 * hour }])
  assert.deepEqual(
    toOpenHours(
      new Map([
        [0, [{ from: 0, to: 24 * hour }]],
        [1, []],
      ]),
    ),
    [{ daysOfTheWeek: [0], hours: [{ openHour: 0, openMinute: 0, closeHour: 23, closeMinute: 60 }] }],
  )
})
