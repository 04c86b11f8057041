import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { createRun } from '../../src/connect/index.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { startChromium } from '../support/chromium.ts'
import { makeConnection } from '../support/connections.ts'
import { assertSound, enterAt, hasCount, pick } from '../support/console.ts'
import { dropTag, make, makeTag } from '../support/made-assets.ts'
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

const enter = (path: string) => enterAt(browser, story, path)

/** Makes so many, a few at a time. */
async function each(count: number, makeOne: (index: number) => Promise<{ status: number; body: unknown }>) {
  const ABREAST = 10
  for (let first = 0; first < count; first += ABREAST) {
    const some = Array.from({ length: Math.min(ABREAST, count - first) }, (_, index) => makeOne(first + index))
    for (const { status, body } of await Promise.all(some)) assert.ok(status < 300, JSON.stringify(body))
  }
}

test('a conversation is read back to its first message, which stands above the later ones', async () => {
  const { client, id } = await newLocation(story, 'Talks')
  const { contact } = (await client.post('/contacts/', { locationId: id, firstName: 'Ada' })).body
  const { conversation } = (await client.post('/conversations/', { locationId: id, contactId: contact.id })).body
  await each(105, (index) =>
    client.post('/conversations/messages/inbound', {
      type: 'SMS',
      conversationId: conversation.id,
      message: `Message ${index + 1}.`,
      date: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
    }),
  )
  await using window = await enter(`/locations/${id}/records/conversations/${conversation.id}`)
  const { page } = window
  const messages = page.getByRole('list', { name: 'Messages' }).getByRole('listitem')
  await hasCount(messages, 100)
  await messages.first().getByText('Message 6.').waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Older messages' }).click()
  await hasCount(messages, 105)
  await messages.first().getByText('Message 1.').waitFor()
  await messages.last().getByText('Message 105.').waitFor()
  await page.getByRole('button', { name: 'Older messages' }).waitFor({ state: 'detached' })
  window.assertCalm()
})

test('the runs of a connection are read back to the first one, and the address of an old one leads to it', async () => {
  const { client, id } = await newLocation(story, 'Runs')
  const connection = { locationId: id, ...(await makeConnection(client, { name: 'Busy' })) }
  const wish = { kind: 'file', version: 1, state: 'done', actor: 'system' } as const
  const runs = await inTransaction(story.server.app.platform.db, async (tx) => {
    const made = []
    for (let index = 0; index < 55; index++)
      made.push(
        await createRun(
          tx,
          connection,
          { ...wish, source: { fileName: `people ${index + 1}.csv` } },
          Date.now() + index,
        ),
      )
    return made
  })
  await using window = await enter(`/connections/${connection.id}?location=${id}&tab=runs`)
  const { page } = window
  const shown = page.getByRole('list', { name: 'What was done' }).getByRole('listitem')
  await hasCount(shown, 50)
  await shown.first().getByText('people 55.csv').waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Older runs' }).click()
  await hasCount(shown, 55)
  await shown.last().getByText('people 1.csv').waitFor()
  await page.getByRole('button', { name: 'Older runs' }).waitFor({ state: 'detached' })
  await window.visit(`/connections/${connection.id}?location=${id}&tab=runs&run=${runs[0]?.id}`)
  await page.getByText('people 1.csv').waitFor()
  window.assertCalm()
})

test('a board says how much of a pipeline it shows, where that is not all', async () => {
  const place = await newLocation(story, 'Full board')
  const { client, id } = place
  const { companyId, client: owner } = story.agency
  const settings = { allowDuplicateOpportunity: true }
  assert.equal((await owner.put(`/locations/${id}`, { companyId, settings })).status, 200)
  const pipeline = await make(place, '/opportunities/pipelines/', { name: 'Sales', stages: [{ name: 'New' }] })
  const { contact } = (await client.post('/contacts/', { locationId: id, firstName: 'Ada' })).body
  const [stage] = pipeline.stages as { id: string }[]
  const deal = { locationId: id, pipelineId: pipeline.id, pipelineStageId: stage?.id, status: 'open' }
  const add = (name: string) => client.post('/opportunities/', { ...deal, name, contactId: contact.id })
  await each(500, (index) => add(`Deal ${index + 1}`))
  await using window = await enter(`/locations/${id}/records?kind=opportunities&pipeline=${pipeline.id}`)
  const { page } = window
  const board = page.getByRole('region', { name: 'New', exact: true })
  await hasCount(board.getByRole('link'), 500)
  assert.equal(await page.getByText('are shown').count(), 0, 'all of them are')
  await each(2, (index) => add(`Another ${index + 1}`))
  await page.reload()
  await page.getByText('500 of 502 are shown. The table has all.').waitFor()
  await hasCount(board.getByRole('link'), 500)
  await assertSound(page)
  window.assertCalm()
})

async function loseTag({ id, client }: Actor, called: string, location: Actor): Promise<void> {
  const { tags } = (await client.get(`/locations/${id}/tags`)).body as { tags: { id: string; name: string }[] }
  await dropTag(location, tags.find(({ name }) => name === called)?.id ?? '')
}

test('the fleet leads from a sub-account to what has drifted there; drift is searched and put in order', async () => {
  const source = await newLocation(story, 'Drifting source')
  for (const tag of ['vip', 'lead']) await makeTag(source, tag)
  const { id } = await story.agency.capture(source.id, { name: 'Drifting' })
  const [oslo, turku] = [await newLocation(story, 'Oslo'), await newLocation(story, 'Turku')]
  await story.agency.push(id, [oslo.id, turku.id])
  await loseTag(oslo, 'vip', oslo)
  for (const tag of ['vip', 'lead']) await loseTag(turku, tag, turku)
  await using window = await enter('?q=Turku')
  const { page } = window
  await page.getByRole('row', { name: /Turku/ }).getByRole('link', { name: '2 changed there' }).click()
  await page.waitForURL(new RegExp(`/drift\\?.*snapshot=${id}`))
  const places = page.getByRole('main').getByRole('region')
  await places.filter({ hasText: 'Turku' }).getByText('Tag vip', { exact: true }).waitFor()
  await hasCount(places, 1)
  await page.getByText('2 assets in 1 sub-account').waitFor()
  await assertSound(page)
  const search = page.getByRole('searchbox', { name: 'Search by sub-account or asset' })
  await search.fill('VIP')
  await page.getByText('2 assets in 2 sub-accounts').waitFor()
  await hasCount(places, 2)
  assert.match((await places.first().textContent()) ?? '', /Oslo/)
  await search.fill('nowhere')
  await page.getByRole('heading', { name: 'Nothing like that has drifted' }).waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByText('3 assets in 2 sub-accounts').waitFor()
  await pick(page, 'Order', 'Most drifted first')
  await page.waitForURL(/sort=most/)
  await places.first().getByText('Turku').waitFor()
  await page.reload()
  await places.first().getByText('Turku').waitFor()
  await hasCount(places, 2)
  await assertSound(page)
  window.assertCalm()
})
