import assert from 'node:assert/strict'
import { named, type Story } from './story.ts'

export const schedules: Story = async ({ ask, ids }) => {
  const { locationId, userId, calendarId } = ids
  const rules = [{ type: 'wday', day: 'wednesday', intervals: [{ from: '09:00', to: '12:00' }] }]
  const body = { locationId, userId, name: 'Mornings', timezone: 'Europe/London', rules }
  const { id } = (await ask('POST /calendars/schedules', {}, body)).schedule
  await ask('PUT /calendars/schedules/{id}', { id }, { name: 'Early' })
  const shown = (await ask('GET /calendars/schedules/{id}', { id })).schedule
  assert.deepEqual([shown.name, shown.rules], ['Early', rules])
  const wanted = { locationId, userId, calendarId }
  const listed = async () => named((await ask('GET /calendars/schedules/search', wanted)).schedules)
  assert.deepEqual(await listed(), [])
  await ask('PUT /calendars/schedules/{id}/associations/{calendarId}', { id, calendarId })
  assert.deepEqual(await listed(), [id])
  await ask('DELETE /calendars/schedules/{id}/associations/{calendarId}', { id, calendarId })
  assert.deepEqual(await listed(), [])
  await ask('DELETE /calendars/schedules/{id}', { id })
  await assert.rejects(ask('GET /calendars/schedules/{id}', { id }), /404|was not found/)
}
