import { sql } from 'kysely'
import { type Db, queryOne, type Tx } from '../../db/pool.ts'
import { run } from '../../db/prepared.ts'
import { enqueue, isAsked, withoutKey } from '../../db/queue.ts'
import { together } from '../../db/session.ts'
import { prepare } from '../../db/statements.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { Connection } from '../connections/connection.ts'

/*
 * Who looks at what came, and until when. A job that waits or runs will look, so it need not be asked again: of a
 * thousand deliveries a second each would write the same row of the queue, and wait until the one before has ended.
 *
 * Whoever relies on it shares a lock until it has committed. A job that finds nothing more has that lock alone for a last
 * look, which so sees whatever relied on it, and goes on or lets its key go: from then on it must be asked again. Killed
 * in between it runs again, as it still has its key; killed afterwards it has nothing left to do.
 */

type Asked = Pick<Connection, 'locationId' | 'id' | 'agencyId'>
type Place = Pick<Connection, 'locationId' | 'id'>

const keyOf = (id: string) => `feed-connection/${id}`

/** Somebody looks at what waits: once, however often it is asked for meanwhile. */
export async function askToFeed(tx: Tx, asked: Asked, at: Date | null = null): Promise<void> {
  await rely(tx, [keyOf(asked.id)])
  await ask(tx, asked, at)
}

/**
 * The same after something has come, for all of these: whoever is looked at, or going to be, is not asked for again. The
 * first two statements are sent at once, so `before` can go along with them.
 */
export async function askForArrivals<T>(tx: Tx, asked: readonly Asked[], before: () => Promise<T>): Promise<T> {
  const byKey = new Map(asked.map((one) => [keyOf(one.id), one]))
  // In one order for all, so that two never wait for each other in a circle.
  const keys = [...byKey.keys()].sort()
  const [result, , ...known] = await together(tx, () => [
    before(),
    keys.length === 0 ? Promise.resolve() : rely(tx, keys),
    ...keys.map((key) => isAsked(tx, key)),
  ])
  for (const [n, key] of keys.entries()) if (known[n] === false) await ask(tx, byKey.get(key) as Asked, null)
  return result as T
}

const ask = (tx: Tx, { locationId, id, agencyId }: Asked, at: Date | null) =>
  enqueue(tx, 'feed-connection', [{ locationId, id }], {
    key: `${keyOf(id)}${at === null ? '' : '/later'}`,
    tenant: agencyId,
    at,
    queue: `connection/${id}`,
  })

const rely = (tx: Tx, keys: readonly string[]) => run(tx, RELY, [keys])

const RELY = prepare('select pg_advisory_xact_lock_shared(hashtextextended(key, 0)) from unnest($1::text[]) key')

/** The job of a connection is about to end. False: something has come meanwhile, so it must not. */
export function endTurn(db: Db, place: Place): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const key = keyOf(place.id)
    await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
    if (await hasCome(tx, place)) return false
    await withoutKey(tx, key)
    return true
  })
}

/** Rows are asked for by whoever makes them. */
async function hasCome(tx: Tx, { locationId, id }: Place): Promise<boolean> {
  const row = await queryOne(
    tx,
    sql`select 1 from connection c where c.location_id = ${locationId} and c.id = ${id} and c.state = 'live'
      and c.live_version is not null and exists (select 1 from connection_arrival a
        where a.location_id = c.location_id and a.connection_id = c.id and a.state = 'waiting')`,
  )
  return row !== null
}
