import { type Feeding, feedConnection } from '../connect/index.ts'
import type { JobContext } from './context.ts'

/** What waits for a connection is made of it. */
export function feedConnectionOf(context: JobContext, payload: unknown): Promise<void> {
  return feedConnection(feedingOf(context), payload as { locationId: string; id: string })
}

export const feedingOf = ({ db, clock, writers, mail }: JobContext): Feeding => ({
  db,
  clock,
  writers,
  byMail: mail.isSetUp,
})
