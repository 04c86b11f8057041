import editors from '../../api/editors.json' with { type: 'json' }
import { labelOf } from './labels.ts'

/** What of JSON Schema the kinds use. */
export interface Schema {
  type?: string
  /** Null takes it out. */
  nullable?: boolean
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  description?: string
  maxLength?: number
  minLength?: number
  minimum?: number
  maximum?: number
  maxItems?: number
  additionalProperties?: boolean | Schema
}

/** How an asset of a kind is edited: see scripts/console-editors.ts. */
export interface Editor {
  noun: string
  /** Of its PUT. */
  path: string
  param: string
  schema: Schema
  /** Path of an id -> the kind it names. */
  refs: Readonly<Record<string, string>>
  /** Path of a part's id -> the kind whose assets hold such parts. */
  partRefs: Readonly<Record<string, string>>
  /** Paths of arrays whose elements have an id of their own. */
  parts: readonly string[]
  /** Path of such an array -> the field that repeats a part's place in it. */
  positions: Readonly<Record<string, string>>
  /** Paths of what is the location's own and never travels. */
  local: readonly string[]
  /** What is asked for first, whether it is there or not. */
  usual?: readonly string[]
  /** Paths of moments. */
  moments?: readonly string[]
}

export type Doc = Record<string, unknown>

/** Null: nothing changes this kind whole; it can be read only. */
export const editorOf = (kind: string): Editor | null => (editors as unknown as Record<string, Editor>)[kind] ?? null

export const isDoc = (value: unknown): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an empty field or a new element holds. */
export function blankOf(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0]
  if (schema.type === 'array') return []
  if (schema.type === 'boolean') return false
  if (schema.type === 'number' || schema.type === 'integer') return schema.minimum ?? 0
  if (schema.type !== 'object') return ''
  return Object.fromEntries((schema.required ?? []).map((name) => [name, blankOf(schema.properties?.[name] ?? {})]))
}

/** Names of what differs at the top, of what an edit may change. */
export const changedNames = ({ schema }: Pick<Editor, 'schema'>, before: Doc, after: Doc): string[] =>
  Object.keys(schema.properties ?? {}).filter((name) => !isSame(before[name], after[name]))

/** What one element of a list is called: by what it says of itself, or in words by what it is. */
export function titleOf(value: unknown): string {
  if (!isDoc(value)) return String(value ?? '')
  for (const name of ['name', 'label', 'title', 'subject', 'type', 'field', 'operator'])
    if (typeof value[name] === 'string' && value[name] !== '')
      return name === 'type' ? labelOf(value[name]) : value[name]
  return ''
}

/** Whatever in a document has an id of its own, and what it is called. */
export function namedParts(value: unknown, found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) for (const one of value) namedParts(one, found)
  else if (isDoc(value)) {
    if (typeof value.id === 'string') found.set(value.id, titleOf(value) || value.id)
    for (const one of Object.values(value)) if (typeof one === 'object') namedParts(one, found)
  }
  return found
}

/** The same value, in whatever order its properties stand. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => isSame(value, other[index]))
  if (!isDoc(one) || !isDoc(other)) return false
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => isSame(one[name], other[name]))
}
