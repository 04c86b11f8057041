import { isEmpty } from './conversions.ts'
import type { Conflicts, MappedField, MappedValue, MappedValues } from './document.ts'

export interface Sides {
  /** What our record holds, by our fields; null: there is no record yet. */
  ours: Readonly<Record<string, unknown>> | null
  incoming: MappedValues
  /** What the last run wrote or found; null: this is the first time. */
  lastSynced: MappedValues | null
  /** ISO 8601, as both moments. */
  oursChangedAt?: string | undefined
  incomingChangedAt?: string | undefined
}

export interface Settled {
  write: MappedValues
  left: { to: string; because: string }[]
}

/**
 * Which values are to be written, and which are left alone. Where one side alone changed since the last time, its value
 * stands; only where both did, or nobody knows, does the policy say who wins. `fields` say where one has a policy of its
 * own. Pure.
 */
export function changesOf(
  { conflicts, fields }: { conflicts: Conflicts; fields: readonly Pick<MappedField, 'to' | 'conflicts'>[] },
  { ours, incoming, lastSynced, ...moments }: Sides,
): Settled {
  const own = new Map(fields.map(({ to, conflicts }) => [to, conflicts]))
  const settled: Settled = { write: {}, left: [] }
  for (const [to, value] of Object.entries(incoming)) {
    const present = ours?.[to]
    if (isSame(present, value)) continue
    const base = lastSynced !== null && Object.hasOwn(lastSynced, to) ? (lastSynced[to] as MappedValue) : undefined
    const because = whyLeft(own.get(to) ?? conflicts, { present, value, base, ...moments })
    if (because === null) settled.write[to] = value
    else settled.left.push({ to, because })
  }
  return settled
}

interface Contested {
  present: unknown
  value: MappedValue
  /** Undefined: not known. */
  base: MappedValue | undefined
  oursChangedAt?: string | undefined
  incomingChangedAt?: string | undefined
}

/** Null: it is written. */
function whyLeft(
  policy: Conflicts,
  { present, value, base, oursChangedAt, incomingChangedAt }: Contested,
): string | null {
  if (policy === 'fill') return isEmpty(present) ? null : 'only what is empty here is filled'
  if (base !== undefined && isSame(base, value)) return 'it was changed here since the last time, and not there'
  if (base !== undefined && isSame(base, present)) return null
  if (base === undefined && isEmpty(present)) return null
  if (policy === 'source') return null
  if (policy === 'ours') return 'it was changed here, and ours wins'
  if (incomingChangedAt === undefined) return 'the newest wins, and the item does not say when it was changed'
  const isNewer = oursChangedAt === undefined || Date.parse(incomingChangedAt) > Date.parse(oursChangedAt)
  return isNewer ? null : 'it was changed here later than there'
}

const DAY = /^\d{4}-\d\d-\d\d$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** Nothing to tell apart: empty is empty, lists have no order, a day is stored as its first moment in UTC. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other || (isEmpty(one) && isEmpty(other))) return true
  if (isEmpty(one) || isEmpty(other)) return false
  if (Array.isArray(one) || Array.isArray(other)) return keyOf(one) === keyOf(other)
  if (typeof one === 'object' || typeof other === 'object') return false
  const [left, right] = [String(one).trim(), String(other).trim()]
  if (left === right) return true
  return (isTime(left) && isTime(right) && Date.parse(left) === Date.parse(right)) || isSameNumber(one, other)
}

const isTime = (text: string) => DAY.test(text) || MOMENT.test(text)

const keyOf = (value: unknown) =>
  JSON.stringify(
    [value]
      .flat()
      .map((one) => String(one).trim().toLowerCase())
      .toSorted(),
  )

/** A number beside its text: `12` and `12.0`. */
const isSameNumber = (one: unknown, other: unknown) =>
  (typeof one === 'number' || typeof other === 'number') && Number(one) === Number(other)
