import { counted } from '../../parts/push-words.ts'

export const texts = {
  title: 'Push',
  lead: 'You see what would happen before anything is written, and can undo it afterwards.',
  what: {
    title: 'What',
    snapshot: 'Snapshot',
    version: 'Version',
    only: (count: number) => `Only ${counted(count, 'asset')}`,
  },
  where: {
    title: 'Where to',
    all: 'All sub-accounts but the one it was captured from',
    narrow: 'Only those with this in their name',
    state: 'Only those that stand so',
    meant: (count: number, out: number) =>
      `All ${count.toLocaleString('en')} below${out === 0 ? '' : ` but ${out.toLocaleString('en')}`}. Untick whoever is to be left out.`,
    has: (name: string) => `Only where ${name} stands.`,
    everywhere: 'Elsewhere, too',
    some: 'Some sub-accounts',
    search: 'Search sub-accounts by name or id',
    chosen: (count: number) => `${counted(count, 'sub-account')} chosen`,
    none: 'Choose at least one sub-account.',
  },
  how: {
    title: 'How',
    policy: 'Where both sides changed the same thing',
    policies: {
      merge: { label: 'Ask me', hint: 'What only one side changed is merged. What collides waits for your decision.' },
      override: { label: "Take the snapshot's", hint: 'Their edits to what the snapshot holds are overwritten.' },
      skip: { label: 'Leave theirs', hint: 'What differs there is left alone.' },
    },
    deletions: 'What left the snapshot',
    deletion: {
      none: 'stays',
      true: 'goes where a push had made it',
      all: 'goes everywhere',
    },
  },
  plan: {
    title: 'What would happen',
    nothing: 'Nothing would be written',
    nothingHint: 'All chosen sub-accounts have this content already, or keep their own.',
    groups: 'By change',
    targets: 'By sub-account',
    warnings: 'Warnings',
    noWarnings: 'There is nothing to warn of.',
    missing: (count: number) => `${counted(count, 'reference')} of the snapshot lead nowhere`,
    ungrouped: (count: number) => `And ${counted(count, 'other change')} that are no two alike.`,
    choose: 'Choose a change to see what it would write.',
    where: (count: number) => counted(count, 'sub-account'),
    decide: 'In all sub-accounts that have it',
    decisions: { merge: 'Decide later', override: "Take the snapshot's", skip: 'Leave theirs' },
    planning: 'Planning …',
    stale: 'Something has changed since this plan was made. It was made again: look at it once more.',
  },
  go: 'Push',
} as const
