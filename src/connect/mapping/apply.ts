import { takeTurns } from '../../clock.ts'
import { readMoment } from '../../moments.ts'
import { CONVERT, isEmpty, Unfit } from './conversions.ts'
import type { Habits, MappedValue, MappedValues, Mapping, Outcome, Problem } from './document.ts'
import { evaluateAll } from './expressions.ts'
import type { Holds } from './filters.ts'
import type { Evaluated } from './inside.ts'
import { readPath, type Step } from './paths.ts'
import type { Read } from './sources.ts'

export interface PlannedField {
  to: string
  read: Read
  convert: (value: unknown, habits: Habits) => MappedValue
  required: boolean
  clears: boolean
}

export interface PlannedLines {
  from: readonly Step[]
  key: Read | null
  unless: Holds | null
  fields: readonly PlannedField[]
  expressions: readonly string[]
}

export interface Plan {
  object: Mapping['object']
  keys: readonly string[]
  filters: readonly { holds: Holds; reason: string; at: string }[]
  filterExpressions: readonly string[]
  fields: readonly PlannedField[]
  externalId: Read | null
  changedAt: Read | null
  expressions: readonly string[]
  lines: PlannedLines | null
}

/** More cannot be written: an invoice has no more lines. */
const MOST_LINES = 500
const MOST_KEY_CHARACTERS = 200

/** What expressions make of each item. */
async function evaluated(
  items: readonly unknown[],
  expressions: readonly string[],
  habits: Habits,
): Promise<readonly (readonly Evaluated[])[]> {
  if (expressions.length === 0 || items.length === 0) return []
  const jobs = items.map((item) => ({ json: JSON.stringify(item) ?? 'null', expressions }))
  return evaluateAll(jobs, habits)
}

const NONE: readonly Evaluated[] = []

export async function applyAll(plan: Plan, items: readonly unknown[], habits: Habits): Promise<Outcome[]> {
  const turns = takeTurns()
  const ofFilters = await evaluated(items, plan.filterExpressions, habits)
  const outcomes = items.map((item, at) => filtered(plan, item, ofFilters[at] ?? NONE, habits))
  const places = [...outcomes.keys()].filter((at) => outcomes[at] === null)
  const kept = places.map((at) => items[at])
  const ofItems = await evaluated(kept, plan.expressions, habits)
  const lines = kept.map((item) => linesOf(plan, item))
  const ofLines = await evaluated(
    lines.flatMap((own) => own ?? []),
    plan.lines?.expressions ?? [],
    habits,
  )
  let line = 0
  for (const [index, at] of places.entries()) {
    if (turns.isOver()) await turns.next()
    const own = lines[index] ?? null
    const end = line + (own?.length ?? 0)
    const item = { item: kept[index], evaluated: ofItems[index] ?? NONE }
    const ofItem = own === null ? null : { items: own, evaluated: ofLines.slice(line, end) }
    outcomes[at] = toOutcome(plan, item, ofItem, habits)
    line = end
  }
  return outcomes as Outcome[]
}

/** Whatever goes wrong with an item is told of this item, and the others go on. */
const failed = (at: string, error: unknown): Problem => ({
  at,
  message: error instanceof Unfit ? error.message : `cannot be read: ${error instanceof Error ? error.message : error}`,
})

/** Null: no filter holds of it. */
function filtered({ filters }: Plan, item: unknown, evaluated: readonly Evaluated[], habits: Habits): Outcome | null {
  for (const { holds, reason, at } of filters) {
    try {
      if (holds(item, evaluated, habits)) return { outcome: 'skipped', reason }
    } catch (error) {
      return { outcome: 'failed', problems: [failed(at, error)] }
    }
  }
  return null
}

/** Null: the item does not speak of lines, so ours stay. */
function linesOf({ lines }: Plan, item: unknown): unknown[] | null {
  const found = lines === null ? null : (readPath(item, lines.from) ?? null)
  return found === null ? null : (Array.isArray(found) ? found : [found]).slice(0, MOST_LINES + 1)
}

interface Given {
  item: unknown
  evaluated: readonly Evaluated[]
}

interface GivenLines {
  items: readonly unknown[]
  evaluated: readonly (readonly Evaluated[])[]
}

function toOutcome(plan: Plan, given: Given, lines: GivenLines | null, habits: Habits): Outcome {
  const problems: Problem[] = []
  const values = toValues(plan.fields, given, { habits, problems, before: '' })
  const own = habitsOf(values, habits)
  const externalId = plan.externalId === null ? null : toKey(plan.externalId, given, 'externalId', problems)
  const changedAt = plan.changedAt === null ? null : toInstant(plan.changedAt, given, own, problems)
  const written = plan.lines === null || lines === null ? null : toLines(plan.lines, lines, own, problems)
  if (problems.length === 0 && !plan.keys.some((key) => !isEmpty(key === 'externalId' ? externalId : values[key])))
    problems.push({ at: 'keys', message: `nothing says which ${plan.object} it is: empty are ${plan.keys.join(', ')}` })
  if (problems.length > 0) return { outcome: 'failed', problems }
  return {
    outcome: 'mapped',
    externalId,
    values,
    ...(written === null ? {} : { lines: written }),
    ...(changedAt === null ? {} : { changedAt }),
  }
}

/** Phones are read in the person's country, amounts in the invoice's currency, where the item says them. */
function habitsOf(values: MappedValues, habits: Habits): Habits {
  const { country, currency } = values
  if (typeof country !== 'string' && typeof currency !== 'string') return habits
  return {
    ...habits,
    ...(typeof country === 'string' ? { country } : {}),
    ...(typeof currency === 'string' ? { currency } : {}),
  }
}

function toValues(
  fields: readonly PlannedField[],
  { item, evaluated }: Given,
  { habits, problems, before }: { habits: Habits; problems: Problem[]; before: string },
): MappedValues {
  const values: MappedValues = {}
  let own = habits
  for (const { to, read, convert, required, clears } of fields) {
    try {
      const found = read(item, evaluated)
      const value = isEmpty(found) ? null : convert(found, own)
      if (!isEmpty(value)) {
        values[to] = value
        if (to === 'country' || to === 'currency') own = habitsOf(values, habits)
      } else if (required) throw new Unfit('is required, and the item has none')
      else if (clears) values[to] = null
    } catch (error) {
      problems.push(failed(before + to, error))
    }
  }
  return values
}

/** What the other program calls it. Null: nothing. */
function toKey(read: Read, { item, evaluated }: Given, at: string, problems: Problem[]): string | null {
  try {
    const found = read(item, evaluated)
    const key = isEmpty(found) ? '' : String(CONVERT.text(found, NOBODYS))
    if (key.length > MOST_KEY_CHARACTERS) throw new Unfit(`is longer than ${MOST_KEY_CHARACTERS} characters`)
    return key || null
  } catch (error) {
    problems.push(failed(at, error))
    return null
  }
}

/** A text is read the same everywhere. */
const NOBODYS: Habits = { zone: 'UTC', country: 'US', currency: 'USD' }

function toInstant(read: Read, { item, evaluated }: Given, habits: Habits, problems: Problem[]): string | null {
  try {
    const found = read(item, evaluated)
    if (isEmpty(found)) return null
    const moment = readMoment(String(CONVERT.moment(found, habits)), habits.zone)
    return moment?.at.toISOString() ?? null
  } catch (error) {
    problems.push(failed('changedAt', error))
    return null
  }
}

function toLines(
  { fields, key, unless }: PlannedLines,
  { items, evaluated }: GivenLines,
  habits: Habits,
  problems: Problem[],
): { key: string; values: MappedValues }[] {
  if (items.length > MOST_LINES) problems.push({ at: 'lines', message: `there are more than ${MOST_LINES}` })
  const seen = new Set<string>()
  return items.slice(0, MOST_LINES).flatMap((item, index) => {
    const given = { item, evaluated: evaluated[index] ?? NONE }
    const at = `lines[${index}]`
    if (isLeftOut(unless, given, { at, habits, problems })) return []
    const own = key === null ? String(index) : toKey(key, given, `${at}.key`, problems)
    if (own === null || seen.has(own))
      problems.push({ at: `${at}.key`, message: own === null ? 'is empty' : `“${own}” is the key of two lines` })
    seen.add(own ?? '')
    return [{ key: own ?? '', values: toValues(fields, given, { habits, problems, before: `${at}.` }) }]
  })
}

function isLeftOut(
  unless: Holds | null,
  { item, evaluated }: Given,
  { at, habits, problems }: { at: string; habits: Habits; problems: Problem[] },
): boolean {
  try {
    return unless?.(item, evaluated, habits) ?? false
  } catch (error) {
    problems.push(failed(at, error))
    return true
  }
}
