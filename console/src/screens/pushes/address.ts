import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'
import type { Outcome, PushStatus } from '../../parts/push-words.ts'

export const STATUSES: readonly PushStatus[] = [
  'processing',
  'pending',
  'failed',
  'partial',
  'completed',
  'cancelled',
  'rolled_back',
]
const OUTCOME_NAMES: readonly Outcome[] = [
  'failed',
  'conflict',
  'ambiguous',
  'created',
  'updated',
  'merged',
  'deleted',
  'released',
  'kept',
  'skipped',
  'unchanged',
]

export const listAddress = (raw: RawSearch) => ({
  status: wordIn(raw.status, STATUSES),
  snapshot: textIn(raw.snapshot),
})

export const pushAddress = (raw: RawSearch) => ({
  tab: wordIn(raw.tab, ['targets', 'conflicts'] as const),
  status: wordIn(raw.status, STATUSES),
  outcome: wordIn(raw.outcome, OUTCOME_NAMES),
  target: textIn(raw.target),
  q: textIn(raw.q),
})

export const rollbackAddress = (raw: RawSearch) => ({
  override: flagIn(raw.override),
  tab: wordIn(raw.tab, ['groups', 'targets', 'warnings'] as const),
  action: textIn(raw.action),
  asset: textIn(raw.asset),
  find: textIn(raw.find),
})
