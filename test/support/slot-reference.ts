import type { Block, Booking } from '../../src/scheduling/availability.ts'
import { rankOf } from '../../src/scheduling/hidden.ts'

// Free slots, slowly and plainly: a table of every minute says what the clocks of each zone show, by Intl and not by
// Temporal, and each rule is one filter over plain lists.

export const ZONES = ['America/New_York', 'Europe/London', 'Australia/Sydney', 'Asia/Kolkata'] as const
export type Zone = (typeof ZONES)[number]

/** Days on which the clocks change in New York, London and Sydney. In Kolkata they never do. */
export const CHANGES = ['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04'] as const

export const MINUTE = 60_000
const DAY = 1440 * MINUTE
/** Around each change. */
const DAYS_BEFORE = 4
const DAYS_AFTER = 6

const formats = new Map(
  ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }),
  ]),
)
const walls = new Map<string, string>()

/** `2026-03-08 03:30`. */
function wallOf(zone: Zone, ms: number): string {
  const key = `${zone}${ms}`
  const known = walls.get(key)
  if (known !== undefined) return known
  const text = (formats.get(zone) as Intl.DateTimeFormat).format(ms)
  walls.set(key, text)
  return text
}

const dateOf = (zone: Zone, ms: number) => wallOf(zone, ms).slice(0, 10)
const nextDate = (date: string, days = 1) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)

function textOf(zone: Zone, ms: number): string {
  const wall = wallOf(zone, ms).replace(' ', 'T')
  const ahead = (Date.parse(`${wall}:00Z`) - ms) / MINUTE
  const two = (value: number) => String(value).padStart(2, '0')
  return `${wall}:00${ahead < 0 ? '-' : '+'}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`
}

/** First moment of every wall time around a change. */
const firsts = new Map<string, Map<string, number>>()
function firstMoments(zone: Zone, change: string): Map<string, number> {
  const key = `${zone}${change}`
  const known = firsts.get(key)
  if (known !== undefined) return known
  const moments = new Map<string, number>()
  const start = Date.parse(change) - DAYS_BEFORE * DAY
  for (let ms = start; ms < start + (DAYS_BEFORE + DAYS_AFTER) * DAY; ms += MINUTE)
    if (!moments.has(wallOf(zone, ms))) moments.set(wallOf(zone, ms), ms)
  firsts.set(key, moments)
  return moments
}

/** When the clocks show this. Where they leap over it, it is as long after the last minute before the leap. */
function momentOf(zone: Zone, change: string, date: string, minute: number): number {
  if (minute >= 1440) return momentOf(zone, change, nextDate(date), minute - 1440)
  const moments = firstMoments(zone, change)
  for (let back = 0; ; back++) {
    const rest = minute - back
    const found = moments.get(
      `${date} ${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}`,
    )
    if (found !== undefined) return found + back * MINUTE
    if (rest <= 0) throw new Error(`${date} ${minute} is outside of the table`)
  }
}

export interface WireHours {
  openHour: number
  openMinute: number
  closeHour: number
  closeMinute: number
}

/** The part of a calendar's document that the reference understands. */
export interface ReferenceCalendar {
  slotDuration: number
  slotInterval: number
  slotBuffer: number
  preBuffer: number
  appoinmentPerSlot: number
  appoinmentPerDay: number
  allowBookingAfter: number
  allowBookingAfterUnit: 'hours'
  allowBookingFor: number
  allowBookingForUnit: 'days'
  availabilityType: 0 | 1 | null
  openHours: { daysOfTheWeek: number[]; hours: WireHours[] }[]
  availabilities: { date: string; hours: WireHours[] }[]
  calendarType: 'round_robin' | 'collective'
  teamMembers: { userId: string }[]
  resourceIds: string[]
  lookBusyConfig: { enabled: boolean; LookBusyPercentage: number }
}

/** The part of a schedule's document that the reference understands. All are applied to the calendar. */
export interface ReferenceSchedule {
  userId: string
  timezone: Zone
  rules: { type: 'wday' | 'date'; day?: string; date?: string; intervals: { from: string; to: string }[] }[]
}

export interface ReferenceResource {
  id: string
  document: {
    resourceType: 'rooms' | 'equipments'
    capacity: number
    quantity: number
    outOfService: number
    isActive: boolean
    calendarIds: string[]
  }
}

export interface ReferenceQuestion {
  id: string
  calendar: ReferenceCalendar
  zone: Zone
  shown: Zone
  change: string
  nowMs: number
  fromMs: number
  toMs: number
  resources: ReferenceResource[]
  bookings: Booking[]
  blocks: Block[]
  schedules: ReferenceSchedule[]
}

interface Time {
  startMs: number
  endMs: number
}

const overlap = (a: Time, b: Time) => a.startMs < b.endMs && b.startMs < a.endMs
const widened = ({ startMs, endMs }: Time, beforeMs: number, afterMs: number): Time => ({
  startMs: startMs - beforeMs,
  endMs: endMs + afterMs,
})

/** Date -> starts, as the wire tells them. */
export function referenceSlots(question: ReferenceQuestion): Record<string, string[]> {
  const { zone, fromMs, toMs } = question
  const starts = startsBetween(question, dateOf(zone, fromMs), dateOf(zone, toMs))
  const answer: Record<string, string[]> = {}
  for (const start of starts) {
    if (
      start < question.fromMs ||
      start > question.toMs ||
      !isBookable(question, start) ||
      !isFree(question, start) ||
      isHidden(question, start)
    )
      continue
    const date = dateOf(question.shown, start)
    answer[date] = [...(answer[date] ?? []), textOf(question.shown, start)]
  }
  return answer
}

function startsBetween(question: ReferenceQuestion, first: string, last: string): number[] {
  // Those of the day before may go on past midnight, and those of the day after go on where these end.
  const around = openings(question, nextDate(first, -1), nextDate(last))
  const starts = around.flatMap((opening) => steps(question, opening, around))
  return [...new Set(starts)].sort((a, b) => a - b)
}

/** Of all starts of the day those that rank lowest, rounded down. */
function isHidden(question: ReferenceQuestion, start: number): boolean {
  const { calendar, id, zone } = question
  if (!calendar.lookBusyConfig.enabled) return false
  const date = dateOf(zone, start)
  const day = startsBetween(question, date, date).filter((other) => dateOf(zone, other) === date)
  const lower = day.filter((other) => rankOf(id, other) < rankOf(id, start)).length
  return lower < Math.floor((day.length * calendar.lookBusyConfig.LookBusyPercentage) / 100)
}

/** Minute by minute: each one of the slot lies in some hours of some schedule. */
function isThere({ schedules, change }: ReferenceQuestion, user: string, { startMs, endMs }: Time): boolean {
  const own = schedules.filter(({ userId }) => userId === user)
  if (own.length === 0) return true
  const spans = own.flatMap((schedule) => presence(schedule, change, startMs, endMs))
  for (let ms = startMs; ms < endMs; ms += MINUTE)
    if (!spans.some((span) => span.startMs <= ms && ms < span.endMs)) return false
  return true
}

function presence({ timezone, rules }: ReferenceSchedule, change: string, startMs: number, endMs: number): Time[] {
  const found: Time[] = []
  for (let date = dateOf(timezone, startMs); date <= dateOf(timezone, endMs); date = nextDate(date)) {
    const special = rules.filter((rule) => rule.type === 'date' && rule.date === date)
    const weekday = new Date(`${date}T00:00:00Z`)
      .toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })
      .toLowerCase()
    const entries = special.length > 0 ? special : rules.filter((rule) => rule.day === weekday)
    for (const { from, to } of entries.flatMap(({ intervals }) => intervals))
      found.push({
        startMs: momentOf(timezone, change, date, minuteOf(from)),
        endMs: momentOf(timezone, change, date, to === '00:00' ? 1440 : minuteOf(to)),
      })
  }
  return found
}

const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

function openings({ calendar, zone, change }: ReferenceQuestion, first: string, last: string): Time[] {
  const found: Time[] = []
  for (let date = first; date <= last; date = nextDate(date)) {
    const special = calendar.availabilities.filter((one) => one.date.startsWith(date))
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
    const usual =
      calendar.availabilityType === 1
        ? []
        : calendar.openHours.filter(({ daysOfTheWeek }) => daysOfTheWeek.includes(weekday))
    const entries = calendar.availabilityType !== 0 && special.length > 0 ? special : usual
    for (const { openHour, openMinute, closeHour, closeMinute } of entries.flatMap(({ hours }) => hours)) {
      const [open, close] = [openHour * 60 + openMinute, closeHour * 60 + closeMinute]
      const closes = close < open ? nextDate(date) : date
      found.push({ startMs: momentOf(zone, change, date, open), endMs: momentOf(zone, change, closes, close) })
    }
  }
  return found
}

/** In even steps; the calendar is open for all of the slot, from one opening to the next. */
function steps({ calendar }: ReferenceQuestion, opening: Time, all: readonly Time[]): number[] {
  const starts: number[] = []
  for (let start = opening.startMs; start < opening.endMs; start += calendar.slotInterval * MINUTE) {
    let openUntil: number | undefined = start
    while (openUntil !== undefined && openUntil < start + calendar.slotDuration * MINUTE) {
      const now: number = openUntil
      openUntil = all.find((one) => one.startMs <= now && now < one.endMs)?.endMs
    }
    if (openUntil !== undefined) starts.push(start)
  }
  return starts
}

function isBookable({ calendar, zone, nowMs }: ReferenceQuestion, start: number): boolean {
  if (start < nowMs + calendar.allowBookingAfter * 60 * MINUTE) return false
  return (
    calendar.allowBookingFor === 0 || dateOf(zone, start) <= nextDate(dateOf(zone, nowMs), calendar.allowBookingFor)
  )
}

function isFree(question: ReferenceQuestion, start: number): boolean {
  const { calendar, id, zone, bookings, blocks } = question
  const busy = widened(
    { startMs: start, endMs: start + calendar.slotDuration * MINUTE },
    calendar.preBuffer * MINUTE,
    calendar.slotBuffer * MINUTE,
  )
  const meets = (booking: Booking) => overlap(busy, widened(booking, booking.beforeMs, booking.afterMs))
  const own = bookings.filter(({ calendarId }) => calendarId === id)
  const others = bookings.filter(({ calendarId }) => calendarId !== id)
  if (blocks.some((block) => block.userId === undefined && block.calendarId === id && overlap(block, busy)))
    return false
  const today = own.filter(({ startMs }) => dateOf(zone, startMs) === dateOf(zone, start)).length
  if (calendar.appoinmentPerDay > 0 && today >= calendar.appoinmentPerDay) return false
  const slot = { startMs: start, endMs: start + calendar.slotDuration * MINUTE }
  const isMemberFree = (user: string) =>
    isThere(question, user, slot) &&
    !others.some((booking) => booking.userIds.includes(user) && meets(booking)) &&
    !blocks.some((block) => block.userId === user && overlap(block, busy)) &&
    own.filter((booking) => (booking.userIds.length === 0 || booking.userIds.includes(user)) && meets(booking)).length <
      calendar.appoinmentPerSlot
  const team = calendar.teamMembers.map(({ userId }) => userId)
  if (team.length === 0 && own.filter(meets).length >= calendar.appoinmentPerSlot) return false
  if (team.length > 0 && !(calendar.calendarType === 'collective' ? team.every(isMemberFree) : team.some(isMemberFree)))
    return false
  const isUsable = ({ id: resourceId, document }: ReferenceResource) => {
    const here = own.filter((booking) => booking.resourceIds.includes(resourceId) && meets(booking)).length
    const elsewhere = others.filter((booking) => booking.resourceIds.includes(resourceId) && meets(booking)).length
    if (!document.isActive) return false
    return document.resourceType === 'rooms'
      ? elsewhere === 0 && here < document.capacity
      : here + elsewhere < document.quantity - document.outOfService
  }
  const isNamed = (resource: ReferenceResource) => calendar.resourceIds.includes(resource.id)
  const offered = question.resources.filter(
    (resource) => !isNamed(resource) && resource.document.calendarIds.includes(id),
  )
  const rooms = offered.filter(({ document }) => document.resourceType === 'rooms')
  const needed = [
    ...question.resources.filter(isNamed),
    ...offered.filter(({ document }) => document.resourceType === 'equipments'),
  ]
  return needed.every(isUsable) && (rooms.length === 0 || rooms.some(isUsable))
}
