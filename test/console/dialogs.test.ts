import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { makeForm } from '../support/made-assets.ts'
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

/** Where dialogs are that something is typed into, and into which field. */
const DIALOGS = [
  ['/snapshots?capture=true', 'Name of the snapshot'],
  ['/locations?make=true', 'Name'],
  ['/settings/tokens?make=true', 'Name'],
  ['/settings/apps?make=true', 'Name'],
  ['/settings/people?invite=true', 'E-mail'],
  ['/webhooks?make=true', 'Name'],
  ['/connections?make=true', 'Name'],
  ['/shares?import=true', 'Link or id of a share'],
  ['/settings/account?act=password', 'Present password'],
] as const

test('a click beside a dialog, Escape and its cross ask before what was typed is lost, and only then', async () => {
  await using window = await enter('/shares')
  const { page } = window
  const dialog = page.getByRole('dialog')
  const asked = dialog.getByRole('alert').filter({ hasText: 'What you have written here is lost when this closes.' })
  const ways = [
    () => page.keyboard.press('Escape'),
    () => page.mouse.click(5, 5),
    () => dialog.getByRole('button', { name: 'Close', exact: true }).click(),
  ]
  for (const [path, label] of DIALOGS) {
    await window.visit(path)
    const field = dialog.getByLabel(label, { exact: true })
    await field.fill('Typed')
    for (const leave of ways) {
      await leave()
      await asked.waitFor()
      assert.equal(await field.inputValue(), 'Typed', path)
      await asked.getByRole('button', { name: 'Go on writing' }).click()
      await asked.waitFor({ state: 'detached' })
    }
    await page.keyboard.press('Escape')
    await assertSound(page)
    await asked.getByRole('button', { name: 'Close and lose it' }).click()
    await dialog.waitFor({ state: 'detached' })
    await window.visit(path)
    await field.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  window.assertCalm()
})

test('a token that is made while somebody leaves is shown where they are, and nothing but leaving closes its dialog', async () => {
  await using window = await enter('/settings')
  const { page } = window
  await page.getByRole('link', { name: 'Tokens' }).click()
  await page.getByRole('button', { name: 'Make a token' }).click()
  const form = page.getByRole('dialog', { name: 'Make a token' })
  await form.getByLabel('Name').fill('Slow one')
  await form.getByRole('radio', { name: 'The agency' }).check()
  await form.getByRole('radio', { name: 'Everything there is for it' }).check()
  const { promise: isDone, resolve: go } = Promise.withResolvers<void>()
  await page.route('**', async (route) => {
    if (route.request().method() === 'POST') await isDone
    await route.fallback()
  })
  const sent = page.waitForRequest((request) => request.method() === 'POST')
  await form.getByRole('button', { name: 'Make token' }).click()
  await sent
  await page.keyboard.press('Escape')
  await form.waitFor()
  await page.goBack()
  await form.waitFor({ state: 'detached' })
  go()
  const told = page.getByRole('alert').filter({ hasText: 'What you had begun is done.' })
  const secret = await told.getByLabel('Token').inputValue()
  assert.equal((await story.server.client(secret).get(`/locations/${story.template.id}/tags`)).status, 200)
  await assertSound(page)
})

test('a deletion that is over after somebody has left leads them nowhere', async () => {
  const place = await newLocation(story, 'Left behind')
  const { contact } = (await place.client.post('/contacts/', { locationId: place.id, firstName: 'Ada' })).body
  const { id: formId } = await makeForm(place, 'Ask')
  for (const [path, sure] of [
    [`/locations/${place.id}/records/contacts/${contact.id}`, 'Delete it'],
    [`/locations/${place.id}/assets/forms/${formId}`, 'Delete it'],
  ] as const) {
    await using window = await enter(path)
    const { page } = window
    const { promise: isDone, resolve: go } = Promise.withResolvers<void>()
    await page.route('**', async (route) => {
      if (route.request().method() === 'DELETE') await isDone
      await route.fallback()
    })
    const sent = page.waitForRequest((request) => request.method() === 'DELETE')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: sure }).click()
    await sent
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Shares' }).click()
    await page.getByRole('heading', { name: 'Nothing is shared yet' }).waitFor()
    go()
    await page.getByText(/was deleted|is deleted/).waitFor()
    assert.match(page.url(), /\/app\/shares$/)
  }
})
