import { fileOperation } from './files.ts'
import { filterOperations } from './filters.ts'
import { followingOperations } from './following.ts'
import { journalOperations } from './journals.ts'
import { overviewOperations } from './overview.ts'
import { snapshotOperations } from './snapshots.ts'
import { subscriptionOperations } from './subscriptions.ts'
import { takingOperations } from './taking.ts'

/** Record snapshots and the journal, as HubSpot has them, and what we add (wire/hubspot.md; CONTRACT). */
export const operations = [
  ...snapshotOperations,
  ...subscriptionOperations,
  ...filterOperations,
  ...journalOperations('journal'),
  ...followingOperations('journal'),
  ...journalOperations('journal-local'),
  ...followingOperations('journal-local'),
  fileOperation,
  ...overviewOperations,
  ...takingOperations,
]
