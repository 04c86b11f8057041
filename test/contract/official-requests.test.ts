import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { at, type Input, user } from '../support/catalogue-inputs.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { inOrder, OFFICIAL, type OfficialEntry } from '../support/official.ts'
import {
  fullValue,
  OFFICIAL_REQUESTS,
  type OfficialRequest,
  type OfficialSchema,
  resolved,
} from '../support/official-requests.ts'

let world: CatalogueWorld
before(async () => {
  world = await startCatalogueWorld()
})
after(() => world?.[Symbol.asyncDispose]())

/** Values by name that stand for real things; the specification's own examples name things that are not there. */
function known(): Input {
  const { ids, agency, location } = world
  const {
    contactId,
    calendarId,
    userId,
    businessId,
    pipelineId,
    pipelineStageId,
    groupId,
    formId,
    associationId,
    blogId,
    messageId,
  } = ids
  const mine = {
    companyId: agency.companyId,
    locationId: location.id,
    location_id: location.id,
    locationIds: [location.id],
  }
  const things = {
    contactId,
    contact_id: contactId,
    calendarId,
    userId,
    businessId,
    pipelineId,
    pipelineStageId,
    groupId,
    formId,
    associationId,
    blogId,
    messageId,
  }
  return { ...mine, ...things, assignedTo: userId, assignedUserId: userId, followers: [userId], contacts: [contactId] }
}

const contactFields = () => [{ id: world.ids.contactField, field_value: 'The barn' }]
const dealFields = () => [{ id: world.ids.opportunityField, field_value: 'The barn' }]

const DAILY = 'RRULE:FREQ=DAILY;INTERVAL=1;COUNT=5'
const either = () => ({ assignedUserId: undefined })

/** Where a line wants something else than the examples of the specification. Undefined leaves a property out. */
const OTHERWISE: Record<string, () => Input> = {
  'POST /contacts/': () => ({ customFields: contactFields(), email: 'full@example.com', phone: '+12025550160' }),
  'POST /contacts/upsert': () => ({ customFields: contactFields() }),
  'PUT /contacts/{contactId}': () => ({
    customFields: contactFields(),
    email: 'rosan@example.com',
    phone: '+12025550142',
  }),
  'POST /contacts/search': () => ({ locationId: world.location.id, pageLimit: 10 }),
  'POST /calendars/events/appointments': () => ({
    rrule: DAILY,
    endTime: '2021-06-23T04:30:00+05:30',
    startTime: '2021-06-23T03:30:00+05:30',
  }),
  'PUT /calendars/events/appointments/{eventId}': () => ({ rrule: DAILY }),
  'POST /calendars/events/block-slots': either,
  'PUT /calendars/events/block-slots/{eventId}': either,
  'PUT /calendars/resources/{resourceType}/{id}': () => ({ calendarIds: [world.ids.calendarId] }),
  'POST /opportunities/': () => ({ customFields: dealFields() }),
  'PUT /opportunities/{id}': () => ({ customFields: dealFields() }),
  'GET /opportunities/search': () => ({
    assigned_to: world.ids.userId,
    id: world.ids.opportunity,
    date: '01-31-2026',
    endDate: '12-31-2026',
  }),
  'PUT /users/{userId}': () => ({ email: 'ada@example.com', type: 'account' }),
  'GET /users/search': () => ({ type: 'account' }),
  'GET /conversations/search': () => ({ scoreProfileMin: 0, scoreProfileMax: 100 }),
  'GET /conversations/{conversationId}/messages': () => ({ lastMessageId: world.ids.messageId }),
  'PUT /conversations/messages/{messageId}/status': () => ({
    messageId: world.ids.letter,
    emailMessageId: world.ids.email,
  }),
  'POST /locations/': () => ({ snapshotId: undefined }),
}

const lineOf = ({ method, path }: OfficialEntry) => `${method} ${path}`
const entryOf = ({ line }: OfficialRequest) => OFFICIAL.find((entry) => lineOf(entry) === line) as OfficialEntry

/** The body with every property; names at its top are those of the line. */
function fullBody(schema: OfficialSchema, values: Input): Input {
  return Object.fromEntries(
    Object.entries(resolved(schema).properties ?? {}).map(([name, part]) => [
      name,
      name in values ? values[name] : fullValue(name, part, known()),
    ]),
  )
}

/** The body of a line: an object, or a list of one. */
function bodyOf(schema: OfficialSchema, needed: Input, values: Input, list: Input[] | undefined): Input | Input[] {
  if (list === undefined) return { ...needed, ...fullBody(schema, values) }
  return list.map((element) => ({ ...fullBody(resolved(schema).items as OfficialSchema, values), ...element }))
}

async function ask(request: OfficialRequest) {
  const { ids, agency, location, server, inputs } = world
  const entry = entryOf(request)
  const { '': list, ...needed } = { ...inputs[request.line]?.() }
  const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const values: Input = { ...ids, ...known(), ...needed, ...OTHERWISE[request.line]?.() }
  const given = (name: string, make: () => unknown) => (name in values ? values[name] : make())
  const address = entry.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[camel(name)])))
  const query = new URLSearchParams()
  for (const { name, in: place, schema } of request.parameters)
    if (place === 'query')
      for (const value of [given(name, () => fullValue(name, schema, {}))].flat())
        if (value !== undefined) query.append(name, String(value))
  const body = request.body === null ? undefined : bodyOf(request.body, needed, values, list as Input[] | undefined)
  const forAgency = entry.tokenTypes.length > 0 && entry.tokenTypes.every((type) => type === 'Agency-Access')
  const client = server.client(forAgency ? agency.token : location.token)
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const path = query.size === 0 ? address : `${address}?${query}`
  return client.raw(entry.method, path, {
    headers: { version: '2021-07-28', ...type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

for (const request of inOrder(OFFICIAL_REQUESTS, ({ line }) => line)) {
  test(`${request.line} takes everything that the official schema names`, async () => {
    const { status, body } = await ask(request)
    if (request.line === 'POST /calendars/{calendarId}/notifications') world.ids.notificationId = body[0]?._id
    assert.equal(status, entryOf(request).status, JSON.stringify(body).slice(0, 2000))
  })
}

test('a note on an appointment says who wrote it, as far as the caller may know', async () => {
  const { client, agency, location, server } = world
  const somebody = async (email: string, locationIds: string[]) => {
    const sent = {
      companyId: agency.companyId,
      ...user(email, location),
      firstName: 'Grace',
      lastName: 'Hopper',
      locationIds,
    }
    return (await server.client(agency.token).post('/users/', sent)).body.id as string
  }
  const elsewhere = (
    await server.client(agency.token).post('/locations/', { companyId: agency.companyId, name: 'Elsewhere' })
  ).body.id
  const booking = {
    locationId: location.id,
    contactId: world.ids.spareContactId,
    startTime: at(9).toISOString(),
    ignoreFreeSlotValidation: true,
  }
  const { id: calendarId } = (await client.post('/calendars/', { locationId: location.id, name: 'Notes' })).body
    .calendar
  const { id } = (await client.post('/calendars/events/appointments', { ...booking, calendarId })).body
  const write = async (userId: string) =>
    (await client.post(`/calendars/appointments/${id}/notes`, { body: 'Bring both', userId })).body.note.createdBy
  const colleague = await somebody('grace.colleague@example.com', [location.id])
  const stranger = await somebody('grace.stranger@example.com', [elsewhere])
  assert.deepEqual(
    [await write(colleague), await write(stranger)],
    [{ id: colleague, name: 'Grace Hopper' }, { id: stranger }],
  )
})
