import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { createZstdDecompress } from 'node:zlib'

/*
 * A backup is one file, compressed with Zstandard. What is in it is text: a header (one line of JSON), then for each
 * table its rows as PostgreSQL's COPY writes them and a line `\.`, then a summary and, as the last line, the SHA-256 of
 * all lines before it. So `zstd -dc` shows everything that is in it, and nothing of it needs more than a line's memory.
 */
export const FORMAT = 1

export interface Table {
  schema: string
  name: string
  columns: string[]
}

export interface Partition {
  name: string
  parent: string
  /** As PostgreSQL writes it: FOR VALUES FROM ... */
  bound: string
}

export interface Header {
  tintype: string
  format: number
  /** The moment that the rows are of. */
  takenAt: string
  postgresql: string
  migrations: { name: string; hash: string }[]
  /** The last migration of the job queue. */
  queue: number
  tables: Table[]
  partitions: Partition[]
}

export interface Summary {
  /** Of each table, in the order of the header. */
  rows: number[]
  counters: Record<string, number>
}

/** The file is not a backup, or not all of it, or not as it was written. */
export class BackupDamaged extends Error {}

/** What the rows of a table are handed to, in pieces that end anywhere. */
export interface Rows {
  write(piece: Buffer): Promise<void>
  end(): Promise<void>
}

export const END_OF_ROWS = Buffer.from('\\.\n')
const END_BEHIND_ROW = Buffer.from('\n\\.\n')
const NEWLINE = 10
/** Headers and summaries are some ten thousand bytes. */
const MOST_LINE = 16 * 2 ** 20

/**
 * Reads a backup from its first to its last byte and answers what it says of itself. Throws BackupDamaged where the
 * rows, their number or the hash are not what was written. With `open`, rows are handed on as they come: only for a
 * file that was read once before.
 */
export async function readBackup(
  path: string,
  open?: (table: Table, header: Header) => Promise<Rows>,
): Promise<{ header: Header; summary: Summary }> {
  const reader = new Reader(path)
  try {
    const header = await reader.header()
    const rows: number[] = []
    for (const table of header.tables) rows.push(await reader.rows(await open?.(table, header)))
    const summary = parseLine<Summary>(await reader.line())
    const hash = reader.digest()
    const last = parseLine<{ sha256: string }>(await reader.line())
    if (last.sha256 !== hash)
      throw new BackupDamaged(`its contents have the SHA-256 ${hash}, and it was written with ${last.sha256}`)
    if (String(rows) !== String(summary.rows)) throw new BackupDamaged('it does not hold the rows that were written')
    if (!(await reader.isAtEnd())) throw new BackupDamaged('something follows its end')
    return { header, summary }
  } finally {
    reader.close()
  }
}

function parseLine<T>(line: string): T {
  try {
    return JSON.parse(line) as T
  } catch (cause) {
    throw new BackupDamaged('a line of it cannot be read: it is broken off or was changed', { cause })
  }
}

/** Zstandard's own mark at the beginning of a file. */
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

class Reader {
  readonly #source: AsyncIterator<Buffer>
  readonly #file: ReturnType<typeof createReadStream>
  readonly #hash = createHash('sha256')
  #rest: Buffer = Buffer.alloc(0)

  constructor(path: string) {
    checkMagic(path)
    this.#file = createReadStream(path, { highWaterMark: 2 ** 18 })
    const text = createZstdDecompress({ chunkSize: 2 ** 18 })
    this.#file.on('error', (error) => text.destroy(error))
    this.#source = this.#file.pipe(text)[Symbol.asyncIterator]()
  }

  async header(): Promise<Header> {
    const header = parseLine<Header>(await this.line())
    if (typeof header.format !== 'number' || !Array.isArray(header.tables))
      throw new BackupDamaged('it is no backup of Tintype')
    if (header.format > FORMAT)
      throw new BackupDamaged(
        `it is of format ${header.format}, written by Tintype ${header.tintype}; this one reads format ${FORMAT}`,
      )
    return header
  }

  /** False at the end. */
  async #more(): Promise<boolean> {
    try {
      const { value, done } = await this.#source.next()
      if (done) return false
      this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value])
      return true
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).syscall !== undefined) throw cause
      throw new BackupDamaged('it is broken off or was changed', { cause })
    }
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    this.#hash.update(taken)
    return taken
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE)
      if (end >= 0) return this.#take(end + 1).toString()
      if (this.#rest.length > MOST_LINE || !(await this.#more())) throw new BackupDamaged('it ends too early')
    }
  }

  /** Hands on the rows up to their end; answers how many there were. */
  async rows(to: Rows | undefined): Promise<number> {
    let count = 0
    let isFirst = true
    const hand = async (length: number) => {
      const piece = this.#take(length)
      isFirst = false
      // Within a row, line ends are escaped: each one that is left ends a row.
      for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) count++
      await to?.write(piece)
    }
    for (;;) {
      const isEmpty = isFirst && this.#rest.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS)
      const end = isEmpty ? 0 : this.#rest.indexOf(END_BEHIND_ROW) + 1
      if (end > 0) await hand(end)
      if (isEmpty || end > 0) {
        this.#take(END_OF_ROWS.length)
        await to?.end()
        return count
      }
      // Its last bytes may be the beginning of the end.
      const certain = this.#rest.length - END_OF_ROWS.length
      if (certain > 0) await hand(certain)
      if (!(await this.#more())) throw new BackupDamaged('it ends too early')
    }
  }

  /** Of all that was taken so far. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }

  async isAtEnd(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#more())
  }

  close(): void {
    this.#file.destroy()
    this.#source.return?.()
  }
}

function checkMagic(path: string): void {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(MAGIC.length)
    readSync(file, start, 0, MAGIC.length, 0)
    if (!start.equals(MAGIC)) throw new BackupDamaged('it is no backup of Tintype')
  } finally {
    closeSync(file)
  }
}
