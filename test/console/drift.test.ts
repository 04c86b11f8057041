import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { formOf, makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

const PUSHED = 'As it was pushed'
const THEIRS = 'As they want it'
const FORMS = ['Ask', 'Tell']

let story: Story
let browser: Browser
let snapshotId: string
let aalto: Actor
let brno: Actor

/** Two sub-accounts have edited both forms of the first version; there is a second one by now. */
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0 })
  const source = await newLocation(story, 'Headquarters')
  for (const name of FORMS) await makeForm(source, name, { description: PUSHED })
  snapshotId = (await story.agency.capture(source.id, { name: 'Forms' })).id
  aalto = await newLocation(story, 'Aalto')
  brno = await newLocation(story, 'Brno')
  await story.agency.push(snapshotId, [aalto.id, brno.id])
  for (const name of FORMS) await write(source, name, 'As it is by now')
  await story.agency.refresh(snapshotId)
  for (const place of [aalto, brno]) for (const name of FORMS) await write(place, name, THEIRS)
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

async function write(place: Actor, name: string, description: string): Promise<void> {
  const { id } = await named(story, place, 'forms', name)
  assert.equal((await place.client.put(`/forms/${id}`, { description })).status, 200)
}

/** What both forms say in both sub-accounts. */
async function texts() {
  const of = async (place: Actor) => {
    const said: string[] = []
    for (const name of FORMS) {
      const { id } = await named(story, place, 'forms', name)
      said.push((await formOf(place, id)).description)
    }
    return said
  }
  return { aalto: await of(aalto), brno: await of(brno) }
}

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search by sub-account or asset' })
const bar = (page: Page) => page.getByRole('region', { name: 'What is chosen' })
const tick = (page: Page, place: string, name: string) =>
  page.getByRole('region', { name: place, exact: true }).getByRole('checkbox', { name }).check()

async function pushBack(page: Page): Promise<void> {
  await bar(page).getByRole('link', { name: 'Push back' }).first().click()
  await page.getByText('This updates 1 asset in 1 sub-account').waitFor()
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
}

test('what is chosen stays in sight whatever is searched for, and exactly that is pushed back, as it was pushed', async () => {
  await using window = await enterAt(browser, story, `/drift?snapshot=${snapshotId}&q=Aalto`)
  const { page } = window
  const chosen = bar(page).getByRole('button', { name: /^Leave out/ })
  await tick(page, 'Aalto', 'Form Ask')
  await search(page).fill('form ASK')
  await page.getByText('2 assets in 2 sub-accounts').waitFor()
  await tick(page, 'Brno', 'Form Ask')
  await bar(page).getByText('2 assets chosen').waitFor()
  await bar(page).getByText('Version 1, in 2 sub-accounts').waitFor()
  await hasCount(bar(page).getByRole('link', { name: 'Push back' }), 1)
  await bar(page).getByRole('button', { name: 'Choose none' }).click()
  await bar(page).waitFor({ state: 'detached' })
  await tick(page, 'Aalto', 'Form Ask')
  await search(page).fill('Brno')
  await page.getByText('2 assets in 1 sub-account').waitFor()
  for (const name of FORMS) await tick(page, 'Brno', `Form ${name}`)
  await hasCount(chosen, 3)
  await bar(page).getByRole('button', { name: 'Leave out Form Ask in Brno' }).click()
  await hasCount(chosen, 2)
  await bar(page).getByText('Form Ask Aalto').waitFor()
  await bar(page).getByText('It takes 2 pushes').waitFor()
  await assertSound(page)
  const address = page.url()
  await pushBack(page)
  const first = await texts()
  assert.equal([...first.aalto, ...first.brno].filter((text) => text === PUSHED).length, 1, JSON.stringify(first))
  await page.goto(address)
  await bar(page).getByText('has drifted no more').waitFor()
  await hasCount(chosen, 1)
  await pushBack(page)
  assert.deepEqual(await texts(), { aalto: [PUSHED, THEIRS], brno: [THEIRS, PUSHED] })
  window.assertCalm()
})

test('what takes several pushes is begun by one click, after it was said how many, and all of them are followed', async () => {
  for (const place of [aalto, brno]) for (const name of FORMS) await write(place, name, THEIRS)
  await using window = await enterAt(browser, story, `/drift?snapshot=${snapshotId}`)
  const { page } = window
  await tick(page, 'Aalto', 'Form Ask')
  await tick(page, 'Brno', 'Form Tell')
  await bar(page).getByText('It takes 2 pushes').waitFor()
  await bar(page).getByRole('button', { name: 'Push all back, in 2 pushes' }).click()
  const asked = page.getByRole('dialog', { name: '2 pushes at once' })
  await hasCount(asked.getByText('This updates 1 asset in 1 sub-account'), 2)
  await assertSound(page)
  await asked.getByRole('button', { name: 'Start all 2 pushes' }).click()
  const started = page.getByRole('region', { name: 'Pushes that were started' })
  await started.getByText('2 of 2 have ended').waitFor()
  await hasCount(started.getByText('Done', { exact: true }), 2)
  await bar(page).waitFor({ state: 'detached' })
  assert.deepEqual(await texts(), { aalto: [PUSHED, THEIRS], brno: [THEIRS, PUSHED] })
  await page.getByText('2 assets in 2 sub-accounts').waitFor()
  await assertSound(page)
  // They are there again for whoever comes back.
  await page.reload()
  await hasCount(started.getByText('Done', { exact: true }), 2)
  await started.getByRole('link').first().click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  window.assertCalm()
})

test('what was not begun, as one of several pushes was refused, stays chosen', async () => {
  for (const place of [aalto, brno]) for (const name of FORMS) await write(place, name, THEIRS)
  await using window = await enterAt(browser, story, `/drift?snapshot=${snapshotId}`)
  const { page } = window
  let begun = 0
  await page.route(/\/snapshots\/[^/]+\/push(\?|$)/, (route) =>
    route.request().method() === 'POST' && ++begun === 2
      ? route.fulfill({ status: 409, json: { statusCode: 409, error: 'Conflict', message: 'It has moved on' } })
      : route.continue(),
  )
  await tick(page, 'Aalto', 'Form Ask')
  await tick(page, 'Brno', 'Form Tell')
  await bar(page).getByRole('button', { name: 'Push all back, in 2 pushes' }).click()
  await page.getByRole('button', { name: 'Start all 2 pushes' }).click()
  await page.getByText('1 of 1 have ended').waitFor()
  await page.getByText('It has moved on').waitFor()
  await bar(page).getByText('1 asset chosen').waitFor({ timeout: 10_000 })
  await hasCount(bar(page).getByRole('button', { name: /^Leave out/ }), 1)
  assert.equal(begun, 2)
})
