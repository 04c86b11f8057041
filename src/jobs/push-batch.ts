import type { JobHelpers } from 'graphile-worker'
import { inTransaction } from '../db/transaction.ts'
import { runBatch } from '../snapshots/batch.ts'
import { finishBatch } from '../snapshots/finish.ts'
import type { JobContext } from './context.ts'

/**
 * One batch of targets of a push. Safe to run again after any interruption; given up, its targets fail and can be
 * retried.
 */
export async function pushBatch(context: JobContext, payload: unknown, { job }: JobHelpers): Promise<void> {
  const { pushId, batch } = payload as { pushId: string; batch: number }
  const told = (state: string | null) => state !== null && context.log.info({ pushId, state }, 'push ended')
  try {
    told(await runBatch(context, pushId, batch))
  } catch (error) {
    if (job.attempts < job.max_attempts) throw error
    context.log.error({ err: error, pushId, batch }, 'a batch of a push was given up')
    const reason = `Given up after ${job.attempts} tries: ${(error as Error).message}`
    told(
      await inTransaction(context.db, (tx) =>
        finishBatch(tx, { pushId, batch, atMs: context.clock.nowMs(), error: reason }),
      ),
    )
  }
}
