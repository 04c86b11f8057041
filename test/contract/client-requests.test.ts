import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client, Reply } from '../support/client.ts'
import { type Office, startOffice } from '../support/office.ts'

let office: Office
let client: Client
let at: string
before(async () => {
  office = await startOffice()
  client = office.client
  at = `/locations/${office.location.id}`
})
after(() => office?.[Symbol.asyncDispose]())

/** The body of an answer with this status. */
function ok({ status, body }: Reply, expected = 200) {
  assert.equal(status, expected, JSON.stringify(body))
  return body
}

test('contacts are listed by when they came or changed, from either end, page by page', async () => {
  await using other = await startOffice()
  const ids: string[] = []
  for (let n = 0; n < 5; n++) ids.push(await other.newContact({ firstName: `N${n}` }))
  const first = ids[0] as string
  ok(await other.client.put(`/contacts/${first}`, { city: 'Dover' }))
  const asked = `/contacts/?locationId=${other.location.id}`
  const updated = [...ids.slice(1), first]
  for (const [query, expected] of [
    ['', ids.toReversed()],
    ['&order=desc', ids.toReversed()],
    ['&order=asc', ids],
    ['&order=asc&sortBy=date_added', ids],
    ['&sortBy=date_updated', updated.toReversed()],
    ['&order=asc&sortBy=date_updated', updated],
  ] as const) {
    const seen: string[] = []
    let path: string | undefined = `${asked}&limit=2${query}`
    while (path !== undefined) {
      const { contacts, meta } = ok(await other.client.get(path))
      seen.push(...contacts.map(({ id }: { id: string }) => id))
      path = meta.nextPageUrl?.slice(other.server.url.length)
    }
    assert.deepEqual(seen, expected, query)
  }
  for (const wrong of ['&order=up', '&sortBy=name']) assert.equal((await other.client.get(asked + wrong)).status, 422)
})

test('a listed contact has the name that people see', async () => {
  await using other = await startOffice()
  await other.newContact({ firstName: 'Ada', lastName: 'Byron' })
  const bare = { firstName: undefined, phone: undefined, email: 'bare@office.example' }
  await other.newContact(bare)
  const { contacts } = ok(await other.client.get(`/contacts/?locationId=${other.location.id}&order=asc`))
  assert.deepEqual(
    contacts.map(({ contactName, firstNameRaw, lastNameRaw }: Record<string, unknown>) => [
      contactName,
      firstNameRaw,
      lastNameRaw,
    ]),
    [
      ['Ada Byron', 'Ada', 'Byron'],
      ['bare@office.example', null, null],
    ],
  )
})

test('a message may name its location, and is told flat and under its noun', async () => {
  const contactId = await office.newContact()
  const said = { type: 'SMS', contactId, message: 'hi' }
  const sent = ok(await client.post('/conversations/messages', { ...said, ...office.here }))
  ok(await client.post('/conversations/messages', said))
  const foreign = await client.post('/conversations/messages', { ...said, locationId: 'somebody-elses' })
  assert.equal(foreign.status, 403)
  const { message, traceId: _, ...flat } = ok(await client.get(`/conversations/messages/${sent.messageId}`))
  assert.deepEqual(message, flat)
  assert.equal(message.body, 'hi')
  const listed = ok(await client.get(`/conversations/${sent.conversationId}/messages?limit=1`))
  assert.deepEqual(Object.keys(listed.messages), ['lastMessageId', 'nextPage', 'messages'])
  assert.equal(listed.messages.messages.length, 1)
  assert.deepEqual([listed.lastMessageId, listed.nextPage], [listed.messages.lastMessageId, true])
  const { conversations } = ok(await client.get(`/conversations/search?locationId=${office.location.id}`))
  for (const { sort } of conversations)
    assert.deepEqual(
      sort.map((one: unknown) => typeof one),
      ['number'],
    )
})

test('an unknown message that should not be sent has a code of its own', async () => {
  const text = await client.delete('/conversations/messages/unknown/schedule')
  assert.deepEqual([text.status, text.body.canonicalCode], [400, 'CONVERSATIONS_MSG_NOT_FOUND'])
  assert.equal((await client.delete('/conversations/messages/email/unknown/schedule')).status, 404)
})

test('an appointment is removed under its own address, a blocked slot is not', async () => {
  const contactId = await office.newContact()
  const { calendar } = ok(await client.post('/calendars/', { ...office.here, name: 'Talk' }))
  const times = { startTime: '2026-12-01T10:00:00Z', endTime: '2026-12-01T11:00:00Z' }
  const book = { ...office.here, calendarId: calendar.id, contactId, ...times, ignoreFreeSlotValidation: true }
  const { id, ...told } = ok(await client.post('/calendars/events/appointments', book))
  assert.deepEqual([told.status, told.appoinmentStatus], ['booked', 'confirmed'])
  assert.ok(told.dateAdded && told.dateUpdated)
  const path = `/calendars/events/appointments/${id}`
  const { event, appointment } = ok(await client.get(path))
  assert.deepEqual(event, appointment)
  const cancelled = ok(await client.put(path, { appointmentStatus: 'cancelled' }))
  assert.deepEqual([cancelled.status, cancelled.appoinmentStatus], ['cancelled', 'cancelled'])
  assert.equal(ok(await client.delete(path)).succeeded, true)
  assert.equal((await client.get(path)).status, 404)
  assert.equal((await client.delete(path)).status, 404)
  const series = ok(await client.post('/calendars/events/appointments', { ...book, rrule: 'RRULE:FREQ=DAILY;COUNT=2' }))
  ok(await client.delete(`/calendars/events/appointments/${series.id}`))
  const slot = ok(
    await client.post('/calendars/events/block-slots', {
      ...office.here,
      calendarId: calendar.id,
      title: 'Off',
      ...times,
    }),
    201,
  )
  assert.equal((await client.delete(`/calendars/events/appointments/${slot.id}`)).status, 404)
})

test('the fields of a location are listed without their folders, each with where it stands', async () => {
  await using other = await startOffice()
  const here = `/locations/${other.location.id}/customFields`
  const folder = ok(await other.client.post(here, { name: 'Wedding', dataType: 'TEXT', documentType: 'folder' }), 201)
  const parentId = folder.customField.id
  ok(await other.client.post(here, { name: 'Size', dataType: 'TEXT', parentId }), 201)
  for (const query of ['', '?model=contact', '?model=all']) {
    const { customFields } = ok(await other.client.get(here + query))
    assert.deepEqual(
      customFields.map((field: Record<string, unknown>) => [
        field.name,
        field.standard,
        field.parentId,
        field.documentType,
      ]),
      [['Size', false, parentId, 'field']],
    )
    assert.ok(Date.parse(customFields[0].dateAdded) > 0)
  }
})

test('a field is made with the key that is asked for', async () => {
  const make = (body: object) => client.post(`${at}/customFields`, { dataType: 'TEXT', ...body })
  const more = { showInForms: true, description: 'From head to toe' }
  const { customField } = ok(await make({ name: 'Height', fieldKey: 'contact.tallness', ...more }), 201)
  assert.equal(customField.fieldKey, 'contact.tallness')
  assert.deepEqual([customField.showInForms, customField.description], [true, 'From head to toe'])
  for (const [name, model, fieldKey, expected] of [
    ['Width', 'contact', 'broadness', 'contact.broadness'],
    ['Depth', 'opportunity', 'opportunity.deepness', 'opportunity.deepness'],
    ['Weight', 'contact', '{{ contact.Heaviness }}', 'contact.heaviness'],
  ] as const)
    assert.equal(ok(await make({ name, model, fieldKey }), 201).customField.fieldKey, expected)
  for (const fieldKey of ['opportunity.size', 'contact.', 'a b-c', ''])
    assert.equal((await make({ name: 'Wrong', fieldKey })).status, 422, fieldKey)
  assert.equal((await make({ name: 'Again', fieldKey: 'contact.tallness' })).status, 400)
})

test('lists take the limits that clients send', async () => {
  const contactId = await office.newContact()
  for (const title of ['One', 'Two'])
    ok(await client.post(`/contacts/${contactId}/tasks`, { title, dueDate: '2026-10-25', completed: false }), 201)
  assert.equal(ok(await client.get(`/contacts/${contactId}/tasks?limit=20`)).tasks.length, 2)
  assert.equal(ok(await client.get(`/contacts/${contactId}/tasks?limit=1`)).tasks.length, 1)
  ok(await client.get(`/forms/?locationId=${office.location.id}&limit=100`))
  ok(await client.get(`${at}/customValues?limit=100`))
  for (const path of [
    `/forms/?locationId=${office.location.id}&limit=101`,
    `/surveys/?locationId=${office.location.id}&limit=51`,
    `/links/?locationId=${office.location.id}&limit=1`,
    `${at}/customFields?limit=1`,
    `/contacts/${contactId}/tasks?limit=0`,
  ])
    assert.equal((await client.get(path)).status, 422, path)
})

test('null leaves what a task or a deal must have, and empties the rest', async () => {
  const contactId = await office.newContact()
  const asked = { title: 'Call', body: 'At nine', dueDate: '2026-10-25T11:00:00.000Z', completed: false }
  const { task } = ok(await client.post(`/contacts/${contactId}/tasks`, asked), 201)
  const path = `/contacts/${contactId}/tasks/${task.id}`
  const changed = ok(await client.put(path, { completed: true, dueDate: null, title: null, assignedTo: null }))
  assert.deepEqual(changed.task, { ...task, completed: true })
  assert.equal(ok(await client.put(path, { body: null })).task.body, undefined)
  const { pipeline } = ok(
    await client.post('/opportunities/pipelines', { ...office.here, name: 'S', stages: [{ name: 'N' }] }),
    201,
  )
  const deal = {
    ...office.here,
    contactId,
    pipelineId: pipeline.id,
    name: 'D',
    status: 'open',
    source: 'Fair',
    monetaryValue: 3,
  }
  const { opportunity } = ok(await client.post('/opportunities/', deal), 201)
  const emptied = ok(
    await client.put(`/opportunities/${opportunity.id}`, {
      source: null,
      monetaryValue: null,
      assignedTo: null,
      lostReasonId: null,
    }),
  ).opportunity
  assert.deepEqual([emptied.source, emptied.monetaryValue, emptied.name], [undefined, 0, 'D'])
  // Documented to be null are the texts of a contact; its lists and its switch are not.
  const named = { firstName: null, city: null, dateOfBirth: null, assignedTo: null }
  ok(await client.put(`/contacts/${contactId}`, named))
  for (const body of [{ tags: null }, { dnd: null }, { dndSettings: null }, { customFields: null }])
    assert.equal((await client.put(`/contacts/${contactId}`, body)).status, 422, JSON.stringify(body))
})

test('an invoice as the hosted product defines it is told where it has come to', async () => {
  const invoice = { altId: office.location.id, altType: 'location', name: 'New invoice', currency: 'USD', items: [] }
  const { status, body } = await client.post('/invoices/', invoice)
  assert.equal(status, 422)
  assert.match(body.message.join('\n'), /altType should not exist: this line synchronises invoices of another program/)
})

test('who goes on with a list of contacts need not name the location of the token again', async () => {
  await using other = await startOffice()
  const ids = [await other.newContact(), await other.newContact()]
  const { contacts, meta } = ok(await other.client.get(`/contacts/?locationId=${other.location.id}&limit=1`))
  assert.equal(contacts[0].id, ids[1])
  const place = `startAfter=${meta.startAfter}&startAfterId=${meta.startAfterId}`
  assert.equal(ok(await other.client.get(`/contacts/?${place}`)).contacts[0].id, ids[0])
  assert.equal(ok(await other.client.post('/contacts/search', { pageLimit: 5 })).total, 2)
  assert.equal(ok(await other.client.get('/opportunities/search')).meta.total, 0)
  ok(await other.client.get('/contacts/search/duplicate?email=nobody@office.example'))
  assert.equal((await other.client.get('/contacts/?locationId=somebody-elses')).status, 403)
  const agency = other.server.client(other.agencyToken)
  assert.ok([400, 401, 422].includes((await agency.get('/contacts/')).status), 'an agency has many')
})
