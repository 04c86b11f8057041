import type { AssetDocument } from '../store/assets/index.ts'
import { findTimeZone } from './clock.ts'
import { datedHours, MINUTE_MS, type OpeningHours, timeOf, toHours, type WireHours } from './hours.ts'
import { type BookableResource, needsOf, type ResourceAsset } from './needs.ts'
import { toOpeningHours, type WireRule } from './wire-rules.ts'

/** When and how often a calendar can be booked. Whatever a calendar leaves out has its value here. */
export interface SlotRules extends OpeningHours {
  calendarId: string
  isOpen: boolean
  durationMs: number
  intervalMs: number
  /** Kept free before and after each appointment. */
  beforeMs: number
  afterMs: number
  /** Bookings that may overlap: for each member of the team, or in all where there is no team. */
  perSlot: number
  /** Bookings that may begin on one day. */
  perDay: number
  /** Slots start from here ... */
  earliestMs: number
  /** ... until before here. */
  latestMs: number
  /** The team. */
  members: readonly Member[]
  /** Without a team, bookings count together, whoever is assigned. */
  hasTeam: boolean
  /** Every member takes part in each appointment; otherwise any one does. */
  together: boolean
  /** Fewest bookings first, whatever the priority. */
  equally: boolean
  /** How many of a hundred slots of a day are hidden. */
  hiddenPercentage: number
  /** Of each list one is taken. */
  needs: readonly (readonly BookableResource[])[]
}

export interface Member {
  userId: string
  priority: number
  isPrimary: boolean
}
/** What a calendar that says nothing of durations has: the default of the wire. */
const STANDARD_MINUTES = 30

/** What a calendar's document says, in the time zone of its location. Months and days are those of its clocks. */
export function toSlotRules(
  calendar: { id: string; document: AssetDocument },
  options: { timeZone: string; nowMs: number; resources: readonly ResourceAsset[] },
): SlotRules {
  const { id, document } = calendar
  const number = (name: string) => (typeof document[name] === 'number' ? (document[name] as number) : 0)
  const durationMs = slotDurationOf(document)
  return {
    calendarId: id,
    ...hoursOf(document, options.timeZone),
    isOpen: document.isActive !== false,
    durationMs,
    intervalMs: Math.max(MINUTE_MS, timeOf(document, 'slotInterval') || durationMs),
    ...buffersOf(document),
    perSlot: number('appoinmentPerSlot') || 1,
    perDay: number('appoinmentPerDay') || Number.POSITIVE_INFINITY,
    ...bookingWindow(document, options),
    members: ((document.teamMembers ?? []) as { userId: string; priority?: number; isPrimary?: boolean }[]).map(
      ({ userId, priority = 0.5, isPrimary = false }) => ({ userId, priority, isPrimary }),
    ),
    hasTeam: hasTeam(document),
    together: document.calendarType === 'collective',
    equally: document.eventType === 'RoundRobin_OptimizeForEqualDistribution',
    hiddenPercentage: hiddenPercentageOf(document),
    needs: needsOf(calendar, options.resources),
  }
}

/** When a calendar is open: by its schedule, or by its opening hours on the clocks of its location. */
export function hoursOf(document: AssetDocument, timeZone: string): OpeningHours {
  const schedule = document.schedule as { timezone: string; rules: WireRule[] } | undefined
  if (schedule !== undefined)
    return toOpeningHours({ ...schedule, timezone: findTimeZone(schedule.timezone) ?? timeZone })
  const type = document.availabilityType as 0 | 1 | null | undefined
  const dated = ((document.availabilities ?? []) as { date: string; hours: WireHours[]; deleted?: boolean }[]).filter(
    ({ deleted }) => deleted !== true,
  )
  const weekly = (document.openHours ?? []) as { daysOfTheWeek: number[]; hours: WireHours[] }[]
  return {
    timeZone,
    weekly:
      type === 1 ? [] : weekly.map(({ daysOfTheWeek, hours }) => ({ days: daysOfTheWeek, hours: hours.map(toHours) })),
    dated: type === 0 ? new Map() : datedHours(dated),
  }
}

function hiddenPercentageOf({ lookBusyConfig }: AssetDocument): number {
  const { enabled, LookBusyPercentage } = (lookBusyConfig ?? {}) as { enabled?: boolean; LookBusyPercentage?: number }
  return enabled === true ? (LookBusyPercentage ?? 0) : 0
}

/** How long an appointment takes where nobody says so. */
export const slotDurationOf = (document: AssetDocument): number =>
  Math.max(MINUTE_MS, timeOf(document, 'slotDuration') || STANDARD_MINUTES * MINUTE_MS)

export const hasTeam = ({ teamMembers = [] }: AssetDocument): boolean => (teamMembers as unknown[]).length > 0

/** Preparation and wrap-up of a calendar's appointments. */
export function buffersOf(document: AssetDocument): { beforeMs: number; afterMs: number } {
  return { beforeMs: timeOf(document, 'preBuffer'), afterMs: timeOf(document, 'slotBuffer') }
}

const unitOf = (unit: unknown) => (unit === 'mins' ? 'minutes' : String(unit))

/** Minimum notice counts from now to the minute; the window ends with the day that it reaches. */
function bookingWindow(
  document: AssetDocument,
  { timeZone, nowMs }: { timeZone: string; nowMs: number },
): { earliestMs: number; latestMs: number } {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone)
  const later = (name: string, standard: string) =>
    now.add({ [unitOf(document[`${name}Unit`] ?? standard)]: Math.floor(document[name] as number) })
  return {
    earliestMs: document.allowBookingAfter ? later('allowBookingAfter', 'hours').epochMilliseconds : nowMs,
    latestMs: document.allowBookingFor
      ? later('allowBookingFor', 'days').startOfDay().add({ days: 1 }).epochMilliseconds
      : Number.POSITIVE_INFINITY,
  }
}
