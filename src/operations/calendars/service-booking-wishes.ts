import { invalid } from '../../errors.ts'
import { calendarServices } from '../../resources/calendar-services.ts'
import { serviceLocations } from '../../resources/service-locations.ts'
import {
  type BookedService,
  bookAll,
  buffersOf,
  checkedSpan,
  isoOf,
  LONGEST_MS,
  serviceAsCalendar,
  slotDurationOf,
} from '../../scheduling/index.ts'
import { type Asset, type AssetResource, listAssets } from '../../store/assets/index.ts'
import type { RecordDocument } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { faultsOfPeople } from '../people/index.ts'

/** CreateBookingServiceDTO. */
export interface AskedService {
  id: string
  staffId?: string | undefined
  position?: number | undefined
  addOns?: BookedService['addOns']
}

/** What is done, by whom, and for how long: nobody has looked yet whether they are free. */
interface WantedService {
  id: string
  service: Pick<Asset, 'id' | 'document'>
  staffId: string | undefined
  /** Who did it so far. */
  formerId: string | undefined
  lastsMs: number
  addOns: BookedService['addOns']
}

export const loadServices = (ctx: Context): Promise<Asset[]> =>
  listAssets(ctx.db, calendarServices as unknown as AssetResource, ctx.locationId)

const calendarOf = ({ id, service }: Pick<WantedService, 'id' | 'service'>) => serviceAsCalendar(service, id)

/** The services that are asked for, in their order; 422 with everything that is wrong with them. */
export async function readServices(
  ctx: Context,
  asked: readonly AskedService[],
  { anybody, before = [] }: { anybody: boolean; before?: readonly BookedService[] | undefined },
): Promise<WantedService[]> {
  const services = await loadServices(ctx)
  const faults: string[] = []
  const wanted = asked.map(({ id, staffId, position, addOns }, n) => {
    const at = `services[${n}]`
    const service = services.find((one) => one.id === id) ?? services.find((one) => variationIdsOf(one).includes(id))
    if (service === undefined) {
      faults.push(`${at}.id: there is no service with the id ${id} in this location`)
      return null
    }
    const staff = ((service.document.staff ?? []) as { id: string }[]).map((one) => one.id)
    if (staffId !== undefined && !anybody && staff.length > 0 && !staff.includes(staffId))
      faults.push(`${at}.staffId: the user is not among the staff of the service`)
    const formerId = before.find((one) => one.id === id)?.staffId
    const lastsMs = durationOf({ id, service, addOns })
    return { id, service, staffId, formerId, addOns, lastsMs, position: position ?? n }
  })
  const named = asked.map(({ staffId }) => staffId)
  const present = before.map(({ staffId }) => staffId)
  faults.push(...(await faultsOfPeople(ctx, 'services[].staffId', named, present)))
  if (faults.length > 0) throw invalid(faults)
  return wanted.filter((one) => one !== null).toSorted((a, b) => a.position - b.position)
}

const variationIdsOf = ({ document }: Asset) => ((document.variations ?? []) as { id: string }[]).map(({ id }) => id)

/**
 * Those of a booking as it stands: each stays with whoever has it and takes as long as it did; the last one, which goes
 * on until the end, no longer than it must.
 */
export async function keptServices(ctx: Context, booked: readonly BookedService[]): Promise<WantedService[]> {
  const services = await loadServices(ctx)
  return booked.map(({ id, serviceId, staffId, fromMs, toMs, addOns }, n) => {
    // One that is gone is nobody's in particular.
    const service = services.find((one) => one.id === serviceId) ?? { id: serviceId, document: {} }
    const needsMs = n === booked.length - 1 ? durationOf({ id, service, addOns }) : toMs - fromMs
    return { id, service, staffId: undefined, formerId: staffId, addOns, lastsMs: Math.min(needsMs, toMs - fromMs) }
  })
}

/** Add-ons take time of their own. */
function durationOf(one: Pick<WantedService, 'id' | 'service' | 'addOns'>): number {
  const minutes = (one.addOns ?? []).reduce((sum, { duration = 0 }) => sum + duration, 0)
  return slotDurationOf(calendarOf(one).document) + Math.round(minutes * 60_000)
}

export const lengthOf = (wanted: readonly WantedService[]): number =>
  wanted.reduce((sum, { lastsMs }) => sum + lastsMs, 0)

interface Times {
  startMs: number
  endMs: number
  timeZone: string
  /** The appointment itself. */
  exceptId?: string | undefined
  /** Its time is settled. */
  keepsTime?: boolean
  ignoreDateRange: boolean | undefined
  ignoreFreeSlotValidation: boolean
}

/**
 * Books services one after the other, each with whoever is free for it, and answers what the appointment holds of
 * them. The last one goes on until the end. 422 where the end comes too soon, 400 where one of them finds nobody.
 */
export async function bookServices(
  ctx: Context,
  wanted: readonly WantedService[],
  { startMs, endMs, timeZone, exceptId, ...free }: Times,
): Promise<RecordDocument> {
  checkedSpan(startMs, endMs, LONGEST_MS.appointments)
  if (endMs - startMs < lengthOf(wanted) && !free.ignoreFreeSlotValidation)
    throw invalid([`endTime: the services take until ${isoOf(startMs + lengthOf(wanted))}`])
  const spans = spansOf(wanted, startMs, endMs)
  const booked = await bookAll(
    ctx,
    wanted.map(({ id, service, staffId, formerId }, n) => ({
      calendar: calendarOf({ id, service }),
      byPeople: true,
      wish: {
        ...{ calendarId: service.id, ...(spans[n] as (typeof spans)[number]) },
        ...{ assignedUserId: staffId, formerUserId: formerId, ...free },
      },
    })),
    { timeZone, exceptId },
  )
  const services = booked.map((one, n): BookedService => {
    const { id, service, addOns } = wanted[n] as WantedService
    return {
      ...{ id, serviceId: service.id, staffId: one.assignedUserId ?? undefined },
      ...{ fromMs: one.startMs - startMs, toMs: one.endMs - startMs },
      ...buffersOf(one.calendar.document),
      addOns,
    }
  })
  const users = [...new Set(services.flatMap(({ staffId }) => staffId ?? []))]
  return { services, users, assignedUserId: users[0] ?? null, startTime: isoOf(startMs), endTime: isoOf(endMs) }
}

/** Where nobody looks, services may have less time than they take: each has some. */
function spansOf(wanted: readonly WantedService[], startMs: number, endMs: number) {
  const factor = Math.min(1, (endMs - startMs) / lengthOf(wanted))
  const ends = wanted.map((_, n) =>
    n === wanted.length - 1 ? endMs : startMs + Math.round(lengthOf(wanted.slice(0, n + 1)) * factor),
  )
  return ends.map((end, n) => ({ startMs: n === 0 ? startMs : (ends[n - 1] as number), endMs: end }))
}

const IGNORED = 'Meeting location is not supported for the selected service location and has been ignored.'

/** Where it is: as the caller says, or in the first location that is active; with what the booker was to say of it. */
export async function readPlace(
  ctx: Context,
  {
    serviceLocationId,
    meetingLocation,
  }: { serviceLocationId?: string | undefined; meetingLocation?: string | undefined },
  before: RecordDocument = {},
): Promise<{ place: RecordDocument; messages: string[] }> {
  const all = await listAssets(ctx.db, serviceLocations as unknown as AssetResource, ctx.locationId)
  const isActive = ({ document }: Asset) => document.isActive !== false
  const id = serviceLocationId ?? before.serviceLocationId
  const found = id === undefined ? all.find(isActive) : all.find((one) => one.id === id)
  if (serviceLocationId !== undefined && serviceLocationId !== before.serviceLocationId) {
    if (found === undefined)
      throw invalid([`serviceLocationId: there is no service location with the id ${id} in this location`])
    if (!isActive(found)) throw invalid(['serviceLocationId: the service location is not active'])
  }
  const messages = meetingLocation && found?.document.locationType !== 'ask_booker' ? [IGNORED] : []
  const place = { serviceLocationId: found?.id ?? before.serviceLocationId }
  if (found?.document.locationType !== 'ask_booker') {
    const address = found === undefined ? before.address : found.document.address
    return { place: { ...place, address: address || undefined, meetingLocationType: 'default' }, messages }
  }
  const said = meetingLocation ?? (before.meetingLocationType === 'custom' ? before.address : undefined)
  if (!said) throw invalid(['meetingLocation: the service location asks the booker for it'])
  return { place: { ...place, address: said, meetingLocationType: 'custom' }, messages }
}
