import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { askAppToken, JR, Reader, SUBSCRIPTIONS } from '../support/journal.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0 })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('an edit stands in the journal as it happens, with its old and new values', async () => {
  const { client, id } = await newLocation(story, 'Watched')
  const { tag } = (await client.post(`/locations/${id}/tags`, { name: 'first words' })).body
  await using window = await enterAt(browser, story, `/journal?location=${id}`)
  const { page } = window
  const entries = page.getByRole('list', { name: 'Journal' }).getByRole('listitem')
  await entries.first().waitFor()
  await assertSound(page)
  const stood = await entries.count()
  assert.equal((await client.put(`/locations/${id}/tags/${tag.id}`, { name: 'second words' })).status, 200)
  await entries.nth(stood).waitFor()
  await entries
    .first()
    .getByRole('button', { name: /second words/ })
    .click()
  const detail = page.getByRole('dialog', { name: 'Tag' })
  await detail.getByText('first words').waitFor()
  await detail.getByRole('region').getByText('second words').waitFor()
  await assertSound(page)
  await detail.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused').waitFor()
  const made = await client.post('/contacts/', { locationId: id, firstName: 'Ada' })
  assert.equal(made.status, 201)
  await page.getByRole('button', { name: 'Follow again' }).click()
  const added = await client.post('/conversations/', { locationId: id, contactId: made.body.contact.id })
  assert.ok(added.status < 300, JSON.stringify(added.body))
  await entries.getByRole('button', { name: 'made · Conversation · Ada' }).waitFor()
  await entries.getByRole('button', { name: 'made · Contact · Ada' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Ada' }).waitFor()
  window.assertCalm()
})

test('whoever looks for what is further back finds it, and it stands still', async () => {
  const { client, id } = await newLocation(story, 'Busy')
  const { tag } = (await client.post(`/locations/${id}/tags`, { name: 'the first of all' })).body
  for (let count = 1; count <= 101; count++)
    assert.equal((await client.put(`/locations/${id}/tags/${tag.id}`, { name: `name ${count}` })).status, 200)
  await using window = await enterAt(browser, story, `/journal?location=${id}`)
  const { page } = window
  // Of the last that was read there may be more.
  const cut = page.getByText('at least 1 change')
  await cut.waitFor()
  await page.getByRole('button', { name: 'Older changes' }).click()
  await page.getByText('Paused').waitFor()
  const entries = page.getByRole('list', { name: 'Journal' }).getByRole('listitem')
  await hasCount(entries, 102)
  assert.equal(await page.getByRole('button', { name: 'Older changes' }).count(), 0)
  assert.equal(await cut.count(), 0)
  window.assertCalm()
})

test('the journal says which apps listen, how far each has read, and what it has still to read', async () => {
  const { empty, demo, server } = story
  const app = server.client((await askAppToken(server, demo.app)).body.access_token)
  const portalId = demo.locations.find(({ id }) => id === empty.id)?.portalId
  const wish = { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1', actions: ['CREATE', 'DELETE'] }
  assert.equal((await app.post(SUBSCRIPTIONS, wish)).status, 200)
  const reader = new Reader(app)
  const happen = async (firstName: string) => {
    assert.equal((await empty.client.post('/contacts/', { locationId: empty.id, firstName })).status, 201)
    await reader.events(1)
  }
  await happen('First')
  assert.equal((await app.put(`${JR}/consumers/nightly`, { offset: reader.offset })).status, 200)
  await happen('Second')
  await using window = await enterAt(browser, story, '/journal')
  const { page } = window
  await page.getByRole('link', { name: 'Who listens' }).click()
  const readers = page.getByRole('list', { name: 'Who reads' }).getByRole('listitem').filter({ hasText: 'Demo app' })
  await readers.filter({ hasText: 'nightly' }).getByText('1 event unread').waitFor()
  await readers.filter({ hasText: 'keeps its place itself' }).getByText('Nothing unread').waitFor()
  const told = page
    .getByRole('table', { name: 'What is told to whom' })
    .getByRole('row')
    .filter({ hasText: 'Contacts' })
  await told.getByText('made, deleted').waitFor()
  await assertSound(page)
  await window.visit(`/journal/listeners?location=${story.template.id}`)
  await page.getByRole('button', { name: 'All sub-accounts' }).click()
  await told.waitFor()
  window.assertCalm()
})

test('snapshots of chosen records, and of one as it was, are taken and followed to the journal', async () => {
  const { byHand, demo, server } = story
  const { client, id } = byHand
  const made = []
  for (const firstName of ['Ada', 'Grace', 'Joan']) {
    const { status, body } = await client.post('/contacts/', { locationId: id, firstName, lastName: 'Snapped' })
    assert.equal(status, 201, JSON.stringify(body))
    made.push(body.contact.id as string)
  }
  assert.equal((await client.put(`/contacts/${made[0]}`, { firstName: 'Augusta' })).status, 200)
  await using window = await enterAt(browser, story, `/locations/${id}/records?q=Snapped`)
  const { page } = window
  await page.getByRole('link', { name: 'Joan Snapped' }).waitFor()
  await page.getByRole('checkbox', { name: 'Choose Augusta Snapped' }).check()
  await page.getByRole('checkbox', { name: 'Choose Grace Snapped' }).check()
  const take = page.getByRole('button', { name: 'Take a snapshot' })
  await page.getByRole('region', { name: 'Chosen' }).getByText('2 chosen').waitFor()
  await take.click()
  const dialog = page.getByRole('dialog', { name: 'Take a snapshot of 2 records' })
  await dialog.getByText('No app listens to this sub-account').waitFor()
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  const app = server.client((await askAppToken(server, demo.app)).body.access_token)
  const portalId = demo.locations.find((one) => one.id === id)?.portalId
  const wish = { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1', actions: ['SNAPSHOT'] }
  assert.equal((await app.post(SUBSCRIPTIONS, wish)).status, 200)
  await page.reload()
  await take.click()
  await dialog.getByRole('combobox', { name: 'Told to' }).waitFor()
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Take it' }).click()
  await page.getByText('2 of 2 stand in the journal of Demo app').waitFor()
  const records = page.getByRole('list', { name: 'Records' }).getByRole('listitem')
  await hasCount(records, 2)
  await records
    .filter({ hasText: 'Augusta Snapped' })
    .getByText(/values/)
    .click()
  await records.getByText(/"firstname": "Augusta"/).waitFor()
  await assertSound(page)

  await window.visit(`/locations/${id}/records/contacts/${made[0]}`)
  await page.getByRole('slider', { name: 'Shown' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.waitForURL(/at=\d+/)
  await take.click()
  await page.getByRole('dialog').getByText('As they were at').waitFor()
  await page.getByRole('button', { name: 'Take it' }).click()
  await page.getByText('1 of 1 stand in the journal of Demo app').waitFor()
  await records.getByText(/values/).click()
  await records.getByText(/"firstname": "Ada"/).waitFor()
  window.assertCalm()
})
