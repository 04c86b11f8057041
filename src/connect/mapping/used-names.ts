interface Node {
  type?: string
  value?: unknown
  steps?: Node[]
  [key: string]: unknown
}

/** Within them names mean something else than in the item itself. */
const INNER = ['predicate', 'stages', 'group', 'body', 'ast', 'nextFunction']

/**
 * The names that an expression reads beginning at the item, as far as its tree shows them: `contact.first_name` of
 * `$uppercase(contact.first_name)`, `items` of `items[price > 5].name`.
 */
export function usedNames(ast: unknown): string[][] {
  const found: string[][] = []
  visit(ast as Node, found)
  return found
}

function visit(node: Node, found: string[][]): void {
  if (node === null || typeof node !== 'object') return
  if (node.type === 'path') {
    visitPath(node.steps ?? [], found)
    return
  }
  for (const [name, child] of Object.entries(node))
    if (!INNER.includes(name)) for (const one of [child].flat(2)) visit(one as Node, found)
}

function visitPath(steps: readonly Node[], found: string[][]): void {
  const [first] = steps
  if (first === undefined) return
  const isRoot = first.type === 'variable' && (first.value === '' || first.value === '$')
  const names: string[] = []
  for (const step of isRoot ? steps.slice(1) : steps) {
    if (step.type !== 'name') break
    names.push(String(step.value))
    // What follows is about elements of it.
    if (step.predicate !== undefined || step.stages !== undefined) break
  }
  if (names.length > 0) found.push(names)
  else if (first.type !== 'name') visit(first, found)
}
