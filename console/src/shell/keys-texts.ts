/** The list of shortcuts, which comes when it is asked for. */
export const texts = {
  title: 'Keyboard shortcuts',
  list: [
    ['Ctrl K', 'Search and commands'],
    ['?', 'This list'],
    ['g then h', 'Fleet'],
    ['g then s', 'Snapshots'],
    ['g then p', 'Pushes'],
    ['g then d', 'Drift'],
    ['j / k', 'Next and previous change, where changes are compared'],
    ['Esc', 'Close what is open'],
  ],
} as const
