import { sql } from 'kysely'
import { createToken } from '../src/auth/tokens.ts'
import { type Db, texts } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { newId } from '../src/ids.ts'
import { RESOURCES } from '../src/resources/index.ts'
import { type AssetDocument, type AssetResource, createAsset } from '../src/store/assets/index.ts'

export interface Fleet {
  companyId: string
  token: string
  locationIds: string[]
}

/** An agency with many empty locations, made by set-based SQL. */
export async function createFleet(db: Db, size: number): Promise<Fleet> {
  const companyId = newId()
  const locationIds = Array.from({ length: size }, () => newId())
  await sql`insert into agency (id, name, relationship_number)
      values (${companyId}, 'Bench', ${`9-${String(size).padStart(6, '0').replace(/(...)/, '$1-')}`})`.execute(db)
  await sql`
    insert into location (id, agency_id, portal_id, name, timezone, doc)
    select l.id, ${companyId}, (select coalesce(max(portal_id), 0) from location) + l.n, 'Location ' || l.n, 'UTC', '{}'
      from unnest(${texts(locationIds)}) with ordinality l(id, n)`.execute(db)
  return { companyId, token: await tokenFor(db, companyId, null), locationIds }
}

/** A token of a location, or of the agency, that may do everything and is not limited. */
export async function tokenFor(db: Db, agencyId: string, locationId: string | null): Promise<string> {
  const wish = { name: 'bench', agencyId, locationId, scopes: ['*'], unlimited: true }
  return (await inTransaction(db, (tx) => createToken(tx, wish, Date.now()))).token
}

/** A location with this many assets of many kinds that refer to each other, written by the store itself. */
export async function createSource(db: Db, companyId: string, assets: number): Promise<string> {
  const locationId = newId()
  await sql`insert into location (id, agency_id, portal_id, name, timezone, doc)
      select ${locationId}, ${companyId}, max(portal_id) + 1, 'Source', 'UTC', '{}' from location`.execute(db)
  const resource = (kind: string) => RESOURCES.get(kind) as AssetResource
  await inTransaction(db, async (tx) => {
    const scope = {
      tx,
      locationId,
      author: { actor: 'system', cause: null, atMs: Date.now() },
      kinds: [...RESOURCES.keys()],
    }
    const make = async (kind: string, document: AssetDocument) =>
      (await createAsset(scope, resource(kind), document)).id
    const fields: string[] = []
    const tags: string[] = []
    for (let n = 0; n < assets; n++) {
      const pick = n % 10
      if (pick < 3)
        fields.push(
          await make('custom_fields', {
            name: `Field ${n}`,
            fieldKey: `contact.field_${n}`,
            dataType: 'TEXT',
            model: 'contact',
            position: n,
          }),
        )
      else if (pick < 5) tags.push(await make('tags', { name: `tag ${n}` }))
      else if (pick === 5)
        await make('custom_values', {
          name: `Value ${n}`,
          fieldKey: `{{ custom_values.value_${n} }}`,
          default: 'x',
          value: 'x',
        })
      else if (pick === 6)
        await make('templates', {
          name: `Text ${n}`,
          type: 'sms',
          template: { body: `Hello {{contact.first_name}}, number ${n}`, attachments: [] },
          urlAttachments: [],
        })
      else if (pick < 9) {
        const asked = fields.slice(-5).map((customFieldId, index) => ({
          id: `f${index}`,
          type: 'custom_field',
          label: `Question ${index}`,
          customFieldId,
        }))
        await make('forms', {
          name: `Form ${n}`,
          fields: asked,
          onSubmit: { action: 'message', message: 'Thanks', tagIds: tags.slice(-2) },
        })
      } else {
        const last = tags.slice(-3)
        const steps = last.map((tagId, index) => ({
          id: `s${index}`,
          type: 'add_tag',
          tagIds: [tagId],
          next: index < last.length - 1 ? `s${index + 1}` : null,
        }))
        await make('workflows', { name: `Workflow ${n}`, steps })
      }
    }
  })
  return locationId
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the API, read in a few places
export type Call = (method: string, path: string, body?: unknown) => Promise<any>

/** Asks the API for the agency; throws what it refuses. */
export function callerOf(url: string, { companyId, token }: Fleet): Call {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}companyId=${companyId}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        version: '2021-07-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 500)}`)
    return response.json()
  }
}
