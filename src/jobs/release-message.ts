import { inTransaction } from '../db/transaction.ts'
import { messages } from '../resources/records/messages.ts'
import { allOf, equals, hasId } from '../store/record-conditions.ts'
import { updateRecords } from '../store/records.ts'
import type { JobContext } from './context.ts'

/** The hour of a scheduled message has come: it waits to be delivered, unless it was cancelled or deleted. */
export async function releaseMessage({ db, clock }: JobContext, payload: unknown): Promise<void> {
  const { locationId, messageId } = payload as { locationId: string; messageId: string }
  await inTransaction(db, async (tx) => {
    const author = { actor: 'system', cause: 'schedule', atMs: clock.nowMs() }
    const due = allOf([hasId([messageId]), equals('status', 'scheduled')])
    await updateRecords({ tx, locationId, author }, messages, due, ({ document: { scheduledFor: _, ...document } }) => ({ ...document, status: 'pending' }))
  })
}
