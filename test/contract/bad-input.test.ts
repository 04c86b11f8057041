import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TSchema } from 'typebox'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import type { Client, Reply } from '../support/client.ts'
import { newPerson } from '../support/person.ts'
import { inputFor, send, sendText, toRequest, UNKNOWN_ID } from '../support/requests.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createWorld, fingerprint, levelsOf, type Tenant, tokenFor } from '../support/tenant-world.ts'
import { assertRefusal, faultsTold, invalidOn, onWire, refusesStrangers } from '../support/wires.ts'

const BODY_BYTES = 65_536
/** Naming a tenant that is not one's own is 403 before anything else is looked at. */
const TENANT_NAMES = ['companyId', 'locationId', 'location_id', 'locationIds']

let server: TestServer
let mine: Tenant
/** Whoever calls what is for people alone. */
let owner: Client
/** What was stored when the test before ended: nothing changes between two tests. */
let stored: string

before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0, bodyBytes: BODY_BYTES, archiveBytes: BODY_BYTES })
  mine = (await createWorld(server)).mine
  owner = await newPerson(server, { agencyId: mine.companyId, role: 'owner' })
  stored = await fingerprint(server)
})
after(() => server?.[Symbol.asyncDispose]())

interface Schema {
  type?: string
  enum?: unknown[]
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
}

interface Fault {
  what: string
  input: Record<string, unknown>
  /** What one of the messages must hold. */
  names: string
  /** Statuses that are right. */
  status: readonly number[]
}

type Input = Record<string, unknown>

/** Every way in which one property can be wrong. Where a value cannot be wrong (free JSON), there is none. */
function faultsIn(operation: Operation, input: Input, name: string): Fault[] {
  const { pathNames, queryNames } = placementOf(operation)
  const schema = operation.input.properties[name] as TSchema & Schema
  const isText = pathNames.includes(name) || queryNames.includes(name)
  const status = TENANT_NAMES.includes(name) ? [403, 422] : [422]
  const faults: Fault[] = []
  const add = (what: string, value: unknown, more: readonly number[] = []) =>
    faults.push({ what, input: { ...input, [name]: value }, names: name, status: [...status, ...more] })
  const { [name]: _, ...without } = input
  const needed = (operation.input.required as string[] | undefined)?.includes(name) && !pathNames.includes(name)
  if (needed) faults.push({ what: 'missing', input: without, names: name, status })
  if (schema.enum !== undefined) add('bad choice', 'no-such-choice')
  else if (schema.type === 'string') {
    // A path or query value is text whatever it looks like; the router may refuse some bytes before we see them.
    add('U+0000', 'a\u0000b', pathNames.includes(name) ? [400, 404] : [])
    if (!isText) add('half a surrogate pair', '\ud83d')
    if (schema.maxLength !== undefined && schema.maxLength < BODY_BYTES / 2)
      add('too long', 'a'.repeat(schema.maxLength + 1), pathNames.includes(name) ? [404, 414] : [])
  }
  const wrong = isText ? WRONG_TEXTS[schema.type ?? ''] : WRONG_VALUES[schema.type ?? '']
  if (wrong !== undefined && schema.enum === undefined) add('wrong type', wrong)
  if ((schema.type === 'integer' || schema.type === 'number') && schema.maximum !== undefined)
    add('huge number', isText ? '1e300' : 1e300)
  if ((schema.type === 'integer' || schema.type === 'number') && schema.minimum !== undefined)
    add('too small', schema.minimum - 1)
  if (schema.type === 'array' && schema.maxItems !== undefined && !isText && schema.maxItems < 2000)
    add('too many', Array(schema.maxItems + 1).fill('x'))
  if (!isText && ['object', 'array'].includes(schema.type ?? '')) add('nested deeply', nested(200))
  return faults
}

const WRONG_VALUES: Record<string, unknown> = {
  string: 12_345,
  integer: 'many',
  number: 'many',
  boolean: 'perhaps',
  array: 'text',
  object: 'text',
}
const WRONG_TEXTS: Record<string, unknown> = { integer: 'many', number: 'many', boolean: 'perhaps' }

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

function assertOneMessageEach(operation: Operation, reply: Reply, fault: Fault): void {
  const shown = JSON.stringify(reply.body)
  assert.ok(
    onWire(operation, fault.status).includes(reply.status),
    `${fault.what} in ${fault.names}: ${reply.status} ${shown.slice(0, 500)}`,
  )
  // What the router refuses is not looked at by anybody else.
  if (reply.status !== invalidOn(operation) || fault.status.includes(reply.status === 400 ? 400 : 0)) return
  // To whoever asks as an app, OAuth's words (RFC 6749, 5.2).
  const words = operation.clientAuth ? ['invalid_request', 'unsupported_grant_type'] : ['Unprocessable Entity']
  if (operation.wire === 'highlevel') assert.ok(words.includes(reply.body.error), shown)
  const told = faultsTold(operation, reply)
  assert.ok(Array.isArray(told) && told.length > 0 && told.every((one) => typeof one === 'string'), shown)
  assert.equal(new Set(told).size, told.length, `a message stands twice: ${shown}`)
  assert.ok(
    told.some((one) => one.includes(fault.names)),
    `${fault.what} in ${fault.names} is not named: ${shown}`,
  )
}

async function assertNothingWritten(): Promise<void> {
  const before = stored
  stored = await fingerprint(server)
  assert.equal(stored, before, 'a refused request wrote something')
}

function clientFor(operation: Operation): Client {
  if (operation.token === 'person') return owner
  return server.client(operation.token === 'none' ? undefined : tokenFor(mine, operation, levelsOf(operation)[0]))
}

/** The same with an agency token, which reaches more code: its tenants are looked up. */
function clientsFor(operation: Operation): Client[] {
  return operation.token === 'either'
    ? [server.client(mine.locationToken), server.client(mine.agencyToken)]
    : [clientFor(operation)]
}

/** Whatever is called so is there once it was set. */
const NAMED_BY_CALLER = ['journal.setConsumer', 'journalLocal.setConsumer']

/** The servers of the wire answer 400 here, with a `canonicalCode`. */
const ANSWERS_400 = ['messages.cancelScheduled']

for (const operation of registry.all) {
  const { pathNames, queryNames, bodyNames } = placementOf(operation)
  const takesBody = bodyNames.length > 0 && operation.rawBody === null

  test(`${operation.name} names each fault of its input and writes nothing`, async () => {
    const input = inputFor(operation, mine)
    for (const [index, client] of clientsFor(operation).entries()) {
      for (const name of Object.keys(operation.input.properties)) {
        if (operation.rawBody?.property === name) continue
        // What is no tenant and no part of the path goes the same way whoever asks: one fault of each shows that the
        // way is taken.
        const isLookedUp = TENANT_NAMES.includes(name) || pathNames.includes(name)
        const faults = faultsIn(operation, input, name).slice(0, index === 0 || isLookedUp ? undefined : 1)
        for (const fault of faults) assertOneMessageEach(operation, await send(client, operation, fault.input), fault)
      }
      const stranger = {
        what: 'unknown property',
        input: { ...input, colour: 'red' },
        names: 'property colour should not exist',
        status: [422],
      }
      if (refusesStrangers(operation) && (takesBody || queryNames.length > 0))
        assertOneMessageEach(operation, await send(client, operation, stranger.input), stranger)
    }
    await assertNothingWritten()
  })

  if (pathNames.some((name) => !TENANT_NAMES.includes(name))) {
    test(`${operation.name} does not find what is not there`, async () => {
      const unknown = Object.fromEntries(
        pathNames
          .filter((name) => isFree(operation, name) && !TENANT_NAMES.includes(name))
          .map((name) => [name, UNKNOWN_ID]),
      )
      if (Object.keys(unknown).length === 0 || operation.token === 'none') return
      if (NAMED_BY_CALLER.includes(operation.name)) return
      for (const client of clientsFor(operation)) {
        const reply = await send(client, operation, { ...inputFor(operation, mine), ...unknown })
        // An agency token must say which location it means where no id of ours does.
        const allowed: number[] =
          (operation.locate === null && operation.token === 'either') || ANSWERS_400.includes(operation.name)
            ? [400, 403, 404]
            : [403, 404]
        assert.ok(allowed.includes(reply.status), `${reply.status} ${JSON.stringify(reply.body)}`)
        assertRefusal(operation, reply, reply.status)
      }
      await assertNothingWritten()
    })
  }

  if (takesBody) {
    test(`${operation.name} survives bodies that are none`, async () => {
      const client = clientFor(operation)
      const sent = toRequest(operation, inputFor(operation, mine))
      const status = async (body: string) => (await sendText(client, operation, { ...sent, body })).status
      const invalid = invalidOn(operation)
      assert.equal(await status('{"a":'), 400, 'not JSON')
      assert.equal(await status('{"__proto__":{"a":1}}'), 400, 'a prototype')
      assert.equal(await status('[]'), invalid, 'a list')
      assert.equal(await status('"text"'), invalid, 'a text')
      const deep = await status(`{"colour":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)
      assert.ok(deep === invalid || (!refusesStrangers(operation) && deep === operation.status), 'very deep')
      assert.equal(await status(`{"colour":"${'a'.repeat(BODY_BYTES)}"}`), 413, 'too large')
      if (bodyNames.some((name) => (operation.input.required as string[] | undefined)?.includes(name))) {
        assert.equal(await status('{}'), invalid, 'an empty object')
        assert.equal((await sendText(client, operation, { ...sent, body: undefined })).status, invalid, 'no body')
      }
      await assertNothingWritten()
    })
  }

  if (takesBody) {
    test(`${operation.name} limits every text and list`, () => {
      assert.deepEqual(
        bodyNames.filter((name) => isUnlimited(operation.input.properties[name] as Schema)),
        [],
        'without maxLength or maxItems one request can fill the disk',
      )
    })
  }
}

const isFree = (operation: Operation, name: string) =>
  (operation.input.properties[name] as Schema).enum === undefined &&
  (operation.input.properties[name] as Schema).type === 'string'

function isUnlimited(schema: Schema & { format?: string; const?: unknown; pattern?: string }): boolean {
  if (
    schema.pattern !== undefined &&
    !['a', 'A', '0'].some((letter) => new RegExp(schema.pattern as string).test(letter.repeat(100_000)))
  )
    return false
  if (schema.enum !== undefined || schema.const !== undefined) return false
  if (schema.type === 'string')
    return schema.maxLength === undefined && !['date-time', 'date', 'uuid'].includes(schema.format ?? '')
  return schema.type === 'array' && schema.maxItems === undefined
}
