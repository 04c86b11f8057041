import { findOwner } from '../auth/locations.ts'
import { inTransaction } from '../db/transaction.ts'
import { recurringTasks } from '../resources/records/recurring-tasks.ts'
import { awaitNext, loadTimeZone, makeTasks, nextOccurrence, type RecurringTask } from '../scheduling/index.ts'
import { findRecord, updateRecord } from '../store/records/index.ts'
import type { JobContext } from './context.ts'

/** The time of a recurring task has come: its tasks are made, and the next time is awaited. */
export async function recurringTask({ db, clock }: JobContext, payload: unknown): Promise<void> {
  const { locationId, id, at } = payload as { locationId: string; id: string; at: string }
  await inTransaction(db, async (tx) => {
    const scope = { tx, locationId, author: { actor: 'system', cause: 'schedule', atMs: clock.nowMs() } }
    const isDue = (document: { nextAt?: string } | undefined) => document?.nextAt === at
    // Changed or deleted meanwhile: another job, or none, waits for it.
    const known = await findRecord<RecurringTask>(tx, recurringTasks, locationId, id)
    if (!isDue(known?.document)) return
    const agencyId = await findOwner(tx, locationId)
    if (agencyId === null) return
    const timeZone = await loadTimeZone({ db: tx, clock, agencyId, locationId })
    let came = false
    const { document } = await updateRecord(scope, recurringTasks as never, id, (current) => {
      const known = current.document as never as RecurringTask
      came = isDue(known)
      if (!came) return current.document
      // What a server that stood still has missed is made once.
      const next = nextOccurrence(known.rruleOptions, clock.nowMs(), timeZone)
      const { nextAt: _, ...rest } = known
      return {
        ...rest,
        totalOccurrence: rest.totalOccurrence + 1,
        ...(next === null ? {} : { nextAt: new Date(next).toISOString() }),
      }
    })
    if (!came) return
    const task = document as never as RecurringTask
    await makeTasks(scope, id, task, Date.parse(at))
    await awaitNext(scope, id, task.nextAt)
  })
}
