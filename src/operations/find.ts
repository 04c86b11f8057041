import type { Operation } from './define.ts'

/**
 * The operations that all words of a text stand in, by name, title, category or line; where there are none, those whose
 * description helps. Those whose name and title say most of it come first.
 */
export function findOperations(operations: readonly Operation[], text: string): Operation[] {
  const words = text
    .toLowerCase()
    .split(/[\s_]+/)
    .filter((word) => word !== '')
  const headOf = ({ name, title }: Operation) => `${name} ${title}`.toLowerCase()
  const plainly = (operation: Operation) => `${headOf(operation)} ${operation.category} ${operation.http}`.toLowerCase()
  const whole = (operation: Operation) => `${plainly(operation)} ${operation.description}`.toLowerCase()
  const holding = (textOf: (operation: Operation) => string) =>
    operations.filter((operation) => words.every((word) => textOf(operation).includes(word)))
  const found = holding(plainly)
  const heads = new Map(
    operations.map((operation) => [operation, words.filter((word) => headOf(operation).includes(word)).length]),
  )
  return (found.length > 0 ? found : holding(whole)).sort(
    (one, other) => (heads.get(other) ?? 0) - (heads.get(one) ?? 0),
  )
}
