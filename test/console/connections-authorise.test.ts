import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { comeBack, leaveFor, makeAuthorised } from '../support/authorised-connections.ts'
import { startChromium } from '../support/chromium.ts'
import { ada, pollAgain } from '../support/connections.ts'
import { assertSound, enterAt, pick } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
import { newPerson } from '../support/person.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'
import { startTheirProgram, type TheirProgram } from '../support/their-authorisation.ts'
import { LOOPBACK } from '../support/webhooks.ts'

let story: Story
let browser: Browser
let theirs: TheirProgram
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0, ...LOOPBACK })
  theirs = await startTheirProgram()
})
after(async () => {
  await browser?.close()
  await theirs?.[Symbol.asyncDispose]()
  await story?.[Symbol.asyncDispose]()
})

/** At the other program, and back. */
async function decide(page: Page, button: 'Authorise' | 'Authorise again', word: 'Allow' | 'Deny'): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('heading', { name: 'May it read?' }).waitFor()
  await page.getByRole('link', { name: word }).click()
  await page.getByRole('heading', { name: 'Ledger', level: 1 }).waitFor()
}

test('somebody who writes no code authorises a connection at the other program, comes back, loses it, and does it again', async () => {
  theirs.people = [ada({ id: 'w1', email: 'w1@ex.test', phone: null })]
  const place = await newLocation(story, 'Permitted')
  await using window = await enterAt(browser, story, `/connections?location=${place.id}&make=true`)
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Make a connection' })
  await pick(form, 'What is to come in', 'Contacts, field by field')
  await form.getByLabel('Name').fill('Ledger')
  await form.getByLabel('We ask the other program (API)').check()
  await form.getByLabel('Address of the list').fill(`${theirs.url}/people`)
  await form.getByRole('button', { name: 'Make connection' }).click()
  await page.getByRole('heading', { name: 'Ledger', level: 1 }).waitFor()
  await page.getByRole('tab', { name: 'How it comes' }).click()
  await page.getByLabel('Where the list stands in the answer').fill('data')
  await pick(page, 'Pages', 'by a number of the page')
  await page.getByLabel('Called in the address').fill('page')
  await pick(page, 'It lets us in by', 'OAuth 2.0')
  await pick(page, 'Kind of permission', 'of a person who allows it there (authorisation code)')
  const permission = page.getByRole('region', { name: 'Permission' })
  await permission.getByText('Save first', { exact: false }).waitFor()
  await page.getByLabel('Where permission is asked').fill('http://theirs.example/authorize')
  await page.getByLabel('Where tokens are made').fill(`${theirs.url}/token`)
  const save = page.getByRole('button', { name: 'Save and test' })
  await save.click()
  await page.getByText('it does not begin with https://', { exact: false }).waitFor()
  await page.getByLabel('Where permission is asked').fill(`${theirs.url}/authorize`)
  await assertSound(page)
  await save.click()
  await page.getByText('Still missing: Client id, Client secret.', { exact: false }).waitFor()
  const secrets = page.getByRole('region', { name: 'Secrets' })
  await secrets.getByLabel('Client id', { exact: true }).fill(theirs.clientId)
  await secrets.getByLabel('Client secret', { exact: true }).fill(theirs.clientSecret)
  await save.click()
  const needed = page.getByRole('alert').filter({ hasText: 'It needs authorisation' })
  await needed.waitFor()
  await assertSound(page)
  const address = await permission.getByLabel('Address to come back to').inputValue()
  assert.ok(address.startsWith(`${story.server.url}/app/authorised/`), address)

  const told = page.getByRole('status').filter({ hasText: /uthorised/ })
  await decide(page, 'Authorise', 'Deny')
  await told.getByText('Not authorised').waitFor()
  await told.getByText('choose Authorise and allow it there', { exact: false }).waitFor()
  await assertSound(page)

  await pick(page, 'Where the person is asked', 'by one that names both (issuer)')
  await page.getByLabel('Issuer').fill(theirs.url)
  await page.getByLabel('Scope').fill('openid')
  await needed.getByText('Save first', { exact: false }).waitFor()
  await save.click()
  await decide(page, 'Authorise', 'Allow')
  await told.getByText('It is authorised as ada@theirs.example.').waitFor()
  await told.getByText('answered with 1 item, asked as ada@theirs.example.', { exact: false }).waitFor()
  await permission.getByText('It is authorised as ada@theirs.example, since', { exact: false }).waitFor()
  await assertSound(page)
  for (const secret of theirs.secrets) assert.ok(!page.url().includes(secret), page.url())
  await page.reload()
  await permission.getByText('It is authorised as ada@theirs.example', { exact: false }).waitFor()
  await page.getByText('Refresh token is set', { exact: false }).waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Put to work' }).click()
  const contacts = async () => (await place.client.get(`/contacts/?locationId=${place.id}`)).body.contacts.length
  await until(async () => (await contacts()) === 1, 'the first contact', 20_000)
  const id = new URL(page.url()).pathname.split('/').at(-1) as string
  theirs.end(true)
  theirs.people.push(ada({ id: 'w2', email: 'w2@ex.test', phone: null }))
  const state = async () => (await place.client.get(`/connections/${id}`)).body.connection.state
  // Again, as the end of the poll before may come later and put the next one off.
  await until(
    async () => {
      if ((await state()) !== 'needs_authorisation') await pollAgain(story.server, id)
      return (await state()) === 'needs_authorisation'
    },
    'the refused token',
    20_000,
  )
  await page.getByText('Needs permission', { exact: true }).waitFor()
  await page.getByText('no token was given (400: invalid_grant)', { exact: false }).first().waitFor()
  await assertSound(page)
  await decide(page, 'Authorise', 'Allow')
  await page.getByText('Works', { exact: true }).waitFor()
  await until(async () => (await contacts()) === 2, 'the second contact', 20_000)
  await decide(page, 'Authorise again', 'Allow')
  await told.getByText('It is authorised as ada@theirs.example.').waitFor()

  await permission.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await permission.getByRole('button', { name: 'Disconnect it' }).click()
  await page.getByText('It is disconnected, and the other program knows.').waitFor()
  await page.getByText('Needs permission', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Authorise', exact: true }).click()
  await page.getByRole('heading', { name: 'May it read?' }).waitFor()
  const back = (await page.getByRole('link', { name: 'Allow' }).getAttribute('href')) ?? ''
  assert.equal((await place.client.delete(`/connections/${id}`)).status, 200)
  // But for the address that was refused.
  assert.equal(window.complaints.filter((one) => !one.includes('422')).length, 0, window.complaints.join())
  await page.goto(back)
  await page.getByRole('heading', { name: 'This connection is not there any more' }).waitFor()
  await assertSound(page)
  await page.goto(`${address}?code=1234567890123456789012&state=nonsense`)
  await page.getByRole('heading', { name: 'This belongs to no connection' }).waitFor()
  await assertSound(page)
})

test('whoever opens what another person was sent back with is told so, and the other one still may', async () => {
  theirs.people = []
  const place = await newLocation(story, 'Begun')
  const id = await makeAuthorised(place.client, theirs)
  const other = await newPerson(story.server, { agencyId: story.demo.companyId, role: 'admin' })
  const at = { ...other, post: (path: string, body?: unknown) => other.post(`${path}?locationId=${place.id}`, body) }
  const back = theirs.decide(await leaveFor(at, id))
  await using window = await enterAt(browser, story, `/authorised/${back.pathname.split('/').at(-1)}${back.search}`)
  const { page } = window
  await page.getByText('Somebody else has begun this, or you were signed out in between.', { exact: false }).waitFor()
  await assertSound(page)
  window.assertCalm()
  assert.equal((await comeBack(at, back)).body.outcome, 'authorised')
})
