import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { dropTag, makeFlow, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

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

const enter = (path: string) => enterAt(browser, story, path)

const save = async (page: Page) => {
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Not saved yet').waitFor({ state: 'detached' })
}

const pipelineOf = async ({ client, id }: Actor) => {
  const made = await client.post('/opportunities/pipelines/', {
    locationId: id,
    name: 'Sales',
    stages: [{ name: 'New' }, { name: 'Won' }, { name: 'Lost' }],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.pipeline as { id: string; stages: { id: string; name: string }[] }
}

test('the assets of a sub-account are found by kind and name, and one leads to the other', async () => {
  await using window = await enter(`/locations/${story.template.id}`)
  const { page } = window
  await page.getByRole('table', { name: 'Assets' }).getByRole('row').nth(2).waitFor()
  await assertSound(page)
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: /^Pipelines/ }).click()
  await page.waitForURL(/kind=pipelines/)
  await page.getByRole('table', { name: 'Assets' }).getByRole('link').first().click()
  await page.getByRole('tab', { name: 'Form' }).waitFor()
  await page.getByLabel('Name').first().waitFor()
  await assertSound(page)
  await page.getByRole('tab', { name: 'Usage' }).click()
  await page
    .getByText(/refer|hang/)
    .first()
    .waitFor()
  await assertSound(page)
  await page.getByRole('tab', { name: 'JSON' }).click()
  await page.getByLabel('The document as JSON').waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('stages are renamed and put in order by button and by key, saved, and put back from the history', async () => {
  const actor = await newLocation(story, 'Edited by hand')
  const pipeline = await pipelineOf(actor)
  await using window = await enter(`/locations/${actor.id}/assets/pipelines/${pipeline.id}`)
  const { page } = window
  await page.getByRole('button', { name: 'Move Won up' }).click()
  await page.getByRole('button', { name: 'Lost', exact: true }).click()
  await page.getByRole('listitem').filter({ hasText: 'Lost' }).getByLabel('Name').fill('Not now')
  await save(page)
  const names = async () =>
    (await actor.client.get(`/opportunities/pipelines/${pipeline.id}`)).body.pipeline.stages.map(
      ({ name }: { name: string }) => name,
    )
  assert.deepEqual(await names(), ['Won', 'New', 'Not now'])

  const handle = page.getByRole('button', { name: 'Move Not now', exact: true })
  await handle.focus()
  await page.keyboard.press('ArrowUp')
  await page.getByRole('status').getByText('Not now is now 2 of 3.').waitFor()
  await page.keyboard.press('ArrowUp')
  await page.getByText('Not now is now 1 of 3.').waitFor()
  await save(page)
  assert.deepEqual(await names(), ['Not now', 'Won', 'New'])

  const item = page.getByRole('listitem').filter({ hasText: 'Not now' })
  await page.getByRole('button', { name: 'Not now', exact: true }).click()
  await item.getByLabel('Name').waitFor({ state: 'detached' })
  // It waits until nothing moves any more.
  await page.getByRole('button', { name: 'Move New', exact: true }).hover()
  const [from, to] = await Promise.all(
    ['Move Not now', 'Move New'].map((name) => page.getByRole('button', { name, exact: true }).boundingBox()),
  )
  assert.ok(from && to)
  await page.mouse.move(from.x + 8, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + 8, to.y - 20, { steps: 8 })
  await page.mouse.move(from.x + 8, to.y + 20, { steps: 8 })
  await page.mouse.up()
  await page.getByRole('status').getByText('Not now is now 3 of 3.').waitFor()
  // For 50 ms what was dragged takes each click for its own, lest the drop counts as one.
  await page.waitForTimeout(1_000)
  await save(page)
  assert.deepEqual(await names(), ['Won', 'New', 'Not now'])

  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByRole('list', { name: 'History' }).getByRole('listitem').nth(2).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'As it was then' }).last().click()
  await page.getByRole('heading', { name: 'What putting it back would change' }).waitFor()
  const then = page.getByRole('region', { name: 'As it was then' })
  await then.getByRole('button', { name: 'Lost', exact: true }).waitFor()
  assert.equal(await then.getByRole('textbox', { name: 'Name' }).first().isEditable(), false)
  await assertSound(page)
  await page.getByRole('button', { name: 'Put this back' }).click()
  await save(page)
  assert.deepEqual(await names(), ['New', 'Won', 'Lost'])
  window.assertCalm()
})

test('whoever leaves with changes that are not saved is asked, and may stay', async () => {
  const actor = await newLocation(story, 'Left too early')
  const pipeline = await pipelineOf(actor)
  await using window = await enter(`/locations/${actor.id}/assets/pipelines/${pipeline.id}`)
  const { page } = window
  await page.getByLabel('Name').first().fill('Renamed')
  await page.getByRole('link', { name: 'Pipelines' }).click()
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
  await asked.waitFor()
  await assertSound(page)
  await asked.getByRole('button', { name: 'Stay here' }).click()
  await asked.waitFor({ state: 'detached' })
  assert.equal(await page.getByLabel('Name').first().inputValue(), 'Renamed')
  await page.getByRole('link', { name: 'Pipelines' }).click()
  await asked.getByRole('button', { name: 'Leave and lose it' }).click()
  await page.getByRole('table', { name: 'Assets' }).waitFor()
  assert.equal((await actor.client.get(`/opportunities/pipelines/${pipeline.id}`)).body.pipeline.name, 'Sales')
  window.assertCalm()
})

test('a document that cannot be read is not saved, and one that is given up stands there as it was', async () => {
  const actor = await newLocation(story, 'As text')
  const { form } = (await actor.client.post('/forms/', { locationId: actor.id, name: 'Written', description: 'Old' }))
    .body
  await using window = await enter(`/locations/${actor.id}/assets/forms/${form.id}?view=json`)
  const { page } = window
  const text = page.getByLabel('The document as JSON')
  const whole = await text.inputValue()
  await text.fill(whole.replace('"Old"', '"New"'))
  await page.getByText('Not saved yet').waitFor()
  await text.fill(whole.replace('"Old"', '"New'))
  await page.getByRole('status').getByText('This is no JSON yet').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true)
  await assertSound(page)
  await page.getByRole('button', { name: 'Discard changes' }).click()
  await page.getByText('Not saved yet').waitFor({ state: 'detached' })
  assert.equal(await text.inputValue(), whole)
  await text.fill(whole.replace('"Old"', '"New"'))
  await save(page)
  assert.equal((await actor.client.get(`/forms/${form.id}`)).body.form.description, 'New')
  window.assertCalm()
})

test('two people on one form: neither overwrites the other, and both sides are shown', async () => {
  const actor = await newLocation(story, 'Two on one form')
  const { form } = (
    await actor.client.post('/forms/', { locationId: actor.id, name: 'Contact us', description: 'Old words' })
  ).body
  const path = `/locations/${actor.id}/assets/forms/${form.id}`
  await using one = await enter(path)
  await using other = await enter(path)
  await one.page.getByLabel('Description').fill('Words of the first')
  await other.page.getByLabel('Description').fill('Words of the second')
  await other.page.getByLabel('Name').first().fill('Write to us')
  await save(one.page)
  await other.page.getByRole('button', { name: 'Save' }).click()
  const asked = other.page.getByRole('dialog', { name: 'Somebody else has changed this meanwhile' })
  await asked.waitFor()
  await asked.getByText('Theirs, stored now').first().waitFor()
  await assertSound(other.page)
  const stored = async () => (await actor.client.get(`/forms/${form.id}`)).body.form
  assert.equal((await stored()).description, 'Words of the first', 'nothing was overwritten')
  assert.equal((await stored()).name, 'Contact us')
  await asked.getByText('Keep yours').click()
  await asked.getByRole('button', { name: 'Go on with these' }).click()
  await save(other.page)
  assert.equal((await stored()).description, 'Words of the second')
  assert.equal((await stored()).name, 'Write to us')
  one.assertCalm()
})

test('a workflow is read and changed as a graph, captured, and compared with what it was', async () => {
  const actor = await newLocation(story, 'Graph')
  const { workflow } = (
    await actor.client.post('/workflows/', {
      locationId: actor.id,
      name: 'Follow up',
      trigger: { type: 'manual' },
      steps: [
        { id: 'a', type: 'add_note', name: 'First', next: 'b' },
        { id: 'b', type: 'end', name: 'Last', next: null },
      ],
    })
  ).body
  const { id } = await story.agency.capture(actor.id, { name: 'Graphs' })
  await using window = await enter(`/locations/${actor.id}/assets/workflows/${workflow.id}?view=graph`)
  const { page } = window
  await page.getByRole('region', { name: 'Steps as a graph' }).getByText('First').click()
  await page.getByRole('heading', { name: 'First' }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Add a step after it' }).click()
  await page.getByLabel('Name').fill('Between')
  await page.getByRole('region', { name: 'Steps as a graph' }).getByText('Between').waitFor()
  await save(page)
  const { steps } = (await actor.client.get(`/workflows/${workflow.id}`)).body.workflow
  assert.deepEqual(
    steps.map(({ name }: { name: string }) => name),
    ['First', 'Between', 'Last'],
  )
  assert.equal(steps[0].next, steps[1].id)
  assert.equal(steps[1].next, steps[2].id)
  await window.visit(`/snapshots/${id}`)
  await page.getByRole('button', { name: 'Capture again' }).click()
  await page.getByRole('main').getByRole('link', { name: 'Compare', exact: true }).click()
  await page.getByRole('button', { name: /Follow up/ }).click()
  await page.getByText('Picture', { exact: true }).click()
  const both = page.getByRole('region', { name: 'Steps of both sides as a graph' })
  await both.getByText('Added: Add note').waitFor()
  await both.getByText('Between', { exact: true }).waitFor()
  window.assertCalm()
})

test('what people wrote is text everywhere, whatever it looks like', async () => {
  const actor = await newLocation(story, '<script>alert(1)</script> ‏שלום')
  const name = '<img src=x onerror=alert(2)> ‏مرحبا'
  const { form } = (await actor.client.post('/forms/', { locationId: actor.id, name, description: '<b>bold</b>' })).body
  await using window = await enter(`/locations/${actor.id}`)
  const { page } = window
  await page.getByRole('heading', { name: '<script>alert(1)</script>' }).waitFor()
  await page.getByRole('link', { name: '<img src=x' }).click()
  await page.getByRole('heading', { name: '<img src=x' }).waitFor()
  assert.equal(await page.getByLabel('Description').inputValue(), '<b>bold</b>')
  assert.match(page.url(), new RegExp(form.id))
  window.assertCalm()
})

test('a broken reference leads to the very field that holds it, and each step that holds one is marked', async () => {
  const actor = await newLocation(story, 'Led to what is broken')
  const pipeline = await pipelineOf(actor)
  const [early, late] = [await makeTag(actor, 'early bird'), await makeTag(actor, 'late comer')]
  await makeFlow(actor, 'Follow up', {
    steps: [
      { id: 'a', type: 'add_tag', name: 'First', tagIds: [early], next: 'b' },
      { id: 'b', type: 'add_tag', name: 'Second', tagIds: [late], next: 'c' },
      { id: 'c', type: 'update_opportunity', pipelineId: pipeline.id, stageId: pipeline.stages[1]?.id, next: null },
    ],
  })
  for (const tag of [early, late]) await dropTag(actor, tag)
  assert.equal((await actor.client.delete(`/opportunities/pipelines/${pipeline.id}`)).status, 200)
  await using window = await enter(`/locations/${actor.id}?tab=broken`)
  const { page } = window
  const line = (name: string) => page.getByRole('listitem').filter({ hasText: name }).getByRole('link')
  await line('late comer').click()
  const second = page.getByRole('listitem').filter({ hasText: 'Second' })
  await second.getByText('Nothing there (late comer)').first().waitFor()
  await second.getByText('What it named is gone').waitFor()
  await second.locator('input:focus').waitFor()
  for (const step of ['First', 'Second']) await page.getByRole('button', { name: `${step} Add tag 1 broken` }).waitFor()
  await page.getByRole('button', { name: /^Update opportunity 2 broken/ }).waitFor()
  await assertSound(page)
  await page.goBack()
  // Of a stage nothing but its pipeline knows; neither is asked for where it is known to be gone.
  await line('Won').click()
  const third = page.getByRole('listitem').filter({ hasText: 'Update opportunity' })
  await third.getByRole('combobox', { name: 'Stage' }).waitFor()
  await hasCount(third.getByText('What it named is gone'), 2)
  assert.equal(await third.getByRole('combobox', { name: 'Stage' }).inputValue(), 'Nothing there (Won)')
  await assertSound(page)
  // What nobody remembers is told by what it is.
  await page.getByRole('tab', { name: 'JSON' }).click()
  const json = page.getByLabel('The document as JSON')
  await json.fill((await json.inputValue()).replaceAll(pipeline.stages[1]?.id as string, 'nobody-knows-it'))
  await page.getByRole('tab', { name: 'Form' }).click()
  await third.getByRole('button', { name: /^Update opportunity/ }).click()
  assert.equal(await third.getByRole('combobox', { name: 'Stage' }).inputValue(), 'A stage that is gone')
  window.assertCalm()
})
