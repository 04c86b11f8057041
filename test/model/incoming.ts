import { type Document, isAsset, mapTokens, partsOf, resourceOf } from './document.ts'
import { type Entry, type Place, pairOf, reach, reachDeleted } from './model.ts'

type Incoming = Pick<Entry, 'kind' | 'token' | 'content'>

const reachedBy = (place: Place, token: string) => (reach(place, token) ?? reachDeleted(place, token))?.token
const idsOf = ({ kind, content }: Pick<Entry, 'kind' | 'content'>) =>
  new Set(partsOf(kind, content).map(({ id }) => id as string))

/** A document of a version as this location would write it. */
export function translate(place: Place, entry: Incoming, version: readonly Incoming[]): Document {
  const parts = partsFor(place, entry, version)
  return mapTokens(entry.content, (token) =>
    isAsset(token) ? (reachedBy(place, token) ?? token) : (parts.get(token) ?? token),
  )
}

/**
 * Incoming parts that were matched to parts of the location, as far as the match is in force: for what was deleted,
 * too, as it may come back. What an asset holds under the very lineage is its own in what comes in for it, and so it is
 * wherever it is named; but an asset that comes in with a part of another one's reads what was matched in itself.
 */
function partsFor(place: Place, entry: Incoming, version: readonly Incoming[]): Map<string, string> {
  const inForce = [...place.pairs.values()].filter(
    ({ incoming, own, parts }) => parts.size > 0 && reachedBy(place, incoming) === own,
  )
  const found = new Map(inForce.flatMap(({ parts }) => [...parts]))
  if (found.size === 0) return found
  for (const one of version) for (const part of keptIn(place, one)) found.delete(part)
  const kept = keptIn(place, entry)
  for (const [part, own] of pairOf(place, entry.token, reachedBy(place, entry.token) ?? '')?.parts ?? [])
    if (!kept.has(part)) found.set(part, own)
  return found
}

/** Parts of an entry that the asset it reaches holds under the same lineage. */
function keptIn(place: Place, entry: Incoming): Set<string> {
  const asset = reach(place, entry.token)
  return asset === undefined ? new Set() : idsOf(entry).intersection(idsOf(asset))
}

/** What a new asset has of its own until its location says otherwise. */
export function seeds(kind: string, content: Document): Document {
  const local: Document = {}
  for (const [path, { initial, seed }] of Object.entries(resourceOf(kind).local)) {
    const value = seed === undefined ? initial : content[seed]
    if (value !== undefined) local[path] = value as Document[string]
  }
  return local
}
