/** What the page behind an invitation says: apart from the frame's words, which come with every page. */
export const texts = {
  title: 'Set your password',
  lead: 'This link works once. With the password you are signed in.',
  name: 'Your name',
  nameHint: 'Left empty, it stays as it is.',
  password: 'New password',
  passwordHint: 'At least 12 characters, not made of your name or e-mail.',
  submit: 'Set password and sign in',
  failed: 'The password could not be set',
  broken: 'This link is not whole. Open it as it was sent, or ask for a new one.',
  toSignIn: 'To the sign-in',
} as const
