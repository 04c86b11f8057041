import { sql } from 'kysely'
import { type Db, query, type Tx } from '../db/pool.ts'
import { callersChanged } from './caller.ts'
import { addKey, forgetSigningKeys, holdKeys, KEY_ID, type KeyRow, placeOf } from './signing-keys.ts'
import { SealedElsewhere, vaultOf } from './vault.ts'

/** Seals what an earlier version kept in plain, and draws the first key of a new installation. */
export async function sealSigningKeys(tx: Tx, nowMs: number): Promise<void> {
  const plain = await query(
    tx,
    sql<{ id: number; secret: string }>`select id, secret from signing_key where secret is not null`,
  )
  for (const { id, secret } of plain) {
    const sealed = vaultOf(tx).seal(placeOf(id), Buffer.from(secret, 'hex'))
    await sql`update signing_key set sealed = ${sealed}, secret = null where id = ${id}`.execute(tx)
  }
  const [any] = await query(tx, sql`select 1 from signing_key where retired_at is null limit 1`)
  if (any === undefined) await addKey(tx, nowMs)
}

/**
 * A new key signs from now on. The earlier ones still tell their own tokens, until the last of these has ended; with
 * `atOnce` they go, and all signed tokens and sessions end. Answers the new key's id.
 */
export async function rotateSigningKeys(tx: Tx, options: { atOnce: boolean }, nowMs: number): Promise<number> {
  await holdKeys(tx)
  const id = await addKey(tx, nowMs)
  if (options.atOnce) await sql`delete from signing_key where id <> ${id}`.execute(tx)
  else
    await sql`update signing_key set retired_at = ${new Date(nowMs)} where id <> ${id} and retired_at is null`.execute(
      tx,
    )
  await callersChanged(tx)
  forgetSigningKeys(tx)
  return id
}

/** Deletes keys that no key from outside opens any more. Answers their ids. */
export async function discardLostKeys(tx: Tx): Promise<number[]> {
  await holdKeys(tx)
  const lost: number[] = []
  for (const { id, sealed } of await query(
    tx,
    sql<{ id: number; sealed: string }>`select id, sealed from signing_key where sealed is not null`,
  )) {
    try {
      vaultOf(tx).open(placeOf(id), sealed)
    } catch (error) {
      if (!(error instanceof SealedElsewhere)) throw error
      lost.push(id)
    }
  }
  await sql`delete from signing_key where id = any(${lost}::int[])`.execute(tx)
  return lost
}

export function listSigningKeys(db: Db): Promise<KeyRow[]> {
  return query(
    db,
    sql<KeyRow>`select id, ${KEY_ID} as "keyId", created_at as "createdAt", retired_at as "retiredAt" from signing_key
        order by id`,
  )
}
