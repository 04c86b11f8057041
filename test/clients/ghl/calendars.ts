import assert from 'node:assert/strict'
import { at, slot } from '../../support/catalogue-inputs.ts'
import { theirs } from '../../support/theirs.ts'
import type { Story } from './story.ts'

const named = (things: { id?: string; _id?: string }[]) => things.map(({ id, _id }) => id ?? _id)

export const groups: Story = async ({ call, ids }) => {
  const { groups: found } = await call('get_calendar_groups')
  assert.deepEqual(named(found), [ids.groupId])
}

export const calendars: Story = async ({ call, ids }) => {
  const calendar = { name: 'Tour', description: 'Of the barn', calendarType: 'event', slotDuration: 45 }
  const made = await call('create_calendar', { ...calendar, groupId: ids.groupId, autoConfirm: true })
  const calendarId: string = made.calendar.id
  assert.deepEqual([made.calendar.name, made.calendar.slotDuration], ['Tour', 45])
  assert.deepEqual(named((await call('get_calendars', { groupId: ids.groupId })).calendars), [calendarId])
  await call('update_calendar', { calendarId, name: 'Long tour', slotDuration: 90, isActive: false })
  const { calendar: shown } = await call('get_calendar', { calendarId })
  assert.deepEqual([shown.name, shown.slotDuration, shown.isActive], ['Long tour', 90, false])
  await call('delete_calendar', { calendarId })
  await assert.rejects(call('get_calendar', { calendarId }))
}

export const appointments: Story = async ({ call, ids }) => {
  const { calendarId, contactId, userId } = ids
  const [startDate, endDate] = [at(6).toISOString().slice(0, 10), at(7).toISOString().slice(0, 10)]
  const { freeSlots } = await call('get_free_slots', { calendarId, startDate, endDate, timezone: 'UTC' })
  const startTime: string = freeSlots[startDate].slots[0]
  const booking = { calendarId, contactId, startTime, title: 'Tasting', assignedUserId: userId }
  const { appointment } = await call('create_appointment', { ...booking, appointmentStatus: 'confirmed' })
  const one = { appointmentId: appointment.id }
  await call('update_appointment', { ...one, title: 'Long tasting', appointmentStatus: 'showed' })
  assert.equal((await call('get_appointment', one)).appointment.title, 'Long tasting')
  const period = { startTime: at(6).toISOString(), endTime: at(7).toISOString() }
  const { events } = await call('get_calendar_events', { ...period, calendarId })
  assert.deepEqual(named(events), [appointment.id])
  assert.deepEqual([events[0].title, events[0].appointmentStatus], ['Long tasting', 'showed'])
  const taken = await call('get_free_slots', { calendarId, startDate, endDate, timezone: 'UTC' })
  assert.ok(!taken.freeSlots[startDate].slots.includes(startTime))
  await call('delete_appointment', one)
  await theirs(/404|400/, () => call('get_appointment', one))
}

export const blocks: Story = async ({ call, ids }) => {
  const { calendarId, blockId: blockSlotId } = ids
  const block = { calendarId, ...slot(8), title: 'Closed' }
  await theirs(/Cannot POST \/calendars\/blocked-slots/, () => call('create_block_slot', block))
  const { blockSlot } = await call('update_block_slot', { blockSlotId, calendarId, ...slot(3), title: 'Holiday' })
  assert.deepEqual([blockSlot.id, blockSlot.title], [blockSlotId, 'Holiday'])
}

/** It lists these, but does not know them when they are called. */
const UNKNOWN = [
  ...['create_calendar_group', 'validate_group_slug', 'update_calendar_group', 'delete_calendar_group'],
  ...['disable_calendar_group', 'get_blocked_slots'],
  ...['get_appointment_notes', 'create_appointment_note', 'update_appointment_note', 'delete_appointment_note'],
  ...['equipment', 'room'].flatMap((one) => [
    `get_calendar_resources_${one === 'room' ? 'rooms' : 'equipments'}`,
    ...['create', 'get', 'update', 'delete'].map((verb) => `${verb}_calendar_resource_${one}`),
  ]),
  'get_calendar_notifications',
  ...['create_calendar_notifications', 'get_calendar_notification', 'update_calendar_notification'],
  'delete_calendar_notification',
]

export const unknown: Story = async ({ call }) => {
  for (const name of UNKNOWN) await theirs(/Unknown tool/, () => call(name))
}
