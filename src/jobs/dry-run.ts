import { dryRun } from '../connect/index.ts'
import type { JobContext } from './context.ts'
import { feedingOf } from './feed-connection.ts'

/** Works out what would become of a run. */
export function dryRunOf(context: JobContext, payload: unknown): Promise<void> {
  const { runId, ...place } = payload as { locationId: string; id: string; runId: string }
  return dryRun(feedingOf(context), place, runId)
}
