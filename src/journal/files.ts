import { digestsFor, isSame } from '../auth/jwt.ts'
import type { Db } from '../db/pool.ts'
import { isUuid } from '../ids.ts'
import type { BodyStore } from './bodies.ts'
import { onlyOf, readSegment, repacked, unpacked } from './segments.ts'

/** A sealed file as an app reads it. */
export interface File {
  appId: string
  offset: string
  /** What it tells of this portal alone; null: all. */
  portalId: number | null
}

export interface SignedFile extends File {
  expiresMs: number
}

const wordsOf = ({ appId, offset, portalId, expiresMs }: SignedFile) =>
  `${appId}\n${offset}\n${portalId ?? ''}\n${expiresMs}`

/** The path of a file, with what lets anybody read it until it expires. */
export async function signFile(db: Db, file: SignedFile): Promise<string> {
  const [signature] = await digestsFor(db, 'journal file', wordsOf(file))
  const query = new URLSearchParams({
    expires: String(file.expiresMs),
    ...(file.portalId === null ? {} : { portalId: String(file.portalId) }),
    signature,
  })
  return `/webhooks-journal/files/${file.appId}/${file.offset}?${query}`
}

export async function isSignedFile(db: Db, file: SignedFile, signature: string): Promise<boolean> {
  return (await digestsFor(db, 'journal file', wordsOf(file))).some((digest) => isSame(digest, signature))
}

/** As gzip; null when it is not there. */
export async function packFile(db: Db, bodies: BodyStore, file: File): Promise<Buffer | null> {
  if (!isUuid(file.offset)) return null
  const packed = await readSegment(db, bodies, file)
  return packed === null || file.portalId === null ? packed : repacked(await onlyOf(file.portalId, packed))
}

export async function readFile(db: Db, bodies: BodyStore, file: File): Promise<string | null> {
  const packed = await readSegment(db, bodies, file)
  if (packed === null) return null
  return file.portalId === null ? unpacked(packed) : onlyOf(file.portalId, packed)
}
