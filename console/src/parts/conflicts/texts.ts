import { counted } from '../push-words.ts'

export const texts = {
  empty: 'Nothing waits for a decision',
  emptyHint: 'Where both sides change the same thing, it is listed here.',
  lead: (count: number) =>
    `${counted(count, 'difference')} to decide. Until then each sub-account keeps its own. Equal differences stand ` +
    'here once and are decided for all sub-accounts that have them.',
  versions: 'These wait with different versions: carry out one version at a time.',
  ready: (decisions: number, places: number) =>
    `Carries out ${counted(decisions, 'decision')} in ${counted(places, 'sub-account')}.`,
  carryOut: 'Carry out',
  about: (kind: string, version: number) => `${kind} · version ${version} · `,
  sides: { before: 'There now', after: "The snapshot's" },
  more: (count: number) => ` and ${count.toLocaleString('en')} more`,
  open: 'Not decided',
  theirs: 'Leave theirs',
  ours: "Take the snapshot's",
  keyTaken: 'Another asset there has its key. Rename one of the two, then push again.',
  which: 'Which one is it?',
  newOne: 'None of them: make a new one',
  becomes: (name: string) => `What becomes of ${name === '' ? 'it' : name}`,
} as const
