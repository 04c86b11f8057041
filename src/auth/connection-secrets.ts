import { sql } from 'kysely'
import { type Db, query, type Tx } from '../db/pool.ts'
import { newId } from '../ids.ts'
import { type SealedColumn, vaultOf } from './vault.ts'

export const SEALED_CONNECTION_SECRETS: SealedColumn = { table: 'connection_secret', column: 'sealed', id: 'id' }

const placeOf = (id: string) => ({ table: 'connection_secret', column: 'sealed', id })

export interface OfConnection {
  locationId: string
  id: string
}

/** What opens, signs or is shown to the other program, by names. Null removes one; what is not named stays. */
export async function setConnectionSecrets(
  tx: Tx,
  { locationId, id: connectionId }: OfConnection,
  secrets: Readonly<Record<string, string | null>>,
  atMs: number,
): Promise<void> {
  for (const [name, secret] of Object.entries(secrets)) {
    await sql`delete from connection_secret where location_id = ${locationId} and connection_id = ${connectionId}
        and name = ${name}`.execute(tx)
    if (secret === null) continue
    const id = newId()
    await sql`insert into connection_secret (location_id, connection_id, name, id, sealed, created_at)
        values (${locationId}, ${connectionId}, ${name}, ${id}, ${vaultOf(tx).seal(placeOf(id), secret)},
          ${new Date(atMs)})`.execute(tx)
  }
}

/** Opened: for whoever checks or signs, and for no answer. */
export async function readConnectionSecrets(
  db: Db,
  { locationId, id: connectionId }: OfConnection,
): Promise<Record<string, string>> {
  const rows = await query(
    db,
    sql<{ name: string; id: string; sealed: string }>`
      select name, id, sealed from connection_secret
      where location_id = ${locationId} and connection_id = ${connectionId}`,
  )
  return Object.fromEntries(
    rows.map(({ name, id, sealed }) => [name, vaultOf(db).open(placeOf(id), sealed).toString()]),
  )
}

/** Which there are, and since when. */
export function listConnectionSecrets(
  db: Db,
  { locationId, id: connectionId }: OfConnection,
): Promise<{ name: string; createdAt: Date }[]> {
  return query(
    db,
    sql<{ name: string; createdAt: Date }>`
      select name, created_at as "createdAt" from connection_secret
      where location_id = ${locationId} and connection_id = ${connectionId} order by name`,
  )
}
