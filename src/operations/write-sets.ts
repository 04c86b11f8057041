import type { DryWorld, Left, MappedItem, Written } from '../connect/index.ts'
import {
  createRecords,
  deltaOf,
  hasId,
  lockRows,
  type RecordResource,
  type RecordRow,
  updateRecords,
} from '../store/records/index.ts'
import type { Writing } from './define.ts'

/** What becomes of the record of an item. `before` null: it is new; `after` null: it stays as it is. */
export interface Plan {
  before: RecordRow | null
  after: RecordRow | null
  left: Left[]
}

export interface Changed {
  before: RecordRow
  after: RecordRow
}

interface ItemsOf {
  resource: RecordResource
  items: readonly MappedItem[]
  /** Whose record each item is, as far as there is one. */
  found: readonly (RecordRow | undefined)[]
  /** Null: it is written. */
  dry: DryWorld | null
}

interface Rules {
  /** What becomes of an item, whose record nobody changes meanwhile; or why nothing does. */
  plan(item: MappedItem, before: RecordRow | null, place: number): Promise<Plan | Written>
  /** By what later items of a dry run find a record. */
  keysOf(after: RecordRow): string[]
  change?(changed: readonly Changed[]): Promise<void>
  /** Writes an item in a set of its own. */
  alone(item: MappedItem): Promise<Written[]>
}

/** Works out what items of a connection come to, and writes it in sets unless it is a dry run. */
export async function writeSet(ctx: Writing, of: ItemsOf, rules: Rules): Promise<Written[]> {
  const { resource, items, found, dry } = of
  const { change = (changed) => changeAll(ctx, resource, changed) } = rules
  const held = await hold(ctx, of)
  const taken = new Set<string>()
  const plans: (Plan | Written)[] = []
  for (const [n, item] of items.entries()) {
    const before = held.get(found[n]?.id ?? '') ?? null
    // Two names of theirs for one of ours: the second one has to see what the first one wrote.
    const isTwice = before !== null && taken.has(before.id)
    if (before !== null) taken.add(before.id)
    plans.push(isTwice ? AGAIN : await rules.plan(knowing(item, before), before, n))
  }
  const whole = plans.filter(isPlan)
  const after = whole.flatMap((plan) => plan.after ?? [])
  if (dry === null) {
    const created = whole.flatMap((plan) => (plan.before === null && plan.after !== null ? [plan.after] : []))
    if (created.length > 0) await createRecords(ctx.scope, resource, created)
    await change(
      whole.flatMap((plan) => (plan.before && plan.after ? [{ before: plan.before, after: plan.after }] : [])),
    )
  } else for (const row of after) dry.put(row, rules.keysOf(row))
  const written = plans.map((plan) => (isPlan(plan) ? toWritten(plan) : plan))
  for (const [n, plan] of plans.entries())
    if (plan === AGAIN) written.splice(n, 1, ...(await rules.alone(items[n] as MappedItem)))
  return written
}

const AGAIN: Written = { outcome: 'failed', problems: [] }
const isPlan = (plan: Plan | Written): plan is Plan => 'after' in plan

/** What was written last is no news of a record that it was not written to: ours is gone, or another by now. */
const knowing = (item: MappedItem, before: RecordRow | null): MappedItem =>
  item.link === null || item.link.recordId === before?.id ? item : { ...item, link: null }

/** As they stand now: nobody changes them until they are written. */
async function hold(ctx: Writing, { resource, found, dry }: ItemsOf): Promise<Map<string, RecordRow>> {
  const rows = found.filter((row) => row !== undefined)
  if (dry !== null || rows.length === 0) return new Map(rows.map((row) => [row.id, row]))
  const held = await lockRows(ctx.scope, resource, hasId(rows.map(({ id }) => id)))
  return new Map(held.map((row) => [row.id, row]))
}

export async function changeAll(ctx: Writing, resource: RecordResource, changed: readonly Changed[]): Promise<void> {
  if (changed.length === 0) return
  const documents = new Map(changed.map(({ after }) => [after.id, after.document]))
  await updateRecords(
    ctx.scope,
    resource,
    hasId([...documents.keys()]),
    ({ id, document }) => documents.get(id) ?? document,
  )
}

function toWritten({ before, after, left }: Plan): Written {
  const recordId = (after ?? before)?.id as string
  if (after === null) return { outcome: 'unchanged', recordId, delta: {}, left }
  const outcome = before === null ? 'created' : 'updated'
  return { outcome, recordId, delta: deltaOf(before?.document ?? {}, after.document), left }
}
