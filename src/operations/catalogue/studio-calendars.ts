import { contactId, here, id, user, userId, written } from './studio.ts'

/* The calendar of the studio of the samples. */

export const calendarId = id('tour')
const groupId = id('meetings')
const roomId = id('room')

export const group = {
  id: groupId,
  ...here,
  name: 'Meetings',
  description: 'Tours and calls',
  slug: 'meetings',
  isActive: true,
}

export const calendar = {
  id: calendarId,
  ...here,
  groupId,
  name: 'Studio tour',
  description: 'Half an hour with one of us.',
  slug: 'studio-tour',
  widgetSlug: 'studio-tour',
  widgetType: 'classic',
  eventType: 'RoundRobin_OptimizeForAvailability',
  eventTitle: '{{contact.name}}',
  eventColor: '#039be5',
  isActive: true,
  teamMembers: [{ userId, priority: 0.5, isPrimary: true }],
  openHours: [
    { daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }] },
  ],
  slotDuration: 30,
  slotDurationUnit: 'mins',
  slotInterval: 30,
  slotIntervalUnit: 'mins',
  appoinmentPerSlot: 1,
  autoConfirm: true,
  allowReschedule: true,
  allowCancellation: true,
  appointmentPerSlot: 1,
  notifications: [],
  availabilities: [],
  slotBuffer: 0,
  slotBufferUnit: 'mins',
  preBuffer: 0,
  preBufferUnit: 'mins',
  guestType: 'count_only',
  consentLabel: '',
  formSubmitThanksMessage: '',
}

export const resource = {
  id: roomId,
  ...here,
  resourceType: 'rooms',
  name: 'Daylight studio',
  description: 'First floor',
  quantity: 1,
  outOfService: 0,
  capacity: 6,
  isActive: true,
  calendarIds: [calendarId],
}

export const notification = {
  _id: id('notification'),
  receiverType: 'contact',
  channel: 'email',
  notificationType: 'booked',
  isActive: true,
  deleted: false,
  subject: 'See you on {{appointment.start_time}}',
  body: 'We look forward to meeting you.',
}

export const appointment = {
  id: id('appointment'),
  title: 'Rosan Deo',
  calendarId,
  ...here,
  contactId,
  groupId,
  appointmentStatus: 'confirmed',
  appoinmentStatus: 'confirmed',
  deleted: false,
  assignedUserId: userId,
  users: [userId],
  address: '12 Warren Street, Hudson',
  description: 'Shows both studios.',
  assignedResources: [roomId],
  isRecurring: false,
  startTime: '2026-03-09T10:00:00-04:00',
  endTime: '2026-03-09T10:30:00-04:00',
  createdBy: { userId: '', source: 'third_party' },
  ...written,
}

export const blockedSlot = {
  id: id('block'),
  title: 'Stocktaking',
  calendarId,
  ...here,
  contactId: '',
  groupId,
  appointmentStatus: 'confirmed',
  appoinmentStatus: 'confirmed',
  deleted: false,
  assignedUserId: '',
  users: [],
  assignedResources: [],
  isRecurring: false,
  startTime: '2026-03-10T09:00:00-04:00',
  endTime: '2026-03-10T12:00:00-04:00',
  ...written,
}

export const appointmentNote = {
  id: id('appointment note'),
  userId,
  body: 'Bring the album of the Okafor wedding.',
  createdBy: { id: userId, name: user.name },
  contactId,
  dateAdded: written.dateAdded,
}
