/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Pushes',
  hint: 'What went where, and what became of it',
} as const
