import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { holdsText } from '../db/folded-text.ts'
import { type Db, json, query, texts } from '../db/pool.ts'
import { isUuid, uuidv7 } from '../ids.ts'
import type { Log, SecurityEvent } from '../log.ts'
import { isEmailOf } from './people.ts'
import type { Subject } from './subjects.ts'

/** Whose event it is: the agency's, or that of a person who is known by id or e-mail. */
export type EventOf = { agencyId: string } | { personId: string } | { email: string }

/** An event with what stands in no log: what those that it is about are called. */
export interface ToKeep extends SecurityEvent {
  about?: readonly Subject[] | undefined
}

const MOST_DETAIL = 500
const whole = (text: string | undefined) => text?.slice(0, MOST_DETAIL).replaceAll('\u0000', '').toWellFormed() ?? null

/** Keeps an event for the agency to read. Nothing where the person is nobody's. */
export async function keepEvent(db: Db, of: EventOf, event: ToKeep, atMs: number): Promise<void> {
  const at = new Date(atMs)
  const about = (event.about ?? []).map((one) => ({ ...one, name: whole(one.name ?? undefined) }))
  const rest = sql`${event.from}, ${event.traceId}, ${event.status ?? null}::int, ${whole(event.detail)}, ${json(about)}`
  const head = sql`insert into security_event
    (agency_id, id, at, event, outcome, who, who_name, address, trace_id, status, detail, about)`
  const first = sql`${uuidv7(atMs)}::uuid, ${at}::timestamptz, ${event.event}, ${event.outcome}`
  if ('agencyId' in of) {
    const who = whole(event.who)
    const token = who !== null && isUuid(who) ? who : null
    await sql`${head} select ${of.agencyId}, ${first}, ${who}::text, coalesce(
        (select name from person where id = ${who}), (select name from token where id = ${token}::uuid),
        (select name from app where id = ${who})), ${rest}`.execute(db)
    return
  }
  const isMeant =
    'email' in of ? isEmailOf(of.email.replaceAll('\u0000', '').toWellFormed()) : sql`p.id = ${of.personId}`
  await sql`${head} select p.agency_id, ${first}, p.id, p.name, ${rest} from person p where ${isMeant}`.execute(db)
}

/** A refusal that is repeated within this time is kept once: who floods us fills nobody's log. */
const REPEAT_MS = 60_000
const MOST_REMEMBERED = 10_000

export interface SecurityEvents {
  /** Keeps an event beside the request: nobody waits for it. */
  beside(of: EventOf, event: ToKeep): void
}

export function createSecurityEvents({ db, clock, log }: { db: Db; clock: Clock; log: Log }): SecurityEvents {
  const refused = new Map<string, number>()
  const isRepeated = (of: EventOf, { event, outcome, who = '' }: SecurityEvent, nowMs: number): boolean => {
    if (outcome === 'done') return false
    const name = [...Object.values(of), who, event].join('\n')
    const lastMs = refused.get(name)
    if (lastMs !== undefined && nowMs - lastMs < REPEAT_MS) return true
    if (refused.size >= MOST_REMEMBERED) refused.clear()
    refused.set(name, nowMs)
    return false
  }
  return {
    beside(of, event) {
      const nowMs = clock.nowMs()
      if (isRepeated(of, event, nowMs)) return
      keepEvent(db, of, event, nowMs).catch((error: Error) =>
        log.warn({ reason: error.message, traceId: event.traceId }, 'a security event stands in the log alone'),
      )
    },
  }
}

export interface KeptEvent {
  id: string
  at: Date
  event: string
  outcome: 'done' | 'refused'
  who: string | null
  whoName: string | null
  address: string
  traceId: string
  status: number | null
  detail: string | null
  about: Subject[]
}

export interface EventFilter {
  agencyId: string
  /** Part of what somebody is called, or their id. */
  who?: string | undefined
  /** What it begins with: `tokens.`, `sign-in`. */
  event?: string | undefined
  /** One of these. */
  events?: readonly string[] | undefined
  outcome?: string | undefined
  /** The last of the page before. */
  before?: string | undefined
  limit: number
}

/** The newest first. */
export function listEvents(db: Db, filter: EventFilter): Promise<KeptEvent[]> {
  const { agencyId, who = null, event = null, events = null, outcome = null, before = null, limit } = filter
  return query(
    db,
    sql<KeptEvent>`
      select id, at, event, outcome, who, who_name as "whoName", address, trace_id as "traceId", status, detail,
        about
      from security_event
      where agency_id = ${agencyId} and (${before}::uuid is null or id < ${before}::uuid)
        and (${who}::text is null or who = ${who} or ${holdsText(sql`who_name`, who ?? '')})
        and (${event}::text is null or starts_with(event, ${event}))
        and (${events === null ? null : texts(events)}::text[] is null or event = any(${texts(events ?? [])}))
        and (${outcome}::text is null or outcome = ${outcome})
      order by id desc limit ${limit}`,
  )
}

/** Those older than a year, by the database's clock: nobody who serves may take out others. */
export async function forgetEvents(db: Db): Promise<void> {
  await sql`select forget_security_events()`.execute(db)
}
