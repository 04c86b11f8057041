import { isByItself, touchedBy, tracesOf } from './roll-back.ts'
import type { Push, World } from './run.ts'

/** What a roll-back is about: place -> own lineages of its assets; null: all of the push there. */
export type UndoScope = ReadonlyMap<string, ReadonlySet<string> | null>

/** Why a roll-back keeps what nothing but an override brings back. */
const DELETED = 'deleted since the push'

/** Roll-backs of a push that stand. */
const undoing = (world: World, push: Push) =>
  [...world.pushes.values()].filter(({ reverts, isRolledBack }) => reverts === push && !isRolledBack)
/** The newest of those that are about all of it, or about what the one before has kept. */
const newestWhole = (world: World, push: Push) => undoing(world, push).findLast(({ isPartial }) => !isPartial)

/** Whether its roll-back has kept something, and nothing has come in between. */
export function canRollBackRest(world: World, push: Push): boolean {
  const by = newestWhole(world, push)
  const all = [...world.pushes.values()]
  return (
    push.isRolledBack &&
    by !== undefined &&
    by.kept.size > 0 &&
    world.canRollBack(by) &&
    all.indexOf(by) > all.indexOf(push)
  )
}

/** Pushes of which a roll-back has left something that another one may undo. */
export const halfUndone = (world: World): Push[] =>
  [...world.pushes.values()].filter(
    (push) =>
      canRollBackRest(world, push) ||
      (world.canRollBack(push) && undoing(world, push).some(({ isPartial }) => isPartial)),
  )

/** Null: nobody would ask for it, or nothing is left to undo. */
export function undoScope(
  world: World,
  push: Push,
  { only, override }: { only: string[] | null; override: boolean },
): UndoScope | null {
  const places = [...push.traces.keys()]
  const filled = (scope: (at: string) => ReadonlySet<string>) => {
    const found = new Map(places.map((at) => [at, scope(at)]))
    const isLeft = places.some((at) => tracesOf(push.traces.get(at)!).some((own) => found.get(at)?.has(own)))
    return isLeft ? found : null
  }
  if (canRollBackRest(world, push)) {
    if (only !== null) return null
    const kept = newestWhole(world, push)?.kept ?? new Map<string, Map<string, string>>()
    const eligible = (at: string) => [...(kept.get(at) ?? [])].filter(([, why]) => override || why !== DELETED)
    const found = filled((at) => new Set(eligible(at).map(([own]) => own)))
    return found && new Map([...found].filter(([, { size }]) => size > 0))
  }
  if (!world.canRollBack(push)) return null
  const parts = undoing(world, push).filter(({ isPartial }) => isPartial)
  if (only === null && parts.length === 0) return new Map(places.map((at) => [at, null]))
  const undone = (at: string) => new Set(parts.flatMap(({ undid }) => [...(undid.get(at) ?? [])]))
  const open = (at: string) => new Set(touchedBy(push.traces.get(at)!)).difference(undone(at))
  if (only === null) return filled(open)
  const alone = new Set(single(push))
  const chosen = only.filter((token) => alone.has(token))
  return filled((at) => open(at).intersection(new Set(chosen.map((token) => ownOf(push, at, token)))))
}

const ownOf = (push: Push, at: string, token: string) =>
  push.lines.get(at)?.find(({ incoming }) => incoming === token)?.own ?? token

/** Incoming lineages of what a push did that can be undone alone, wherever it did it. */
export function single(push: Push): string[] {
  const lines = [...push.lines].flatMap(([at, some]) => some.map((line) => ({ ...line, trace: push.traces.get(at)! })))
  const written = lines.filter(({ own, trace }) => touchedBy(trace).includes(own))
  const shared = new Set(written.filter((line) => !isByItself(line.trace, line)).map(({ incoming }) => incoming))
  return [...new Set(written.map(({ incoming }) => incoming))].filter((token) => !shared.has(token))
}
