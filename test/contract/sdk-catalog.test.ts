import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import type { Client, Reply } from '../support/client.ts'
import { OFFICIAL, type OfficialEntry, officialFaults } from '../support/official.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

type Input = Record<string, unknown>

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
/** Ids of things that stand ready: `{contactId}` of a path is `ids.contactId`. */
const ids: Record<string, string> = {}
/** The status of the last answer that reached the official client. */
let status = 0

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app)
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  await prepare()
})
after(() => server?.[Symbol.asyncDispose]())

const here = () => ({ locationId: location.id })
const DAY = 86_400_000
const at = (days: number, hour = 0) => new Date(Math.floor(Date.now() / DAY) * DAY + days * DAY + hour * 3_600_000)

async function made(reply: Promise<Reply>): Promise<Input & { id: string }> {
  const { status: answered, body } = await reply
  assert.ok(answered < 300, JSON.stringify(body))
  const thing =
    body.id !== undefined || body.messageId !== undefined ? body : (Object.values(body).find((value) => typeof value === 'object' && value !== null) as Input)
  return { ...thing, id: thing.id ?? thing._id } as Input & { id: string }
}

const post = (path: string, body: object) => made(client.post(path, { ...here(), ...body }))

/** One of everything that a path of the catalogue names. */
async function prepare(): Promise<void> {
  Object.assign(ids, { locationId: location.id, companyId: agency.companyId, type: 'add', resourceType: 'rooms' })
  ids.contactId = (await post('/contacts/', { firstName: 'Rosan', email: 'rosan@example.com', phone: '+12025550142' })).id
  ids.spareContactId = (await post('/contacts/', { firstName: 'Mina', email: 'mina@example.com' })).id
  ids.businessId = String((await client.post('/businesses/', { ...here(), name: 'Deo Ltd' })).body.buiseness.id)
  ids.taskId = (await made(client.post(`/contacts/${ids.contactId}/tasks`, { title: 'Call', dueDate: at(1).toISOString(), completed: false }))).id
  ids.contactNote = (await made(client.post(`/contacts/${ids.contactId}/notes`, { body: 'Likes barns' }))).id
  ids.workflowId = (await post('/workflows/', { name: 'Welcome', status: 'published', steps: [] })).id
  ids.campaignId = (await post('/campaigns/', { name: 'Spring', status: 'published' })).id
  ids.groupId = (await post('/calendars/groups', { name: 'Meetings', description: 'All', slug: 'meetings' })).id
  ids.calendarId = (await post('/calendars/', { name: 'Talk', eventType: 'RoundRobin_OptimizeForAvailability' })).id
  const room = { name: 'Studio', description: '', quantity: 1, outOfService: 0, capacity: 4, calendarIds: [ids.calendarId] }
  ids.resource = (await post('/calendars/resources/rooms', room)).id
  const booking = { calendarId: ids.calendarId, contactId: ids.contactId, startTime: at(2, 12).toISOString(), ignoreFreeSlotValidation: true }
  ids.appointmentId = (await post('/calendars/events/appointments', booking)).id
  ids.noteId = (await made(client.post(`/calendars/appointments/${ids.appointmentId}/notes`, { body: 'Bring the album' }))).id
  ids.blockId = (await post('/calendars/events/block-slots', { calendarId: ids.calendarId, ...slot(3) })).id
  const pipeline = { name: 'Sales', stages: [{ name: 'New', position: 0 }] }
  ids.pipelineId = (await post('/opportunities/pipelines', pipeline)).id
  const deal = { pipelineId: ids.pipelineId, name: 'Wedding', status: 'open', contactId: ids.contactId }
  ids.opportunity = (await post('/opportunities/', deal)).id
  ids.userId = (await made(client.post('/users/', { ...user('ada@example.com'), companyId: agency.companyId }))).id
  ids.conversationId = (await post('/conversations/', { contactId: ids.contactId })).id
  const call = {
    type: 'Call',
    conversationId: ids.conversationId,
    conversationProviderId: 'provider',
    call: { to: '+12025550101', from: '+12025550100', status: 'completed' },
  }
  ids.messageId = await tellCall(call)
  const letter = { type: 'Email', contactId: ids.contactId, html: '<p>Hello', subject: 'Hello' }
  ids.email = String((await made(client.post('/conversations/messages', letter))).emailMessageId)
  ids.associationId = (await made(client.post('/associations/', { ...here(), ...association('employer') }))).id
  ids.relationId = (
    await post('/associations/relations', { associationId: ids.associationId, firstRecordId: ids.contactId, secondRecordId: ids.businessId })
  ).id
  ids.blogId = (await post('/blogs/', { name: 'News' })).id
  ids.authorId = (await post('/blogs/authors', { name: 'Ada' })).id
  ids.categoryId = (await post('/blogs/categories', { label: 'Weddings' })).id
  ids.postId = (await post('/blogs/posts', blogPost('first'))).id
}

/** A call with its recording and transcription: both come in one form. */
async function tellCall(fields: Input): Promise<string> {
  const form = new FormData()
  const sentence = { mediaChannel: 1, sentenceIndex: 0, startTime: 0, endTime: 1800, transcript: 'Good morning.', confidence: 0.97 }
  for (const [name, value] of Object.entries({ ...fields, transcription: [sentence] }))
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  form.set('recording', new Blob([new Uint8Array(1000)], { type: 'audio/mpeg' }), 'call.mp3')
  const headers = { authorization: `Bearer ${location.token}`, version: '2021-07-28' }
  const response = await fetch(`${server.url}/conversations/messages/inbound`, { method: 'POST', headers, body: form })
  const body = (await response.json()) as { messageId: string }
  assert.equal(response.status, 200, JSON.stringify(body))
  return body.messageId
}

const slot = (days: number) => ({ startTime: at(days, 9).toISOString(), endTime: at(days, 10).toISOString() })
const period = () => ({ startTime: String(at(0).getTime()), endTime: String(at(5).getTime()) })
const user = (email: string) => ({ firstName: 'Ada', lastName: 'Byron', email, password: 'secret', type: 'account', role: 'admin', locationIds: [location.id] })
const association = (key: string) => ({
  key,
  firstObjectLabel: 'Person',
  firstObjectKey: 'contact',
  secondObjectLabel: 'Employer',
  secondObjectKey: 'business',
})
const page = { limit: 10, offset: 0 }
const blogPost = (urlSlug: string) => ({
  blogId: ids.blogId,
  title: 'Ten questions',
  description: 'Before you sign.',
  imageUrl: 'https://example.com/venue.jpg',
  imageAltText: 'A venue',
  rawHTML: '<h1>Ten questions</h1>',
  status: 'PUBLISHED',
  categories: [ids.categoryId],
  author: ids.authorId,
  urlSlug,
  publishedAt: '2025-02-05T18:30:47.000Z',
})
const notification = { receiverType: 'contact', channel: 'email', notificationType: 'booked', isActive: true }

/** What each line is asked with, beside the ids in its path: query and body in one, a body that is a list without a name. Lines that need nothing more are left out. */
const INPUTS: Record<string, () => Input> = {
  'POST /contacts/search': () => ({ ...here(), pageLimit: 10, page: 1 }),
  'GET /contacts/business/{businessId}': () => ({ ...here(), limit: '10', skip: '0' }),
  'GET /contacts/search/duplicate': () => ({ ...here(), email: 'rosan@example.com' }),
  'GET /contacts/': here,
  'POST /contacts/': () => ({ ...here(), firstName: 'Nia', email: 'nia@example.com' }),
  'PUT /contacts/{contactId}': () => ({ city: 'Hudson' }),
  'POST /contacts/upsert': () => ({ ...here(), email: 'rosan@example.com', lastName: 'Deo' }),
  'POST /contacts/{contactId}/tags': () => ({ tags: ['vip'] }),
  'DELETE /contacts/{contactId}/tags': () => ({ tags: ['vip'] }),
  'POST /contacts/bulk/tags/update/{type}': () => ({ ...here(), contacts: [ids.contactId], tags: ['fair'] }),
  'POST /contacts/{contactId}/tasks': () => ({ title: 'Write', dueDate: at(1).toISOString(), completed: false }),
  'PUT /contacts/{contactId}/tasks/{taskId}': () => ({ title: 'Write twice' }),
  'PUT /contacts/{contactId}/tasks/{taskId}/completed': () => ({ completed: true }),
  'POST /contacts/{contactId}/notes': () => ({ body: 'Likes boats' }),
  'GET /contacts/{contactId}/notes/{id}': () => ({ id: ids.contactNote }),
  'PUT /contacts/{contactId}/notes/{id}': () => ({ id: ids.contactNote, body: 'Likes barns and boats' }),
  'DELETE /contacts/{contactId}/notes/{id}': () => ({ id: ids.contactNote }),
  'GET /calendars/groups': here,
  'GET /calendars/': here,
  'GET /calendars/{calendarId}/free-slots': () => ({ startDate: at(0).getTime(), endDate: at(5).getTime() }),
  'GET /calendars/events': () => ({ ...here(), ...period(), calendarId: ids.calendarId }),
  'GET /calendars/blocked-slots': () => ({ ...here(), ...period(), calendarId: ids.calendarId }),
  'GET /calendars/events/appointments/{eventId}': () => ({ eventId: ids.appointmentId }),
  'GET /calendars/appointments/{appointmentId}/notes': () => page,
  'GET /calendars/resources/{resourceType}': () => ({ ...here(), limit: 10, skip: 0 }),
  'GET /calendars/resources/{resourceType}/{id}': () => ({ id: ids.resource }),
  'POST /calendars/groups': () => ({ ...here(), name: 'Talks', description: 'Talks', slug: 'talks' }),
  'PUT /calendars/groups/{groupId}': () => ({ name: 'Meetings', description: 'Every one', slug: 'meetings' }),
  'PUT /calendars/groups/{groupId}/status': () => ({ isActive: true }),
  'POST /calendars/groups/validate-slug': () => ({ ...here(), slug: 'free' }),
  'POST /calendars/': () => ({ ...here(), name: 'Tour' }),
  'PUT /calendars/{calendarId}': () => ({ name: 'Long talk' }),
  'POST /calendars/events/appointments': () => ({
    ...here(),
    calendarId: ids.calendarId,
    contactId: ids.contactId,
    startTime: at(4, 12).toISOString(),
    ignoreFreeSlotValidation: true,
  }),
  'PUT /calendars/events/appointments/{eventId}': () => ({ eventId: ids.appointmentId, title: 'Second talk' }),
  'DELETE /calendars/events/{eventId}': () => ({ eventId: ids.appointmentId }),
  'POST /calendars/events/block-slots': () => ({ ...here(), calendarId: ids.calendarId, ...slot(4) }),
  'PUT /calendars/events/block-slots/{eventId}': () => ({ ...here(), eventId: ids.blockId, calendarId: ids.calendarId, ...slot(3), title: 'Closed' }),
  'POST /calendars/appointments/{appointmentId}/notes': () => ({ body: 'Bring the ring' }),
  'PUT /calendars/appointments/{appointmentId}/notes/{noteId}': () => ({ body: 'Bring both' }),
  'POST /calendars/{calendarId}/notifications': () => ({ '': [notification] }),
  'PUT /calendars/{calendarId}/notifications/{notificationId}': () => ({ isActive: false }),
  'POST /calendars/resources/{resourceType}': () => ({ ...here(), name: 'Hall', description: '', quantity: 1, outOfService: 0, capacity: 9, calendarIds: [] }),
  'PUT /calendars/resources/{resourceType}/{id}': () => ({ id: ids.resource, name: 'Big studio' }),
  'DELETE /calendars/resources/{resourceType}/{id}': () => ({ id: ids.resource }),
  'GET /opportunities/search': here,
  'GET /opportunities/{id}': () => ({ id: ids.opportunity }),
  'GET /opportunities/pipelines': here,
  'POST /opportunities/': () => ({ ...here(), pipelineId: ids.pipelineId, name: 'Party', status: 'open', contactId: ids.spareContactId }),
  'PUT /opportunities/{id}': () => ({ id: ids.opportunity, monetaryValue: 4200 }),
  'DELETE /opportunities/{id}': () => ({ id: ids.opportunity }),
  'PUT /opportunities/{id}/status': () => ({ id: ids.opportunity, status: 'won' }),
  'POST /opportunities/upsert': () => ({
    ...here(),
    id: ids.opportunity,
    pipelineId: ids.pipelineId,
    followers: [ids.userId],
    isRemoveAllFollowers: false,
    followersActionType: 'add',
  }),
  'POST /opportunities/{id}/followers': () => ({ id: ids.opportunity, followers: [ids.userId] }),
  'DELETE /opportunities/{id}/followers': () => ({ id: ids.opportunity, followers: [ids.userId] }),
  'GET /users/search': () => ({ companyId: agency.companyId }),
  'POST /users/search/filter-by-email': () => ({ companyId: agency.companyId, emails: 'ada@example.com' }),
  'GET /users/': here,
  'POST /users/': () => ({ companyId: agency.companyId, ...user('grace@example.com') }),
  'PUT /users/{userId}': () => ({ firstName: 'Augusta' }),
  'GET /conversations/search': here,
  'GET /conversations/messages/email/{id}': () => ({ id: ids.email }),
  'GET /conversations/messages/{id}': () => ({ id: ids.messageId }),
  'PUT /conversations/messages/{messageId}/status': () => ({ status: 'delivered' }),
  'POST /conversations/providers/live-chat/typing': () => ({ ...here(), isTyping: 'true', visitorId: 'visitor', conversationId: ids.conversationId }),
  'GET /businesses/': here,
  'POST /businesses/': () => ({ ...here(), name: 'Okafor Ltd' }),
  'PUT /businesses/{businessId}': () => ({ city: 'Hudson' }),
  'GET /workflows/': here,
  'GET /snapshots/': () => ({ companyId: agency.companyId }),
  'GET /campaigns/': here,
  'POST /contacts/{contactId}/workflow/{workflowId}': () => ({ eventStartTime: '2026-10-25T11:00:00+00:00' }),
  'DELETE /contacts/{contactId}/workflow/{workflowId}': () => ({ eventStartTime: '2026-10-25T11:00:00+00:00' }),
  'POST /contacts/{contactId}/followers': () => ({ followers: [ids.userId] }),
  'DELETE /contacts/{contactId}/followers': () => ({ followers: [ids.userId] }),
  'POST /contacts/bulk/business': () => ({ ...here(), ids: [ids.contactId], businessId: ids.businessId }),
  'GET /associations/': () => ({ ...here(), skip: 0, limit: 10 }),
  'GET /associations/key/{key_name}': () => ({ ...here(), keyName: 'employer' }),
  'GET /associations/objectKey/{objectKey}': () => ({ ...here(), objectKey: 'contact' }),
  'GET /associations/relations/{recordId}': () => ({ ...here(), recordId: ids.contactId, skip: 0, limit: 10 }),
  'POST /associations/': () => ({ ...here(), ...association('client') }),
  'PUT /associations/{associationId}': () => ({ firstObjectLabel: 'Human', secondObjectLabel: 'Firm' }),
  'POST /associations/relations': () => ({ ...here(), associationId: ids.associationId, firstRecordId: ids.spareContactId, secondRecordId: ids.businessId }),
  'DELETE /associations/relations/{relationId}': here,
  'GET /blogs/posts/url-slug-exists': () => ({ ...here(), urlSlug: 'first' }),
  'GET /blogs/authors': () => ({ ...here(), ...page }),
  'GET /blogs/categories': () => ({ ...here(), ...page }),
  'GET /blogs/posts/all': () => ({ ...here(), ...page, blogId: ids.blogId }),
  'GET /blogs/site/all': () => ({ ...here(), skip: 0, limit: 10 }),
  'POST /blogs/posts': () => ({ ...here(), ...blogPost('second') }),
  'PUT /blogs/posts/{postId}': () => ({ ...here(), ...blogPost('first') }),
  'POST /locations/': () => ({ companyId: agency.companyId, name: 'Another' }),
}

const lineOf = ({ method, path }: OfficialEntry) => `${method} ${path}`

/** As an application calls the official client: parameters of path and query as one object, then the body. */
function call(entry: OfficialEntry): Promise<unknown> {
  const forAgency = entry.tokenTypes.length > 0 && entry.tokenTypes.every((type) => type === 'Agency-Access')
  const sdk = new HighLevel({ privateIntegrationToken: forAgency ? agency.token : location.token, logLevel: 'none' as never })
  const http = sdk.getHttpClient()
  http.defaults.baseURL = server.url
  http.interceptors.response.use((response) => {
    status = response.status
    return response
  })
  const named = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => (name as string).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
  const { '': list, ...input } = { ...INPUTS[lineOf(entry)]?.() }
  const inPath = Object.fromEntries(named.map((name) => [name, input[name] ?? ids[name]]))
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !named.includes(name)))
  const [group, method] = entry.sdk.split('.') as [string, string]
  const calls = (sdk as unknown as Record<string, Record<string, (...parts: unknown[]) => Promise<unknown>>>)[group]!
  if (entry.method === 'GET') return calls[method]!({ ...inPath, ...rest })
  const parameters = { ...inPath, ...(entry.method === 'DELETE' ? rest : {}) }
  return named.length === 0 ? calls[method]!(rest) : calls[method]!(parameters, list ?? rest)
}

/** The specification gives a list the schema of one of its elements. */
const LISTS: Record<string, string> = { 'GET /associations/': 'associations', 'GET /associations/relations/{recordId}': 'relations' }

// What is made goes first; what is removed goes last, and what lies inside of something before it.
const depth = ({ path }: OfficialEntry) => path.split('/').length
const removals = OFFICIAL.filter(({ method }) => method === 'DELETE').toSorted((a, b) => depth(b) - depth(a))

const makings = OFFICIAL.filter(({ method }) => method === 'POST')
const others = OFFICIAL.filter(({ method }) => method !== 'POST' && method !== 'DELETE')

for (const entry of [...makings, ...others, ...removals]) {
  test(`the official client: ${entry.title}, ${lineOf(entry)}`, async () => {
    status = 0
    const answer = (await call(entry)) as Input
    if (lineOf(entry) === 'POST /calendars/{calendarId}/notifications') ids.notificationId = String((answer as unknown as Input[])[0]?._id)
    assert.equal(status, entry.status)
    const list = LISTS[lineOf(entry)]
    assert.deepEqual(officialFaults(entry, list === undefined ? answer : (answer[list] as Input[])[0]), [])
  })
}
