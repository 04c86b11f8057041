/** What the frame around all screens says. Each screen has its own `texts.ts`. */
export const texts = {
  product: 'Tintype',
  skip: 'Skip to the content',
  menu: 'Menu',
  search: 'Search and commands',
  searchKey: 'Ctrl K',
  palette: {
    placeholder: 'Go to a screen, a sub-account or a snapshot',
    nothing: 'Nothing is called that.',
    screens: 'Screens',
    places: 'Sub-accounts',
    snapshots: 'Snapshots',
    version: (version: number) => `version ${version}`,
  },
  signIn: {
    title: 'Sign in',
    lead: 'Snapshots for your sub-accounts.',
    email: 'E-mail',
    password: 'Password',
    code: 'Code of your authenticator app',
    codeHint: 'Six digits, or one of your recovery codes.',
    submit: 'Sign in',
    forgotten: 'Forgotten your password? An owner or admin of your agency can make you a link for a new one.',
  },
  undo: 'Undo',
  meanwhile: 'What you had begun is done.',
  show: 'Show it',
  copy: 'Copy',
  copied: 'Copied',
  cancel: 'Cancel',
  close: 'Close',
  account: {
    settings: 'My account',
    signOut: 'Sign out',
    scheme: 'Colours',
    chosen: 'chosen',
    light: 'Light',
    dark: 'Dark',
    auto: 'As the system',
  },
  states: {
    notFound: 'There is nothing at this address.',
    notFoundHint: 'It may have been deleted, or the address is not whole.',
    home: 'To the fleet',
    failed: 'This could not be loaded',
    part: 'A part of this page did not come: the server was away, or is newer than the page.',
    partHint: 'Try again; where that does not help, load the page again.',
    retry: 'Try again',
    trace: 'Trace id',
    traceHint: 'Whoever runs the server finds what happened by this id.',
    refused: 'This is not for your role',
    refusedHint: (role: string) => `It takes the role ${role} or above. Ask an owner of your agency for it.`,
    unreachable: 'The server cannot be reached',
    putOff: 'The server asks for a pause.',
    goesOn: (seconds: number) => `This goes on by itself in ${seconds} s.`,
  },
  /** By codes of the server's catalogue: what it says to programs, said to people. Of all others it says it itself. */
  refusals: {
    location_needed:
      'This address does not say which sub-account is meant. Go back to the list, and open what you look for from there.',
    location_forbidden:
      'This sub-account is not among those that you see, or is not there any more. Choose another one, or ask an owner or ' +
      'admin of your agency to let you in.',
    locations_forbidden:
      'Some of these sub-accounts are not among those that you see, or are not there any more. Choose others, or ask an ' +
      'owner or admin of your agency to let you in.',
    company_forbidden: 'This is of another agency. Sign in as somebody of it to see it.',
    token_kind: 'This is not for your role. Ask an owner or admin of your agency.',
    scope_missing: 'This is not for your role. Ask an owner or admin of your agency.',
  },
} as const
