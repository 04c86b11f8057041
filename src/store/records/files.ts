import { sql } from 'kysely'
import { type Db, queryOne, type Tx, texts } from '../../db/pool.ts'

/**
 * The bytes of files (the sound of calls, attachments), in rows small enough that neither writing nor reading one ever
 * holds a whole file in memory.
 */
const CHUNK_BYTES = 262_144

/** Stores the bytes of a file; there are none yet. */
export async function writeFile(
  tx: Tx,
  locationId: string,
  fileId: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  let position = 0
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  const store = async (data: Buffer) => {
    await sql`insert into file_chunk (location_id, file_id, position, data)
        values (${locationId}, ${fileId}, ${position}, ${data})`.execute(tx)
    position++
  }
  for await (const piece of bytes) {
    waiting.push(piece)
    waitingBytes += piece.length
    if (waitingBytes < CHUNK_BYTES) continue
    let rest = Buffer.concat(waiting)
    for (; rest.length >= CHUNK_BYTES; rest = rest.subarray(CHUNK_BYTES)) await store(rest.subarray(0, CHUNK_BYTES))
    waiting = rest.length === 0 ? [] : [rest]
    waitingBytes = rest.length
  }
  if (waitingBytes > 0) await store(Buffer.concat(waiting))
}

/** Bytes of a file, both ends included. Reads one chunk at a time and holds no connection in between. */
async function* readFile(
  db: Db,
  locationId: string,
  fileId: string,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  for (let position = Math.floor(from / CHUNK_BYTES); position * CHUNK_BYTES <= to; position++) {
    const row = await queryOne(
      db,
      sql<{ data: string }>`
        select encode(data, 'base64') as data from file_chunk where location_id = ${locationId} and file_id = ${fileId}
          and position = ${position}`,
    )
    if (row === null) return
    const start = position * CHUNK_BYTES
    yield Buffer.from(row.data, 'base64').subarray(Math.max(0, from - start), Math.min(CHUNK_BYTES, to - start + 1))
  }
}

/** A stored file as an answer: whole, or any part of it. */
export function streamFile(
  db: Db,
  { locationId, id, sizeBytes, sha256 }: { locationId: string; id: string; sizeBytes: number; sha256: string },
) {
  const read = (from: number, to: number) => readFile(db, locationId, id, from, to)
  return { sizeBytes, body: read(0, sizeBytes - 1), parts: { sha256, read } }
}

export async function deleteFiles(tx: Tx, locationId: string, fileIds: readonly string[]): Promise<void> {
  if (fileIds.length === 0) return
  await sql`delete from file_chunk where location_id = ${locationId} and file_id = any(${texts(fileIds)})`.execute(tx)
}
