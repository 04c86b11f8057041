import { digestsFor } from '../auth/jwt.ts'
import type { Db } from '../db/pool.ts'

const UUIDV7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** When an offset was made, in milliseconds; null for what is none. */
export function msOfOffset(text: string): number | null {
  const [, high, low] = UUIDV7.exec(text) ?? []
  return high === undefined ? null : Number.parseInt(high + low, 16)
}

/** How far the clocks of two processes may differ. */
const SLACK_MS = 5_000

/**
 * A place in every journal that no segment stands at: whoever reads now, and follows from it, misses nothing (what has
 * committed before now may come a second time). It proves itself, so that any other offset that was never given is
 * known as such.
 */
export async function offsetBefore(db: Db, nowMs: number): Promise<string> {
  const time = (nowMs - SLACK_MS).toString(16).padStart(12, '0')
  const [proof] = await proofsOf(db, time)
  return toOffset(time, proof)
}

/** Whether an offset is one of `offsetBefore`. */
export async function isGivenOffset(db: Db, offset: string): Promise<boolean> {
  const time = offset.replaceAll('-', '').slice(0, 12)
  const proofs = await proofsOf(db, time)
  return proofs.some((proof) => toOffset(time, proof) === offset)
}

async function proofsOf(db: Db, time: string): Promise<[string, ...string[]]> {
  const digests = await digestsFor(db, 'journal offset', time)
  return digests.map((digest) => Buffer.from(digest, 'base64url').toString('hex')) as [string, ...string[]]
}

const toOffset = (time: string, proof: string) =>
  `${time.slice(0, 8)}-${time.slice(8)}-7${proof.slice(0, 3)}-8${proof.slice(3, 6)}-${proof.slice(6, 18)}`
