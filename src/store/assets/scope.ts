import { sql } from 'kysely'
import { queryOne, type Tx } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import type { Author } from '../changes/index.ts'
import type { Precondition } from '../precondition.ts'

/** Where and as whom an asset is written. */
export interface AssetScope {
  tx: Tx
  locationId: string
  author: Author
  /** Kinds whose ids may appear in texts: all that the registry of resources knows. */
  kinds: readonly string[]
  /** The asset that is changed must still be as its caller read it. */
  precondition?: Precondition | undefined
}

/** Serialises writers of one location's assets: a push and an edit never interleave. 404 when the location is gone. */
export async function lockLocation(tx: Tx, locationId: string): Promise<void> {
  const row = await queryOne(
    tx,
    sql`select 1 from location where id = ${locationId} and deleted_at is null for no key update`,
  )
  if (row === null) throw new AppError('not_found', { what: 'location', id: locationId })
}

/**
 * Who waited for another writer of an asset comes after it, however early the call began: so its history tells what
 * happened in order.
 */
export const notBefore = (author: Author, { updatedAt }: { updatedAt: Date }): Author => ({
  ...author,
  atMs: Math.max(author.atMs, updatedAt.getTime() + 1),
})
