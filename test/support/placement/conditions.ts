import type { A_Expr, Node } from 'libpg-query'
import { type Mark, pin, unite } from './classes.ts'
import { resolve, type Scope, walk } from './scope.ts'

/** What is the same for all rows: a parameter, a constant, or made of such. */
export function isGiven(node: Node): boolean {
  let given = true
  walk([node], (type) => {
    if (type === 'ColumnRef' || type === 'SubLink') given = false
    return given
  })
  return given
}

const markOf = (node: Node, scope: Scope): Mark | null =>
  'ColumnRef' in node ? resolve(node.ColumnRef.fields, scope) : null

function isEqual({ name = [] }: A_Expr): boolean {
  const [operator] = name
  return operator !== undefined && 'String' in operator && operator.String.sval === '='
}

function bindPair(left: Node, right: Node, scope: Scope): void {
  if ('RowExpr' in left && 'RowExpr' in right) {
    const others = right.RowExpr.args ?? []
    for (const [place, one] of (left.RowExpr.args ?? []).entries()) bindPair(one, others[place] as Node, scope)
    return
  }
  const [mark, other] = [markOf(left, scope), markOf(right, scope)]
  if (mark !== null && other !== null) unite(mark, other)
  else if (mark !== null && isGiven(right)) pin(mark, 'one')
  else if (other !== null && isGiven(left)) pin(other, 'one')
}

/** What the conditions of a `where` or an `on`, which must all hold, say about locations. */
export function bind(condition: Node | undefined, scope: Scope): void {
  if (condition !== undefined && 'BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR')
    for (const one of condition.BoolExpr.args ?? []) bind(one, scope)
  if (condition === undefined || !('A_Expr' in condition)) return
  const { kind, lexpr, rexpr } = condition.A_Expr
  if (lexpr === undefined || rexpr === undefined || !isEqual(condition.A_Expr)) return
  if (kind === 'AEXPR_OP') bindPair(lexpr, rexpr, scope)
  if (kind !== 'AEXPR_IN' && kind !== 'AEXPR_OP_ANY') return
  const mark = markOf(lexpr, scope)
  if (mark !== null && isGiven(rexpr)) pin(mark, 'some')
}
