import type { RecordDocument } from '../store/records/index.ts'
import type { CalendarDocument } from './context.ts'
import { MINUTE_MS, timeOf } from './hours.ts'

/** A service of a booking, as an appointment keeps it: its times count from the start of the appointment. */
export interface BookedService {
  /** The service, or one of its variations. */
  id: string
  serviceId: string
  staffId?: string | undefined
  fromMs: number
  toMs: number
  beforeMs: number
  afterMs: number
  addOns?: { id: string; quantity?: number; duration?: number }[] | undefined
}

/** Those of an appointment; whoever is not among its people any more gives none of them. */
export function servicesOf({ services, users }: RecordDocument): BookedService[] {
  const isThere = (id: string | undefined) => id !== undefined && (users as string[]).includes(id)
  return (services as BookedService[]).map((one) => ({
    ...one,
    staffId: isThere(one.staffId) ? one.staffId : undefined,
  }))
}

/** The most that a service keeps free before or after: no search for what is taken goes further for it. */
export const LONGEST_SERVICE_BUFFER_MS = 24 * 60 * MINUTE_MS

const TIMES = ['serviceDuration', 'preBuffer', 'postBuffer']
const ALL_DAY = { openHour: 0, openMinute: 0, closeHour: 24, closeMinute: 0 }
const ALWAYS = [{ daysOfTheWeek: [0, 1, 2, 3, 4, 5, 6], hours: [ALL_DAY] }]

/**
 * A service, or one of its variations, as a calendar: it is always open, to the minute, and its staff are the team.
 * What a variation does not say is as with the service.
 */
export function serviceAsCalendar({ id, document }: CalendarDocument, variationId: string): CalendarDocument {
  const variations = (document.variations ?? []) as Record<string, unknown>[]
  const variation = variations.find((one) => one.id === variationId)
  const said = (name: string) => (typeof variation?.[name] === 'number' ? variation : document)
  const times = Object.fromEntries(
    TIMES.flatMap((name) => [name, `${name}Unit`].map((field) => [field, said(name)[field]])),
  )
  return {
    id,
    document: {
      slotDuration: times.serviceDuration,
      slotDurationUnit: times.serviceDurationUnit,
      slotInterval: 1,
      preBuffer: times.preBuffer,
      preBufferUnit: times.preBufferUnit,
      slotBuffer: times.postBuffer,
      slotBufferUnit: times.postBufferUnit,
      openHours: ALWAYS,
      teamMembers: ((document.staff ?? []) as { id: string }[]).map((one) => ({ userId: one.id })),
    },
  }
}

/** Which of a service's buffers, or of a variation's, is longer than any may be. */
export const tooLongBuffers = (document: Record<string, unknown>): string[] =>
  ['preBuffer', 'postBuffer'].filter((name) => timeOf(document, name) > LONGEST_SERVICE_BUFFER_MS)
