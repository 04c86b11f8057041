import { sql } from 'kysely'
import { forgetAuthorisations } from '../auth/connection-authorisations.ts'
import { forgetEnded } from '../auth/ended-tokens.ts'
import { forgetExpired } from '../auth/grants.ts'
import { LONGEST_LIFE_MS } from '../auth/jwt.ts'
import { forgetLinks } from '../auth/person-links.ts'
import { dayOf, forgetCounts } from '../auth/rate-counts.ts'
import { forgetEvents } from '../auth/security-events.ts'
import { forgetSessions, sessionLifeOf } from '../auth/sessions.ts'
import { forgetSignIns } from '../auth/sign-ins.ts'
import { forgetRetiredKeys } from '../auth/signing-keys.ts'
import { forgetEndedWebhookKeys } from '../auth/webhook-keys.ts'
import { forgetArrivals, forgetConnectionsGone, forgetDeliveries } from '../connect/index.ts'
import { ensureJournalPartitions, forgetRequests, forgetSegments, keptFromMs } from '../journal/index.ts'
import { ensureChangePartitions } from '../store/changes/index.ts'
import type { JobContext } from './context.ts'

const IDEMPOTENCY_HOURS = 24

/**
 * Housekeeping: partitions of the change log and the journal ahead of time, files of the journal gone after their days, answers kept for Idempotency-Key gone after a day, codes,
 * tokens and counts after their end.
 */
export async function maintain({ db, clock, config, bodies }: JobContext): Promise<void> {
  await ensureChangePartitions(db, clock.nowMs())
  await ensureJournalPartitions(db, clock.nowMs())
  await forgetSegments({ db, bodies }, clock.nowMs(), config.journalDays)
  await forgetArrivals(db, clock.nowMs())
  await forgetConnectionsGone(db)
  await forgetAuthorisations(db, clock.nowMs())
  await forgetDeliveries(db, clock.nowMs() - config.webhookDays * 86_400_000)
  await forgetRequests(db, keptFromMs(clock.nowMs(), config.journalDays))
  await sql`delete from idempotency where created_at < now() - make_interval(hours => ${IDEMPOTENCY_HOURS})`.execute(db)
  await forgetExpired(db, clock.nowMs())
  await forgetSignIns(db, clock.nowMs())
  await forgetEnded(db, clock.nowMs())
  await forgetLinks(db, clock.nowMs())
  await forgetSessions(db, sessionLifeOf(config), clock.nowMs())
  await forgetRetiredKeys(db, clock.nowMs() - LONGEST_LIFE_MS)
  await forgetEndedWebhookKeys(db, clock.nowMs())
  await forgetEvents(db)
  await forgetCounts(db, dayOf(clock.nowMs()))
}
