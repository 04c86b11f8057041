import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { holdsText } from '../db/folded-text.ts'
import { type Db, json, query, queryOne, texts } from '../db/pool.ts'
import { isUuid, uuidv7 } from '../ids.ts'
import type { Log, SecurityEvent } from '../log.ts'
import { isEmailOf } from './people.ts'
import { type Subject, spokenSubjects } from './subjects.ts'

/** Whose event it is: the agency's, or that of a person who is known by id or e-mail. */
export type EventOf = { agencyId: string } | { personId: string } | { email: string }

/** An event with what stands in no log: what those that it is about are called. */
export interface ToKeep extends SecurityEvent {
  about?: readonly Subject[] | undefined
}

const MOST_DETAIL = 500
const whole = (text: string | undefined) => text?.slice(0, MOST_DETAIL).replaceAll('\u0000', '').toWellFormed() ?? null

interface Place {
  agencyId: string
  id: string
}

/** Keeps an event for the agency to read; where it stands then. Nothing where the person is nobody's. */
export async function keepEvent(db: Db, of: EventOf, event: ToKeep, atMs: number): Promise<Place | null> {
  const at = new Date(atMs)
  const id = uuidv7(atMs)
  const about = (event.about ?? []).map((one) => ({ ...one, name: whole(one.name ?? undefined) }))
  const rest = sql`${event.from}, ${event.traceId}, ${event.status ?? null}::int, ${whole(event.detail)}, ${json(about)}`
  const head = sql`insert into security_event
    (agency_id, id, at, event, outcome, who, who_name, address, trace_id, status, detail, about)`
  const first = sql`${id}::uuid, ${at}::timestamptz, ${event.event}, ${event.outcome}`
  if ('agencyId' in of) {
    const who = whole(event.who)
    const token = who !== null && isUuid(who) ? who : null
    await sql`${head} select ${of.agencyId}, ${first}, ${who}::text, coalesce(
        (select name from person where id = ${who}), (select name from token where id = ${token}::uuid),
        (select name from app where id = ${who})), ${rest}`.execute(db)
    return { agencyId: of.agencyId, id }
  }
  const isMeant =
    'email' in of ? isEmailOf(of.email.replaceAll('\u0000', '').toWellFormed()) : sql`p.id = ${of.personId}`
  const kept = await queryOne(
    db,
    sql<Place>`${head} select p.agency_id, ${first}, p.id, p.name, ${rest} from person p where ${isMeant}
      returning agency_id as "agencyId", id`,
  )
  return kept
}

/** What a sub-account of the agency is called; of another's it is not said. */
async function placeName(db: Db, of: EventOf, locationId: string): Promise<string | null> {
  if (!('agencyId' in of)) return null
  const row = await queryOne(
    db,
    sql<{ name: string }>`select name from location where id = ${locationId} and agency_id = ${of.agencyId}`,
  )
  return row?.name ?? null
}

/** A refusal that is repeated within this time is kept once, with how often: who floods us fills nobody's log. */
const REPEAT_MS = 60_000
const MOST_REMEMBERED = 10_000

export interface SecurityEvents {
  /** Keeps an event beside the request: nobody waits for it. `aimedAt`: the sub-account that a refused request named. */
  beside(of: EventOf, event: ToKeep, aimedAt?: string): void
}

/** A refusal as it stands in the log, and how often the same came again. */
interface Line {
  sinceMs: number
  kept: Promise<Place | null>
  repeats: number
  told: number
  isTelling: boolean
}

export function createSecurityEvents({ db, clock, log }: { db: Db; clock: Clock; log: Log }): SecurityEvents {
  const lines = new Map<string, Line>()
  const keep = async (of: EventOf, event: ToKeep, nowMs: number, aimedAt?: string): Promise<Place | null> => {
    try {
      const about =
        aimedAt === undefined
          ? event.about
          : [{ what: 'location' as const, id: aimedAt, name: await placeName(db, of, aimedAt) }]
      return await keepEvent(db, of, { ...event, about }, nowMs)
    } catch (error) {
      const reason = (error as Error).message
      log.warn({ reason, traceId: event.traceId }, 'a security event stands in the log alone')
      return null
    }
  }
  /** One statement at a time for each line, however fast the same comes again. */
  const tellRepeats = async (line: Line): Promise<void> => {
    if (line.isTelling) return
    line.isTelling = true
    const place = await line.kept
    while (place !== null && line.told < line.repeats) {
      const { repeats } = line
      await sql`select repeat_security_event(${place.agencyId}, ${place.id}::uuid, ${repeats}::int)`
        .execute(db)
        .catch((error: Error) => log.warn({ reason: error.message }, 'a repeated refusal is not counted'))
      line.told = repeats
    }
    line.isTelling = false
  }
  return {
    beside(of, event, aimedAt) {
      const nowMs = clock.nowMs()
      const name = [...Object.values(of), event.who ?? '', event.event, aimedAt ?? ''].join('\n')
      const line = event.outcome === 'refused' ? lines.get(name) : undefined
      if (line !== undefined && nowMs - line.sinceMs < REPEAT_MS) {
        line.repeats++
        void tellRepeats(line)
        return
      }
      const kept = keep(of, event, nowMs, aimedAt)
      if (event.outcome === 'done') return
      if (lines.size >= MOST_REMEMBERED) lines.clear()
      lines.set(name, { sinceMs: nowMs, kept, repeats: 0, told: 0, isTelling: false })
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
  /** How often the same was refused again within a minute. */
  repeats: number
}

export interface EventFilter {
  agencyId: string
  id?: string | undefined
  /** Part of what somebody is called or of their e-mail, or their id. */
  who?: string | undefined
  /** What it begins with: `tokens.`, `sign-in`. */
  event?: string | undefined
  /** Part of what was done, in words, where it is not one of these `events`: of what it was done to, or of why not. */
  words?: string | undefined
  events?: readonly string[] | undefined
  outcome?: string | undefined
  /** The last of the page before. */
  before?: string | undefined
  limit: number
}

/** The newest first. */
export function listEvents(db: Db, filter: EventFilter): Promise<KeptEvent[]> {
  const { agencyId, id = null, who = null, event = null, words = null, outcome = null, before = null, limit } = filter
  return query(
    db,
    sql<KeptEvent>`
      select id, at, event, outcome, who, who_name as "whoName", address, trace_id as "traceId", status, detail,
        about, repeats
      from security_event
      where agency_id = ${agencyId} and (${before}::uuid is null or id < ${before}::uuid)
        and (${id}::uuid is null or id = ${id}::uuid)
        and (${who}::text is null or who = ${who} or ${holdsText(sql`coalesce(who_name, who)`, who ?? '')}
          or who in (select p.id from person p where p.agency_id = ${agencyId}
            and ${holdsText(sql`p.email`, who ?? '')}))
        and (${event}::text is null or starts_with(event, ${event}))
        and (${words}::text is null or event = any(${texts(filter.events ?? [])})
          or ${holdsText(spokenSubjects(sql`about`), words ?? '')}
          or (outcome = 'refused' and ${holdsText(sql`detail`, words ?? '')}))
        and (${outcome}::text is null or outcome = ${outcome})
      order by id desc limit ${limit}`,
  )
}

/** Those older than a year, by the database's clock: nobody who serves may take out others. */
export async function forgetEvents(db: Db): Promise<void> {
  await sql`select forget_security_events()`.execute(db)
}
