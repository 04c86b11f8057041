import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { listChanges } from '../../src/store/changes.ts'
import type { Client } from '../support/client.ts'
import { officialEntry, officialFaults } from '../support/official.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

interface Pipeline {
  id: string
  stages: { id: string }[]
}

let server: TestServer
let location: TestLocation
let client: Client
let sdk: HighLevel
let sales: Pipeline
let service: Pipeline

before(async () => {
  server = await startTestServer({ work: false })
  location = (await createAgency(server.app)).locations[0] as TestLocation
  client = server.client(location.token)
  sdk = new HighLevel({ privateIntegrationToken: location.token, logLevel: 'none' as never })
  sdk.getHttpClient().defaults.baseURL = server.url
  sales = await newPipeline('Sales', ['New', 'Talking', 'Signed'])
  service = await newPipeline('Service', ['Asked', 'Done'])
})
after(() => server?.[Symbol.asyncDispose]())

const here = () => ({ locationId: location.id })

/** The official client throws for every status but 2xx; what it answers must be what the official schema says. */
function conforms<Answer>(line: string, answer: Answer): Answer {
  assert.deepEqual(officialFaults(officialEntry(line), answer), [], line)
  return answer
}

async function newPipeline(name: string, stages: string[]): Promise<Pipeline> {
  const body = { ...here(), name, stages: stages.map((stage, position) => ({ name: stage, position })) }
  return (await client.post('/opportunities/pipelines', body)).body.pipeline
}

let people = 0
async function newContact(more: object = {}): Promise<string> {
  people += 1
  const { body } = await client.post('/contacts/', { ...here(), firstName: `Person${people}`, email: `person${people}@example.com`, ...more })
  return body.contact.id
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK's types know fewer properties than its specification
async function newOpportunity(more: object = {}): Promise<any> {
  const body = { ...here(), pipelineId: sales.id, name: 'Wedding', status: 'open', contactId: await newContact(), ...more }
  const { opportunity } = conforms('POST /opportunities/', await sdk.opportunities.createOpportunity(body as never))
  return opportunity
}

const statusOf = (error: unknown) => (error as { statusCode?: number }).statusCode

async function deltasOf(id: string): Promise<unknown[]> {
  const changes = await listChanges(server.app.platform.db, { locationId: location.id, kind: 'opportunities', entityId: id, limit: 20 })
  return changes.map(({ op, delta }) =>
    op === 'update' ? Object.fromEntries(Object.entries(delta ?? {}).filter(([field]) => !field.endsWith('ChangeAt'))) : op,
  )
}

test('an opportunity goes through its stages, and the log tells each step', async () => {
  const made = await newOpportunity({ monetaryValue: 4200 })
  assert.equal(made.pipelineStageId, sales.stages[0]?.id, 'it begins at the first stage')
  assert.equal(made.contact.name, `Person${people}`)
  const { id } = made
  const moved = conforms('PUT /opportunities/{id}', await sdk.opportunities.updateOpportunity({ id }, { pipelineStageId: sales.stages[1]!.id } as never))
  assert.ok(new Date(moved.opportunity?.lastStageChangeAt as string) >= new Date(made.lastStageChangeAt))
  assert.equal(moved.opportunity?.lastStatusChangeAt, made.lastStatusChangeAt, 'its status is the same')
  const lost = { status: 'lost', lostReasonId: 'too-dear' } as never
  assert.equal(conforms('PUT /opportunities/{id}/status', await sdk.opportunities.updateOpportunityStatus({ id }, lost)).succeded, true)
  await sdk.opportunities.updateOpportunityStatus({ id }, { status: 'won' } as never)
  await sdk.opportunities.updateOpportunity({ id }, { pipelineId: service.id } as never)
  const read = conforms('GET /opportunities/{id}', await sdk.opportunities.getOpportunity({ id }))
  assert.equal(read.opportunity?.pipelineStageId, service.stages[0]?.id, 'another pipeline begins at its first stage')
  assert.equal(conforms('DELETE /opportunities/{id}', await sdk.opportunities.deleteOpportunity({ id })).succeded, true)
  await assert.rejects(sdk.opportunities.getOpportunity({ id }), (error) => statusOf(error) === 404)
  assert.deepEqual(await deltasOf(id), [
    'delete',
    { pipelineId: [sales.id, service.id], pipelineStageId: [sales.stages[1]?.id, service.stages[0]?.id] },
    { status: ['lost', 'won'], lostReasonId: ['too-dear', null] },
    { status: ['open', 'lost'], lostReasonId: [null, 'too-dear'] },
    { pipelineStageId: [sales.stages[0]?.id, sales.stages[1]?.id] },
    'create',
  ])
})

test('pipelines, stages, contacts and custom fields must be there: 422 with the path', async () => {
  const wrong = { ...here(), pipelineId: 'nowhere', name: 'Broken', status: 'open', contactId: 'nobody', customFields: [{ key: 'none', field_value: '1' }] }
  const reply = await client.post('/opportunities/', wrong)
  assert.equal(reply.status, 422)
  assert.deepEqual(
    reply.body.message.map((message: string) => message.split(':')[0]),
    ['contactId', 'pipelineId', 'customFields[0]'],
  )
  const { id } = await newOpportunity()
  const strange = await client.put(`/opportunities/${id}`, { pipelineStageId: service.stages[0]?.id })
  assert.deepEqual([strange.status, strange.body.message[0].split(':')[0]], [422, 'pipelineStageId'])
  assert.equal((await client.put(`/opportunities/${id}`, { status: 'all' })).status, 422, 'all is a choice of searches only')
})

test('values of custom fields are kept by id and by key', async () => {
  const field = async (name: string) =>
    (await client.post(`/locations/${location.id}/customFields`, { name, dataType: 'TEXT', model: 'opportunity' })).body.customField
  const [venue, guests] = [await field('Venue'), await field('Guests')]
  const { id, customFields } = await newOpportunity({ customFields: [{ id: venue.id, field_value: 'Barn' }] })
  assert.deepEqual(customFields, [{ id: venue.id, fieldValue: 'Barn' }])
  const change = async (values: object[]) => (await client.put(`/opportunities/${id}`, { customFields: values })).body.opportunity.customFields
  assert.deepEqual(await change([{ key: 'opportunity.guests', field_value: ['120'] }]), [...customFields, { id: guests.id, fieldValue: ['120'] }])
  assert.deepEqual(await change([{ key: 'venue', field_value: '' }]), [{ id: guests.id, fieldValue: ['120'] }])
})

test('a contact has one opportunity in a pipeline unless the location allows more; upserting finds it', async () => {
  const contactId = await newContact()
  const first = await newOpportunity({ contactId })
  const again = { ...here(), pipelineId: sales.id, name: 'Again', status: 'open', contactId }
  assert.equal((await client.post('/opportunities/', again)).status, 400)
  const upsert = async (body: object) => conforms('POST /opportunities/upsert', await sdk.opportunities.upsertOpportunity({ ...here(), ...body } as never))
  const found = await upsert({ pipelineId: sales.id, contactId, monetaryValue: 9, followers: ['ada'], followersActionType: 'add', isRemoveAllFollowers: false })
  assert.deepEqual([found.new, (found.opportunity as { id: string }).id], [false, first.id])
  const byId = await upsert({ id: first.id, pipelineId: service.id, name: 'Other' })
  const { name, followers, monetaryValue, pipelineId } = byId.opportunity as Record<string, unknown>
  assert.deepEqual({ name, followers, monetaryValue, pipelineId }, { name: 'Other', followers: ['ada'], monetaryValue: 9, pipelineId: service.id })
  const made = await upsert({ pipelineId: sales.id, contactId })
  assert.deepEqual([made.new, (made.opportunity as { status: string }).status], [true, 'open'])
  assert.equal((await client.post('/opportunities/upsert', { ...here(), pipelineId: sales.id })).status, 422)
})

test('of 8 simultaneous upserts of one pair, one makes the opportunity', async () => {
  const body = { ...here(), pipelineId: sales.id, contactId: await newContact() }
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.post('/opportunities/upsert', body)))
  assert.equal(answers.filter(({ body: { new: isNew } }) => isNew).length, 1)
  assert.equal(new Set(answers.map(({ body: { opportunity } }) => opportunity.id)).size, 1)
})

test('followers come and go', async () => {
  const { id } = await newOpportunity()
  const added = conforms('POST /opportunities/{id}/followers', await sdk.opportunities.addFollowersOpportunity({ id }, { followers: ['ada', 'grace', 'ada'] }))
  assert.deepEqual(added, { followers: ['ada', 'grace'], followersAdded: ['ada', 'grace'] })
  const removed = conforms('DELETE /opportunities/{id}/followers', await sdk.opportunities.removeFollowersOpportunity({ id }, { followers: ['ada', 'none'] }))
  assert.deepEqual(removed, { followers: ['grace'], followersRemoved: ['ada'] })
  const all = await client.delete(`/opportunities/${id}/followers?isRemoveAllFollowers=true`, { followers: [] })
  assert.deepEqual([all.status, all.body], [200, { followers: [], followersRemoved: ['grace'] }])
})

test('searching takes the snake_case query of the wire, and both ways of paging see everything once', async () => {
  const autumn = await newPipeline('Autumn', ['New', 'Old'])
  const ids: string[] = []
  for (let index = 0; index < 7; index++) {
    const contactId = await newContact({ firstName: index === 3 ? 'Wilhelmina' : 'Guest', country: index < 2 ? 'DE' : 'US' })
    const status = index % 2 === 0 ? 'open' : 'won'
    const pipelineStageId = autumn.stages[index < 5 ? 0 : 1]?.id
    ids.unshift(
      (await newOpportunity({ pipelineId: autumn.id, name: `Autumn ${index}`, contactId, status, pipelineStageId, assignedTo: `user${index % 3}` })).id,
    )
  }
  const search = async (query: object) =>
    conforms('GET /opportunities/search', await sdk.opportunities.searchOpportunity({ locationId: location.id, pipelineId: autumn.id, ...query } as never))
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
  for (let path: string | undefined = `/opportunities/search?location_id=${location.id}&pipeline_id=${autumn.id}&limit=3`; path !== undefined; ) {
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
  await client.post(`/contacts/${contactId}/tasks`, { title: 'Call', dueDate: '2026-10-25T11:00:00Z', completed: false })
  await client.post(`/contacts/${contactId}/notes`, { body: 'Likes zebras' })
  const details = { notes: true, tasks: true, calendarEvents: false, unReadConversations: false }
  const search = (searchAfter: unknown[]) =>
    client.post('/opportunities/search', { ...here(), query: 'zebedee', limit: 1, page: 1, searchAfter, additionalDetails: details })
  const first = (await search([])).body
  assert.deepEqual([first.total, first.opportunities[0].name], [2, 'Second'])
  assert.deepEqual([first.opportunities[0].tasks[0].title, first.opportunities[0].notes[0].body], ['Call', 'Likes zebras'])
  assert.equal((await search(first.opportunities[0].searchAfter)).body.opportunities[0].name, 'First')
})
