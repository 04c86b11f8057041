import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
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

test('a record calls what it names by its name, then and now, and a stage that is gone so', async () => {
  const place = await newLocation(story, 'Names')
  const { client, id: locationId } = place
  const pipeline = await make(place, '/opportunities/pipelines/', {
    name: 'Jobs',
    stages: [{ name: 'Asked' }, { name: 'Won' }],
  })
  const [asked, won] = pipeline.stages as { id: string }[]
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada', lastName: 'Lovelace' })).body
  const body = { locationId, name: 'Wedding', status: 'open', contactId: contact.id, pipelineId: pipeline.id }
  const { opportunity } = (await client.post('/opportunities/', { ...body, pipelineStageId: asked?.id })).body
  await client.put(`/opportunities/${opportunity.id}`, { pipelineStageId: won?.id })
  await using window = await enterAt(browser, story, `/locations/${locationId}/records/opportunities/${opportunity.id}`)
  const { page } = window
  const fields = page.locator('dl', { has: page.getByText('Pipeline stage', { exact: false }) })
  for (const text of ['Jobs', 'Ada Lovelace']) await fields.getByText(text, { exact: true }).waitFor()
  for (const text of ['Won', 'Asked']) await fields.getByText(text).first().waitFor()
  await assertSound(page)
  // Where it was goes: what is told of then has no name any more.
  const stages = [{ id: won?.id, name: 'Won' }]
  await client.put(`/opportunities/pipelines/${pipeline.id}`, { stages })
  await page.reload()
  await fields.getByText('A stage that is gone').waitFor()
  window.assertCalm()
})

test('the time line of a record, of an asset and of the journal calls by name what was changed', async () => {
  const { agency } = story
  const place = await newLocation(story, 'Time lines')
  const { client, id: locationId } = place
  const user = await agency.client.post('/users/', {
    companyId: agency.companyId,
    firstName: 'Mary',
    lastName: 'Somerville',
    email: `mary-${locationId}@studio.example`,
    password: 'a long word for tests 1!',
    type: 'account',
    role: 'user',
    locationIds: [locationId],
  })
  assert.equal(user.status, 201, JSON.stringify(user.body))
  const field = async (name: string) =>
    (await client.post(`/locations/${locationId}/customFields`, { name, dataType: 'TEXT' })).body.customField.id
  const [size, gone] = [await field('Size of album'), await field('Forgotten')]
  const made = { locationId, firstName: 'Ada', customFields: [{ id: size, field_value: 'A4' }] }
  const { contact } = (await client.post('/contacts/', made)).body
  const change = async (path: string, body: object) => {
    const { status, body: answer } = await client.put(path, body)
    assert.equal(status, 200, JSON.stringify(answer))
  }
  const customFields = [
    { id: size, field_value: 'A3' },
    { id: gone, field_value: 'lost' },
  ]
  await change(`/contacts/${contact.id}`, { assignedTo: user.body.id, customFields })
  await client.delete(`/locations/${locationId}/customFields/${gone}`)
  const pipeline = await make(place, '/opportunities/pipelines/', {
    name: 'Jobs',
    stages: [{ name: 'Asked' }, { name: 'Won' }],
  })
  const [asked, won] = pipeline.stages as { id: string }[]
  const deal = { locationId, name: 'Wedding', status: 'open', contactId: contact.id, pipelineId: pipeline.id }
  const { opportunity } = (await client.post('/opportunities/', { ...deal, pipelineStageId: asked?.id })).body
  await change(`/opportunities/${opportunity.id}`, { pipelineStageId: won?.id })
  const calendar = (await client.post('/calendars/', { locationId, name: 'Studio' })).body.calendar
  const teamMembers = [{ userId: user.body.id }]
  await change(`/calendars/${calendar.id}`, { teamMembers })

  await using window = await enterAt(browser, story, `/locations/${locationId}/records/contacts/${contact.id}`)
  const { page } = window
  /** Opens a change by the fields that it names, and tells what is written there. */
  const read = async (list: string, fields: string) => {
    const entry = page.getByRole('list', { name: list }).getByRole('listitem').filter({ hasText: fields }).first()
    await entry.getByRole('button', { name: fields }).click()
    return entry
  }
  const ids = [contact.id, user.body.id, size, gone, pipeline.id, asked?.id, won?.id, calendar.id]
  const holdsNoId = async (entry: Locator) => {
    const text = (await entry.textContent()) ?? ''
    assert.deepEqual(
      ids.filter((id) => text.includes(id)),
      [],
    )
  }
  const contactChange = await read('Time line', 'Custom fields')
  const album = contactChange.getByRole('region', { name: 'Size of album' })
  for (const text of ['A4', 'A3']) await album.getByText(text, { exact: true }).waitFor()
  await contactChange.getByRole('region', { name: 'A custom field that is gone' }).getByText('lost').waitFor()
  await contactChange.getByRole('region', { name: 'Assigned to' }).getByText('Mary Somerville').waitFor()
  await holdsNoId(contactChange)
  await assertSound(page)

  await window.visit(`/locations/${locationId}/records/opportunities/${opportunity.id}`)
  const stage = await read('Time line', 'Pipeline stage')
  for (const text of ['Asked', 'Won']) await stage.getByText(text, { exact: true }).waitFor()
  await holdsNoId(stage)

  await window.visit(`/locations/${locationId}/assets/calendars/${calendar.id}?view=history`)
  const team = await read('History', 'Team members')
  await team.getByText('Mary Somerville').waitFor()
  await holdsNoId(team)

  await window.visit('/journal')
  await page
    .getByRole('button', { name: /Wedding/ })
    .first()
    .click()
  const event = page.getByRole('dialog')
  await event.getByText('Won', { exact: true }).waitFor()
  await holdsNoId(event)
  await assertSound(page)
  window.assertCalm()
})
