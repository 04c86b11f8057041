import type { DeleteStmt, InsertStmt, Node, SelectStmt, UpdateStmt, WithClause } from 'libpg-query'
import { type Mark, newMark, pin, unite } from './classes.ts'
import { bind, isGiven } from './conditions.ts'
import {
  type Answer,
  answerRelation,
  type Columns,
  expand,
  newScope,
  type Relation,
  resolve,
  type Scope,
  tableRelation,
  walk,
} from './scope.ts'

/** A table that is spread by locations, where a statement reads or changes it. */
export interface Use {
  table: string
  name: string
  /** Its location. */
  mark: Mark
  scope: Scope
}

export interface Write extends Use {
  /** Columns that are set, of those that are there. */
  sets: string[]
  /** What is worked out row by row while writing. */
  expressions: unknown[]
  /** Of an insert that changes what is there already: nothing may be called there that can change its mind. */
  isConflict: boolean
}

/** What a statement does with tables that are spread by locations. */
export interface Facts {
  uses: Use[]
  writes: Write[]
  /** Selects that stand in another one, with whether they end early. */
  inner: { scope: Scope; isLimited: boolean }[]
  locks: { scope: Scope; names: string[] }[]
  /** Several writes, of which the last is an insert of what a select finds. */
  endsWithInsert: boolean
  /** Selects that read tables of the coordinator. */
  central: Map<Scope, string>
}

type Answers = ReadonlyMap<string, Answer>
export interface Schema {
  columns: Columns
  /** Whether a table is spread by locations. */
  isSpread(table: string): boolean
  /** Whether a table is on the coordinator alone. */
  isCentral(table: string): boolean
}

const NOTHING: Answer = { names: [], marks: [] }
const opaque = ({ names, marks }: Answer): Answer => ({ names, marks: marks.map(() => newMark()) })
const aliasNames = (list: readonly Node[] | undefined): string[] =>
  (list ?? []).map((one) => ('String' in one ? (one.String.sval ?? '') : ''))

/** Reads one statement of the parser. */
export function readFacts(statement: Node, schema: Schema): Facts {
  const facts: Facts = { uses: [], writes: [], inner: [], locks: [], endsWithInsert: false, central: new Map() }
  const references = new Map<string, number>()
  walk(statement, (type, body) => {
    const { relname } = body as { relname?: string }
    if ((type === 'RangeVar' || type === 'relation') && relname !== undefined)
      references.set(relname, (references.get(relname) ?? 0) + 1)
    return true
  })

  const use = (relation: Relation, scope: Scope): Use | null => {
    const { table, name } = relation
    if (table === null || !schema.isSpread(table)) return null
    return { table, name, mark: relation.columns.get('location_id') ?? newMark(), scope }
  }

  function readWith(clause: WithClause | undefined, outer: Scope | null, known: Answers): Answers {
    const answers = new Map(known)
    for (const node of clause?.ctes ?? []) {
      if (!('CommonTableExpr' in node)) continue
      const { ctename = '', ctequery, ctematerialized, aliascolnames } = node.CommonTableExpr
      if (clause?.recursive) answers.set(ctename, NOTHING)
      const answer = readAny(ctequery, outer, answers)
      const isInlined =
        ctequery !== undefined &&
        'SelectStmt' in ctequery &&
        (ctematerialized === 'CTEMaterializeNever' ||
          (ctematerialized !== 'CTEMaterializeAlways' && (references.get(ctename) ?? 0) < 2))
      const named = aliascolnames === undefined ? answer : { ...answer, names: aliasNames(aliascolnames) }
      // What is worked out once is a list to whoever reads it.
      answers.set(ctename, isInlined ? named : opaque(named))
    }
    return answers
  }

  function readAny(node: Node | undefined, outer: Scope | null, answers: Answers): Answer {
    if (node === undefined) return NOTHING
    if ('SelectStmt' in node) return readSelect(node.SelectStmt, outer, answers)
    if ('InsertStmt' in node) return readInsert(node.InsertStmt, outer, answers)
    if ('UpdateStmt' in node) return readChange(node.UpdateStmt, node.UpdateStmt.fromClause, outer, answers)
    if ('DeleteStmt' in node) return readChange(node.DeleteStmt, node.DeleteStmt.usingClause, outer, answers)
    return NOTHING
  }

  /** Sub-selects of an expression, and the columns that it names. */
  function descend(expression: unknown, scope: Scope, answers: Answers): void {
    walk(expression, (type, body) => {
      if (type === 'ColumnRef') resolve((body as { fields?: Node[] }).fields, scope)
      if (type !== 'SubLink') return type !== 'SelectStmt'
      const { subselect, testexpr } = body as { subselect?: Node; testexpr?: Node }
      descend(testexpr, scope, answers)
      const answer = readAny(subselect, scope, answers)
      const tested = testexpr === undefined ? [] : 'RowExpr' in testexpr ? (testexpr.RowExpr.args ?? []) : [testexpr]
      if (body.subLinkType === 'ANY_SUBLINK')
        tested.forEach((one, place) => {
          const [mark, other] = ['ColumnRef' in one ? resolve(one.ColumnRef.fields, scope) : null, answer.marks[place]]
          if (mark != null && other != null) unite(mark, other)
        })
      return false
    })
  }

  function readFrom(node: Node, scope: Scope, answers: Answers): void {
    if ('JoinExpr' in node) {
      const { larg, rarg, quals, usingClause } = node.JoinExpr
      const before = scope.relations.length
      for (const side of [larg, rarg]) if (side !== undefined) readFrom(side, scope, answers)
      const joined = scope.relations.slice(before)
      for (const column of aliasNames(usingClause)) {
        const [first, ...rest] = joined.flatMap(({ columns }) => columns.get(column) ?? [])
        for (const one of rest) unite(first as Mark, one)
      }
      bind(quals, scope)
      descend(quals, scope, answers)
    } else if ('RangeVar' in node) {
      const { relname = '', schemaname, alias } = node.RangeVar
      const name = alias?.aliasname ?? relname
      const answer = schemaname === undefined ? answers.get(relname) : undefined
      const relation =
        answer === undefined
          ? tableRelation(name, relname, schema.columns)
          : answerRelation(name, answer, aliasNames(alias?.colnames))
      scope.relations.push(relation)
      const used = use(relation, scope)
      if (used !== null) facts.uses.push(used)
      if (relation.table !== null && schema.isCentral(relation.table)) facts.central.set(scope, relation.table)
    } else if ('RangeSubselect' in node) {
      const { subquery, alias, lateral } = node.RangeSubselect
      const answer = readAny(subquery, lateral ? scope : scope.outer, answers)
      scope.relations.push(answerRelation(alias?.aliasname ?? '', answer, aliasNames(alias?.colnames)))
    } else if ('RangeFunction' in node) {
      const { functions, alias } = node.RangeFunction
      descend(functions, scope, answers)
      const names = aliasNames(alias?.colnames)
      const name = alias?.aliasname ?? ''
      const columns = new Map((names.length > 0 ? names : [name]).map((column) => [column, newMark()]))
      scope.relations.push({ name, table: null, columns })
    }
  }

  function readSelect(select: SelectStmt, outer: Scope | null, known: Answers): Answer {
    const answers = readWith(select.withClause, outer, known)
    if (select.larg !== undefined && select.rarg !== undefined) {
      const [left, right] = [readSelect(select.larg, outer, answers), readSelect(select.rarg, outer, answers)]
      // Where both sides keep to the same locations, so does what they make together.
      return {
        names: left.names,
        marks: left.marks.map((mark, place) => {
          const other = right.marks[place]
          if (mark !== null && other != null) unite(mark, other)
          return mark
        }),
      }
    }
    const scope = newScope(outer)
    for (const node of select.fromClause ?? []) readFrom(node, scope, answers)
    bind(select.whereClause, scope)
    if (select.valuesLists !== undefined) return readValues(select, scope, answers)
    const { targetList, whereClause, groupClause, havingClause, sortClause, windowClause } = select
    descend([targetList, whereClause, groupClause, havingClause, sortClause, windowClause], scope, answers)
    if (outer !== null)
      facts.inner.push({ scope, isLimited: select.limitCount !== undefined || select.limitOffset !== undefined })
    for (const node of select.lockingClause ?? []) {
      if (!('LockingClause' in node)) continue
      const names = (node.LockingClause.lockedRels ?? []).flatMap((one) =>
        'RangeVar' in one ? [one.RangeVar.relname ?? ''] : [],
      )
      facts.locks.push({ scope, names: names.length > 0 ? names : scope.relations.map(({ name }) => name) })
    }
    return answerOf(select.targetList, scope)
  }

  function readValues({ valuesLists = [] }: SelectStmt, scope: Scope, answers: Answers): Answer {
    descend(valuesLists, scope, answers)
    const [first, ...others] = valuesLists.map((row) => ('List' in row ? (row.List.items ?? []) : []))
    // Each row of several finds its own way.
    return { names: [], marks: (first ?? []).map((one) => (others.length > 0 ? null : given(one))) }
  }

  function answerOf(targets: readonly Node[] | undefined, scope: Scope): Answer {
    const answer: Answer = { names: [], marks: [] }
    for (const node of targets ?? []) {
      if (!('ResTarget' in node)) continue
      const { name, val } = node.ResTarget
      const fields = val !== undefined && 'ColumnRef' in val ? val.ColumnRef.fields : undefined
      const last = fields?.at(-1)
      if (last !== undefined && 'A_Star' in last) {
        const all = expand(fields, scope)
        answer.names.push(...all.names)
        answer.marks.push(...all.marks)
      } else {
        answer.names.push(name ?? (last !== undefined && 'String' in last ? (last.String.sval ?? null) : null))
        answer.marks.push(fields === undefined ? given(val) : resolve(fields, scope))
      }
    }
    return answer
  }

  /** What is the same for all rows names one location, if it names any. */
  function given(node: Node | undefined): Mark | null {
    if (node === undefined || !isGiven(node)) return null
    const mark = newMark()
    pin(mark, 'one')
    return mark
  }

  const setters = (targets: readonly Node[] | undefined) =>
    (targets ?? []).flatMap((node) => ('ResTarget' in node ? [node.ResTarget] : []))

  function readInsert(insert: InsertStmt, outer: Scope | null, known: Answers): Answer {
    const answers = readWith(insert.withClause, outer, known)
    const source = readAny(insert.selectStmt, outer, answers)
    const table = insert.relation?.relname ?? ''
    const scope = newScope(outer)
    const relation = tableRelation(insert.relation?.alias?.aliasname ?? table, table, schema.columns)
    scope.relations.push(relation)
    const place = setters(insert.cols).findIndex(({ name }) => name === 'location_id')
    const mark = relation.columns.get('location_id')
    const from = source.marks[place]
    if (mark != null && from != null) unite(mark, from)
    const { onConflictClause: conflict } = insert
    const changes = setters(conflict?.targetList)
    const used = use(relation, scope)
    if (used !== null)
      facts.writes.push({
        ...used,
        sets: changes.map(({ name = '' }) => name),
        expressions: conflict === undefined ? [] : [conflict.targetList, conflict.whereClause],
        isConflict: conflict !== undefined,
      })
    scope.relations.push({ ...relation, name: 'excluded' })
    descend([conflict?.targetList, conflict?.whereClause], scope, answers)
    return answerOf(insert.returningClause?.exprs, scope)
  }

  function readChange(
    change: UpdateStmt & DeleteStmt,
    from: readonly Node[] | undefined,
    outer: Scope | null,
    known: Answers,
  ): Answer {
    const answers = readWith(change.withClause, outer, known)
    const scope = newScope(outer)
    if (change.relation !== undefined) readFrom({ RangeVar: change.relation }, scope, answers)
    const target = scope.relations[0]
    for (const node of from ?? []) readFrom(node, scope, answers)
    bind(change.whereClause, scope)
    const used = target === undefined ? null : use(target, scope)
    if (used !== null)
      facts.writes.push({
        ...used,
        sets: setters(change.targetList).map(({ name = '' }) => name),
        expressions: [change.targetList, change.whereClause],
        isConflict: false,
      })
    descend([change.targetList, change.whereClause], scope, answers)
    return answerOf(change.returningClause?.exprs, scope)
  }

  readAny(statement, null, new Map())
  const source = 'InsertStmt' in statement ? statement.InsertStmt.selectStmt : undefined
  const isSelect = source !== undefined && 'SelectStmt' in source && source.SelectStmt.valuesLists === undefined
  return { ...facts, endsWithInsert: isSelect && facts.writes.length > 1 }
}
