import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { Browser as Visitor } from '../support/browser.ts'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, openConsole, signIn } from '../support/console.ts'
import { authoriseUrl } from '../support/oauth.ts'
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

const enter = (path: string) => enterAt(browser, story, path)

test('a token is made for a sub-account, shown once, used, replaced and revoked', async () => {
  const { id } = await newLocation(story, 'Tokens for it')
  const use = async (token: string) => (await story.server.client(token).get(`/locations/${id}/tags`)).status
  await using window = await enter('/settings/tokens')
  const { page } = window
  await page.getByRole('button', { name: 'Make a token' }).click()
  const form = page.getByRole('dialog', { name: 'Make a token' })
  await form.getByRole('button', { name: 'Make token' }).click()
  for (const fault of ['Write a name.', 'Choose a sub-account.', 'Choose at least one scope.'])
    await form.getByText(fault).waitFor()
  await assertSound(page)
  await form.getByLabel('Name').fill('Reporting <b>tool</b>')
  await form.getByRole('combobox', { name: 'Sub-account' }).fill('Tokens for')
  await page.getByRole('option', { name: 'Tokens for it' }).click()
  await form.getByRole('combobox', { name: 'Scopes' }).fill('locations/tags.read')
  await page.getByRole('option', { name: 'locations/tags.readonly' }).click()
  await form.getByRole('combobox', { name: 'Scopes' }).press('Escape')
  await form.getByRole('button', { name: 'Make token' }).click()
  const made = page.getByRole('dialog', { name: 'The token is made' })
  const first = await made.getByLabel('Token', { exact: true }).inputValue()
  await assertSound(page)
  await made.getByRole('button', { name: 'I have put it away' }).click()
  assert.equal(await use(first), 200)
  assert.equal((await story.server.client(first).post(`/locations/${id}/tags`, { name: 'x' })).status, 401)

  const active = page.getByRole('row', { name: /Reporting <b>tool<\/b>.*Tokens for it.*Active/ })
  await active.getByRole('button').click()
  await page.waitForURL(/token=/)
  const dialog = page.getByRole('dialog', { name: 'Reporting <b>tool</b>' })
  await dialog.getByText('Sub-accounts, tags: read', { exact: true }).waitFor()
  assert.ok(!(await page.content()).includes(first), 'it is not shown again')
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Replace' }).click()
  const second = await dialog.getByLabel('Token', { exact: true }).inputValue()
  await dialog.getByRole('button', { name: 'I have put it away' }).click()
  assert.deepEqual([await use(first), await use(second)], [200, 200])
  await page.getByRole('row', { name: /Reporting.*Replaced/ }).waitFor()

  await active.getByRole('button').click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Revoke for good' }).click()
  await page.getByRole('row', { name: /Reporting.*Ended/ }).waitFor()
  assert.deepEqual([await use(first), await use(second)], [200, 401])
  await page.getByRole('searchbox').fill('no such token')
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByRole('row', { name: /Reporting.*Ended/ }).waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('an app is registered with a secret that is shown once; where apps are allowed is seen, and ended', async () => {
  const { demo } = story
  const visitor = new Visitor(story.server.url)
  const consent = await visitor.send(await visitor.open(authoriseUrl(demo)), 'name="password"', demo.admin)
  await visitor.send(consent, 'name="target"', { target: 'agency', decision: 'allow' })
  await using window = await enter('/settings/apps')
  const { page } = window
  await page.getByRole('button', { name: 'Register an app' }).click()
  const form = page.getByRole('dialog', { name: 'Register an app' })
  await form.getByLabel('Name').fill('Calendar <i>sync</i>')
  await form.getByRole('combobox', { name: 'What it may ask for' }).fill('calendars.read')
  await page.getByRole('option', { name: 'calendars.readonly' }).click()
  await form.getByRole('combobox', { name: 'What it may ask for' }).press('Escape')
  await form.getByRole('combobox', { name: 'Addresses to go back to' }).fill('https://sync.example/back')
  await form.getByRole('combobox', { name: 'Addresses to go back to' }).press('Enter')
  await assertSound(page)
  await form.getByRole('button', { name: 'Register' }).click()
  const made = page.getByRole('dialog', { name: 'The app is registered' })
  const secret = await made.getByLabel('Client secret').inputValue()
  await assertSound(page)
  await made.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('button', { name: 'Calendar <i>sync</i>' }).click()
  await page.waitForURL(/app=/)
  const dialog = page.getByRole('dialog', { name: 'Calendar <i>sync</i>' })
  await dialog.getByText('https://sync.example/back').waitFor()
  assert.ok(!(await page.content()).includes(secret), 'it is not shown again')
  await assertSound(page)
  await dialog.getByRole('button', { name: 'New secret' }).click()
  await dialog.getByRole('button', { name: 'Go on' }).click()
  assert.notEqual(await dialog.getByLabel('Client secret').inputValue(), secret)
  await dialog.getByRole('button', { name: 'I have put it away' }).click()
  await page.getByRole('button', { name: 'Calendar <i>sync</i>' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete for good' }).click()
  await page.getByRole('button', { name: 'Calendar <i>sync</i>' }).waitFor({ state: 'detached' })

  const allowed = page.getByRole('region', { name: 'Where apps are allowed' })
  await allowed.getByText('the agency with its sub-accounts').waitFor()
  await allowed.getByRole('button', { name: 'Take out' }).click()
  await assertSound(page)
  await allowed.getByRole('button', { name: 'Take out' }).click()
  await allowed.getByText('No app is allowed anywhere').waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('the security log tells in words who did what to what, from where, by person, by deed and by kind', async () => {
  const { demo } = story
  await newLocation(story, 'Logged')
  const wrong = await openConsole(browser, story)
  await wrong.visit('')
  await wrong.page.getByLabel('E-mail').fill(demo.admin.email)
  await wrong.page.getByLabel('Password', { exact: true }).fill('wrong')
  await wrong.page.keyboard.press('Enter')
  await wrong.page.getByRole('alert').waitFor()
  await wrong[Symbol.asyncDispose]()

  await using window = await enter('/settings/log')
  const { page } = window
  const made = page.getByRole('row', {
    name: /Create Token.*Token Logged.*Sub-account Logged.*Demo: agency.*Done.*127\.0\.0\.1/,
  })
  await made.waitFor()
  assert.doesNotMatch((await page.getByRole('table').textContent()) ?? '', /tokens\.create|tokenId|sign-in/)
  await assertSound(page)
  await made.getByRole('button', { name: 'Create Token' }).click()
  await page.waitForURL(/entry=/)
  const whole = page.getByRole('dialog', { name: 'Create Token' })
  await whole.getByText('tokens.create').waitFor()
  await whole.getByText('Sub-account Logged').waitFor()
  await assertSound(page)
  await whole.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('searchbox', { name: 'What was done, in words' }).fill('sign in')
  await page.waitForURL(/did=sign/)
  await made.waitFor({ state: 'detached' })
  await page.getByRole('searchbox', { name: 'What was done, in words' }).fill('CREATE token')
  await made.waitFor()
  await page.getByRole('searchbox', { name: 'What was done, in words' }).fill('')
  await page.getByRole('group', { name: 'How it ended' }).getByText('Refused').click()
  await page.waitForURL(/outcome=refused/)
  await page.getByRole('row', { name: /Sign In.*Demo admin.*Refused/ }).waitFor()
  assert.equal(await made.count(), 0)
  await page.getByRole('combobox', { name: 'About' }).click()
  await page.getByRole('option', { name: 'Tokens' }).click()
  await page.getByRole('heading', { name: 'Nothing like that has happened' }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByRole('searchbox', { name: 'Who: Part of a name' }).fill('demo admin')
  await page.waitForURL(/who=demo/)
  await made.waitFor({ state: 'detached' })
  await page
    .getByRole('row', { name: /Sign In.*Demo admin.*Done/ })
    .first()
    .waitFor()

  await page.getByRole('link', { name: 'Limits' }).click()
  await page.getByRole('heading', { name: 'No limit is set for you' }).waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('an entry of the log that is further back than what is read opens by its address, and one that is gone says so', async () => {
  const { companyId, client: owner } = story.agency
  const token = async (name: string) =>
    (await owner.post(`/tokens/?companyId=${companyId}`, { name, scopes: ['forms.readonly'] })).status
  assert.equal(await token('The first of many'), 201)
  const told = await owner.get(`/people/events?companyId=${companyId}&limit=1`)
  const [first] = told.body.events
  for (let made = 0; made < 101; made++) assert.equal(await token('One of many'), 201)
  await using window = await enter(`/settings/log?entry=${first.id}`)
  const { page } = window
  const whole = page.getByRole('dialog', { name: 'Create Token' })
  await whole.getByText('Token The first of many').waitFor()
  await assertSound(page)
  await whole.getByRole('button', { name: 'Close' }).click()
  const search = page.getByRole('searchbox', { name: 'What was done, in words' })
  await search.fill('token the first of')
  await page.getByRole('row', { name: /Create Token.*The first of many/ }).waitFor()
  await page
    .getByRole('row', { name: /One of many/ })
    .first()
    .waitFor({ state: 'detached' })
  window.assertCalm()
  for (const id of ['0199a4a0-0000-7000-8000-000000000000', 'nothing']) {
    await window.visit(`/settings/log?entry=${id}`)
    await page.getByRole('dialog').getByText('This entry is not there.', { exact: false }).waitFor()
  }
  await assertSound(page)
})

test('the limits are those that are served with each answer', async () => {
  await using limited = await startStory({ console: true, work: false, rateLimit: 90, rateLimitDaily: 5000 })
  await using window = await openConsole(browser, limited)
  const { page } = window
  await window.visit('/settings/limits')
  await signIn(page, limited)
  await page
    .getByRole('region', { name: 'In 10 seconds' })
    .getByText(/^\d+ of 90 requests left$/)
    .waitFor()
  const day = page.getByRole('region', { name: 'In a day' })
  const before = await day.getByText(/^4,9\d\d of 5,000 requests left$/).textContent()
  await page.getByRole('button', { name: 'Look again' }).click()
  await day.getByText(before ?? '', { exact: true }).waitFor({ state: 'detached' })
  await assertSound(page)
  window.assertCalm()
})
