import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TOTP } from 'otpauth'
import type { Browser } from 'playwright-core'
import decodeQr from 'qr/decode.js'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, openConsole, signIn } from '../support/console.ts'
import { accept, ask, invite, PASSWORD } from '../support/guests.ts'
import { make } from '../support/made-assets.ts'
import { connectClient } from '../support/mcp.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

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

const enter = (path: string) => enterAt(browser, story, path)

test('a role is changed and changed back, a link is made anew, and who is removed is out', async () => {
  await using owner = await enter('/settings/people')
  const { page } = owner
  const first = await invite(page, { email: 'changing@guests.example', role: 'Viewer' })
  await using guest = await accept(browser, story, first)
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
  await using guest = await accept(browser, story, link)
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
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
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

test('an AI client connects by the settings that are there to copy', async () => {
  await using owner = await enter('/settings/ai-clients')
  const { page } = owner
  const shown = async (name: string) => (await page.getByRole('region', { name, exact: true }).textContent()) ?? ''
  assert.match(await shown('Claude Desktop'), /"TINTYPE_TOKEN": "pit-your-token"/)
  await page.getByLabel('Token', { exact: true }).fill(` ${story.demo.agencyToken} `)
  await page.getByRole('checkbox', { name: 'Read only' }).check()
  await page.waitForURL(/read=true/)
  await assertSound(page)
  const { command, args, env } = JSON.parse(await shown('Claude Desktop')).mcpServers.tintype
  assert.deepEqual([command, args.slice(1)], ['node', ['mcp', '--read-only']])
  assert.deepEqual(env, { TINTYPE_URL: story.server.url, TINTYPE_TOKEN: story.demo.agencyToken })
  const ways = page.getByRole('radiogroup', { name: 'How the client connects' })
  await ways.getByText('Claude Code').click()
  await page.waitForURL(/way=command/)
  const [, address = '', header = ''] =
    /tintype "(\S+)" --header "Authorization: Bearer (\S+)"$/.exec(await shown('Claude Code')) ?? []
  await ways.getByText('Address').click()
  assert.equal(await page.getByRole('textbox', { name: 'Address' }).inputValue(), address)
  await assertSound(page)
  await using session = await connectClient(story.server.url, header, new URL(address).search)
  assert.equal(new URL(address).pathname, '/mcp')
  const tools = await session.tools()
  assert.ok(
    tools.some(({ name }) => name === 'snapshots_plan') && tools.every(({ annotations }) => annotations?.readOnlyHint),
  )
  await page.getByRole('link', { name: 'Register an app' }).click()
  await page.getByRole('dialog', { name: 'Register an app' }).waitFor()
  assert.ok(!page.url().includes('pit-'))
  owner.assertCalm()
})

test('a session elsewhere is ended, and a new password ends them all', async () => {
  await using owner = await enter('/settings/people')
  const email = 'everywhere@guests.example'
  const link = await invite(owner.page, { email, role: 'Viewer' })
  await using guest = await accept(browser, story, link)
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

test('what a table is filtered by is kept under a name, and is there in another window', async () => {
  const place = await newLocation(story, 'Filtered')
  const { client, id } = place
  const stages = [{ name: 'New' }, { name: 'Won' }]
  const pipeline = await make(place, '/opportunities/pipelines/', { name: 'Sales', stages })
  for (const firstName of ['Unpaid Ada', 'Paid Grace'])
    assert.equal((await client.post('/contacts/', { locationId: id, firstName })).status, 201)
  await using window = await enter(`/locations/${id}/records?q=Unpaid`)
  const { page } = window
  const saved = page.getByRole('dialog', { name: 'Saved filters' })
  const open = page.getByRole('button', { name: 'Saved filters' })
  const keep = async (name: string) => {
    await open.click()
    await saved.getByLabel('Save what is shown now as').fill(name)
    await saved.getByRole('button', { name: 'Save' }).click()
    await saved.getByRole('button', { name, exact: true }).waitFor()
  }
  await page.getByRole('link', { name: 'Unpaid Ada' }).waitFor()
  await keep('Who owes')
  await assertSound(page)
  await window.visit(`/locations/${id}/records?kind=opportunities&pipeline=${pipeline.id}`)
  await page.getByRole('region', { name: 'Won' }).waitFor()
  await keep('Our board')
  await using another = await enter(`/locations/${story.empty.id}/records`)
  await another.page.getByRole('button', { name: 'Saved filters' }).click()
  await another.page.getByRole('button', { name: 'Who owes', exact: true }).click()
  await another.page.waitForURL(/q=Unpaid/)
  await another.visit(`/locations/${story.empty.id}/records?kind=opportunities`)
  await another.page.getByRole('button', { name: 'Saved filters' }).click()
  await another.page.getByText('None is saved yet.').waitFor()
  await window.visit(`/locations/${id}/records?kind=opportunities`)
  await open.click()
  await saved.getByRole('button', { name: 'Our board', exact: true }).click()
  await page.getByRole('region', { name: 'Won' }).waitFor()
  await open.click()
  await saved.getByRole('button', { name: 'Delete Our board' }).click()
  await saved.getByText('None is saved yet.').waitFor()
  window.assertCalm()
  another.assertCalm()
})
