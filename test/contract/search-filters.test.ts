import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Office, startOffice } from '../support/office.ts'

let office: Office
const ids: Record<string, string> = {}
let pipelineId: string
let stages: { id: string }[]
before(async () => {
  office = await startOffice()
  const { client, here } = office
  const made = async (path: string, body: object) => {
    const reply = await client.post(path, { ...here, ...body })
    assert.ok(reply.status < 300, JSON.stringify(reply.body))
    return reply.body
  }
  ids.ada = await office.newContact({ companyName: 'Engines' })
  ids.bob = await office.newContact({ firstName: 'Bob', dnd: true })
  const { workflow } = await made('/workflows/', { name: 'Welcome' })
  ids.workflow = workflow.id
  assert.equal((await client.post(`/contacts/${ids.ada}/workflow/${workflow.id}`)).status, 200)
  assert.equal((await client.post(`/contacts/${ids.bob}/workflow/${workflow.id}`)).status, 200)
  assert.equal((await client.delete(`/contacts/${ids.bob}/workflow/${workflow.id}`)).status, 200)
  const { calendar } = await made('/calendars/', { name: 'Talk' })
  for (const startTime of ['2026-05-01T10:00:00Z', '2026-07-01T10:00:00Z'])
    await made('/calendars/events/appointments', {
      calendarId: calendar.id,
      contactId: ids.ada,
      startTime,
      ignoreFreeSlotValidation: true,
    })
  const { pipeline } = await made('/opportunities/pipelines', {
    name: 'Sales',
    stages: [{ name: 'New' }, { name: 'Won' }],
  })
  pipelineId = pipeline.id
  stages = pipeline.stages
  const deal = async (name: string, contactId: string, more: object) => {
    ids[name] = (await made('/opportunities/', { pipelineId, name, contactId, ...more })).opportunity.id
  }
  await deal('open', ids.ada as string, { status: 'open', monetaryValue: 5, source: 'Fair' })
  await deal('won', ids.bob as string, { status: 'won', monetaryValue: 70, pipelineStageId: stages[1]?.id })
})
after(() => office?.[Symbol.asyncDispose]())

const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id) as string

async function contacts(...filters: object[]): Promise<string[]> {
  const { status, body } = await office.client.post('/contacts/search', { ...office.here, pageLimit: 10, filters })
  assert.equal(status, 200, JSON.stringify(body))
  return body.contacts.map(({ id }: { id: string }) => nameOf(id)).toSorted()
}

async function deals(more: object): Promise<string[]> {
  const { status, body } = await office.client.post('/opportunities/search', { ...office.here, ...more })
  assert.equal(status, 201, JSON.stringify(body))
  return body.opportunities.map(({ id }: { id: string }) => nameOf(id))
}

test('contacts are found by what belongs to them elsewhere', async () => {
  const { workflow } = ids
  const asked: [filter: object, expected: string[]][] = [
    [{ field: 'businessName', operator: 'eq', value: 'engines' }, ['ada']],
    [{ field: 'activeWorkflows', operator: 'eq', value: [workflow] }, ['ada']],
    [{ field: 'activeWorkflows', operator: 'not_eq', value: workflow }, ['bob']],
    [{ field: 'activeWorkflows', operator: 'exists' }, ['ada']],
    [{ field: 'finishedWorkflows', operator: 'eq', value: workflow }, ['bob']],
    [{ field: 'finishedWorkflows', operator: 'not_exists' }, ['ada']],
    [{ field: 'lastAppointment', operator: 'exists' }, ['ada']],
    [{ field: 'lastAppointment', operator: 'not_exists' }, ['bob']],
    [{ field: 'lastAppointment', operator: 'range', value: { gte: '2026-06-01' } }, ['ada']],
    [{ field: 'lastAppointment', operator: 'range', value: { lte: '2026-06-01' } }, []],
  ]
  for (const name of ['validEmail', 'isValidWhatsapp']) {
    asked.push([{ field: name, operator: 'eq', value: true }, []])
    asked.push([{ field: name, operator: 'not_eq', value: true }, ['ada', 'bob']])
  }
  for (const field of ['validEmail', 'isValidWhatsapp', 'lastEmailClickedDate', 'lastEmailOpenedDate']) {
    asked.push([{ field, operator: 'exists' }, []])
    asked.push([{ field, operator: 'not_exists' }, ['ada', 'bob']])
  }
  for (const field of ['lastEmailClickedDate', 'lastEmailOpenedDate'])
    asked.push([{ field, operator: 'range', value: { gte: '2020-01-01' } }, []])
  for (const [filter, expected] of asked) assert.deepEqual(await contacts(filter), expected, JSON.stringify(filter))
  const sorted = { ...office.here, pageLimit: 10, sort: [{ field: 'dnd', direction: 'desc' }] }
  const { body } = await office.client.post('/contacts/search', sorted)
  assert.deepEqual(
    body.contacts.map(({ id }: { id: string }) => nameOf(id)),
    ['bob', 'ada'],
  )
})

test('contacts are found by one opportunity that meets all filters', async () => {
  const nested = (...filters: object[]) => ({ field: 'opportunities', operator: 'nested', filters })
  const status = (value: string) => ({ field: 'status', operator: 'eq', value })
  const stage = { field: 'pipelineStageId', operator: 'eq', value: stages[1]?.id }
  assert.deepEqual(await contacts(nested(status('open'))), ['ada'])
  assert.deepEqual(await contacts(nested({ field: 'pipelineId', operator: 'eq', value: pipelineId })), ['ada', 'bob'])
  assert.deepEqual(await contacts(nested(status('won'), stage)), ['bob'])
  assert.deepEqual(await contacts(nested(status('open'), stage)), [])
  assert.deepEqual(await contacts({ group: 'OR', filters: [nested(status('open')), nested(stage)] }), ['ada', 'bob'])
  const wrong = await office.client.post('/contacts/search', {
    ...office.here,
    pageLimit: 1,
    filters: [nested({ field: 'colour', operator: 'eq', value: 'red' })],
  })
  assert.equal(wrong.status, 422)
  assert.match(wrong.body.message[0], /^filters\[0\]\.filters\[0\]\.field/)
})

test('opportunities are filtered and sorted by the body', async () => {
  const eq = (field: string, value: unknown) => ({ filters: [{ field, operator: 'eq', value }] })
  const asked: [more: object, expected: string[]][] = [
    [eq('status', ['open']), ['open']],
    [eq('status', ['open', 'won']), ['won', 'open']],
    [eq('pipeline_id', pipelineId), ['won', 'open']],
    [eq('pipelineStageId', stages[1]?.id), ['won']],
    [eq('pipeline_stage_id', stages[1]?.id), ['won']],
    [eq('contact_id', ids.ada), ['open']],
    [eq('source', 'fair'), ['open']],
    [eq('id', ids.won), ['won']],
    [{ filters: [{ field: 'name', operator: 'contains', value: 'pe' }] }, ['open']],
    [{ filters: [{ field: 'assigned_to', operator: 'not_exists' }] }, ['won', 'open']],
    [{ filters: [{ field: 'monetary_value', operator: 'range', value: { gt: 10 } }] }, ['won']],
    [{ filters: [{ field: 'date_added', operator: 'range', value: { gte: '2020-01-01' } }] }, ['won', 'open']],
    [{ filters: [{ field: 'last_stage_change_date', operator: 'range', value: { lt: '2020-01-01' } }] }, []],
    [
      { filters: [{ group: 'OR', filters: [...eq('status', 'won').filters, ...eq('source', 'Fair').filters] }] },
      ['won', 'open'],
    ],
    [{ sort: [{ field: 'date_added', direction: 'asc' }] }, ['open', 'won']],
    [{ sort: [{ field: 'monetary_value', direction: 'desc' }] }, ['won', 'open']],
    [{ sort: [{ field: 'name', direction: 'asc' }] }, ['open', 'won']],
    [{ sort: [{ field: 'dateUpdated', direction: 'asc' }] }, ['open', 'won']],
  ]
  for (const [more, expected] of asked) assert.deepEqual(await deals(more), expected, JSON.stringify(more))
  const seen: string[] = []
  for (let searchAfter: unknown[] = []; seen.length < 2; ) {
    const { body } = await office.client.post('/opportunities/search', {
      ...office.here,
      limit: 1,
      sort: [{ field: 'monetary_value', direction: 'asc' }],
      searchAfter,
    })
    seen.push(nameOf(body.opportunities[0].id))
    searchAfter = body.opportunities[0].sort
  }
  assert.deepEqual(seen, ['open', 'won'])
  for (const wrong of [eq('colour', 'red'), { sort: [{ field: 'colour' }] }, { filters: [{ field: 'status' }] }])
    assert.equal((await office.client.post('/opportunities/search', { ...office.here, ...wrong })).status, 422)
})

test('a single opportunity tells the notes, tasks and appointments that the search tells', async () => {
  const { client, here } = office
  assert.equal((await client.post(`/contacts/${ids.ada}/notes`, { body: 'Hello' })).status, 201)
  const task = { title: 'Call', dueDate: '2026-10-25', completed: false }
  assert.equal((await client.post(`/contacts/${ids.ada}/tasks`, task)).status, 201)
  const additionalDetails = { notes: true, tasks: true, calendarEvents: true }
  const { opportunities } = (await client.post('/opportunities/search', { ...here, additionalDetails })).body
  const found = opportunities.find(({ id }: { id: string }) => id === ids.open)
  assert.deepEqual([found.notes.length, found.tasks.length, found.calendarEvents.length], [1, 1, 2])
  for (const { body } of [
    await client.get(`/opportunities/${ids.open}`),
    await client.put(`/opportunities/${ids.open}`, { name: 'Open' }),
  ]) {
    const { notes, tasks, calendarEvents } = body.opportunity
    assert.deepEqual([notes, tasks, calendarEvents], [found.notes, found.tasks, found.calendarEvents])
  }
})
