import { createHash, randomBytes, randomUUID } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The three shapes of identifier on the HighLevel wire (wire/highlevel.md, "Conventions"). */
export type IdFormat = 'id20' | 'uuid' | 'hex24'

/** A random identifier: 20 characters of `[A-Za-z0-9]` unless another format is asked for. */
export function newId(format: IdFormat = 'id20'): string {
  if (format === 'uuid') return randomUUID()
  if (format === 'hex24') return draw(12).toString('hex')
  let id = ''
  // Six bits are 64 values: two too many, which are drawn again.
  while (id.length < 20) for (const byte of draw(20 - id.length)) if ((byte & 63) < 62) id += ALPHABET[byte & 63]
  return id
}

const DRAWN = 4096
let drawn = Buffer.alloc(0)
let next = 0

/** Random bytes, drawn by the thousand: asking the system for each costs more than all else about an id. */
function draw(count: number): Buffer {
  if (next + count > drawn.length) {
    drawn = randomBytes(DRAWN)
    next = 0
  }
  next += count
  return drawn.subarray(next - count, next)
}

/** The id of a record on the HubSpot wire: from 1 to 2^53 - 1. */
export function newObjectId(): number {
  const bytes = draw(7)
  return Math.max(1, ((bytes[6] as number) & 31) * 2 ** 48 + bytes.readUIntBE(0, 6))
}

/**
 * The id an asset gets in a location it is pushed to: a function of its three coordinates, so a repeated piece
 * writes the same row. The same function exists in SQL as `derive_id` and `derive_hex`.
 */
export function deriveId(format: IdFormat, locationId: string, kind: string, lineage: string): string {
  const digest = createHash('sha256').update(`${locationId}/${kind}/${lineage}`).digest()
  if (format === 'id20') return digest.subarray(0, 15).toString('base64').replaceAll('+', 'x').replaceAll('/', 'z')
  const hex = digest.toString('hex')
  return format === 'hex24' ? hex.slice(0, 24) : toUuid(hex.slice(0, 32))
}

/** In small letters, as we write them. */
export const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** A UUIDv7 for `ms`; the 74 other bits are random. */
export function uuidv7(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0') + draw(10).toString('hex')
  const variant = '89ab'[Number.parseInt(hex[16] as string, 16) & 3] as string
  return toUuid(`${hex.slice(0, 12)}7${hex.slice(13, 16)}${variant}${hex.slice(17)}`)
}

/** Bits of a prefix between its time and its end, without those that say which kind of UUID it is. */
const COUNTED_BITS = 12 + 30
/** How many prefixes this process has given, from a random number on that leaves room for 2^41. */
let given = BigInt(`0x${randomBytes(6).toString('hex')}`) >> BigInt(48 - COUNTED_BITS + 1)

/**
 * 24 leading hex digits of UUIDv7s that share a millisecond; the last eight digits are for a counter, so a set-based
 * statement can number its rows (`change` rows of a push). Those of one millisecond rise as they were asked for: a push
 * writes all that it does at one moment, and what it did first is told first.
 */
export function uuidv7Prefix(ms: number): string {
  given++
  const [high, low] = [Number(given >> 30n) & 0xfff, Number(given & 0x3fffffffn)]
  const [time, most, least] = [ms.toString(16), high.toString(16), (low + 2 ** 31).toString(16)]
  return `${time.padStart(12, '0')}7${most.padStart(3, '0')}${least}`
}

/** 32 hex digits with the dashes of a UUID. */
export function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
