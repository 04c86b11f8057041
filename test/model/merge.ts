import {
  copy,
  type Document,
  isAsset,
  isObject,
  mapTokens,
  partName,
  partsOf,
  resourceOf,
  same,
  textOf,
  type Value,
} from './document.ts'

/** The Merge table of decision 11, written down without a look at how the product does it. */

export interface Merged {
  document: Document
  /** Where both sides changed and the target's value stands. */
  conflicts: string[]
  /** The order of some list is left to the product. */
  isLoose: boolean
  /** A pointer leads nowhere: which of the target's values stands instead is the product's to say. */
  isOpen: boolean
}

interface Sides {
  base: Value | undefined
  target: Value | undefined
  source: Value | undefined
}

export function merge(
  kind: string,
  { base, target, source }: { base: Document | null; target: Document; source: Document },
): Merged {
  const merging = new Merging(kind)
  const document = copy(merging.value('', { base: base ?? undefined, target, source }) as Document)
  const { isOpen } = leadOn(kind, document, [source, target, ...(base === null ? [] : [base])])
  if (isOpen) merging.conflicts.push('a pointer to a part that is gone')
  return { isOpen, document, conflicts: merging.conflicts, isLoose: merging.isLoose }
}

/** A list that is not there is an empty one. */
const isListOrNone = (value: Value | undefined) => value === undefined || Array.isArray(value)
const isEmpty = (value: Value | undefined) => value === undefined || (Array.isArray(value) && value.length === 0)

class Merging {
  readonly conflicts: string[] = []
  isLoose = false
  readonly #kind: string
  readonly #seeds: ReadonlySet<string>

  constructor(kind: string) {
    this.#kind = kind
    this.#seeds = new Set(Object.values(resourceOf(kind).local).flatMap(({ seed }) => seed ?? []))
  }

  value(path: string, { base, target, source }: Sides): Value | undefined {
    if (same(target, source)) return target
    // Without a base, what exists on one side only is an addition of that side.
    if (same(base, target)) return source
    if (same(base, source)) return target
    // What a location begins with matters once: where both changed it, the snapshot's serves the next location, and
    // this one keeps its value.
    if (this.#seeds.has(path)) return source ?? target
    if (isObject(target) && isObject(source)) return this.#object(path, { base, target, source })
    if ([base, target, source].every(isListOrNone)) {
      const list = this.#list(path, { base, target: target ?? [], source: source ?? [] })
      if (list.length > 0) return list
      // Empty, as the side writes it that has none.
      return isEmpty(target) ? target : isEmpty(source) ? source : list
    }
    this.conflicts.push(path)
    return target
  }

  #object(path: string, { base, target, source }: Sides): Document {
    const [b, t, s] = [isObject(base) ? base : undefined, target as Document, source as Document]
    const result: Document = {}
    const grouped = this.#groups(path, { base: b, target: t, source: s })
    for (const name of new Set([...Object.keys(t), ...Object.keys(s)])) {
      const value = grouped.has(name)
        ? grouped.get(name)
        : this.value(path === '' ? name : `${path}.${name}`, { base: b?.[name], target: t[name], source: s[name] })
      if (value !== undefined) result[name] = value
    }
    return result
  }

  /**
   * Fields that hang together come from one side: from the one that changed any of them, and from the target if both
   * did.
   */
  #groups(
    path: string,
    { base, target, source }: { base: Document | undefined; target: Document; source: Document },
  ): Map<string, Value | undefined> {
    const found = new Map<string, Value | undefined>()
    const [prefix, own] = path === '' ? ['', ''] : [`${path.replace(/\[[^\]]*\]/g, '[]')}.`, `${path}.`]
    for (const group of resourceOf(this.#kind).together) {
      const names = group.map((field) => field.slice(prefix.length))
      const isHere =
        group.every((field) => field.startsWith(prefix)) &&
        names.every((name) => !name.includes('.') && !found.has(name))
      const [lead] = names as [string]
      if (!isHere || same(target[lead], source[lead])) continue
      const differing = names.filter((name) => !same(target[name], source[name]))
      const [mine, theirs] = [target, source].map((side) => differing.some((name) => !same(side[name], base?.[name])))
      if (mine && theirs) this.conflicts.push(...differing.map((name) => `${own}${name}`))
      for (const name of names) found.set(name, (mine ? target : source)[name])
    }
    return found
  }

  #list(path: string, sides: Sides): Value[] {
    const pattern = path.replace(/\[[^\]]*\]/g, '[]')
    const [base, target, source] = [sides.base, sides.target, sides.source].map((value) =>
      Array.isArray(value) ? value : undefined,
    ) as [Value[] | undefined, Value[], Value[]]
    if (pattern in resourceOf(this.#kind).parts)
      return this.#parts(path, { base: base as Document[], target: target as Document[], source: source as Document[] })
    if ([...(base ?? []), ...target, ...source].every((value) => typeof value !== 'object'))
      return this.#set({ base, target, source })
    // Without a base, an empty list is no disagreement either.
    if (base === undefined && (target.length === 0 || source.length === 0)) return target.length === 0 ? source : target
    this.conflicts.push(path)
    return target
  }

  #set({ base, target, source }: { base: Value[] | undefined; target: Value[]; source: Value[] }): Value[] {
    const [was, is] = [base ?? [], new Set(target)]
    const removed = new Set(was.filter((value) => !source.includes(value)))
    const added = source.filter((value) => !was.includes(value) && !is.has(value))
    this.isLoose = true
    return [...target.filter((value) => !removed.has(value)), ...added]
  }

  #parts(
    path: string,
    { base, target, source }: { base: Document[] | undefined; target: Document[]; source: Document[] },
  ): Document[] {
    const [was, is, comes] = [base ?? [], target, source].map((parts) => new Map(parts.map((part) => [part.id, part])))
    const result: Document[] = []
    for (const id of new Set([
      ...(is as Map<Value, Document>).keys(),
      ...(comes as Map<Value, Document>).keys(),
    ]) as Set<string>) {
      const [b, t, s] = [was?.get(id), is?.get(id), comes?.get(id)]
      const at = `${path}[${id}]`
      if (t !== undefined && s !== undefined) result.push(this.value(at, { base: b, target: t, source: s }) as Document)
      else if (b === undefined) result.push((t ?? s) as Document)
      else if (t !== undefined && !same(b, t)) {
        this.conflicts.push(at)
        result.push(t)
      } else if (s !== undefined && !same(b, s)) this.conflicts.push(at)
    }
    const [wasOrder, isOrder, comesOrder] = orders(was as never, is as never, comes as never) as [
      Value[],
      Value[],
      Value[],
    ]
    if (base !== undefined && !same(wasOrder, isOrder) && !same(wasOrder, comesOrder) && !same(isOrder, comesOrder))
      this.conflicts.push(`${path}.order`)
    // Nothing was agreed on before: orders that differ are a conflict like other values.
    const [isShared, comesShared] = orders(is as never, comes as never) as [Value[], Value[]]
    if (wasOrder.length === 0 && !same(isShared, comesShared)) this.conflicts.push(`${path}.order`)
    // Where parts came or went, their neighbours are the product's to say.
    const isSettled = base !== undefined && [base, target, source].every(({ length }) => length === wasOrder.length)
    if (!isSettled) this.isLoose = true
    else if (same(wasOrder, isOrder))
      return result.sort((a, b) => comesOrder.indexOf(a.id as Value) - comesOrder.indexOf(b.id as Value))
    return result
  }
}

/** `next` goes on to the next step that is left. Any other pointer to a part that is gone is a conflict. */
function leadOn(kind: string, document: Document, sides: readonly Document[]): { isOpen: boolean } {
  const left = new Set(partsOf(kind, document).map(({ id }) => id))
  const known = new Map(sides.flatMap((side) => partsOf(kind, side)).map((part) => [part.id as Value, part]))
  let isOpen = false
  const walk = (value: Value): void => {
    if (Array.isArray(value)) value.forEach(walk)
    if (!isObject(value)) return
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner !== 'string' || !known.has(inner) || left.has(inner) || name === 'id') walk(inner)
      else if (name === 'next') follow(value, inner)
      else isOpen = true
    }
  }
  const follow = (holder: Document, from: string): void => {
    let to: Value | undefined = from
    for (let hops = 0; typeof to === 'string' && !left.has(to) && hops < 100; hops++) to = known.get(to)?.next
    if (typeof to === 'string' && left.has(to)) holder.next = to
    else delete holder.next
  }
  walk(document)
  return { isOpen }
}

/** The order of what all three have. */
function orders(...sides: (Map<Value, Document> | undefined)[]): Value[][] {
  return sides.map((side) => [...(side?.keys() ?? [])].filter((id) => sides.every((other) => other?.has(id))))
}

/**
 * Parts of the source and the target that have no id in common but a name: the source's id -> the target's. Those
 * without a name are one if they are new on both sides and say the same.
 */
export function matchParts(
  kind: string,
  { base, target, source }: { base: Document | null; target: Document; source: Document },
): Map<string, string> {
  const found = new Map<string, string>()
  const known = new Set(base === null ? [] : partsOf(kind, base).map(({ id }) => id as string))
  for (const path of Object.keys(resourceOf(kind).parts).sort((a, b) => a.length - b.length)) {
    for (const [here, there] of listPairs(path.split('.'), [[target, source]], found)) {
      const ids = new Set(here.map(({ id }) => id as string))
      const taken = new Set(
        there.map(({ id }) => found.get(id as string) ?? (id as string)).filter((id) => ids.has(id)),
      )
      // A stage that one side made anew under its name is the one that the other still has; any other part that was
      // agreed on before is itself alone, and so are two stages that were agreed on.
      const isOpen = ({ id }: Document) => kind === 'pipelines' || !known.has(id as string)
      const free = here.filter((part) => !taken.has(part.id as string) && isOpen(part))
      const fresh = there.filter((part) => !ids.has(part.id as string) && !found.has(part.id as string) && isOpen(part))
      for (const part of fresh) {
        const name = partName(part)
        const [like, alike] = [free, fresh].map((parts) =>
          parts.filter((other) => name !== null && partName(other) === name),
        )
        const [other] = like ?? []
        const isAgreed = known.has(part.id as string) && known.has(other?.id as string)
        if (like?.length === 1 && alike?.length === 1 && !isAgreed) found.set(part.id as string, other?.id as string)
      }
      const [nameless, like] = [fresh, free].map((parts) => parts.filter((part) => partName(part) === null))
      for (const part of nameless ?? []) {
        const index = (like ?? []).findIndex((other) => saying(other) === saying(part))
        if (index >= 0) found.set(part.id as string, like?.splice(index, 1)[0]?.id as string)
      }
    }
  }
  return found
}

/** What a part says, whatever its id and those of the parts that it leads to. */
const saying = (part: Document): string =>
  textOf(mapTokens({ ...part, id: '' }, (token) => (isAsset(token) ? token : 'one')))

/** Lists of parts that belong together: those of the document, or those of parts that are the same part. */
function listPairs(
  [step, ...rest]: string[],
  holders: [Document, Document][],
  found: Map<string, string>,
): [Document[], Document[]][] {
  const name = (step as string).replace('[]', '')
  const lists = holders.map(([here, there]) => [here[name] ?? [], there[name] ?? []] as [Document[], Document[]])
  if (rest.length === 0) return lists
  const inner = lists.flatMap(([here, there]) =>
    there.flatMap((part): [Document, Document][] => {
      const other = here.find(({ id }) => id === part.id || id === found.get(part.id as string))
      return other === undefined ? [] : [[other, part]]
    }),
  )
  return listPairs(rest, inner, found)
}
