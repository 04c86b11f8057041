import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, settle } from '../support/console.ts'
import { createScreens, type ShownScreen } from '../support/console-screens.ts'
import { PLANTED, plantInAssets, plantInRecords } from '../support/planted-texts.ts'
import { type Story, startStory } from '../support/stories.ts'

/** Nothing stands there that people have written. */
const WITHOUT = ['catalogue', 'settings-account', 'settings-ai-clients', 'settings-limits']

let story: Story
let browser: Browser
let screens: ShownScreen[]
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0, alone: true })
  const { template, agency } = story
  const kinds = await plantInAssets(template)
  for (const kind of [
    'tags',
    'pipelines',
    'calendars',
    'forms',
    'surveys',
    'funnels',
    'workflows',
    'campaigns',
    'templates',
  ])
    assert.ok(kinds.has(kind), `${kind} took none`)
  const people = { firstName: PLANTED, lastName: PLANTED, companyName: PLANTED, city: PLANTED, source: PLANTED }
  for (const [path, body] of [
    ['/contacts/', people],
    ['/businesses/', { name: PLANTED, description: PLANTED }],
  ] as const) {
    const made = await template.client.post(path, { locationId: template.id, ...body })
    assert.ok(made.status < 300, JSON.stringify(made.body))
  }
  const { id } = (await template.client.get(`/contacts/?locationId=${template.id}&limit=1`)).body.contacts[0]
  const { pipelines } = (await template.client.get(`/opportunities/pipelines?locationId=${template.id}`)).body
  const [{ id: pipelineId, stages }] = pipelines
  const deal = { pipelineId, pipelineStageId: stages[0].id, name: PLANTED, status: 'open', contactId: id }
  const made = await template.client.post('/opportunities/', { locationId: template.id, ...deal })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  for (const one of [template, story.byHand, story.empty]) {
    const renamed = await agency.client.put(`/locations/${one.id}`, {
      companyId: agency.companyId,
      name: `${one.id.slice(0, 4)} ${PLANTED}`,
    })
    assert.equal(renamed.status, 200, JSON.stringify(renamed.body))
  }
  const planted = await plantInRecords(story, template, id)
  screens = [...(await createScreens(story, { called: PLANTED })), ...planted]
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

test('every screen is sound in both schemes and three widths, and shows HTML that somebody planted as the text it is', async () => {
  await using window = await enterAt(browser, story, '')
  const { page } = window
  const seen = new Set<string>()
  for (const { name, path } of screens) {
    await window.visit(path)
    await settle(page)
    assert.notEqual(await page.title(), 'taken', name)
    assert.equal(await page.locator('img[src="x"]').count(), 0, `${name}: it was read as HTML`)
    await assertSound(page)
    if ((await page.getByText('<img src=x').count()) > 0) seen.add(name)
  }
  const unseen = screens.map(({ name }) => name).filter((name) => !seen.has(name))
  assert.deepEqual(unseen, WITHOUT, 'it stands where it was planted')
  window.assertCalm()
})
