import { counted } from '../push-words.ts'

export const texts = {
  tabs: { groups: 'By change', targets: 'By sub-account', warnings: 'Warnings' },
  nothing: 'Nothing would be written',
  nothingHint: 'All of them have this content already, or keep their own.',
  nowhere: 'Nothing would change in any sub-account',
  find: 'Search sub-accounts by name or id',
  notFound: 'No sub-account of this plan is called that',
  moreTargets: 'More sub-accounts',
  cut: 'These are the warnings of the first sub-accounts; totals and changes cover all of them.',
  actions: 'What would happen',
  all: (count: number) => `All ${count.toLocaleString('en')}`,
  changes: 'Changes',
  ungrouped: (count: number) => `And ${counted(count, 'other change')} that are not listed one by one.`,
  choose: 'Choose a change to see what it would write. J and K go to the next and the previous one.',
  more: (count: number) => ` and ${count.toLocaleString('en')} more`,
  collides: { before: 'There now', after: "The snapshot's" },
  besides: 'Written besides, where nothing collides:',
  sides: { before: 'Before', after: 'After' },
  noWarning: 'There is nothing to warn of',
  refers: ' refers to ',
  notHeld: ', which the snapshot does not hold.',
} as const
