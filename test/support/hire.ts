import { sql } from 'kysely'
import type { App } from '../../src/app.ts'
import { json } from '../../src/db/pool.ts'

/** People of these ids, who work in all of these locations. */
export async function hire(app: App, companyId: string, locationIds: readonly string[], ids: readonly string[]) {
  for (const [n, id] of ids.entries()) {
    const person = { firstName: id, lastName: 'Test', email: `${id}@team.example`, type: 'account', role: 'user' }
    await sql`insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
        values (${companyId}, 'users', ${id}, ${Math.floor(Math.random() * 2 ** 46) + n}, ${json({ ...person, locationIds })},
          '', now(), now())`.execute(app.platform.db)
  }
}
