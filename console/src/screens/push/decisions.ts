import { collidingIn } from '../../parts/plan/collisions.ts'
import type { PlanGroup } from '../../parts/push-words.ts'

export type Side = 'source' | 'target'

/** Whose side stands in one conflict: of a field, or of all that collides. The operations' own form. */
interface Decision {
  kind: string
  lineage: string
  conflict: string
  path?: string
  take: Side
}

const WRITTEN = /^(source|target):([^/]+)\/([^/]+)\/([^:/]+):(.*)$/s

/** As they stand in the address: `source:forms/LINEAGE/CONFLICT:PATH`. What is none is passed over. */
export const readDecisions = (written: readonly string[] = []): Decision[] =>
  written.flatMap((text) => {
    const [, take, kind = '', lineage = '', conflict = '', path = ''] = WRITTEN.exec(text) ?? []
    return take === undefined ? [] : [{ kind, lineage, conflict, ...(path && { path }), take: take as Side }]
  })

const write = ({ kind, lineage, conflict, path = '', take }: Decision) =>
  `${take}:${kind}/${lineage}/${conflict}:${path}`

const isOf =
  ({ kind, lineage, conflict }: PlanGroup) =>
  (one: Decision) =>
    one.kind === kind && one.lineage === lineage && one.conflict === conflict

/** Whose side stands in a field of a group, or (without a path) in all that collides; undefined: nobody's yet. */
export function sideIn(
  written: readonly string[] | undefined,
  group: PlanGroup,
  path?: string,
): Side | 'mixed' | undefined {
  const own = readDecisions(written).filter(isOf(group))
  const whole = own.find((one) => one.path === undefined)?.take
  const at = (field: string) => own.find((one) => one.path === field)?.take ?? whole
  if (path !== undefined) return at(path)
  const sides = new Set(collidingIn(group).map((field) => at(field.path)))
  return sides.size === 0 ? whole : sides.size === 1 ? [...sides][0] : 'mixed'
}

/** The address once a side was taken in a field of a group, or in all of it; undefined: nobody's. */
export function decide(
  written: readonly string[] | undefined,
  group: PlanGroup,
  { path, take }: { path?: string; take: Side | undefined },
): string[] | undefined {
  const all = readDecisions(written)
  const { kind, lineage, conflict = '' } = group
  const as = (take: Side, path?: string): Decision => ({ kind, lineage, conflict, ...(path && { path }), take })
  const others = all.filter((one) => !isOf(group)(one))
  const fields = path === undefined ? [] : collidingIn(group).map((field) => field.path)
  const own =
    path === undefined
      ? [...(take === undefined ? [] : [as(take)])]
      : fields.flatMap((field) => {
          const side = field === path ? take : sideIn(written, group, field)
          return side === undefined || side === 'mixed' ? [] : [as(side, field)]
        })
  const next = [...others, ...own].map(write)
  return next.length === 0 ? undefined : next
}
