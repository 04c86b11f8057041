import type { BookingWish } from '../../scheduling/index.ts'
import type { RecordDocument } from '../../store/records/index.ts'

export const VOID: readonly unknown[] = ['cancelled', 'invalid']

interface Changes extends Partial<Omit<BookingWish, 'startMs' | 'endMs'>> {
  appointmentStatus?: string | undefined
  startTime?: number | undefined
  endTime?: number | undefined
}

/**
 * What must be booked for a change; null where neither time nor people change, or where the appointment takes no time.
 */
export function wishFrom(before: RecordDocument, changes: Changes): BookingWish | null {
  const { startTime, endTime, calendarId, assignedUserId, appointmentStatus = before.appointmentStatus } = changes
  const [oldStart, oldEnd] = [Date.parse(before.startTime as string), Date.parse(before.endTime as string)]
  const startMs = startTime ?? oldStart
  const moved = startMs !== oldStart || (endTime !== undefined && endTime !== oldEnd)
  const other = calendarId !== undefined && calendarId !== before.calendarId
  const reassigned = assignedUserId !== undefined && assignedUserId !== before.assignedUserId
  const revived = VOID.includes(before.appointmentStatus) && !VOID.includes(appointmentStatus)
  if (!moved && !other && !reassigned && !revived) return null
  return {
    calendarId: calendarId ?? (before.calendarId as string),
    startMs,
    endMs: endTime ?? (other ? undefined : startMs + oldEnd - oldStart),
    assignedUserId,
    formerUserId: other ? undefined : (before.assignedUserId as string | undefined),
    keepsTime: !moved && !other,
    ignoreDateRange: changes.ignoreDateRange,
    ignoreFreeSlotValidation: changes.ignoreFreeSlotValidation === true || VOID.includes(appointmentStatus),
  }
}
