import { keyOf, resourceOf } from './document.ts'
import { livingIn, type Place } from './model.ts'
import type { Decision } from './push.ts'

/** Who would take a key that another one has stays as it is and is ambiguous. */
export function keepUnique(
  place: Place,
  decisions: readonly Decision[],
  removals: readonly { own: string; isGone: boolean }[],
): void {
  const keyNow = new Map(livingIn(place).map(({ token, kind, content }) => [token, `${kind}/${keyOf(kind, content)}`]))
  const gone = new Set(removals.filter(({ isGone }) => isGone).map(({ own }) => own))
  for (let clash = true; clash; ) {
    clash = false
    const holders = new Map<string, { key: string; decision?: Decision }>()
    for (const { token, kind, content } of livingIn(place)) {
      if (resourceOf(kind).unique !== null && !gone.has(token))
        holders.set(token, { key: `${kind}/${keyOf(kind, content)}` })
    }
    for (const decision of decisions) {
      const { kind } = decision.entry
      if (resourceOf(kind).unique === null || decision.write === null || decision.after === null) continue
      holders.set(decision.own, { key: `${kind}/${keyOf(kind, decision.after)}`, decision })
    }
    const counts = Map.groupBy(holders.values(), ({ key }) => key)
    for (const { decision, key } of holders.values()) {
      if (decision === undefined || key === keyNow.get(decision.own) || (counts.get(key) ?? []).length < 2) continue
      Object.assign(decision, { outcomes: ['ambiguous'], write: null, settle: null, open: undefined, isTaken: true })
      clash = true
    }
  }
}
