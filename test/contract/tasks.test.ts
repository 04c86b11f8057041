import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { nextOccurrence } from '../../src/scheduling/index.ts'
import { type Office, startOffice } from '../support/office.ts'
import { isOfficial } from '../support/official-lines.ts'

let office: Office
let aheadMs = 0
const [MINUTE, HOUR] = [60_000, 3_600_000]
before(async () => {
  office = await startOffice({ work: true, clock: { nowMs: () => Date.now() + aheadMs } })
})
after(() => office?.[Symbol.asyncDispose]())

const path = (rest: string) => `/locations/${office.location.id}/${rest}`
const search = async (body: object) =>
  isOfficial('POST /locations/{locationId}/tasks/search', await office.client.post(path('tasks/search'), body))
const create = async (body: object) =>
  isOfficial(
    'POST /locations/{locationId}/recurring-tasks',
    await office.client.post(path('recurring-tasks'), { title: 'Call', ...body }),
  ).recurringTask

test('the tasks of a location are found by contact, state, owner, words and business', async () => {
  const business = (await office.client.post('/businesses/', { ...office.here, name: 'Deo' })).body.buiseness
  const [ada, ben] = [await office.newContact(), await office.newContact()]
  assert.equal(
    (
      await office.client.post('/contacts/bulk/business', {
        ...office.here,
        ids: [ada],
        businessId: business.id,
      })
    ).status,
    200,
  )
  const add = (contactId: string, body: object) =>
    office.client.post(`/contacts/${contactId}/tasks`, { dueDate: '2026-10-25T11:00:00Z', completed: false, ...body })
  await add(ada, { title: 'Send the price list' })
  await add(ada, { title: 'Write', completed: true })
  await add(ben, { title: 'Send flowers', body: 'Lilies' })
  const titles = async (body: object) => (await search(body)).tasks.map(({ title }: { title: string }) => title)
  assert.deepEqual(await titles({}), ['Send flowers', 'Write', 'Send the price list'])
  assert.deepEqual(await titles({ contactId: [ada] }), ['Write', 'Send the price list'])
  assert.deepEqual(await titles({ completed: true }), ['Write'])
  assert.deepEqual(await titles({ query: 'send' }), ['Send flowers', 'Send the price list'])
  assert.deepEqual(await titles({ query: 'lil' }), ['Send flowers'])
  assert.deepEqual(await titles({ businessId: business.id }), ['Write', 'Send the price list'])
  assert.deepEqual(await titles({ assignedTo: ['nobody'] }), [])
  assert.deepEqual(await titles({ limit: 1, skip: 1 }), ['Write'])
})

test('a recurring task is made, read, changed and ended; what it names must be there', async () => {
  const contactId = await office.newContact()
  const rruleOptions = { intervalType: 'daily', interval: 2, startDate: '2099-01-01T09:00:00Z', dueAfterSeconds: 600 }
  const made = await create({ contactIds: [contactId], rruleOptions })
  assert.deepEqual([made.contactId, made.totalOccurrence, made.nextAt], [contactId, 0, '2099-01-01T09:00:00.000Z'])
  const line = '/locations/{locationId}/recurring-tasks/{id}'
  const one = path(`recurring-tasks/${made.id}`)
  assert.deepEqual(isOfficial(`GET ${line}`, await office.client.get(one)).recurringTask, made)
  const changed = await office.client.put(one, {
    title: 'Write',
    rruleOptions: { ...rruleOptions, intervalType: 'weekly' },
  })
  assert.equal(isOfficial(`PUT ${line}`, changed).recurringTask.title, 'Write')
  isOfficial(`DELETE ${line}`, await office.client.delete(one))
  assert.equal((await office.client.get(one)).status, 404)
  const refused = await office.client.post(path('recurring-tasks'), {
    title: 'Call',
    contactIds: ['x'],
    owners: ['y'],
    rruleOptions: { ...rruleOptions, startDate: 'soon' },
  })
  assert.deepEqual(refused.body.message, [
    'contactIds: there is no contact x in this location',
    'owners: there is no user y in this location',
    'rruleOptions.startDate must be a valid ISO 8601 date string',
  ])
})

test('tasks are made when the time comes: at once where it has begun, and later by the worker', async () => {
  const contactId = await office.newContact()
  const start = new Date(Date.now() - HOUR + MINUTE).toISOString()
  const rruleOptions = { intervalType: 'hourly', interval: 1, startDate: start, count: 2, dueAfterSeconds: 60 }
  const made = await create({ contactIds: [contactId], rruleOptions, description: 'Twice' })
  const tasks = async () => (await office.client.get(`/contacts/${contactId}/tasks`)).body.tasks
  assert.deepEqual([(await tasks()).length, made.totalOccurrence], [1, 1])
  aheadMs = MINUTE
  await sql`update graphile_worker._private_jobs set run_at = now() where payload->>'id' = ${made.id}`.execute(
    office.server.owner(),
  )
  for (let tries = 0; tries < 100 && (await tasks()).length < 2; tries++) await pause(100)
  const all = await tasks()
  assert.equal(all.length, 2, 'the second hour has come')
  assert.equal(all[1].dueDate, new Date(Date.parse(start) + HOUR + 60_000).toISOString())
  const { recurringTask } = (await office.client.get(path(`recurring-tasks/${made.id}`))).body
  assert.deepEqual([recurringTask.totalOccurrence, recurringTask.nextAt], [2, undefined])
  const none = await create({ contactIds: [contactId], rruleOptions, ignoreTaskCreation: true })
  assert.equal((await tasks()).length, 2)
  assert.equal(none.totalOccurrence, 0)
})

test('the next time is on the clocks of the zone, and hours are counted', () => {
  const rule = { interval: 1, startDate: '2026-03-27T08:00:00Z' }
  const next = (more: object, after: string, zone = 'Europe/Berlin') => {
    const ms = nextOccurrence({ intervalType: 'daily', ...rule, ...more }, Date.parse(after), zone)
    return ms === null ? null : new Date(ms).toISOString()
  }
  assert.equal(next({}, '2026-03-28T12:00:00Z'), '2026-03-29T07:00:00.000Z')
  assert.equal(next({}, '2020-01-01T00:00:00Z'), '2026-03-27T08:00:00.000Z')
  assert.equal(next({ intervalType: 'hourly', interval: 5 }, '2036-03-27T08:00:00Z'), '2036-03-27T11:00:00.000Z')
  assert.equal(
    next({ intervalType: 'monthly', dayOfMonth: -1 }, '2026-04-01T00:00:00Z', 'UTC'),
    '2026-04-30T08:00:00.000Z',
  )
  assert.equal(
    next({ intervalType: 'weekly', dayOfWeek: 'TU' }, '2026-03-27T08:00:00Z', 'UTC'),
    '2026-03-31T08:00:00.000Z',
  )
  assert.equal(
    next({ intervalType: 'yearly', monthOfYear: 2, dayOfMonth: 29 }, '2026-04-01T00:00:00Z', 'UTC'),
    '2028-02-29T08:00:00.000Z',
  )
  assert.equal(next({ count: 2 }, '2026-03-28T08:00:00Z', 'UTC'), null)
  assert.equal(next({ endDate: '2026-03-28T00:00:00Z' }, '2026-03-27T08:00:00Z'), null)
})
