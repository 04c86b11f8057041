import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Client as HubSpot } from '@hubspot/api-client'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { type AssociationEvent, associationEventsOf, recordsNamedBy } from '../../src/objects/index.ts'
import { loadObjectIds } from '../../src/store/records/index.ts'
import type { Client } from './client.ts'
import { hubspotClient } from './hubspot.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts'
import { createAgency, type TestLocation } from './tenants.ts'

/** Something that both wires know. */
export interface Known {
  /** On the HighLevel wire. */
  id: string
  /** On the HubSpot wire. */
  objectId: string
}

export interface CrmWorld extends AsyncDisposable {
  server: TestServer
  location: TestLocation
  neighbour: TestLocation
  /** The HighLevel wire. */
  client: Client
  hubspot: HubSpot
  contact(more?: object): Promise<Known>
  company(name?: string): Promise<Known>
  known(kind: string, id: string): Promise<Known>
  deal(contact: Known, more?: object): Promise<Known>
  /** What the change log has told of associations since this was asked for the last time. */
  events(): Promise<AssociationEvent[]>
}

let made = 0

export const word = () => Math.random().toString(36).slice(2, 10)

/**
 * A location that is asked on both wires: there for the tests of a file, from before the first until after the last. All
 * hooks of a file begin at once, so what the tests want besides is made by `furnish`.
 */
export function crmWorld(
  options: TestServerOptions = {},
  furnish: (world: CrmWorld) => Promise<unknown> = async () => {},
): CrmWorld {
  const world = {} as CrmWorld
  before(async () => {
    await furnish(Object.assign(world, await startCrmWorld(options)))
  })
  after(() => world[Symbol.asyncDispose]?.())
  return world
}

async function startCrmWorld(options: TestServerOptions): Promise<CrmWorld> {
  const server = await startTestServer(options)
  const [location, neighbour] = (await createAgency(server.app, { locations: 2 })).locations as [
    TestLocation,
    TestLocation,
  ]
  const client = server.client(location.token)
  const { db } = server.app.platform
  const known = async (kind: string, id: string): Promise<Known> => ({
    id,
    objectId: String((await loadObjectIds(db, location.id, [{ kind, id }])).get(`${kind} ${id}`)),
  })
  const post = async (path: string, body: object, noun: string) => {
    const reply = await client.post(path, { locationId: location.id, ...body })
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
    return reply.body[noun].id as string
  }
  let pipelineId: string | undefined
  let seen = new Set<string>()
  return {
    server,
    location,
    neighbour,
    client,
    known,
    hubspot: hubspotClient(server.url, location.token),
    contact: async (more = {}) =>
      known('contacts', await post('/contacts/', { firstName: `Person ${++made}`, ...more }, 'contact')),
    company: async (name = `Company ${++made}`) =>
      known('businesses', await post('/businesses/', { name }, 'buiseness')),
    async deal(contact, more = {}) {
      pipelineId ??= await post('/opportunities/pipelines/', { name: 'Sales', stages: [{ name: 'New' }] }, 'pipeline')
      const body = { name: `Deal ${++made}`, status: 'open', pipelineId, contactId: contact.id, ...more }
      return known('opportunities', await post('/opportunities/', body, 'opportunity'))
    },
    async events() {
      const changes = await query(
        db,
        sql<{ id: string; kind: string; entityId: string; delta: Record<string, unknown> | null }>`
          select id, kind, entity_id as "entityId", delta from change where location_id = ${location.id} order by at, id`,
      )
      const fresh = changes.filter(({ id }) => !seen.has(id))
      seen = new Set(changes.map(({ id }) => id))
      const numbers = await loadObjectIds(db, location.id, fresh.flatMap(recordsNamedBy))
      return fresh.flatMap((change) => associationEventsOf(change, (kind, id) => numbers.get(`${kind} ${id}`)))
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
