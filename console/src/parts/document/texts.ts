export const texts = {
  howToMove: 'Move it by dragging, or by the arrow keys up and down.',
  moved: (title: string, place: number, count: number) => `${title} is now ${place} of ${count}.`,
  addTo: (list: string) => `Add to ${list.toLowerCase()}`,
  addField: 'Add a field',
  noJson: 'No JSON yet',
  move: (title: string) => `Move ${title}`,
  moveUp: (title: string) => `Move ${title} up`,
  moveDown: (title: string) => `Move ${title} down`,
  remove: (title: string) => `Remove ${title}`,
  people: { contacts: 'Contact', users: 'User', nothing: 'Nobody is called that' },
  references: {
    missing: (names: string) => `Nothing there (${names})`,
    gone: (word: string, count: number) =>
      count === 1 ? `${/^[aeiou]/i.test(word) ? 'An' : 'A'} ${word} that is gone` : `${count} ${word}s that are gone`,
    /** What a part of an asset of a kind is called. */
    parts: { workflows: 'step', campaigns: 'step', funnels: 'step', forms: 'field', surveys: 'field' } as Readonly<
      Record<string, string>
    >,
    stage: 'stage',
    thing: 'asset',
    broken: 'What it named is gone, or has not come yet.',
    nothing: 'Nothing is called that',
  },
  saving: {
    faults: 'This would be refused',
    fault: 'It could not be saved',
    save: 'Save',
    discard: 'Discard changes',
    unsaved: 'Not saved yet',
  },
  moment: { hint: 'In the time of your clock.' },
  both: {
    title: 'Somebody else has changed this meanwhile',
    lead: 'Nothing was overwritten. What only one of you changed is taken from whoever changed it.',
    both: 'Both of you changed these. Choose for each:',
    others: 'Only they changed these:',
    before: 'Before',
    theirs: 'Theirs, stored now',
    mine: 'Yours, not saved',
    takeTheirs: 'Take theirs',
    takeMine: 'Keep yours',
    go: 'Go on with these',
    stay: 'Decide later',
  },
} as const
