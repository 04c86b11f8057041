import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { mergeParts } from '../../console/src/screens/compare/pictures/marks.ts'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
import { flowOf, formOf, make, makeFlow, makeForm } from '../support/made-assets.ts'
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

const HOURS = [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }]

test('a workflow, a form, a pipeline and a calendar are compared as pictures: versions and sub-accounts', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Pictures')
  const { client } = source
  const put = async (path: string, body: object) => {
    const reply = await client.put(path, body)
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
  }
  const step = (id: string, next: string | null) => ({ id, type: 'add_note', name: id, body: id, next })
  const flow = await makeFlow(source, 'Welcome', {
    steps: [step('Greet', 'Ask'), step('Ask', 'Thank'), step('Thank', null)],
  })
  const form = await makeForm(source, 'Inquiry', {
    fields: [
      { type: 'text', label: 'Wish' },
      { type: 'text', label: 'Budget' },
    ],
  })
  const pipeline = await make(source, '/opportunities/pipelines/', {
    name: 'Sales',
    stages: [{ name: 'New' }, { name: 'Won' }],
  })
  const calendar = await make(source, '/calendars/', {
    name: 'Visits',
    openHours: [{ daysOfTheWeek: [1, 2], hours: HOURS }],
  })
  const { id } = await agency.capture(source.id, { name: 'Pictured' })
  const { steps } = await flowOf(source, flow.id)
  const [greet, , thank] = steps
  await put(`/workflows/${flow.id}`, {
    steps: [{ ...greet, next: 'fresh' }, { ...step('fresh', thank.id), name: 'Offer' }, thank],
  })
  const { fields } = await formOf(source, form.id)
  await put(`/forms/${form.id}`, { fields: [fields[0], { type: 'text', label: 'Day' }] })
  const stages = pipeline.stages as object[]
  await put(`/opportunities/pipelines/${pipeline.id}`, { stages: [...stages, { name: 'Lost' }] })
  await put(`/calendars/${calendar.id}`, { openHours: [{ daysOfTheWeek: [1, 3], hours: HOURS }] })
  await agency.refresh(id)

  await using window = await enterAt(
    browser,
    story,
    `/compare?snapshot=${id}&from=1&to=2&view=picture&asset=workflows/${flow.id}`,
  )
  const { page } = window
  const graph = page.getByRole('region', { name: 'Steps of both sides as a graph' })
  await graph.getByText('Added: Add note').waitFor()
  await graph.getByText('Removed: Add note').waitFor()
  await graph.getByText('Changed: Add note').waitFor()
  for (const name of ['Greet', 'Ask', 'Offer', 'Thank']) await graph.getByText(name, { exact: true }).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: /Inquiry/ }).click()
  const shown = page.getByRole('list', { name: 'Fields of both sides' })
  await shown.getByRole('listitem').filter({ hasText: 'Budget' }).getByText('Removed').waitFor()
  await shown.getByRole('listitem').filter({ hasText: 'Day' }).getByText('Added').waitFor()
  await page.getByRole('button', { name: /Sales/ }).click()
  await page
    .getByRole('region', { name: 'Stages of both sides' })
    .getByRole('listitem')
    .filter({ hasText: 'Lost' })
    .getByText('Added')
    .waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: /Visits/ }).click()
  const week = page.getByRole('region', { name: 'Opening hours of both sides' })
  await week.locator('del', { hasText: '09:00–17:00' }).waitFor()
  await week.locator('ins', { hasText: '09:00–17:00' }).waitFor()
  await assertSound(page)
  await page.getByText('Fields', { exact: true }).click()
  await page.waitForURL(/view=fields/)
  await page
    .getByRole('region', { name: /Open hours/ })
    .first()
    .waitFor()

  // The source as it is now stands where the second version stood.
  await window.visit(`/compare?snapshot=${id}&version=1&location=${source.id}&view=picture&asset=workflows/${flow.id}`)
  for (const mark of ['Added', 'Removed', 'Changed']) await graph.getByText(`${mark}: Add note`).waitFor()
  await assertSound(page)
  // Stages that were made by hand are the same by their names.
  const other = await newLocation(story, 'Pictures by hand')
  await make(other, '/opportunities/pipelines/', { name: 'Sales', stages: [{ name: 'Won' }, { name: 'Fresh' }] })
  const board = page.getByRole('region', { name: 'Stages of both sides' }).getByRole('listitem')
  await window.visit(`/compare?locations=${source.id},${other.id}&view=picture&asset=pipelines/${pipeline.id}`)
  for (const [stage, mark] of [
    ['New', 'Removed'],
    ['Lost', 'Removed'],
    ['Fresh', 'Added'],
  ] as const)
    await board.filter({ hasText: stage }).getByText(mark).waitFor()
  assert.equal(await board.count(), 4)
  assert.doesNotMatch((await board.filter({ hasText: 'Won' }).textContent()) ?? '', /Added|Removed/)
  await page.getByRole('button', { name: /Welcome/ }).click()
  await graph.getByText('Removed: Add note').first().waitFor()
  await page.getByText('Fields', { exact: true }).click()
  await page.getByRole('region', { name: 'Welcome' }).getByText('Greet').first().waitFor()
  window.assertCalm()
})

test('slides of a survey and events of a campaign are compared as pictures, too', async () => {
  const { agency } = story
  const source = await newLocation(story, 'More pictures')
  const asks = (label: string) => ({ type: 'text', label })
  const { id: survey } = await make(source, '/surveys/', {
    name: 'How was it?',
    slides: [
      { name: 'First', fields: [asks('Wish'), asks('Budget')] },
      { name: 'Second', fields: [asks('Day')] },
    ],
  })
  const sms = (body: string) => ({ type: 'sms', body, delay: { amount: 1, unit: 'days' } })
  const { id: campaign } = await make(source, '/campaigns/', {
    name: 'Reminders',
    events: [sms('Hello'), sms('Again')],
  })
  const { id } = await agency.capture(source.id, { name: 'Pictured, too' })
  const change = async (path: string, body: object) => {
    const reply = await source.client.put(path, body)
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
  }
  const { slides } = (await source.client.get(`/surveys/${survey}`)).body.survey
  const [first] = slides
  const changed = { ...first, fields: [first.fields[0], asks('Place')] }
  await change(`/surveys/${survey}`, { slides: [changed, { name: 'Third', fields: [asks('Thanks')] }] })
  const { events } = (await source.client.get(`/campaigns/${campaign}`)).body.campaign
  await change(`/campaigns/${campaign}`, { events: [{ ...events[0], body: 'Good day' }, sms('At last')] })
  await agency.refresh(id)
  const compared = `/compare?snapshot=${id}&from=1&to=2&view=picture`
  await using window = await enterAt(browser, story, `${compared}&asset=surveys/${survey}`)
  const { page } = window
  const slide = (name: string) => page.getByRole('region', { name, exact: true })
  await slide('Second').getByText('Removed').first().waitFor()
  await slide('Third').getByText('Added').first().waitFor()
  const fields = slide('First').getByRole('listitem')
  await fields.filter({ hasText: 'Budget' }).getByText('Removed').waitFor()
  await fields.filter({ hasText: 'Place' }).getByText('Added').waitFor()
  assert.doesNotMatch((await fields.filter({ hasText: 'Wish' }).textContent()) ?? '', /Added|Removed/)
  await assertSound(page)
  await page.getByRole('button', { name: /Reminders/ }).click()
  const graph = page.getByRole('region', { name: 'Steps of both sides as a graph' })
  for (const mark of ['Added', 'Removed', 'Changed']) await graph.getByText(new RegExp(`^${mark}: SMS`, 'i')).waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('what a push would meet by its name stands beside the version, drawn too, though none has brought it', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Meets'), await newLocation(story, 'Met')]
  const wish = { type: 'text', label: 'Wish' }
  const { id: lineage } = await makeForm(source, 'Ask', {
    description: 'Ours',
    fields: [wish, { type: 'text', label: 'Budget' }],
  })
  await makeForm(target, 'Ask', { description: 'Theirs', fields: [wish] })
  const { id } = await agency.capture(source.id, { name: 'Meeting' })
  const compared = `/compare?snapshot=${id}&location=${target.id}&asset=forms/${lineage}`
  await using window = await enterAt(browser, story, `${compared}&only=conflict&view=picture`)
  const { page } = window
  const shown = page.getByRole('list', { name: 'Fields of both sides' }).getByRole('listitem')
  await shown.filter({ hasText: 'Budget' }).getByText('Removed').waitFor()
  // That the field comes along collides with nothing.
  await page.getByRole('article', { name: 'Ask' }).getByText('Conflict, 1 field', { exact: true }).waitFor()
  assert.doesNotMatch((await shown.filter({ hasText: 'Wish' }).textContent()) ?? '', /Added|Removed/)
  await assertSound(page)
  await window.visit(compared)
  const article = page.getByRole('article', { name: 'Ask' })
  await article.getByText('A push would take this for it').waitFor()
  const field = article.getByRole('region', { name: 'description' })
  await field.getByText('Version 1').waitFor()
  for (const words of ['Ours', 'There now', 'Theirs']) await field.getByText(words, { exact: true }).waitFor()
  await assertSound(page)
  // On a phone it stands below the list, to which whoever has chosen it is led.
  await page.setViewportSize({ width: 390, height: 300 })
  await page.evaluate('window.scrollTo(0, 0)')
  await page.getByRole('button', { name: /Ask/ }).click()
  await until(async () => ((await article.boundingBox())?.y ?? 999) < 80, 'it begins below the head of the page')
  window.assertCalm()
})

test('of two sub-accounts either is chosen first, and both are called by their names', async () => {
  const [one, other] = [await newLocation(story, 'Left of both'), await newLocation(story, 'Right of both')]
  await makeForm(one, 'Here alone')
  await using window = await enterAt(browser, story, '/compare?mode=locations')
  const { page } = window
  const choose = async (label: string, name: string) => {
    await page.getByRole('combobox', { name: label }).fill(name)
    await page.getByRole('option', { name }).click()
  }
  await choose('Second sub-account', 'Right of both')
  await page.waitForURL(/locations=/)
  assert.equal(await page.getByRole('combobox', { name: 'First sub-account' }).inputValue(), '')
  await choose('First sub-account', 'Left of both')
  await page.getByRole('button', { name: /Here alone/ }).waitFor()
  assert.deepEqual(JSON.parse(new URL(page.url()).searchParams.get('locations') ?? ''), [one.id, other.id])
  window.assertCalm()
})

test('parts of both sides stand in one list: what is gone behind what it stood behind', () => {
  const part = (id: string, name = id) => ({ id, name })
  const told = (before: object[], after: object[]) =>
    mergeParts(before as never, after as never).map(({ part: { id }, mark }) => `${id} ${mark}`)
  assert.deepEqual(told([part('a'), part('b'), part('c')], [part('c'), part('a', 'A'), part('d')]), [
    'c same',
    'a changed',
    'b removed',
    'd added',
  ])
  assert.deepEqual(told([part('a'), part('b')], []), ['a removed', 'b removed'])
  assert.deepEqual(told([part('x'), part('a')], [part('a')]), ['x removed', 'a same'])
})
