/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Compare',
  hint: 'Two versions, a version and a sub-account, or two sub-accounts',
} as const
