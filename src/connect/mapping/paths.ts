/** Steps into an item: the name of a property, a place in a list, or `ALL` of a list. */
export const ALL = Symbol('all')
export type Step = string | number | typeof ALL

const BRACKETS = /^\[(\d{0,6})\]/
const NAME = /^(?:[^.[\]\\]|\\[\s\S])+/

/** `items[0].unit price`, `tags[]`, `No\. of guests`. Null: no path. */
export function parsePath(text: string): Step[] | null {
  const steps: Step[] = []
  let rest = text
  while (rest !== '') {
    const name = NAME.exec(rest)
    const brackets = name === null ? BRACKETS.exec(rest) : null
    const found = name ?? brackets
    if (found === null) return null
    if (name !== null) steps.push(name[0].replace(/\\([\s\S])/g, '$1'))
    else steps.push(brackets?.[1] ? Number(brackets[1]) : ALL)
    rest = rest.slice(found[0].length)
    if (rest.startsWith('.')) {
      rest = rest.slice(1)
      if (!NAME.test(rest)) return null
    } else if (rest !== '' && !rest.startsWith('[')) return null
  }
  return steps.length === 0 ? null : steps
}

/** A name as it stands in a path. */
export const toStep = (name: string): string => name.replace(/[.[\]\\]/g, '\\$&')

/** What stands there; undefined: nothing. Only what an item holds itself is found, nothing that all objects have. */
export function readPath(item: unknown, steps: readonly Step[], from = 0): unknown {
  let value = item
  for (let at = from; at < steps.length; at++) {
    const step = steps[at] as Step
    if (value === null || typeof value !== 'object') return undefined
    if (step === ALL) {
      if (!Array.isArray(value)) return undefined
      const found = value.map((one) => readPath(one, steps, at + 1)).filter((one) => one !== undefined)
      return steps.includes(ALL, at + 1) ? found.flat() : found
    }
    if (Array.isArray(value) !== (typeof step === 'number') || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}
