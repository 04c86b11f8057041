import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, queryOne, type Tx } from '../db/pool.ts'
import { rootOf } from '../db/session.ts'
import { inTransaction } from '../db/transaction.ts'
import { holdKeys } from './signing-keys.ts'
import { type SealedColumn, SealedElsewhere, vaultOf } from './vault.ts'

export const SEALED_WEBHOOK_KEYS: SealedColumn = { table: 'webhook_key', column: 'sealed', id: 'id::text' }

const ID = 1
const PLACE = { table: SEALED_WEBHOOK_KEYS.table, column: SEALED_WEBHOOK_KEYS.column, id: String(ID) }

export interface WebhookKey {
  secret: KeyObject
  /** The 32 bytes of the public key. */
  raw: Buffer
  /** The same as others take it (SPKI). */
  pem: string
}

const known = new WeakMap<Db, WebhookKey>()

/** The Ed25519 key that signs what this installation sends. The first who asks for it makes it. */
export async function webhookKey(db: Db, atMs: number): Promise<WebhookKey> {
  const root = rootOf(db)
  const key = known.get(root) ?? (await read(db)) ?? (await make(root, atMs))
  known.set(root, key)
  return key
}

/** Deletes the key if no key from outside opens it any more: the next start makes another. Answers whether it did. */
export async function discardLostWebhookKey(tx: Tx): Promise<boolean> {
  try {
    await read(tx)
    return false
  } catch (error) {
    if (!(error instanceof SealedElsewhere)) throw error
  }
  await sql`delete from webhook_key where id = ${ID}`.execute(tx)
  return true
}

async function read(db: Db): Promise<WebhookKey | null> {
  const row = await queryOne(db, sql<{ sealed: string }>`select sealed from webhook_key where id = ${ID}`)
  return row === null ? null : toKey(vaultOf(db).open(PLACE, row.sealed))
}

function make(db: Db, atMs: number): Promise<WebhookKey> {
  return inTransaction(db, async (tx) => {
    await holdKeys(tx)
    const made = await read(tx)
    if (made !== null) return made
    const der = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })
    await sql`insert into webhook_key (id, sealed, created_at)
        values (${ID}, ${vaultOf(tx).seal(PLACE, der)}, ${new Date(atMs)})`.execute(tx)
    return toKey(der)
  })
}

function toKey(der: Buffer): WebhookKey {
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const key = createPublicKey(secret)
  return {
    secret,
    raw: Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url'),
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
  }
}
