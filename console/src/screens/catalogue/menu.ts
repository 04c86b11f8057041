/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Catalogue',
  hint: 'Triggers and actions for other programs',
} as const
