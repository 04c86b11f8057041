import { foldedText } from '../../store/natural-key.ts'
import { readNumber } from './amounts.ts'
import { isEmpty } from './conversions.ts'
import type { Habits, MappingCondition } from './document.ts'
import type { Evaluated } from './inside.ts'
import { readPath } from './paths.ts'
import { compileExpression, compilePath, type Gathered } from './sources.ts'

/** Whether the filter holds of the item. Throws `Unfit`. */
export type Holds = (item: unknown, evaluated: readonly Evaluated[], habits: Habits) => boolean

type Comparison = Exclude<MappingCondition, { expression: string }>['is']

export function compileCondition(when: MappingCondition, at: string, gathered: Gathered): Holds {
  if ('expression' in when) {
    // JSONata's own idea of what is true.
    const read = compileExpression(when.expression, `${at}.expression`, gathered, `$boolean((${when.expression}\n))`)
    return (item, evaluated) => read(item, evaluated) === true
  }
  const steps = compilePath(when.path, `${at}.path`, gathered)
  if (!['empty', 'filled'].includes(when.is) && when.value === undefined)
    gathered.problems.push({ at: `${at}.value`, message: `“${when.is}” needs a value to compare with` })
  const compare = COMPARE[when.is]
  return (item, _, { country }) => compare(readPath(item, steps), when.value ?? '', country)
}

const folded = (value: unknown) => foldedText(String(value ?? ''))

function isEqual(found: unknown, wanted: unknown, country: string): boolean {
  if (Array.isArray(found)) return found.some((one) => isEqual(one, wanted, country))
  return folded(found) === folded(wanted) || order(found, wanted, country) === 0
}

/** Of two numbers; NaN: one of them is none. */
function order(found: unknown, wanted: unknown, country: string): number {
  const [left, right] = [found, wanted].map((one) => (typeof one === 'number' ? one : readNumber(String(one), country)))
  return left === null || right === null ? Number.NaN : Math.sign((left as number) - (right as number))
}

/** Of numbers, and else of texts: days in ISO 8601 are in order as texts. */
function isOrdered(sign: number, found: unknown, wanted: unknown, country: string): boolean {
  if (isEmpty(found) || typeof found === 'object') return false
  const ordered = order(found, wanted, country)
  if (!Number.isNaN(ordered)) return ordered === sign
  return folded(found) !== folded(wanted) && folded(found) > folded(wanted) === sign > 0
}

const COMPARE: Record<Comparison, (found: unknown, wanted: unknown, country: string) => boolean> = {
  empty: (found) => isEmpty(found),
  filled: (found) => !isEmpty(found),
  equal: isEqual,
  unequal: (found, wanted, country) => !isEqual(found, wanted, country),
  contains: (found, wanted, country) =>
    Array.isArray(found) ? isEqual(found, wanted, country) : folded(found).includes(folded(wanted)),
  above: (found, wanted, country) => isOrdered(1, found, wanted, country),
  below: (found, wanted, country) => isOrdered(-1, found, wanted, country),
}
