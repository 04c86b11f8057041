import { counted, type Plan, WRITING } from '../push-words.ts'

const VERBS = {
  create: 'creates',
  update: 'updates',
  merge: 'merges',
  delete: 'deletes',
  release: 'hands back',
} as const

/** What carrying out a plan does, as a sentence. */
export function planSentence({ totals, targets, after }: Pick<Plan, 'totals' | 'targets' | 'after'>): string {
  const parts = WRITING.flatMap((action) => {
    const count = totals[action] ?? 0
    return count === 0 ? [] : [`${VERBS[action as keyof typeof VERBS]} ${counted(count, 'asset')}`]
  })
  const waiting = (totals.conflict ?? 0) + (totals.ambiguous ?? 0)
  const kept = (totals.keep ?? 0) + (totals.skip ?? 0)
  // Of a plan of several pages it is not known from one of them.
  const places = after === null ? targets.filter((target) => WRITING.some((action) => target.totals[action])).length : 0
  const does =
    parts.length === 0
      ? 'This writes nothing'
      : `This ${list(parts)}${places > 0 ? ` in ${counted(places, 'sub-account')}` : ''}`
  return [
    `${does}.`,
    ...(kept > 0 ? [`${counted(kept, 'asset')} ${kept === 1 ? 'stays' : 'stay'} as edited there.`] : []),
    ...(waiting > 0 ? [`${counted(waiting, 'conflict')} ${waiting === 1 ? 'waits' : 'wait'} for a decision.`] : []),
  ].join(' ')
}

const list = (parts: string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
