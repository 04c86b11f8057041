import type { ConflictField } from './conflicts.ts'
import { isSame, type Json } from './diff.ts'
import { placesOf, valueAt } from './merge-decided.ts'
import { namesOf, readable } from './merge-walk.ts'

interface Sides {
  /** What a merge has told since: it stands for what lies at the same place, and below. */
  told: readonly ConflictField[]
  /** Both as the target names things. */
  target: Json
  source: Json
  /** Nothing of the asset was written: what stood in the way of something still does. */
  isKept: boolean
}

/**
 * What of these fields still divides the two sides, with what each says by now. What stands in the way of something
 * (`why`) is told again by whatever writes the asset, as long as it does.
 */
export function stillOpen(fields: readonly ConflictField[], { told, target, source, isKept }: Sides): ConflictField[] {
  const names = namesOf([target, source])
  const [mine, theirs] = [placesOf(target), placesOf(source)]
  const covering = told.map(atOf)
  return fields.flatMap((field) => {
    const at = atOf(field)
    if (covering.some((above) => isWithin(at, above))) return []
    if (field.why !== undefined) return isKept ? [field] : []
    const part = /⟦\.[A-Za-z0-9-]+⟧\]$/.exec(at)?.[0].slice(0, -1)
    const values = { target: valueAt(target, at), source: valueAt(source, at) }
    if (part !== undefined ? mine.get(part) === theirs.get(part) : agree(values, at)) return []
    const shown = at.endsWith('.order') ? ordersBy(names, values) : values
    const { base } = field
    const side = (name: 'target' | 'source') => (shown[name] === undefined ? {} : { [name]: shown[name] })
    return [
      {
        path: readable(at, names),
        ...(base === undefined ? {} : { base }),
        ...side('target'),
        ...side('source'),
        ...(field.at === undefined ? {} : { at }),
      },
    ]
  })
}

const atOf = ({ path, at = path }: ConflictField) => at

const isWithin = (at: string, above: string) => at === above || at.startsWith(`${above}.`) || at.startsWith(`${above}[`)

type Values = Record<'target' | 'source', Json | undefined>

function agree({ target, source }: Values, at: string): boolean {
  if (!at.endsWith('.order') || !Array.isArray(target) || !Array.isArray(source)) return isSame(target, source)
  const common = (one: Json[], other: Json[]) => one.filter((id) => other.includes(id))
  return isSame(common(target, source), common(source, target))
}

const ordersBy = (names: ReadonlyMap<string, string>, { target, source }: Values): Values => {
  const labels = (ids: Json | undefined) =>
    Array.isArray(ids) ? ids.map((id) => names.get(String(id)) ?? String(id)) : undefined
  return { target: labels(target), source: labels(source) }
}
