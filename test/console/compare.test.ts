import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
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
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}/
const HOURS = [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }]

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

test('what differs reads in words: stages by their names, hours as lines, documents as fields', async () => {
  const { agency } = story
  const source = await newLocation(story, 'In words')
  const pipeline = await make(source, '/opportunities/pipelines/', { name: 'Sales', stages: [{ name: 'New' }] })
  const week = (days: number[]) => ({ openHours: [{ daysOfTheWeek: days, hours: HOURS }] })
  const calendar = await make(source, '/calendars/', { name: 'Visits', ...week([1]) })
  const { id } = await agency.capture(source.id, { name: 'In words' })
  const stages = [...(pipeline.stages as object[]), { name: 'Offer made' }]
  await put(source, `/opportunities/pipelines/${pipeline.id}`, { stages })
  await put(source, `/calendars/${calendar.id}`, week([1, 3]))
  const stageId = (
    (await source.client.get(`/opportunities/pipelines/${pipeline.id}`)).body.pipeline.stages as { id: string }[]
  )[1]?.id
  const flow = await makeFlow(source, 'Follow', {
    steps: [
      { id: 'a', type: 'add_tag', name: 'Mark', tagIds: [await makeTag(source, 'vip')], next: 'b' },
      { id: 'b', type: 'update_opportunity', pipelineId: pipeline.id, stageId, next: null },
    ],
  })
  await agency.refresh(id)
  const place = `/compare?snapshot=${id}&from=1&to=2&asset=`
  await using window = await enterAt(browser, story, `${place}workflows/${flow.id}`)
  const { page } = window
  const article = page.getByRole('article')
  const whole = article.getByRole('region', { name: 'Follow' })
  for (const words of ['Mark', 'Update opportunity', '[tags: vip]', '[stage: Offer made]'])
    await whole.getByText(words, { exact: true }).first().waitFor()
  const told = (await article.textContent()) ?? ''
  assert.doesNotMatch(told, /[{}]/)
  assert.doesNotMatch(told, UUID)
  await assertSound(page)
  await window.visit(`${place}pipelines/${pipeline.id}`)
  const stage = article.getByRole('region', { name: /Stages Offer made/ })
  await stage.getByText('Added').waitFor()
  const ofStage = (await stage.textContent()) ?? ''
  assert.doesNotMatch(ofStage, /[{}]/)
  assert.doesNotMatch(ofStage, UUID)
  await window.visit(`${place}calendars/${calendar.id}`)
  const hours = article.getByRole('region', { name: /Open hours/ })
  for (const day of ['Mon', 'Wed']) await hours.getByText(`${day} 09:00–17:00`, { exact: true }).last().waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('a changed page is shown as it looks, and nothing of it runs, loads or is complained about', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Pages')
  const lively = (word: string) =>
    `<h1 style="background:url(https://elsewhere.example/a.png)">${word}</h1><script>document.title = 'taken'</script>` +
    '<img src="https://elsewhere.example/b.png" onerror="alert(1)"><iframe src="https://elsewhere.example/"></iframe>'
  const form = await makeForm(source, 'Lively', { description: lively('Before') })
  const { id } = await agency.capture(source.id, { name: 'Pages' })
  await put(source, `/forms/${form.id}`, { description: lively('Afterwards') })
  await agency.refresh(id)
  await using window = await enterAt(browser, story, `/compare?snapshot=${id}&from=1&to=2&asset=forms/${form.id}`)
  const { page } = window
  await page.getByRole('article').getByText('Page', { exact: true }).click()
  for (const [side, word] of [
    ['Version 1', 'Before'],
    ['Version 2', 'Afterwards'],
  ])
    await page.frameLocator(`iframe[title="${side}: page"]`).getByRole('heading', { name: word }).waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('a funnel is pictured with what stands on its pages', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Funnels')
  const { id: calendarId } = await make(source, '/calendars/', { name: 'Visits' })
  const sections = [
    { type: 'headline', text: 'Come and see us' },
    { type: 'image', imageUrl: 'https://studio.example/hero.jpg' },
    { type: 'calendar', calendarId },
  ]
  const funnel = await make(source, '/funnels/', {
    name: 'Open day',
    // The second step stands first, and so does its second page.
    steps: [
      { id: 'last', name: 'Thanks', sequence: 2 },
      { id: 'first', name: 'Invitation', sequence: 1, pages: ['page', 'more'] },
    ],
    pages: [
      { id: 'more', name: 'More of it', stepId: 'first' },
      { id: 'page', name: 'Welcome page', stepId: 'first', sections },
    ],
  })
  const { id } = await agency.capture(source.id, { name: 'Funnels' })
  await put(source, `/funnels/${funnel.id}`, { steps: [], pages: [] })
  await agency.refresh(id)
  const place = `/compare?snapshot=${id}&from=1&to=2&view=picture&asset=funnels/${funnel.id}`
  await using window = await enterAt(browser, story, place)
  const { page } = window
  const blocks = page.getByRole('list', { name: 'What stands on Welcome page' }).getByRole('listitem')
  for (const [kind, words] of [
    ['Headline', 'Come and see us'],
    ['Image', 'https://studio.example/hero.jpg'],
    ['Calendar', '[calendars: Visits]'],
  ] as const)
    await blocks.filter({ hasText: kind }).getByText(words).waitFor()
  const steps = page.getByRole('region', { name: 'Both sides, part by part' }).getByRole('region')
  for (const [index, name] of ['1. Invitation', '2. Thanks'].entries()) await steps.nth(index).getByText(name).waitFor()
  const pages = steps.first().getByRole('list', { name: 'Invitation' }).locator('> li')
  for (const [index, name] of ['Welcome page', 'More of it'].entries()) await pages.nth(index).getByText(name).waitFor()
  await assertSound(page)
  window.assertCalm()
})

test('what a version holds, and what differs, stands below its kind by names; heads of a table are of one size', async () => {
  const { agency } = story
  const source = await newLocation(story, 'In order')
  const names = ['Zoo', 'apple', 'Mango', 'banana', 'Cherry']
  for (const name of names) await make(source, '/forms/', { name })
  const { id } = await agency.capture(source.id, { name: 'In order' })
  await agency.push(id, [story.empty.id])
  const bare = await newLocation(story, 'Out of order')
  await using window = await enterAt(browser, story, `/snapshots/${id}`)
  const { page } = window
  const listed = async (list: string) => {
    const buttons = page.getByRole('region', { name: list }).getByRole('button')
    await hasCount(buttons, names.length)
    return (await buttons.allInnerTexts()).map((text) => text.split('\n').at(-1))
  }
  const ordered = ['apple', 'banana', 'Cherry', 'Mango', 'Zoo']
  assert.deepEqual(await listed('What it holds'), ordered)
  await window.visit(`/compare?locations=${bare.id},${source.id}`)
  assert.deepEqual(await listed('What was added, removed and changed, field by field.'), ordered)
  await window.visit(`/snapshots/${id}?tab=standing`)
  const heads = page.getByRole('table', { name: 'Where it stands' }).getByRole('columnheader')
  await heads.first().waitFor()
  const sizes = await page.evaluate<string[]>(
    "[...document.querySelectorAll('[role=columnheader] > *')].map((one) => getComputedStyle(one).fontSize)",
  )
  assert.equal(new Set(sizes).size, 1, sizes.join())
  window.assertCalm()
})
