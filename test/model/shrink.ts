import { copy } from './document.ts'
import { FEATURES } from './features.ts'
import { type Game, type Numbered, type Played, replay } from './play.ts'
import { sentence } from './story.ts'

/** Faults of one kind read alike but for names and numbers. */
export const kindOfFault = (fault: string) =>
  (fault.split('\n')[0] as string).replace(/‹[^›]*›|"[^"]*"|[A-Za-z0-9-]{20,}|\d+|\bl\d\b/g, '#').slice(0, 70)

/**
 * Fewest actions that still go wrong in the same way: whole places and kinds are left out first, then ever smaller runs
 * of actions.
 */
export async function shrink(game: Game, played: Played, budgetMs = 90_000): Promise<Played> {
  const kind = kindOfFault(played.fault as string)
  const deadline = Date.now() + budgetMs
  let best = played
  let isWatched = false
  const tries = async (actions: Numbered[]): Promise<boolean> => {
    if (actions.length === 0 || actions.length === best.actions.length || Date.now() > deadline) return false
    const again = await replay(game, actions, isWatched)
    if (again.fault === null || kindOfFault(again.fault) !== kind) return false
    best = again
    return true
  }
  // A look at the end is enough for most faults, and much faster than one after each action.
  const again = await replay(game, played.actions, isWatched)
  if (again.fault === null || kindOfFault(again.fault) !== kind) isWatched = true
  else best = again

  for (const group of new Set(best.actions.flatMap(groupsOf)))
    await tries(best.actions.filter((one) => !groupsOf(one).includes(group)))
  for (let size = Math.ceil(best.actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    let isShorter = false
    for (let from = best.actions.length - size; from > -size; from -= size) {
      const first = Math.max(0, from)
      if (await tries(best.actions.filter((_, index) => index < first || index >= from + size))) isShorter = true
    }
    if (size === 1 && isShorter && Date.now() < deadline) size = 2
  }
  return trim(game, best, { kind, deadline, isWatched })
}

/** What an action is about: where it happens and what kind of thing it makes. */
function groupsOf({ action }: Numbered): string[] {
  return [
    ...('at' in action ? [action.at] : []),
    ...(action.do === 'create' ? [`${action.at} ${action.kind}`, action.kind] : [action.do]),
  ]
}

/** Documents and lists of targets lose what the story does not need. */
async function trim(
  game: Game,
  played: Played,
  { kind, deadline, isWatched }: { kind: string; deadline: number; isWatched: boolean },
): Promise<Played> {
  let best = played
  for (const [index, { action }] of played.actions.entries()) {
    for (const shorter of shortened(action)) {
      if (Date.now() > deadline) return best
      const actions = copy(best.actions)
      const one = actions[index]
      if (one === undefined) continue
      shorter(one.action)
      const again = await replay(game, actions, isWatched)
      if (again.fault !== null && kindOfFault(again.fault) === kind) best = again
    }
  }
  return best
}

type Shortening = (action: Numbered['action']) => void

/** Properties that no document of the kind can do without. */
const NEEDED =
  /^(name|key|slug|stages|type|dataType|model|resourceType|isActive|calendarIds|description|template|onSubmit|.*Object.*|value|redirectTo)$/

function shortened(action: Numbered['action']): Shortening[] {
  if (action.do === 'create') {
    const names = Object.keys(action.document).filter((name) => !NEEDED.test(name))
    return names.map((name) => (one) => one.do === 'create' && delete one.document[name])
  }
  if (action.do === 'edit' && action.changes.length > 1) {
    return action.changes.map((change) => (one) => {
      const text = JSON.stringify(change)
      if (one.do === 'edit' && one.changes.length > 1)
        one.changes = one.changes.filter((other) => JSON.stringify(other) !== text)
    })
  }
  if (action.do === 'push' && action.to.length > 1) {
    return action.to.map((at) => (one) => {
      if (one.do === 'push' && one.to.length > 1 && at !== one.matchesAt)
        one.to = one.to.filter((other) => other !== at)
    })
  }
  return []
}

export function tell({ seed, steps, features }: Game, { actions, fault }: Played): string {
  const story = actions.map(({ action }, index) => `${index + 1}. ${sentence(action)}`).join('\n')
  const some = features.size === FEATURES.length ? '' : ` --features ${[...features].join(',')}`
  return (
    `${fault}\n\nThe shortest story that ends so:\n${story}\n\nAgain: npm run test:model -- --seed ${seed} --steps ` +
    `${steps}${some}`
  )
}
