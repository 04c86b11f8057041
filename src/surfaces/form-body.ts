import type { FastifyInstance } from 'fastify'

/**
 * Takes `application/x-www-form-urlencoded` bodies below this point. A field without a value counts as not sent; one that
 * comes several times is a list, which no field of ours is, so validation names it.
 */
export function acceptUrlForms(scope: FastifyInstance): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => done(null, parseUrlForm(text as string)))
}

function parseUrlForm(text: string): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null)
  const sent = new URLSearchParams(text)
  for (const name of new Set(sent.keys())) {
    const values = sent.getAll(name).filter((value) => value !== '')
    if (values.length > 0) form[name] = values.length === 1 ? (values[0] as string) : values
  }
  return form
}
