import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { McpError, Tool } from '@modelcontextprotocol/sdk/types.js'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { toolName } from '../../src/surfaces/mcp/tools.ts'
import { answerOf, connectClient, type Session, statusOf, textOf } from '../support/mcp.ts'
import { inputFor, send } from '../support/requests.ts'
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

let server: TestServer
let world: World
before(async () => {
  // Without a worker nothing changes behind the test's back.
  server = await startTestServer({ work: false, rateLimit: 0 })
  world = await createWorld(server)
})
after(() => server?.[Symbol.asyncDispose]())

/** What no bearer token of an agency, a location or an app decides about. */
const NO_TOOLS = ['none', 'person', 'operator']
const TOOLS = registry.all.filter(({ token }) => !NO_TOOLS.includes(token))
const namesOf = (tools: readonly Tool[]) => tools.map(({ name }) => name)
const OWN = ['search', 'call']

const sessions = new Map<string, Promise<Session>>()
after(async () => {
  for (const session of sessions.values()) await (await session).client.close()
})

/** One session for each token: its client knows the schemas of all tools, as one that has listed them does. */
function sessionOf(token: string): Promise<Session> {
  const known = sessions.get(token)
  const session =
    known ??
    connectClient(server.url, token, '?groups=all').then(async (made) => {
      await made.tools()
      return made
    })
  sessions.set(token, session)
  return session
}

const asTenant = async (tenant: Tenant, operation: Operation, level: Level = levelsOf(operation)[0]) =>
  sessionOf(tokenFor(tenant, operation, level))

test('each token is shown what it may call, and all of them together the whole registry', async () => {
  const { agencyToken, oauthToken, locationToken, appToken } = world.mine
  const seen = new Set<string>()
  for (const [level, token] of Object.entries({
    agency: agencyToken,
    oauth: oauthToken,
    location: locationToken,
    app: appToken,
  })) {
    const tools = await (await sessionOf(token)).tools()
    const expected = TOOLS.filter(
      (operation) =>
        levelsOf(operation).includes((level === 'oauth' ? 'agency' : level) as Level) &&
        (level === 'oauth' || !operation.oauthOnly),
    )
    assert.deepEqual(namesOf(tools).sort(), [...expected.map(toolName), ...OWN].sort(), level)
    for (const name of namesOf(tools)) {
      assert.match(name, /^[a-zA-Z]{1,64}$|^[a-zA-Z]+_[a-zA-Z]+$/)
      if (!OWN.includes(name)) seen.add(name)
    }
  }
  assert.equal(seen.size, TOOLS.length)
  assert.equal(TOOLS.length + registry.all.filter(({ token }) => NO_TOOLS.includes(token)).length, registry.all.length)
})

test('a tool says what its operation says: what it takes, and whether it reads, destroys or may be repeated', async () => {
  for (const tool of [...(await (await sessionOf(world.mine.agencyToken)).tools())]) {
    if (OWN.includes(tool.name)) continue
    const operation = registry.get(tool.name.replace('_', '.'))
    const { access, input, http } = operation
    assert.deepEqual(
      [tool.annotations?.readOnlyHint, tool.annotations?.destructiveHint, tool.annotations?.idempotentHint],
      [access === 'read', access === 'destructive', access === 'read' || /^(PUT|DELETE)/.test(http)],
      tool.name,
    )
    const { idempotencyKey, ...properties } = tool.inputSchema.properties as Record<string, unknown>
    assert.deepEqual(Object.keys(properties), Object.keys(input.properties), tool.name)
    assert.equal(idempotencyKey === undefined, access === 'read')
    assert.equal(tool.description?.includes('Destructive:'), access === 'destructive', tool.name)
    assert.ok(!tool.inputSchema.required?.includes('companyId'), 'the token says it')
  }
})

/** What answers differ by, however often the same thing is asked. */
const untimed = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value ?? null, (name, inner) =>
      ['traceId', 'expiresAt', 'url', 'requestedAt', 'startedAt', 'completedAt'].includes(name) ? undefined : inner,
    ),
  )

for (const operation of TOOLS.filter(({ access, output }) => access === 'read' && output !== 'stream')) {
  test(`${toolName(operation)} answers what ${operation.http} answers`, async () => {
    const { mine } = world
    for (const level of levelsOf(operation)) {
      const input = inputFor(operation, mine)
      const told = await (await asTenant(mine, operation, level)).call(toolName(operation), input)
      const reply = await send(server.client(tokenFor(mine, operation, level)), operation, input)
      assert.equal(told.isError === true, reply.status >= 300, `${reply.status} ${textOf(told)}`)
      if (told.isError) continue
      const { structuredContent } = told
      const body = Array.isArray(reply.body) ? { result: reply.body } : reply.body
      if (structuredContent === undefined) assert.equal(reply.status === 204, textOf(told) === 'There is nothing yet.')
      else {
        assert.deepEqual(untimed(structuredContent), untimed(body))
        assert.deepEqual(JSON.parse(told.content.at(-1)?.text as string), structuredContent.result ?? structuredContent)
      }
    }
  })
}

test('a token that only reads is shown no tool that writes, and can call none either', async () => {
  const scopes = [...new Set(TOOLS.flatMap(({ scope }) => scope))].filter((scope) => scope.endsWith('readonly'))
  for (const level of ['agency', 'location'] as const) {
    const token = await weakToken(server, world.mine, { level, scopes })
    const before = await fingerprint(server)
    const session = await sessionOf(token)
    const tools = await session.tools()
    const hints = new Set(tools.map(({ annotations }) => annotations?.readOnlyHint))
    assert.deepEqual([...hints], [true], 'call too: with this token it can do no more')
    assert.ok(tools.length > 100)
    for (const operation of TOOLS.filter(({ access }) => access !== 'read')) {
      const input = inputFor(operation, world.mine)
      for (const told of [
        await session.call(toolName(operation), input),
        await session.call('call', { name: toolName(operation), input }),
      ]) {
        assert.equal(told.isError, true, operation.name)
        assert.ok([401, 403].includes(statusOf(told)), `${operation.name}: ${textOf(told)}`)
        assert.match(textOf(told), /This connection may not do that/)
      }
    }
    assert.equal(await fingerprint(server), before, 'a refused call wrote something')
  }
})

test('a connection that was set up to read only writes nothing, whatever its token may', async () => {
  await using session = await connectClient(server.url, world.mine.agencyToken, '?access=read&groups=all')
  assert.ok((await session.tools()).every(({ annotations }) => annotations?.readOnlyHint))
  const told = await session.call('snapshots_create', { name: 'x', locationId: world.mine.locationId })
  assert.deepEqual([told.isError, /read only/.test(textOf(told))], [true, true])
  const { found } = answerOf(await session.call('search', { words: 'push snapshot' }))
  assert.ok(found.length > 0 && found.every(({ access }: { access: string }) => access === 'read'))
})

test('neighbours and strangers get nothing of mine from any tool', async () => {
  const { mine, neighbour, stranger } = world
  const before = await fingerprint(server)
  for (const operation of TOOLS) {
    if (operation.follows) continue
    // Ids of mine, words of nobody: whatever shows my word was read from what is stored.
    const input = inputFor(operation, { ...mine, word: 'harmless' })
    const { companyId: _, locationId: __, location_id: ___, ...unplaced } = input
    for (const foreigner of [neighbour, stranger])
      for (const level of levelsOf(operation)) {
        if (level !== 'location' && foreigner === neighbour) continue // the same agency
        const session = await asTenant(foreigner, operation, level)
        const told = await session.call(toolName(operation), input)
        assert.ok(!JSON.stringify(told).includes(mine.word), `${operation.name} ${textOf(told)}`)
        assert.notEqual(statusOf(told), 500)
        if ('companyId' in input || 'locationId' in input) assert.equal(told.isError, true, operation.name)
        // Their own place is filled in: ids of mine are not found there.
        if (operation.access !== 'read') continue
        const own = await session.call(toolName(operation), unplaced)
        assert.ok(!JSON.stringify(own).includes(mine.word), `${operation.name} ${textOf(own)}`)
      }
  }
  if ((await fingerprint(server)) !== before) {
    const { structuredContent } = await (await sessionOf(mine.locationToken)).call('tags_list')
    assert.ok(JSON.stringify(structuredContent).includes(mine.word), 'mine is still there')
  }
})

test('snapshots, their differences and changes are resources, for their own agency', async () => {
  const { client } = await sessionOf(world.mine.agencyToken)
  const { resources } = await client.listResources()
  const uris = resources.map(({ uri }) => uri)
  const snapshot = uris.find((uri) => /^tintype:\/\/snapshots\/\w+$/.test(uri)) as string
  assert.ok(uris.includes('tintype://snapshots') && uris.includes('tintype://changes'))
  const { resourceTemplates } = await client.listResourceTemplates()
  assert.ok(
    resourceTemplates.some(({ uriTemplate }) => uriTemplate === 'tintype://snapshots/{snapshotId}/diff/{from}/{to}'),
  )
  const read = async (uri: string, { client: reader } = { client }) => {
    const [content] = (await reader.readResource({ uri })).contents as { text: string }[]
    return JSON.parse(content?.text as string)
  }
  assert.equal(`tintype://snapshots/${(await read(snapshot)).snapshot.id}`, snapshot)
  assert.deepEqual(Object.keys(await read(`${snapshot}/diff/1/1`)), ['diff'])
  for (const uri of ['tintype://changes', `${snapshot}/versions`, `${snapshot}/drift`]) assert.ok(await read(uri))
  await assert.rejects(read('tintype://nothing'), (error: McpError) => error.code === -32002)
  await assert.rejects(read(`${snapshot}/diff/1/9`), (error: McpError) => error.code === -32002)
  const stranger = await sessionOf(world.stranger.agencyToken)
  await assert.rejects(read(snapshot, stranger), (error: McpError) => error.code === -32002)
  const location = await sessionOf(world.mine.locationToken)
  assert.deepEqual((await location.client.listResources()).resources, [])
  const app = await sessionOf(world.mine.appToken)
  const journal = (await app.client.listResources()).resources.map(({ uri }) => uri)
  assert.deepEqual(journal, ['tintype://journal/earliest', 'tintype://journal/latest'])
})

/** Whoever is called after them has less, or nothing, left. */
const LAST = /^(locations\.delete|tokens\.|apps\.|oauth\.)/

test('the official client calls every other tool with its sample, and no answer breaks its schema', async () => {
  const { mine } = world
  const order = ['read', 'write', 'destructive']
  const rank = ({ name, access }: Operation) => order.indexOf(access) + (LAST.test(name) ? order.length : 0)
  const others = TOOLS.filter(({ access, output }) => access !== 'read' || output === 'stream')
  const refused: string[] = []
  for (const operation of others.toSorted((one, other) => rank(one) - rank(other))) {
    // The client throws where an answer does not fit the schema of its tool.
    const told = await (await asTenant(mine, operation)).call(toolName(operation), inputFor(operation, mine))
    if (!told.isError) continue
    refused.push(operation.name)
    // A sample may name what is not there, or twice what there is; it is never we who fail.
    assert.ok([400, 403, 404, 409, 422].includes(statusOf(told)), `${operation.name}: ${textOf(told)}`)
  }
  assert.ok(refused.length < others.length / 2, `${refused.length} of ${others.length}: ${refused.join(', ')}`)
})
