import { CHANGED, many, one } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import {
  appointment,
  appointmentNote,
  blockedSlot,
  calendar,
  calendarId,
  group,
  notification,
  resource,
} from './studio-calendars.ts'

export const calendarEntries: readonly CatalogEntry[] = [
  trigger('List Calendar Groups', 'Get all calendar groups', 'GET /calendars/groups', {
    dedupe: many('groups'),
    sample: { groups: [group] },
  }),
  trigger('List Calendars', 'Retrieve all calendars', 'GET /calendars/', {
    dedupe: many('calendars'),
    sample: { calendars: [calendar] },
  }),
  trigger('Get Calendar by ID', 'Get specific calendar details', 'GET /calendars/:calendarId', {
    dedupe: one('calendar'),
    sample: { calendar },
  }),
  trigger('Get Free Slots', 'Check calendar availability', 'GET /calendars/:calendarId/free-slots', {
    dedupe: many('*.slots', { id: ['.'], request: ['calendarId'] }),
    sample: {
      '2026-03-09': { slots: ['2026-03-09T09:00:00-04:00', '2026-03-09T09:30:00-04:00'] },
      '2026-03-10': { slots: ['2026-03-10T13:00:00-04:00'] },
    },
    sampleInput: { calendarId, startDate: 1_773_028_800_000, endDate: 1_773_201_599_000 },
  }),
  trigger('List Calendar Events', 'Get all scheduled events', 'GET /calendars/events', {
    dedupe: many('events', CHANGED),
    sample: { events: [appointment] },
  }),
  trigger('List Blocked Slots', 'View unavailable time slots', 'GET /calendars/blocked-slots', {
    dedupe: many('events', CHANGED),
    sample: { events: [blockedSlot] },
  }),
  trigger('Get Appointment', 'Retrieve appointment details', 'GET /calendars/events/appointments/:eventId', {
    dedupe: one('event', CHANGED),
    sample: { event: appointment, appointment },
  }),
  trigger('List Appointment Notes', 'Get notes for appointments', 'GET /calendars/appointments/:appointmentId/notes', {
    dedupe: many('notes'),
    sample: { notes: [appointmentNote], hasMore: false },
  }),
  trigger('List Calendar Notifications', 'View notification settings', 'GET /calendars/:calendarId/notifications', {
    dedupe: many('', { id: ['_id'] }),
    sample: [notification],
  }),
  trigger(
    'Get Calendar Notification',
    'Get specific notification',
    'GET /calendars/:calendarId/notifications/:notificationId',
    {
      dedupe: one('', { id: ['_id'] }),
      sample: notification,
    },
  ),
  trigger('List Calendar Resources', 'View rooms and equipment', 'GET /calendars/resources/:resourceType', {
    dedupe: many(''),
    sample: [resource],
  }),
  trigger('Get Calendar Resource', 'Get specific resource details', 'GET /calendars/resources/:resourceType/:id', {
    dedupe: one(''),
    sample: resource,
  }),
  action('Create Calendar Group', 'Set up new calendar group', 'POST /calendars/groups'),
  action('Update Calendar Group', 'Modify calendar group settings', 'PUT /calendars/groups/:groupId'),
  action('Update Group Status', 'Enable or disable calendar group', 'PUT /calendars/groups/:groupId/status'),
  action('Delete Calendar Group', 'Remove calendar group', 'DELETE /calendars/groups/:groupId'),
  action('Validate Group Slug', 'Check if slug is available', 'POST /calendars/groups/validate-slug'),
  action('Create Calendar', 'Add new calendar', 'POST /calendars/'),
  action('Update Calendar', 'Modify calendar settings', 'PUT /calendars/:calendarId'),
  action('Delete Calendar', 'Remove calendar permanently', 'DELETE /calendars/:calendarId'),
  action('Create Appointment', 'Book new appointment', 'POST /calendars/events/appointments'),
  action('Update Appointment', 'Modify appointment details', 'PUT /calendars/events/appointments/:eventId'),
  action('Delete Event', 'Cancel and remove event', 'DELETE /calendars/events/:eventId'),
  action('Create Block Slot', 'Block time on calendar', 'POST /calendars/events/block-slots'),
  action('Update Block Slot', 'Modify blocked time', 'PUT /calendars/events/block-slots/:eventId'),
  action('Create Appointment Note', 'Add notes to appointments', 'POST /calendars/appointments/:appointmentId/notes'),
  action(
    'Update Appointment Note',
    'Edit appointment notes',
    'PUT /calendars/appointments/:appointmentId/notes/:noteId',
  ),
  action(
    'Delete Appointment Note',
    'Remove appointment notes',
    'DELETE /calendars/appointments/:appointmentId/notes/:noteId',
  ),
  action('Create Calendar Notification', 'Set up reminders', 'POST /calendars/:calendarId/notifications'),
  action(
    'Update Notification',
    'Modify notification settings',
    'PUT /calendars/:calendarId/notifications/:notificationId',
  ),
  action('Delete Notification', 'Remove notification', 'DELETE /calendars/:calendarId/notifications/:notificationId'),
  action('Create Calendar Resource', 'Add room or equipment', 'POST /calendars/resources/:resourceType'),
  action('Update Calendar Resource', 'Modify resource details', 'PUT /calendars/resources/:resourceType/:id'),
  action('Delete Calendar Resource', 'Remove resource', 'DELETE /calendars/resources/:resourceType/:id'),
]
