import { sql } from 'kysely'
import { json } from '../../src/db/pool.ts'
import type { Client } from './client.ts'
import { startTestServer, type TestServer } from './server.ts'
import { createAgency } from './tenants.ts'

/** A location and whoever works in it. */
export interface Office {
  id: string
  client: Client
}

export interface Offices extends AsyncDisposable {
  server: TestServer
  agencyClient: Client
  companyId: string
  /** One for each of the descriptions. */
  offices: Office[]
}

/** A server with one location for each of these, which are what is known of the location: `{country: 'DE'}`. */
export async function startOffices(...descriptions: readonly Record<string, unknown>[]): Promise<Offices> {
  const server = await startTestServer({ work: false })
  const agency = await createAgency(server.app, { locations: descriptions.length })
  for (const [index, { timezone = 'UTC', ...doc }] of descriptions.entries())
    await sql`update location set doc = ${json(doc)}, timezone = ${timezone}
        where id = ${agency.locations[index]?.id}`.execute(server.app.platform.db)
  return {
    server,
    agencyClient: server.client(agency.token),
    companyId: agency.companyId,
    offices: agency.locations.map(({ id, token }) => ({ id, client: server.client(token) })),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
