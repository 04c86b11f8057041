import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, openConsole, signIn } from '../support/console.ts'
import { makeSetUpCode, newPerson } from '../support/person.ts'
import { startTestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

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

test('whoever opens the server signs in, and comes to where the link led', async () => {
  await using window = await openConsole(browser, story)
  const { page } = window
  await window.visit('?q=Harbour')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await assertSound(page)
  await signIn(page, story)
  assert.equal(new URL(page.url()).search, '?q=Harbour')
  await page.getByRole('cell', { name: 'Harbour Photo', exact: true }).waitFor()
  assert.equal(await page.getByRole('cell', { name: 'New studio', exact: true }).count(), 0)
  await assertSound(page)
  await page.reload()
  await page.getByRole('cell', { name: 'Harbour Photo', exact: true }).waitFor()
  window.assertCalm()
})

test('what an address brings comes through signing in as it is, though it looks like a number', async () => {
  await using window = await openConsole(browser, story)
  const { page } = window
  const brought = '?q=12345678901234567890&code=007&short=42'
  await window.visit(brought)
  await signIn(page, story)
  await page.waitForURL(/\/app\?/)
  const there = new URL(page.url()).searchParams
  assert.deepEqual(Object.fromEntries(there), { q: '12345678901234567890', code: '007', short: '42' })
  assert.equal(await page.getByRole('searchbox').first().inputValue(), '12345678901234567890')
})

test('the whole frame is reached by key: palette, shortcuts, screens, colours, and signing out', async () => {
  await using window = await enterAt(browser, story, '')
  const { page } = window
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('New stud')
  await page.getByRole('dialog').getByText('New studio').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'New studio', level: 1 }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await assertSound(page)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Demo admin' }).click()
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  assert.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark')
  await page.getByRole('button', { name: 'Demo admin' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark', 'it is remembered')
  window.assertCalm()
})

test('whose session has ended is told so, and goes on where they were once they have signed in again', async () => {
  await using window = await enterAt(browser, story, '/snapshots')
  const { page } = window
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor()
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Shares' }).click()
  const told = page.getByRole('alert').filter({ hasText: 'You are signed out.' })
  const link = told.getByRole('link', { name: 'Sign in here' })
  await link.waitFor()
  await assertSound(page)

  const other = await page.context().newPage()
  await other.goto(`${story.server.url}/app/sign-in`)
  await signIn(other, story)
  await page.evaluate("window.dispatchEvent(new Event('focus'))")
  await link.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Nothing is shared yet' }).waitFor()

  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Journal' }).click()
  await link.click()
  await signIn(page, story)
  await page.getByRole('heading', { name: 'Journal', level: 1 }).waitFor()
})

test('where somebody else has signed in in another window, the page becomes theirs', async () => {
  const { demo, server } = story
  const viewer = await newPerson(server, { agencyId: demo.companyId, role: 'viewer' })
  await using window = await enterAt(browser, story, '/settings/account')
  const { page } = window
  await page.getByRole('link', { name: 'People' }).waitFor()
  const other = await page.context().newPage()
  await other.goto(`${server.url}/app/sign-in`)
  await signIn(other, { demo: { ...demo, admin: viewer } })
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByRole('heading', { name: 'This is not for your role' }).waitFor()
})

test('a screen that did not come is told so in words, and comes once the server is back', async () => {
  await using window = await enterAt(browser, story, '')
  const { page } = window
  await page.getByRole('cell', { name: 'New studio', exact: true }).waitFor()
  await page.route('**/assets/*.css', (route) => route.abort('connectionrefused'))
  await page.getByRole('link', { name: 'Snapshots' }).click()
  await page.getByText('A part of this page did not come').waitFor()
  await assertSound(page)
  await page.unroute('**/assets/*.css')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor()
})

test('a wrong password is told in words, and the next try begins at the password', async () => {
  await using window = await openConsole(browser, story)
  const { page } = window
  await window.visit('')
  await page.getByLabel('E-mail').fill(story.demo.admin.email)
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.keyboard.press('Enter')
  const alert = page.getByRole('alert')
  await alert.waitFor()
  assert.match((await alert.textContent()) ?? '', /wrong/)
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '')
})

test('the first screen takes at most 250 kB of JavaScript, and loads no other screen', async () => {
  await using window = await openConsole(browser, story)
  await window.visit('')
  await signIn(window.page, story)
  await window.page.getByRole('cell', { name: 'Harbour Photo', exact: true }).waitFor()
  const scripts = [...new Set(window.requests.filter((url) => url.endsWith('.js')))]
  assert.equal(scripts.filter((url) => /(palette|compare|drift|rollback|plan-view)-/.test(url)).length, 0)
  let bytes = 0
  for (const url of scripts) {
    const response = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } })
    assert.equal(response.headers.get('content-encoding'), 'gzip', url)
    bytes += Number(response.headers.get('content-length'))
  }
  assert.ok(bytes > 0 && bytes <= 250_000, `${bytes} bytes in ${scripts.length} files`)
})

test('a new installation leads whoever opens it to its set-up, and the new owner to the first sub-account', async () => {
  await using server = await startTestServer({ console: true, work: false, alone: true, rateLimit: 0 })
  const code = await makeSetUpCode(server)
  await using window = await openConsole(browser, { server })
  const { page } = window
  for (const path of ['/', '/app', '/app/snapshots?q=x']) {
    await page.goto(server.url + path)
    await page.waitForURL(`${server.url}/app/setup`)
  }
  await page.goto(`${server.url}/app/setup#code=${code}`)
  await page.getByLabel('Name of your agency').fill('Northlight <b>Studio</b>')
  assert.equal(await page.getByLabel('Code').inputValue(), code, 'the link of the log brings it')
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@northlight.example')
  await page.getByLabel('Password', { exact: true }).fill('a long enough secret')
  await assertSound(page)
  await page.getByRole('button', { name: 'Make it and sign in' }).click()
  await page.getByRole('heading', { name: 'No sub-account yet' }).waitFor()
  assert.ok(!page.url().includes(code))
  await assertSound(page)
  await page.getByRole('link', { name: 'New sub-account' }).click()
  const form = page.getByRole('dialog', { name: 'New sub-account' })
  await form.getByRole('button', { name: 'Make it' }).click()
  await form.getByText('Give it a name.').waitFor()
  await form.getByLabel('Name').fill('First <i>studio</i>')
  await assertSound(page)
  await form.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('heading', { name: 'First <i>studio</i>' }).waitFor()
  await page.getByRole('heading', { name: 'Nothing is configured here yet' }).waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: 'Import a snapshot' }).waitFor()

  await page.goto(`${server.url}/app/setup`)
  await page.getByText('This installation is set up already').waitFor()
  await assertSound(page)
  await page.goto(server.url)
  await page.getByRole('cell', { name: 'First <i>studio</i>', exact: true }).waitFor()
  window.assertCalm()
})
