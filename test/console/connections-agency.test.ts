import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { makeConnection, send, untilRows } from '../support/connections.ts'
import { assertSound, enterAt, hasCount, pick } from '../support/console.ts'
import { breakReads, comeBack } from '../support/console-reads.ts'
import { until } from '../support/event-stream.ts'
import { PLANTED } from '../support/planted-texts.ts'
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

const rowsIn = (page: Page) => page.getByRole('table', { name: 'Connections' }).getByRole('row')

test('an agency sees at once how it goes with all connections of its sub-accounts, and gets to the one', async () => {
  const [planted, calm] = [await newLocation(story, `Zoo ${PLANTED}`), await newLocation(story, 'Calm place')]
  const bad = await makeConnection(planted.client, { name: `Bad ${PLANTED}` })
  const good = await makeConnection(calm.client, { name: 'Works well' })
  const rest = await makeConnection(calm.client, { name: 'Rests' })
  await makeConnection(calm.client, { name: 'Begun' }, { deploy: false })
  assert.equal((await calm.client.post(`/connections/${rest.id}/pause`)).status, 200)
  await send(bad.address, [
    { id: 'c-1', email: 'no mail' },
    { id: 'c-2', first_name: 'Ada' },
  ])
  await send(good.address, { id: 'c-1', first_name: 'Ada' })
  await untilRows(planted.client, bad.id, 2)
  await untilRows(calm.client, good.id, 1)

  await using window = await enterAt(browser, story, '/connections')
  const { page } = window
  const row = (name: string) => rowsIn(page).filter({ hasText: name })
  await row('Bad <img').getByText('Fails').waitFor()
  await row('Bad <img').getByText('Zoo <img', { exact: false }).last().waitFor()
  await row('Bad <img').getByText('1 written, 1 failed').waitFor()
  await row('Works well').getByText('Works', { exact: true }).waitFor()
  await row('Works well').getByText('1 written, 0 failed').waitFor()
  await row('Rests').getByText('never').waitFor()
  await rowsIn(page).nth(1).getByText('Bad <img', { exact: false }).waitFor()
  await assertSound(page)
  assert.equal(await page.locator('img[src="x"]').count(), 0, 'it was read as HTML')

  const standing = page.getByRole('group', { name: 'How it goes' })
  await standing.getByText('Paused 1').click()
  await page.waitForURL(/standing=paused/)
  await hasCount(rowsIn(page), 2)
  await standing.getByText('All', { exact: true }).click()
  await page.getByLabel('Search connections by their name or sub-account').fill('calm PLACE')
  await hasCount(rowsIn(page), 4)
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
  await page.waitForURL(/sort=name/)
  await rowsIn(page).nth(1).getByText('Begun').waitFor()
  await page.getByLabel('Search connections by their name or sub-account').fill('nobody is called that')
  await page.getByRole('button', { name: 'Show all' }).click()
  await pick(page, 'Sub-account', 'Calm place')
  await page.waitForURL(new RegExp(`location=${calm.id}`))
  await hasCount(rowsIn(page), 4)
  await assertSound(page)
  await pick(page, 'Sub-account', 'All sub-accounts')
  await row('Bad <img').waitFor()

  await page.setViewportSize({ width: 390, height: 844 })
  await row('Bad <img').getByRole('link', { name: '1 row failed' }).click()
  await page.waitForURL(new RegExp(`/connections/${bad.id}\\?location=${planted.id}&tab=failed`))
  await hasCount(page.getByRole('table', { name: 'What failed' }).getByRole('row'), 2)
  await assertSound(page)
  window.assertCalm()
})

test('a connection of the agency itself makes sub-accounts: made, mapped, tried, at work, taken back, and taken along', async () => {
  await using window = await enterAt(browser, story, '/connections?make=true')
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Make a connection' })
  await pick(form, 'What is to come in', 'Sub-accounts, field by field')
  await form.getByText('What comes becomes sub-accounts of the agency.').waitFor()
  assert.equal(await form.getByRole('combobox', { name: 'Sub-account' }).count(), 0)
  await form.getByLabel('Name').fill(`Brands ${PLANTED}`)
  await assertSound(page)
  await form.getByRole('button', { name: 'Make connection' }).click()
  const made = page.getByRole('dialog', { name: 'The connection is made' })
  const address = await made.getByLabel('Address').inputValue()
  await made.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByRole('heading', { name: 'Brands <img', exact: false, level: 1 }).waitFor()
  await page.getByText('What comes becomes sub-accounts of the agency.', { exact: false }).waitFor()

  const brand = { id: 'b-1', title: `Brand ${PLANTED}`, city: 'Austin' }
  assert.ok((await send(address, brand)).ok)
  await page.getByRole('list', { name: 'What came' }).getByText('Austin').waitFor()
  await page.getByRole('combobox', { name: 'Name', exact: true }).fill('title')
  await page.getByRole('option', { name: /^title ·/ }).click()
  const would = page.getByRole('region', { name: 'What it would do' })
  await would.getByText('Would be made', { exact: true }).waitFor()
  await would.getByText('City: Austin').waitFor()
  const keys = page.getByRole('region', { name: 'The same one is known again by' })
  await keys.waitFor()
  await assertSound(page)
  const brands = async () => {
    const found = await story.agency.client.get('/locations/search?query=Brand&limit=100')
    return found.body.locations.filter(({ name }: { name: string }) => name.startsWith('Brand '))
  }
  assert.deepEqual(await brands(), [], 'looking writes nothing')
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await page.getByText('It is saved as version 2.').waitFor()
  await page.getByRole('button', { name: 'Put to work' }).click()
  await page.getByText('Version 2 is at work.', { exact: false }).waitFor()
  assert.ok((await send(address, brand)).ok)
  await until(async () => (await brands()).length === 1, 'the sub-account is made', 20_000)
  assert.ok((await send(address, { id: 'b-2', city: 'Nowhere' })).ok)
  await page.getByRole('tab', { name: 'What failed' }).click()
  await page.getByRole('table', { name: 'What failed' }).getByRole('row', { name: /Name/ }).last().waitFor()
  await assertSound(page)

  await page.getByRole('tab', { name: 'What was done' }).click()
  const runs = page.getByRole('list', { name: 'What was done' }).getByRole('listitem')
  const byItself = runs.filter({ hasText: 'What came by the address' })
  await byItself.getByText(/1 made/).waitFor()
  await byItself.getByRole('button', { name: 'Take back' }).click()
  await assertSound(page)
  await byItself.getByRole('button', { name: 'Take it back' }).click()
  await until(async () => (await brands()).length === 0, 'the run is undone', 20_000)

  await page.getByRole('tab', { name: 'How it comes' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const kept = await readFile(await (await download).path(), 'utf8')
  await window.visit('/connections?make=true')
  await pick(form, 'What is to come in', 'A connection that was exported')
  await form
    .locator('input[type=file]')
    .setInputFiles({ name: 'brands.json', mimeType: 'application/json', buffer: Buffer.from(kept) })
  await assertSound(page)
  await form.getByRole('button', { name: 'Make connection' }).click()
  await made.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click()
  await hasCount(rowsIn(page).filter({ hasText: 'the agency itself' }).filter({ hasText: 'Brands <img' }), 2)
  await pick(page, 'Sub-account', 'the agency itself')
  await page.waitForURL(/own=true/)
  await hasCount(rowsIn(page), 3)
  await hasCount(rowsIn(page).filter({ hasText: 'the agency itself' }), 2)
  await assertSound(page)

  // A list of places of 17hats is a file.
  await page.getByRole('button', { name: 'Make a connection' }).click()
  await pick(form, 'What is to come in', 'Locations, from a CSV')
  await form.getByRole('button', { name: 'Make connection' }).click()
  await page.getByRole('heading', { name: 'Locations, from a CSV', level: 1 }).waitFor()
  const file = { name: 'places.csv', mimeType: 'text/csv', buffer: Buffer.from('Location ID,Name\nb-9,Brand nine\n') }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: 'Look what it would do' }).click()
  const region = page.getByRole('region', { name: 'What would become of it' })
  await region.getByText('It would create 1,', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Put to work and write it' }).click()
  await until(async () => (await brands()).length === 1, 'the file is written', 20_000)
  await assertSound(page)
  window.assertCalm()
})

test('the address of a row that is not there says so, among the rows of a run and among all', async () => {
  const place = await newLocation(story, 'Row gone')
  const { id, address } = await makeConnection(place.client, { name: 'Rows' })
  await send(address, { id: 'c-1', first_name: 'Ada' })
  await untilRows(place.client, id, 1)
  const { rows } = (await place.client.get(`/connections/${id}/rows`)).body
  const at = `/connections/${id}?location=${place.id}`
  await using window = await enterAt(browser, story, `${at}&tab=runs&run=${rows[0].runId}&row=${rows[0].id}`)
  const { page } = window
  await page.getByRole('dialog').getByText('c-1').first().waitFor()
  for (const where of ['&tab=failed', `&tab=runs&run=${rows[0].runId}`]) {
    await window.visit(`${at}${where}&row=0199a4a0-0000-7000-8000-000000000000`)
    await page.getByRole('dialog').getByText('This row is not there.', { exact: false }).waitFor()
  }
  await assertSound(page)
  window.assertCalm()
})

test('what is corrected of a row that failed is not lost by a slip, nor by what could not be read again', async () => {
  const place = await newLocation(story, 'Corrected')
  const { id, address } = await makeConnection(place.client, { name: 'Fed' })
  await send(address, { id: 'c-1', first_name: 'Ada', email: 'no address' })
  const [row] = await untilRows(place.client, id, 1)
  await using window = await enterAt(browser, story, `/connections/${id}?location=${place.id}&tab=failed&row=${row.id}`)
  const { page } = window
  const dialog = page.getByRole('dialog')
  const text = dialog.getByLabel('What came, to be corrected')
  await text.fill('{ "id": "half')
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Go on writing' }).click()
  await breakReads(page)
  await comeBack(page)
  await page.getByRole('alert').filter({ hasText: 'trace-of-it' }).first().waitFor()
  assert.equal(await text.inputValue(), '{ "id": "half')
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Close and lose it' }).click()
  await dialog.waitFor({ state: 'detached' })
})
