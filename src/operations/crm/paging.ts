import { Type } from 'typebox'
import type { Context } from '../define.ts'

/** Where the next page begins. */
export const After = () =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'What `paging.next.after` said.' }))

/** wire/hubspot.md, "CRM objects": not there at the end of a list. */
export const Paging = () =>
  Type.Optional(Type.Object({ next: Type.Object({ after: Type.String(), link: Type.String() }) }))

/** Links are absolute: clients follow them as they are. */
export function pagingOf(
  { publicUrl }: Pick<Context, 'publicUrl'>,
  path: string,
  after: string | undefined,
  query: Record<string, string | number> = {},
): { paging?: { next: { after: string; link: string } } } {
  if (after === undefined) return {}
  const asked = new URLSearchParams([
    ...Object.entries(query).map(([name, value]) => [name, String(value)]),
    ['after', after],
  ])
  return { paging: { next: { after, link: `${publicUrl()}${path}?${asked}` } } }
}
