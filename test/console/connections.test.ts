import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { send } from '../support/connections.ts'
import { assertSound, choose, enterAt, pick } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
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

test('another program is connected without code: from its address to the first contact, what failed, and the way back', async () => {
  const place = await newLocation(story, 'Fed')
  await using window = await enterAt(browser, story, `/connections?location=${place.id}`)
  const { page } = window
  await page.getByRole('heading', { name: 'No connection yet' }).waitFor()
  await page.getByRole('button', { name: 'Make a connection' }).click()
  const form = page.getByRole('dialog', { name: 'Make a connection' })
  await form.getByRole('button', { name: 'Make connection' }).click()
  await form.getByText('Write a name.').waitFor()
  await pick(form, 'What is to come in', 'Contacts, field by field')
  await form.getByLabel('Name').fill('17hats')
  await assertSound(page)
  await form.getByRole('button', { name: 'Make connection' }).click()
  const made = page.getByRole('dialog', { name: 'The connection is made' })
  const address = await made.getByLabel('Address').inputValue()
  await made.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByRole('heading', { name: '17hats', level: 1 }).waitFor()
  await page.getByText('Nothing has come yet.').waitFor()

  const ada = { id: 'c-1', first_name: 'Ada', contact: { mail: 'ada@example.com' }, tags: ['vip', 'new'] }
  assert.ok((await send(address, ada)).ok)
  await page.getByRole('list', { name: 'What came' }).getByText('ada@example.com').waitFor()
  await choose(page, 'Its id in the other program', 'id')
  await choose(page, 'First name', 'first_name')
  await choose(page, 'E-mail', 'contact.mail')
  await choose(page, 'Tags', 'tags')
  await page.getByText('Not saved yet').waitFor()
  await page.getByRole('tab', { name: 'What was done' }).click()
  await page.getByRole('tab', { name: 'Fields' }).click()
  await page.getByText('Not saved yet').waitFor()
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click()
  await page.getByRole('list', { name: 'What came' }).getByText('ada@example.com').waitFor()
  await assertSound(page)
  const would = page.getByRole('region', { name: 'What it would do' })
  await would.getByText('Would be made', { exact: true }).waitFor()
  await would.getByText('Tags: vip, new').waitFor()
  const contacts = async () => (await place.client.get(`/contacts/?locationId=${place.id}`)).body.contacts
  assert.equal((await contacts()).length, 0, 'looking writes nothing')
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await page.getByText('It is saved as version 2.').waitFor()
  await page.getByRole('button', { name: 'Put to work' }).click()
  await page.getByText('Version 2 is at work.').waitFor()

  assert.ok((await send(address, ada)).ok)
  await until(async () => (await contacts()).length === 1, 'the first contact arrives by itself', 20_000)
  assert.deepEqual((await contacts())[0].tags, ['vip', 'new'])
  assert.ok((await send(address, { ...ada, id: 'c-2', first_name: 'Grace', contact: { mail: 'no mail' } })).ok)
  await page.getByRole('tab', { name: 'What failed' }).click()
  const dead = page.getByRole('table', { name: 'What failed' }).getByRole('row', { name: /E-mail/ })
  await dead.waitFor()
  await assertSound(page)
  await dead.getByRole('button').click()
  const row = page.getByRole('dialog')
  const edit = row.getByLabel('What came, to be corrected')
  await edit.fill((await edit.inputValue()).replace('no mail', 'grace@example.com'))
  await row.getByRole('button', { name: 'Look what it would do' }).click()
  await row.getByText('First name: Grace').waitFor()
  await assertSound(page)
  await row.getByRole('button', { name: 'Try again', exact: true }).click()
  await until(async () => (await contacts()).length === 2, 'what was corrected', 20_000)
  await page.getByRole('heading', { name: 'All is well: nothing has failed.' }).waitFor()

  await page.getByRole('tab', { name: 'What was done' }).click()
  const runs = page.getByRole('list', { name: 'What was done' }).getByRole('listitem')
  const byItself = runs.filter({ hasText: 'What came by the address' })
  await byItself.getByText(/1 made/).waitFor()
  await assertSound(page)
  await byItself.getByRole('button', { name: 'Take back' }).click()
  await byItself.getByRole('button', { name: 'Take it back' }).click()
  await until(async () => (await contacts()).length === 1, 'the run is undone', 20_000)
  assert.equal((await contacts())[0].firstName, 'Grace')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused', { exact: true }).waitFor()
  window.assertCalm()
})

const HATS = 'First Name,Last Name,Email,Phone,Kind,Since\n'
const PEOPLE = [
  'Ada,Lovelace,ada@example.com,(212) 555-0100,Client,03/05/2026',
  'Bob,Smith,bob@example.com,,Gold,03/06/2026',
  'Grace,Hopper,grace@example.com,,Spam,03/07/2026',
]
const csv = (lines: readonly string[]) => ({
  name: 'contacts.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(HATS + lines.join('\n')),
})

test('a CSV of 17hats that is called otherwise than expected is read all the same, mapped without code, and written once it was seen', async () => {
  const place = await newLocation(story, 'Filed')
  const ada = { locationId: place.id, firstName: 'Ada', email: 'ada@example.com', type: 'lead' }
  assert.equal((await place.client.post('/contacts/', ada)).status, 201)
  const contacts = async () => (await place.client.get(`/contacts/?locationId=${place.id}`)).body.contacts
  await using window = await enterAt(browser, story, `/connections?location=${place.id}&make=true`)
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Make a connection' })
  await pick(form, 'What is to come in', '17hats contacts, from its CSV')
  await form.getByText('The file of Contacts > Export', { exact: false }).waitFor()
  await assertSound(page)
  await form.getByRole('button', { name: 'Make connection' }).click()
  await page.getByRole('heading', { name: '17hats contacts, from its CSV', level: 1 }).waitFor()
  const file = page.locator('input[type=file]')
  const look = page.getByRole('button', { name: 'Look what it would do' })
  await file.setInputFiles(csv(PEOPLE))
  await assertSound(page)
  await look.click()
  await page.getByText('the file lacks “Primary E-mail Address”', { exact: false }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Read it all the same' }).click()
  const region = page.getByRole('region', { name: 'What would become of it' })
  await region.getByText('3 could not be written.', { exact: false }).waitFor()
  await region.getByRole('button', { name: 'To the fields' }).click()

  await page.getByRole('list', { name: 'What came' }).getByText('(212) 555-0100').waitFor()
  await choose(page, 'E-mail', 'Email')
  await choose(page, 'Phone', 'Phone')
  await page.getByText('Becomes: +12125550100').waitFor()
  await page.getByRole('button', { name: 'More for Type', exact: true }).click()
  const type = page.getByRole('dialog', { name: 'Type', exact: true })
  await type.getByRole('combobox', { name: 'Place' }).fill('Kind')
  await page.getByRole('option', { name: /^Kind ·/ }).click()
  await type.getByRole('button', { name: 'Take the words that came' }).click()
  // The preset knows four; these have come.
  const yours = type.getByRole('textbox', { name: 'Yours', exact: true })
  await yours.nth(4).fill('customer')
  await yours.nth(5).fill('lead')
  await assertSound(page)
  await type.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'More for Company', exact: true }).click()
  const company = page.getByRole('dialog', { name: 'Company', exact: true })
  await pick(company, 'Filled with', 'what is worked out (expression)')
  await company.getByLabel('Expression (JSONata)').fill('`Last Name` & " & Co"')
  await company.getByText('With the sample: Lovelace & Co').waitFor()
  await company.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'More for Source', exact: true }).click()
  const source = page.getByRole('dialog', { name: 'Source', exact: true })
  await source.getByLabel('What it always is').fill('Our old 17hats')
  await source.getByText('With the sample: Our old 17hats').waitFor()
  await source.getByRole('button', { name: 'Done' }).click()
  const left = page.getByRole('region', { name: 'What is left out' })
  await left.getByRole('button', { name: 'Leave something out' }).click()
  await choose(page, 'Where this', 'Kind')
  await left.getByLabel('this', { exact: true }).fill('Spam')
  await assertSound(page)
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await page.getByText('It is saved as version 3.').waitFor()

  await page.getByRole('tab', { name: 'A file' }).click()
  await file.setInputFiles(csv(PEOPLE))
  await look.click()
  await region.getByText('It would create 1, update 1, leave 0 as they are, skip 1. Nothing would fail.').waitFor()
  assert.equal((await contacts()).length, 1, 'looking writes nothing')
  const rows = page.getByRole('table', { name: 'Rows of' })
  await rows.getByText('Kind is Spam').waitFor()
  await page.getByRole('group', { name: 'Show rows that were' }).getByText('Would be changed 1').click()
  await rows.getByRole('button').first().click()
  const row = page.getByRole('dialog')
  await row.getByText('Company: Lovelace & Co').waitFor()
  await assertSound(page)
  await row.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Put to work and write it' }).click()
  const became = page.getByRole('region', { name: 'What became of it' })
  await became.getByText('1 made, 1 changed, 0 as they were, 1 left out, 0 failed').waitFor()
  await assertSound(page)
  const written = (await contacts()).map(({ email, type: kind, source: from }: Record<string, string>) => [
    email,
    kind,
    from,
  ])
  assert.deepEqual(written.sort(), [
    ['ada@example.com', 'customer', 'Our old 17hats'],
    ['bob@example.com', 'customer', 'Our old 17hats'],
  ])

  await page.getByRole('tab', { name: 'Versions' }).click()
  const versions = page.getByRole('list', { name: 'Versions' }).getByRole('listitem')
  const third = versions.filter({ hasText: 'Version 3' })
  await third.getByText('at work').waitFor()
  await third.getByRole('button', { name: 'What it changed' }).click()
  await third.getByText('worked out: `Last Name` & " & Co"').waitFor()
  await assertSound(page)
  const second = versions.filter({ hasText: 'Version 2' })
  await second.getByRole('button', { name: 'Go back to it' }).click()
  await second.getByRole('button', { name: 'Make it the newest' }).click()
  await page.getByText('It is version 4 now.', { exact: false }).waitFor()
  await page.getByText('Version 3 is at work, version 4 is newer.').waitFor()
})
