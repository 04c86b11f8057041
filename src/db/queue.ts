import { sql } from 'kysely'
import type { Tx } from './pool.ts'

/** Names of the jobs; src/jobs has one file for each. */
export type JobName = 'push-batch' | 'maintain' | 'release-message' | 'sum-counts'

/** With the queue's growing pauses: about three hours. Being killed counts as a try, too. */
const MOST_ATTEMPTS = 16

interface Enqueue {
  /** Not before then. */
  at?: Date | null
  /** A job of this key that still waits is all that is needed. */
  key?: string | null
}

/** Enqueues a job in the caller's transaction: it exists exactly when the transaction commits. */
export async function enqueue(tx: Tx, job: JobName, payloads: readonly object[], { at = null, key = null }: Enqueue = {}): Promise<void> {
  await sql`
    select graphile_worker.add_job(${job}, p.payload::json, run_at => ${at}::timestamptz, max_attempts => ${MOST_ATTEMPTS}, job_key => ${key}::text)
    from unnest(${payloads.map((payload) => JSON.stringify(payload))}::text[]) with ordinality p(payload, position)
    order by p.position`.execute(tx)
}
