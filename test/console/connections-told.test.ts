import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PRESETS } from '../../src/connect/index.ts'
import { startChromium } from '../support/chromium.ts'
import { type Answer, CONTACT_DEFINITION, makeConnection } from '../support/connections.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { accept, invite } from '../support/guests.ts'
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

async function look(page: Page, lines: readonly string[]): Promise<void> {
  const file = { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: 'Look what it would do' }).click()
}

async function write(page: Page, told: string): Promise<void> {
  await page.getByRole('button', { name: 'Write it', exact: true }).click()
  await page.getByRole('region', { name: 'What became of it' }).getByText(told).waitFor()
}

const rowsOf = (page: Page) => page.getByRole('table', { name: 'Rows of' })

test('what was looked at is told as what would be, and leads to what was written; what an undo leaves is told by name, with why', async () => {
  const { client } = story.agency
  const { csv, mapping } = PRESETS.find(({ id }) => id === 'locations-csv') as (typeof PRESETS)[number]
  const { id } = await makeConnection(client, { name: 'Brands', way: 'file', definition: { source: { csv }, mapping } })
  const use = async (name: string) => {
    const { locations } = (await client.get('/locations/search?query=Brand&limit=100')).body
    const place = locations.find((one: Answer) => one.name === name)
    const { status } = await client.post('/customers', { locationId: place.id, customer_id: 'x', first_name: 'X' })
    assert.equal(status, 201)
    return place.id
  }
  await using window = await enterAt(browser, story, `/connections/${id}`)
  const { page } = window
  await look(page, ['Location ID,Name', 'b-1,Brand one', 'b-2,Brand two'])
  const row = (name: string) => rowsOf(page).getByRole('row').filter({ hasText: name })
  await row('Line 2 · Brand one · b-1').getByText('Would be made', { exact: true }).waitFor()
  await page.getByRole('group', { name: 'Show rows that were' }).getByText('Would be made 2').waitFor()
  await assertSound(page)
  await write(page, '2 made, 0 changed, 0 as they were, 0 left out, 0 failed')
  await row('Brand one').getByText('Made', { exact: true }).waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Look what was written' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Write it', exact: true }).count(), 0, 'it is written')
  await page.getByRole('button', { name: 'Look what was written' }).click()
  await page.getByRole('region', { name: 'What became of it' }).waitFor()

  const one = await use('Brand one')
  await use('Brand two')
  const runs = page.getByRole('list', { name: 'What was done' }).getByRole('listitem')
  // Of so many that were written: one that is not listed yet is not the newest.
  const undoNewest = async (count: number) => {
    await page.getByRole('tab', { name: 'What was done' }).click()
    const written = runs.filter({ hasText: '2 made' })
    await hasCount(written, count)
    const newest = written.first()
    await newest.getByRole('button', { name: 'Take back' }).click()
    await newest.getByRole('button', { name: 'Take it back' }).click()
  }
  await undoNewest(1)
  await runs.filter({ hasText: '0 taken back, 2 stay' }).getByText('Nothing could be taken back').waitFor()
  await runs.filter({ hasText: '2 made' }).getByRole('button', { name: 'Take back' }).waitFor()
  await assertSound(page)
  await runs.filter({ hasText: '0 taken back' }).getByRole('button', { name: 'Rows' }).click()
  const why = 'Something else hangs on it by now: what was written in it'
  await row('Line 2 · Brand one · b-1').getByText(why).waitFor()
  await row('Line 3 · Brand two · b-2').getByText('Stays', { exact: true }).waitFor()
  await page.getByRole('group', { name: 'Show rows that were' }).getByText('Stays 2').click()
  await row('Brand one').getByRole('button').click()
  const dialog = page.getByRole('dialog', { name: 'Line 2 · Brand one' })
  await dialog.getByText(why).waitFor()
  assert.equal(await dialog.getByText('Nothing.').count(), 0)
  const link = await dialog.getByRole('link', { name: 'Open it' }).getAttribute('href')
  assert.ok(link?.endsWith(`/locations/${one}`), String(link))
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('tab', { name: 'A file' }).click()
  await look(page, ['Location ID,Name', 'b-3,Brand three', 'b-4,Brand four'])
  await write(page, '2 made, 0 changed, 0 as they were, 0 left out, 0 failed')
  await use('Brand three')
  await undoNewest(2)
  await runs.filter({ hasText: '1 taken back, 1 stays' }).waitFor()
  await runs.getByText('Taken back in part').waitFor()
  await assertSound(page)
  window.assertCalm()
})

const HEAD = 'id,first_name,last_name,email'

test('a file with a bad row is no failure of its connection, and one that lacks a column is gone on with on the screen', async () => {
  const place = await newLocation(story, 'Files')
  const { id } = await makeConnection(place.client, { name: 'Files', way: 'file' })
  await using window = await enterAt(browser, story, `/connections/${id}?location=${place.id}`)
  const { page } = window
  const lines = [1, 2, 3, 4, 5, 6].map((n) => `c${n},Ada ${n},L,${n === 3 ? 'no mail' : `a${n}@ex.test`}`)
  await look(page, [HEAD, ...lines])
  await write(page, '5 made, 0 changed, 0 as they were, 0 left out, 1 failed')
  const became = page.getByRole('region', { name: 'What became of it' })
  await became.getByText('Done, but rows failed').waitFor()
  await page.getByRole('tab', { name: 'Versions' }).click()
  await page.getByText('Works', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused', { exact: true }).waitFor()
  assert.equal(await page.getByText('E-mail:', { exact: false }).count(), 0, 'an old fault of a row')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('Works', { exact: true }).waitFor()

  await page.getByRole('tab', { name: 'A file' }).click()
  await look(page, ['id,first_name,last_name', 'c7,Ada 7,L', 'c8,Ada 8,L'])
  const alert = page.getByRole('alert').filter({ hasText: 'The file is not like the one before' })
  await alert.getByText('“email” is gone (used for email). Nothing of it was written.', { exact: false }).waitFor()
  for (const wrong of ['Nothing would fail', 'deploy'])
    assert.equal(await page.getByText(wrong, { exact: false }).count(), 0, wrong)
  await alert.getByRole('button', { name: 'To the fields' }).waitFor()
  await assertSound(page)
  await alert.getByRole('button', { name: 'Go on without it' }).click()
  await page.getByText('Works', { exact: true }).waitFor()
  const region = page.getByRole('region', { name: 'What would become of it' })
  await region.getByText('2 could not be written.', { exact: false }).or(region.getByText('It would create')).waitFor()
  window.assertCalm()
})

test('a client whom an address leads nowhere is told so in words for people, with nothing to try again', async () => {
  const { agency, byHand, template, empty } = story
  const own = await makeConnection(byHand.client, { name: 'Own' })
  const foreign = await makeConnection(template.client, { name: 'Foreign' })
  await using owner = await enterAt(browser, story, '/settings/people')
  const email = 'two@guests.example'
  const link = await invite(owner.page, { email, role: 'Client', location: 'Harbour Photo' })
  await using guest = await accept(browser, story, link)
  const { page } = guest
  await guest.visit(`/connections/${own.id}`)
  await page.getByRole('heading', { name: 'Own', level: 1 }).waitFor()
  guest.assertCalm()

  const alert = page.getByRole('alert')
  const told = async (path: string, what: string) => {
    await guest.visit(path)
    await alert.getByText(what, { exact: false }).waitFor()
    assert.equal(await alert.getByRole('button').count(), 0, 'nothing to try again')
    assert.doesNotMatch(String(await alert.textContent()), /token|locationId/)
    await assertSound(page)
  }
  await told(`/connections/${foreign.id}?location=${template.id}`, 'This sub-account is not among those that you see')
  const path = `/people/?companyId=${agency.companyId}`
  const { people } = (await agency.client.get(path)).body
  const person = people.find((one: Answer) => one.email === email)
  const locationIds = [byHand.id, empty.id]
  const put = await agency.client.put(`/people/${person.id}?companyId=${agency.companyId}`, { locationIds })
  assert.equal(put.status, 200, JSON.stringify(put.body))
  await told(`/connections/${own.id}`, 'This address does not say which sub-account is meant.')
  await told(`/locations/${template.id}`, 'This sub-account is not among those that you see')
})

test('a viewer looks at a mapping and changes nothing of it', async () => {
  const { byHand } = story
  const filters = [
    { when: { expression: 'type = "Spam"' }, reason: 'spam' },
    { when: { path: 'type', is: 'equal', value: 'Test' }, reason: 'a test' },
  ]
  const mapping = { ...CONTACT_DEFINITION.mapping, filters }
  const { id } = await makeConnection(byHand.client, { name: 'Looked at', definition: { source: {}, mapping } })
  await using owner = await enterAt(browser, story, '/settings/people')
  const link = await invite(owner.page, { email: 'viewer@guests.example', role: 'Viewer' })
  await using guest = await accept(browser, story, link)
  const { page } = guest
  await guest.visit(`/connections/${id}?location=${byHand.id}`)
  const panel = page.getByRole('tabpanel')
  await panel.getByLabel('Expression (JSONata)').waitFor()
  assert.ok((await panel.locator('input').count()) > 20)
  const open = ['input:not([type=hidden])', 'textarea'].map((one) => `${one}:not([readonly]):not([disabled])`)
  assert.equal(await panel.locator(open.join()).count(), 0, 'inputs that can be edited')
  await assertSound(page)
  guest.assertCalm()
})
