import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { makeForm, makeTag, named, startTagged } from '../support/made-assets.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

/** Nobody works until the last test says so: what happens while a push waits is in the tests' hands. */
let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, work: false, rateLimit: 0, poolSize: 12 })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

const MANY = 40

test('a push to many sub-accounts is cancelled, and is not offered to be retried', async () => {
  const { agency } = story
  const { snapshot } = await startTagged(story, 'Cancelled')
  const ids: string[] = []
  for (let number = 1; number <= MANY; number++) {
    const { status, body } = await agency.client.post('/locations/', {
      companyId: agency.companyId,
      name: `Shop ${number}`,
    })
    assert.equal(status, 200, JSON.stringify(body))
    ids.push(body.id)
  }
  await using window = await enterAt(browser, story, `/push?snapshot=${snapshot.id}&to=all&q=Shop`)
  const { page } = window
  await page.getByText(`This creates ${MANY} assets in ${MANY} sub-accounts.`).waitFor()
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Waiting').waitFor()
  await page.getByText(`0 of ${MANY} sub-accounts done`).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('status').getByText('Cancelled').waitFor()
  await page.getByText('What was done stands.').first().waitFor()
  await page
    .getByRole('row', { name: /Shop \d+.*Cancelled/ })
    .first()
    .waitFor()
  await page.getByRole('link', { name: 'Roll back' }).waitFor()
  for (const name of ['Cancel', 'Retry what failed'])
    assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name)
  // By their names, and found by them.
  assert.match((await page.getByRole('row').nth(1).textContent()) ?? '', /^Shop 1Cancelled/)
  assert.match((await page.getByRole('row').nth(2).textContent()) ?? '', /^Shop 10/)
  await page.getByRole('searchbox').fill('shop 40')
  await page.getByRole('row', { name: /Shop 1\D/ }).waitFor({ state: 'detached' })
  assert.match((await page.getByRole('row').nth(1).textContent()) ?? '', /^Shop 40/)
  await page.reload()
  await page.getByRole('row', { name: /Shop 40/ }).waitFor()
  await assertSound(page)
  const { pushes } = await agency.get(`/pushes?snapshotId=${snapshot.id}`)
  assert.deepEqual([pushes[0].status, pushes[0].targets], ['cancelled', { cancelled: MANY }])
  assert.deepEqual(await readAll(story, ids[0] as string), [])
  window.assertCalm()
})

test('a sub-account that has moved since the plan is left alone, and a retry finds the conflict', async () => {
  const { agency } = story
  const [source, quiet, busy] = [
    await newLocation(story, 'Head office'),
    await newLocation(story, 'Quiet'),
    await newLocation(story, 'Busy'),
  ]
  await makeForm(source, 'Ask', { description: 'What do you wish for?' })
  const { id } = await agency.capture(source.id, { name: 'Questions' })
  await using window = await enterAt(browser, story, `/push?snapshot=${id}&to=${quiet.id},${busy.id}`)
  const { page } = window
  await page.getByText('This creates 2 assets in 2 sub-accounts.').waitFor()
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Waiting').waitFor()
  await makeForm(busy, 'Ask', { description: 'Their own question' })
  await story.server.app.work()
  await page.getByRole('status').getByText('Partly done').waitFor()
  await page.getByRole('row', { name: /Quiet.*Done/ }).waitFor()
  await page.getByRole('row', { name: /Busy.*Failed/ }).waitFor()
  await page.getByRole('button', { name: 'Busy' }).click()
  await page
    .getByRole('dialog')
    .getByText(/Why:.*since/)
    .waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Close' }).click()
  assert.equal((await named(story, busy, 'forms', 'Ask')).document.description, 'Their own question')
  await page.getByRole('button', { name: 'Retry what failed' }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  await page.getByRole('row', { name: /Busy.*Done.*1 conflict/ }).waitFor()
  await page.getByRole('tab', { name: 'Conflicts (1)' }).click()
  const conflict = page.getByRole('region', { name: 'Ask' })
  await conflict.getByText('1 sub-account: Busy').waitFor()
  await assertSound(page)
  await conflict.getByRole('button', { name: "Take the snapshot's" }).click()
  const { pathname } = new URL(page.url())
  await page.getByRole('button', { name: 'Carry out' }).click()
  await page.waitForURL((url) => url.pathname !== pathname)
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.equal((await named(story, busy, 'forms', 'Ask')).document.description, 'What do you wish for?')
  window.assertCalm()
})

/** More changes than a plan tells at once. */
const TAGS = 26

test('a plan of more changes than are told at once is read on by sub-account, and so is that of its roll-back', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Of many tags')
  for (let number = 1; number <= TAGS; number++) await makeTag(source, `tag ${number}`)
  const { id } = await agency.capture(source.id, { name: 'Many tags' })
  await using window = await enterAt(browser, story, `/push?snapshot=${id}&to=all&q=Shop&tab=targets`)
  const { page } = window
  const readOn = async (where: Locator) => {
    const shop = (number: number) => where.getByRole('button', { name: new RegExp(`^Shop ${number}\\D`) })
    await shop(8).waitFor()
    assert.match((await where.getByRole('button', { name: /^Shop/ }).first().textContent()) ?? '', /^Shop 1\D/)
    assert.equal(await shop(9).count(), 0)
    await where.getByRole('button', { name: 'More sub-accounts' }).click()
    await shop(9).waitFor()
    assert.equal(await where.getByRole('button', { name: 'More sub-accounts' }).count(), 0)
    // Its changes stand on two pages.
    await shop(8).click()
    await where.getByText('tag 26', { exact: true }).filter({ visible: true }).waitFor()
    assert.equal(
      await where
        .getByText(/^tag \d+$/)
        .filter({ visible: true })
        .count(),
      TAGS,
    )
    await where.getByRole('searchbox').fill('shop 40')
    await hasCount(where.getByRole('button', { name: /^Shop/ }), 1)
    await shop(40).waitFor()
    await assertSound(page)
  }
  await readOn(page.getByRole('region', { name: 'What would happen' }))
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Roll back' }).click()
  await page.getByRole('tab', { name: 'By sub-account' }).click()
  await readOn(page.getByRole('main'))
  window.assertCalm()
})
