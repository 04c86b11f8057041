import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { readMoment } from '../../src/operations/moments.ts'
import { type Office, type Offices, startOffices } from '../support/offices.ts'

let world: Offices
let office: Office
let contactId: string
before(async () => {
  world = await startOffices({ timezone: 'America/New_York' })
  office = world.offices[0] as Office
  const made = await office.client.post('/contacts/', {
    locationId: office.id,
    email: 'a@post.test',
    dateOfBirth: '1990-09-25',
  })
  contactId = made.body.contact.id
  // Still the 30th of June in New York.
  await sql`update record set created_at = '2026-07-01T02:00:00Z' where location_id = ${office.id}
      and id = ${contactId}`.execute(world.server.app.platform.db)
})
after(() => world?.[Symbol.asyncDispose]())

const RIGHT: Record<string, string> = {
  '2026-06-01T10:00:00Z': '2026-06-01T10:00:00.000Z',
  '2026-06-01T10:00:00.5+02:00': '2026-06-01T08:00:00.500Z',
  '2026-06-01 10:00 -0300': '2026-06-01T13:00:00.000Z',
  '2026-06-01T10:00:00': '2026-06-01T14:00:00.000Z',
  '2026-12-01T10:00': '2026-12-01T15:00:00.000Z',
  '2026-06-01': '2026-06-01T04:00:00.000Z',
  '2026/06/01': '2026-06-01T04:00:00.000Z',
  '2026.6.1': '2026-06-01T04:00:00.000Z',
  '06-01-2026': '2026-06-01T04:00:00.000Z',
  '06/01/2026 01:30 PM': '2026-06-01T17:30:00.000Z',
  '06-01-2026 12:05 am': '2026-06-01T04:05:00.000Z',
  '1780308000000': '2026-06-01T10:00:00.000Z',
}
const WRONG = [
  '2026-02-30',
  '2026/02/30',
  '2026-02-30T10:00:00Z',
  '02-30-2026',
  '2026-13-01',
  '2026-06-01T25:00:00Z',
  '2026-06-01T10:61:00Z',
  '06-01-2026 13:00 PM',
  '2026-06/01',
  '2026',
  'June 1st',
  'tomorrow',
  '0000-01-01',
]

test('moments are read strictly, and in the zone where they say none', () => {
  for (const [text, iso] of Object.entries(RIGHT))
    assert.equal(readMoment(` ${text} `, 'America/New_York')?.at.toISOString(), iso, text)
  for (const text of WRONG) assert.equal(readMoment(text, 'America/New_York'), null, text)
})

test('due dates of tasks are moments in the zone of the location, and there are such days', async () => {
  const path = `/contacts/${contactId}/tasks`
  const task = { title: 'Call', completed: false }
  for (const [text, iso] of Object.entries(RIGHT)) {
    const made = await office.client.post(path, { ...task, dueDate: text })
    assert.equal(made.body.task?.dueDate, iso, text)
    const put = await office.client.put(`${path}/${made.body.task.id}`, { dueDate: text })
    assert.equal(put.body.task?.dueDate, iso, text)
  }
  for (const text of WRONG) {
    const reply = await office.client.post(path, { ...task, dueDate: text })
    assert.equal(reply.status, 422, text)
    assert.match(String(reply.body.message), /dueDate must be a valid ISO 8601 date string/)
  }
})

test('periods of lists are read by the same rule', async () => {
  const { id: pipelineId } = (
    await office.client.post('/opportunities/pipelines/', {
      locationId: office.id,
      name: 'Sales',
      stages: [{ name: 'New' }],
    })
  ).body.pipeline
  const deal = { locationId: office.id, pipelineId, name: 'Deal', status: 'open', contactId }
  const { id } = (await office.client.post('/opportunities/', deal)).body.opportunity
  await sql`update record set created_at = '2026-07-01T02:00:00Z' where location_id = ${office.id}
      and id = ${id}`.execute(world.server.app.platform.db)
  const deals = (period: Record<string, string>) =>
    office.client.get(`/opportunities/search?${new URLSearchParams({ location_id: office.id, ...period })}`)
  for (const date of ['2026-06-30', '2026/06/30', '06-30-2026'])
    assert.equal((await deals({ date, endDate: date })).body.meta?.total, 1, date)
  assert.equal((await deals({ date: '2026-07-01' })).body.meta.total, 0)
  const { companyId, agencyClient } = world
  for (const text of WRONG) {
    assert.equal((await deals({ date: text })).status, 422, text)
    const query = new URLSearchParams({ companyId, from: text, to: '2027-01-01' })
    const pushes = await agencyClient.get(`/snapshots/pushes?${query}`)
    assert.equal(pushes.status, 422, text)
    const messages = new URLSearchParams({ locationId: office.id, startDate: text })
    assert.equal((await office.client.get(`/conversations/messages/export?${messages}`)).status, 422, text)
    const paid = { invoice_id: 'one', total: 1, status: 'paid', paid_at: text }
    assert.equal((await office.client.post('/invoices', paid)).status, 422, text)
  }
  const paid = await office.client.post('/invoices', {
    invoice_id: 'two',
    total: 1,
    status: 'paid',
    issue_date: '2026/06/01',
    paid_at: '06-01-2026 10:00 AM',
  })
  assert.match(
    JSON.stringify(paid.body),
    /"2026-06-01T00:00:00.000Z".*"2026-06-01T14:00:00.000Z"/,
    JSON.stringify(paid.body),
  )
})

test('times of calendars are read by the same rule, in queries and bodies', async () => {
  const { client, id: locationId } = office
  const { calendar } = (await client.post('/calendars/', { locationId, name: 'Talk' })).body
  const asked = (startTime: string) =>
    client.get(`/calendars/events?${new URLSearchParams({ locationId, calendarId: calendar.id, startTime, endTime })}`)
  const endTime = '2027-01-01T00:00:00Z'
  const blocked = (startTime: string) =>
    client.post('/calendars/events/block-slots', { locationId, calendarId: calendar.id, startTime, endTime })
  for (const [text, iso] of Object.entries(RIGHT)) {
    assert.equal((await asked(text)).status, 200, text)
    const { status, body } = await blocked(text)
    // Told in whole seconds.
    assert.deepEqual([status, Date.parse(body.startTime)], [201, Math.floor(Date.parse(iso) / 1000) * 1000], text)
  }
  assert.equal((await asked('0')).status, 200, 'from the beginning')
  for (const text of WRONG.filter((one) => one !== '2026'))
    assert.deepEqual([(await asked(text)).status, (await blocked(text)).status], [422, 422], text)
})

test('a day of birth is the day that is written, in every spelling, wherever it comes from', async () => {
  const born = async (dateOfBirth: string) => {
    const { status, body } = await office.client.put(`/contacts/${contactId}`, { dateOfBirth })
    return status === 200 ? body.contact.dateOfBirth : status
  }
  const day = '1990-09-05T00:00:00.000Z'
  for (const part of ['-', '/', '.', '_'])
    for (const text of [`1990${part}09${part}05`, `09${part}05${part}1990`, `9${part}5${part}1990`])
      assert.equal(await born(text), day, text)
  for (const text of [
    ' 1990-09-05 ',
    '1990-09-05T00:00:00.000Z',
    '1990-09-05T00:00:00+02:00',
    '1990-09-05T23:30:00-05:00',
    '1990-09-05 00:00:00',
    '09/05/1990 12:00 AM',
    '652492800000',
  ])
    assert.equal(await born(text), day, text)
  for (const text of [
    ...WRONG,
    '1990-09/05',
    '1990-09-05-07',
    '1990-09-05Tomorrow',
    '1990-09-05T25:00',
    '25.13.1990',
    '0000-01-01',
  ])
    assert.equal(await born(text), 422, text)
  const customer = { customer_id: 'born', email: 'born@post.test', first_name: 'Born', last_name: 'Here' }
  const synchronised = (date_of_birth: string) =>
    office.client.post('/customers', { locationId: office.id, ...customer, date_of_birth })
  const { customer: made, id } = (await synchronised('1990_9_5')).body
  assert.ok(made, 'made')
  assert.equal((await office.client.get(`/contacts/${id}`)).body.contact.dateOfBirth, day)
  assert.equal((await synchronised('1990-09-05Tomorrow')).status, 422)
  await born('1990-09-25')
})

test('filters by moments are read by the same rule, days of birth wherever they are asked for', async () => {
  const total = async (field: string, operator: string, value: unknown) => {
    const filters = [{ field, operator, value }]
    const reply = await office.client.post('/contacts/search', { locationId: office.id, pageLimit: 5, filters })
    return reply.status === 200 ? reply.body.total : reply.status
  }
  for (const value of ['2026-06-30', '06/30/2026', '2026-07-01T02:00:00Z', '2026-06-30T22:00:00'])
    assert.equal(await total('dateAdded', 'eq', value), 1, value)
  assert.equal(await total('dateAdded', 'eq', '2026-07-01'), 0)
  assert.equal(await total('dateAdded', 'range', { gte: '2026/06/30', lt: '2026/07/01' }), 1)
  assert.equal(await total('dateOfBirth', 'eq', '1990/09/25'), 1)
  assert.equal(await total('dateOfBirth', 'range', { gte: '1990-09-25', lte: '1990-09-25' }), 1)
  for (const value of WRONG) assert.equal(await total('dateAdded', 'eq', value), 422, value)
})

test('recurring tasks begin in the zone of the location, on days that there are', async () => {
  const begin = (startDate: string) =>
    office.client.post(`/locations/${office.id}/recurring-tasks`, {
      title: 'Call',
      rruleOptions: { intervalType: 'daily', interval: 1, startDate, dueAfterSeconds: 60 },
      ignoreTaskCreation: true,
    })
  for (const [text, iso] of Object.entries(RIGHT))
    assert.equal((await begin(text)).body.recurringTask?.rruleOptions.startDate, iso, text)
  for (const text of WRONG) assert.equal((await begin(text)).status, 422, text)
})

test('answers to forms are listed by days of the location', async () => {
  const { client, id: locationId } = office
  const { form } = (await client.post('/forms/', { locationId, name: 'Ask' })).body
  const sent = await client.post(`/forms/${form.id}/submissions`, { locationId, values: {} })
  assert.equal(sent.status, 201, JSON.stringify(sent.body))
  await sql`update record set created_at = '2026-07-01T02:00:00Z' where location_id = ${locationId}
      and id = ${sent.body.submission.id}`.execute(world.server.app.platform.db)
  const totalOn = async (day: string) =>
    (await client.get(`/forms/submissions?locationId=${locationId}&startAt=${day}&endAt=${day}`)).body.meta?.total
  assert.deepEqual([await totalOn('2026-06-30'), await totalOn('2026-07-01')], [1, 0])
})

test('a zone that nobody knows any more is UTC, wherever moments are read', async () => {
  await sql`update location set timezone = 'Mars/Olympus' where id = ${office.id}`.execute(world.server.app.platform.db)
  const task = { title: 'Call', completed: false, dueDate: '2026-06-01T10:00:00' }
  const made = await office.client.post(`/contacts/${contactId}/tasks`, task)
  assert.equal(made.body.task?.dueDate, '2026-06-01T10:00:00.000Z', JSON.stringify(made.body))
  const filters = [{ field: 'dateAdded', operator: 'eq', value: '2026-07-01' }]
  const found = await office.client.post('/contacts/search', { locationId: office.id, pageLimit: 5, filters })
  assert.equal(found.body.total, 1, JSON.stringify(found.body))
})
