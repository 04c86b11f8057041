import { type Static, Type } from 'typebox'
import type { Mapping, MappingCondition, Source } from './document.ts'
import { parseExpression } from './jsonata.ts'
import { parsePath, toStep } from './paths.ts'
import { usedNames } from './used-names.ts'

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
  },
  { additionalProperties: false },
)
export type SourceField = Static<typeof SourceField>
type SourceType = (typeof SOURCE_TYPES)[number]

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
  const field = { path, name, depth, types: SOURCE_TYPES.filter((type) => types.has(type)), always: count >= most }
  return [
    example === undefined ? field : { ...field, example },
    ...[...children.values()].flatMap((child) => toFields(child, count)),
  ]
}

export interface LostField {
  /** Places of the mapping that use it. */
  at: string[]
  path: string
  was: SourceType[]
  /** Null: it is gone. */
  now: SourceType[] | null
}

/** The names alone: expressions go through lists without saying so. */
const keyOf = (path: string): string => toKey(namesOf(path))
const namesOf = (path: string) => (parsePath(path) ?? []).filter((step) => typeof step === 'string')
const toKey = (names: readonly string[]) => names.map(toStep).join('.')

const byKey = (fields: readonly SourceField[]) => new Map(fields.map((field) => [keyOf(field.path), field]))

/** What a mapping reads and what was there before, and now is gone or of another type. */
export function lostFields(mapping: Mapping, before: readonly SourceField[], now: readonly SourceField[]): LostField[] {
  const [known, present] = [byKey(before), byKey(now)]
  const lost: LostField[] = []
  for (const [key, at] of keysOf(mapping)) {
    const was = known.get(key)
    const is = present.get(key)
    if (was === undefined || (is === undefined && (!was.always || isWithinNothing(key, present)))) continue
    const isOther = is !== undefined && was.types.length > 0 && is.types.some((type) => !was.types.includes(type))
    if (is === undefined || isOther) lost.push({ at, path: was.path, was: was.types, now: is?.types ?? null })
  }
  return lost
}

/** Whether what it stands in is empty this time: a list without elements, an object that is null. */
function isWithinNothing(key: string, present: ReadonlyMap<string, SourceField>): boolean {
  const names = namesOf(key).slice(0, -1)
  if (names.length === 0) return false
  const above = toKey(names)
  const field = present.get(above)
  if (field === undefined) return isWithinNothing(above, present)
  const isBare = ![...present.keys()].some((one) => one.startsWith(`${above}.`))
  return isBare && field.types.every((type) => type === 'list')
}

const used = new WeakMap<Mapping, Map<string, string[]>>()

function keysOf(mapping: Mapping): Map<string, string[]> {
  const keys = used.get(mapping) ?? usedKeys(mapping)
  used.set(mapping, keys)
  return keys
}

/** The places of the mapping that read it, by what they read. */
function usedKeys({ fields, filters, externalId, changedAt, lines }: Mapping): Map<string, string[]> {
  const used = new Map<string, string[]>()
  const addPath = (path: string, at: string, before = '') => {
    const key = keyOf(before + path)
    used.set(key, [...(used.get(key) ?? []), at])
  }
  const addExpression = (text: string, at: string, before = '') => {
    const parsed = parseExpression(text)
    if ('ast' in parsed) for (const names of usedNames(parsed.ast)) addPath(names.map(toStep).join('.'), at, before)
  }
  const addSource = (source: Source | MappingCondition | null | undefined, at: string, before = '') => {
    if (source === null || source === undefined) return
    if ('path' in source) addPath(source.path, at, before)
    else if ('paths' in source) for (const path of source.paths) addPath(path, at, before)
    else if ('lookup' in source) addPath(source.lookup.path, at, before)
    else if ('expression' in source) addExpression(source.expression, at, before)
  }
  for (const { to, from } of fields) addSource(from, to)
  for (const [index, { when }] of filters.entries()) addSource(when, `filters[${index}]`)
  addSource(externalId, 'externalId')
  addSource(changedAt, 'changedAt')
  if (lines === undefined) return used
  addPath(lines.from, 'lines')
  addSource(lines.unless, 'lines.unless', `${lines.from}[].`)
  addSource(lines.key, 'lines.key', `${lines.from}[].`)
  for (const { to, from } of lines.fields) addSource(from, `lines.${to}`, `${lines.from}[].`)
  return used
}
