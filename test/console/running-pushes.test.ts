import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { startTagged } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

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

/** Nobody works: as a worker does it, so many of its targets end. */
async function endTargets(pushId: string, locationIds: readonly string[], state = 'processing'): Promise<void> {
  const db = story.server.owner()
  await sql`
    update push_target set state = 'completed', started_at = now(), finished_at = now()
    where push_id = ${pushId} and location_id = any(${[...locationIds]})`.execute(db)
  await sql`
    update push set state = ${state}, started_at = coalesce(started_at, now() - interval '30 s'),
      finished_at = case when ${state} = 'completed' then now() end
    where id = ${pushId}`.execute(db)
}

test('Home shows how far a push is that runs, and the push how much of it is left, until it has ended', async () => {
  const { agency } = story
  const { snapshot } = await startTagged(story, 'Slow')
  const places = await Promise.all(['One', 'Two', 'Three', 'Four'].map((name) => newLocation(story, name)))
  const to = places.map(({ id }) => id)
  const { push } = await agency.post(`/${snapshot.id}/push`, { locationIds: to }, 202)
  await using window = await enterAt(browser, story, '')
  const { page } = window
  const running = page.getByRole('region', { name: 'Running pushes' })
  await running.getByText('0 of 4').waitFor()
  await endTargets(push.id, to.slice(0, 3))
  await running.getByText('3 of 4').waitFor()
  assert.equal(await running.getByRole('progressbar').getAttribute('aria-valuenow'), '75')
  await assertSound(page)
  await running.getByRole('link', { name: 'Slow v1' }).click()
  await page.waitForURL(new RegExp(push.id))
  // Three took half a minute: the fourth takes a third of that.
  await page.getByText(/^3 of 4 sub-accounts done, about 1\d s left\. You can close this page/).waitFor()
  await assertSound(page)
  await page.getByRole('link', { name: 'Fleet' }).click()
  await running.waitFor()
  await endTargets(push.id, to, 'completed')
  await running.waitFor({ state: 'detached' })
  await page.goBack()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.equal(await page.getByText(/ left\. You can/).count(), 0)
  window.assertCalm()
})
