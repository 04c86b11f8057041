import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { breakReferences, makeForm, makeTag } from '../support/made-assets.ts'
import { PLANTED } from '../support/planted-texts.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

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

test('the fleet shows where references lead nowhere, worst first, alone, and on a phone, and leads to them', async () => {
  const { agency } = story
  const worst = `Worst ${PLANTED}`
  const places = [await newLocation(story, worst), await newLocation(story, 'Bad place')] as const
  await breakReferences(places[0], 3)
  await breakReferences(places[1], 2)
  await makeTag(await newLocation(story, 'Whole place'), 'there')
  await using window = await enterAt(browser, story, '')
  const { page } = window
  const table = page.getByRole('table', { name: 'Fleet' })
  const row = (name: string | RegExp) => table.getByRole('row').filter({ hasText: name })
  // It is counted a moment after, and the page looks by itself.
  await row('Bad place').getByRole('link', { name: '2 broken' }).waitFor()
  await row('Worst').getByRole('link', { name: '3 broken' }).waitFor()
  assert.equal(await row('Whole place').getByText('broken').count(), 0)
  await table.getByRole('columnheader', { name: 'Broken' }).getByRole('button').click()
  await page.waitForURL(/sort=broken/)
  await table.getByRole('columnheader', { name: 'Broken' }).getByRole('button').click()
  await page.waitForURL(/order=desc/)
  await table.getByRole('row').nth(1).getByText('<img src=x', { exact: false }).waitFor()
  await page.getByText('With broken references 2').click()
  await page.waitForURL(/broken=true/)
  await hasCount(table.getByRole('row'), 3)
  await assertSound(page)
  assert.equal(await page.locator('img[src="x"]').count(), 0, 'it was read as HTML')

  // What is chosen of all goes on as the same filter.
  await table.getByRole('checkbox').first().check()
  await page.getByRole('region', { name: 'Chosen' }).getByRole('link', { name: 'Push to them' }).click()
  await page.waitForURL(/\/push\?.*broken=true/)
  await page.getByRole('checkbox', { name: 'With broken references 2', checked: true }).waitFor({ state: 'attached' })
  await assertSound(page)

  await window.visit('?broken=true')
  await page.setViewportSize({ width: 390, height: 844 })
  await row('Bad place').getByRole('link', { name: '2 broken' }).click()
  await page.waitForURL(new RegExp(`/locations/${places[1].id}\\?tab=broken`))
  await page.getByRole('tab', { name: 'Broken references', selected: true }).waitFor()
  await hasCount(page.getByRole('link', { name: 'Names what is gone' }), 2)
  await assertSound(page)
  const { body } = await agency.client.get(`/fleet?companyId=${agency.companyId}&hasBroken=true`)
  assert.equal(body.total, 2)
  window.assertCalm()
})

test('what stands somewhere of several versions is told in the fleet, of the sub-account and of the snapshot', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Mixed source')
  const form = await makeForm(source, 'Ask', { description: 'first' })
  const { id } = await agency.capture(source.id, { name: 'Mixture' })
  assert.equal((await source.client.put(`/forms/${form.id}`, { description: 'second' })).status, 200)
  await agency.refresh(id)
  const places: string[] = []
  for (const name of ['Zagreb', 'Aarhus', 'Mainz', 'Lagos']) places.push((await newLocation(story, name)).id)
  const [zagreb = '', , mainz = ''] = places
  await agency.push(id, places)
  const single = { version: 1, policy: 'override', only: [{ kind: 'forms', lineage: form.id }] }
  await agency.push(id, [mainz], single)
  await agency.push(id, [zagreb], { version: 1 })
  await using window = await enterAt(browser, story, `?snapshot=${id}`)
  const { page } = window
  const fleet = page.getByRole('table', { name: 'Fleet' }).getByRole('row').filter({ hasText: 'Mainz' })
  await fleet.getByText('Mixture v2, 1 asset of v1').waitFor()
  await fleet.getByText('Mixed', { exact: true }).waitFor()
  await fleet.getByRole('link', { name: 'Mainz' }).click()
  await page.getByText('Mixture v2, 1 asset of v1').waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: 'Mixture', exact: true }).first().click()
  await page.getByRole('tab', { name: 'Where it stands' }).click()
  const table = page.getByRole('table', { name: 'Where it stands' })
  const told = async () => (await table.getByRole('row').allInnerTexts()).map((text) => text.split('\n')[0])
  await table.getByText('v2, 1 asset of v1, up to date').waitFor()
  assert.deepEqual((await told()).slice(1), ['Aarhus', 'Lagos', 'Mainz', 'Zagreb'])
  await table.getByText('v1 of 2, 1 version behind').waitFor()
  await assertSound(page)
  for (const order of ['asc', 'desc']) {
    await table.getByRole('columnheader', { name: 'Version' }).getByRole('button').click()
    await page.waitForURL(new RegExp(`sort=behind&order=${order}|order=${order}&sort=behind`))
  }
  await table.getByRole('row').nth(1).getByText('Zagreb').waitFor()
  window.assertCalm()
})
