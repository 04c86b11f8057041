import type { ToneName } from '../../parts/tone.tsx'

export type FleetState = 'running' | 'failed' | 'drifted' | 'behind' | 'current' | 'none'

/** How a sub-account stands, the most pressing first. */
export const STATES: Readonly<Record<FleetState, { label: string; tone: ToneName; meaning: string }>> = {
  running: { label: 'Running', tone: 'info', meaning: 'A push is under way.' },
  failed: { label: 'Failed', tone: 'bad', meaning: 'The last push did not arrive whole.' },
  drifted: { label: 'Drifted', tone: 'change', meaning: 'Somebody there edited or deleted what was pushed.' },
  behind: { label: 'Behind', tone: 'change', meaning: 'There is a newer version of what stands there.' },
  current: { label: 'Up to date', tone: 'good', meaning: 'The newest versions stand there as they were pushed.' },
  none: { label: 'No snapshot', tone: 'calm', meaning: 'No version of a snapshot stands there.' },
}

/** Where it is up to date but for what came of other versions. */
export const MIXED = {
  label: 'Mixed',
  tone: 'change',
  meaning: 'The newest versions stand there, and single assets of others: the next push of all brings them along.',
} as const

/** Where nothing stands: whether anything ever did. */
export const GONE = { label: 'Rolled back', tone: 'calm', meaning: 'What was pushed there was taken back.' } as const
export const UNTOUCHED = { label: 'Untouched', tone: 'calm', meaning: 'No snapshot has been pushed there.' } as const

export const texts = {
  title: 'Fleet',
  hint: 'How all sub-accounts stand',
  search: 'Search sub-accounts by name or id',
  all: 'All',
  columns: {
    name: 'Sub-account',
    state: 'State',
    snapshots: 'Snapshots',
    drifted: 'Drift',
    broken: 'Broken',
    lastPush: 'Last push',
    lastChange: 'Last change',
  },
  drifted: (count: number) => (count === 0 ? '' : `${count.toLocaleString('en')} changed there`),
  broken: (count: number) => `${count.toLocaleString('en')} broken`,
  brokenHint: 'References of its assets that lead nowhere.',
  notCounted: 'being counted',
  withBroken: 'With broken references',
  empty: 'No sub-account yet',
  emptyHint:
    'Make the one that is set up the way the others should be, then those that are to get it. Snapshots carry it over.',
  make: 'New sub-account',
  begin:
    'Nothing has been pushed yet. Capture the sub-account that is set up the way the others should be, then push it to them.',
  beginAgain:
    'No version of a snapshot stands in any sub-account now. What was pushed, and what became of it, is still there.',
  pushes: 'What was pushed',
  beginBy: 'Begin with a capture',
  nothing: 'No sub-account is like that',
  clear: 'Show all',
  count: (shown: number) => `${shown.toLocaleString('en')} sub-account${shown === 1 ? '' : 's'}`,
  chosenTitle: 'Chosen',
  chosen: (count: number) => `${count.toLocaleString('en')} chosen`,
  push: 'Push to them …',
  compare: 'Compare the two',
  unchoose: 'Choose none',
  tooMany: (most: number) => `At most ${most} can be chosen one by one. To push to all, choose all of them.`,
  running: 'Running pushes',
  rollbackOf: 'Roll-back of ',
  done: (done: number, total: number) => `${done} of ${total}`,
  progress: 'Progress',
  changes: {
    title: 'What changed lately',
    nothing: 'Nothing has changed yet.',
    who: (name: string | null) => name ?? 'Somebody',
    atLeast: 'at least',
    in: ' in ',
    times: (count: number) => `${count.toLocaleString('en')} times`,
    kinds: (count: number) => `${count} more kind${count === 1 ? '' : 's'}`,
    more: (count: number) => `and ${count} more`,
  },
} as const
