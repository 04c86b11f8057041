import { sql } from 'kysely'
import { type Db, queryOne, type Tx, texts } from '../db/pool.ts'

/** The sound of calls, in rows small enough that neither writing nor reading one ever holds a whole recording in memory. */
const CHUNK_BYTES = 262_144

/** Stores the bytes of a message's recording; there is none yet. */
export async function writeRecording(tx: Tx, locationId: string, messageId: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let position = 0
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  const store = async (data: Buffer) => {
    await sql`insert into recording_chunk (location_id, message_id, position, data) values (${locationId}, ${messageId}, ${position}, ${data})`.execute(tx)
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

/** The bytes from the first to the last. Reads one chunk at a time and holds no connection in between. */
export async function* readRecording(db: Db, locationId: string, messageId: string): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position++) {
    const row = await queryOne(
      db,
      sql<{ data: string }>`
        select encode(data, 'base64') as data from recording_chunk where location_id = ${locationId} and message_id = ${messageId} and position = ${position}`,
    )
    if (row === null) return
    yield Buffer.from(row.data, 'base64')
  }
}

export async function deleteRecordings(tx: Tx, locationId: string, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return
  await sql`delete from recording_chunk where location_id = ${locationId} and message_id = any(${texts(messageIds)})`.execute(tx)
}
