import type { Db, Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { sealSigningKeys } from './key-rotation.ts'
import { type KeySettings, makeKeyFile, readOutsideKeys, sourceOf } from './outside-keys.ts'
import { findSealingKeyId, holdKeys, signingKeys } from './signing-keys.ts'
import { createVault, explainWrongKey, useVault } from './vault.ts'

export interface Unlocked {
  /** The key file, if this start has made it. */
  madeFile: string | null
}

/**
 * Makes the secrets of a database usable: finds the keys from outside it, makes a key file where the installation has
 * no key yet, seals what is still in plain, and proves that everything that signs can be opened. Throws in words that
 * say what to do.
 */
export async function unlock(db: Db, settings: KeySettings, nowMs: number): Promise<Unlocked> {
  const madeFile = await inTransaction(db, async (tx) => {
    await holdKeys(tx)
    const made = await takeKeys(db, tx, settings)
    await sealSigningKeys(tx, nowMs)
    return made
  })
  await signingKeys(db, { anew: true })
  return { madeFile }
}

/** For commands that put keys right: nothing needs to open. */
export async function takeKeys(db: Db, tx: Tx, settings: KeySettings): Promise<string | null> {
  let keys = readOutsideKeys(settings)
  const { path } = sourceOf(settings)
  let made: string | null = null
  if (keys.length === 0 && path !== null) {
    const wanted = await findSealingKeyId(tx)
    if (wanted !== null) throw new Error(explainWrongKey(settings, wanted, []))
    makeKeyFile(path)
    made = path
    keys = readOutsideKeys(settings)
  }
  useVault(db, createVault(settings, keys))
  return made
}
