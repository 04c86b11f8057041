import { useMemo } from 'react'
import { useNextPages } from '../next-pages.ts'
import type { Plan } from '../push-words.ts'

/** Which page of a plan is meant, and which of its sub-accounts. */
export interface PlanAsked {
  query?: string
  after?: string
}

export type ReadPlan = (asked: PlanAsked, signal: AbortSignal) => Promise<Plan>
export type PlanTarget = Plan['targets'][number]

const folded = (text: string) => text.normalize('NFKC').toLowerCase()

/**
 * The sub-accounts of a plan that are called so, in part. A plan that is here whole is looked through where it is; of a
 * longer one the server is asked, page by page.
 */
export function usePlanTargets(plan: Plan, { find, read }: { find: string | undefined; read: ReadPlan }) {
  const isWhole = plan.after === null
  const pages = useNextPages<Plan, PlanTarget, { after: string }>({
    key: ['plan', 'targets', plan.hash, find ?? null],
    enabled: !isWhole,
    next: ({ after }) => (after === null ? null : { after }),
    fetch: async (after, signal) => {
      const page = await read({ ...(find && { query: find }), ...after }, signal)
      return { page, rows: page.targets }
    },
  })
  const targets = useMemo(() => {
    if (!isWhole) return together(pages.rows)
    const part = folded(find ?? '')
    return plan.targets.filter(
      ({ locationId, locationName }) => locationId === find || folded(locationName).includes(part),
    )
  }, [isWhole, pages.rows, plan.targets, find])
  return { targets, isWhole, pages }
}

/** A sub-account whose changes go on on the next page is one all the same. */
const together = (rows: readonly PlanTarget[]): PlanTarget[] =>
  [...Map.groupBy(rows, ({ locationId }) => locationId)].map(([, parts]) => ({
    ...(parts[0] as PlanTarget),
    assets: parts.flatMap(({ assets }) => assets),
  }))
