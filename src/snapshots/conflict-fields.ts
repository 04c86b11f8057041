import type { ConflictField } from './conflicts.ts'
import { isSame, type Json } from './diff.ts'
import type { MergeRules } from './merge.ts'
import { partsOn, placesOf, valueAt } from './merge-decided.ts'
import { isBelow } from './merge-takes.ts'
import { namesOf, type PartNames, readable } from './merge-walk.ts'

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
  const open = new Map<string, ConflictField>()
  for (const field of fields) {
    const at = atOf(field)
    if (covering.some((above) => isWithin(at, above))) continue
    if (field.why !== undefined) {
      if (isKept) open.set(at, field)
      continue
    }
    const part = partsOn(at).at(-1) ?? null
    const isWhole = part !== null && at.endsWith(`${part}]`)
    if (part !== null && mine.has(part) !== theirs.has(part)) {
      // The part has gone on one side: what is left to decide is the whole of it.
      const place = (mine.get(part) ?? theirs.get(part)) as string
      open.set(place, asOpen(isWhole ? field.base : undefined, place, { target, source, names }))
    } else if (isWhole ? mine.get(part) !== theirs.get(part) : !agree(valuesAt(at, target, source), at))
      open.set(at, asOpen(field.base, at, { target, source, names }))
  }
  return [...open.values()]
}

interface Deciding {
  /** What somebody decided about the asset; undefined: nothing. */
  takes: readonly { path?: string | undefined }[] | undefined
  target: Json | null
  source: Json | null
  together: MergeRules['together']
}

/** What nobody has decided. Of fields that hang together, one decision is about all. */
export function undecided(fields: readonly ConflictField[], { takes = [], target, source, together }: Deciding) {
  if (takes.some(({ path }) => path === undefined)) return []
  const told = new Set(takes.flatMap(({ path }) => (path === undefined ? [] : groupAt(path))))
  return fields.filter(({ path, at = path }) => !told.has(at) && !told.has(path))

  function groupAt(path: string): string[] {
    const pattern = path.replace(/\[[^\]]*\]/g, '[]')
    const nameOf = (of: string) => of.slice(of.lastIndexOf('.') + 1)
    const sibling = (of: string) => path.slice(0, path.length - nameOf(path).length) + nameOf(of)
    const isApart = (at: string) => target !== null && source !== null && !agree(valuesAt(at, target, source), at)
    const group = together.find((names) => names.includes(pattern) && isApart(sibling(names[0] as string)))
    return group?.map(sibling) ?? [path]
  }
}

const valuesAt = (at: string, target: Json, source: Json): Values => ({
  target: valueAt(target, at),
  source: valueAt(source, at),
})

/** The field as it stands now. */
function asOpen(
  base: Json | undefined,
  at: string,
  { target, source, names }: { target: Json; source: Json; names: PartNames },
): ConflictField {
  const shown = shownAt(at, valuesAt(at, target, source), () => names)
  const side = (name: 'target' | 'source') => (shown[name] === undefined ? {} : { [name]: shown[name] })
  return {
    path: readable(at, names),
    ...(base === undefined ? {} : { base }),
    ...side('target'),
    ...side('source'),
    ...(at.includes('⟦.') ? { at } : {}),
  }
}

/** With what the target says there by now. What stands in the way of something is told by whatever writes the asset. */
export function targetNow(field: ConflictField, target: Json): ConflictField {
  if (field.why !== undefined) return field
  const at = atOf(field)
  const now = shownAt(at, { target: valueAt(target, at), source: undefined }, () => namesOf([target])).target
  const { target: _, ...more } = field
  return now === undefined ? more : { ...more, target: now }
}

const atOf = ({ path, at = path }: ConflictField) => at

const isWithin = (at: string, above: string) => at === above || isBelow(at, above)

type Values = Record<'target' | 'source', Json | undefined>

function agree({ target, source }: Values, at: string): boolean {
  if (!at.endsWith('.order') || !Array.isArray(target) || !Array.isArray(source)) return isSame(target, source)
  const common = (one: Json[], other: Json[]) => one.filter((id) => other.includes(id))
  return isSame(common(target, source), common(source, target))
}

/** The order of parts is shown by what these are called. */
const shownAt = (at: string, values: Values, names: () => PartNames): Values =>
  at.endsWith('.order') ? ordersBy(names(), values) : values

const ordersBy = (names: PartNames, { target, source }: Values): Values => {
  const labels = (ids: Json | undefined) =>
    Array.isArray(ids) ? ids.map((id) => names.get(String(id)) ?? String(id)) : undefined
  return { target: labels(target), source: labels(source) }
}
