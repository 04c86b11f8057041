import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { type Db, query } from '../../src/db/pool.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { countsOf } from '../../src/store/records/counts.ts'
import { listRecords, type RecordResource, termsOf } from '../../src/store/records/index.ts'
import type { Client } from './client.ts'
import type { TestServer } from './server.ts'
import type { TestLocation } from './tenants.ts'

export const resource = contacts as unknown as RecordResource

/** Tags of a location and the contacts that bear them. */
export class TaggedContacts {
  readonly client: Client
  readonly locationId: string
  readonly db: Db

  constructor(server: TestServer, location: TestLocation) {
    this.client = server.client(location.token)
    this.locationId = location.id
    this.db = server.app.platform.db
  }

  async tag(name: string): Promise<string> {
    const made = await this.client.post(`/locations/${this.locationId}/tags`, { name })
    assert.equal(made.status, 200, JSON.stringify(made.body))
    return made.body.tag.id
  }

  async rename(id: string, name: string, status = 200) {
    const reply = await this.client.put(`/locations/${this.locationId}/tags/${id}`, { name })
    assert.equal(reply.status, status, JSON.stringify(reply.body))
  }

  async contact(email: string, tags: string[]): Promise<string> {
    const made = await this.client.post('/contacts/', { locationId: this.locationId, email, tags })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    return made.body.contact.id
  }

  async tagsOf(id: string): Promise<string[]> {
    return (await this.client.get(`/contacts/${id}`)).body.contact.tags as string[]
  }

  async tagNames(): Promise<string[]> {
    return (await this.client.get(`/locations/${this.locationId}/tags`)).body.tags.map(
      ({ name }: { name: string }) => name,
    ) as string[]
  }

  async found(name: string): Promise<{ ids: string[]; total: number }> {
    const body = {
      locationId: this.locationId,
      pageLimit: 100,
      filters: [{ field: 'tags', operator: 'eq', value: name }],
      sort: [{ field: 'email' }],
    }
    const reply = await this.client.post('/contacts/search', body)
    return { ids: reply.body.contacts.map(({ id }: { id: string }) => id), total: reply.body.total }
  }

  /** Terms and counts of every contact are those that its document has. */
  async assertSound(locationId = this.locationId) {
    const rows = await listRecords(this.db, resource, locationId)
    const stored = await query(
      this.db,
      sql<{ id: string; same: boolean; terms: string[] }>`
        select id, tsvector_to_array(terms) as terms from record where location_id = ${locationId} and kind = 'contacts'
          and deleted_at is null`,
    )
    const terms = new Map(stored.map((row) => [row.id, row.terms]))
    for (const { id, document } of rows)
      assert.deepEqual(terms.get(id)?.toSorted(), termsOf(resource, locationId, document).toSorted(), id)
    const kept = await query(
      this.db,
      sql<{ term: string; n: number }>`
        select term, sum(n)::int as n from (
          select term, n from record_count where location_id = ${locationId} and kind = 'contacts'
          union all select key, value::bigint from record_count_change, jsonb_each_text(counts)
            where location_id = ${locationId} and kind = 'contacts') both_parts
        group by term having sum(n) <> 0`,
    )
    const counted = countsOf(
      resource,
      rows.map(({ document }) => [undefined, document]),
    )
    assert.deepEqual(Object.fromEntries(kept.map(({ term, n }) => [term, n])), Object.fromEntries(counted))
  }
}
