import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, type Tx } from '../db/pool.ts'
import { rootOf } from '../db/session.ts'
import { inTransaction } from '../db/transaction.ts'
import { holdKeys } from './signing-keys.ts'
import { keyIdIn, type SealedColumn, SealedElsewhere, vaultOf } from './vault.ts'

export const SEALED_WEBHOOK_KEYS: SealedColumn = { table: 'webhook_key', column: 'sealed', id: 'id::text' }

const placeOf = (id: number) => ({
  table: SEALED_WEBHOOK_KEYS.table,
  column: SEALED_WEBHOOK_KEYS.column,
  id: String(id),
})
/** Processes agree on the keys within this time. */
const LIFE_MS = 5_000

export interface WebhookKey {
  id: number
  createdAt: Date
  /** Signs no more from then on; null: to no end that is known. */
  endsAt: Date | null
  secret: KeyObject
  /** The 32 bytes of the public key. */
  raw: Buffer
  /** The same as others take it (SPKI). */
  pem: string
}

/** One at least. */
export type WebhookKeys = readonly [WebhookKey, ...WebhookKey[]]

const rings = new WeakMap<Db, { keys: readonly WebhookKey[]; readMs: number }>()

/**
 * The Ed25519 keys that sign what this installation sends, the oldest first. After a rotation there are two for a while;
 * where only one signature fits, it is the older one's. The first who asks makes the first key.
 */
export async function webhookKeys(db: Db, atMs: number): Promise<WebhookKeys> {
  const root = rootOf(db)
  const known = rings.get(root)
  const isFresh = known !== undefined && performance.now() - known.readMs < LIFE_MS
  const keys = signingAt(isFresh ? known.keys : await readAgain(db, known?.keys), atMs) ?? (await make(root, atMs))
  if (!isFresh) rings.set(root, { keys, readMs: performance.now() })
  return keys
}

/** They were sealed anew with a key that this process will know after its next start: what they sign is the same. */
async function readAgain(db: Db, known: readonly WebhookKey[] | undefined): Promise<readonly WebhookKey[]> {
  try {
    return await read(db)
  } catch (error) {
    if (known !== undefined && error instanceof SealedElsewhere) return known
    throw error
  }
}

function signingAt(keys: readonly WebhookKey[], atMs: number): WebhookKeys | null {
  const [first, ...more] = keys.filter(({ endsAt }) => endsAt === null || endsAt.getTime() > atMs)
  return first === undefined ? null : [first, ...more]
}

async function read(db: Db): Promise<WebhookKey[]> {
  return (await readRows(db)).map((row) => toKey(row, vaultOf(db).open(placeOf(row.id), row.sealed)))
}

export interface WebhookKeyRow extends Pick<WebhookKey, 'id' | 'createdAt' | 'endsAt'> {
  sealed: string
  /** What it is sealed with. */
  keyId: string
}

const readRows = (db: Db) =>
  query(
    db,
    sql<WebhookKeyRow>`select id, sealed, ${keyIdIn(SEALED_WEBHOOK_KEYS.column)} as "keyId", created_at as "createdAt",
        ends_at as "endsAt" from webhook_key order by id`,
  )

/** Of those that sign now, and without opening them. */
export async function listWebhookKeys(db: Db, atMs: number): Promise<WebhookKeyRow[]> {
  return (await readRows(db)).filter(({ endsAt }) => endsAt === null || endsAt.getTime() > atMs)
}

/** A new key signs beside those before, which end after the overlap, and alone from then on. */
export async function rotateWebhookKeys(
  tx: Tx,
  { overlapMs }: { overlapMs: number },
  atMs: number,
): Promise<WebhookKey> {
  await holdKeys(tx)
  const ends = new Date(atMs + overlapMs)
  await sql`update webhook_key set ends_at = least(ends_at, ${ends})`.execute(tx)
  const key = await add(tx, atMs)
  await forgetEndedWebhookKeys(tx, atMs)
  rings.delete(rootOf(tx))
  return key
}

/** Deletes keys that no key from outside opens any more: the next start makes another. Answers whether there were any. */
export async function discardLostWebhookKeys(tx: Tx): Promise<boolean> {
  const lost = (await readRows(tx)).filter((row) => {
    try {
      vaultOf(tx).open(placeOf(row.id), row.sealed)
      return false
    } catch (error) {
      if (!(error instanceof SealedElsewhere)) throw error
      return true
    }
  })
  await sql`delete from webhook_key where id = any(${lost.map(({ id }) => id)}::int[])`.execute(tx)
  return lost.length > 0
}

/** Forgets keys that sign no more. */
export async function forgetEndedWebhookKeys(db: Db, atMs: number): Promise<void> {
  await sql`delete from webhook_key where ends_at <= ${new Date(atMs)}`.execute(db)
}

function make(db: Db, atMs: number): Promise<WebhookKeys> {
  return inTransaction(db, async (tx) => {
    await holdKeys(tx)
    return signingAt(await read(tx), atMs) ?? [await add(tx, atMs)]
  })
}

async function add(tx: Tx, atMs: number): Promise<WebhookKey> {
  const der = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })
  const rows = await query(tx, sql<{ id: number }>`select coalesce(max(id), 0) + 1 as id from webhook_key`)
  const row = { id: rows[0]?.id as number, createdAt: new Date(atMs), endsAt: null }
  await sql`insert into webhook_key (id, sealed, created_at)
      values (${row.id}, ${vaultOf(tx).seal(placeOf(row.id), der)}, ${row.createdAt})`.execute(tx)
  return toKey(row, der)
}

function toKey({ id, createdAt, endsAt }: Omit<WebhookKeyRow, 'sealed' | 'keyId'>, der: Buffer): WebhookKey {
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const key = createPublicKey(secret)
  return {
    id,
    createdAt,
    endsAt,
    secret,
    raw: Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url'),
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
  }
}
