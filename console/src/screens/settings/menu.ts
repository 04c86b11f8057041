/** What its entry in the menu says, apart from its other words: those come when it is opened. */
export const menu = {
  label: 'Settings',
  hint: 'Your account, people, tokens, apps, limits, security log',
} as const
