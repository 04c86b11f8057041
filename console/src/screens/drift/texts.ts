import { counted } from '../../parts/push-words.ts'
import { menu } from './menu.ts'

export const texts = {
  title: menu.label,
  lead: 'What sub-accounts have edited or deleted since it was pushed to them. Push it back, or leave it.',
  snapshot: 'Snapshot',
  choose: 'Choose a snapshot',
  chooseHint: 'Drift is told by the snapshot that was pushed.',
  search: 'Search by sub-account or asset, like “Tag vip”',
  sort: 'Order',
  sorts: { name: 'By name', most: 'Most drifted first', least: 'Least drifted first' },
  nothing: 'Nothing like that has drifted',
  clear: 'Show all',
  empty: 'Nothing has drifted',
  emptyHint: 'Every sub-account has what was pushed to it, as it was pushed.',
  edited: 'Edited',
  deleted: 'Deleted',
  count: (assets: number, places: number) => `${counted(assets, 'asset')} in ${counted(places, 'sub-account')}`,
  chosenTitle: 'What is chosen',
  chosen: (count: number) => `${counted(count, 'asset')} chosen`,
  chooseNone: 'Choose none',
  leaveOut: (asset: string, place: string) => `Leave out ${asset} in ${place}`,
  gone: (count: number) => `What else was chosen (${count.toLocaleString('en')}) has drifted no more.`,
  pushes: (count: number) =>
    `It takes ${counted(count, 'push', 'pushes')}, as not the same is chosen everywhere, or not of the same version.`,
  pushTo: (version: number, places: number) => `Version ${version}, in ${counted(places, 'sub-account')}`,
  pushBack: 'Push back …',
  pushBackHint: "The snapshot's content replaces theirs. You see what would happen first.",
  all: {
    open: (count: number) => `Push all back, in ${count.toLocaleString('en')} pushes …`,
    title: (count: number) => `${counted(count, 'push', 'pushes')} at once`,
    lead: 'Each can be followed, and undone, by itself. They go on when you leave.',
    start: (count: number) => `Start ${count === 1 ? 'the push' : `all ${count.toLocaleString('en')} pushes`}`,
  },
  started: {
    title: 'Pushes that were started',
    ended: (ended: number, count: number) =>
      `${ended.toLocaleString('en')} of ${count.toLocaleString('en')} have ended.`,
    progress: 'Progress',
    close: 'Follow them no longer',
  },
  compare: 'See what differs',
  more: 'More',
} as const
