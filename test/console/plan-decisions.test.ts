import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { edit, type Fields } from '../support/disputes.ts'
import { formOf, makeForm, named } from '../support/made-assets.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0, poolSize: 12 })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('taking the side of the snapshot in a plan writes what it shows, and leaves what a client has said elsewhere', async () => {
  const { agency, template, byHand } = story
  const { id } = await agency.capture(template.id, { name: 'Studio' })
  const packageThere = async () => {
    const found = (await readAll(story, byHand.id)).find(
      (one) => one.kind === 'custom_fields' && one.name === 'Package',
    )
    return found?.document as Fields
  }
  assert.equal((await packageThere()).placeholder, 'Please choose')
  await using window = await enterAt(browser, story, `/push?snapshot=${id}&to=${byHand.id}`)
  const { page } = window
  const changes = page.getByRole('region', { name: 'Changes' })
  await changes.getByRole('button', { name: /Package.*1×/ }).click()
  const change = page.getByRole('article', { name: 'Package' })
  const told = change.getByRole('region')
  await change.getByText("Take the snapshot's").first().waitFor()
  const collides = await told.count()
  assert.ok(collides >= 2, `${collides} fields collide`)
  await change
    .getByRole('radiogroup', { name: /in all sub-accounts that have it/i })
    .getByText("Take the snapshot's")
    .click()
  await change.getByText('Merge', { exact: true }).waitFor()
  await hasCount(told, collides)
  assert.equal(await change.getByText('Please choose').count(), 0, 'what is not shown is not written')
  await assertSound(page)
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  const { position, picklistOptions, placeholder } = await packageThere()
  assert.deepEqual(
    [position, picklistOptions, placeholder],
    [2, ['Elopement', 'Full day', 'Weekend', 'Half day'], 'Please choose'],
  )
  window.assertCalm()
})

test('fields that collide are decided one by one, for those sub-accounts whose difference is shown', async () => {
  const { agency } = story
  const names = ['Head', 'Kiel', 'Lagos', 'Malmo']
  const [source, ...places] = await Promise.all(names.map((name) => newLocation(story, name)))
  assert.ok(source)
  await makeForm(source, 'Ask', { description: '0', trackingCode: '0', theme: { buttonText: '0' } })
  const { id } = await agency.capture(source.id, { name: 'Asks' })
  const to = places.map((place) => place.id)
  await agency.push(id, to)
  for (const [index, place] of places.entries())
    await edit(story, place, () => ({ description: index < 2 ? 'Theirs' : 'Otherwise', trackingCode: 'theirs' }))
  await edit(story, source, () => ({ description: 'Ours', trackingCode: 'ours', theme: { buttonText: 'Send' } }))
  await agency.refresh(id)
  await using window = await enterAt(browser, story, `/push?snapshot=${id}&to=${to.join()}`)
  const { page } = window
  await page.getByText('3 conflicts wait for a decision').waitFor()
  await page.getByRole('button', { name: /Ask.*2×/ }).click()
  const change = page.getByRole('article', { name: 'Ask' })
  await change.getByText('Written besides, where nothing collides:').waitFor()
  await change.getByRole('radiogroup', { name: 'What becomes of Description' }).getByText("Take the snapshot's").click()
  await change.getByText('Conflict', { exact: true }).waitFor()
  await change.getByRole('radiogroup', { name: 'What becomes of Tracking code' }).getByText('Leave theirs').click()
  await page.getByText(/1 conflict waits for a decision/).waitFor()
  await change.getByText('Merge', { exact: true }).waitFor()
  await assertSound(page)
  await page.reload()
  await change
    .getByRole('radiogroup', { name: 'What becomes of Tracking code' })
    .getByRole('radio', { name: 'Leave theirs', checked: true })
    .waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  const said = await Promise.all(
    places.map(async (place) => {
      const { description, trackingCode, theme } = await formOf(place, (await named(story, place, 'forms', 'Ask')).id)
      return [description, trackingCode, theme.buttonText]
    }),
  )
  assert.deepEqual(said, [
    ['Ours', 'theirs', 'Send'],
    ['Ours', 'theirs', 'Send'],
    ['Otherwise', 'theirs', 'Send'],
  ])
  const { conflicts } = await agency.get(`/${id}/conflicts`)
  assert.deepEqual(
    conflicts.map(({ locationName }: Fields) => locationName),
    ['Malmo'],
  )
  window.assertCalm()
})
