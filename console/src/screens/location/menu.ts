/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Sub-accounts',
  hint: 'What each of them holds, and how to change it',
} as const
