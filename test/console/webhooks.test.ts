import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
import { accept, invite } from '../support/guests.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'
import { LOOPBACK, makeWebhook, type Received, type Receiver, startReceiver } from '../support/webhooks.ts'

let story: Story
let browser: Browser
let receiver: Receiver
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0, ...LOOPBACK })
  receiver = await startReceiver()
})
after(async () => {
  await browser?.close()
  await receiver?.[Symbol.asyncDispose]()
  await story?.[Symbol.asyncDispose]()
})

const verify = (secret: string, { raw, headers }: Received) =>
  new StandardWebhook(secret).verify(raw, headers as Record<string, string>)

const newContact = async ({ client, id }: Actor, firstName: string): Promise<string> => {
  const { status, body } = await client.post('/contacts/', { locationId: id, firstName })
  assert.equal(status, 201, JSON.stringify(body))
  return body.contact.id
}

const logOf = (page: Page) => page.getByRole('table', { name: 'What was sent' }).getByRole('row')

async function choosePlace(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Sub-account' }).fill(name)
  await page.getByRole('option', { name }).click()
}

test('a webhook is made without code: by an address, what happens, and a field; its secret is shown once', async () => {
  const place = await newLocation(story, 'Told of')
  await using window = await enterAt(browser, story, '/webhooks')
  const { page } = window
  await page.getByRole('heading', { name: 'No webhook yet' }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Make a webhook' }).click()
  const form = page.getByRole('dialog', { name: 'Make a webhook' })
  await form.getByRole('button', { name: 'Make webhook' }).click()
  for (const fault of ['Write a name.', /Write an address/, 'Choose a sub-account.', 'Choose at least one.'])
    await form.getByText(fault).waitFor()
  await form.getByLabel('Name').fill('Bookkeeping')
  await form.getByLabel('Address').fill('ftp://nowhere')
  await choosePlace(page, 'Told of')
  await form.getByRole('searchbox', { name: 'Search what happens' }).fill('contact changes')
  const change = form.getByRole('checkbox', { name: 'A contact changes', exact: true })
  await change.focus()
  await page.keyboard.press('Space')
  await form.getByLabel(/A contact changes: only if/).fill('Email')
  await page.keyboard.press('Enter')
  await form.getByRole('searchbox', { name: 'Search what happens' }).fill('notes')
  await form.getByRole('checkbox', { name: 'Notes', exact: true }).check()
  await form.getByText('4 chosen').waitFor()
  await assertSound(page)
  await form.getByLabel('Address').fill('http://10.0.0.1/in')
  await form.getByRole('button', { name: 'Make webhook' }).click()
  await form.getByRole('alert').waitFor()
  await form.getByLabel('Address').fill(receiver.url)
  await form.getByRole('button', { name: 'Make webhook' }).click()
  const made = page.getByRole('dialog', { name: 'The webhook is made' })
  const secret = await made.getByLabel('Secret').inputValue()
  await assertSound(page)
  await made.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByRole('heading', { name: 'Bookkeeping', level: 1 }).waitFor()
  await page.getByText('A contact changes (only email)').waitFor()
  const [stored] = (await place.client.get('/webhooks/')).body.webhooks
  assert.deepEqual(stored.events, [
    { type: 'ContactUpdate', fields: ['email'] },
    { type: 'NoteCreate' },
    { type: 'NoteUpdate' },
    { type: 'NoteDelete' },
  ])

  await page.getByRole('button', { name: 'Send a test' }).click()
  const sent = page.getByRole('dialog', { name: 'A test' })
  await sent.getByText('Taken').waitFor()
  await sent.getByText('answer 200').waitFor()
  await sent.getByText('"type": "WebhookTest"').waitFor()
  await assertSound(page)
  const [received] = receiver.taken as [Received]
  verify(secret, received)
  await sent.getByRole('button', { name: 'Close' }).click()

  const id = await newContact(place, 'Ada')
  for (const body of [{ city: 'Hudson' }, { email: 'ada@example.com' }])
    assert.equal((await place.client.put(`/contacts/${id}`, body)).status, 200)
  await receiver.until(({ taken }) => taken.length === 2, 'the change that was asked for')
  assert.deepEqual([receiver.taken[1]?.body.type, receiver.taken[1]?.body.email], ['ContactUpdate', 'ada@example.com'])
  await logOf(page).getByRole('button', { name: 'A contact changes' }).waitFor()
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  const edit = page.getByRole('dialog', { name: 'Change the webhook' })
  await edit.getByRole('checkbox', { name: 'Keep the order of each record' }).check()
  await edit.getByRole('radio', { name: 'Everything' }).check()
  await edit.getByRole('button', { name: 'Save' }).click()
  await page.getByText('kept for each record').waitFor()
  await page.getByText('everything', { exact: true }).waitFor()
  assert.deepEqual((await place.client.get(`/webhooks/${stored.id}`)).body.webhook.events, [])

  await page.getByRole('button', { name: 'New secret' }).click()
  const renewal = page.getByRole('dialog', { name: 'New secret' })
  await renewal.getByRole('combobox', { name: 'The old one signs for' }).click()
  await page.getByRole('option', { name: 'One more hour' }).click()
  await assertSound(page)
  await renewal.getByRole('button', { name: 'Make new secret' }).click()
  const next = await renewal.getByLabel('Secret').inputValue()
  await renewal.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await sent.getByText('Taken').waitFor()
  const last = receiver.taken.at(-1) as Received
  for (const one of [secret, next]) verify(one, last)
  await sent.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
  await page.getByRole('heading', { name: 'No webhook yet' }).waitFor()
  assert.equal((await place.client.get(`/webhooks/${stored.id}`)).status, 404)
})

test('the log is filtered, one delivery is sent again, and all that failed after it was said how many', async () => {
  const place = await newLocation(story, 'Kept')
  await using down = await startReceiver()
  down.answer = 410
  const { id } = await makeWebhook(place.client, {
    name: 'Gone for now',
    url: down.url,
    events: [{ type: 'ContactCreate' }],
  })
  await newContact(place, 'Ada')
  await using window = await enterAt(browser, story, '/webhooks?state=off')
  const { page } = window
  const row = page.getByRole('row', { name: /Gone for now/ })
  await row.getByText('Switched off: gone').waitFor()
  await assertSound(page)
  await row.getByRole('link', { name: 'Gone for now' }).click()
  await page
    .getByRole('alert')
    .getByText(/does not want to be called any more \(410\)/)
    .waitFor()
  await logOf(page).getByText('Given up').waitFor()
  await assertSound(page)
  down.answer = 200
  await page.getByRole('button', { name: 'Switch on again' }).click()
  await page.getByRole('alert', { name: 'It is switched off' }).waitFor({ state: 'detached' })
  await page.getByText('Works, 1 failure').or(page.getByText('Refuses: 410')).waitFor()

  await page.getByRole('button', { name: 'Send again…' }).click()
  const again = page.getByRole('dialog', { name: 'Send again' })
  await again.getByText('1 call goes out again.').waitFor()
  await assertSound(page)
  await again.getByRole('button', { name: 'Send 1 again' }).click()
  await down.until(({ taken }) => taken.length === 1, 'what was given up')
  await logOf(page).getByText('Taken').waitFor()
  await page.getByText('Works', { exact: true }).waitFor()
  // Of what is told in one round nothing is the newest.
  await newContact(place, 'Grace')
  await hasCount(logOf(page).getByText('Taken'), 2)
  await newContact(place, 'Joan')
  await hasCount(logOf(page).getByText('Taken'), 3)
  for (const name of ['Ada', 'Grace', 'Joan']) await logOf(page).getByText(`Contact ${name}`).waitFor()
  await page.getByRole('button', { name: 'Send again…' }).click()
  await again.getByText('There is nothing to send again.').waitFor()
  await again.getByRole('radio', { name: /All since a moment/ }).check()
  await again.getByText('3 calls go out again.').waitFor()
  await again.getByRole('button', { name: 'Send 3 again' }).click()
  await down.until(({ taken }) => taken.length === 6, 'all of them once more')

  await logOf(page).getByRole('button').first().click()
  const one = page.getByRole('dialog', { name: 'A contact is made' })
  await one.getByText('"firstName": "Joan"').waitFor()
  await one.getByText('Contact Joan', { exact: true }).waitFor()
  await hasCount(one.getByText('answer 200'), 2)
  await one.getByRole('button', { name: 'Send again' }).click()
  await hasCount(one.getByText('answer 200'), 3)
  assert.equal(new Set(down.taken.filter(({ body }) => body.firstName === 'Joan').map(({ id: same }) => same)).size, 1)
  await one.getByRole('button', { name: 'Close' }).click()

  await page.getByText('Given up', { exact: true }).click()
  await page.getByText('Nothing like that was sent').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByRole('combobox', { name: 'What happened' }).fill('test')
  await page.getByRole('option', { name: 'A test' }).click()
  await page.waitForURL(/event=WebhookTest/)
  await page.getByText('Nothing like that was sent').waitFor()
  await page.goBack()
  await page.goto(`${story.server.url}/app/webhooks/${id}?since=${new Date(Date.now() + 86_400_000).toISOString()}`)
  await page.getByText('Nothing like that was sent').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await hasCount(logOf(page).getByText('Taken'), 3)
  await page.getByRole('button', { name: 'Switch off' }).click()
  await page
    .getByRole('alert')
    .getByText(/Somebody has switched it off/)
    .waitFor()
  assert.equal((await place.client.get(`/webhooks/${id}`)).body.webhook.offBecause, 'person')
  window.assertCalm()
  await place.client.delete(`/webhooks/${id}`)
})

test('a webhook of an app, the public key, and what clients and viewers see', async () => {
  const { agency, byHand, template } = story
  const company = `companyId=${agency.companyId}`
  const registered = await agency.client.post(`/apps/?${company}`, {
    name: 'Listener',
    scopes: ['contacts.readonly'],
    redirectUris: ['https://app.example/'],
  })
  assert.equal(registered.status, 201, JSON.stringify(registered.body))
  await using window = await enterAt(browser, story, '/webhooks?make=true')
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Make a webhook' })
  await form.getByLabel('Name').fill('Of the app')
  await form.getByLabel('Address').fill(receiver.url)
  await form.getByRole('radio', { name: /an app is installed/ }).check()
  await form.getByRole('combobox', { name: 'App' }).click()
  await page.getByRole('option', { name: 'Listener' }).click()
  await form.getByRole('checkbox', { name: 'The app is installed' }).check()
  await form.getByRole('button', { name: 'Make webhook' }).click()
  await page.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByText('Listener: wherever it is installed').waitFor()
  await page.getByText('Not called yet').waitFor()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByRole('dialog', { name: 'A test' }).getByText('Taken').waitFor()

  await window.visit('/webhooks?key=true')
  const keys = page.getByRole('dialog', { name: 'Public key' })
  const shown = await keys.getByLabel('Standard Webhooks').inputValue()
  assert.equal(shown, (await template.client.get('/webhooks/public-key')).body.standardWebhooks)
  await assertSound(page)
  window.assertCalm()

  const elsewhere = await makeWebhook(template.client, { name: 'Elsewhere', url: receiver.url })
  await window.visit('/settings/people')
  const asViewer = await invite(page, { email: 'viewer@hooks.example', role: 'Viewer' })
  const asClient = await invite(page, { email: 'client@hooks.example', role: 'Client', location: 'Harbour Photo' })
  await using viewer = await accept(browser, story, asViewer)
  await viewer.visit('/webhooks')
  await viewer.page.getByRole('link', { name: 'Elsewhere' }).click()
  await viewer.page.getByRole('heading', { name: 'Elsewhere', level: 1 }).waitFor()
  await viewer.page.getByText('Nothing was sent yet').waitFor()
  assert.equal(
    await viewer.page
      .getByRole('main')
      .getByRole('button', { name: /Send|Switch|Delete|Change|secret/ })
      .count(),
    0,
  )
  viewer.assertCalm()

  await using client = await accept(browser, story, asClient)
  await client.visit('/webhooks')
  await client.page.getByRole('heading', { name: 'No webhook yet' }).waitFor()
  await client.page.getByRole('button', { name: 'Make a webhook' }).click()
  const own = client.page.getByRole('dialog', { name: 'Make a webhook' })
  await own.getByLabel('Name').fill('Of the client')
  await own.getByLabel('Address').fill(receiver.url)
  assert.equal(await own.getByRole('radio', { name: /an app is installed/ }).count(), 0)
  await own.getByRole('combobox', { name: 'Sub-account' }).fill('Harbour')
  await client.page.getByRole('option', { name: 'Harbour Photo' }).click()
  await own.getByRole('radio', { name: 'Everything' }).check()
  await own.getByRole('button', { name: 'Make webhook' }).click()
  await client.page.getByRole('button', { name: 'I have put it away' }).click()
  await client.page.getByRole('heading', { name: 'Of the client', level: 1 }).waitFor()
  await client.page.getByText('Harbour Photo').waitFor()
  const [made] = (await byHand.client.get('/webhooks/')).body.webhooks
  assert.equal(made.name, 'Of the client')
  client.assertCalm()
  await client.visit(`/webhooks/${elsewhere.id}`)
  await client.page.getByRole('alert').waitFor()
  await until(async () => (await byHand.client.get('/webhooks/')).body.webhooks.length === 1, 'and nothing else')
  await template.client.delete(`/webhooks/${elsewhere.id}`)
})
