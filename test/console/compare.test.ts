import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

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

const put = async ({ client }: Actor, path: string, body: object) => {
  const reply = await client.put(path, body)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}

test('what was deleted there and changed in the snapshot is a conflict that is shown whole', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Changes it'), await newLocation(story, 'Deletes it')]
  const { id: form } = await makeForm(source, 'Ask', { description: 'First' })
  const { id } = await agency.capture(source.id, { name: 'Deleted there' })
  await agency.push(id, [target.id])
  const brought = await named(story, target, 'forms', 'Ask')
  assert.equal((await target.client.delete(`/forms/${brought.id}`)).status, 200)
  await put(source, `/forms/${form}`, { description: 'Second' })
  await agency.refresh(id)
  const place = `/compare?snapshot=${id}&version=2&location=${target.id}&only=conflict`
  await using window = await enterAt(browser, story, place)
  const { page } = window
  await page.getByText('Conflicts 1', { exact: true }).waitFor()
  const listed = page.getByRole('button', { name: /Ask/ })
  await listed.click()
  assert.match((await listed.textContent()) ?? '', /deleted/)
  const article = page.getByRole('article', { name: 'Ask' })
  await article.getByText('Conflict: deleted there, changed in the snapshot').waitFor()
  await article.getByRole('region', { name: 'Ask' }).getByText('Second', { exact: true }).waitFor()
  await assertSound(page)
  window.assertCalm()
})
