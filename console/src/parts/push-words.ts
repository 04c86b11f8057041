import type { Output } from '../api/call.ts'
import type { ToneName } from './tone.tsx'

export type Push = Output<'pushes.get'>['push']
export type PushStatus = Push['status']
export type Plan = Output<'snapshots.plan'>['plan']
export type PlanGroup = Plan['groups'][number]
export type Action = PlanGroup['action']
export type Outcome = Output<'pushes.target'>['target']['assets'][number]['outcome']

interface Word {
  label: string
  tone: ToneName
  meaning: string
}

/** States of a push and of each of its targets. */
export const STATUS: Readonly<Record<PushStatus, Word>> = {
  pending: { label: 'Waiting', tone: 'calm', meaning: 'It has not begun.' },
  processing: { label: 'Running', tone: 'info', meaning: 'It is under way.' },
  completed: { label: 'Done', tone: 'good', meaning: 'Every asset was decided.' },
  partial: { label: 'Partly done', tone: 'change', meaning: 'Something failed, and something did not.' },
  failed: { label: 'Failed', tone: 'bad', meaning: 'Nothing could be done.' },
  cancelled: { label: 'Cancelled', tone: 'calm', meaning: 'Stopped before its end; what was done stands.' },
  rolled_back: { label: 'Rolled back', tone: 'calm', meaning: 'Undone by a roll-back.' },
}

export const isRunning = (status: PushStatus): boolean => status === 'pending' || status === 'processing'

/** What a plan means to do, in the order in which somebody wants to read of it. */
export const ACTIONS: Readonly<Record<Action, Word>> = {
  conflict: {
    label: 'Conflict',
    tone: 'bad',
    meaning: 'Both sides changed the same thing. The sub-account keeps its own.',
  },
  ambiguous: { label: 'Ambiguous', tone: 'bad', meaning: 'Several assets could be meant. Nothing is touched.' },
  create: { label: 'Create', tone: 'good', meaning: 'The sub-account has no such asset, so it gets one.' },
  update: { label: 'Update', tone: 'info', meaning: "It gets the snapshot's content." },
  merge: { label: 'Merge', tone: 'info', meaning: 'Both sides changed different things. It gets both.' },
  delete: { label: 'Delete', tone: 'bad', meaning: 'It left the snapshot, and is removed.' },
  release: { label: 'Hand back', tone: 'calm', meaning: "It left the snapshot, and is the sub-account's own again." },
  keep: { label: 'Keep', tone: 'calm', meaning: 'Only the sub-account changed it. Its side stands.' },
  skip: { label: 'Skip', tone: 'calm', meaning: 'It differs, and is to be left alone.' },
  unchanged: { label: 'Unchanged', tone: 'calm', meaning: 'It has this content already.' },
}

/** What a roll-back means by them: it brings back what stood there, not what a snapshot holds. */
export const ROLLBACK_MEANINGS: Readonly<Partial<Record<Action, string>>> = {
  create: 'The push had removed it. It comes back.',
  update: 'It becomes what it was before the push.',
  delete: 'The push had made it. It is removed.',
  keep: 'Somebody has changed it since. Their side stands.',
  unchanged: 'It is as it was before the push already.',
}

/** What became of an asset in a target. */
export const OUTCOMES: Readonly<Record<Outcome, Word>> = {
  failed: { label: 'Failed', tone: 'bad', meaning: 'It could not be written. Retry tries again.' },
  conflict: { ...ACTIONS.conflict, meaning: 'Both sides had changed it. It waits until somebody decides.' },
  ambiguous: ACTIONS.ambiguous,
  created: { ...ACTIONS.create, label: 'Created', meaning: 'The sub-account got it.' },
  updated: { ...ACTIONS.update, label: 'Updated', meaning: "It has the snapshot's content now." },
  merged: { ...ACTIONS.merge, label: 'Merged', meaning: 'It has the changes of both sides now.' },
  deleted: { ...ACTIONS.delete, label: 'Deleted', meaning: 'It was removed.' },
  released: { ...ACTIONS.release, label: 'Handed back' },
  kept: { ...ACTIONS.keep, label: 'Kept', meaning: "The sub-account's side stands." },
  skipped: { ...ACTIONS.skip, label: 'Skipped' },
  unchanged: ACTIONS.unchanged,
}

/** What writes something. */
export const WRITING: readonly Action[] = ['create', 'update', 'merge', 'delete', 'release']

/** `1 conflict`, `12 conflicts`. */
export const counted = (count: number, word: string, many = `${word}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? word : many}`

/** `2 conflicts`, `46 created`. */
export const outcomeText = (count: number, outcome: Outcome): string =>
  outcome === 'conflict' ? counted(count, 'conflict') : `${count} ${OUTCOMES[outcome].label.toLowerCase()}`
