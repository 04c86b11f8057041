import type { PlanGroup } from '../push-words.ts'

type Field = PlanGroup['fields'][number]

/** One field in which the two sides say different things, and whose was decided on. */
export interface Collision {
  path: string
  base?: unknown
  target?: unknown
  source?: unknown
  take?: 'source' | 'target'
  /** What stands in the way, where it is not what the other side says. */
  why?: string
}

const isWritten = (field: Field) => 'before' in field || 'after' in field

/** What collides in a group, decided or not, and can be decided: what something stands in the way of cannot. */
export const collidingIn = ({ fields }: PlanGroup): Collision[] =>
  (fields as (Field & Collision)[]).filter((field) => !isWritten(field) && field.why === undefined)

/** All of it, and what would be written besides: the side that was taken is not told twice. */
export function partsOf({ fields }: PlanGroup): { collisions: Collision[]; written: Field[] } {
  const collisions = (fields as (Field & Collision)[]).filter((field) => !isWritten(field))
  const decided = new Set(collisions.flatMap(({ path, take }) => (take === undefined ? [] : [path])))
  return { collisions, written: fields.filter((field) => isWritten(field) && !decided.has(field.path)) }
}
