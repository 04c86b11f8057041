import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PRESETS } from '../../src/connect/index.ts'
import type { Client } from '../support/client.ts'
import { makeConnection } from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let manager: Client
before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 1, name: 'Revised' })
  manager = server.client(agency.token)
})
after(() => server?.[Symbol.asyncDispose]())

const read = async (id: string) => (await manager.get(`/connections/${id}`)).body.connection
const { csv, mapping } = PRESETS.find(({ id }) => id === 'locations-csv') as (typeof PRESETS)[number]

test('a change meant for a connection as it was read is refused once somebody has changed it, and says who and what', async () => {
  const location = agency.locations[0] as { id: string }
  // One of a sub-account, and one of the agency itself.
  for (const [body, query] of [
    [{}, `?locationId=${location.id}`],
    [{ way: 'file', definition: { source: { csv }, mapping } }, ''],
  ] as const) {
    const { id } = await makeConnection(manager, body, { deploy: false, query })
    const { revision, definition: was } = await read(id)
    const put = (body: object) => manager.put(`/connections/${id}`, body)
    const one = { definition: { ...was, source: { ...was.source, items: 'data.contacts' } } }
    assert.equal((await put({ ...one, revision })).status, 200)
    const late = await put({ definition: { ...was, source: { ...was.source, items: 'rows' } }, revision })
    assert.equal(late.status, 409, JSON.stringify(late.body))
    assert.match(late.body.message, /changed since it was read: version 2 by .+: source\.items\. Nothing was written/)
    const rollback = await manager.post(`/connections/${id}/rollback`, { version: 1, revision })
    assert.equal(rollback.status, 409, JSON.stringify(rollback.body))
    const now = await read(id)
    assert.deepEqual([now.version, now.definition.source.items], [2, 'data.contacts'])

    assert.equal((await put({ name: 'Renamed' })).status, 200)
    const named = await put({ name: 'Otherwise', revision: now.revision })
    assert.equal(named.status, 409)
    assert.match(named.body.message, /read: its name or settings\./)
    const renamed = await read(id)
    assert.equal(renamed.name, 'Renamed')
    // What runs, or stands still, changes no revision.
    assert.equal((await manager.post(`/connections/${id}/deploy`)).status, 200)
    assert.equal((await put({ settings: { retentionDays: 7 }, revision: renamed.revision })).status, 200)
    assert.equal((await put({ name: 'Last wins' })).status, 200, 'who names no revision is not refused')
    for (const other of ['', '1', '0.x', '999999999999.x', '99.x', 'null'])
      assert.equal((await put({ name: 'Never', revision: other })).status, 409, other)
  }
})
