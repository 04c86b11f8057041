import { undoRun } from '../connect/index.ts'
import type { JobContext } from './context.ts'
import { feedingOf } from './feed-connection.ts'

/** Takes back what a run has written. */
export function undoRunOf(context: JobContext, payload: unknown): Promise<void> {
  const { runId, ...place } = payload as { locationId: string; id: string; runId: string }
  return undoRun(feedingOf(context), place, runId)
}
