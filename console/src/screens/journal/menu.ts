/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Journal',
  hint: 'What changes, as it happens',
} as const
