/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Drift',
  hint: 'What was edited in sub-accounts since it was pushed',
} as const
