import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { RESOURCES } from '../../src/resources/index.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createWorld, type World, weakToken } from '../support/tenant-world.ts'

let server: TestServer
let world: World
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
  world = await createWorld(server)
})
after(() => server?.[Symbol.asyncDispose]())

for (const { kind, scopes } of RESOURCES.values()) {
  test(`the history of ${kind} is for those who may read ${kind}`, async () => {
    const { mine } = world
    const path = `/locations/${mine.locationId}/assets/${kind}/${mine.ids.get(kind)}/history`
    const statusWith = async (level: 'agency' | 'location', held: string[]) =>
      (await server.client(await weakToken(server, mine, { level, scopes: held })).get(path)).status
    for (const level of ['location', 'agency'] as const) {
      const other = scopes.read.startsWith('locations.')
        ? ['forms.readonly']
        : ['locations.readonly', 'locations.write']
      assert.equal(await statusWith(level, other), 401, `${level}: another scope`)
      assert.equal(await statusWith(level, [scopes.read]), 200, `${level}: to read`)
      assert.equal(await statusWith(level, [scopes.write]), 200, `${level}: to write`)
    }
  })
}
