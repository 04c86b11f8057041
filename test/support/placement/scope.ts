import type { Node } from 'libpg-query'
import { type Mark, newMark } from './classes.ts'

/** What a select answers: its columns by name and in their order; a null column is computed. */
export interface Answer {
  names: (string | null)[]
  marks: (Mark | null)[]
}

/** One thing in a `from`, under the name that the statement calls it by. */
export interface Relation {
  name: string
  /** The table; null: a select, a list or a function. */
  table: string | null
  columns: Map<string, Mark | null>
}

/** What one select sees. */
export interface Scope {
  relations: Relation[]
  outer: Scope | null
  /** Whether something in it named what stands in the scope outside. */
  looksOut: boolean
}

export const newScope = (outer: Scope | null): Scope => ({ relations: [], outer, looksOut: false })

/** Columns of each table, in their order. */
export type Columns = ReadonlyMap<string, readonly string[]>

export function tableRelation(name: string, table: string, columns: Columns): Relation {
  return { name, table, columns: new Map((columns.get(table) ?? []).map((column) => [column, newMark()])) }
}

export function answerRelation(name: string, answer: Answer, renamed: readonly string[] = []): Relation {
  const columns = new Map<string, Mark | null>()
  answer.marks.forEach((mark, place) => {
    const column = renamed[place] ?? answer.names[place]
    if (column != null && !columns.has(column)) columns.set(column, mark)
  })
  return { name, table: null, columns }
}

const namesOf = (fields: readonly Node[] | undefined): (string | null)[] =>
  (fields ?? []).map((field) => ('String' in field ? (field.String.sval ?? '') : null))

/** The mark of a column, or null; what is found in a scope outside is noted on the way there. */
export function resolve(fields: readonly Node[] | undefined, scope: Scope | null): Mark | null {
  const names = namesOf(fields)
  const [relation, column] = names.length > 1 ? [names.at(-2), names.at(-1)] : [undefined, names[0]]
  if (column == null) return null
  const crossed: Scope[] = []
  for (let at = scope; at !== null; at = at.outer) {
    const found = at.relations.find((one) => (relation === undefined ? one.columns.has(column) : one.name === relation))
    if (found !== undefined) {
      for (const one of crossed) one.looksOut = true
      return found.columns.get(column) ?? null
    }
    crossed.push(at)
  }
  return null
}

/** All columns of a `*` or an `a.*`. */
export function expand(fields: readonly Node[] | undefined, scope: Scope): Answer {
  const names = namesOf(fields)
  const asked = names.length > 1 ? names.at(-2) : undefined
  const columns = scope.relations
    .filter(({ name }) => asked === undefined || name === asked)
    .flatMap((relation) => [...relation.columns])
  return { names: columns.map(([name]) => name), marks: columns.map(([, mark]) => mark) }
}

type Tree = { [field: string]: unknown }

/** Every node below, each with the name of its type; `into` says whether to go below one. */
export function walk(node: unknown, visit: (type: string, body: Tree) => boolean): void {
  if (Array.isArray(node)) for (const one of node) walk(one, visit)
  else if (typeof node === 'object' && node !== null)
    for (const [type, body] of Object.entries(node))
      if (typeof body === 'object' && body !== null && (Array.isArray(body) || visit(type, body as Tree)))
        walk(body, visit)
}
