import { type Static, Type } from 'typebox'
import { toStep } from './paths.ts'

export const SOURCE_TYPES = ['text', 'number', 'boolean', 'list', 'object'] as const

/** A place in the items of another program, in the order of a tree: what is below a place follows it, one deeper. */
export const SourceField = Type.Object(
  {
    path: Type.String(),
    name: Type.String(),
    depth: Type.Integer(),
    types: Type.Array(Type.Enum([...SOURCE_TYPES]), {
      description: 'Several where items differ; none: it was always empty.',
    }),
    example: Type.Optional(Type.String({ description: 'A value of it, its beginning if it is long.' })),
    always: Type.Boolean({ description: 'Every sample had it.' }),
    count: Type.Integer({ description: 'How often it was there.' }),
  },
  { additionalProperties: false },
)
export type SourceField = Static<typeof SourceField>
export type SourceType = (typeof SOURCE_TYPES)[number]

const MOST_FIELDS = 2000
const DEEPEST = 12
const MOST_ELEMENTS = 50
const EXAMPLE_CHARACTERS = 200

interface Node {
  path: string
  name: string
  depth: number
  types: Set<SourceType>
  example?: string
  count: number
  children: Map<string, Node>
}

const node = (path: string, name: string, depth: number): Node => ({
  path,
  name,
  depth,
  types: new Set(),
  count: 0,
  children: new Map(),
})

/** What stands in items of a program, by some of them. */
export function treeOf(samples: readonly unknown[]): SourceField[] {
  const root = node('', '', -1)
  const left = { fields: MOST_FIELDS }
  for (const sample of samples) grow(root, sample, left)
  return [...root.children.values()].flatMap((child) => toFields(child, root.count))
}

function typeOf(value: unknown): SourceType | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return 'list'
  return typeof value === 'string' ? 'text' : (typeof value as SourceType)
}

function grow(at: Node, value: unknown, left: { fields: number }): void {
  at.count++
  const type = typeOf(value)
  if (type === null || (type === 'text' && value === '')) return
  at.types.add(type)
  if (type !== 'list' && type !== 'object') {
    at.example ??= String(value).slice(0, EXAMPLE_CHARACTERS).toWellFormed()
    return
  }
  if (at.depth >= DEEPEST) return
  if (type === 'list') growList(at, value as unknown[], left)
  else growObject(at, value as object, '', left)
}

function growObject(at: Node, value: object, before: string, left: { fields: number }): void {
  for (const [name, inner] of Object.entries(value)) {
    const child = childOf(at, `${at.path}${before}${at.path === '' ? '' : '.'}${toStep(name)}`, name, left)
    if (child !== null) grow(child, inner, left)
  }
}

/** What the elements have stands below the list itself. */
function growList(at: Node, list: readonly unknown[], left: { fields: number }): void {
  for (const element of list.slice(0, MOST_ELEMENTS)) {
    const type = typeOf(element)
    if (type === 'object') growObject(at, element as object, '[]', left)
    else if (type !== null && type !== 'list')
      at.example ??= String(element).slice(0, EXAMPLE_CHARACTERS).toWellFormed()
  }
}

function childOf(at: Node, path: string, name: string, left: { fields: number }): Node | null {
  const known = at.children.get(path)
  if (known !== undefined) return known
  if (left.fields === 0 || name === '') return null
  left.fields--
  const child = node(path, name, at.depth + 1)
  at.children.set(path, child)
  return child
}

function toFields({ path, name, depth, types, example, count, children }: Node, most: number): SourceField[] {
  const field = {
    path,
    name,
    depth,
    types: SOURCE_TYPES.filter((type) => types.has(type)),
    always: count >= most,
    count,
  }
  return [
    example === undefined ? field : { ...field, example },
    ...[...children.values()].flatMap((child) => toFields(child, count)),
  ]
}
