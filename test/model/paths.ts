import { type Document, isObject, listsAt, partsOf, resourceOf, same, type Value } from './document.ts'

/**
 * Fields of a document by identity: `stages[‹p1.0›].probability` means that field of that part, whatever the part is
 * called and wherever it stands; `stages[‹p1.0›]` means that the part is there, `stages.order` in which order they are.
 */
export type Path = string

const STEP = /\[(‹[^›]*›)\]|([^.[\]]+)/g

interface Parsed {
  /** The last part on the way; null: a field of the asset itself. */
  part: string | null
  /** From there on. */
  names: string[]
}

export function parsed(path: Path): Parsed {
  const steps = [...path.matchAll(STEP)].map(([, part, name]) => ({ part, name: name as string }))
  const last = steps.findLastIndex(({ part }) => part !== undefined)
  return { part: steps[last]?.part ?? null, names: steps.slice(last + 1).map(({ name }) => name) }
}

/** `stages[].probability` */
export const patternOf = (path: Path): string => path.replace(/\[‹[^›]*›\]/g, '[]')
/** The part alone: `stages[‹p1.0›]` of `stages[‹p1.0›].probability`. */
export const partPathOf = (path: Path): Path | null => /^.*\[‹[^›]*›\]/.exec(path)?.[0] ?? null
export const isOrder = (kind: string, path: Path): boolean =>
  path.endsWith('.order') && patternOf(path).slice(0, -'.order'.length) in resourceOf(kind).parts

export const findPart = (kind: string, document: Document, part: string): Document | undefined =>
  partsOf(kind, document).find(({ id }) => id === part)

export const labelOf = (part: Document | undefined): string | null => {
  const name = part?.name ?? part?.label
  return typeof name === 'string' ? name : null
}

export function valueAt(kind: string, document: Document, path: Path): Value | undefined {
  const { part, names } = parsed(path)
  let value: Value | undefined = part === null ? document : findPart(kind, document, part)
  for (const name of names) {
    if (name === 'order' && Array.isArray(value)) return value.map((one) => (one as Document).id as Value)
    value = isObject(value) ? value[name] : undefined
  }
  return value
}

/** Do both sides say the same of a field? */
export function isAgreed(kind: string, path: Path, target: Document, source: Document): boolean {
  const [mine, theirs] = [target, source].map((side) => valueAt(kind, side, path))
  if (isOrder(kind, path)) {
    const [a, b] = [mine, theirs].map((value) => (Array.isArray(value) ? value : []))
    return same(
      a?.filter((id) => b?.includes(id)),
      b?.filter((id) => a?.includes(id)),
    )
  }
  const { part, names } = parsed(path)
  if (part === null) return same(mine, theirs)
  const [isMine, isTheirs] = [target, source].map((side) => findPart(kind, side, part) !== undefined)
  return isMine === isTheirs && (!isMine || names.length === 0 || same(mine, theirs))
}

/** What hangs together is taken from one side: with one of a group go the others, where the two differ in the first. */
export function groupOf(kind: string, path: Path, { target, source }: Record<'target' | 'source', Document>): Path[] {
  const pattern = patternOf(path)
  const name = (field: string) => field.slice(field.lastIndexOf('.') + 1)
  const sibling = (field: string) => path.slice(0, path.length - name(path).length) + name(field)
  const group = resourceOf(kind).together.find(
    (fields) => fields.includes(pattern) && !isAgreed(kind, sibling(fields[0] as string), target, source),
  )
  return group?.map(sibling) ?? [path]
}

/** The document with one field as the other side has it. */
export function withField(kind: string, document: Document, other: Document, path: Path): void {
  const { part, names } = parsed(path)
  if (part === null || findPart(kind, document, part) !== undefined) {
    const isThere = part === null || findPart(kind, other, part) !== undefined
    if (isThere && names.length > 0) setField({ kind, document, other, path })
    else if (!isThere) dropPart(kind, document, part as string)
  } else addPart(kind, document, other, part)
}

function setField({ kind, document, other, path }: { kind: string; document: Document; other: Document; path: Path }) {
  const { part, names } = parsed(path)
  let holder = part === null ? document : (findPart(kind, document, part) as Document)
  const wanted = structuredClone(valueAt(kind, other, path))
  if (isOrder(kind, path)) {
    const list = holder[names[0] as string] as Document[]
    const order = (wanted as Value[]) ?? []
    const shared = list.filter(({ id }) => order.includes(id as Value))
    shared.sort((a, b) => order.indexOf(a.id as Value) - order.indexOf(b.id as Value))
    holder[names[0] as string] = list.map((one) =>
      order.includes(one.id as Value) ? (shared.shift() as Document) : one,
    )
    return
  }
  for (const name of names.slice(0, -1)) {
    if (!isObject(holder[name])) holder[name] = {}
    holder = holder[name] as Document
  }
  const last = names.at(-1) as string
  if (wanted === undefined) delete holder[last]
  else holder[last] = wanted
}

const listsWith = (kind: string, document: Document, part: string) =>
  Object.keys(resourceOf(kind).parts).flatMap((path) =>
    listsAt(document, `${path}[]`).filter((list) => list.some(({ id }) => id === part)),
  )

function dropPart(kind: string, document: Document, part: string): void {
  for (const list of listsWith(kind, document, part))
    list.splice(
      list.findIndex(({ id }) => id === part),
      1,
    )
}

/** Behind the one that it follows on the other side; where exactly is the product's to say. */
function addPart(kind: string, document: Document, other: Document, part: string): void {
  const [from] = listsWith(kind, other, part)
  if (from === undefined) return
  const at = from.findIndex(({ id }) => id === part)
  const before = from.slice(0, at).findLast(({ id }) => listsWith(kind, document, id as string).length > 0)
  const like = before ?? from.slice(at + 1).find(({ id }) => listsWith(kind, document, id as string).length > 0)
  const [list] = like === undefined ? [] : listsWith(kind, document, like.id as string)
  const made = structuredClone(from[at] as Document)
  if (list !== undefined) {
    list.splice(before === undefined ? 0 : list.findIndex(({ id }) => id === before.id) + 1, 0, made)
    return
  }
  // A list that is empty, or not there.
  for (const path of Object.keys(resourceOf(kind).parts))
    if (
      !path.includes('[]') &&
      Array.isArray(other[path]) &&
      (other[path] as Document[]).includes(from[at] as Document)
    )
      document[path] = [...((document[path] ?? []) as Document[]), made]
}
