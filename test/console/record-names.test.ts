import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { make } from '../support/made-assets.ts'
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

test('a record calls what it names by its name, then and now, and a stage that is gone so', async () => {
  const place = await newLocation(story, 'Names')
  const { client, id: locationId } = place
  const pipeline = await make(place, '/opportunities/pipelines/', {
    name: 'Jobs',
    stages: [{ name: 'Asked' }, { name: 'Won' }],
  })
  const [asked, won] = pipeline.stages as { id: string }[]
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada', lastName: 'Lovelace' })).body
  const body = { locationId, name: 'Wedding', status: 'open', contactId: contact.id, pipelineId: pipeline.id }
  const { opportunity } = (await client.post('/opportunities/', { ...body, pipelineStageId: asked?.id })).body
  await client.put(`/opportunities/${opportunity.id}`, { pipelineStageId: won?.id })
  await using window = await enterAt(browser, story, `/locations/${locationId}/records/opportunities/${opportunity.id}`)
  const { page } = window
  const fields = page.locator('dl', { has: page.getByText('Pipeline stage', { exact: false }) })
  for (const text of ['Jobs', 'Ada Lovelace']) await fields.getByText(text, { exact: true }).waitFor()
  for (const text of ['Won', 'Asked']) await fields.getByText(text).first().waitFor()
  await assertSound(page)
  // Where it was goes: what is told of then has no name any more.
  const stages = [{ id: won?.id, name: 'Won' }]
  await client.put(`/opportunities/pipelines/${pipeline.id}`, { stages })
  await page.reload()
  await fields.getByText('A stage that is gone').waitFor()
  window.assertCalm()
})
