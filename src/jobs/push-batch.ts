import { runBatch } from '../snapshots/batch.ts'
import type { JobContext } from './context.ts'

/** One batch of targets of a push. Safe to run again after any interruption. */
export async function pushBatch(context: JobContext, payload: unknown): Promise<void> {
  const { pushId, batch } = payload as { pushId: string; batch: number }
  await runBatch(context, pushId, batch)
}
