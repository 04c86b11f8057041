type Doc = Record<string, unknown>

/** One change, as `records.history` tells it. */
export interface Entry {
  id: string
  at: string
  op: string
  actor: string
  actorName: string | null
  cause: string | null
  fields: { path: string; before?: unknown; after?: unknown }[]
}

/**
 * The record as it was at a moment (ms): what happened later is taken back, newest first. `entries` are newest first
 * and reach back to the moment. Null: it did not exist then.
 */
export function recordAt(present: Doc | null, entries: readonly Entry[], atMs: number): Doc | null {
  let doc = present === null ? null : { ...present }
  for (const { at, op, fields } of entries) {
    if (Date.parse(at) <= atMs) break
    if (op === 'create') return null
    doc ??= {}
    for (const { path, before } of fields)
      if (before === undefined) delete doc[path]
      else doc[path] = before
  }
  return doc
}

/** Names of what differs between two states. */
export const changedBetween = (one: Doc | null, other: Doc | null): Set<string> =>
  new Set(
    [...Object.keys(one ?? {}), ...Object.keys(other ?? {})].filter(
      (name) => JSON.stringify(one?.[name]) !== JSON.stringify(other?.[name]),
    ),
  )
