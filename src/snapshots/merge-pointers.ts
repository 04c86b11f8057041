import { partMarker, readMarkers } from '../store/markers.ts'
import { isObject, isSame, type Json } from './diff.ts'
import type { Conflict, MergeRules } from './merge.ts'
import type { Sides, Warning } from './merge-steps.ts'
import type { Side, Takes } from './merge-takes.ts'
import { conflictOf } from './merge-values.ts'
import { indexParts, isRequired, locate, ownValue, type Place, type Segment, walk } from './merge-walk.ts'

interface PointerContext {
  rules: MergeRules
  sides: Sides
  takes: Takes
  gone: ReadonlySet<string>
}

interface Dangling {
  value: string
  place: Place
  /** The parts that it names and that are gone. */
  parts: string[]
  target: Json | undefined
  source: Json | undefined
}

/** Values that name a part which is gone, other than the steps' own pointers: those have been led on. */
function findDangling(document: Json, { rules, sides, gone }: PointerContext): Dangling[] {
  const found: Dangling[] = []
  if (gone.size === 0) return found
  walk(document, (value, place) => {
    if (typeof value !== 'string' || !value.includes('⟦.') || rules.steps?.pointers.includes(place.pattern)) return
    const parts = partsNamed(value).filter((part) => gone.has(part))
    if (parts.length === 0) return
    found.push({
      value,
      place,
      parts,
      target: locate(sides.target, place.segments),
      source: locate(sides.source, place.segments),
    })
  })
  return found
}

const partsNamed = (text: string) => readMarkers(text).parts.map(partMarker)

/**
 * Parts that cannot go: the target names them in a value that stands, or a person chose the snapshot's value that does.
 * The parts they lie in stay with them.
 */
export function findNeeded(document: Json, context: PointerContext): Map<string, Side> {
  const sides = { target: indexParts(context.sides.target), source: indexParts(context.sides.source) }
  const needed = new Map<string, Side>()
  for (const dangling of findDangling(document, context)) {
    const side: Side =
      context.takes.at(dangling.place.path) === 'source' && dangling.source === dangling.value ? 'source' : 'target'
    for (const id of namedBy(side, dangling, context)) {
      const found = sides[side].get(id)
      if (found === undefined || (side === 'target' && isLost(dangling, sides.source, id))) continue
      for (const part of [...found.ancestors, id]) needed.set(part, side)
    }
  }
  return needed
}

/** The missing parts that the value names which will stand: the target's, where it has one of its own. */
function namedBy(side: Side, { value, parts, place, target }: Dangling, { gone }: PointerContext): string[] {
  if (side === 'source' || target === value) return parts
  if (typeof target !== 'string' || place.segments.at(-1)?.kind !== 'field') return []
  return partsNamed(target).filter((part) => gone.has(part))
}

/** Both say the same, and the snapshot does not have the part: its own value led nowhere already. */
const isLost = ({ value, target, source }: Dangling, theirs: ReadonlyMap<string, unknown>, id: string) =>
  target === value && source === value && !theirs.has(id)

export interface Repaired {
  document: Json
  conflicts: Conflict[]
  warnings: Warning[]
}

/**
 * Takes pointers to missing parts out of a merged document: the target's value comes back where it has one, else the
 * smallest thing that can be left out goes. A value that leads nowhere in the target already stays as it is.
 */
export function repairPointers(document: Json, context: PointerContext): Repaired {
  const result = structuredClone(document)
  const repaired: Repaired = { document: result, conflicts: [], warnings: [] }
  const [mine, theirs] = [indexParts(context.sides.target), indexParts(context.sides.source)]
  const edits = new Map<string, () => void>()
  for (const dangling of findDangling(result, context)) {
    const { value, place, target } = dangling
    const isDecided =
      target === value && dangling.parts.some((part) => mine.has(part) && !isLost(dangling, theirs, part))
    if (target === value && !isDecided) continue
    for (const { segment, value } of isDecided ? cutOut(place, context.rules) : takeBack(dangling, context, mine)) {
      if (edits.has(segment.path)) continue
      edits.set(segment.path, () => (value === undefined ? drop(segment) : put(segment, value)))
      if (isDecided) repaired.warnings.push({ path: segment.path, why: 'what it names was removed' })
      else if (context.takes.at(place.path) !== 'target')
        repaired.conflicts.push(conflictAt(segment, place, result, context.sides))
    }
  }
  // From behind, so that the places of earlier elements still hold.
  for (const edit of [...edits.values()].reverse()) edit()
  return repaired
}

function conflictAt(segment: Segment, { segments }: Place, document: Json, { base, target }: Sides): Conflict {
  const depth = segments.findIndex(({ path }) => segment.path === path)
  const way = depth < 0 ? [...segments.slice(0, -1), segment] : segments.slice(0, depth + 1)
  return conflictOf(segment.path, {
    base: locate(base, way),
    target: locate(target, way),
    source: locate(document, way),
  })
}

/** What has to be put there; no value: it goes. */
interface Edit {
  segment: Segment
  value?: Json | undefined
}

/**
 * The target's value of the same field, unless it has come to lead nowhere; a field that means nothing alone brings its
 * group.
 */
function takeBack({ target, place }: Dangling, context: PointerContext, mine: ReadonlyMap<string, unknown>): Edit[] {
  const last = place.segments.at(-1)
  const isSound = !partsNamed(JSON.stringify(target ?? null)).some((part) => context.gone.has(part) && mine.has(part))
  if (target !== undefined && isSound && last?.kind === 'field') return [{ segment: last, value: target }]
  const group =
    last?.kind === 'field' ? context.rules.together.find((names) => names.includes(place.pattern)) : undefined
  const theirs = locate(context.sides.target, place.segments.slice(0, -1))
  if (group === undefined || last?.kind !== 'field' || !isObject(theirs)) return cutOut(place, context.rules)
  const names = group.map((path) => path.slice(path.lastIndexOf('.') + 1))
  if (isSame(ownValue(theirs, names[0] as string), ownValue(last.holder, names[0] as string)))
    return cutOut(place, context.rules)
  const above = last.path.slice(0, -last.name.length)
  return names
    .filter((name) => !isSame(ownValue(theirs, name), ownValue(last.holder, name)))
    .map((name) => ({ segment: { ...last, name, path: above + name }, value: ownValue(theirs, name) }))
}

/** The nearest thing around a value that a valid document can do without. */
function cutOut({ segments, pattern }: Place, rules: MergeRules): Edit[] {
  let at = pattern
  for (const segment of segments.toReversed()) {
    if (segment.kind !== 'field' || !isRequired(rules.schema, at)) return [{ segment }]
    at = at.slice(0, Math.max(0, at.lastIndexOf('.')))
  }
  return []
}

function drop(segment: Segment): void {
  if (segment.kind === 'field') delete segment.holder[segment.name]
  else if (segment.kind === 'element') segment.holder.splice(segment.index, 1)
  else
    segment.holder.splice(
      segment.holder.findIndex((part) => (part as { id?: Json }).id === segment.id),
      1,
    )
}

function put(segment: Segment, value: Json): void {
  if (segment.kind === 'field') segment.holder[segment.name] = value
}
