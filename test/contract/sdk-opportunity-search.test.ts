import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { HighLevel } from '@gohighlevel/api-client'
import type { Client } from '../support/client.ts'
import { conforms } from '../support/official.ts'
import type { TestServer } from '../support/server.ts'
import { type Pipeline, type Shop, startShop } from '../support/shop.ts'
import type { TestLocation } from '../support/tenants.ts'

let shop: Shop
let server: TestServer
let location: TestLocation
let client: Client
let sdk: HighLevel
let service: Pipeline

before(async () => {
  shop = await startShop()
  ;({ server, location, client, sdk, service } = shop)
})
after(() => shop?.[Symbol.asyncDispose]())

const here = () => ({ locationId: location.id })
const newPipeline = (name: string, stages: string[]) => shop.newPipeline(name, stages)
const newContact = (more: object = {}) => shop.newContact(more)
const newOpportunity = (more: object = {}) => shop.newOpportunity(more)

test('searching takes the snake_case query of the wire, and both ways of paging see everything once', async () => {
  const autumn = await newPipeline('Autumn', ['New', 'Old'])
  const ids: string[] = []
  for (let index = 0; index < 7; index++) {
    const contactId = await newContact({
      firstName: index === 3 ? 'Wilhelmina' : 'Guest',
      country: index < 2 ? 'DE' : 'US',
    })
    const status = index % 2 === 0 ? 'open' : 'won'
    const pipelineStageId = autumn.stages[index < 5 ? 0 : 1]?.id
    ids.unshift(
      (
        await newOpportunity({
          pipelineId: autumn.id,
          name: `Autumn ${index}`,
          contactId,
          status,
          pipelineStageId,
          assignedTo: `user${index % 3}`,
        })
      ).id,
    )
  }
  const search = async (query: object) =>
    conforms(
      'GET /opportunities/search',
      await sdk.opportunities.searchOpportunity({ locationId: location.id, pipelineId: autumn.id, ...query } as never),
    )
  const names = async (query: object) => (await search(query)).opportunities?.map(({ name }) => name)
  const everything = await search({})
  assert.deepEqual(
    everything.opportunities?.map(({ id }) => id),
    ids,
    'the newest first',
  )
  assert.deepEqual(await names({ order: 'added_asc', limit: 2 }), ['Autumn 0', 'Autumn 1'])
  assert.deepEqual(await names({ status: 'won', order: 'added_asc' }), ['Autumn 1', 'Autumn 3', 'Autumn 5'])
  assert.equal((await search({ status: 'all' })).meta?.total, 7)
  assert.deepEqual(await names({ pipelineStageId: autumn.stages[1]?.id, order: 'name_asc' }), ['Autumn 5', 'Autumn 6'])
  assert.deepEqual(await names({ assignedTo: 'user2', order: 'added_asc' }), ['Autumn 2', 'Autumn 5'])
  assert.deepEqual(await names({ country: 'DE', order: 'added_asc' }), ['Autumn 0', 'Autumn 1'])
  assert.deepEqual(await names({ q: 'wilhel' }), ['Autumn 3'], 'by the name of the contact')
  assert.deepEqual(await names({ id: ids[0] }), ['Autumn 6'])
  assert.deepEqual(await names({ contactId: everything.opportunities?.[1]?.contactId }), ['Autumn 5'])
  assert.deepEqual(await names({ endDate: '01-31-2020' }), [])
  assert.equal((await names({ date: '01-31-2020' }))?.length, 7)
  assert.deepEqual(await names({ campaignId: 'none' }), [])

  const walked: unknown[] = []
  for (
    let path: string | undefined = `/opportunities/search?location_id=${location.id}&pipeline_id=${autumn.id}&limit=3`;
    path !== undefined;
  ) {
    const { body } = await client.get(path)
    walked.push(...body.opportunities.map(({ id }: { id: string }) => id))
    path = body.meta.nextPageUrl?.replace(server.url, '')
  }
  assert.deepEqual(walked, ids)
  const pages = [1, 2, 3].map((page) => names({ page, limit: 3, order: 'added_asc' }))
  assert.deepEqual(
    (await Promise.all(pages)).flat(),
    [0, 1, 2, 3, 4, 5, 6].map((index) => `Autumn ${index}`),
  )
})

test('the search with a body goes on behind the last one seen, and brings tasks and notes', async () => {
  const contactId = await newContact({ firstName: 'Zebedee' })
  await newOpportunity({ contactId, name: 'First' })
  await newOpportunity({ contactId, name: 'Second', pipelineId: service.id })
  await client.post(`/contacts/${contactId}/tasks`, {
    title: 'Call',
    dueDate: '2026-10-25T11:00:00Z',
    completed: false,
  })
  await client.post(`/contacts/${contactId}/notes`, { body: 'Likes zebras' })
  const details = { notes: true, tasks: true, calendarEvents: false, unReadConversations: false }
  const search = (searchAfter: unknown[]) =>
    client.post('/opportunities/search', {
      ...here(),
      query: 'zebedee',
      limit: 1,
      page: 1,
      searchAfter,
      additionalDetails: details,
    })
  const first = (await search([])).body
  assert.deepEqual([first.total, first.opportunities[0].name], [2, 'Second'])
  assert.deepEqual(
    [first.opportunities[0].tasks[0].title, first.opportunities[0].notes[0].body],
    ['Call', 'Likes zebras'],
  )
  assert.equal((await search(first.opportunities[0].searchAfter)).body.opportunities[0].name, 'First')
})
