/** What parts say that many screens are made of. Those of a folder of its own have their own `texts.ts`. */
export const texts = {
  noPlace: 'No sub-account is called that',
  breadcrumb: 'Breadcrumb',
  clear: 'Clear',
  chooseAll: 'Choose all',
  actors: {
    token: 'A token that is gone',
    person: 'Somebody who is gone',
    push: 'A push that is gone',
    form: 'A form that somebody sent',
    survey: 'A survey that somebody sent',
    connection: 'A connection',
  } as Readonly<Record<string, string>> & { person: string },
  bearer: 'Authorization: Bearer …',
  diff: {
    document: 'document',
    whole: 'The whole document',
    added: 'Added',
    removed: 'Removed',
    shown: (name: string) => `How ${name} is shown`,
    views: { text: 'Text', page: 'Page' },
    nothing: 'nothing',
    empty: 'empty',
    page: (side: string) => `${side}: page`,
  },
  changes: {
    ops: { create: 'created it', update: 'changed it', delete: 'deleted it' } as Readonly<Record<string, string>>,
    sides: { before: 'Before', after: 'After' },
    fields: (count: number) => `${count} field${count === 1 ? '' : 's'}`,
  },
  moments: {
    yours: (moment: string, zone: string) => `${moment} your time (${zone})`,
    theirs: (moment: string, zone: string) => `${moment} there (${zone})`,
    both: (moment: string, zone: string) => `${moment} (${zone}), there as here`,
    now: 'just now',
  },
  signedOut: {
    text: 'You are signed out. What you have written here stays while you sign in again in another window.',
    there: 'Sign in in another window',
    here: 'Sign in here',
  },
  secret: { use: 'It is sent as:', done: 'I have put it away' },
  dialog: {
    lost: 'What you have written here is lost when this closes.',
    stay: 'Go on writing',
    go: 'Close and lose it',
  },
  collide: (fields: string, isBoth: boolean) =>
    isBoth ? `Changed on both sides: ${fields}` : `Differs from what stands there: ${fields}`,
  choose: (what: string) => `Choose ${what}`,
} as const
