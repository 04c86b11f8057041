import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import type { Reply } from '../support/client.ts'
import { inputFor, send, toRequest } from '../support/requests.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import {
  createWorld,
  fingerprint,
  type Level,
  levelsOf,
  type Tenant,
  tokenFor,
  type World,
  weakToken,
} from '../support/tenant-world.ts'
import { assertRefusal, onWire, refusedOn } from '../support/wires.ts'

let server: TestServer
let world: World
/** What was stored when the test before ended: nothing changes between two tests. */
let stored: string
let weak: Record<Level, { revoked: string; scopeless: string }>

before(async () => {
  // Without a worker nothing changes behind the test's back.
  server = await startTestServer({ work: false, rateLimit: 0 })
  world = await createWorld(server)
  const weakOf = async (level: Level) => ({
    revoked: await weakToken(server, world.mine, { level, scopes: ['*'], revoked: true }),
    scopeless: await weakToken(server, world.mine, { level, scopes: ['nothing.readonly'] }),
  })
  weak = { agency: await weakOf('agency'), location: await weakOf('location'), app: await weakOf('app') }
  stored = await fingerprint(server)
})
after(() => server?.[Symbol.asyncDispose]())

const guarded = registry.all.filter((operation) => !['none', 'operator', 'person'].includes(operation.token))

function assertRefused(
  operation: Operation,
  reply: Reply,
  why: 'token' | 'scope' | 'kind' | 'version',
  message: string | RegExp,
): void {
  assertRefusal(operation, reply, why === 'version' ? 401 : refusedOn(operation, why), message)
  if (operation.wire === 'highlevel') assert.equal(reply.body.error, 'Unauthorized')
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
    `the answer shows what belongs to ${victim.word}: ${JSON.stringify(reply.body ?? '').slice(0, 500)}`,
  )
}

const NOBODY = { companyId: '', locationId: '', ids: new Map(), word: '' }

for (const operation of guarded) {
  test(`${operation.name} knows whom it answers`, async () => {
    const { mine } = world
    const input = inputFor(operation, mine)
    const call = (token: string | undefined, headers: Record<string, string> = {}) =>
      send(server.client(token), operation, input, headers)
    const [level] = levelsOf(operation)

    assertRefused(operation, await call(undefined), 'token', 'Invalid token: access token is missing')
    const stranger = 'pit-00000000-0000-4000-8000-000000000000'
    assertRefused(operation, await call(stranger), 'token', 'Invalid token: access token is invalid')
    for (const one of levelsOf(operation)) {
      assertRefused(operation, await call(weak[one].revoked), 'token', 'Invalid token: access token is invalid')
      const message = 'The token is not authorized for this scope.'
      assertRefused(operation, await call(weak[one].scopeless), 'scope', message)
    }
    if (operation.token !== 'either')
      assertRefused(
        operation,
        await call(tokenFor(mine, operation, level === 'location' ? 'agency' : 'location')),
        'kind',
        /^This authClass type is not allowed to access this scope\./,
      )
    const { method, path, body } = toRequest(operation, input)
    const type: Record<string, string> =
      body === undefined
        ? {}
        : { 'content-type': operation.rawBody === null ? 'application/json' : 'application/octet-stream' }
    const versionless = (headers: Record<string, string>) =>
      server
        .client(tokenFor(mine, operation, level))
        .raw(method, path, { headers: { ...type, ...headers }, ...(body === undefined ? {} : { body }) })
    if (!operation.versionless)
      assertRefused(operation, await versionless({}), 'version', 'version header was not found.')
    if (operation.wire === 'highlevel')
      assertRefused(operation, await versionless({ version: '1999-01-01' }), 'version', 'version header is invalid')

    await assertNothingWritten()
  })

  // A stream of one's own journal, which names nothing of anybody's, does not end.
  if (operation.follows && Object.keys(inputFor(operation, NOBODY)).length === 0) continue

  test(`${operation.name} keeps tenants apart`, async () => {
    const { mine, neighbour, stranger } = world
    for (const foreigner of [neighbour, stranger]) {
      // Ids of mine, words of nobody: whatever shows my word was read from what is stored.
      const input = inputFor(operation, { ...mine, word: 'harmless' })
      for (const level of levelsOf(operation)) {
        if (level !== 'location' && foreigner === neighbour) continue // the same agency
        const reply = await send(server.client(tokenFor(foreigner, operation, level)), operation, input)
        assertNothingOf(mine, reply)
        // Whatever is not there is gone, as it was wanted: nothing is told, and nothing was written.
        if (reply.status === 204 && operation.wire === 'hubspot') continue
        if (reply.status < 300) {
          // What becomes of such a snapshot stands in its status: test/contract/record-snapshots.test.ts.
          assert.ok(
            operation.name === 'recordSnapshots.create' || !namesSomethingOf(mine, operation, input),
            `a stranger's request is answered with ${reply.status}: ${JSON.stringify(reply.body).slice(0, 500)}`,
          )
          stored = await fingerprint(server)
          continue
        }
        // Where two bodies share a line, which of them it is decides about the kind of token.
        const kind = operation.foreign.length > 0 ? [401] : []
        const allowed = namesInAddress(mine, operation, input) ? [403, 404] : [...kind, 400, 403, 404, 409, 422]
        assert.ok(onWire(operation, allowed).includes(reply.status), `${reply.status} ${JSON.stringify(reply.body)}`)
      }
      await assertNothingWritten()
    }
  })
}

for (const operation of registry.all.filter(
  (one) => one.access === 'read' && one.output !== 'stream' && !['none', 'operator', 'person'].includes(one.token),
)) {
  test(`${operation.name} shows its caller nothing but their own`, async () => {
    for (const level of levelsOf(operation)) {
      const { mine, neighbour, stranger } = world
      const reply = await send(server.client(tokenFor(mine, operation, level)), operation, inputFor(operation, mine))
      assert.ok(
        ![401, 403].includes(reply.status) && reply.status < 500,
        `${reply.status} ${JSON.stringify(reply.body)}`,
      )
      assertNothingOf(stranger, reply)
      if (level === 'location') assertNothingOf(neighbour, reply)
      if (operation.locate === null || !operation.http.includes(`:${operation.locate.param}`)) continue
      assert.equal(reply.status, 200, `the tests above ask for a real thing: ${JSON.stringify(reply.body)}`)
    }
  })
}

const valuesOf = (tenant: Tenant) =>
  new Set([
    tenant.companyId,
    tenant.locationId,
    ...[...tenant.ids].filter(([name]) => name !== 'kind' && !name.includes('.')).map(([, id]) => id),
  ])

function namesSomethingOf(tenant: Tenant, operation: Operation, input: Record<string, unknown>): boolean {
  const values = valuesOf(tenant)
  const { pathNames } = placementOf(operation)
  return Object.entries(input).some(
    ([name, value]) =>
      [value].flat().some((one) => values.has(one as string)) ||
      (pathNames.includes(name) && values.has(String(value))),
  )
}

/**
 * Path, query and the names of tenants decide between 403 and 404; a reference in a body may be a fault of the input.
 */
function namesInAddress(tenant: Tenant, operation: Operation, input: Record<string, unknown>): boolean {
  const values = valuesOf(tenant)
  const { pathNames, queryNames } = placementOf(operation)
  const address = [...pathNames, ...queryNames, 'companyId', 'locationId', 'location_id', 'locationIds']
  return Object.entries(input).some(
    ([name, value]) => address.includes(name) && [value].flat().some((one) => values.has(one as string)),
  )
}
