/** A value of an item, as mappings name its place. */
export interface Place {
  path: string
  name: string
  depth: number
  /** Of what holds others: undefined. */
  example: string | undefined
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
      found.push({ path: place, name, depth, example: holds ? undefined : exampleOf(inner) })
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
