import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type { App } from '../../src/app.ts'
import { createAgency as createEmptyAgency } from '../../src/auth/agencies.ts'
import { createToken } from '../../src/auth/tokens.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { newId } from '../../src/ids.ts'

export interface TestLocation {
  id: string
  name: string
  portalId: number
  token: string
}

export interface TestAgency {
  companyId: string
  relationshipNumber: string
  token: string
  locations: TestLocation[]
}

/** An agency with locations and tokens that hold every scope and are not rate limited. */
export async function createAgency(app: App, options: { name?: string; locations?: number } = {}): Promise<TestAgency> {
  const name = options.name ?? 'Agency'
  const { db, clock } = app.platform
  return inTransaction(db, async (tx) => {
    const { id: companyId, relationshipNumber } = await createEmptyAgency(tx, { name }, Date.now())
    const tokenFor = async (locationId: string | null) =>
      (
        await createToken(
          tx,
          { name: 'test', agencyId: companyId, locationId, scopes: ['*'], unlimited: true },
          clock.nowMs(),
        )
      ).token
    const locations: TestLocation[] = []
    for (let index = 1; index <= (options.locations ?? 1); index++) {
      const location = { id: newId(), name: `${name} location ${index}`, portalId: randomInt(1, 2 ** 47) }
      await sql`insert into location (id, agency_id, portal_id, name, timezone, doc)
        values (${location.id}, ${companyId}, ${location.portalId}, ${location.name}, 'UTC', '{}')`.execute(tx)
      locations.push({ ...location, token: await tokenFor(location.id) })
    }
    return { companyId, relationshipNumber, token: await tokenFor(null), locations }
  })
}
