import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import { createToken } from '../../src/auth/tokens.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { Browser } from '../support/browser.ts'
import { BARE_ENV } from '../support/crash.ts'
import { answerOf, connectClient, sessionOf, textOf } from '../support/mcp.ts'
import { ask, CHALLENGE, REDIRECT } from '../support/oauth.ts'
import { startTestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

const BIN = resolve(import.meta.dirname, '../../bin/tintype.js')
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/mcp.md'), 'utf8')

let story: Story
before(async () => {
  story = await startStory({ work: false })
  await story.agency.capture(story.template.id, { name: 'Studio' })
})
after(() => story?.[Symbol.asyncDispose]())

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })

const post = (token: string | undefined, body: string, headers: Record<string, string> = {}) =>
  story.server.client(token).raw('POST', '/mcp', { headers: { ...HEADERS, ...headers }, body })

/** `tintype mcp`, started by the official client as its settings say. */
const startCommand = (args: string[], env: Record<string, string>) =>
  sessionOf(new StdioClientTransport({ command: process.execPath, args, env: { ...(BARE_ENV as typeof env), ...env } }))

test('Claude Desktop works by the settings of the page', async () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? []
  const { command, args, env } = JSON.parse(json).mcpServers.tintype
  assert.deepEqual([command, Object.keys(env)], ['node', ['TINTYPE_URL', 'TINTYPE_TOKEN']])
  const own = { TINTYPE_URL: story.server.url, TINTYPE_TOKEN: story.demo.agencyToken }
  await using session = await startCommand(
    args.map((arg: string) => arg.replace('/path/to/tintype/bin/tintype.js', BIN)),
    own,
  )
  assert.ok((await session.tools()).some(({ name }) => name === 'snapshots_push'))
  const { snapshots } = answerOf(await session.call('snapshots_list'))
  assert.deepEqual(
    snapshots.map(({ name }: { name: string }) => name),
    ['Studio'],
  )
  const { found } = answerOf(await session.call('search', { words: 'custom field' }))
  assert.ok(found.length > 0)
  const refused = await session.call('snapshots_get', { snapshotId: 'nonsense' })
  assert.deepEqual([refused.isError, /was not found/.test(textOf(refused))], [true, true])
})

test('beside a server with the demo the command finds address and token in the data folder', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'tintype-mcp-'))
  writeFileSync(join(folder.path, 'demo.json'), JSON.stringify({ ...story.demo, baseUrl: story.server.url }))
  const env = { TINTYPE_DATA: folder.path }
  const args = [BIN, 'mcp', '--location-id', story.template.id, '--groups', 'tags', '--read-only']
  await using session = await startCommand(args, env)
  assert.deepEqual((await session.tools()).map(({ name }) => name).sort(), ['call', 'search', 'tags_get', 'tags_list'])
  assert.ok(answerOf(await session.call('tags_list')).tags.length > 0, 'the token says which sub-account')
})

/** What the command writes to standard output and error when this comes in. */
async function feed(input: string, env: NodeJS.ProcessEnv): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [BIN, 'mcp'], { env: { ...BARE_ENV, TINTYPE_DATA: '/nonexistent', ...env } })
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, out, err }
}

test('whatever goes wrong is an answer of the protocol, and what cannot begin is told on standard error', async () => {
  const { server, demo } = story
  const nobody = { TINTYPE_URL: 'http://127.0.0.1:9', TINTYPE_TOKEN: demo.agencyToken }
  const answers = async (input: string, env: NodeJS.ProcessEnv) => {
    const { code, out } = await feed(input, env)
    assert.equal(code, 0)
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).error)
  }
  const [gone, ...none] = await answers(`${LIST}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n`, nobody)
  assert.match(gone.message, /Nothing answers at http:\/\/127\.0\.0\.1:9 .*tintype up/)
  assert.deepEqual(none, [])
  const [broken] = await answers('{"jsonrpc":\n', nobody)
  assert.equal(broken.code, -32700)
  const [wrong] = await answers(`${LIST}\n`, { TINTYPE_URL: server.url, TINTYPE_TOKEN: 'pit-wrong' })
  assert.match(wrong.message, /access token is invalid/)
  const bare = await feed('', { TINTYPE_URL: server.url })
  assert.deepEqual([bare.code, bare.out], [2, ''])
  assert.match(bare.err, /No token: say --token TOKEN or set TINTYPE_TOKEN/)
})

/** A client that signs in, as somebody's browser would take it through the pages. */
class Guest implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT
  readonly clientMetadata = { client_name: 'AI client', redirect_uris: [REDIRECT] }
  readonly #clientId: string
  asked: URL | undefined
  #tokens: OAuthTokens | undefined
  #verifier = ''

  constructor(clientId: string) {
    this.#clientId = clientId
  }

  clientInformation() {
    return { client_id: this.#clientId }
  }

  tokens() {
    return this.#tokens
  }

  saveTokens(tokens: OAuthTokens) {
    this.#tokens = tokens
  }

  redirectToAuthorization(url: URL) {
    this.asked = url
  }

  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier
  }

  codeVerifier() {
    return this.#verifier
  }
}

test('the shell commands of the page run, and a client signs in with the app that they register', async () => {
  const blocks = [...PAGE.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] as string)
  assert.equal(blocks.length, 4)
  const { server, demo } = story
  const env = { ...process.env, BASE: server.url, TOKEN: demo.agencyToken, COMPANY: demo.companyId }
  const child = spawn('bash', ['-eu', '-o', 'pipefail', '-c', blocks.join('\necho\n')], { env })
  child.stdin.end()
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  assert.equal(code, 0, out + err)
  assert.equal(/"isError":true|"error":\{"code"/.test(out), false, out.slice(0, 2_000))
  for (const part of [
    'snapshots_push',
    'surveys_list',
    'pushes_rollback',
    'tintype://snapshots/{snapshotId}',
    'Studio',
  ])
    assert.ok(out.includes(part), part)

  const clientId = out.split('\n').find((line) => /^\w+-\w+$/.test(line)) as string
  const guest = new Guest(clientId)
  const url = new URL(`${server.url}/mcp?groups=all`)
  const transport = new StreamableHTTPClientTransport(url, { authProvider: guest })
  await assert.rejects(sessionOf(transport), /Unauthorized/)
  const asked = guest.asked as URL
  assert.deepEqual([asked.origin, asked.searchParams.get('resource')], [server.url, `${server.url}/mcp`])
  const browser = new Browser(server.url)
  const consent = await browser.send(await browser.open(asked.pathname + asked.search), 'name="password"', demo.admin)
  await browser.send(consent, 'name="target"', { target: 'agency', decision: 'allow' })
  await transport.finishAuth(browser.leftTo?.searchParams.get('code') as string)
  await using session = await sessionOf(new StreamableHTTPClientTransport(url, { authProvider: guest }))
  const tools = await session.tools()
  assert.ok(tools.length > 20 && tools.every(({ annotations }) => annotations?.readOnlyHint), 'it was let in to read')
  assert.equal(answerOf(await session.call('snapshots_list')).snapshots.length, 1)
})

test('who gives tokens is told to whoever comes without one; a token for somewhere else is not given', async () => {
  const { server, demo } = story
  const bare = await post(undefined, LIST)
  const path = '/.well-known/oauth-protected-resource/mcp'
  assert.equal(bare.status, 401)
  assert.equal(bare.headers.get('www-authenticate'), `Bearer realm="tintype", resource_metadata="${server.url}${path}"`)
  const { body, headers } = await server.client().raw('GET', path)
  assert.deepEqual([body.resource, body.authorization_servers], [`${server.url}/mcp`, [server.url]])
  assert.equal(headers.get('access-control-allow-origin'), '*')
  const elsewhere = await ask(story, '/oauth/token', {
    grant_type: 'client_credentials',
    resource: 'https://elsewhere.example/mcp',
  })
  assert.deepEqual([elsewhere.status, elsewhere.body.error], [400, 'invalid_target'])
  const page = new Browser(server.url)
  const query = {
    response_type: 'code',
    client_id: demo.app.clientId,
    redirect_uri: REDIRECT,
    resource: 'https://x.example/',
  }
  await page.open(
    `/oauth/chooselocation?${new URLSearchParams({ ...query, code_challenge: CHALLENGE, code_challenge_method: 'S256' })}`,
  )
  assert.equal(page.leftTo?.searchParams.get('error'), 'invalid_target')
  const here = await ask(story, '/oauth/token', { grant_type: 'client_credentials', resource: `${server.url}/mcp/` })
  assert.equal(here.status, 200, JSON.stringify(here.body))
  assert.equal((await post(here.body.access_token, LIST)).status, 200)
})

test('pages elsewhere, cookies, other methods, packed, large and broken bodies are refused', async () => {
  const token = story.demo.agencyToken
  assert.equal((await post(token, LIST, { origin: story.server.url })).status, 200)
  for (const origin of ['https://evil.example', 'null', 'http://evil.example:80'])
    assert.equal((await post(token, LIST, { origin, host: 'evil.example' })).status, 403, origin)
  assert.equal((await post(undefined, LIST, { cookie: 'tintype_session=x' })).status, 401)
  for (const method of ['GET', 'DELETE']) {
    const reply = await story.server.client(token).raw(method, '/mcp', { headers: HEADERS })
    assert.deepEqual([reply.status, reply.headers.get('allow')], [405, 'POST'])
  }
  assert.equal((await post(token, '{"jsonrpc":')).status, 400)
  assert.equal((await post(token, '{"id":1}')).status, 400)
  assert.equal((await post(token, LIST, { 'content-encoding': 'gzip' })).status, 415)
  assert.equal((await post(token, LIST, { 'content-type': 'text/plain' })).status, 415)
  assert.equal((await post(token, LIST, { 'mcp-protocol-version': '1999-01-01' })).status, 400)
  const many = Array.from({ length: 21 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' }))
  assert.equal((await post(token, JSON.stringify(many.slice(1)))).body.length, 20)
  assert.equal((await post(token, JSON.stringify(many))).status, 400)
  const { bodyBytes } = story.server.app.platform.config
  assert.equal((await post(token, JSON.stringify({ a: 'a'.repeat(bodyBytes) }))).status, 413)
  const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tags_create","arguments":{"name":${'['.repeat(9_000)}${']'.repeat(9_000)}}}}`
  assert.ok([200, 400].includes((await post(token, deep)).status))
})

test('calls and lists count as requests do, and who asks too much is told when to come again', async () => {
  const { db } = story.server.app.platform
  // Time stands still: all of it falls into one window.
  const nowMs = Date.now()
  const clock = { nowMs: () => nowMs }
  await using still = await startTestServer({ work: false, databaseUrl: story.server.databaseUrl, clock, rateLimit: 6 })
  const { companyId: agencyId } = story.demo.partner
  const { token } = await inTransaction(db, (tx) =>
    createToken(tx, { name: 'limited', agencyId, locationId: null, scopes: ['*'], unlimited: false }, nowMs),
  )
  await using session = await connectClient(still.url, token)
  for (let call = 0; call < 3; call++) assert.equal((await session.call('snapshots_list')).isError, undefined)
  for (let list = 0; list < 3; list++) await session.client.listResourceTemplates()
  const refused = await session.call('snapshots_list')
  assert.match(textOf(refused), /Too many requests.*\nWait \d+ s, then call again\./)
  for (const list of [session.client.listTools(), session.client.listResources()])
    await assert.rejects(list, /Too many requests/)
})

test('two server processes answer one client by turns: nothing is kept between two requests', async () => {
  await using other = await startTestServer({ work: false, databaseUrl: story.server.databaseUrl })
  let turn = 0
  const transport = new StreamableHTTPClientTransport(new URL(`${story.server.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${story.demo.agencyToken}` } },
    fetch: (url, init) => fetch(String(url).replace(story.server.url, turn++ % 2 ? other.url : story.server.url), init),
  })
  await using session = await sessionOf(transport)
  assert.equal(transport.sessionId, undefined)
  for (let round = 0; round < 3; round++) {
    assert.ok((await session.tools()).length > 40)
    assert.equal(answerOf(await session.call('snapshots_list')).snapshots.length, 1)
  }
})
