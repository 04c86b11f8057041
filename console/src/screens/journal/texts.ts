import { menu } from './menu.ts'

export const texts = {
  title: menu.label,
  lead: 'Every change of any sub-account, newest first, looked for each second.',
  location: 'Only in this sub-account',
  kind: 'Only of this kind',
  pause: 'Pause',
  resume: 'Follow again',
  older: 'Older changes',
  paused: 'Paused',
  following: 'Following',
  empty: 'Nothing has changed yet',
  emptyHint: 'As soon as somebody changes something, it stands here.',
  ops: { create: 'made', update: 'changed', delete: 'deleted', adopt: 'matched' } as Readonly<Record<string, string>>,
  changes: (count: number) => `${count} change${count === 1 ? '' : 's'}`,
  more: (count: number) => `and ${count} more`,
  close: 'Close',
  gone: 'This change is further back than its history is read here.',
  sides: { before: 'Before', after: 'After' },
  request: 'Request',
} as const
