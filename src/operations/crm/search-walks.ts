import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { json, query, queryOne } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { canonicalJson } from '../../store/hash.ts'
import type { Cursor } from '../../store/records/index.ts'
import type { Context } from '../define.ts'

/*
 * Clients go on in a search by how many they have seen, some of them counting for themselves. What is changed while they
 * read goes to the end of an order by last change, and what was behind it moves up into what they have seen. So where a
 * page ended is remembered, for whoever asked: the next one begins behind that very record.
 */

const LIFE_MS = 60 * 60_000
/** One page in so many takes away what is too old. */
const TIDY_EVERY = 200

/** Who asks for what: the same question of another token is another walk. */
export function walkOf(ctx: Context, typeId: string, question: object): string {
  const text = `${ctx.caller.tokenId}\n${typeId}\n${canonicalJson(question)}`
  return createHash('sha256').update(text).digest('base64url')
}

/** Where the page before ended; null: nobody knows, so it is counted. */
export async function recallPlace(ctx: Context, walk: string, after: number): Promise<Cursor | null> {
  const row = await queryOne(
    ctx.db,
    sql<{ cursor: Cursor }>`
      select cursor from search_walk where location_id = ${ctx.locationId} and walk = ${walk} and after = ${after}
        and at > ${new Date(ctx.author.atMs - LIFE_MS)}`,
  )
  return row?.cursor ?? null
}

export async function rememberPlace(ctx: Context, walk: string, after: number, cursor: Cursor): Promise<void> {
  const { locationId, author } = ctx
  await inTransaction(ctx.db, async (tx) => {
    await query(
      tx,
      sql`insert into search_walk (location_id, walk, after, cursor, at)
        values (${locationId}, ${walk}, ${after}, ${json(cursor)}, ${new Date(author.atMs)})
        on conflict (location_id, walk, after) do update set cursor = excluded.cursor, at = excluded.at`,
    )
    if (author.atMs % TIDY_EVERY !== 0) return
    await sql`delete from search_walk
      where location_id = ${locationId} and at < ${new Date(author.atMs - LIFE_MS)}`.execute(tx)
  })
}
