import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { make } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

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

const enter = (path: string) => enterAt(browser, story, path)

const SALES = { name: 'Sales', stages: [{ name: 'New' }, { name: 'Won' }] }
type Sales = { id: string; stages: { id: string }[] }
const makeSales = async (place: Actor) => (await make(place, '/opportunities/pipelines/', SALES)) as unknown as Sales

test('a contact is found, and the slider shows it as it was at any moment, with what changed between two', async () => {
  const { client, id } = await newLocation(story, 'Records')
  const made = await client.post('/contacts/', {
    locationId: id,
    firstName: 'Ada',
    lastName: 'Lovelace',
    city: 'London',
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const contactId = made.body.contact.id
  await client.post('/contacts/', { locationId: id, firstName: 'Grace', lastName: 'Hopper' })
  for (const city of ['Paris', 'Turin'])
    assert.equal((await client.put(`/contacts/${contactId}`, { city })).status, 200)
  await using window = await enter(`/locations/${id}`)
  const { page } = window
  await page.getByRole('link', { name: 'Records' }).click()
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor()
  await assertSound(page)
  await page.getByRole('searchbox').fill('Lovel')
  await page.waitForURL(/q=Lovel/)
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  const city = page.locator('dd', { hasText: 'Turin' })
  await city.getByText('before: Paris').waitFor()
  await assertSound(page)
  await page.getByRole('slider', { name: 'Shown' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.waitForURL(/at=\d+/)
  await page.locator('dd', { hasText: 'Paris' }).waitFor()
  assert.equal(await page.locator('dd', { hasText: 'Turin' }).count(), 0)
  await page.reload()
  await page.locator('dd', { hasText: 'Paris' }).waitFor()
  await page.getByRole('slider', { name: 'Compared with' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.locator('dd', { hasText: 'Paris' }).getByText('before: London').waitFor()
  // An address can name any moment, also one at which it was not there yet.
  await window.visit(`/locations/${id}/records/contacts/${contactId}?at=${Date.parse('2020-05-05T10:00:00Z')}`)
  await page.getByText('It did not exist yet.').waitFor()
  await page.getByRole('status').getByText('As it was at 05/05/2020', { exact: false }).waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('opportunities stand on a board by stage, appointments in a week', async () => {
  const place = await newLocation(story, 'Board')
  const { client, id } = place
  const pipeline = await makeSales(place)
  const contact = (await client.post('/contacts/', { locationId: id, firstName: 'Ada' })).body.contact
  const made = await client.post('/opportunities/', {
    locationId: id,
    pipelineId: pipeline.id,
    pipelineStageId: pipeline.stages[1]?.id,
    name: '<b>Engine</b>',
    status: 'open',
    contactId: contact.id,
    monetaryValue: 1200,
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await using window = await enter(`/locations/${id}/records?kind=opportunities`)
  const { page } = window
  await page.getByRole('link', { name: '<b>Engine</b>' }).waitFor()
  await page.getByRole('combobox', { name: 'Board of a pipeline' }).click()
  await page.getByRole('option', { name: 'Sales' }).click()
  await page.getByRole('region', { name: 'Won' }).getByRole('link', { name: '<b>Engine</b>' }).waitFor()
  await assertSound(page)
  await page.getByRole('tab', { name: 'Appointments' }).click()
  await page.getByText('Nothing here yet').waitFor()
  for (const kind of ['Conversations', 'Businesses']) {
    await page.getByRole('tab', { name: kind }).click()
    await page.getByText('Nothing here yet').waitFor()
  }
  await window.visit(`/locations/${story.template.id}/records?kind=appointments`)
  await page.getByRole('combobox', { name: 'Calendar' }).waitFor()
  await page.getByText('nothing').first().waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'The week after' }).click()
  await page.getByLabel('The week of this day').fill('2026-03-04')
  await page.getByText('Mon 2 Mar to Sun 8 Mar').waitFor()
  const talk = (await client.post('/conversations/', { locationId: id, contactId: contact.id })).body.conversation
  await window.visit(`/locations/${id}/records/conversations/${talk.id}`)
  await page.getByRole('heading', { name: 'Ada', level: 1 }).waitFor()
  await page.getByText('As it is now.', { exact: true }).waitFor()
  assert.doesNotMatch((await page.getByLabel('The record').textContent()) ?? '', /Trace|true|false|\dT\d\d:|[{}]/)
  window.assertCalm()
})

test('records are made, changed and deleted by forms, and what is not saved is not lost by leaving', async () => {
  const place = await newLocation(story, 'Forms')
  const { client, id } = place
  const pipeline = await makeSales(place)
  const field = await client.post(`/locations/${id}/customFields`, {
    name: 'Size <b>of</b> album',
    dataType: 'SINGLE_OPTIONS',
    options: ['A4', 'A3'],
  })
  assert.ok(field.status < 300, JSON.stringify(field.body))
  await using window = await enter(`/locations/${id}/records`)
  const { page } = window
  await page.getByRole('link', { name: 'New contact' }).click()
  await page.getByRole('heading', { name: 'New contact' }).waitFor()
  await page.getByLabel('First name').fill('Ada')
  await page.getByLabel('Last name').fill('<i>Lovelace</i>')
  await page.getByRole('textbox', { name: 'Email', exact: true }).fill('ada@engine.example')
  await page.getByRole('combobox', { name: 'Size <b>of</b> album' }).click()
  await page.getByRole('option', { name: 'A3' }).click()
  await assertSound(page)
  await page.getByRole('link', { name: 'Contacts' }).click()
  const leave = page.getByRole('dialog', { name: 'Leave without saving?' })
  await leave.getByRole('button', { name: 'Stay here' }).click()
  await page.getByRole('button', { name: 'Make it' }).dblclick()
  await page.getByRole('heading', { name: 'Ada <i>Lovelace</i>' }).waitFor()
  assert.equal((await client.get(`/contacts/?locationId=${id}`)).body.contacts.length, 1, 'a double click makes one')
  await page.getByText('Size <b>of</b> album: A3').waitFor()

  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByLabel('Company name').fill('Engines')
  await page.getByRole('textbox', { name: 'Email', exact: true }).fill('')
  const [contact] = (await client.get(`/contacts/?locationId=${id}`)).body.contacts
  await assertSound(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Edit' }).waitFor()
  const { body } = await client.get(`/contacts/${contact.id}`)
  assert.deepEqual(
    [body.contact.companyName, body.contact.email, body.contact.firstName],
    ['Engines', undefined, 'Ada'],
  )

  await window.visit(`/locations/${id}/records?kind=opportunities&pipeline=${pipeline.id}`)
  await page.getByRole('link', { name: 'New opportunity' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Engine')
  await page.getByRole('combobox', { name: 'Contact' }).fill('Love')
  await page.getByRole('option', { name: 'Ada <i>Lovelace</i>' }).click()
  await page.getByRole('combobox', { name: 'Pipeline stage' }).click()
  await page.getByRole('option', { name: 'Won' }).click()
  await page.getByLabel('Monetary value').fill('1200')
  await assertSound(page)
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('heading', { name: 'Engine' }).waitFor()
  await window.visit(`/locations/${id}/records?kind=opportunities&pipeline=${pipeline.id}`)
  await page.getByRole('region', { name: 'Won' }).getByRole('link', { name: 'Engine' }).click()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Won', exact: true }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Engine was deleted.').waitFor()
  await page.getByText('Nothing here yet').waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('link', { name: 'Engine' }).click()
  await page.getByRole('heading', { name: 'Engine' }).waitFor()

  await window.visit(`/locations/${id}/records/contacts/${contact.id}`)
  await page.getByRole('button', { name: 'Delete' }).click()
  const sure = page.getByRole('dialog', { name: 'Delete Ada <i>Lovelace</i>?' })
  await sure.getByText('opportunities, appointments').waitFor()
  await assertSound(page)
  await sure.getByRole('button', { name: 'Delete it' }).click()
  await page.getByText('Nothing here yet').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('link', { name: 'Ada <i>Lovelace</i>' }).waitFor()
  await window.visit(`/locations/${id}/records?kind=opportunities`)
  await page.getByText('Nothing here yet').waitFor()
  window.assertCalm()
})

test('two people on one contact: what each changed alone is kept, and what both changed is asked', async () => {
  const { client, id: locationId } = await newLocation(story, 'Two on one contact')
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada', city: 'Austin' })).body
  const path = `/contacts/${contact.id}`
  const stored = async () => {
    const { companyName, city, state } = (await client.get(path)).body.contact
    return [companyName, city, state]
  }
  await using window = await enter(`/locations/${locationId}/records${path}/edit`)
  const { page } = window
  await page.getByLabel('Company name').fill('Engines')
  assert.equal((await client.put(path, { state: 'Texas' })).status, 200)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Edit' }).click()
  assert.deepEqual(await stored(), ['Engines', 'Austin', 'Texas'])
  await page.getByLabel('City').fill('Rome')
  await page.getByLabel('State').fill('Lazio')
  assert.equal((await client.put(path, { city: 'Bonn' })).status, 200)
  await page.getByRole('button', { name: 'Save' }).click()
  const asked = page.getByRole('dialog', { name: 'Somebody else has changed this meanwhile' })
  await asked.getByText('Bonn').first().waitFor()
  assert.deepEqual(await stored(), ['Engines', 'Bonn', 'Texas'], 'nothing was overwritten')
  await assertSound(page)
  await asked.getByText('Keep yours').click()
  await asked.getByRole('button', { name: 'Go on with these' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Edit' }).waitFor()
  assert.deepEqual(await stored(), ['Engines', 'Rome', 'Lazio'])
})

test('an appointment is made in a calendar, moved, and refused in words where its time is taken', async () => {
  const { client, id } = await newLocation(story, 'Booked')
  const calendar = await client.post('/calendars/', { locationId: id, name: 'Studio' })
  assert.equal(calendar.status, 200, JSON.stringify(calendar.body))
  const made = await client.post('/contacts/', { locationId: id, firstName: 'Grace', lastName: 'Hopper' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await using window = await enter(`/locations/${id}/records?kind=appointments`)
  const { page } = window
  await page.getByRole('link', { name: 'New appointment' }).click()
  await page.getByLabel('Title').fill('First meeting')
  await page.getByRole('combobox', { name: 'Calendar' }).click()
  await page.getByRole('option', { name: 'Studio' }).click()
  await page.getByRole('combobox', { name: 'Contact' }).fill('Grace')
  await page.getByRole('option', { name: 'Grace Hopper' }).click()
  await page.getByLabel('Start time').fill('2031-03-05T10:00')
  await page.getByLabel('End time').fill('2031-03-05T10:30')
  await assertSound(page)
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('combobox', { name: 'Add a field' }).click()
  await page.getByRole('option', { name: 'Ignore free slot validation' }).click()
  await page.getByRole('switch', { name: 'Ignore free slot validation' }).check({ force: true })
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('heading', { name: 'First meeting' }).waitFor()
  await window.visit(`/locations/${id}/records?kind=appointments&week=2031-03-03`)
  await page.getByRole('link', { name: 'First meeting' }).click()
  await page.getByRole('link', { name: 'Edit' }).click()
  assert.equal(await page.getByLabel('Start time').inputValue(), '2031-03-05T10:00')
  await page.getByLabel('Title').fill('Second meeting')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Second meeting' }).waitFor()
})

test('invoices of other programs are listed, found, and told with what became of them', async () => {
  const { client, id } = await newLocation(story, 'Invoices')
  const write = (invoice: object) => client.post('/invoices', { invoice_id: 'i-1', total: 120.5, ...invoice })
  assert.equal(
    (await write({ status: 'sent', number: '2026-<b>1</b>', currency: 'EUR', due_date: '2026-04-01' })).status,
    201,
  )
  assert.equal((await write({ status: 'paid' })).status, 200)
  assert.equal((await write({ invoice_id: 'other', status: 'draft' })).status, 201)
  await using window = await enter(`/locations/${id}/records?kind=invoices`)
  const { page } = window
  await page.getByRole('row', { name: /other.*draft/ }).waitFor()
  await page.getByRole('searchbox').fill('2026')
  await page.getByRole('row', { name: /other.*draft/ }).waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /2026-<b>1<\/b>.*120\.5 EUR.*due 2026-04-01.*paid/ }).waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: '2026-<b>1</b>' }).click()
  await page.getByRole('heading', { name: '2026-<b>1</b>' }).waitFor()
  await page.getByText('before: sent').waitFor()
  await assertSound(page)
  window.assertCalm()
})
