import type { RecordDocument } from './resource.ts'

/** Old and new value of each top-level field that differs. */
export function deltaOf(before: RecordDocument, after: RecordDocument): Record<string, [unknown, unknown]> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const delta: Record<string, [unknown, unknown]> = {}
  for (const name of names)
    if (!isSame(before[name], after[name])) delta[name] = [before[name] ?? null, after[name] ?? null]
  return delta
}

/** Equal as JSON, whatever the order of names: PostgreSQL stores them in its own. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (
    a === null ||
    b === null ||
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return false
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => isSame((a as RecordDocument)[name], (b as RecordDocument)[name]))
}
