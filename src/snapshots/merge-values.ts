import { hasParts, isObject, isPartList, isSame, type Json, type Part } from './diff.ts'
import type { Conflict, MergeRules } from './merge.ts'
import { arrange, isSet, mergeSets, orderOf } from './merge-lists.ts'
import { isLeftAlone, type Moves, withoutMoved } from './merge-moves.ts'
import { Positions } from './merge-parts.ts'
import type { Side, Takes } from './merge-takes.ts'
import { joinPath, ownValue, type PartNames } from './merge-walk.ts'

type JsonObject = { [name: string]: Json }

interface Three<T> {
  base: T
  target: T
  source: T
}
type Values = Three<Json | undefined>

interface At {
  path: string
  pattern: string
}

interface MergerOptions {
  rules: MergeRules
  takes: Takes
  names: PartNames
  /** Parts that stay although one side removed them, and whose they are. */
  kept: ReadonlyMap<string, Side>
  /** Parts that either side has moved to another list. */
  moves: Moves
}

/** Merges three documents value by value. Pointers to parts that go are not its business. */
export class Merger {
  readonly conflicts: Conflict[] = []
  readonly #rules: MergeRules
  readonly #takes: Takes
  readonly #names: PartNames
  readonly #kept: ReadonlyMap<string, Side>
  readonly #moves: Moves
  readonly #seeds: ReadonlySet<string>

  constructor({ rules, takes, names, kept, moves }: MergerOptions) {
    this.#rules = rules
    this.#takes = takes
    this.#names = names
    this.#kept = kept
    this.#moves = moves
    this.#seeds = new Set(Object.values(rules.local).flatMap((field) => field.seed ?? []))
  }

  merge(values: Values, at: At): Json | undefined {
    const { base, target, source } = values
    const take = this.#takes.at(at.path)
    if (take !== null) return withoutMoved(values[take], take, this.#moves)
    const settled = settle(values)
    if (settled !== null && !this.#mustLookInside(values, at.path)) return settled.value
    if (isObject(target) && isObject(source))
      return this.#mergeObjects({ base: isObject(base) ? base : undefined, target, source }, at)
    if (isPartList(base) && isPartList(target) && isPartList(source) && [base, target, source].some(hasParts)) {
      const merged = this.#mergeParts({ base: base ?? [], target: target ?? [], source: source ?? [] }, at)
      return merged.length > 0 ? merged : emptyOf(target, source)
    }
    if (settled !== null) return settled.value
    // A seed fills a local value once: the source's stands, and nothing of the target's is lost.
    if (this.#seeds.has(at.pattern)) return source ?? target
    if (isSet(base) && isSet(target) && isSet(source)) {
      const merged = mergeSets(base ?? [], target ?? [], source ?? [])
      return merged.length > 0 ? merged : emptyOf(target, source)
    }
    // Without a common history a value on one side only is no disagreement.
    if (base === undefined && isNothing(source)) return target ?? source
    if (base === undefined && isNothing(target)) return source
    this.#conflict(at.path, values)
    return target
  }

  #mustLookInside({ target, source }: Values, path: string): boolean {
    return (
      this.#takes.isBelow(path) ||
      (this.#kept.size + this.#moves.size > 0 && (this.#holdsSpecial(target) || this.#holdsSpecial(source)))
    )
  }

  #holdsSpecial(value: Json | undefined): boolean {
    if (Array.isArray(value)) return value.some((element) => this.#holdsSpecial(element))
    if (!isObject(value)) return false
    const isSpecial = typeof value.id === 'string' && (this.#kept.has(value.id) || this.#moves.has(value.id))
    return isSpecial || Object.values(value).some((child) => this.#holdsSpecial(child))
  }

  #mergeObjects(values: { base: JsonObject | undefined; target: JsonObject; source: JsonObject }, at: At): Json {
    const decided = new Map<string, Json | undefined>()
    for (const group of groupsAt(this.#rules.together, at.pattern)) this.#decideGroup(group, values, at, decided)
    const result: [string, Json][] = []
    for (const name of new Set([...Object.keys(values.target), ...Object.keys(values.source)])) {
      const value = decided.has(name) ? decided.get(name) : this.merge(fieldOf(values, name), fieldAt(at, name))
      if (value !== undefined) result.push([name, value])
    }
    return Object.fromEntries(result)
  }

  /** When the first field of a group differs, one side has all of the group, or there is a conflict about all of it. */
  #decideGroup(
    group: readonly string[],
    values: { base: JsonObject | undefined; target: JsonObject; source: JsonObject },
    at: At,
    decided: Map<string, Json | undefined>,
  ): void {
    const fields = group.map((name) => ({ name, path: joinPath(at.path, name), ...fieldOf(values, name) }))
    const [lead] = fields
    if (lead === undefined || isSame(lead.target, lead.source) || group.some((name) => decided.has(name))) return
    const taken = fields.map(({ path }) => this.#takes.at(path)).find((take) => take !== null)
    const winner = taken ?? findWinner(fields)
    for (const field of fields) {
      if (winner === null && !isSame(field.target, field.source)) this.#conflict(field.path, field)
      decided.set(field.name, field[winner ?? 'target'])
    }
  }

  #mergeParts(lists: Three<Part[]>, at: At): Part[] {
    const { base, target, source } = lists
    const positions = Positions.find(this.#rules.positions[at.pattern], base, target, source)
    const bare = (parts: Part[]) => positions?.without(parts) ?? parts
    const [inBase, inTarget, inSource] = [base, target, source].map(
      (parts) => new Map(bare(parts).map((part) => [part.id, part])),
    ) as [PartMap, PartMap, PartMap]
    const merged = new Map<string, Part>()
    for (const id of new Set([...inTarget.keys(), ...inSource.keys()])) {
      const value = this.#mergePart(
        { base: inBase.get(id), target: inTarget.get(id), source: inSource.get(id) },
        id,
        at,
      )
      if (value !== undefined) merged.set(id, value as Part)
    }
    const order = this.#order(
      { base: [...inBase.keys()], target: [...inTarget.keys()], source: [...inSource.keys()] },
      at,
    )
    const ids = arrange(order, {
      target: [...inTarget.keys()],
      source: [...inSource.keys()],
      stays: (id) => merged.has(id),
      atTheEnd: false,
    })
    const parts = ids.map((id) => merged.get(id) as Part)
    return positions?.number(parts, order) ?? parts
  }

  #mergePart(values: Values, id: string, list: At): Json | undefined {
    const at = { path: `${list.path}[${id}]`, pattern: `${list.pattern}[]` }
    const moved = this.#moves.get(id)
    if (moved !== undefined && moved.path !== at.path) return undefined
    const three: Values = moved ?? values
    const { base, target, source } = three
    if (target !== undefined && source !== undefined) {
      if (moved !== undefined && moved.refused !== null) this.#conflict(moved.refused.path, moved.refused)
      return this.merge(three, at)
    }
    const take = this.#takes.at(at.path)
    if (take !== null) return withoutMoved(three[take], take, this.#moves)
    const only = (target ?? source) as Json
    const kept = this.#kept.get(id)
    if (kept === 'source') return this.#whole(source ?? only, at)
    if (kept === undefined && base === undefined) return this.#whole(only, at)
    if (kept === undefined && moved === undefined && isLeftAlone(base, only, this.#moves)) return undefined
    this.#conflict(at.path, three)
    return target === undefined ? undefined : this.#whole(target, at)
  }

  /** What one side alone has, but for parts in it that have moved. */
  #whole(value: Json, at: At): Json | undefined {
    return this.merge({ base: undefined, target: value, source: value }, at)
  }

  #order(ids: Three<string[]>, { path }: At): Side {
    const { lead, clash } = orderOf(ids.base, ids.target, ids.source)
    const at = `${path}.order`
    const take = this.#takes.at(at)
    if (take !== null) return take
    if (clash !== null) {
      const labels = (list: string[]) => list.map((id) => this.#names.get(id) ?? id)
      const base = clash.base.length === 0 ? undefined : labels(clash.base)
      this.#conflict(at, { base, target: labels(clash.target), source: labels(clash.source) })
    }
    return lead
  }

  #conflict(path: string, values: Partial<Values>): void {
    this.conflicts.push(conflictOf(path, values))
  }
}

type PartMap = Map<string, Part>

export function conflictOf(path: string, { base, target, source }: Partial<Values>): Conflict {
  return {
    path,
    ...(base === undefined ? {} : { base }),
    ...(target === undefined ? {} : { target }),
    ...(source === undefined ? {} : { source }),
  }
}

/** What needs no merge: both say the same, or one side only changed. */
export function settle({ base, target, source }: Values): { value: Json | undefined } | null {
  if (isSame(target, source) || isSame(base, source)) return { value: target }
  return isSame(base, target) ? { value: source } : null
}

const isNothing = (value: Json | undefined) => value === undefined || (Array.isArray(value) && value.length === 0)
/** A list that has become empty is written as the side writes it that has none. */
const emptyOf = (target: Json | undefined, source: Json | undefined) =>
  isNothing(target) ? target : isNothing(source) ? source : []

function fieldOf(
  values: { base: JsonObject | undefined; target: JsonObject; source: JsonObject },
  name: string,
): Values {
  return {
    base: ownValue(values.base, name),
    target: ownValue(values.target, name),
    source: ownValue(values.source, name),
  }
}

const fieldAt = (at: At, name: string): At => ({ path: joinPath(at.path, name), pattern: joinPath(at.pattern, name) })

/** Groups whose fields stand in the object at this path, as plain names. */
function groupsAt(groups: MergeRules['together'], pattern: string): string[][] {
  const nameOf = (path: string) => path.slice(path.lastIndexOf('.') + 1)
  return groups
    .filter(([lead = '']) => lead.slice(0, Math.max(0, lead.lastIndexOf('.'))) === pattern)
    .map((group) => group.map(nameOf))
}

/** The side that a group can be taken from without losing what the other changed; null: there is none. */
function findWinner(fields: readonly Values[]): Side | null {
  const differing = fields.filter((field) => !isSame(field.target, field.source))
  const changed = (side: Side) => differing.some((field) => !isSame(field[side], field.base))
  if (!changed('target')) return 'source'
  return changed('source') ? null : 'target'
}
