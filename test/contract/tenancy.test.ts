import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import type { Reply } from '../support/client.ts'
import { inputFor, send, toRequest } from '../support/requests.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createWorld, fingerprint, type Tenant, tokenFor, type World, weakToken } from '../support/tenant-world.ts'

let server: TestServer
let world: World
/** What was stored when the test before ended: nothing changes between two tests. */
let stored: string
let weak: Record<'agency' | 'location', { revoked: string; scopeless: string }>

before(async () => {
  // Without a worker nothing changes behind the test's back.
  server = await startTestServer({ work: false, rateLimit: 0 })
  world = await createWorld(server)
  const weakOf = async (level: 'agency' | 'location') => ({
    revoked: await weakToken(server, world.mine, { level, scopes: ['*'], revoked: true }),
    scopeless: await weakToken(server, world.mine, { level, scopes: ['nothing.readonly'] }),
  })
  weak = { agency: await weakOf('agency'), location: await weakOf('location') }
  stored = await fingerprint(server)
})
after(() => server?.[Symbol.asyncDispose]())

const guarded = registry.all.filter((operation) => !['none', 'operator'].includes(operation.token))
const levelsOf = (operation: Operation) =>
  operation.token === 'either' ? (['agency', 'location'] as const) : ([operation.token as 'agency' | 'location'] as const)

function assertRefused(reply: Reply, status: number, message: string | RegExp): void {
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  assert.equal(reply.body.statusCode, status)
  if (typeof message === 'string') assert.equal(reply.body.message, message)
  else assert.match(reply.body.message, message)
  assert.equal(reply.body.error, status === 401 ? 'Unauthorized' : 'Forbidden')
  assert.equal(reply.body.traceId, reply.headers.get('x-trace-id'))
}

async function assertNothingWritten(): Promise<void> {
  const before = stored
  stored = await fingerprint(server)
  assert.equal(stored, before, 'a refused request wrote something')
}

/** What every answer to a foreigner must hold to. */
function assertNothingOf(victim: Tenant, reply: Reply): void {
  assert.ok(
    !JSON.stringify(reply.body ?? '').includes(victim.word),
    `the answer shows what belongs to ${victim.word}: ${JSON.stringify(reply.body).slice(0, 500)}`,
  )
}

for (const operation of guarded) {
  test(`${operation.name} knows whom it answers`, async () => {
    const { mine } = world
    const input = inputFor(operation, mine)
    const call = (token: string | undefined, headers: Record<string, string> = {}) => send(server.client(token), operation, input, headers)
    const [level] = levelsOf(operation)

    assertRefused(await call(undefined), 401, 'Invalid token: access token is missing')
    assertRefused(await call('pit-00000000-0000-4000-8000-000000000000'), 401, 'Invalid token: access token is invalid')
    for (const one of levelsOf(operation)) {
      assertRefused(await call(weak[one].revoked), 401, 'Invalid token: access token is invalid')
      assertRefused(await call(weak[one].scopeless), 401, 'The token is not authorized for this scope.')
    }
    if (operation.token !== 'either')
      assertRefused(
        await call(tokenFor(mine, operation, level === 'agency' ? 'location' : 'agency')),
        401,
        /^This authClass type is not allowed to access this scope\./,
      )
    const { method, path, body } = toRequest(operation, input)
    const type: Record<string, string> =
      body === undefined ? {} : { 'content-type': operation.rawBody === null ? 'application/json' : 'application/octet-stream' }
    const versionless = (headers: Record<string, string>) =>
      server.client(tokenFor(mine, operation, level!)).raw(method, path, { headers: { ...type, ...headers }, ...(body === undefined ? {} : { body }) })
    assertRefused(await versionless({}), 401, 'version header was not found.')
    assertRefused(await versionless({ version: '1999-01-01' }), 401, 'version header is invalid')

    await assertNothingWritten()
  })

  test(`${operation.name} keeps tenants apart`, async () => {
    const { mine, neighbour, stranger } = world
    for (const foreigner of [neighbour, stranger]) {
      // Ids of mine, words of nobody: whatever shows my word was read from what is stored.
      const input = inputFor(operation, { ...mine, word: 'harmless' })
      for (const level of levelsOf(operation)) {
        if (level === 'agency' && foreigner === neighbour) continue // the same agency
        const reply = await send(server.client(tokenFor(foreigner, operation, level)), operation, input)
        assertNothingOf(mine, reply)
        if (reply.status < 300) {
          assert.ok(
            !namesSomethingOf(mine, operation, input),
            `a stranger's request is answered with ${reply.status}: ${JSON.stringify(reply.body).slice(0, 500)}`,
          )
          stored = await fingerprint(server)
          continue
        }
        // Where two bodies share a line, which of them it is decides about the kind of token.
        const kind = operation.foreign.length > 0 ? [401] : []
        const allowed = namesInAddress(mine, operation, input) ? [403, 404] : [...kind, 400, 403, 404, 409, 422]
        assert.ok(allowed.includes(reply.status), `${reply.status} ${JSON.stringify(reply.body)}`)
      }
      await assertNothingWritten()
    }
  })
}

for (const operation of registry.all.filter((one) => one.access === 'read' && one.output !== 'stream' && !['none', 'operator'].includes(one.token))) {
  test(`${operation.name} shows its caller nothing but their own`, async () => {
    for (const level of levelsOf(operation)) {
      const { mine, neighbour, stranger } = world
      const reply = await send(server.client(tokenFor(mine, operation, level)), operation, inputFor(operation, mine))
      assert.ok(![401, 403].includes(reply.status) && reply.status < 500, `${reply.status} ${JSON.stringify(reply.body)}`)
      assertNothingOf(stranger, reply)
      if (level === 'location') assertNothingOf(neighbour, reply)
      if (operation.locate === null || !operation.http.includes(`:${operation.locate.param}`)) continue
      assert.equal(reply.status, 200, `the tests above ask for a real thing: ${JSON.stringify(reply.body)}`)
    }
  })
}

const valuesOf = (tenant: Tenant) =>
  new Set([tenant.companyId, tenant.locationId, ...[...tenant.ids].filter(([name]) => name !== 'kind' && !name.includes('.')).map(([, id]) => id)])

function namesSomethingOf(tenant: Tenant, operation: Operation, input: Record<string, unknown>): boolean {
  const values = valuesOf(tenant)
  const { pathNames } = placementOf(operation)
  return Object.entries(input).some(
    ([name, value]) => [value].flat().some((one) => values.has(one as string)) || (pathNames.includes(name) && values.has(String(value))),
  )
}

/** Path, query and the names of tenants decide between 403 and 404; a reference in a body may be a fault of the input. */
function namesInAddress(tenant: Tenant, operation: Operation, input: Record<string, unknown>): boolean {
  const values = valuesOf(tenant)
  const { pathNames, queryNames } = placementOf(operation)
  const address = [...pathNames, ...queryNames, 'companyId', 'locationId', 'location_id', 'locationIds']
  return Object.entries(input).some(([name, value]) => address.includes(name) && [value].flat().some((one) => values.has(one as string)))
}
