import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openWindow, startChromium, type Window } from '../support/chromium.ts'
import { faintTexts, focused, layout } from '../support/in-page.js'
import { authoriseUrl, exchange } from '../support/oauth.ts'
import { type OutsideApp, startOutsideApp } from '../support/outside-app.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let app: OutsideApp
let browser: Browser
let open: Window[] = []
before(async () => {
  browser = await startChromium()
  app = await startOutsideApp()
  story = await startStory({ work: false, rateLimit: 0 })
})
afterEach(async () => {
  const closing = open
  open = []
  for (const window of closing) await window[Symbol.asyncDispose]()
})
after(async () => {
  await browser?.close()
  await app?.[Symbol.asyncDispose]()
  await story?.[Symbol.asyncDispose]()
})

const address = (more: Record<string, string> = {}) =>
  story.server.url + authoriseUrl(story.demo, { redirect_uri: app.redirectUri, ...more })

async function visit(
  options: BrowserContextOptions = {},
  more: Record<string, string> = {},
): Promise<Window & { page: Page }> {
  const window = await openWindow(browser, options)
  open.push(window)
  await window.page.goto(address(more))
  return window
}

async function signIn(page: Page, password = story.demo.admin.password): Promise<void> {
  await page.getByLabel('E-mail').fill(story.demo.admin.email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** The app has got its answer. */
async function answered(page: Page): Promise<Record<string, string>> {
  await page.getByRole('heading', { name: 'Back in the app' }).waitFor()
  return Object.fromEntries(app.received() ?? [])
}

const tokensOf = async (code: string | undefined) =>
  (await exchange(story, code ?? '', { redirect_uri: app.redirectUri })).body

const idOf = (name: string) => story.demo.locations.find((one) => one.name === name)?.id

test('an admin signs in, chooses a location, reads what the app may do, and allows it', async () => {
  const { page, requests, complaints } = await visit(
    {},
    { scope: 'contacts.readonly contacts.write locations/tags.readonly', state: 'a b' },
  )
  await signIn(page)
  await page.getByRole('heading', { name: 'Allow Demo app?', level: 1 }).waitFor()
  const rights = page.getByRole('region', { name: 'What may it do?' })
  assert.deepEqual(await rights.locator('.rights li').allTextContents(), [
    'Contacts read and change',
    'Sub-accounts read only tags',
  ])
  await rights.getByText('The exact scopes (3)').click()
  assert.deepEqual(await rights.locator('code').allTextContents(), [
    'contacts.readonly',
    'contacts.write',
    'locations/tags.readonly',
  ])
  await page.getByRole('radio', { name: 'Harbour Photo' }).check()
  await press(page, 'Allow')
  const { code, state, iss } = await answered(page)
  assert.deepEqual([state, iss], ['a b', story.server.url])
  const tokens = await tokensOf(code)
  assert.deepEqual(
    [tokens.locationId, tokens.scope],
    [idOf('Harbour Photo'), 'contacts.readonly contacts.write locations/tags.readonly'],
  )
  const origins = new Set(requests.map((url) => new URL(url).origin))
  assert.deepEqual([...origins], [story.server.url, app.origin], 'nobody else hears of it')
  assert.deepEqual(complaints, [])
})

test('the question about later sub-accounts belongs to the agency', async () => {
  const { page } = await visit()
  await signIn(page)
  const later = page.getByRole('checkbox', { name: 'Also in sub-accounts that are made later' })
  await page.getByRole('radio', { name: 'Harbour Photo' }).check()
  assert.equal(await later.isVisible(), false)
  await page.getByRole('radio', { name: 'The agency and all of its sub-accounts' }).check()
  await later.check()
  await press(page, 'Allow')
  const tokens = await tokensOf((await answered(page)).code)
  assert.deepEqual([tokens.userType, tokens.installToFutureLocations], ['Company', true])
})

test('saying no needs no choice, and no signing in', async () => {
  for (const signed of [true, false]) {
    const { page } = await visit()
    if (signed) await signIn(page)
    await press(page, signed ? 'Deny' : 'Cancel')
    assert.deepEqual(await answered(page), {
      error: 'access_denied',
      error_description: 'access was denied',
      iss: story.server.url,
    })
  }
})

test('without a choice the browser asks for one, and nothing is sent', async () => {
  const { page } = await visit()
  await signIn(page)
  await press(page, 'Allow')
  assert.equal(await page.locator('input:invalid').first().getAttribute('name'), 'target')
  assert.ok(page.url().startsWith(story.server.url))
})

test('a wrong password is told, the e-mail stays, and the next try begins at the password', async () => {
  const { page } = await visit()
  await signIn(page, 'wrong')
  const alert = page.getByRole('alert')
  assert.equal(await alert.textContent(), 'E-mail or password is wrong.')
  assert.equal(await page.title(), 'Error: Sign in')
  const password = page.getByLabel('Password')
  assert.equal(await page.getByLabel('E-mail').inputValue(), story.demo.admin.email)
  assert.deepEqual(
    [await password.inputValue(), await password.getAttribute('aria-describedby')],
    ['', await alert.getAttribute('id')],
  )
  assert.equal((await page.evaluate(focused)).name, 'Password')
  await page.keyboard.type(story.demo.admin.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Allow Demo app?' }).waitFor()
})

test('the keyboard is enough, in the order of reading', async () => {
  const { page } = await visit({}, { scope: 'forms.readonly' })
  const { email, password } = story.demo.admin
  const order: string[] = []
  const note = async () => {
    const { name, ring } = await page.evaluate(focused)
    assert.ok(ring, `the focus of ${name} can be seen`)
    order.push(name)
  }
  // The browser gives it to the first field once the page is there.
  await page.locator('input:focus').waitFor()
  await note()
  await page.keyboard.type(email)
  await page.keyboard.press('Tab')
  await note()
  await page.keyboard.type(password)
  await page.keyboard.press('Tab')
  await note()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Allow Demo app?' }).waitFor()
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('Tab')
    await note()
  }
  await page.keyboard.press('Space')
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('Tab')
    await note()
  }
  await page.keyboard.press('Tab')
  await note()
  await page.keyboard.press('Shift+Tab')
  assert.deepEqual(order, [
    'E-mail',
    'Password',
    'Sign in',
    'Not you?',
    'New password',
    'Darkroom Agency The agency and all of its sub-accounts',
    'Also in sub-accounts that are made later',
    'The exact scopes (1)',
    'Allow',
    'Deny',
  ])
  await page.keyboard.press('Enter')
  assert.equal((await tokensOf((await answered(page)).code)).userType, 'Company')
})

test('on a narrow phone nothing is cut off, and everything is large enough for a thumb', async () => {
  const { page } = await visit({ viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true })
  const assertFits = async () => assert.deepEqual(await page.evaluate(layout), { width: 320, small: [] })
  await assertFits()
  await signIn(page)
  await page.getByText('New studio').tap()
  await assertFits()
  await page.getByRole('button', { name: 'Allow' }).tap()
  assert.equal((await tokensOf((await answered(page)).code)).locationId, idOf('New studio'))
})

test('without JavaScript all of it works', async () => {
  const { page } = await visit({ javaScriptEnabled: false })
  await signIn(page, 'wrong')
  assert.equal(await page.getByRole('alert').textContent(), 'E-mail or password is wrong.')
  await signIn(page)
  await page.getByRole('radio', { name: 'Template' }).check()
  await press(page, 'Allow')
  assert.equal((await tokensOf((await answered(page)).code)).locationId, idOf('Template'))
})

test('each control and each part has its name, and every text stands out, by day and by night', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await visit({ colorScheme }, { scope: 'forms.readonly' })
    await signIn(page, 'wrong')
    assert.deepEqual(await page.evaluate(faintTexts), [])
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    const signInPage = await page.locator('body').ariaSnapshot()
    for (const part of [
      'heading "Sign in" [level=1]',
      'alert: E-mail or password is wrong.',
      'textbox "E-mail"',
      'textbox "Password"',
      'button "Sign in"',
      'button "Cancel"',
    ])
      assert.ok(signInPage.includes(`- ${part}`), signInPage)
    await signIn(page)
    await page.getByRole('radio', { name: 'The agency' }).check()
    assert.deepEqual(await page.evaluate(faintTexts), [])
    const parts = (await page.locator('body').ariaSnapshot()).split('\n').map((line) => line.trim())
    assert.deepEqual(
      parts.filter((line) => /^- (heading|group|radio|checkbox|region|button|list)\b/.test(line)),
      [
        '- heading "Allow Demo app?" [level=1]',
        '- button "Not you?"',
        '- button "New password"',
        '- group "Where may it act?":',
        '- radio "Darkroom Agency The agency and all of its sub-accounts" [checked]',
        '- checkbox "Also in sub-accounts that are made later"',
        '- radio "Harbour Photo 3 Quay Street, Bristol, GB"',
        '- radio "New studio Berlin, DE"',
        '- radio "Template 12 Mill Lane, Hudson, US"',
        '- region "What may it do?":',
        '- heading "What may it do?" [level=2]',
        '- list:',
        '- group: The exact scopes (1)',
        '- button "Allow"',
        '- button "Deny"',
      ],
    )
  }
})

test('another site can neither frame the page nor press its buttons', async () => {
  const { page, complaints } = await visit()
  await signIn(page)
  await page.goto(`${app.origin}/frame?of=${encodeURIComponent(address())}`)
  assert.equal(await page.frameLocator('iframe').getByRole('button').count(), 0)
  assert.ok(
    complaints.some((text) => /frame-ancestors|X-Frame-Options/i.test(text)),
    complaints.join('\n'),
  )
  await page.setContent(
    `<form method="post" action="${address().replaceAll('&', '&amp;')}"><input name="step" value="consent"><input name="decision" value="allow"><input name="target" value="agency"><button>Win</button></form>`,
  )
  await page.getByRole('button', { name: 'Win' }).click()
  await page.getByText('The form is out of date').waitFor()
})

test('among very many sub-accounts a search finds the one, from the keyboard too', async () => {
  const { agency } = story
  const made = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      agency.client.post('/locations/', {
        companyId: agency.companyId,
        name: `Studio ${String(index).padStart(3, '0')}`,
      }),
    ),
  )
  assert.ok(made.every(({ status }) => status === 200))
  const { page } = await visit({}, { state: 'kept' })
  await signIn(page)
  await page.getByText('These are the first 100.').waitFor()
  assert.equal(await page.getByRole('radio', { name: 'Template' }).count(), 0)
  await page.getByRole('searchbox', { name: 'Search sub-accounts' }).fill('no such')
  await press(page, 'Search')
  await page.getByText('No sub-account has “no such” in its name.').waitFor()
  await page.getByRole('searchbox').fill('templ')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: 'Template' }).check()
  assert.deepEqual(await page.evaluate(faintTexts), [])
  await press(page, 'Allow')
  const { code, state } = await answered(page)
  assert.equal(state, 'kept')
  assert.equal((await tokensOf(code)).locationId, idOf('Template'))
})
