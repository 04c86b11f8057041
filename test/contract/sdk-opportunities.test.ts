import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { HighLevel } from '@gohighlevel/api-client'
import { listChanges } from '../../src/store/changes/index.ts'
import { type Client, untraced } from '../support/client.ts'
import { conforms } from '../support/official.ts'
import type { TestServer } from '../support/server.ts'
import { type Pipeline, type Shop, startShop } from '../support/shop.ts'
import type { TestLocation } from '../support/tenants.ts'

let shop: Shop
let server: TestServer
let location: TestLocation
let client: Client
let sdk: HighLevel
let sales: Pipeline
let service: Pipeline

before(async () => {
  shop = await startShop()
  ;({ server, location, client, sdk, sales, service } = shop)
})
after(() => shop?.[Symbol.asyncDispose]())

const here = () => ({ locationId: location.id })
const newContact = (more: object = {}) => shop.newContact(more)
const newOpportunity = (more: object = {}) => shop.newOpportunity(more)

const statusOf = (error: unknown) => (error as { statusCode?: number }).statusCode

async function deltasOf(id: string): Promise<unknown[]> {
  const changes = await listChanges(server.app.platform.db, {
    locationId: location.id,
    kind: 'opportunities',
    entityId: id,
    limit: 20,
  })
  return changes.map(({ op, delta }) =>
    op === 'update'
      ? Object.fromEntries(Object.entries(delta ?? {}).filter(([field]) => !field.endsWith('ChangeAt')))
      : op,
  )
}

test('an opportunity goes through its stages, and the log tells each step', async () => {
  const made = await newOpportunity({ monetaryValue: 4200 })
  assert.equal(made.pipelineStageId, sales.stages[0]?.id, 'it begins at the first stage')
  assert.equal(made.contact.name, 'Person1')
  const { id } = made
  const moved = conforms(
    'PUT /opportunities/{id}',
    await sdk.opportunities.updateOpportunity({ id }, { pipelineStageId: sales.stages[1]!.id } as never),
  )
  assert.ok(new Date(moved.opportunity?.lastStageChangeAt as string) >= new Date(made.lastStageChangeAt))
  assert.equal(moved.opportunity?.lastStatusChangeAt, made.lastStatusChangeAt, 'its status is the same')
  const lost = { status: 'lost', lostReasonId: 'too-dear' } as never
  assert.equal(
    conforms('PUT /opportunities/{id}/status', await sdk.opportunities.updateOpportunityStatus({ id }, lost)).succeded,
    true,
  )
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
  const wrong = {
    ...here(),
    pipelineId: 'nowhere',
    name: 'Broken',
    status: 'open',
    contactId: 'nobody',
    customFields: [{ key: 'none', field_value: '1' }],
  }
  const reply = await client.post('/opportunities/', wrong)
  assert.equal(reply.status, 422)
  assert.deepEqual(
    reply.body.message.map((message: string) => message.split(':')[0]),
    ['contactId', 'pipelineId', 'customFields[0]'],
  )
  const { id } = await newOpportunity()
  const strange = await client.put(`/opportunities/${id}`, { pipelineStageId: service.stages[0]?.id })
  assert.deepEqual([strange.status, strange.body.message[0].split(':')[0]], [422, 'pipelineStageId'])
  assert.equal(
    (await client.put(`/opportunities/${id}`, { status: 'all' })).status,
    422,
    'all is a choice of searches only',
  )
})

test('values of custom fields are kept by id and by key', async () => {
  const field = async (name: string) =>
    (await client.post(`/locations/${location.id}/customFields`, { name, dataType: 'TEXT', model: 'opportunity' })).body
      .customField
  const [venue, guests] = [await field('Venue'), await field('Guests')]
  const { id, customFields } = await newOpportunity({ customFields: [{ id: venue.id, field_value: 'Barn' }] })
  assert.deepEqual(customFields, [{ id: venue.id, fieldValue: 'Barn' }])
  const change = async (values: object[]) =>
    (await client.put(`/opportunities/${id}`, { customFields: values })).body.opportunity.customFields
  assert.deepEqual(await change([{ key: 'opportunity.guests', field_value: ['120'] }]), [
    ...customFields,
    { id: guests.id, fieldValue: ['120'] },
  ])
  assert.deepEqual(await change([{ key: 'venue', field_value: '' }]), [{ id: guests.id, fieldValue: ['120'] }])
})

test('a contact has one opportunity in a pipeline unless the location allows more; upserting finds it', async () => {
  const contactId = await newContact()
  const first = await newOpportunity({ contactId })
  const again = { ...here(), pipelineId: sales.id, name: 'Again', status: 'open', contactId }
  assert.equal((await client.post('/opportunities/', again)).status, 400)
  const upsert = async (body: object) =>
    conforms('POST /opportunities/upsert', await sdk.opportunities.upsertOpportunity({ ...here(), ...body } as never))
  const found = await upsert({
    pipelineId: sales.id,
    contactId,
    monetaryValue: 9,
    followers: ['ada'],
    followersActionType: 'add',
    isRemoveAllFollowers: false,
  })
  assert.deepEqual([found.new, (found.opportunity as { id: string }).id], [false, first.id])
  const byId = await upsert({ id: first.id, pipelineId: service.id, name: 'Other' })
  const { name, followers, monetaryValue, pipelineId } = byId.opportunity as Record<string, unknown>
  assert.deepEqual(
    { name, followers, monetaryValue, pipelineId },
    { name: 'Other', followers: ['ada'], monetaryValue: 9, pipelineId: service.id },
  )
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
  const added = conforms(
    'POST /opportunities/{id}/followers',
    await sdk.opportunities.addFollowersOpportunity({ id }, { followers: ['ada', 'grace', 'ada'] }),
  )
  assert.deepEqual(untraced(added), { followers: ['ada', 'grace'], followersAdded: ['ada', 'grace'] })
  const removed = conforms(
    'DELETE /opportunities/{id}/followers',
    await sdk.opportunities.removeFollowersOpportunity({ id }, { followers: ['ada', 'none'] }),
  )
  assert.deepEqual(untraced(removed), { followers: ['grace'], followersRemoved: ['ada'] })
  const all = await client.delete(`/opportunities/${id}/followers?isRemoveAllFollowers=true`, { followers: [] })
  assert.deepEqual([all.status, all.body], [200, { followers: [], followersRemoved: ['grace'] }])
})
