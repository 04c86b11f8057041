import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, type Tx } from '../db/pool.ts'
import { rootOf } from '../db/session.ts'
import { callersChanged } from './caller.ts'
import { keyIdIn, type SealedColumn, SealedElsewhere, vaultOf } from './vault.ts'

/** Signs tokens, or still tells its own from others. */
export interface SigningKey {
  id: number
  secret: Buffer
  /** Signs no more since then. */
  retiredAtMs: number | null
}

export const SEALED_SIGNING_KEYS: SealedColumn = { table: 'signing_key', column: 'sealed', id: 'id::text' }

const SECRET_BYTES = 32
const placeOf = (id: number) => ({ table: SEALED_SIGNING_KEYS.table, column: SEALED_SIGNING_KEYS.column, id: String(id) })
const KEY_ID = keyIdIn(SEALED_SIGNING_KEYS.column)
/** Processes agree on the keys within this time. */
const LIFE_MS = 5_000
/** What looks like a new key makes a process look again, this often at most. */
const PAUSE_MS = 1_000

interface Ring {
  /** The one that signs first. */
  keys: readonly SigningKey[]
  readMs: number
}

const rings = new WeakMap<Db, Promise<Ring>>()

async function readRing(db: Db): Promise<Ring> {
  const rows = await query(
    db,
    sql<{ id: number; sealed: string; retiredAt: Date | null }>`
      select id, sealed, retired_at as "retiredAt" from signing_key where sealed is not null order by retired_at desc nulls first, id desc`,
  )
  if (rows.length === 0) throw new Error('The signing key is missing.')
  const keys = rows.map(({ id, sealed, retiredAt }) => ({ id, secret: vaultOf(db).open(placeOf(id), sealed), retiredAtMs: retiredAt?.getTime() ?? null }))
  return { keys, readMs: performance.now() }
}

/** The keys of an installation, the one that signs first. `anew`: something was met that an old list may not know. */
export async function signingKeys(db: Db, { anew = false }: { anew?: boolean } = {}): Promise<readonly SigningKey[]> {
  const root = rootOf(db)
  const found = rings.get(root)
  const known = await found?.catch(() => undefined)
  if (known !== undefined && performance.now() - known.readMs < (anew ? PAUSE_MS : LIFE_MS)) return known.keys
  // One reads for all who wait.
  if (rings.get(root) !== found) return signingKeys(db, { anew })
  const reading = readRing(root).catch((error) => {
    // They were sealed anew with a key that this process will know after its next start; what they sign is the same.
    if (known !== undefined && error instanceof SealedElsewhere) return { ...known, readMs: performance.now() }
    throw error
  })
  rings.set(root, reading)
  return (await reading).keys
}

/** Those of another process have changed. */
export function forgetSigningKeys(db: Db): void {
  rings.delete(rootOf(db))
}

/** Any number, as long as every Tintype process takes the same advisory lock. */
const KEYS_LOCK = 7_468_020

/** One process at a time sees to keys. */
export async function holdKeys(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${KEYS_LOCK})`.execute(tx)
}

/** Seals what an earlier version kept in plain, and draws the first key of a new installation. */
export async function sealSigningKeys(tx: Tx, nowMs: number): Promise<void> {
  const plain = await query(tx, sql<{ id: number; secret: string }>`select id, secret from signing_key where secret is not null`)
  for (const { id, secret } of plain) {
    const sealed = vaultOf(tx).seal(placeOf(id), Buffer.from(secret, 'hex'))
    await sql`update signing_key set sealed = ${sealed}, secret = null where id = ${id}`.execute(tx)
  }
  const [any] = await query(tx, sql`select 1 from signing_key where retired_at is null limit 1`)
  if (any === undefined) await addKey(tx, nowMs)
}

async function addKey(tx: Tx, nowMs: number): Promise<number> {
  const [next] = await query(tx, sql<{ id: number }>`select coalesce(max(id), 0) + 1 as id from signing_key`)
  const id = next?.id as number
  const sealed = vaultOf(tx).seal(placeOf(id), randomBytes(SECRET_BYTES))
  await sql`insert into signing_key (id, sealed, created_at) values (${id}, ${sealed}, ${new Date(nowMs)})`.execute(tx)
  return id
}

/** The id of a key that some sealed signing key asks for; null where there is none. */
export async function findSealingKeyId(db: Db): Promise<string | null> {
  const [row] = await query(db, sql<{ keyId: string }>`select ${KEY_ID} as "keyId" from signing_key where sealed is not null order by id desc limit 1`)
  return row?.keyId ?? null
}

/**
 * A new key signs from now on. The earlier ones still tell their own tokens, until the last of these has ended; with `atOnce` they go, and all
 * signed tokens and sessions end. Answers the new key's id.
 */
export async function rotateSigningKeys(tx: Tx, options: { atOnce: boolean }, nowMs: number): Promise<number> {
  await holdKeys(tx)
  const id = await addKey(tx, nowMs)
  if (options.atOnce) await sql`delete from signing_key where id <> ${id}`.execute(tx)
  else await sql`update signing_key set retired_at = ${new Date(nowMs)} where id <> ${id} and retired_at is null`.execute(tx)
  await callersChanged(tx)
  forgetSigningKeys(tx)
  return id
}

/** Deletes keys that no key from outside opens any more. Answers their ids. */
export async function discardLostKeys(tx: Tx): Promise<number[]> {
  await holdKeys(tx)
  const lost: number[] = []
  for (const { id, sealed } of await query(tx, sql<{ id: number; sealed: string }>`select id, sealed from signing_key where sealed is not null`)) {
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

export interface KeyRow {
  id: number
  keyId: string
  createdAt: Date
  retiredAt: Date | null
}

export function listSigningKeys(db: Db): Promise<KeyRow[]> {
  return query(db, sql<KeyRow>`select id, ${KEY_ID} as "keyId", created_at as "createdAt", retired_at as "retiredAt" from signing_key order by id`)
}

/** Forgets keys whose last token has ended. */
export async function forgetRetiredKeys(db: Db, retiredBeforeMs: number): Promise<void> {
  await sql`delete from signing_key where retired_at < ${new Date(retiredBeforeMs)}`.execute(db)
}
