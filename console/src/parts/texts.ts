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
} as const
