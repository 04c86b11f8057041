import { appointmentNoteOperations } from './appointment-notes.ts'
import { appointmentOperations } from './appointments.ts'
import { blockedSlotOperations } from './blocked-slots.ts'
import { calendarHoursOperations } from './calendar-hours.ts'
import { serviceOperations } from './calendar-services.ts'
import { calendarOperations } from './calendars.ts'
import { calendarEventOperations } from './events.ts'
import { freeSlotOperations } from './free-slots.ts'
import { calendarGroupOperations } from './groups.ts'
import { calendarNotificationOperations } from './notifications.ts'
import { calendarResourceOperations } from './resources.ts'
import { scheduleOperations } from './schedules.ts'
import { serviceBookingOperations } from './service-bookings.ts'
import { serviceLocationOperations } from './service-locations.ts'

export { showEvents } from './appointments.ts'
export { CalendarEvent } from './wire.ts'

/** Calendars, what is booked in them, and when they are open (src/scheduling works it out). */
export const operations = [
  ...calendarGroupOperations,
  ...calendarResourceOperations,
  ...calendarOperations,
  ...freeSlotOperations,
  ...appointmentOperations,
  ...calendarEventOperations,
  ...blockedSlotOperations,
  ...appointmentNoteOperations,
  ...calendarNotificationOperations,
  ...scheduleOperations,
  ...calendarHoursOperations,
  ...serviceLocationOperations,
  ...serviceOperations,
  ...serviceBookingOperations,
]
