import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { texts } from '../db/pool.ts'
import { AppError, invalid } from '../errors.ts'
import { calendars } from '../resources/calendars.ts'
import { type AssetResource, findAsset } from '../store/assets/index.ts'
import { toAvailability } from './availability.ts'
import { createZoneClock } from './clock.ts'
import type { Booker, CalendarDocument } from './context.ts'
import { LONGEST_MS, loadRules, loadSchedules, loadSchedulesOf, loadTaken } from './load.ts'
import { isOffered, toOpenings } from './openings.ts'
import type { SlotRules } from './rules.ts'
import { toPresence } from './schedules.ts'
import { checkedSpan, type Span } from './span.ts'

export interface BookingWish {
  calendarId: string
  startMs: number
  /** Default: as long as the calendar's slots. */
  endMs?: number | undefined
  assignedUserId?: string | undefined
  /** Who has it so far: keeps it as long as nobody else is named and the team has them. */
  formerUserId?: string | undefined
  /** Its time is settled, whatever the opening hours: only who and what is free matters. */
  keepsTime?: boolean | undefined
  /** Notice and booking window do not matter. */
  ignoreDateRange?: boolean | undefined
  /** Nothing matters. */
  ignoreFreeSlotValidation?: boolean | undefined
}

export interface Booked extends Span {
  calendar: CalendarDocument
  /** Null: nobody is. */
  assignedUserId: string | null
  users: string[]
  assignedResources: string[]
}

const DAY_MS = 86_400_000
/** Over how much time, before and after, bookings are counted to share them out equally. */
const EQUALLY_MS = 15 * DAY_MS

/**
 * Finds out who and what serves an appointment and keeps it free until the transaction ends: of two who ask for one
 * slot the second waits and sees what the first took. 400 when the slot is not free. `exceptId`: the appointment
 * itself.
 */
export async function book(ctx: Booker, wish: BookingWish, options: BookingOptions): Promise<Booked> {
  const calendar = await findAsset(ctx.db, calendars as unknown as AssetResource, ctx.locationId, wish.calendarId)
  if (calendar === null)
    throw invalid([`calendarId: there is no calendar with the id ${wish.calendarId} in this location`])
  const [booked] = await bookAll(ctx, [{ calendar, wish }], options)
  return booked as Booked
}

/** The same for appointments that go together: all of them, or none. They do not overlap. */
export async function bookAll(ctx: Booker, wanted: readonly Wanted[], options: BookingOptions): Promise<Booked[]> {
  const seats: Seat[] = []
  for (const one of wanted) seats.push(await toSeat(ctx, one, options.timeZone))
  await lock(ctx, seats)
  const booked: Booked[] = []
  for (const seat of seats) booked.push(await serve(ctx, seat, options.exceptId))
  return booked
}

interface BookingOptions {
  timeZone: string
  exceptId?: string | undefined
}

interface Wanted {
  /** What says when it can be booked, and by whom. */
  calendar: CalendarDocument
  wish: BookingWish
  /** Its team has the hours of their schedules, whatever calendars these are applied to. */
  byPeople?: boolean
}

/** A wish, and the rules it is held against. */
interface Seat extends Wanted {
  all: SlotRules
  span: Span
  /** Who is to have it; undefined: whoever can. */
  wanted: string | undefined
}

async function toSeat(ctx: Booker, one: Wanted, timeZone: string): Promise<Seat> {
  const { calendar, wish } = one
  const all = await loadRules(ctx, calendar, timeZone)
  const span = checkedSpan(wish.startMs, wish.endMs ?? wish.startMs + all.durationMs, LONGEST_MS.appointments)
  const isMember = (id: string | undefined) =>
    all.members.length === 0 || all.members.some(({ userId }) => userId === id)
  const wanted = wish.assignedUserId ?? (isMember(wish.formerUserId) ? wish.formerUserId : undefined)
  if (wish.ignoreFreeSlotValidation !== true && wanted !== undefined && !isMember(wanted))
    throw invalid(['assignedUserId: the user is not in the team of the calendar'])
  return { ...one, all, span, wanted }
}

async function serve(ctx: Booker, seat: Seat, exceptId: string | undefined): Promise<Booked> {
  const { calendar, wish, all, span, wanted } = seat
  if (wish.ignoreFreeSlotValidation) return { calendar, ...span, ...unchecked(all, wanted) }
  const rules = wanted === undefined || all.together ? all : only(all, wanted)
  const isOpen = wish.keepsTime === true || isWithin(rules, span, wish.ignoreDateRange === true)
  const choice = isOpen ? await chooseFree(ctx, seat, rules, exceptId) : null
  if (choice === null)
    throw new AppError('bad_request', { reason: 'The slot you have selected is no longer available.' })
  const users = rules.together ? [...choice.users] : choice.users.slice(0, 1)
  const first = wanted ?? rules.members.find(({ userId, isPrimary }) => isPrimary && users.includes(userId))?.userId
  return {
    calendar,
    ...span,
    assignedUserId: (rules.together ? first : undefined) ?? users[0] ?? null,
    users,
    assignedResources: [...choice.resources],
  }
}

function only(rules: SlotRules, userId: string): SlotRules {
  const member = rules.members.find((one) => one.userId === userId) ?? { userId, priority: 0.5, isPrimary: false }
  return { ...rules, members: [member] }
}

/** Whom an appointment gets that nobody checks. */
function unchecked(
  rules: SlotRules,
  wanted: string | undefined,
): Pick<Booked, 'assignedUserId' | 'users' | 'assignedResources'> {
  const team = rules.together ? rules.members.map(({ userId }) => userId) : []
  const assigned = wanted ?? (rules.members.find(({ isPrimary }) => isPrimary) ?? rules.members[0])?.userId ?? null
  const users = [...new Set([...team, ...(assigned === null ? [] : [assigned])])]
  return {
    assignedUserId: assigned,
    users,
    assignedResources: rules.needs.filter((group) => group.length === 1).map((group) => group[0]?.id as string),
  }
}

/** Opening hours, notice and window. Whether the slot is taken is asked later. */
function isWithin(rules: SlotRules, span: Span, anyDate: boolean): boolean {
  if (!rules.isOpen || (!anyDate && (span.startMs < rules.earliestMs || span.startMs >= rules.latestMs))) return false
  const clock = createZoneClock(rules.timeZone, span.startMs, span.endMs)
  return isOffered(toOpenings(rules, clock, span.startMs, span.endMs), rules, span)
}

async function chooseFree(ctx: Booker, seat: Seat, rules: SlotRules, exceptId: string | undefined) {
  const { calendar, wish, byPeople = false } = seat
  const { startMs, endMs } = seat.span
  const around = rules.equally ? { startMs: startMs - EQUALLY_MS, endMs: endMs + EQUALLY_MS } : { startMs, endMs }
  const taken = await loadTaken(ctx, calendar, around, exceptId)
  const clock = createZoneClock(rules.timeZone, around.startMs - DAY_MS, around.endMs + DAY_MS)
  const team = rules.members.map(({ userId }) => userId)
  const schedules =
    team.length === 0 || wish.keepsTime
      ? []
      : await (byPeople ? loadSchedulesOf(ctx, team) : loadSchedules(ctx, calendar.id))
  return toAvailability(rules, { ...taken, clock, isThere: toPresence(schedules, startMs, endMs) }).at({
    startMs,
    endMs,
  })
}

/** The calendars, everybody who may be assigned and everything that may be taken, in one order for all who ask. */
async function lock(ctx: Booker, seats: readonly Seat[]): Promise<void> {
  const names = new Set(
    seats
      .filter(({ wish }) => wish.ignoreFreeSlotValidation !== true)
      .flatMap(({ all, wanted }) => {
        const users = wanted === undefined || all.together ? all.members.map((member) => member.userId) : [wanted]
        return [all.calendarId, ...users, ...all.needs.flat().map(({ id }) => id)]
      }),
  )
  if (names.size === 0) return
  const keys = [...names].map((name) => lockKey(`${ctx.locationId}/bookings/${name}`)).sort()
  await sql`select pg_advisory_xact_lock(key::bigint) from unnest(${texts(keys)}) key`.execute(ctx.tx)
}

const lockKey = (text: string) => createHash('sha256').update(text).digest().readBigInt64BE().toString()
