import { createHash } from 'node:crypto'
import { type IdFormat, newId } from '../../ids.ts'

/**
 * Parts (stages, steps, pages, form fields) live inside documents and have ids that other documents use. They need no
 * table: a part's id in a location is its lineage shifted, character by character, by a key of that location, and a
 * lineage carries check digits. So any text tells which of its words are part ids of this location, and each
 * location has ids of its own for the same parts.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const HEX = '0123456789abcdef'
const UUID_FIXED = new Set([8, 13, 14, 18, 19, 23])
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const HEX24 = /^[0-9a-f]{24}$/
const ID20 = /^[A-Za-z0-9]{20}$/

/** A new part lineage: random, its last digits a checksum of the others. */
export function newPartLineage(format: IdFormat): string {
  return withChecksum(newId(format))
}

/** The id a part has in a location. */
export function toPartId(lineage: string, locationId: string): string {
  return shift(lineage, locationId, 1)
}

/** The lineage behind a part id of a location; null when the text is not one. */
export function findPartLineage(id: string, locationId: string): string | null {
  if (formatOf(id) === null) return null
  const lineage = shift(id, locationId, -1)
  return withChecksum(lineage) === lineage ? lineage : null
}

/** Whether a text can be the lineage of a part of this format: its check digits fit. */
export function isPartLineage(lineage: string, format: IdFormat): boolean {
  return formatOf(lineage) === format && withChecksum(lineage) === lineage
}

function formatOf(id: string): IdFormat | null {
  if (id.length === 36) return UUID.test(id) ? 'uuid' : null
  if (id.length === 24) return HEX24.test(id) ? 'hex24' : null
  return ID20.test(id) ? 'id20' : null
}

function withChecksum(id: string): string {
  const length = id.length === 20 ? 4 : 8
  const body = id.slice(0, -length)
  const digest = createHash('sha256').update(`part/${body}`).digest()
  let check = ''
  if (id.length === 20) for (let index = 0; index < length; index++) check += ALPHABET[(digest[index] as number) % 62]
  else check = digest.toString('hex').slice(0, length)
  return body + check
}

const keys = new Map<string, Buffer>()
const KEYS_KEPT = 10_000

function keyOf(locationId: string): Buffer {
  let key = keys.get(locationId)
  if (key === undefined) {
    key = createHash('sha512').update(`parts/${locationId}`).digest()
    if (keys.size >= KEYS_KEPT) keys.clear()
    keys.set(locationId, key)
  }
  return key
}

function shift(id: string, locationId: string, direction: 1 | -1): string {
  const key = keyOf(locationId)
  const uuid = id.length === 36
  const alphabet = id.length === 20 ? ALPHABET : HEX
  let result = ''
  for (let index = 0; index < id.length; index++) {
    const character = id[index] as string
    if (uuid && UUID_FIXED.has(index)) result += character
    else
      result +=
        alphabet[
          (((alphabet.indexOf(character) + direction * (key[index] as number)) % alphabet.length) + alphabet.length) %
            alphabet.length
        ]
  }
  return result
}
