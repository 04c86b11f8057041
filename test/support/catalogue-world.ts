import assert from 'node:assert/strict'
import { association, at, blogPost, catalogueInputs, type Input, type Named, slot, user } from './catalogue-inputs.ts'
import type { Client, Reply } from './client.ts'
import { startTestServer, type TestServer } from './server.ts'
import { createAgency, type TestLocation } from './tenants.ts'

/** A location with one of everything that a path of the catalogue names. */
export interface CatalogueWorld extends Named, AsyncDisposable {
  server: TestServer
  client: Client
  /** By line: what it is asked with. */
  inputs: Record<string, () => Input>
}

export async function startCatalogueWorld(): Promise<CatalogueWorld> {
  const server = await startTestServer({ work: false })
  const agency = await createAgency(server.app)
  const location = agency.locations[0] as TestLocation
  const client = server.client(location.token)
  const named = { agency, location, ids: {} }
  const world = {
    ...named,
    server,
    client,
    inputs: catalogueInputs(named),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  await fillLocation(world)
  return world
}

async function made(reply: Promise<Reply>): Promise<Input & { id: string }> {
  const { status: answered, body } = await reply
  assert.ok(answered < 300, JSON.stringify(body))
  const thing =
    body.id !== undefined || body.messageId !== undefined
      ? body
      : (Object.values(body).find((value) => typeof value === 'object' && value !== null) as Input)
  return { ...thing, id: thing.id ?? thing._id } as Input & { id: string }
}

/** Makes one of everything; `ids` gets their ids. */
export async function fillLocation(
  world: Omit<CatalogueWorld, 'inputs' | typeof Symbol.asyncDispose>,
  email = 'ada@example.com',
): Promise<void> {
  const { agency, location, client, ids, server } = world
  const here = { locationId: location.id }
  const post = (path: string, body: object) => made(client.post(path, { ...here, ...body }))
  Object.assign(ids, { locationId: location.id, companyId: agency.companyId, type: 'add', resourceType: 'rooms' })
  ids.contactId = (
    await post('/contacts/', { firstName: 'Rosan', email: 'rosan@example.com', phone: '+12025550142' })
  ).id
  ids.spareContactId = (await post('/contacts/', { firstName: 'Mina', email: 'mina@example.com' })).id
  ids.businessId = String((await client.post('/businesses/', { ...here, name: 'Deo Ltd' })).body.buiseness.id)
  ids.taskId = (
    await made(
      client.post(`/contacts/${ids.contactId}/tasks`, {
        title: 'Call',
        dueDate: at(1).toISOString(),
        completed: false,
      }),
    )
  ).id
  ids.contactNote = (await made(client.post(`/contacts/${ids.contactId}/notes`, { body: 'Likes barns' }))).id
  ids.workflowId = (await post('/workflows/', { name: 'Welcome', status: 'published', steps: [] })).id
  ids.formId = (await post('/forms/', { name: 'Enquiry', fields: [] })).id
  ids.campaignId = (await post('/campaigns/', { name: 'Spring', status: 'published' })).id
  ids.userId = (await made(client.post('/users/', { ...user(email, location), companyId: agency.companyId }))).id
  ids.groupId = (await post('/calendars/groups', { name: 'Meetings', description: 'All', slug: 'meetings' })).id
  const everyDay = [
    { daysOfTheWeek: [0, 1, 2, 3, 4, 5, 6], hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }] },
  ]
  const team = {
    eventType: 'RoundRobin_OptimizeForAvailability',
    teamMembers: [{ userId: ids.userId, priority: 0.5 }],
    openHours: everyDay,
  }
  ids.calendarId = (await post('/calendars/', { name: 'Talk', ...team })).id
  const reminder = [{ receiverType: 'contact', channel: 'email', notificationType: 'reminder', isActive: true }]
  ids.notificationId = (await client.post(`/calendars/${ids.calendarId}/notifications`, reminder)).body[0]._id
  const room = {
    name: 'Studio',
    description: '',
    quantity: 1,
    outOfService: 0,
    capacity: 4,
    calendarIds: [ids.calendarId],
  }
  ids.resource = (await post('/calendars/resources/rooms', room)).id
  const booking = {
    calendarId: ids.calendarId,
    contactId: ids.contactId,
    startTime: at(2, 12).toISOString(),
    ignoreFreeSlotValidation: true,
  }
  ids.appointmentId = (await post('/calendars/events/appointments', booking)).id
  ids.noteId = (
    await made(client.post(`/calendars/appointments/${ids.appointmentId}/notes`, { body: 'Bring the album' }))
  ).id
  ids.blockId = (await post('/calendars/events/block-slots', { calendarId: ids.calendarId, ...slot(3) })).id
  const pipeline = { name: 'Sales', stages: [{ name: 'New', position: 0 }] }
  const sales = await post('/opportunities/pipelines', pipeline)
  ids.pipelineId = sales.id
  ids.pipelineStageId = (sales.stages as { id: string }[])[0]!.id
  const field = (model: string) =>
    made(client.post(`/locations/${location.id}/customFields`, { name: `Venue of ${model}`, dataType: 'TEXT', model }))
  ids.contactField = (await field('contact')).id
  ids.opportunityField = (await field('opportunity')).id
  const deal = { pipelineId: ids.pipelineId, name: 'Wedding', status: 'open', contactId: ids.contactId }
  ids.opportunity = (await post('/opportunities/', deal)).id
  ids.conversationId = (await post('/conversations/', { contactId: ids.contactId })).id
  const call = {
    type: 'Call',
    conversationId: ids.conversationId,
    conversationProviderId: 'provider',
    attachments: ['https://example.com/minutes.pdf'],
    call: { to: '+12025550101', from: '+12025550100', status: 'completed' },
  }
  ids.messageId = await tellCall(server, location, call)
  const attachments = ['https://example.com/contract.pdf']
  const copies = { emailCc: ['office@example.com'], emailBcc: ['archive@example.com'], attachments }
  const letter = { type: 'Email', contactId: ids.contactId, html: '<p>Hello', subject: 'Hello', ...copies }
  const sent = await made(client.post('/conversations/messages', letter))
  Object.assign(ids, { letter: sent.messageId, email: sent.emailMessageId })
  ids.associationId = (await made(client.post('/associations/', { ...here, ...association('employer') }))).id
  ids.relationId = (
    await post('/associations/relations', {
      associationId: ids.associationId,
      firstRecordId: ids.contactId,
      secondRecordId: ids.businessId,
    })
  ).id
  ids.snapshotId = (
    await made(
      server.client(agency.token).post(`/snapshots/?companyId=${agency.companyId}`, { ...here, name: 'Studio' }),
    )
  ).id
  ids.blogId = (await post('/blogs/', { name: 'News' })).id
  ids.authorId = (await post('/blogs/authors', { name: 'Ada' })).id
  ids.categoryId = (await post('/blogs/categories', { label: 'Weddings' })).id
  ids.postId = (await post('/blogs/posts', blogPost('first', ids))).id
}

/** A call with its recording and transcription: both come in one form. */
async function tellCall(server: TestServer, location: TestLocation, fields: Input): Promise<string> {
  const form = new FormData()
  const sentence = {
    mediaChannel: 1,
    sentenceIndex: 0,
    startTime: 0,
    endTime: 1800,
    transcript: 'Good morning.',
    confidence: 0.97,
  }
  for (const [name, value] of Object.entries({ ...fields, transcription: [sentence] }))
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  form.set('recording', new Blob([new Uint8Array(1000)], { type: 'audio/mpeg' }), 'call.mp3')
  const headers = { authorization: `Bearer ${location.token}`, version: '2021-07-28' }
  const response = await fetch(`${server.url}/conversations/messages/inbound`, { method: 'POST', headers, body: form })
  const body = (await response.json()) as { messageId: string }
  assert.equal(response.status, 200, JSON.stringify(body))
  return body.messageId
}
