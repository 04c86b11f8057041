import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld, word } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld({ work: false })

const basic = () => world.hubspot.crm.objects.basicApi
const input = (properties: Record<string, string>, associations: object[] = []) =>
  ({ properties, associations }) as never
const belongsTo = (id: string, associationTypeId: number) => ({
  to: { id },
  types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
})

async function person(): Promise<{ id: string; ours: string }> {
  const made = await basic().create('contacts', input({ email: `${word()}@example.com`, firstname: 'Rosan' }))
  const found = await world.client.get(`/contacts/?locationId=${world.location.id}&query=${made.properties.email}`)
  return { id: made.id, ours: found.body.contacts[0].id }
}

async function conversationWith(contactId: string) {
  const found = await world.client.get(`/conversations/search?locationId=${world.location.id}&contactId=${contactId}`)
  assert.equal(found.body.conversations.length, 1, JSON.stringify(found.body))
  const [conversation] = found.body.conversations
  const { body } = await world.client.get(`/conversations/${conversation.id}/messages`)
  return { ...conversation, messages: body.messages.messages }
}

test('a call that is logged stands in the conversation of its contact, where it took place', async () => {
  const { id, ours } = await person()
  const call = await world.hubspot.crm.objects.calls.basicApi.create(
    input(
      {
        hs_timestamp: '2026-03-03T10:00:00Z',
        hs_call_title: 'First call',
        hs_call_body: 'Wants the price list',
        hs_call_duration: '83500',
        hs_call_from_number: '(202) 555-0142',
        hs_call_to_number: '+12025550143',
        hs_call_status: 'RINGING',
        hs_call_direction: 'INBOUND',
        hs_call_disposition: 'f240bbac-87c9-4f6e-bf70-924b57d47db7',
      },
      [belongsTo(id, 194)],
    ),
  )
  const conversation = await conversationWith(ours)
  const [message] = conversation.messages
  assert.deepEqual(
    [message.messageType, message.direction, message.status, message.body, message.contactId, message.dateAdded],
    ['TYPE_CALL', 'inbound', 'pending', 'Wants the price list', ours, '2026-03-03T10:00:00.000Z'],
  )
  assert.deepEqual(message.meta, { callDuration: '83.5', callStatus: 'pending' })
  assert.deepEqual(
    [conversation.lastMessageBody, conversation.lastMessageType, conversation.unreadCount],
    ['Wants the price list', 'TYPE_CALL', 1],
  )

  const names = ['hs_timestamp', 'hs_call_status', 'hs_call_duration', 'hs_call_direction', 'hs_call_from_number']
  const read = await basic().getById('calls', call.id, names, undefined, ['contacts'])
  assert.deepEqual(
    names.map((name) => read.properties[name]),
    ['2026-03-03T10:00:00.000Z', 'RINGING', '83500', 'INBOUND', '(202) 555-0142'],
  )
  assert.equal(read.associations?.contacts?.results[0]?.id, id)

  const done = { hs_call_status: 'COMPLETED', hs_call_duration: '90000', hs_timestamp: '1772532060000' }
  const updated = await basic().update('calls', call.id, input(done))
  assert.deepEqual(
    [updated.properties.hs_call_status, updated.properties.hs_call_duration, updated.properties.hs_timestamp],
    ['COMPLETED', '90000', '2026-03-03T10:01:00.000Z'],
  )
  const [later] = (await conversationWith(ours)).messages
  assert.deepEqual([later.status, later.meta.callDuration], ['connected', '90'])
  const found = await world.hubspot.crm.objects.searchApi.doSearch('calls', {
    filterGroups: [
      {
        filters: [
          { propertyName: 'hs_call_status', operator: 'EQ', value: 'COMPLETED' },
          { propertyName: 'hs_timestamp', operator: 'LT', value: '1772532120000' },
          { propertyName: 'hs_call_duration', operator: 'GTE', value: '90000' },
          { propertyName: 'associations.contact', operator: 'EQ', value: id },
        ],
      },
    ],
  } as never)
  assert.deepEqual(
    found.results.map((one) => one.id),
    [call.id],
  )
})

test('an e-mail that is logged says who wrote to whom, and nobody is asked to send it', async () => {
  const { id, ours } = await person()
  const headers = {
    from: { email: 'ada@studio.example', firstName: 'Ada' },
    to: [{ email: 'rosan@deo.example' }, { email: 'mina@okafor.example' }],
    cc: [{ email: 'grace@studio.example' }],
    bcc: [],
  }
  const email = await world.hubspot.crm.objects.emails.basicApi.create(
    input(
      {
        hs_timestamp: '2026-03-04T08:30:00Z',
        hs_email_direction: 'EMAIL',
        hs_email_status: 'SENDING',
        hs_email_subject: 'Price list',
        hs_email_html: '<p>Here it is</p>',
        hs_email_headers: JSON.stringify(headers),
      },
      [belongsTo(id, 198)],
    ),
  )
  const names = ['hs_email_from_email', 'hs_email_to_email', 'hs_email_cc_email', 'hs_email_status']
  const read = await basic().getById('emails', email.id, names)
  assert.deepEqual(
    names.map((name) => read.properties[name]),
    ['ada@studio.example', 'rosan@deo.example;mina@okafor.example', 'grace@studio.example', 'SENDING'],
  )
  const [message] = (await conversationWith(ours)).messages
  assert.deepEqual(
    [message.messageType, message.status, message.contentType, message.body],
    ['TYPE_EMAIL', 'sent', 'text/html', '<p>Here it is</p>'],
  )
  const shown = (await world.client.get(`/conversations/messages/email/${message.meta.email.messageIds[0]}`)).body
  assert.deepEqual([shown.from, shown.to], ['ada@studio.example', ['rosan@deo.example', 'mina@okafor.example']])
  const bounced = await basic().update('emails', email.id, input({ hs_email_status: 'BOUNCED' }))
  assert.equal(bounced.properties.hs_email_status, 'BOUNCED')
  assert.equal((await conversationWith(ours)).messages[0].status, 'undelivered')
  const two = await basic().create('emails', input({ hs_email_direction: 'INCOMING_EMAIL' }))
  assert.equal((await world.client.get(`/conversations/messages/${(await oursOf('emails', two.id)).id}`)).status, 200)
})

/** The message here: of one that nobody is associated with, the export tells. */
async function oursOf(type: string, id: string) {
  const name = type === 'calls' ? 'hs_call_body' : 'hs_email_text'
  const text = `Mark ${word()}`
  await basic().update(type, id, input({ [name]: text }))
  const { body } = await world.client.get(`/conversations/messages/export?locationId=${world.location.id}&limit=500`)
  return body.messages.find((message: { body?: string }) => message.body === text)
}

test('a call belongs to nobody until it is associated, and goes along with what it is associated with', async () => {
  const [one, other] = [await person(), await person()]
  const call = await basic().create('calls', input({ hs_call_title: 'Alone' }))
  const alone = await oursOf('calls', call.id)
  assert.deepEqual([alone.conversationId, alone.contactId], ['', ''])

  const path = (to: string) => `/crm/v4/objects/calls/${call.id}/associations/contacts/${to}`
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 194 }]
  assert.equal((await world.client.put(path(one.id), types)).status, 201)
  const placed = await conversationWith(one.ours)
  assert.deepEqual([placed.messages.length, placed.messages[0].contactId], [1, one.ours])

  // A second contact is associated as well; the call stays where it is.
  assert.equal((await world.client.put(path(other.id), types)).status, 201)
  assert.equal((await conversationWith(one.ours)).messages.length, 1)
  assert.equal((await world.client.delete(path(one.id))).status, 204)
  assert.equal((await conversationWith(one.ours)).messages.length, 0)
  assert.equal((await oursOf('calls', call.id)).conversationId, '')

  const batch = { inputs: [{ from: { id: call.id }, to: { id: other.id } }] }
  assert.equal(
    (await world.client.post('/crm/v4/associations/calls/contacts/batch/associate/default', batch)).status,
    200,
  )
  assert.equal((await world.client.delete(path(other.id))).status, 204)
  assert.equal(
    (await world.client.post('/crm/v4/associations/calls/contacts/batch/associate/default', batch)).status,
    200,
  )
  assert.equal((await conversationWith(other.ours)).messages.length, 1)
})

test('a meeting is an appointment that stands in no calendar', async () => {
  const { id, ours } = await person()
  const { results: owners } = await world.hubspot.crm.owners.ownersApi.getPage()
  const meeting = await world.hubspot.crm.objects.meetings.basicApi.create(
    input(
      {
        hs_timestamp: '2026-05-01T00:00:00Z',
        hs_meeting_title: 'Measure the windows',
        hs_meeting_start_time: '2026-05-04T09:00:00Z',
        hs_meeting_end_time: '2026-05-04T10:00:00Z',
        hs_meeting_outcome: 'RESCHEDULED',
        hs_meeting_location: 'Canal Street 3',
        ...(owners[0] === undefined ? {} : { hubspot_owner_id: owners[0].id }),
      },
      [belongsTo(id, 200)],
    ),
  )
  const { events } = (await world.client.get(`/contacts/${ours}/appointments`)).body
  assert.equal(events.length, 1)
  const [event] = events
  assert.deepEqual(
    [event.title, event.calendarId, event.appointmentStatus, event.address],
    ['Measure the windows', '', 'confirmed', 'Canal Street 3'],
  )
  assert.equal(Date.parse(event.startTime), Date.parse('2026-05-04T09:00:00Z'))
  assert.equal(meeting.properties.hs_meeting_start_time, '2026-05-04T09:00:00.000Z')
  assert.equal(meeting.properties.hs_meeting_outcome, 'RESCHEDULED')

  const shown = await basic().getById('appointments', meeting.id, ['hs_appointment_start', 'hs_appointment_status'])
  assert.equal(shown.properties.hs_appointment_start, '2026-05-04T09:00:00.000Z')
  assert.equal(shown.properties.hs_appointment_status, 'SCHEDULED')

  const outcome = await basic().update('meetings', meeting.id, input({ hs_meeting_outcome: 'NO_SHOW' }))
  assert.equal(outcome.properties.hs_meeting_outcome, 'NO_SHOW')
  const path = `/calendars/events/appointments/${event.id}`
  assert.equal((await world.client.get(path)).body.event.appointmentStatus, 'noshow')

  // Later than it ended: it takes as long as before.
  const moved = await basic().update('meetings', meeting.id, input({ hs_meeting_start_time: '2026-05-05T09:00:00Z' }))
  const names = ['hs_meeting_start_time', 'hs_meeting_end_time']
  const times = await basic().getById('meetings', moved.id, names)
  assert.deepEqual(
    names.map((name) => times.properties[name]),
    ['2026-05-05T09:00:00.000Z', '2026-05-05T10:00:00.000Z'],
  )
  const wrong = await refusalOf(
    basic().update('meetings', meeting.id, input({ hs_meeting_end_time: '2026-05-01T09:00:00Z' })),
  )
  assert.deepEqual([wrong.code, wrong.body.errors[0].code], [400, 'INVALID_DATE'])

  // The other wire moves it too, though nobody looks whether a calendar is open.
  const put = await world.client.put(path, { startTime: '2026-05-06T09:00:00Z', endTime: '2026-05-06T09:30:00Z' })
  assert.equal(put.status, 200, JSON.stringify(put.body))
  const again = await basic().getById('meetings', moved.id, names)
  assert.equal(again.properties.hs_meeting_start_time, '2026-05-06T09:00:00.000Z')
  const note = await world.client.post(`/calendars/appointments/${event.id}/notes`, { body: 'Brings a ladder' })
  assert.equal(note.status, 201, JSON.stringify(note.body))
})

test('in a batch the meeting that ends before it begins is told of, and the others are made', async () => {
  const inputs = [
    { properties: { hs_meeting_title: 'Good' }, objectWriteTraceId: 'good' },
    {
      properties: { hs_meeting_start_time: '2026-05-04T09:00:00Z', hs_meeting_end_time: '2026-05-03T09:00:00Z' },
      objectWriteTraceId: 'bad',
    },
    {
      properties: { hs_meeting_start_time: '2026-05-04T09:00:00Z', hs_meeting_end_time: '2026-07-03T09:00:00Z' },
      objectWriteTraceId: 'long',
    },
  ]
  const { status, body } = await world.client.post('/crm/v3/objects/meetings/batch/create', { inputs })
  assert.equal(status, 207, JSON.stringify(body))
  assert.deepEqual(
    body.results.map((one: { objectWriteTraceId: string }) => one.objectWriteTraceId),
    ['good'],
  )
  assert.deepEqual(
    body.errors.map((one: { context: { objectWriteTraceId: string[] } }) => one.context.objectWriteTraceId[0]),
    ['bad', 'long'],
  )
})

test('an invoice begins as a draft, and its words are those of the wire', async () => {
  const { id } = await person()
  const invoice = await basic().create('invoices', input({ hs_currency: 'EUR' }, []))
  const names = ['hs_invoice_status', 'hs_currency', 'hs_amount_billed']
  const read = await basic().getById('invoices', invoice.id, names)
  assert.deepEqual(
    names.map((name) => read.properties[name]),
    ['draft', 'EUR', '0'],
  )
  const open = await basic().update(
    'invoices',
    invoice.id,
    input({ hs_invoice_status: 'open', hs_amount_billed: '120.5', hs_due_date: '2026-06-01T00:00:00Z' }),
  )
  assert.deepEqual(
    [open.properties.hs_invoice_status, open.properties.hs_amount_billed, open.properties.hs_due_date],
    ['open', '120.5', '2026-06-01T00:00:00.000Z'],
  )
  const put = await world.client.put(`/crm/v4/objects/invoices/${invoice.id}/associations/default/contacts/${id}`)
  assert.equal(put.status, 200)
  const wrong = await refusalOf(basic().create('invoices', input({ hs_currency: 'Taler' })))
  assert.deepEqual([wrong.code, wrong.body.errors[0].code], [400, 'INVALID_OPTION'])
})
