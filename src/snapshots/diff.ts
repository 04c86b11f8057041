import { partOfMarker } from '../store/markers.ts'

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** One field that differs. A missing side is absent: `undefined` never stands for null. */
export interface FieldDiff {
  path: string
  before?: Json
  after?: Json
}

/** Longest list of fields reported for one asset; the rest is summed up in a last line. */
const MAX_FIELDS = 200

/** Field-level difference of two portable documents. Elements with ids are compared by id, wherever they stand. */
export function diffDocuments(before: Json, after: Json): FieldDiff[] {
  const fields: FieldDiff[] = []
  compare(before, after, '', fields)
  if (fields.length <= MAX_FIELDS) return fields
  return [...fields.slice(0, MAX_FIELDS), { path: `… and ${fields.length - MAX_FIELDS} more` }]
}

function compare(before: Json | undefined, after: Json | undefined, path: string, fields: FieldDiff[]): void {
  if (isSame(before, after)) return
  if (isObject(before) && isObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (name === 'id' && partOfMarker(before[name]) !== null) continue
      compare(before[name], after[name], path === '' ? name : `${path}.${name}`, fields)
    }
    return
  }
  if ((hasParts(before) || hasParts(after)) && isPartList(before) && isPartList(after))
    compareParts(before ?? [], after ?? [], path, fields)
  else fields.push({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) })
}

export type Part = { [name: string]: Json; id: string }

function compareParts(before: Part[], after: Part[], path: string, fields: FieldDiff[]): void {
  const old = new Map(before.map((part) => [part.id, part]))
  const fresh = new Map(after.map((part) => [part.id, part]))
  for (const part of before)
    if (!fresh.has(part.id)) fields.push({ path: pathOfPart(path, part, before), before: part })
  for (const part of after) {
    const earlier = old.get(part.id)
    if (earlier === undefined) fields.push({ path: pathOfPart(path, part, after), after: part })
    else compare(earlier, part, pathOfPart(path, part, after), fields)
  }
  const kept = (parts: Part[], other: Map<string, Part>) =>
    parts.filter((part) => other.has(part.id)).map((part) => part.id)
  if (!isSame(kept(before, fresh), kept(after, old)))
    fields.push({ path: `${path}.order`, ...ordersOf(before, after, old) })
}

/** Both orders by labels. A part that has none, or not one of its own, is told by its place in the first. */
function ordersOf(
  before: Part[],
  after: Part[],
  old: ReadonlyMap<string, Part>,
): { before: string[]; after: string[] } {
  const all = [...before, ...after.filter(({ id }) => !old.has(id))]
  const places = new Map(all.map(({ id }, index) => [id, index]))
  const counts = new Map<string | null, number>()
  for (const part of all) counts.set(labelOf(part), (counts.get(labelOf(part)) ?? 0) + 1)
  const show = (part: Part) => {
    const label = labelOf(part)
    if (label === null) return String(places.get(part.id))
    return (counts.get(label) ?? 0) > 1 ? `${label} (${places.get(part.id)})` : label
  }
  return { before: before.map(show), after: after.map(show) }
}

function pathOfPart(path: string, part: Part, siblings: Part[]): string {
  const label = labelOf(part)
  const unique = label !== null && siblings.filter((sibling) => labelOf(sibling) === label).length === 1
  return `${path}[${unique ? label : siblings.indexOf(part)}]`
}

/** What people call a part: used in paths, and to match parts of assets that have no common history. */
export function labelOf(part: { [name: string]: Json }): string | null {
  for (const name of ['name', 'label', 'title', 'fieldKey']) {
    const value = part[name]
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
  }
  return null
}

export function isObject(value: unknown): value is { [name: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A stage, a step, a form field: an object with an id of its own. */
export function toPart(value: unknown): Part | null {
  return isObject(value) && partOfMarker(value.id) !== null ? (value as Part) : null
}

/** An array whose elements all are parts. */
export function hasParts(value: unknown): value is Part[] {
  return Array.isArray(value) && value.length > 0 && value.every((element) => toPart(element) !== null)
}

/** A list of parts, or none of them: empty or missing. */
export function isPartList(value: unknown): value is Part[] | undefined {
  return value === undefined || (Array.isArray(value) && value.length === 0) || hasParts(value)
}

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((element, index) => isSame(element, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  )
}
