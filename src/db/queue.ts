import { sql } from 'kysely'
import type { Tx } from './pool.ts'

/** Names of the jobs; src/jobs has one file for each. */
export type JobName = 'push-batch' | 'maintain'

/** With the queue's growing pauses: about three hours. Being killed counts as a try, too. */
const MOST_ATTEMPTS = 16

/** Enqueues a job in the caller's transaction: it exists exactly when the transaction commits. */
export async function enqueue(tx: Tx, job: JobName, payloads: readonly object[]): Promise<void> {
  await sql`
    select graphile_worker.add_job(${job}, p.payload::json, max_attempts => ${MOST_ATTEMPTS})
    from unnest(${payloads.map((payload) => JSON.stringify(payload))}::text[]) with ordinality p(payload, position)
    order by p.position`.execute(tx)
}
