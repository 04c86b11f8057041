import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import decodeQr from 'qr/decode.js'
import { startChromium } from '../support/chromium.ts'
import { assertSound, type ConsoleWindow, enterAt, openConsole, signIn } from '../support/console.ts'
import { readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, work: false, rateLimit: 0 })
  await story.agency.capture(story.template.id, { name: 'Studio' })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

const PASSWORD = 'correct horse battery'

const enter = (path: string) => enterAt(browser, story, path)

interface Guest {
  email: string
  role: string
  /** A client's. */
  location?: string
}

/** Invites somebody by the form. Answers the link. */
async function invite(page: Page, { email, role, location }: Guest): Promise<string> {
  await page.getByRole('button', { name: 'Invite' }).first().click()
  const form = page.getByRole('dialog', { name: 'Invite somebody' })
  await form.getByLabel('E-mail').fill(email)
  await form.getByLabel('Name').fill(`The ${role}`)
  await form.getByRole('radio', { name: role }).check()
  if (location !== undefined) {
    await form.getByRole('combobox', { name: 'Sub-accounts' }).fill(location)
    await page.getByRole('option', { name: location }).click()
    await form.getByRole('combobox', { name: 'Sub-accounts' }).press('Escape')
  }
  await assertSound(page)
  await form.getByRole('button', { name: 'Make invitation' }).click()
  const made = page.getByRole('dialog', { name: 'The link is made' })
  const link = await made.getByLabel('Link').inputValue()
  await assertSound(page)
  await made.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: new RegExp(email) }).waitFor()
  return link
}

/** Opens a link in a window of one's own, and comes in by it. */
async function accept(link: string): Promise<ConsoleWindow> {
  const window = await openConsole(browser, story)
  const { page } = window
  await page.goto(link)
  await page.getByRole('heading', { name: 'Set your password' }).waitFor()
  await assertSound(page)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password and sign in' }).click()
  await page.getByRole('navigation', { name: 'Menu' }).waitFor()
  return window
}

const menuOf = (page: Page) => page.getByRole('navigation', { name: 'Menu' }).getByRole('link').allTextContents()

/** What the same browser is answered when it asks the API by itself. */
async function ask(page: Page, method: string, path: string, body?: object): Promise<number> {
  const response = await page.context().request.fetch(story.server.url + path, {
    method,
    headers: { 'x-tintype-console': '1', version: '2021-07-28' },
    ...(body === undefined ? {} : { data: body }),
  })
  return response.status()
}

const AGENCY_MENU = [
  'Fleet',
  'Snapshots',
  'Pushes',
  'Drift',
  'Compare',
  'Shares',
  'Sub-accounts',
  'Journal',
  'Catalogue',
  'Settings',
]
const SETTINGS_OF_ALL = ['My account', 'Limits']

/** What each role that is invited sees and may do. `opens`, `refuses`: addresses below `/app`. */
const ROLES = [
  {
    role: 'Viewer',
    home: 'Fleet',
    menu: AGENCY_MENU,
    opens: [['/snapshots', 'Snapshots']],
    refuses: ['/push', '/settings/people'],
    settings: SETTINGS_OF_ALL,
    makes: { snapshots: null, locations: null, records: null },
    api: { read: 200, capture: 403, contact: 403, people: 403 },
  },
  {
    role: 'Admin',
    home: 'Fleet',
    menu: AGENCY_MENU,
    opens: [
      ['/settings/people', 'People'],
      ['/settings/tokens', 'Tokens'],
      ['/settings/apps', 'Apps'],
      ['/settings/log', 'Security log'],
    ],
    refuses: [],
    settings: ['My account', 'People', 'Tokens', 'Apps', 'Limits', 'Security log'],
    makes: { snapshots: 'Capture', locations: 'New sub-account', records: 'New contact' },
    api: { read: 200, capture: 201, contact: 201, people: 200 },
  },
  {
    role: 'Operator',
    home: 'Fleet',
    menu: AGENCY_MENU,
    opens: [
      ['/snapshots', 'Snapshots'],
      ['/push', 'Push'],
    ],
    refuses: ['/settings/people', '/settings/tokens', '/settings/apps', '/settings/log'],
    settings: SETTINGS_OF_ALL,
    makes: { snapshots: 'Capture', locations: 'New sub-account', records: 'New contact' },
    api: { read: 200, capture: 201, contact: 201, people: 403 },
  },
  {
    role: 'Client',
    home: 'Sub-accounts',
    location: 'Harbour Photo',
    menu: ['Sub-accounts', 'Settings'],
    opens: [['/locations', 'Sub-accounts']],
    refuses: [
      ...['/snapshots', '/compare', '/push', '/pushes', '/drift', '/shares', '/journal', '/catalogue'],
      ...['/settings/people', '/settings/tokens', '/settings/apps', '/settings/log'],
    ],
    settings: SETTINGS_OF_ALL,
    makes: { snapshots: null, locations: null, records: 'New contact' },
    api: { read: 403, capture: 403, contact: 201, people: 403 },
  },
] as const

for (const { role, home, menu, opens, refuses, settings, makes, api, ...more } of ROLES)
  test(`a ${role.toLowerCase()} who was invited comes in by the link, and sees and may do exactly that`, async () => {
    const { demo, byHand, template } = story
    const formId = (await readAll(story, byHand.id)).find(({ kind }) => kind === 'forms')?.id
    const email = `${role.toLowerCase()}@guests.example`
    await using owner = await enter('/settings/people')
    const link = await invite(owner.page, { email, role, ...more })
    await assertSound(owner.page)
    owner.assertCalm()

    await using guest = await accept(link)
    const { page } = guest
    await page.getByRole('heading', { name: home, level: 1 }).waitFor()
    assert.deepEqual(await menuOf(page), [...menu])
    for (const [path, heading] of opens) {
      await guest.visit(path)
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    }
    // What is there to be read stands there before what can be made is looked for.
    const records = `/locations/${byHand.id}/records`
    for (const [path, known, make] of [
      ['/snapshots', 'Studio', makes.snapshots],
      ['/locations', 'Harbour Photo', makes.locations],
      [records, 'Harbour Photo', makes.records],
    ] as const) {
      if (role === 'Client' && path === '/snapshots') continue
      await guest.visit(path)
      await page.getByRole('link', { name: known }).first().waitFor()
      for (const name of ['Capture', 'New sub-account', 'New contact']) {
        const shown = page.getByRole('main').getByText(name, { exact: true })
        if (name === make) await shown.waitFor()
        else assert.equal(await shown.count(), 0, `${role}, ${path}: ${name}`)
      }
    }
    await guest.visit(`${records}/contacts/new`)
    await page.getByRole('heading', { name: makes.records ?? 'This is not for your role' }).waitFor()
    await guest.visit(`/locations/${byHand.id}/assets/forms/${formId}`)
    const form = page.getByRole('textbox', { name: 'Name', exact: true })
    await form.waitFor()
    assert.equal(await form.isEditable(), makes.records !== null, 'who works in a sub-account edits its assets')
    for (const path of refuses) {
      await guest.visit(path)
      await page.getByRole('heading', { name: 'This is not for your role' }).waitFor()
    }
    await guest.visit('/settings')
    await page.waitForURL(/\/settings\/account/)
    const parts = page.getByRole('navigation', { name: 'Settings' }).getByRole('link')
    await parts.first().waitFor()
    assert.deepEqual(await parts.allTextContents(), [...settings])
    guest.assertCalm()

    const company = `companyId=${demo.companyId}`
    assert.equal(await ask(page, 'GET', `/snapshots/?${company}`), api.read)
    const capture = { name: `By a ${role}`, locationId: template.id }
    assert.equal(await ask(page, 'POST', `/snapshots/?${company}`, capture), api.capture)
    const contact = { locationId: byHand.id, firstName: role }
    assert.equal(await ask(page, 'POST', '/contacts/', contact), api.contact)
    assert.equal(await ask(page, 'GET', `/people/?${company}`), api.people)
    if (role === 'Admin') {
      const [boss] = (await story.agency.client.get(`/people/?${company}`)).body.people
      assert.equal(boss.role, 'owner')
      assert.equal(await ask(page, 'POST', `/people/${boss.id}/disable?${company}`), 403, 'owners are for owners')
    }
    if (role !== 'Client') return
    await guest.visit(`/locations/${template.id}/records`)
    await page.getByRole('alert').first().waitFor()
    assert.equal(await page.getByRole('row').filter({ hasText: '@' }).count(), 0, 'nothing of another sub-account')
    const elsewhere = { locationId: template.id, firstName: role }
    assert.equal(await ask(page, 'POST', '/contacts/', elsewhere), 403, 'only where they were let in')
  })

test('a role is changed and changed back, a link is made anew, and who is removed is out', async () => {
  await using owner = await enter('/settings/people')
  const { page } = owner
  const first = await invite(page, { email: 'changing@guests.example', role: 'Viewer' })
  await using guest = await accept(first)
  const row = page.getByRole('row', { name: /changing@guests/ })
  const open = () => row.getByRole('button', { name: 'The Viewer' }).click()
  await open()
  await page.waitForURL(/person=/)
  const dialog = page.getByRole('dialog', { name: 'The Viewer' })
  await dialog.getByRole('combobox', { name: 'Role' }).click()
  await page.getByRole('option', { name: 'Operator' }).click()
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await row.getByText('Operator').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await row.getByText('Viewer', { exact: true }).waitFor()
  await open()
  await dialog.getByRole('button', { name: 'Link for a new password' }).click()
  const renewed = await dialog.getByLabel('Link').inputValue()
  assert.notEqual(renewed, first)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await open()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await row.getByText('Disabled').waitFor()
  await assertSound(page)
  await guest.page.reload()
  await guest.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await row.getByText('Active').waitFor()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await row.getByText('Disabled').waitFor()
  await dialog.getByRole('button', { name: 'Enable' }).click()
  await row.getByText('Active').waitFor()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await dialog.getByRole('button', { name: 'Remove for good' }).click()
  await row.waitFor({ state: 'detached' })
  owner.assertCalm()
  assert.equal(await ask(guest.page, 'GET', '/session'), 401)
  await guest.page.goto(renewed)
  await guest.page.getByLabel('New password').fill(PASSWORD)
  await guest.page.getByRole('button', { name: 'Set password and sign in' }).click()
  await guest.page.getByRole('alert').getByText('The password could not be set').waitFor()
})

/** What a phone reads from the picture: `M x y` for each dark module. */
function readQrCode(viewBox: string | null, path: string | null): string {
  const [size = 0, scale = 8] = [Number(viewBox?.split(' ')[3])]
  const width = size * scale
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  for (const [, x, y] of path?.matchAll(/M(\d+) (\d+)h1v1/g) ?? [])
    for (let down = 0; down < scale; down++)
      for (let right = 0; right < scale; right++) {
        const at = ((Number(y) * scale + down) * width + Number(x) * scale + right) * 4
        data.fill(0, at, at + 3)
      }
  return decodeQr({ width, height: width, data })
}

test('a second factor is set up, asked for at sign-in, and one of its recovery codes lets in once', async () => {
  await using owner = await enter('/settings/people')
  const email = 'careful@guests.example'
  const link = await invite(owner.page, { email, role: 'Viewer' })
  await using guest = await accept(link)
  const { page } = guest
  await guest.visit('/settings/account?act=factor')
  const dialog = page.getByRole('dialog', { name: 'Set up' })
  await dialog.getByLabel('Present password').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue()
  const picture = dialog.getByRole('img', { name: 'QR code of the secret' })
  const read = readQrCode(await picture.getAttribute('viewBox'), await picture.locator('path').getAttribute('d'))
  assert.equal(read, await dialog.getByRole('link', { name: /authenticator app/ }).getAttribute('href'))
  assert.match(read, new RegExp(`secret=${secret}`))
  await assertSound(page)
  const totp = new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 })
  const confirming = Date.now()
  await dialog.getByLabel('Code that the app shows').fill(totp.generate({ timestamp: confirming }))
  await dialog.getByRole('button', { name: 'Switch on' }).click()
  await dialog.getByText('Each lets you in once').waitFor()
  const codes = await dialog.getByRole('listitem').allTextContents()
  assert.equal(codes.length, 10)
  await assertSound(page)
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('Signing in asks for a code').waitFor()
  await assertSound(page)

  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  const signInAgain = async (code: string) => {
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Code of your authenticator app').fill(code)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  // The one that was taken works no second time: the next step's does, as clocks may differ by one.
  await signInAgain(totp.generate({ timestamp: confirming + 30_000 }))
  await page.getByRole('navigation', { name: 'Menu' }).waitFor()
  await guest.visit('/settings/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await signInAgain(codes[0] as string)
  await page.getByRole('navigation', { name: 'Menu' }).waitFor()
  await guest.visit('/settings/account?act=off')
  await page.getByLabel('Present password').fill(PASSWORD)
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click()
  await page.getByText('With it, signing in also asks').waitFor()
})

test('a session elsewhere is ended, and a new password ends them all', async () => {
  await using owner = await enter('/settings/people')
  const email = 'everywhere@guests.example'
  const link = await invite(owner.page, { email, role: 'Viewer' })
  await using guest = await accept(link)
  await using other = await openConsole(browser, story)
  await other.visit('')
  await signIn(other.page, { demo: { ...story.demo, admin: { email, password: PASSWORD } } })
  const { page } = guest
  await guest.visit('/settings/account')
  await page.getByRole('button', { name: 'Sign out there' }).click()
  await page.getByRole('button', { name: 'Sign out there' }).waitFor({ state: 'detached' })
  assert.equal(await ask(other.page, 'GET', '/session'), 401)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.waitForURL(/act=password/)
  const dialog = page.getByRole('dialog', { name: 'Change password' })
  await dialog.getByLabel('Present password').fill(PASSWORD)
  await dialog.getByLabel('New password').fill('short')
  await dialog.getByRole('button', { name: 'Change and sign out' }).click()
  await dialog.getByRole('alert').waitFor()
  await assertSound(page)
  await dialog.getByLabel('New password').fill('another horse battery')
  await dialog.getByRole('button', { name: 'Change and sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await signIn(page, { demo: { ...story.demo, admin: { email, password: 'another horse battery' } } })
})
