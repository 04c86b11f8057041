import { enqueue } from '../db/queue.ts'
import { contacts } from '../resources/records/contacts.ts'
import type { recurringTasks } from '../resources/records/recurring-tasks.ts'
import { tasks } from '../resources/records/tasks.ts'
import {
  allOf,
  createRecords,
  equals,
  hasTerm,
  holdRecord,
  listRecords,
  type RecordScope,
} from '../store/records/index.ts'

export type RecurringTask = (typeof recurringTasks)['examples'][number]

/** Enqueues the next time of a recurring task: one job waits for each. */
export async function awaitNext(
  { tx, locationId }: RecordScope,
  id: string,
  nextAt: string | undefined,
): Promise<void> {
  if (nextAt === undefined) return
  await enqueue(tx, 'recurring-task', [{ locationId, id, at: nextAt }], {
    at: new Date(nextAt),
    key: `recurring-task ${locationId} ${id}`,
  })
}

/** One task for each contact, and each owner; one without a contact where it has none. */
export async function makeTasks(scope: RecordScope, id: string, task: RecurringTask, atMs: number): Promise<void> {
  if (task.rruleOptions.createTaskIfOverDue === false && (await isLate(scope, id))) return
  const held: (string | undefined)[] = []
  for (const contactId of task.contactIds.toSorted())
    if ((await holdRecord(scope, contacts, contactId)) !== null) held.push(contactId)
  const dueDate = new Date(atMs + task.rruleOptions.dueAfterSeconds * 1000).toISOString()
  const owners: (string | undefined)[] = task.owners.length === 0 ? [undefined] : [...task.owners]
  const common = { title: task.title, dueDate, completed: false, recurringTaskId: id }
  const body = task.description === '' ? {} : { body: task.description }
  const documents = (task.contactIds.length === 0 ? [undefined] : held).flatMap((contactId) =>
    owners.map((assignedTo) => ({
      ...common,
      ...body,
      ...(contactId === undefined ? {} : { contactId }),
      ...(assignedTo === undefined ? {} : { assignedTo }),
    })),
  )
  await createRecords(
    scope,
    tasks as never,
    documents.map((document) => ({ document })),
  )
}

async function isLate({ tx, locationId, author }: RecordScope, id: string): Promise<boolean> {
  const term = hasTerm(locationId, 'recurringTaskId', id)
  const where = allOf([...(term === null ? [] : [term]), equals('completed', false)])
  const open = await listRecords<{ dueDate: string }>(tx, tasks, locationId, { where })
  return open.some(({ document }) => Date.parse(document.dueDate) < author.atMs)
}
