import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { makeFlow, makeForm, makeTag, named, startTagged } from '../support/made-assets.ts'
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

test('somebody who has never seen the API captures, pushes, and undoes it', async () => {
  await using window = await enterAt(browser, story, '')
  const { page } = window
  await page.getByRole('cell', { name: 'Untouched' }).first().waitFor()
  await assertSound(page)

  await page.getByRole('link', { name: 'Begin with a capture' }).click()
  await page.getByRole('dialog', { name: 'Capture a sub-account' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Capture' }).click()
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  await form.getByRole('combobox', { name: 'Sub-account' }).fill('Templ')
  await page.getByRole('option', { name: 'Template' }).click()
  await form.getByLabel('Name of the snapshot').fill('Studio')
  await form.getByText(/assets there now/).waitFor()
  await assertSound(page)
  await form.getByRole('button', { name: 'Capture', exact: true }).click()

  await page.getByRole('heading', { name: 'Studio', level: 1 }).waitFor()
  await page.getByLabel('Search assets by name').fill('Inquiry')
  await page.getByRole('button', { name: 'Inquiry' }).first().click()
  await page.getByRole('region', { name: 'Document' }).waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: 'Push', exact: true }).click()

  await page.getByRole('heading', { name: 'Push', level: 1 }).waitFor()
  await page.getByRole('radio', { name: 'Some sub-accounts' }).check()
  await page
    .getByRole('row', { name: /New studio/ })
    .getByRole('checkbox')
    .check()
  const plan = page.getByRole('region', { name: 'What would happen' })
  await plan
    .getByText(/Create/)
    .first()
    .waitFor()
  await page.getByText(/This creates \d+ assets in 1 sub-account/).waitFor()
  await plan.getByRole('region', { name: 'Changes' }).getByRole('button').first().click()
  await plan.getByRole('article').waitFor()
  await assertSound(page)
  await plan.getByRole('tab', { name: 'By sub-account' }).click()
  await plan.getByRole('button', { name: /New studio/ }).waitFor()
  const before = await readAll(story, story.empty.id)
  await page.getByRole('button', { name: 'Push', exact: true }).click()

  await page.getByRole('heading', { name: 'Studio, version 1' }).waitFor()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'New studio' }).click()
  await page.getByRole('dialog').getByText('Created').first().waitFor()
  await page.getByRole('dialog').getByRole('link', { name: 'New studio' }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Close' }).click()
  assert.ok((await readAll(story, story.empty.id)).length > before.length)

  await page.getByRole('link', { name: 'Roll back' }).click()
  await page.getByText(/This deletes \d+ assets/).waitFor()
  await page.getByRole('region', { name: 'Changes' }).getByRole('button').first().click()
  await page.getByRole('article').getByText('The push had made it. It is removed.').waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Roll back' }).click()
  await page.getByRole('heading', { name: 'Roll-back of Studio, version 1' }).waitFor()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.deepEqual(await readAll(story, story.empty.id), before)
  await page.getByRole('link', { name: 'Undo this roll-back' }).waitFor()

  // Each act is told once and whole, however many changes it was.
  await page.getByRole('link', { name: 'Fleet' }).click()
  const row = page.getByRole('row', { name: /New studio/ })
  await row.getByText('Rolled back', { exact: true }).waitFor()
  await page.getByText('No version of a snapshot stands in any sub-account now').waitFor()
  assert.equal(await page.getByText('Nothing has been pushed yet').count(), 0)
  await page.getByRole('link', { name: 'What was pushed' }).waitFor()
  const lately = page.getByRole('region', { name: 'What changed lately' })
  await lately.getByText(/^Studio \(version 1\): \d.*more kinds.*New studio$/).waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('a push goes to all sub-accounts that a filter leaves, but those that are unticked', async () => {
  const { agency } = story
  const places = []
  for (const name of ['Filial Aalborg', 'Filial Brno', 'Filial Cadiz']) places.push(await newLocation(story, name))
  const { snapshot } = await startTagged(story, 'For branches')
  await using window = await enterAt(browser, story, '?q=Filial')
  const { page } = window
  await page.getByRole('row', { name: /Filial Brno/ }).waitFor()
  await page.getByRole('checkbox', { name: 'Choose all' }).check()
  await page
    .getByRole('row', { name: /Filial Brno/ })
    .getByRole('checkbox')
    .uncheck()
  await page.getByRole('region', { name: 'Chosen' }).getByText('2 chosen').waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: 'Push to them' }).click()
  await page.waitForURL(/push\?.*except=/)
  await page.getByRole('combobox', { name: 'Snapshot', exact: true }).click()
  await page.getByRole('option', { name: 'For branches' }).click()
  await page.getByText('All 3 below but 1.').waitFor()
  await page.getByText('This creates 2 assets in 2 sub-accounts').waitFor()
  await page
    .getByRole('row', { name: /Filial Cadiz/ })
    .getByRole('checkbox')
    .uncheck()
  await page.getByText('This creates 1 asset in 1 sub-account.').waitFor()
  await page
    .getByRole('row', { name: /Filial Brno/ })
    .getByRole('checkbox')
    .check()
  await page.getByText('This creates 2 assets in 2 sub-accounts').waitFor()
  await assertSound(page)
  await page.reload()
  await page.getByText('All 3 below but 1.').waitFor()
  const asked = page.waitForRequest((request) => request.url().includes(`/snapshots/${snapshot.id}/push`))
  await page.getByRole('button', { name: 'Push', exact: true }).dblclick()
  assert.deepEqual(
    { ...(await asked).postDataJSON(), planHash: '' },
    { locationIds: 'all', filter: { query: 'Filial' }, except: [places[2]!.id], planHash: '' },
    'no sub-account is listed but the one that is left out',
  )
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  const { pushes } = await agency.get(`/pushes?snapshotId=${snapshot.id}`)
  assert.equal(pushes.length, 1, 'a double click pushes once')
  assert.deepEqual(pushes[0].targets, { completed: 2 })
  const tagged = await Promise.all(places.map(async ({ id }) => (await readAll(story, id)).length))
  assert.deepEqual(tagged, [1, 1, 0])
  window.assertCalm()
})

test('an edit after the preview of a roll-back is not lost: the plan is made again and looked at once more', async () => {
  const { agency } = story
  const { source, snapshot } = await startTagged(story, 'Looked at twice')
  const place = await newLocation(story, 'Edits late')
  await makeForm(source, 'Ask', { description: 'Pushed' })
  await agency.refresh(snapshot.id)
  const { id } = await agency.push(snapshot.id, [place.id])
  const { id: own } = await named(story, place, 'forms', 'Ask')
  await using window = await enterAt(browser, story, `/pushes/${id}/rollback`)
  const { page } = window
  await page.getByLabel('Also undo what was edited since').check()
  await page.getByText('This deletes 2 assets in 1 sub-account.').waitFor()
  assert.equal((await place.client.put(`/forms/${own}`, { description: 'Mine' })).status, 200)
  await page.getByRole('button', { name: 'Roll back' }).click()
  await page.getByRole('alert').getByText('Something has changed since this plan was made.').waitFor()
  await assertSound(page)
  assert.equal((await place.client.get(`/forms/${own}`)).body.form.description, 'Mine')
  await page.getByRole('button', { name: 'Roll back' }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.deepEqual(await readAll(story, place.id), [])
})

test('single assets are captured, and what comes along is shown before', async () => {
  const location = await newLocation(story, 'Chosen from')
  const tag = await makeTag(location, 'welcomed')
  await makeTag(location, 'alone')
  await makeFlow(location, 'Greeting', { steps: [{ type: 'add_tag', tagIds: [tag] }] })
  await using window = await enterAt(browser, story, `/locations/${location.id}`)
  const { page } = window
  await page.getByRole('link', { name: 'Capture' }).click()
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  await form.getByLabel('Name of the snapshot').fill('One flow')
  await form.getByRole('radio', { name: 'Single assets' }).check()
  await form.getByRole('button', { name: 'Capture', exact: true }).click()
  await form.getByText('Choose at least one asset.').waitFor()
  await form.getByLabel('Search assets by name').fill('greet')
  await form.getByRole('row', { name: /welcomed/ }).waitFor({ state: 'detached' })
  await form
    .getByRole('row', { name: /Greeting/ })
    .getByRole('checkbox')
    .check()
  const along = form.getByRole('region', { name: 'What comes along' })
  await along.getByText('This captures 2 assets, 1 of them because something refers to them.').waitFor()
  assert.deepEqual(await along.getByRole('listitem').allTextContents(), ['Tag welcomed for Workflow Greeting'])
  await assertSound(page)
  await form.getByRole('radio', { name: 'Some kinds' }).check()
  await form.getByRole('checkbox', { name: 'Tags (2)' }).check()
  await along.getByText('This captures 2 assets; nothing else is needed.').waitFor()
  await form.getByRole('radio', { name: 'Single assets' }).check()
  await along.getByText('1 of them because').waitFor()
  await form.getByRole('button', { name: 'Capture', exact: true }).click()
  await page.getByRole('heading', { name: 'One flow', level: 1 }).waitFor()
  await page.getByRole('button', { name: /Greeting/ }).waitFor()
  await page.getByRole('button', { name: /↳.*welcomed/ }).waitFor()
  assert.equal(await page.getByRole('button', { name: /alone/ }).count(), 0)
  window.assertCalm()
})
