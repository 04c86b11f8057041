import { type Document, isAsset, isObject, type Value } from './document.ts'
import { livingParts, type Place } from './model.ts'

/** A document without references to what does not live in the location: what a person could have written there. */
export function possible(
  place: Place,
  document: Document,
  ownParts: ReadonlySet<string>,
  parts = livingParts(place),
): Document {
  const isThere = (token: string) =>
    isAsset(token) ? place.assets.get(token)?.alive === true : ownParts.has(token) || parts.has(token)
  const keep = (value: Value): Value | undefined => {
    if (typeof value === 'string') {
      if (/^‹[ap][^›]*›$/.test(value)) return isThere(value) ? value : undefined
      return value.replace(/‹[ap][^›]*›/g, (token) => (isThere(token) ? token : 'gone'))
    }
    if (Array.isArray(value))
      return value.flatMap((element) => {
        const kept = keep(element)
        return kept === undefined || isEmptied(element, kept) ? [] : [kept]
      })
    if (!isObject(value)) return value
    const entries = Object.entries(value).map(([name, inner]) => [keep(name), keep(inner)] as const)
    const kept = Object.fromEntries(
      entries.filter(([name, inner]) => name !== undefined && inner !== undefined),
    ) as Document
    return NEEDED.some((name) => name in value && !(name in kept)) ? undefined : kept
  }
  return keep(document) as Document
}

/** An element without one of these is no element. */
const NEEDED = ['fieldId', 'targetFieldId']

/** Nor is one of which nothing is left. */
const isEmptied = (was: Value, is: Value): boolean =>
  isObject(was) && isObject(is) && Object.keys(was).length > 0 && Object.keys(is).length === 0
