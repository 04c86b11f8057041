/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Webhooks',
  hint: 'Other programs are told what happens here',
} as const
