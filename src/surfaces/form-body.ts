import type { FastifyInstance } from 'fastify'
import { type AppError, invalid } from '../errors.ts'

/** Bodies of routes that take forms, in whatever form they come. */
export const FORM_BYTES = 65_536
const MOST_FIELDS = 100

/**
 * Takes `application/x-www-form-urlencoded` bodies below this point. A field without a value counts as not sent; one
 * that comes several times is a list, which no field of ours is, so validation names it.
 */
export function acceptUrlForms(scope: FastifyInstance): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseUrlForm(text as string))
    } catch (error) {
      done(error as AppError)
    }
  })
}

function parseUrlForm(text: string): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null)
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > MOST_FIELDS) throw invalid([`a form has at most ${MOST_FIELDS} fields`])
    if (value === '') continue
    const earlier = form[name]
    form[name] = earlier === undefined ? value : [earlier, value].flat()
  }
  return form
}
