import { sql } from 'kysely'
import { forgetExpired } from '../auth/grants.ts'
import { LONGEST_LIFE_MS } from '../auth/jwt.ts'
import { dayOf, forgetCounts } from '../auth/rate-counts.ts'
import { forgetSessions } from '../auth/sessions.ts'
import { forgetSignIns } from '../auth/sign-ins.ts'
import { forgetRetiredKeys } from '../auth/signing-keys.ts'
import { ensureChangePartitions } from '../store/changes.ts'
import type { JobContext } from './context.ts'

const IDEMPOTENCY_HOURS = 24

/** Housekeeping: partitions of the change log ahead of time, answers kept for Idempotency-Key gone after a day, codes, tokens and counts after their end. */
export async function maintain({ db, clock }: JobContext): Promise<void> {
  await ensureChangePartitions(db, clock.nowMs())
  await sql`delete from idempotency where created_at < now() - make_interval(hours => ${IDEMPOTENCY_HOURS})`.execute(db)
  await forgetExpired(db, clock.nowMs())
  await forgetSignIns(db, clock.nowMs())
  await forgetSessions(db, clock.nowMs())
  await forgetRetiredKeys(db, clock.nowMs() - LONGEST_LIFE_MS)
  await forgetCounts(db, dayOf(clock.nowMs()))
}
