import { isObject, isSame, type Json, type Part, toPart } from './diff.ts'
import type { MergeRules } from './merge.ts'
import type { Sides } from './merge-steps.ts'
import type { Side, Takes } from './merge-takes.ts'
import { indexParts, walkParts } from './merge-walk.ts'

/**
 * A part that does not stand in the same list in all the documents that have it. It comes out once, and its content is
 * merged wherever it stands.
 */
export interface MovedPart {
  base: Part | undefined
  target: Part | undefined
  source: Part | undefined
  /** Where it comes out. */
  path: string
  /** Whose place that is; null: it has no other. */
  side: Side | null
  /** The snapshot's place for it, where both sides moved it and the target's place stands. */
  refused: { path: string; source: Part } | null
}

export type Moves = ReadonlyMap<string, MovedPart>

interface MovesInput {
  rules: MergeRules
  takes: Takes
  /** Where parts have to come out that would be lost in the place that they were moved to. */
  homes: ReadonlyMap<string, Side>
}

/** The parts that either side has moved to another list. */
export function findMoves(sides: Sides, { rules, takes, homes }: MovesInput): Moves {
  const moves = new Map<string, MovedPart>()
  if (!Object.keys(rules.parts).some((pattern) => pattern.includes('[]'))) return moves
  const [base, target, source] = [sides.base, sides.target, sides.source].map((side) => placesOf(side, rules)) as [
    Places,
    Places,
    Places,
  ]
  for (const id of new Set([...target.keys(), ...source.keys()])) {
    const [was, mine, theirs] = [base.get(id), target.get(id), source.get(id)]
    const places = [was, mine, theirs].filter((place) => place !== undefined)
    if (
      places.every(({ path }) => path === places[0]?.path) ||
      places.some(({ pattern }) => pattern !== places[0]?.pattern)
    )
      continue
    const parts = { base: was?.part, target: mine?.part, source: theirs?.part }
    if (mine === undefined || theirs === undefined) {
      moves.set(id, { ...parts, path: (mine ?? theirs)?.path as string, side: null, refused: null })
      continue
    }
    if (mine.path === theirs.path) {
      moves.set(id, { ...parts, path: mine.path, side: null, refused: null })
      continue
    }
    const [isMine, isTheirs] = [mine.path !== was?.path, theirs.path !== was?.path]
    // That a list stays which the snapshot has removed says nothing of what the snapshot has moved out of it.
    const takenAs = [takes.at(theirs.path), isIn(source, mine.list) ? takes.at(mine.path) : null]
    const taken = (['source', 'target'] as const).find((side) => takenAs.includes(side))
    const side = homes.get(id) ?? taken ?? (isMine ? 'target' : 'source')
    const isRefused = side === 'target' && isMine && isTheirs && taken === undefined
    // A list that stays although the snapshot has removed it is a conflict, and what is in it is as the target has it.
    const isHeld = side === 'target' && !isIn(source, mine.list) && isIn(base, mine.list)
    const content = isHeld ? { ...parts, source: mine.part } : parts
    moves.set(id, {
      ...content,
      path: (side === 'target' ? mine : theirs).path,
      side,
      refused: isRefused ? { path: theirs.path, source: theirs.part } : null,
    })
  }
  return moves
}

const isIn = (places: Places, list: string | null) => list === null || places.has(list)

interface PartPlace {
  part: Part
  /** The part that its list lies in. */
  list: string | null
  path: string
  pattern: string
}

type Places = ReadonlyMap<string, PartPlace>

/** Where a document has its parts. What only looks like one, in an object that holds anything, stays as it is. */
function placesOf(document: Json | null, rules: MergeRules): Places {
  const found = new Map<string, PartPlace>()
  if (document === null) return found
  walkParts(document, (part, { path, pattern, segments }) => {
    if (!(pattern.slice(0, -2) in rules.parts)) return
    const around = segments.slice(0, -1).findLast((segment) => segment.kind === 'part')
    found.set(part.id, { part, list: around?.id ?? null, path, pattern })
  })
  return found
}

/**
 * Parts that both sides have and the merged document does not, as the list they were moved to is gone: each goes to the
 * place that the other side has for it, and if that is gone too, the target's place stays for it. Returns whether there
 * is anything to try.
 */
export function rehome(
  document: Json,
  { moves, target, homes, kept }: { moves: Moves; target: Json; homes: Map<string, Side>; kept: Map<string, Side> },
): boolean {
  const lost = moves.entries().filter(([, part]) => part.target !== undefined && part.source !== undefined)
  const present = moves.size === 0 ? new Map() : indexParts(document)
  let isNew = false
  for (const [id, { side }] of lost) {
    if (present.has(id)) continue
    const around = indexParts(target).get(id)?.ancestors ?? []
    if (!homes.has(id)) homes.set(id, side === 'target' ? 'source' : 'target')
    else if (around.some((part) => !kept.has(part))) {
      homes.set(id, 'target')
      for (const part of around) kept.set(part, 'target')
    } else continue
    isNew = true
  }
  return isNew
}

/** What one side has, without what comes out where the other side has it. */
export function withoutMoved(value: Json | undefined, side: Side, moves: Moves): Json | undefined {
  const isElsewhere = (part: Part | null) => part !== null && (moves.get(part.id)?.side ?? side) !== side
  return value === undefined || moves.size === 0 ? value : withoutParts(value, isElsewhere)
}

/** A side has left a part as it was, but for what has gone out of it to be somewhere else. */
export function isLeftAlone(base: Json | undefined, side: Json, moves: Moves): boolean {
  if (moves.size === 0 || base === undefined) return isSame(base, side)
  const here = indexParts([side])
  return isSame(
    withoutParts(base, (part) => part !== null && moves.has(part.id) && !here.has(part.id)),
    side,
  )
}

function withoutParts(value: Json, goes: (part: Part | null) => boolean): Json {
  if (Array.isArray(value))
    return value.filter((element) => !goes(toPart(element))).map((element) => withoutParts(element, goes))
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withoutParts(child, goes)]))
    : value
}
