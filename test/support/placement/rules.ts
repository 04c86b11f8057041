import type { Node } from 'libpg-query'
import { classOf, pinOf } from './classes.ts'
import type { Facts, Use, Write } from './read.ts'
import { type Scope, walk } from './scope.ts'

/** What a cluster refuses, or does on all its nodes. */
export type Rule =
  | 'whole table'
  | 'joined apart'
  | 'correlated across'
  | 'correlated with the coordinator'
  | 'locked across'
  | 'moved'
  | 'may change its mind'
  | 'ends with an insert'

export interface Finding {
  rule: Rule
  table: string
}

/** What functions of the database are: null where functions of one name differ. */
export type Volatility = ReadonlyMap<string, 'immutable' | 'stable' | 'volatile' | null>

const outside = ({ outer }: Scope): Scope[] => (outer === null ? [] : [outer, ...outside(outer)])
const isOne = ({ mark }: Use) => pinOf(mark) === 'one'
const together = (a: Use, b: Use) => classOf(a.mark) === classOf(b.mark) || (isOne(a) && isOne(b))

function wholeTables({ uses }: Facts): Finding[] {
  return uses.filter(({ mark }) => pinOf(mark) === null).map(({ table }) => ({ rule: 'whole table', table }))
}

function joinedApart({ uses }: Facts): Finding[] {
  return uses.flatMap((one, place) => {
    const before = uses.slice(0, place).filter(({ scope }) => scope === one.scope)
    return before.every((other) => together(one, other)) ? [] : [{ rule: 'joined apart', table: one.table } as const]
  })
}

function correlatedAcross({ uses, inner }: Facts): Finding[] {
  return inner.flatMap(({ scope, isLimited }) => {
    if (!scope.looksOut) return []
    const around = outside(scope)
    const others = uses.filter((one) => around.includes(one.scope))
    return uses
      .filter((one) => one.scope === scope && !isOne(one))
      .filter((one) => isLimited || !others.some((other) => together(one, other)))
      .map(({ table }) => ({ rule: 'correlated across', table }) as const)
  })
}

/** A select within another, one of them at the coordinator and the other one spread. */
function correlatedWithCoordinator({ uses, inner, central }: Facts): Finding[] {
  return inner.flatMap(({ scope }) => {
    if (!scope.looksOut) return []
    const around = outside(scope)
    const own = uses.filter((one) => one.scope === scope)
    const table = central.get(scope)
    const isMixed =
      (own.length > 0 && around.some((one) => central.has(one))) ||
      (table !== undefined && uses.some((one) => around.includes(one.scope)))
    if (!isMixed) return []
    return [{ rule: 'correlated with the coordinator', table: own[0]?.table ?? (table as string) }]
  })
}

function lockedAcross({ uses, locks }: Facts): Finding[] {
  return locks.flatMap(({ scope, names }) =>
    uses
      .filter((one) => one.scope === scope && names.includes(one.name) && !isOne(one))
      .map(({ table }) => ({ rule: 'locked across', table }) as const),
  )
}

function nameOf(fields: readonly Node[] | undefined): string {
  const last = fields?.at(-1)
  return last !== undefined && 'String' in last ? (last.String.sval ?? '') : ''
}

/** Of moments with a time zone, which the session has its own of: these are not the same for ever. */
const OF_MOMENTS = ['extract', 'date_part', 'date_trunc', 'to_char']
/** Turns such a moment into one without. */
const TIMEZONE = 'timezone'

/** Whether something in it stands in the row that is written, and not as a moment without a time zone. */
function readsRow(node: unknown): boolean {
  let reads = false
  walk([node], (type, body) => {
    if (type === 'FuncCall' && nameOf((body as { funcname?: Node[] }).funcname) === TIMEZONE) return false
    reads ||= type === 'ColumnRef'
    return true
  })
  return reads
}

const isInterval = (node: Node | undefined) =>
  node !== undefined && 'TypeCast' in node && nameOf(node.TypeCast.typeName?.names) === 'interval'

/** Whether what is worked out while writing may come out differently for one and the same row. */
function isUnsteady({ expressions, isConflict }: Write, volatility: Volatility): boolean {
  let unsteady = false
  walk(expressions, (type, body) => {
    if (type === 'SubLink') return false
    const { funcname, args, lexpr, rexpr } = body as { funcname?: Node[]; args?: Node[]; lexpr?: Node; rexpr?: Node }
    if (type === 'A_Expr' && ((isInterval(rexpr) && readsRow(lexpr)) || (isInterval(lexpr) && readsRow(rexpr))))
      unsteady = true
    if (type !== 'FuncCall') return true
    const name = nameOf(funcname)
    const kind = OF_MOMENTS.includes(name) ? 'stable' : volatility.get(name)
    if (kind === 'volatile' || (kind === 'stable' && (isConflict || readsRow(args)))) unsteady = true
    return true
  })
  return unsteady
}

/** All that a statement does which tables that are spread by locations do not allow. */
export function findingsOf(facts: Facts, volatility: Volatility): Finding[] {
  const { writes, endsWithInsert } = facts
  const all: Finding[] = [
    ...wholeTables(facts),
    ...joinedApart(facts),
    ...correlatedAcross(facts),
    ...correlatedWithCoordinator(facts),
    ...lockedAcross(facts),
    ...writes
      .filter(({ sets }) => sets.includes('location_id'))
      .map(({ table }) => ({ rule: 'moved', table }) as const),
    ...writes
      .filter((write) => isUnsteady(write, volatility))
      .map(({ table }) => ({ rule: 'may change its mind', table }) as const),
    ...(endsWithInsert ? writes.map(({ table }) => ({ rule: 'ends with an insert', table }) as const) : []),
  ]
  return [...new Map(all.map((finding) => [`${finding.rule}/${finding.table}`, finding])).values()]
}
