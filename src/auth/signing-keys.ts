import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, type Tx } from '../db/pool.ts'
import { rootOf } from '../db/session.ts'
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
export const placeOf = (id: number) => ({
  table: SEALED_SIGNING_KEYS.table,
  column: SEALED_SIGNING_KEYS.column,
  id: String(id),
})
export const KEY_ID = keyIdIn(SEALED_SIGNING_KEYS.column)
/** Processes agree on the keys within this time. */
const LIFE_MS = 5_000
/** What looks like a new key makes a process look again, this often at most. */
const PAUSE_MS = 1_000

interface Ring {
  /** The one that signs first. */
  keys: readonly SigningKey[]
  readMs: number
}

const rings = new WeakMap<Db, Ring>()
const readings = new WeakMap<Db, Promise<Ring>>()

async function readRing(db: Db, known: Ring | undefined): Promise<Ring> {
  const rows = await query(
    db,
    sql<{ id: number; sealed: string; retiredAt: Date | null }>`
      select id, sealed, retired_at as "retiredAt" from signing_key where sealed is not null
        order by retired_at desc nulls first, id desc`,
  )
  if (rows.length === 0) throw new Error('The signing key is missing.')
  const readMs = performance.now()
  try {
    const keys = rows.map(({ id, sealed, retiredAt }) => ({
      id,
      secret: vaultOf(db).open(placeOf(id), sealed),
      retiredAtMs: retiredAt?.getTime() ?? null,
    }))
    return { keys, readMs }
  } catch (error) {
    // They were sealed anew with a key that this process will know after its next start; what they sign is the same.
    if (known !== undefined && error instanceof SealedElsewhere) return { ...known, readMs }
    throw error
  }
}

/** The keys of an installation, the one that signs first. `anew`: something was met that an old list may not know. */
export async function signingKeys(db: Db, { anew = false }: { anew?: boolean } = {}): Promise<readonly SigningKey[]> {
  const root = rootOf(db)
  const known = rings.get(root)
  if (known !== undefined && performance.now() - known.readMs < (anew ? PAUSE_MS : LIFE_MS)) return known.keys
  // Whoever reads for all may wait for a connection that is held by somebody who waits for this transaction.
  if (root !== db) return (await readRing(db, known)).keys
  return (await (readings.get(root) ?? readForAll(root, known))).keys
}

/** One reads for all who wait. */
function readForAll(root: Db, known: Ring | undefined): Promise<Ring> {
  const isCurrent = () => readings.get(root) === reading
  const reading: Promise<Ring> = readRing(root, known)
    .then((ring) => {
      if (isCurrent()) rings.set(root, ring)
      return ring
    })
    .finally(() => {
      if (isCurrent()) readings.delete(root)
    })
  readings.set(root, reading)
  return reading
}

/** Those of another process have changed. */
export function forgetSigningKeys(db: Db): void {
  rings.delete(rootOf(db))
  readings.delete(rootOf(db))
}

/** Any number, as long as every Tintype process takes the same advisory lock. */
const KEYS_LOCK = 7_468_020

/** One process at a time sees to keys. */
export async function holdKeys(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${KEYS_LOCK})`.execute(tx)
}

export async function addKey(tx: Tx, nowMs: number): Promise<number> {
  const [next] = await query(tx, sql<{ id: number }>`select coalesce(max(id), 0) + 1 as id from signing_key`)
  const id = next?.id as number
  const sealed = vaultOf(tx).seal(placeOf(id), randomBytes(SECRET_BYTES))
  await sql`insert into signing_key (id, sealed, created_at) values (${id}, ${sealed}, ${new Date(nowMs)})`.execute(tx)
  return id
}

/** The id of a key that some sealed signing key asks for; null where there is none. */
export async function findSealingKeyId(db: Db): Promise<string | null> {
  const [row] = await query(
    db,
    sql<{
      keyId: string
    }>`select ${KEY_ID} as "keyId" from signing_key where sealed is not null order by id desc limit 1`,
  )
  return row?.keyId ?? null
}

export interface KeyRow {
  id: number
  keyId: string
  createdAt: Date
  retiredAt: Date | null
}

/** Forgets keys whose last token has ended. */
export async function forgetRetiredKeys(db: Db, retiredBeforeMs: number): Promise<void> {
  await sql`delete from signing_key where retired_at < ${new Date(retiredBeforeMs)}`.execute(db)
}
