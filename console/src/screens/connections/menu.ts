/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Connections',
  hint: 'Other programs bring contacts, invoices and sub-accounts',
} as const
