import { sql } from 'kysely'
import { type Db, query, type Tx } from '../db/pool.ts'
import { rootOf } from '../db/session.ts'
import { type KeySettings, readOutsideKeys, sourceOf } from './outside-keys.ts'
import { keyIdOf, type OutsideKey, prefixOf, type SealedPlace, seal, unseal } from './sealing.ts'

/** Seals what the server must read back before it goes into the database, and opens it again. */
export interface Vault {
  /** The key that seals. */
  keyId: string
  seal(place: SealedPlace, secret: Buffer | string): string
  /** Throws `SealedElsewhere` where the key is not at hand, and another error where the value was tampered with. */
  open(place: SealedPlace, sealed: string): Buffer
}

/**
 * A column whose values are sealed. The module that owns the table declares it, and `sealed-columns.ts` lists all of
 * them.
 */
export interface SealedColumn {
  table: string
  column: string
  /** An SQL expression for the text that tells one row from another. */
  id: string
}

export class SealedElsewhere extends Error {}

const vaults = new WeakMap<Db, Vault>()

/** From here on the secrets of this database can be sealed and opened. */
export function useVault(db: Db, vault: Vault): void {
  vaults.set(db, vault)
}

/** The vault of a database, or of the one that a transaction belongs to. */
export function vaultOf(db: Db): Vault {
  const vault = vaults.get(rootOf(db))
  if (vault === undefined) throw new Error('The secrets of this database were not unlocked (auth/unlock.ts).')
  return vault
}

/** `keys`: at least one. A key that is not at hand may have been put into the file since: it is read once more. */
export function createVault(settings: KeySettings, first: readonly OutsideKey[]): Vault {
  let keys = first
  const current = () => keys[0] as OutsideKey
  const find = (id: string) => keys.find((key) => key.id === id)
  return {
    get keyId() {
      return current().id
    },
    seal: (place, secret) => seal(current(), place, Buffer.from(secret)),
    open(place, sealed) {
      const id = keyIdOf(sealed)
      if (id === null) throw new Error(`${place.table}.${place.column} of ${place.id} is no sealed value.`)
      if (find(id) === undefined && sourceOf(settings).path !== null) keys = readOutsideKeys(settings)
      const key = find(id)
      if (key === undefined) throw new SealedElsewhere(explainWrongKey(settings, id, keys))
      try {
        return unseal(key, place, sealed)
      } catch (cause) {
        throw new Error(
          `${place.table}.${place.column} of ${place.id} does not open: the value was changed, or moved from ` +
            'another row.',
          { cause },
        )
      }
    },
  }
}

export function explainWrongKey(settings: KeySettings, wanted: string, keys: readonly OutsideKey[]): string {
  const { name } = sourceOf(settings)
  const have =
    keys.length === 0 ? `there is no key: ${name} does not exist` : `${name} has ${keys.map(({ id }) => id).join(', ')}`
  return (
    `The secrets in this database are sealed with key ${wanted}, and ${have}. Give every process the key that the ` +
    'first one had: TINTYPE_SECRET_KEY, ' +
    'TINTYPE_SECRET_KEY_FILE, or the file secret.key of its data folder. If it is lost for good: tintype keys ' +
    'rotate --discard-lost (docs/security.md, "Keys").'
  )
}

/** The id of the key that a value of a sealed column was sealed with, in SQL. */
export const keyIdIn = (column: string) => sql<string>`split_part(${sql.ref(column)}, '.', 2)`

/** Seals a column anew with the key that seals now. Answers how many values that were. */
export async function reseal(tx: Tx, { table, column, id }: SealedColumn): Promise<number> {
  const vault = vaultOf(tx)
  const rows = await query(
    tx,
    sql<{ id: string; sealed: string }>`
      select ${sql.raw(id)} as id, ${sql.ref(column)} as sealed from ${sql.table(table)}
      where ${sql.ref(column)} is not null and not starts_with(${sql.ref(column)}, ${prefixOf(vault.keyId)})
        for update`,
  )
  for (const row of rows) {
    const place = { table, column, id: row.id }
    const sealed = vault.seal(place, vault.open(place, row.sealed))
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sealed} where ${sql.raw(id)} = ${row.id}`.execute(
      tx,
    )
  }
  return rows.length
}

/** How many values of a column each key has sealed. */
export function countSealed(db: Db, { table, column }: SealedColumn): Promise<{ keyId: string; count: number }[]> {
  return query(
    db,
    sql<{ keyId: string; count: number }>`
      select ${keyIdIn(column)} as "keyId", count(*) as count from ${sql.table(table)}
        where ${sql.ref(column)} is not null group by 1 order by 1`,
  )
}
