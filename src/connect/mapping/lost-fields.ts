import type { Mapping } from './document.ts'
import { toStep } from './paths.ts'
import { SOURCE_TYPES, type SourceField, type SourceType, treeOf } from './shape.ts'
import { keyOf, keysOf, namesOf, toKey, type Use } from './used-keys.ts'

export interface LostField {
  /** Places of the mapping that use it. */
  at: string[]
  path: string
  was: SourceType[]
  /** Null: it is gone. */
  now: SourceType[] | null
}

/** A place as it was in all that came before. `count`: how often it was there, as far as it matters. */
export type KnownField = Pick<SourceField, 'path' | 'types' | 'always' | 'count'>

/**
 * Programs leave out what is empty. So what was always there is missed after so many times, sooner where a name has come
 * beside it that never was (it is called something else), and so is the type of a single value.
 */
const [FEW, MANY] = [10, 50]
/** With more names than these, new ones mean nothing. */
const MOST_KNOWN = 500

const parentOf = (key: string) => toKey(namesOf(key).slice(0, -1))

const byKey = <F extends KnownField>(fields: readonly F[]) => new Map(fields.map((field) => [keyOf(field.path), field]))
type Fields = ReadonlyMap<string, KnownField>

/** What a mapping reads and what was there before, and now is gone or of another type. Pure. */
export function lostFields(mapping: Mapping, before: readonly KnownField[], now: readonly KnownField[]): LostField[] {
  const [known, present] = [byKey(before), byKey(now)]
  const lost: LostField[] = []
  for (const [key, uses] of keysOf(mapping)) {
    const was = known.get(key)
    const is = present.get(key)
    if (was === undefined) continue
    const { count } = was
    const isLost =
      is === undefined
        ? was.always && count >= FEW && (count >= MANY || hasNewName(key, known, present)) && isMissed(uses, present)
        : count >= (isSingle(was) && isSingle(is) ? MANY : FEW) && hasNewType(was, is)
    if (is === undefined && isWithinNothing(key, present)) continue
    if (isLost) lost.push({ at: uses.map(({ at }) => at), path: was.path, was: was.types, now: is?.types ?? null })
  }
  return lost
}

const hasNewType = (was: KnownField, is: KnownField) =>
  was.types.length > 0 && is.types.some((type) => !was.types.includes(type))
const isSingle = ({ types }: KnownField) => types.every((type) => type !== 'list' && type !== 'object')

/** A place of several at which something may stand is missed where none of the others is there. */
const isMissed = (uses: readonly Use[], present: Fields) =>
  uses.some(({ instead }) => !instead.some((key) => present.has(key)))

function hasNewName(key: string, known: Fields, present: Fields): boolean {
  const above = parentOf(key)
  return known.size < MOST_KNOWN && [...present.keys()].some((one) => !known.has(one) && parentOf(one) === above)
}

/** Whether what it stands in is empty this time: a list without elements, an object that is null. */
function isWithinNothing(key: string, present: Fields): boolean {
  const above = parentOf(key)
  if (above === '') return false
  const field = present.get(above)
  if (field === undefined) return isWithinNothing(above, present)
  const isBare = ![...present.keys()].some((one) => one.startsWith(`${above}.`))
  return isBare && field.types.every((type) => type === 'list')
}

/**
 * What these items have lost of what the mapping reads, and what is known after them. Items that lost something teach
 * nothing. Pure.
 */
export function watchItems(
  mapping: Mapping,
  known: readonly KnownField[],
  items: readonly unknown[],
): { lost: LostField[]; known: KnownField[] } {
  if (items.length === 0) return { lost: [], known: [...known] }
  const whole = treeOf(items)
  if (!isSuspect(mapping, byKey(known), byKey(whole))) return { lost: [], known: learn(known, whole) }
  let next = [...known]
  for (const item of items) {
    const tree = treeOf([item])
    const lost = lostFields(mapping, next, tree)
    if (lost.length > 0) return { lost, known: [...known] }
    next = learn(next, tree)
  }
  return { lost: [], known: next }
}

/** Whether one of them may lack something, or have it of another type: then each is looked at. */
const isSuspect = (mapping: Mapping, known: Fields, present: Fields) =>
  [...keysOf(mapping).keys()].some((key) => {
    const was = known.get(key)
    const is = present.get(key)
    return was !== undefined && ((was.always && is?.always !== true) || (is !== undefined && hasNewType(was, is)))
  })

function learn(before: readonly KnownField[], now: readonly SourceField[]): KnownField[] {
  const [known, present] = [byKey(before), byKey(now)]
  const next = before.map((was): KnownField => {
    const key = keyOf(was.path)
    const is = present.get(key)
    if (is === undefined) return { ...was, always: was.always && isWithinNothing(key, present) }
    const types = SOURCE_TYPES.filter((type) => was.types.includes(type) || is.types.includes(type))
    return { ...was, types, always: was.always && is.always, count: Math.min(MANY, was.count + is.count) }
  })
  for (const [key, { path, types, always, count }] of present) {
    if (known.has(key) || next.length >= MOST_KNOWN) continue
    const above = parentOf(key)
    const isNewPlace = before.length === 0 || (above !== '' && !known.has(above))
    next.push({ path, types, always: always && isNewPlace, count: Math.min(MANY, count) })
  }
  return next
}

/** What is known of files with these columns: each has a value in each row. */
export const columnsAsFields = (columns: readonly string[]): KnownField[] =>
  columns.map((name) => ({ path: toStep(name), types: ['text'], always: true, count: MANY }))
