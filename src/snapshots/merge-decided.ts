import { isObject, isSame, type Json } from './diff.ts'
import type { Sides } from './merge-steps.ts'
import type { Side } from './merge-takes.ts'
import { indexParts, type PartNames, readable, walkParts } from './merge-walk.ts'

const PART = /⟦\.[A-Za-z0-9-]+⟧/g

/** The parts that a path by identity leads through. */
export const partsOn = (path: string): string[] => path.match(PART) ?? []

/** The parts that decisions are about, as far as they are named by identity. */
export const decidedParts = (takes: ReadonlyMap<string, Side>): ReadonlySet<string> =>
  new Set(takes.keys().flatMap((path) => partsOn(path).slice(-1)))

/**
 * What people decided about conflicts, by where these stand now. A decision means its part by identity: where both sides
 * have moved that, it goes along; where one side has it no longer, it is about the part as a whole, and of several the
 * snapshot's side goes first. A path by names, as older conflicts have them, means the part that is called so.
 */
export function placeTakes(
  takes: ReadonlyMap<string, Side>,
  { base, target, source }: Sides,
  names: PartNames,
): ReadonlyMap<string, Side> {
  if (takes.keys().every((path) => !path.includes('['))) return takes
  const [was, mine, theirs] = [base, target, source].map(placesOf) as [Places, Places, Places]
  const placed = new Map<string, Side>()
  const add = (path: string, side: Side) => {
    if (placed.get(path) !== 'source') placed.set(path, side)
  }
  const byName = new Map([...was, ...mine, ...theirs].map(([, path]) => [readable(path, names), path]))
  for (const [given, side] of takes) {
    const path = given.includes('⟦.') ? given : identified(given, byName)
    const way = partsOn(path)
    const last = way.at(-1)
    const has = (part: string) => [mine.has(part), theirs.has(part)] as const
    const [inTarget, inSource] = last === undefined ? [true, true] : has(last)
    if (last !== undefined && inTarget !== inSource && was.has(last)) {
      // With it went what it lay in, perhaps; that the part goes, or stays, is no word about that.
      const isGone = (part: string) => was.has(part) && isSame(has(part), [inTarget, inSource])
      const whole = side === 'source' ? (way.find(isGone) as string) : last
      add((mine.get(whole) ?? theirs.get(whole)) as string, side)
      continue
    }
    const end = last === undefined ? 0 : path.lastIndexOf(last) + last.length + 1
    const places = last === undefined ? [] : [mine.get(last), theirs.get(last)].filter((place) => place !== undefined)
    if (places.length === 0 || places.includes(path.slice(0, end))) add(path, side)
    else for (const place of new Set(places)) add(place + path.slice(end), side)
  }
  return placed
}

type Places = ReadonlyMap<string, string>

/** Where each part of a document stands. */
export function placesOf(document: Json | null): Places {
  const found = new Map<string, string>()
  if (document !== null) walkParts(document, ({ id }, { path }) => found.set(id, path))
  return found
}

/** The longest way to a part that the path begins with is that part. */
function identified(path: string, byName: ReadonlyMap<string, string>): string {
  let best = ''
  for (const name of byName.keys())
    if (name.length > best.length && path.startsWith(name) && /^($|[.[])/.test(path.slice(name.length))) best = name
  return best === '' ? path : `${byName.get(best)}${path.slice(best.length)}`
}

/**
 * What a document has at a path by identity: its part is found wherever it stands. A path that ends in `.order` tells
 * the order of the parts of a list; undefined: there is nothing.
 */
export function valueAt(document: Json, path: string): Json | undefined {
  const last = [...path.matchAll(PART)].at(-1)
  const from: Json | undefined = last === undefined ? document : indexParts(document).get(last[0])?.part
  const way = last === undefined ? path : path.slice(last.index + last[0].length + 1)
  return from === undefined ? undefined : follow(from, way.replace(/^\./, ''))
}

function follow(value: Json, way: string): Json | undefined {
  if (way === '') return value
  if (Array.isArray(value)) {
    if (way === 'order') return value.map((element) => (element as { id?: Json }).id ?? null)
    const [head = '', index] = /^\[(\d+)\]\.?/.exec(way) ?? []
    const element = index === undefined ? undefined : value[Number(index)]
    return element === undefined ? undefined : follow(element, way.slice(head.length))
  }
  if (!isObject(value)) return undefined
  // A name may hold what divides names.
  const names = Object.keys(value).filter((name) => way.startsWith(name) && /^($|[.[])/.test(way.slice(name.length)))
  const name = names.toSorted((one, other) => other.length - one.length)[0]
  return name === undefined ? undefined : follow(value[name] as Json, way.slice(name.length).replace(/^\./, ''))
}
