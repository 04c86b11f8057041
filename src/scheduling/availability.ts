import type { ZoneClock } from './clock.ts'
import type { BookableResource } from './needs.ts'
import type { Member, SlotRules } from './rules.ts'
import type { Span } from './span.ts'

/** An appointment that takes time, of this calendar or of another. */
export interface Booking extends Span {
  calendarId: string
  /** Those who take part; nobody: whoever could. */
  userIds: readonly string[]
  resourceIds: readonly string[]
  /** The buffers of its calendar. */
  beforeMs: number
  afterMs: number
}

/** Time in which a calendar or a user cannot be booked. */
export interface Block extends Span {
  calendarId?: string | undefined
  userId?: string | undefined
}

/** Whether the user's schedules hold the whole span. Who has none is there at all hours. */
export type Presence = (userId: string, span: Span) => boolean

/** What is known of the time around. */
export interface Taken {
  bookings: readonly Booking[]
  blocks: readonly Block[]
  clock: ZoneClock
  isThere: Presence
}

/** Who and what would serve an appointment. */
export interface Choice {
  /** Free members of the team, the best first; all of them where they meet together. */
  users: readonly string[]
  resources: readonly string[]
}

export interface Availability {
  /** Null: taken. Opening hours are not asked. */
  at(span: Span): Choice | null
}

/**
 * Who is free when. An appointment and everything around it are compared with their buffers, so that between two
 * appointments of a calendar there is room for both. An appointment of nobody counts for every member. Schedules of
 * members hold the appointment alone: buffers may lie outside of them.
 */
export function toAvailability(rules: SlotRules, { bookings, blocks, clock, isThere }: Taken): Availability {
  const own = bookings.filter(({ calendarId }) => calendarId === rules.calendarId)
  const others = bookings.filter(({ calendarId }) => calendarId !== rules.calendarId)
  const closed = countedSpans(
    blocks.filter(({ calendarId, userId }) => calendarId === rules.calendarId && userId === undefined),
  )
  const all = countedSpans(own)
  const [ownOf, othersOf] = [byUser(own), byUser(others)]
  const members = rules.members.map((member) => ({
    member,
    booked: (ownOf.get(member.userId) ?? []).length,
    elsewhere: countedSpans([
      ...(othersOf.get(member.userId) ?? []),
      ...blocks.filter(
        ({ calendarId, userId }) =>
          userId === member.userId && (calendarId === undefined || calendarId === rules.calendarId),
      ),
    ]),
    here: countedSpans([...(ownOf.get(null) ?? []), ...(ownOf.get(member.userId) ?? [])]),
  }))
  members.sort((a, b) => (rules.equally ? 0 : b.member.priority - a.member.priority) || a.booked - b.booked)
  const ids = [...new Set(rules.needs.flat().map(({ id }) => id))]
  const usedBy = (list: readonly Booking[], id: string) =>
    countedSpans(list.filter(({ resourceIds }) => resourceIds.includes(id)))
  const resources = new Map(ids.map((id) => [id, { here: usedBy(own, id), elsewhere: usedBy(others, id) }]))
  const perDay = new Map<string, number>()
  if (rules.perDay !== Number.POSITIVE_INFINITY)
    for (const { startMs } of own) perDay.set(clock.dateOf(startMs), (perDay.get(clock.dateOf(startMs)) ?? 0) + 1)

  const isUsable = ({ id, type, units }: BookableResource, startMs: number, endMs: number) => {
    const { here, elsewhere } = resources.get(id) as { here: CountSpans; elsewhere: CountSpans }
    // A room is one calendar's at a time; a class in it shares its seats.
    return type === 'rooms'
      ? elsewhere(startMs, endMs) === 0 && here(startMs, endMs) < units
      : elsewhere(startMs, endMs) + here(startMs, endMs) < units
  }
  return {
    at(span) {
      const startMs = span.startMs - rules.beforeMs
      const endMs = span.endMs + rules.afterMs
      if (closed(startMs, endMs) > 0) return null
      if (perDay.size > 0 && (perDay.get(clock.dateOf(span.startMs)) ?? 0) >= rules.perDay) return null
      if (!rules.hasTeam && all(startMs, endMs) >= rules.perSlot) return null
      const free = members.filter(
        ({ member, elsewhere, here }) =>
          elsewhere(startMs, endMs) === 0 && here(startMs, endMs) < rules.perSlot && isThere(member.userId, span),
      )
      if (members.length > 0 && (rules.together ? free.length < members.length : free.length === 0)) return null
      const chosen = rules.needs.map((group) => group.find((resource) => isUsable(resource, startMs, endMs)))
      if (chosen.includes(undefined)) return null
      return {
        users: free.map(({ member }) => member.userId),
        resources: (chosen as BookableResource[]).map(({ id }) => id),
      }
    },
  }
}

/** The rules for some of the team: everybody else is left out. Where there is no team, those who are named are it. */
export function forUsers(rules: SlotRules, userIds: readonly string[]): SlotRules {
  const named = new Map(
    userIds.map((userId): [string, Member] => [userId, { userId, priority: 0.5, isPrimary: false }]),
  )
  const members =
    rules.members.length === 0 ? [...named.values()] : rules.members.filter(({ userId }) => named.has(userId))
  return { ...rules, members, isOpen: rules.isOpen && members.length > 0 }
}

/** Each user's bookings; nobody's under null. */
function byUser(bookings: readonly Booking[]): Map<string | null, Booking[]> {
  const lists = new Map<string | null, Booking[]>()
  for (const booking of bookings) {
    const { userIds } = booking
    for (const user of userIds.length === 0 ? [null] : userIds.length === 1 ? userIds : new Set(userIds)) {
      const list = lists.get(user)
      if (list === undefined) lists.set(user, [booking])
      else list.push(booking)
    }
  }
  return lists
}

/** How many spans overlap the time from `startMs` until before `endMs`. */
type CountSpans = (startMs: number, endMs: number) => number

/**
 * Those that begin before the end, less those that are over by the start: two searches, however many there are.
 * Bookings with their buffers.
 */
function countedSpans(spans: readonly (Block | Booking)[]): CountSpans {
  if (spans.length === 0) return () => 0
  const starts = new Float64Array(spans.length)
  const ends = new Float64Array(spans.length)
  let count = 0
  for (const span of spans) {
    const startMs = 'beforeMs' in span ? span.startMs - span.beforeMs : span.startMs
    const endMs = 'afterMs' in span ? span.endMs + span.afterMs : span.endMs
    if (startMs >= endMs) continue
    starts[count] = startMs
    ends[count++] = endMs
  }
  const [sortedStarts, sortedEnds] = [starts.subarray(0, count).sort(), ends.subarray(0, count).sort()]
  return (startMs, endMs) => below(sortedStarts, endMs) - below(sortedEnds, startMs + 1)
}

/** How many of the sorted values are smaller. Moments are whole milliseconds. */
export function below(values: Float64Array, limit: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] as number) < limit) low = middle + 1
    else high = middle
  }
  return low
}
