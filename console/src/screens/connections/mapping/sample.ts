/** A value of an item, as mappings name its place. */
export interface Place {
  path: string
  name: string
  depth: number
  /** Of what holds others: undefined. */
  example: string | undefined
  /** It is a list of things that have places of their own. */
  isList: boolean
}

const MOST = 500
const MOST_CHARACTERS = 120

const stepOf = (name: string) => name.replace(/[.[\]\\]/g, '\\$&')

/** The places of an item in the order of a tree. Of lists of plain values the list as a whole, of others the first one. */
export function placesOf(item: unknown): Place[] {
  const found: Place[] = []
  const visit = (value: unknown, path: string, depth: number) => {
    if (value === null || typeof value !== 'object' || found.length >= MOST) return
    for (const [name, inner] of Object.entries(value)) {
      const place = path === '' ? stepOf(name) : `${path}.${stepOf(name)}`
      const isList = Array.isArray(inner)
      const holds = isList
        ? typeof inner[0] === 'object' && inner[0] !== null
        : typeof inner === 'object' && inner !== null
      found.push({ path: place, name, depth, example: holds ? undefined : exampleOf(inner), isList: isList && holds })
      if (holds) visit(isList ? inner[0] : inner, isList ? `${place}[0]` : place, depth + 1)
    }
  }
  visit(item, '', 0)
  return found
}

const exampleOf = (value: unknown): string => {
  const text = Array.isArray(value) ? value.join(', ') : value === null ? '' : String(value)
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text
}

/** What stands at a place; undefined: nothing. */
export function valueAt(item: unknown, path: string): unknown {
  let value = item
  for (const step of path.match(/\[\d*\]|(?:\\.|[^.[\]\\])+/g) ?? []) {
    if (typeof value !== 'object' || value === null) return undefined
    // Of a list as a whole.
    if (step === '[]') continue
    const name = step.startsWith('[') ? step.slice(1, -1) : step.replace(/\\(.)/g, '$1')
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  }
  return value
}
