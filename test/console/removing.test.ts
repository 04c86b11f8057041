import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { brokenIn, make, makeFlow, makeTag, startTagged } from '../support/made-assets.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0 })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('a snapshot is deleted for good after it was asked about, and what it brought stays', async () => {
  const { snapshot } = await startTagged(story, 'Short-lived')
  const target = await newLocation(story, 'Keeps its tag')
  await story.agency.push(snapshot.id, [target.id])
  await using window = await enterAt(browser, story, `/snapshots/${snapshot.id}`)
  const { page } = window
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete Short-lived?' })
  await dialog.getByText('gone for good').waitFor()
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  await story.agency.get(`/${snapshot.id}`)
  await page.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete it for good' }).click()
  await page.getByText('Short-lived was deleted.').waitFor()
  await page.waitForURL(/\/app\/snapshots$/)
  await story.agency.get(`/${snapshot.id}`, 404)
  assert.deepEqual(
    (await readAll(story, target.id)).map(({ name }) => name),
    ['vip'],
  )
  window.assertCalm()
})

test('an asset is deleted after what refers to it was shown, whichever kind it is of', async () => {
  const place = await newLocation(story, 'Tidies up')
  const tag = await makeTag(place, 'old')
  await makeFlow(place, 'Names it', { steps: [{ type: 'add_tag', tagIds: [tag] }] })
  const pipeline = await make(place, '/opportunities/pipelines/', { name: 'Sales', stages: [{ name: 'New' }] })
  await using window = await enterAt(browser, story, `/locations/${place.id}/assets/tags/${tag}`)
  const { page } = window
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete old?' })
  await dialog.getByRole('link', { name: 'Names it' }).waitFor()
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Delete it' }).click()
  await page.getByText('old was deleted.').waitFor()
  await page.waitForURL(/kind=tags/)
  assert.deepEqual(await brokenIn(place), ['Names it'])
  await window.visit(`/locations/${place.id}/assets/pipelines/${pipeline.id}`)
  await page.getByRole('button', { name: 'Delete' }).click()
  const other = page.getByRole('dialog', { name: 'Delete Sales?' })
  await other.getByText('Nothing refers to it').waitFor()
  await other.getByRole('button', { name: 'Delete it' }).click()
  await page.getByText('Sales was deleted.').waitFor()
  assert.deepEqual(
    (await readAll(story, place.id)).map(({ name }) => name),
    ['Names it'],
  )
  window.assertCalm()
})
