import type { Push } from './push-words.ts'

/** How many targets of a push have ended, of how many. */
export function progressOf({ targets }: Pick<Push, 'targets'>): { done: number; total: number; percent: number } {
  const total = Object.values(targets).reduce((sum, count) => sum + (count ?? 0), 0)
  const open = (targets.pending ?? 0) + (targets.processing ?? 0)
  return { done: total - open, total, percent: total === 0 ? 0 : Math.round(((total - open) / total) * 100) }
}
