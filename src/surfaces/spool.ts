import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../errors.ts'
import type { Upload } from '../operations/define.ts'

/** What a file is called by whoever sends it. */
export interface FileNames {
  fieldName: string
  fileName: string
  contentType: string
}

const PREFIX = 'tintype-'
const SPOOLED = /^tintype-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** No request lasts for so long: whoever wrote such a file was killed. */
const STALE_MS = 2 * 60 * 60_000

/** Removes what killed processes have left: nothing else would, and a file may be as large as an archive. */
export async function sweepSpool(): Promise<void> {
  // By the clock that files are dated by.
  const nowMs = Date.now()
  const names = (await readdir(tmpdir()).catch(() => [])).filter((name) => SPOOLED.test(name))
  for (const path of names.map((name) => join(tmpdir(), name))) {
    // Somebody else's, or gone already.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }))
    if (nowMs - mtimeMs > STALE_MS) await rm(path, { force: true }).catch(() => {})
  }
}

/**
 * A file on disk while its request lasts: it is never wholly in memory, and a transaction that is tried again reads it
 * again.
 */
export class SpooledFile implements Upload {
  readonly fieldName: string
  readonly fileName: string
  readonly contentType: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly #path: string

  constructor(names: FileNames, stored: { path: string; sizeBytes: number; sha256: string }) {
    this.fieldName = names.fieldName
    this.fileName = names.fileName
    this.contentType = names.contentType
    this.sizeBytes = stored.sizeBytes
    this.sha256 = stored.sha256
    this.#path = stored.path
  }

  read(): AsyncIterable<Uint8Array> {
    return createReadStream(this.#path)
  }

  remove(): Promise<void> {
    return rm(this.#path, { force: true })
  }
}

export const isUpload = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length < 1_000 && value.every((one) => one instanceof SpooledFile)
    : value instanceof SpooledFile

/** Writes what comes to disk. 413 beyond `mostBytes`; nothing of it is left then. */
export async function spool(
  source: Readable,
  names: FileNames,
  { mostBytes = Number.POSITIVE_INFINITY }: { mostBytes?: number } = {},
): Promise<SpooledFile> {
  const path = join(tmpdir(), `${PREFIX}${randomUUID()}`)
  const digest = createHash('sha256')
  let sizeBytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      if (sizeBytes > mostBytes) {
        done(new AppError('body_too_large', { limit: mostBytes }))
        return
      }
      digest.update(chunk)
      done(null, chunk)
    },
  })
  try {
    await pipeline(source, measure, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return new SpooledFile(names, { path, sizeBytes, sha256: digest.digest('hex') })
}
