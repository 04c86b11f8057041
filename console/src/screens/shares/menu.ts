/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Shares',
  hint: 'Links that give a snapshot to other agencies',
} as const
