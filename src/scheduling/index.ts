/*
 * When a calendar is free, who serves an appointment, and when one recurs. Rules, openings, availability and free slots
 * are pure; load.ts reads what they need, booking.ts holds what it found until the transaction ends.
 */

export { forUsers } from './availability.ts'
export { type BookedService, serviceAsCalendar, servicesOf, tooLongBuffers } from './booked-services.ts'
export { type Booked, type BookingWish, book, bookAll } from './booking.ts'
export { createZoneClock, findTimeZone, isTimeZone, LAST_MOMENT_MS, type ZoneClock } from './clock.ts'
export { findFreeSlots } from './free-slots.ts'
export {
  appliesTo,
  LONGEST_MS,
  loadCalendars,
  loadRules,
  loadSchedules,
  loadTaken,
  loadTimeZone,
  overlaps,
} from './load.ts'
export { nextOccurrence } from './occurrences.ts'
export { MOST_INSTANCES } from './recurrence.ts'
export { awaitNext, makeTasks, type RecurringTask } from './recurring-tasks.ts'
export { buffersOf, hasTeam, hoursOf, slotDurationOf } from './rules.ts'
export { createSeries, getEvent, updateSeries } from './series.ts'
export { checkedSpan, isoOf } from './span.ts'
export { toHours, toWireRules, type WireRule } from './wire-rules.ts'
