import { sql } from 'kysely'
import { queryOne, type Tx } from '../../db/pool.ts'
import { enqueue } from '../../db/queue.ts'
import { type Connection, isOfAgency } from '../connections/connection.ts'
import { mailOwners } from '../owners.ts'

/** What somebody is told of a connection. */
export type News = 'failing' | 'still_failing' | 'working_again' | 'paused'

const WORDS: Record<News, string> = {
  failing: 'has begun to fail',
  still_failing: 'goes on failing',
  working_again: 'works again',
  paused: 'was paused',
}

/** So long after it was told, what goes on failing is told again. */
const AGAIN_MS = 6 * 3_600_000
/** Rows that the share of failures is of; then both counts are halved. */
const RECENT = 200

export interface Outcomes {
  done: number
  failed: number
  error: string | null
  /** Of a file: others of its rows were written, so it does not fail because of some. */
  hasWritten?: boolean
}

/**
 * Writes down how a connection does: tells when it begins to fail, goes on failing and works again, and pauses it where too
 * large a share of the last rows failed. The connection is held. Answers why it is paused now, or null.
 */
export async function noteOutcomes(
  tx: Tx,
  connection: Connection,
  { done, failed, error, hasWritten = false }: Outcomes,
  { atMs, byMail }: { atMs: number; byMail: boolean },
): Promise<string | null> {
  if (done + failed === 0) return null
  const { locationId, id, settings, failingSince, toldAt } = connection
  const isFailing = failed > 0 && !hasWritten
  const began = isFailing ? (failingSince ?? new Date(atMs)) : null
  const row = await queryOne(
    tx,
    sql<{ done: number; failed: number }>`
      update connection set recent_done = (recent_done + ${done}) / ${sql.raw(HALVED)},
        recent_failed = (recent_failed + ${failed}) / ${sql.raw(HALVED)}, failing_since = ${began},
        last_at = ${new Date(atMs)}, last_error = case when ${failed > 0} then ${error}::text else last_error end
      where location_id = ${locationId} and id = ${id}
      returning recent_done as done, recent_failed as failed`,
  )
  const recent = row ?? { done: 0, failed: 0 }
  const { pauseShare, pauseLeast } = settings
  const isTooMuch =
    failed > 0 && recent.failed >= pauseLeast && recent.failed / (recent.done + recent.failed) > pauseShare
  const news = newsOf({ isFailing, isTooMuch, failingSince, toldAt, atMs })
  if (news !== null) await tell(tx, connection, { news, error, atMs, byMail })
  const why = `${recent.failed} of the last ${recent.done + recent.failed} rows failed. The last one: ${error}`
  if (isTooMuch) await pauseConnection(tx, connection, why, atMs)
  return isTooMuch ? why : null
}

const HALVED = `(case when recent_done + recent_failed > ${RECENT} then 2 else 1 end)`

interface Standing {
  isFailing: boolean
  isTooMuch: boolean
  failingSince: Date | null
  toldAt: Date | null
  atMs: number
}

function newsOf({ isFailing, isTooMuch, failingSince, toldAt, atMs }: Standing): News | null {
  if (isTooMuch) return 'paused'
  if (!isFailing) return failingSince === null ? null : 'working_again'
  if (failingSince === null) return 'failing'
  return toldAt === null || atMs - toldAt.getTime() >= AGAIN_MS ? 'still_failing' : null
}

/** What comes waits from here on. Counting begins anew. */
async function pauseConnection(tx: Tx, { locationId, id }: Connection, why: string, atMs: number): Promise<void> {
  await sql`update connection set state = 'paused', state_reason = ${why}, recent_done = 0, recent_failed = 0,
      updated_at = ${new Date(atMs)}
    where location_id = ${locationId} and id = ${id} and state = 'live'`.execute(tx)
}

/** By mail to whoever looks after the programs of the agency, where mail is set up, and to the address that was named. */
export async function tell(
  tx: Tx,
  connection: Connection,
  { news, error, atMs, byMail }: { news: News; error: string | null; atMs: number; byMail: boolean },
): Promise<void> {
  const { locationId, id, agencyId, name, settings } = connection
  const isAgencys = isOfAgency(connection)
  const at = new Date(atMs)
  await sql`update connection set told_at = ${at} where location_id = ${locationId} and id = ${id}`.execute(tx)
  const why = news === 'working_again' || error === null ? '' : `\nThe last fault: ${error}\n`
  if (byMail)
    await mailOwners(tx, agencyId, {
      subject: `A connection ${WORDS[news]}: ${name}`,
      text: `The connection ${name} (${id}${isAgencys ? '' : `, sub-account ${locationId}`}) ${WORDS[news]}.\n${why}`,
    })
  if (settings.alertUrl === null) return
  const place = isAgencys ? null : locationId
  const body = { type: `connection.${news}`, connectionId: id, locationId: place, name, error, at: at.toISOString() }
  await enqueue(tx, 'connection-alert', [{ url: settings.alertUrl, body }], { tenant: agencyId })
}

/** A person must look at it: what comes waits until then. */
export async function stopConnection(
  tx: Tx,
  connection: Connection,
  { state, why }: { state: 'paused' | 'needs_authorisation'; why: string },
  { atMs, byMail }: { atMs: number; byMail: boolean },
): Promise<void> {
  const { locationId, id } = connection
  await sql`update connection set state = ${state}, state_reason = ${why}, updated_at = ${new Date(atMs)},
      failing_since = coalesce(failing_since, ${new Date(atMs)})
    where location_id = ${locationId} and id = ${id} and state = 'live'`.execute(tx)
  await tell(tx, connection, { news: 'paused', error: why, atMs, byMail })
}
