import assert from 'node:assert/strict'
import { at } from '../../support/catalogue-inputs.ts'
import { named, type Story } from './story.ts'

export const found: Story = async ({ ask, ids }) => {
  const { locationId, spareContactId: contactId } = ids
  const body = { title: 'Order lilies', dueDate: at(3).toISOString(), completed: false }
  const { task } = await ask('POST /contacts/{contactId}/tasks', { contactId }, body)
  const search = async (wanted: object) =>
    named((await ask('POST /locations/{locationId}/tasks/search', { locationId }, wanted)).tasks)
  assert.deepEqual(await search({ contactId: [contactId], completed: false }), [task.id])
  assert.deepEqual(await search({ query: 'lilies', limit: 5, skip: 0 }), [task.id])
  assert.deepEqual(await search({ contactId: [contactId], completed: true }), [])
  await ask('DELETE /contacts/{contactId}/tasks/{taskId}', { contactId, taskId: task.id })
  assert.deepEqual(await search({ query: 'lilies' }), [])
}

export const recurring: Story = async ({ ask, ids }) => {
  const { locationId, spareContactId, userId } = ids
  const rruleOptions = { intervalType: 'daily', interval: 2, startDate: '2099-01-01T09:00:00Z', dueAfterSeconds: 600 }
  const body = { title: 'Call', contactIds: [spareContactId], owners: [userId], rruleOptions }
  const made = (await ask('POST /locations/{locationId}/recurring-tasks', { locationId }, body)).recurringTask
  assert.deepEqual([made.title, made.contactId], ['Call', spareContactId])
  const line = '/locations/{locationId}/recurring-tasks/{id}'
  const one = { locationId, id: made.id }
  const weekly = { ...rruleOptions, intervalType: 'weekly' }
  await ask(`PUT ${line}`, one, { title: 'Write', rruleOptions: weekly })
  const shown = (await ask(`GET ${line}`, one)).recurringTask
  assert.deepEqual([shown.title, shown.rruleOptions.intervalType], ['Write', 'weekly'])
  await ask(`DELETE ${line}`, one)
  await assert.rejects(ask(`GET ${line}`, one), /40[04]|was not found/)
}
