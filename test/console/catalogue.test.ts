import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
import { type Story, startStory } from '../support/stories.ts'

const run = promisify(execFile)
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

const open = (path: string) => enterAt(browser, story, path)

test('every trigger and action is found by category, kind and words', async () => {
  await using window = await open('/catalogue')
  const { page } = window
  const all = (await story.server.client('').get('/catalog')).body.entries.length
  const cards = page.locator('a[href^="/app/catalogue/"]')
  await page.getByText(`${all} triggers and actions`).waitFor()
  await hasCount(cards, all)
  await assertSound(page)
  await page.getByLabel('Search triggers and actions').fill('free slots')
  await page.getByRole('link', { name: /Get Free Slots/ }).waitFor()
  await page.waitForURL(/q=free/)
  await hasCount(cards, 1)
  await page.getByText('Actions', { exact: true }).click()
  await page.getByText('No trigger and no action is called that').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await hasCount(cards, all)
  window.assertCalm()
})

test('an action is tried in a sub-account of one’s choice, and what it made is read by a trigger', async () => {
  const { empty } = story
  await using window = await open(`/catalogue/create_contact?location=${empty.id}`)
  const { page } = window
  await page.getByRole('heading', { name: 'Create Contact' }).waitFor()
  await page.getByLabel('firstName', { exact: true }).fill('Ada')
  await page.getByLabel('email', { exact: true }).fill('ada@people.test')
  await assertSound(page)
  await page.getByRole('button', { name: 'Run' }).click()
  const answer = page.getByRole('region', { name: 'Answer', exact: true })
  await answer.waitFor()
  const { contact } = JSON.parse((await answer.textContent()) ?? '')
  assert.equal(contact.firstName, 'Ada')
  const stored = (await empty.client.get(`/contacts/${contact.id}`)).body.contact
  assert.equal(stored.email, 'ada@people.test')

  await page.getByRole('tab', { name: 'Code' }).click()
  const curl = (await page.getByRole('region', { name: 'curl', exact: true }).textContent()) ?? ''
  assert.match(curl, /curl -X POST 'http:\/\/127\.0\.0\.1:\d+\/contacts\/'/)
  assert.ok(curl.includes('"email":"ada@people.test"') && curl.includes(empty.id), curl)
  await page.getByText('Official SDK').click()
  await page.getByText(/highLevel\.contacts\.createContact\(/).waitFor()
  await assertSound(page)
  window.assertCalm()

  await window.visit(`/catalogue/get_contact?location=${empty.id}`)
  await page.getByLabel('contactId').fill(contact.id)
  await page.getByRole('button', { name: 'Run' }).click()
  await answer.waitFor()
  assert.equal(JSON.parse((await answer.textContent()) ?? '').contact.id, contact.id)
  window.assertCalm()
})

test('what is wrong is told beside its field, and what the server refuses in its words', async () => {
  await using window = await open(`/catalogue/get_contact?location=${story.empty.id}`)
  const { page } = window
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByText('is needed').first().waitFor()
  await page.getByLabel('contactId').fill('unknown')
  await page.getByRole('button', { name: 'Run' }).click()
  await page
    .getByRole('alert')
    .getByText(/not found/)
    .waitFor()
  await page.getByRole('alert').getByText('This was refused').waitFor()
  await page.getByText('Trace id').waitFor()
})

test('code that the console shows runs as it stands', async () => {
  await using window = await open(`/catalogue/create_contact?location=${story.empty.id}&tab=code&language=curl`)
  const { page } = window
  const shown = page.getByRole('region', { name: 'curl', exact: true })
  await shown.waitFor()
  const curl = (await shown.textContent()) ?? ''
  const token = story.demo.locations[2]?.token ?? ''
  const { stdout } = await run('sh', ['-c', curl], { env: { ...process.env, TOKEN: token } })
  assert.equal(JSON.parse(stdout).contact.locationId, story.empty.id, stdout)
})

test('what deletes asks once more, and every entry opens with a form', async () => {
  await using window = await open(`/catalogue/delete_contact?location=${story.empty.id}`)
  const { page } = window
  await page.getByText('This deletes something').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Run' }).isDisabled(), true)
  await page.getByLabel('I know what this deletes').check()
  const go = page.getByRole('button', { name: 'Run' })
  const isOff = () => go.isDisabled()
  assert.equal(await isOff(), false)
  // Sure of one is not sure of another.
  const { empty } = story
  const { contact } = (await empty.client.post('/contacts/', { locationId: empty.id, firstName: 'Gone' })).body
  await page.getByLabel('contactId').fill(contact.id)
  await until(isOff, 'it is asked once more')
  await page.getByLabel('I know what this deletes').check()
  await go.click()
  await page.getByRole('region', { name: 'Answer', exact: true }).waitFor()
  assert.equal((await empty.client.get(`/contacts/${contact.id}`)).status, 404)
  await until(isOff, 'it is asked once more')
  assert.equal(await page.getByLabel('I know what this deletes').isChecked(), false)
  const { entries } = (await story.server.client('').get('/catalog')).body
  for (const { key, title, operation } of entries) {
    // As a link would, without loading the page anew for each of them.
    const to = JSON.stringify(`/app/catalogue/${key}?location=${story.empty.id}`)
    await page.evaluate(`history.pushState({}, '', ${to}); dispatchEvent(new PopStateEvent('popstate'))`)
    await page.getByRole('heading', { name: title, exact: true }).waitFor()
    if (operation.output === null) await page.getByText('The answer is a file or a stream.').waitFor()
    else await page.getByRole('button', { name: 'Run' }).waitFor()
    assert.equal(await page.getByText(/Unsupported field schema|Unknown field type/).count(), 0, key)
  }
  window.assertCalm()
})
