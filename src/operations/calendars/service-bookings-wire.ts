import { type Static, Type } from 'typebox'
import { servicesOf, type ZoneClock } from '../../scheduling/index.ts'
import type { Asset } from '../../store/assets/index.ts'
import type { RecordDocument, RecordRow } from '../../store/records/index.ts'
import { Noun } from '../schemas.ts'
import { clockOf } from './wire.ts'

/** ServiceBookingResponseDTO. What the wire wants to be there and a booking does not have is empty. */
export const ServiceBooking = Noun('ServiceBooking', {
  bookingId: Type.String(),
  locationId: Type.String(),
  contactId: Type.String(),
  serviceLocationId: Type.String(),
  title: Type.String(),
  startTime: Type.String(),
  endTime: Type.String(),
  services: Type.Array(
    Noun('BookedService', {
      id: Type.String(),
      serviceCategoryId: Type.String(),
      serviceStaffId: Type.String(),
      serviceStartTime: Type.String(),
      serviceEndTime: Type.String(),
      serviceResources: Type.Array(Type.Object({ id: Type.String() })),
      serviceAddOns: Type.Array(Type.Object({ id: Type.String(), quantity: Type.Optional(Type.Number()) })),
    }),
  ),
  timezone: Type.String(),
  status: Type.String(),
  deleted: Type.Boolean(),
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
  createdBy: Type.Object({ userId: Type.Optional(Type.String()), source: Type.String() }),
  meetingLocation: Type.Optional(Type.String()),
})
/** CreateOrUpdateServiceBookingResponseDTO. */
export const WrittenBooking = Type.Object({
  ...ServiceBooking.properties,
  messages: Type.Optional(Type.Array(Type.String({ description: 'What was not taken, and why.' }))),
})

/** Bookings as the wire shows them: times in the zone that is asked for, or else in each booker's own. */
export function toBookings(
  rows: readonly RecordRow[],
  { locationId, services, timeZone }: { locationId: string; services: readonly Asset[]; timeZone?: string | undefined },
): Static<typeof ServiceBooking>[] {
  const categories = new Map(services.map(({ id, document }) => [id, String(document.serviceCategoryId ?? '')]))
  const zoneOf = (document: RecordDocument) => timeZone ?? String(document.timezone)
  const byZone = Map.groupBy(
    rows.map(({ document }) => document),
    zoneOf,
  )
  const clocks = new Map([...byZone].map(([zone, documents]) => [zone, clockOf(zone, documents)]))
  return rows.map(({ id, document, createdAt, updatedAt, deletedAt }) => {
    const clock = clocks.get(zoneOf(document)) as ZoneClock
    const startMs = Date.parse(String(document.startTime))
    const { contactId = '', serviceLocationId = '', title, timezone, createdBy, address } = document
    return {
      bookingId: id,
      ...{ locationId, contactId, serviceLocationId, title },
      startTime: clock.textOf(startMs),
      endTime: clock.textOf(Date.parse(String(document.endTime))),
      services: servicesOf(document).map((one) => ({
        id: one.id,
        serviceCategoryId: categories.get(one.serviceId) ?? '',
        serviceStaffId: one.staffId ?? '',
        serviceStartTime: clock.textOf(startMs + one.fromMs),
        serviceEndTime: clock.textOf(startMs + one.toMs),
        serviceResources: [],
        serviceAddOns: (one.addOns ?? []).map(({ duration: _, ...addOn }) => addOn),
      })),
      timezone,
      status: document.appointmentStatus === 'noshow' ? 'no_show' : document.appointmentStatus,
      deleted: deletedAt !== null,
      dateAdded: createdAt.toISOString(),
      dateUpdated: updatedAt.toISOString(),
      createdBy,
      ...(document.meetingLocationType === 'custom' && address !== undefined ? { meetingLocation: address } : {}),
    } as Static<typeof ServiceBooking>
  })
}
