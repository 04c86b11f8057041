/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Snapshots',
  hint: 'Captures of a set-up, and their versions',
} as const
