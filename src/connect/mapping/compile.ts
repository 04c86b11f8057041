import { applyAll, type Plan, type PlannedField, type PlannedLines } from './apply.ts'
import { CONVERT } from './conversions.ts'
import type { Habits, MappedField, Mapping, Outcome, Problem } from './document.ts'
import { compileCondition } from './filters.ts'
import { compilePath, compileSource, type Gathered } from './sources.ts'
import { LINE_TARGETS, TARGETS, type Target, targetOf } from './targets.ts'

/** A mapping that cannot be used, with everything that is wrong with it. */
export class MappingFault extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ at, message }) => `${at}: ${message}`).join('; '))
    this.problems = problems
  }
}

export interface CompiledMapping {
  readonly mapping: Mapping
  /** Never throws: what goes wrong with an item is its outcome. */
  apply(item: unknown, habits: Habits): Promise<Outcome>
  /** The same for many, in their order; where there are expressions, far quicker than one after the other. */
  applyAll(items: readonly unknown[], habits: Habits): Promise<Outcome[]>
}

const KEYS_OF: Record<Mapping['object'], readonly string[]> = {
  contact: ['externalId', 'email', 'phone'],
  invoice: ['externalId', 'number'],
  location: ['externalId', 'name'],
}

/** Throws `MappingFault`. */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const ofFilters: Gathered = { expressions: [], problems: [] }
  const ofItem: Gathered = { expressions: [], problems: [] }
  const { object, keys, changedAt } = mapping
  const plan: Plan = {
    object,
    keys,
    filters: mapping.filters.map((filter, at) => ({
      holds: compileCondition(filter.when, `filters[${at}].when`, ofFilters),
      reason: filter.reason,
      at: `filters[${at}]`,
    })),
    filterExpressions: ofFilters.expressions,
    fields: compileFields(mapping.fields, (to) => targetOf(object, to), { at: 'fields', gathered: ofItem }),
    externalId: mapping.externalId === null ? null : compileSource(mapping.externalId, 'externalId', ofItem),
    changedAt: changedAt === undefined ? null : compileSource(changedAt, 'changedAt', ofItem),
    expressions: ofItem.expressions,
    lines: compileLines(mapping, ofItem.problems),
  }
  const problems = [...ofFilters.problems, ...ofItem.problems, ...faultsOfWhole(mapping)]
  if (problems.length > 0) throw new MappingFault(problems)
  return {
    mapping,
    apply: async (item, habits) => (await applyAll(plan, [item], habits))[0] as Outcome,
    applyAll: (items, habits) => applyAll(plan, items, habits),
  }
}

/** What others are read by comes first. */
const isFirst = ({ to }: { to: string }) => (to === 'country' || to === 'currency' ? 0 : 1)

function compileFields(
  fields: readonly MappedField[],
  find: (to: string) => Target | undefined,
  { at, gathered }: { at: string; gathered: Gathered },
): PlannedField[] {
  const seen = new Set<string>()
  const planned = fields.map(({ to, from, as, required = false, empty = 'leave' }, index) => {
    const place = `${at}[${index}]`
    const target = find(to)
    if (target === undefined) gathered.problems.push({ at: `${place}.to`, message: `there is no field ${to}` })
    if (seen.has(to)) gathered.problems.push({ at: `${place}.to`, message: `${to} is mapped twice` })
    seen.add(to)
    const read = compileSource(from, `${place}.from`, gathered)
    return { to, read, convert: CONVERT[as ?? target?.as ?? 'text'], required, clears: empty === 'clear' }
  })
  return planned.sort((one, two) => isFirst(one) - isFirst(two))
}

function compileLines({ object, lines }: Mapping, problems: Problem[]): PlannedLines | null {
  if (lines === undefined) return null
  if (object !== 'invoice') problems.push({ at: 'lines', message: 'only invoices have lines' })
  const gathered: Gathered = { expressions: [], problems }
  const find = (to: string) => (Object.hasOwn(LINE_TARGETS, to) ? LINE_TARGETS[to] : undefined)
  const missing = neededIn(LINE_TARGETS, lines.fields)
  problems.push(...missing.map((to) => ({ at: 'lines.fields', message: `nothing is mapped to ${to}` })))
  return {
    from: compilePath(lines.from, 'lines.from', gathered),
    key: lines.key === null ? null : compileSource(lines.key, 'lines.key', gathered),
    unless: lines.unless === undefined ? null : compileCondition(lines.unless, 'lines.unless', gathered),
    fields: compileFields(lines.fields, find, { at: 'lines.fields', gathered }),
    expressions: gathered.expressions,
  }
}

const neededIn = (targets: Record<string, Target>, fields: readonly MappedField[]) =>
  Object.keys(targets).filter((to) => targets[to]?.needed && !fields.some((field) => field.to === to))

function faultsOfWhole({ object, keys, fields, externalId, conflicts, changedAt }: Mapping): Problem[] {
  const isMapped = (key: string) => (key === 'externalId' ? externalId !== null : fields.some(({ to }) => to === key))
  const isNewest = conflicts === 'newest' || fields.some((field) => field.conflicts === 'newest')
  return [
    ...neededIn(TARGETS[object], fields).map((to) => ({ at: 'fields', message: `nothing is mapped to ${to}` })),
    ...keys.flatMap((key, index) => {
      const at = `keys[${index}]`
      if (!KEYS_OF[object].includes(key)) return [{ at, message: `no ${object} is found by its ${key}` }]
      if (keys.indexOf(key) !== index) return [{ at, message: `${key} stands here twice` }]
      return isMapped(key) ? [] : [{ at, message: `nothing is mapped to ${key}` }]
    }),
    ...(isNewest && changedAt === undefined
      ? [{ at: 'changedAt', message: 'to keep the newest, it must be known when an item was changed' }]
      : []),
  ]
}
