import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, type Tx, texts } from '../db/pool.ts'
import { newId } from '../ids.ts'
import { type SealedColumn, vaultOf } from './vault.ts'

export const SEALED_WEBHOOK_SECRETS: SealedColumn = { table: 'webhook_secret', column: 'sealed', id: 'id' }

const placeOf = (id: string) => ({ table: SEALED_WEBHOOK_SECRETS.table, column: SEALED_WEBHOOK_SECRETS.column, id })

/** Standard Webhooks: 24 to 64 bytes, and what they are written with. */
const [SECRET_BYTES, PREFIX] = [32, 'whsec_']

export interface OfEndpoint {
  locationId: string
  id: string
}

/** A new secret of an endpoint; those before go on signing until their overlap ends. Read this once. */
export async function addWebhookSecret(
  tx: Tx,
  { locationId, id: endpointId }: OfEndpoint,
  { atMs, overlapMs }: { atMs: number; overlapMs: number },
): Promise<string> {
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64')
  const [id, ends] = [newId(), new Date(atMs + overlapMs)]
  await sql`update webhook_secret set ends_at = least(ends_at, ${ends}) where location_id = ${locationId}
      and endpoint_id = ${endpointId}`.execute(tx)
  await sql`delete from webhook_secret where location_id = ${locationId} and endpoint_id = ${endpointId}
      and ends_at <= ${new Date(atMs)}`.execute(tx)
  await sql`insert into webhook_secret (location_id, endpoint_id, id, sealed, created_at)
      values (${locationId}, ${endpointId}, ${id}, ${vaultOf(tx).seal(placeOf(id), secret)}, ${new Date(atMs)})`.execute(
    tx,
  )
  return secret
}

/** The secrets that sign for these endpoints now, the newest first: their bytes, by `location endpoint`. */
export async function readWebhookSecrets(
  db: Db,
  endpoints: readonly OfEndpoint[],
  atMs: number,
): Promise<Map<string, Buffer[]>> {
  const rows = await query(
    db,
    sql<{ locationId: string; endpointId: string; id: string; sealed: string }>`
      select location_id as "locationId", endpoint_id as "endpointId", id, sealed from webhook_secret
      where (location_id, endpoint_id) in (select * from unnest(
        ${texts(endpoints.map((one) => one.locationId))}, ${texts(endpoints.map((one) => one.id))}))
        and (ends_at is null or ends_at > ${new Date(atMs)})
      order by created_at desc, id`,
  )
  const found = new Map<string, Buffer[]>()
  for (const { locationId, endpointId, id, sealed } of rows) {
    const key = `${locationId} ${endpointId}`
    const text = vaultOf(db).open(placeOf(id), sealed).toString().slice(PREFIX.length)
    found.set(key, [...(found.get(key) ?? []), Buffer.from(text, 'base64')])
  }
  return found
}
