import type { IdFormat } from '../../ids.ts'
import { canonicalJson } from '../hash.ts'
import { assetOfMarker, isWellMarked, partOfMarker, readMarkers, replaceMarkers } from '../markers.ts'
import { faultsOf, unstorable } from '../validate.ts'
import { isPartLineage } from './parts.ts'
import type { AssetDocument, AssetResource } from './resource.ts'

const SHAPES: Record<IdFormat, RegExp> = {
  id20: /^[A-Za-z0-9]{20}$/,
  hex24: /^[0-9a-f]{24}$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
}
const LONGEST_KIND = 40

export const isIdOf = (format: IdFormat, text: string) => SHAPES[format].test(text)

const isAnyId = (text: string) => Object.values(SHAPES).some((shape) => shape.test(text))

/**
 * Why a portable document does not fit its kind's schema: limits count it as a location reads it, each reference as an
 * id, `⟦⟦` as one character.
 */
export function misfitsOfPortable(resource: AssetResource, document: AssetDocument): string[] {
  // A document of any depth may come from a file; everything else here takes what it is given apart to the ground.
  const odd = unstorable(document)
  return odd.length > 0 ? odd : faultsOf(resource.schema, asRead(document))
}

const asRead = (document: AssetDocument) =>
  JSON.parse(
    replaceMarkers(JSON.stringify(document), {
      asset: (_, lineage) => lineage,
      part: (lineage) => lineage,
      self: 'x'.repeat(20),
      literal: '⟦',
    }),
  ) as AssetDocument

/** What no location could have written: `misfitsOfPortable`, and what is wrong with references, parts and sizes. */
export function portableFaultsOf(
  resource: AssetResource,
  document: AssetDocument,
  limits: { propertyBytes: number },
): string[] {
  const misfits = misfitsOfPortable(resource, document)
  if (misfits.length > 0) return misfits
  const faults: string[] = []
  const parts = new Set<string>()

  const visit = (value: unknown, pattern: string, path: string): void => {
    if (pattern in resource.local) faults.push(`${path} belongs to a location and does not travel`)
    else if (typeof value === 'string') visitText(value, pattern, path)
    else if (Array.isArray(value)) {
      const format = resource.parts[pattern]
      for (const [index, element] of value.entries()) {
        if (format !== undefined) visitPart((element as { id?: unknown }).id, format, `${path}[${index}]`)
        visit(element, `${pattern}[]`, `${path}[${index}]`)
      }
    } else if (value !== null && typeof value === 'object') {
      for (const [name, child] of Object.entries(value)) {
        const inner = path === '' ? name : `${path}.${name}`
        if (!isMarked(name)) faults.push(`${inner}: the name holds a ⟦ that is no reference`)
        visit(child, pattern === '' ? name : `${pattern}.${name}`, inner)
      }
    }
  }

  const visitText = (text: string, pattern: string, path: string) => {
    const kind = resource.refs[pattern]
    if (kind !== undefined && text !== '' && assetOfMarker(text)?.kind !== kind)
      faults.push(`${path} is no reference to ${kind}`)
    else if (resource.partRefs[pattern] !== undefined && text !== '' && partOfMarker(text) === null)
      faults.push(`${path} is no reference to a part`)
    else if (!isMarked(text)) faults.push(`${path} holds a ⟦ that is no reference`)
  }

  const visitPart = (id: unknown, format: IdFormat, path: string) => {
    const lineage = partOfMarker(id)
    if (lineage === null || !isPartLineage(lineage, format)) faults.push(`${path}.id is not the identifier of a part`)
    else if (parts.has(lineage)) faults.push(`${path}.id stands there twice`)
    else parts.add(lineage)
  }

  const known = Object.keys(resource.schema.properties)
  for (const [name, value] of Object.entries(document)) {
    if (!known.includes(name)) faults.push(`property ${name} should not exist`)
    else if (Buffer.byteLength(canonicalJson(value)) > limits.propertyBytes)
      faults.push(`${name} is larger than ${limits.propertyBytes} bytes`)
  }
  visit(document, '', '')
  return faults
}

function isMarked(text: string): boolean {
  if (!isWellMarked(text)) return false
  const { refs, parts } = readMarkers(text)
  return (
    parts.every(isAnyId) &&
    refs.every((ref) => ref.indexOf(':') <= LONGEST_KIND && isAnyId(ref.slice(ref.indexOf(':') + 1)))
  )
}
