import type { AssetResource } from '../store/assets/index.ts'
import { isSame, type Json } from './diff.ts'
import { decidedParts, placeTakes } from './merge-decided.ts'
import { matchNewParts, type PartPair, renameParts } from './merge-match.ts'
import { findMoves, type Moves, rehome } from './merge-moves.ts'
import { dropDoubles } from './merge-parts.ts'
import { findNeeded, repairPointers } from './merge-pointers.ts'
import {
  findRedirections,
  findUnreachable,
  followOn,
  type Redirection,
  redirectSteps,
  type Sides,
  type Warning,
} from './merge-steps.ts'
import { type Side, Takes } from './merge-takes.ts'
import { Merger, settle } from './merge-values.ts'
import { indexParts, namesOf, type PartNames, readable } from './merge-walk.ts'

/** A field that both sides changed in different ways. The target's value stands. */
export interface Conflict {
  path: string
  /** The same path by identity, where it leads through parts: it means them whatever they are called later. */
  at?: string
  base?: Json
  target?: Json
  source?: Json
  /** What stands in the way, where it is not what the other side says. */
  why?: string
}

/** What a resource says about merging its documents. */
export type MergeRules = Pick<
  AssetResource,
  'kind' | 'schema' | 'local' | 'parts' | 'partRefs' | 'positions' | 'together' | 'steps'
>

export interface MergeInput {
  /** What was pushed last; null when the two have no common history. */
  base: Json | null
  /** The target's document. */
  target: Json
  /** The snapshot's document. Parts that were matched before bear the target's lineages here and in `base`. */
  source: Json
  resource: MergeRules
  /**
   * Conflicts that a person has decided: the path of a value, or of one around it -> whose stands. '' is the whole
   * document.
   */
  takes?: ReadonlyMap<string, Side>
  /** The snapshot's document stands; only parts of the same name keep the target's ids. */
  replace?: boolean
  /** Parts that one side made anew under their names are the ones they were: records stand in them by their ids. */
  remade?: boolean
}

export interface MergeResult {
  document: Json
  conflicts: Conflict[]
  /** New parts of both sides that bear the same name: the target's lineage stands in the document. */
  matchedParts: PartPair[]
  /** What a person should look at although nothing collides. */
  warnings: Warning[]
  /** Pointers to steps that are gone, and where they lead now. */
  redirected: Redirection[]
}

/** Parts of two documents without common history that bear the same name in the same list. */
export const matchParts = (target: Json, source: Json): PartPair[] => matchNewParts(null, target, source)

/** Three-way merge by meaning. Pure; merging its result again changes nothing. */
export function mergeDocuments(input: MergeInput): MergeResult {
  const { target, remade } = input
  const decided = decidedParts(input.takes ?? new Map())
  const matchedParts = matchNewParts(input.base, target, input.source, { remade, decided })
  const base = input.base === null ? null : renameParts(input.base, matchedParts)
  const sides: Sides = { base, target, source: renameParts(input.source, matchedParts) }
  const names = namesOf([sides.target, sides.source, sides.base])
  const takes = new Takes(placeTakes(input.takes ?? new Map(), sides, names))
  const whole = input.replace === true ? 'source' : takes.at('')
  const settled = takes.isBelow('') ? null : settle({ ...sides, base: base ?? undefined })
  if (whole !== null || settled !== null) {
    const document = whole === null ? (settled?.value as Json) : sides[whole]
    return { document, conflicts: [], matchedParts, warnings: [], redirected: [] }
  }
  return { ...asRead(mergeSides({ sides, takes, rules: input.resource, names }), names), matchedParts }
}

type Merged = Omit<MergeResult, 'matchedParts'>

/** With paths as people read them. */
function asRead({ conflicts, warnings, redirected, ...merged }: Merged, names: PartNames): Merged {
  const read = <T extends { path: string }>(one: T): T => ({ ...one, path: readable(one.path, names) })
  return {
    ...merged,
    conflicts: conflicts.map((one) => (one.path.includes('⟦.') ? { ...read(one), at: one.path } : one)),
    warnings: warnings.map(read),
    redirected: redirected.map(read),
  }
}

/**
 * Which parts are left depends on what pointers say, and the other way round; this many rounds settle any document
 * people make.
 */
const MAX_ROUNDS = 12

function mergeSides({ sides, takes, rules, names }: Merging): Merged {
  const kept = new Map<string, Side>()
  const homes = new Map<string, Side>()
  let draft = draftOf({ sides, takes, rules, names, kept, homes, gone: new Set() })
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const gone = missingFrom(draft.document, sides)
    if (
      rehome(draft.document, { moves: draft.moves, target: sides.target, homes, kept }) ||
      !isSame([...gone], [...draft.gone])
    ) {
      draft = draftOf({ sides, takes, rules, names, kept, homes, gone })
      continue
    }
    const needed = findNeeded(draft.document, { rules, sides: draft.led, takes, gone })
    const fresh = [...needed].filter(([id]) => !kept.has(id))
    if (fresh.length === 0) break
    for (const [id, side] of fresh) kept.set(id, side)
    draft = draftOf({ sides, takes, rules, names, kept, homes, gone })
  }
  return finish(draft, { sides, takes, rules, names })
}

interface Merging {
  sides: Sides
  takes: Takes
  rules: MergeRules
  names: PartNames
}

interface DraftInput extends Merging {
  kept: ReadonlyMap<string, Side>
  homes: ReadonlyMap<string, Side>
  gone: ReadonlySet<string>
}

interface Draft {
  document: Json
  conflicts: Conflict[]
  gone: ReadonlySet<string>
  /**
   * The three documents with their steps' pointers led past what is gone, so that this is no difference between them.
   */
  led: Sides
  moves: Moves
}

function draftOf({ sides, takes, rules, names, kept, homes, gone }: DraftInput): Draft {
  const led = leadOn(sides, rules, gone)
  const moves = findMoves(led, { rules, takes, homes })
  const merger = new Merger({ rules, takes, names, kept, moves })
  const merged = merger.merge({ ...led, base: led.base ?? undefined }, { path: '', pattern: '' }) as Json
  const { document, conflicts } = dropDoubles(merged, { target: sides.target, takes })
  return { document, conflicts: [...merger.conflicts, ...conflicts], gone, led, moves }
}

function leadOn(sides: Sides, rules: MergeRules, gone: ReadonlySet<string>): Sides {
  if (rules.steps === null || gone.size === 0) return sides
  const lead = followOn(rules.steps, sides, gone)
  const { base, target, source } = sides
  return {
    base: base === null ? null : redirectSteps(base, rules, lead),
    target: redirectSteps(target, rules, lead),
    source: redirectSteps(source, rules, lead),
  }
}

function missingFrom(document: Json, { base, target, source }: Sides): Set<string> {
  const present = indexParts(document)
  return new Set(
    [target, source, base].flatMap((side) => [...indexParts(side).keys()]).filter((id) => !present.has(id)),
  )
}

/** Repairs what still points at missing parts; leaving one out may make others point nowhere. */
function finish(draft: Draft, { sides, takes, rules, names }: Merging): Merged {
  let { document } = draft
  const [conflicts, warnings]: [Conflict[], Warning[]] = [[...draft.conflicts], []]
  let gone = missingFrom(document, sides)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const repaired = repairPointers(document, { rules, sides: draft.led, takes, gone })
    document = repaired.document
    conflicts.push(...repaired.conflicts.filter(({ path }) => !conflicts.some((conflict) => conflict.path === path)))
    warnings.push(...repaired.warnings)
    const now = missingFrom(document, sides)
    if (isSame([...now], [...gone]) && repaired.conflicts.length + repaired.warnings.length === 0) break
    gone = now
  }
  if (rules.steps !== null) document = redirectSteps(document, rules, followOn(rules.steps, sides, gone))
  const redirected = findRedirections({
    rules,
    raw: sides,
    led: leadOn(sides, rules, gone),
    result: document,
    gone,
    names,
  })
  warnings.push(...findUnreachable(rules, sides, document, names))
  return { document, conflicts, warnings, redirected }
}
