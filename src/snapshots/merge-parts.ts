import { isObject, isSame, type Json, type Part, toPart } from './diff.ts'
import type { Conflict } from './merge.ts'
import type { Takes } from './merge-takes.ts'
import { indexParts, joinPath } from './merge-walk.ts'

/** Every part bears a number, and the numbers rise along the list: the field says no more than the order does. */
function isMirrored(parts: readonly Part[], field: string): boolean {
  return parts.every((part, index) => {
    const [number, before] = [part[field], index === 0 ? Number.NEGATIVE_INFINITY : parts[index - 1]?.[field]]
    return typeof number === 'number' && typeof before === 'number' && number > before
  })
}

/** Positions of both sides, when they are nothing but the order of the list. */
export class Positions {
  readonly #field: string
  readonly #base: ReadonlyMap<string, Json | undefined>
  readonly #target: ReadonlyMap<string, Json | undefined>
  readonly #source: ReadonlyMap<string, Json | undefined>

  private constructor(field: string, base: readonly Part[], target: readonly Part[], source: readonly Part[]) {
    const read = (parts: readonly Part[]) => new Map(parts.map((part) => [part.id, part[field]]))
    this.#field = field
    this.#base = read(base)
    this.#target = read(target)
    this.#source = read(source)
  }

  static find(
    field: string | undefined,
    base: readonly Part[],
    target: readonly Part[],
    source: readonly Part[],
  ): Positions | null {
    if (field === undefined || !isMirrored(target, field) || !isMirrored(source, field)) return null
    return new Positions(field, base, target, source)
  }

  /** The parts without the field, so that a number which moved along is no change of the part. */
  without(parts: readonly Part[]): Part[] {
    return parts.map(
      (part) => Object.fromEntries(Object.entries(part).filter(([name]) => name !== this.#field)) as Part,
    )
  }

  /** The numbers of a side whose list this is; else new ones, counted as the leading side counts. */
  number(parts: readonly Part[], lead: 'target' | 'source'): Part[] {
    const numbers = this.#sameList(parts) ?? this.#count(parts.length, lead === 'target' ? this.#target : this.#source)
    return parts.map((part, index) => ({ ...part, [this.#field]: numbers[index] as Json }))
  }

  #sameList(parts: readonly Part[]): Json[] | null {
    const ids = parts.map((part) => part.id)
    const isList = (side: ReadonlyMap<string, unknown>) => isSame([...side.keys()], ids)
    const isOld = ids.every((id) => this.#base.get(id) === this.#target.get(id))
    const sides = isOld ? [this.#source, this.#target] : [this.#target, this.#source]
    const side = sides.find(isList)
    return side === undefined ? null : ([...side.values()] as Json[])
  }

  #count(length: number, side: ReadonlyMap<string, Json | undefined>): number[] {
    const numbers = [...(side.size > 0 ? side : this.#other(side)).values()] as number[]
    const [first = 0, second = first + 1] = numbers
    const step = numbers.every((number, index) => number === first + index * (second - first)) ? second - first : 1
    return Array.from({ length }, (_, index) => first + index * step)
  }

  #other(side: ReadonlyMap<string, Json | undefined>): ReadonlyMap<string, Json | undefined> {
    return side === this.#target ? this.#source : this.#target
  }
}

interface DoublesInput {
  target: Json
  takes: Takes
}

/**
 * A part that one side moved to another list while the other changed it where it was has come out twice. It stays where
 * the target has it.
 */
export function dropDoubles(
  document: Json,
  { target, takes }: DoublesInput,
): { document: Json; conflicts: Conflict[] } {
  const conflicts: Conflict[] = []
  const places = Map.groupBy(placesOf(document), ({ part }) => part.id)
  const doubles = [...places].filter(([, all]) => all.length > 1)
  if (doubles.length === 0) return { document, conflicts }
  const homes = indexParts(target)
  const dropped = new Set<Part>()
  for (const [id, all] of doubles) {
    const stays =
      all.find(({ path }) => takes.at(path) === 'source') ??
      all.find(({ home }) => home === homes.get(id)?.home) ??
      all[0]
    for (const place of all) {
      if (place === stays) continue
      dropped.add(place.part)
      if (takes.at(place.path) === null) conflicts.push({ path: place.path, source: place.part })
    }
  }
  const without = (value: Json): Json => {
    if (Array.isArray(value)) return value.filter((element) => !dropped.has(element as Part)).map(without)
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, without(child)]))
      : value
  }
  return { document: without(document), conflicts }
}

interface PartPlace {
  part: Part
  home: string
  path: string
}

function placesOf(document: Json): PartPlace[] {
  const found: PartPlace[] = []
  const go = (value: Json, home: string, path: string): void => {
    if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) {
        const part = toPart(element)
        const inner = `${path}[${part?.id ?? index}]`
        if (part !== null) found.push({ part, home, path: inner })
        go(element, part === null ? `${home}[]` : `${home}[${part.id}]`, inner)
      }
    } else if (isObject(value))
      for (const [name, child] of Object.entries(value)) go(child, joinPath(home, name), joinPath(path, name))
  }
  go(document, '', '')
  return found
}
