/** What the page of a new installation says: apart from the frame's words, which come with every page. */
export const texts = {
  title: 'Set up Tintype',
  lead: 'Nobody can sign in here yet. Make your agency and its owner: that is you.',
  code: 'Code',
  codeHint: 'It stands in the log of the server, in the line that begins with “Set-up”. It works once.',
  company: 'Name of your agency',
  name: 'Your name',
  email: 'E-mail',
  password: 'Password',
  passwordHint: 'At least 12 characters, not made of your name or e-mail.',
  submit: 'Make it and sign in',
  failed: 'It could not be set up',
  done: 'This installation is set up already. Sign in, or ask an owner of the agency for an invitation.',
  toSignIn: 'To the sign-in',
} as const
