import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createToken } from '../../src/auth/tokens.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { registry } from '../../src/operations/index.ts'
import { until, within } from '../support/event-stream.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ownTemporaryFolder } from '../support/temporary-folder.ts'
import { createWorld, type World, weakToken } from '../support/tenant-world.ts'

let server: TestServer
let world: World
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 3, bodyGraceSeconds: 1 })
  world = await createWorld(server)
})
after(() => server?.[Symbol.asyncDispose]())

interface Sending {
  method?: string
  path: string
  token?: string
  type?: string
  /** What is said of the body's length. */
  length: number
  /** What is sent of it, again and again. */
  piece?: string
  everyMs?: number
}

/**
 * A request whose body is announced and does not come, or comes in pieces. Resolves with the first line of the answer,
 * or null when there is none in time.
 */
function trickle(
  { method = 'POST', path, token, type = 'application/json', length, piece, everyMs = 100 }: Sending,
  withinMs: number,
): Promise<{ status: string | null; ms: number }> {
  const { hostname, port } = new URL(server.url)
  return new Promise((done) => {
    const began = performance.now()
    const socket = connect(Number(port), hostname)
    const end = (status: string | null) => {
      clearInterval(timer)
      clearTimeout(late)
      socket.destroy()
      done({ status, ms: performance.now() - began })
    }
    socket.on('error', () => {})
    socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: x\r\nversion: 2021-07-28\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n${token === undefined ? '' : `authorization: Bearer ${token}\r\n`}\r\n`,
    )
    const timer = setInterval(() => piece !== undefined && socket.write(piece), everyMs)
    const late = setTimeout(() => end(null), withinMs)
    socket.once('data', (data) => end(data.toString().split('\r\n')[0] ?? ''))
    socket.once('close', () => end('closed'))
  })
}

const BIG = 60_000_000
const at = () => `/snapshots/import-file?companyId=${world.mine.companyId}`

test('who may not ask is refused before anything of a body has come', async () => {
  using spooled = ownTemporaryFolder()
  const { mine, stranger } = world
  const scopeless = await weakToken(server, mine, { level: 'agency', scopes: ['nothing.readonly'] })
  const local = await weakToken(server, mine, { level: 'location', scopes: ['nothing.readonly'] })
  const answers: [string, Sending, number][] = [
    ['no token', { path: at(), length: BIG }, 401],
    ['a wrong token', { path: at(), length: BIG, token: 'pit-00000000-0000-4000-8000-000000000000' }, 401],
    ['a location token', { path: at(), length: BIG, token: mine.locationToken }, 401],
    ['no scope', { path: at(), length: BIG, token: scopeless }, 401],
    ['another company', { path: at(), length: BIG, token: stranger.agencyToken }, 403],
    [
      'an upload without its scope',
      {
        path: '/forms/upload-custom-files?contactId=x&locationId=y',
        length: BIG,
        token: local,
        type: 'multipart/form-data; boundary=x',
      },
      401,
    ],
    [
      'a file for another location',
      {
        path: `/forms/upload-custom-files?contactId=x&locationId=${stranger.locationId}`,
        length: BIG,
        token: mine.locationToken,
        type: 'multipart/form-data; boundary=x',
      },
      403,
    ],
    [
      'JSON for another location',
      { path: `/locations/${stranger.locationId}/tags`, length: 1000, token: mine.locationToken },
      403,
    ],
    ['JSON without a token', { path: '/contacts/', length: 1000 }, 401],
    ['an address that is not there', { path: '/nothing/here', length: BIG }, 404],
    ['the address of no connection', { path: '/hooks/catch/none/guessed', length: 1_000_000 }, 404],
    ['one that is only read', { path: '/openapi.json', length: BIG }, 404],
    ['one that is never changed', { method: 'PATCH', path: '/contacts/', length: BIG, token: mine.locationToken }, 404],
    ['signing out', { method: 'DELETE', path: '/session', length: BIG }, 403],
  ]
  for (const [what, sending, status] of answers) {
    const reply = await trickle(sending, 900)
    assert.match(
      String(reply.status),
      new RegExp(`^HTTP/1.1 ${status} `),
      `${what}: ${reply.status} after ${reply.ms} ms`,
    )
  }
  assert.equal(spooled.count(), 0, 'nothing was written to disk')
})

test('beyond its limit of requests nobody sends a body either', async () => {
  const { companyId: agencyId, locationId } = world.mine
  const { token } = await inTransaction(server.app.platform.db, (tx) =>
    createToken(tx, { name: 'Busy', agencyId, locationId, scopes: ['contacts.write'] }, Date.now()),
  )
  for (let call = 0; call < 3; call++) await server.client(token).post('/contacts/', {})
  const reply = await trickle({ path: '/contacts/', length: 1_000_000, token }, 900)
  assert.match(String(reply.status), /^HTTP\/1.1 429 /)
})

test('what is refused is answered at once, the rest of it is taken no faster than it may, and the connection goes on', async () => {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  const answers: string[] = []
  socket.on('data', (data) => answers.push(...(data.toString().match(/^HTTP\/1.1 \d+/gm) ?? [])))
  const head = (length: number) =>
    `POST ${at()} HTTP/1.1\r\nhost: x\r\nversion: 2021-07-28\r\ncontent-type: application/octet-stream\r\ncontent-length: ${length}\r\n\r\n`
  const megabyte = Buffer.alloc(1_000_000, 'x')
  socket.write(head(24 * megabyte.length))
  await until(() => answers.length === 1, 'an answer before the body')
  const began = performance.now()
  for (let sent = 0; sent < 24; sent++) if (!socket.write(megabyte)) await once(socket, 'drain')
  socket.write(head(0))
  await until(() => answers.length === 2, 'an answer to the next request')
  assert.ok(performance.now() - began > 1_000, `${performance.now() - began} ms`)
  assert.deepEqual(answers, ['HTTP/1.1 401', 'HTTP/1.1 401'])
  socket.destroy()
})

test('every operation with a body asks for the token first', async () => {
  for (const operation of registry.all.filter((one) => one.token !== 'none' && !/^(GET|DELETE) /.test(one.http))) {
    const [method = '', pattern = ''] = operation.http.split(' ')
    const reply = await trickle({ method, path: pattern.replace(/:\w+/g, 'x'), length: 1000 }, 900)
    assert.match(String(reply.status), /^HTTP\/1.1 401 /, `${operation.name}: ${reply.status}`)
  }
})

test('a body that never comes, or trickles, is ended with 408', async () => {
  const { locationToken: token, agencyToken } = world.mine
  using spooled = ownTemporaryFolder()
  for (const [what, sending] of [
    ['never', { path: '/contacts/', length: 1000, token }],
    ['a letter at a time', { path: '/contacts/', length: 1000, token, piece: ' ' }],
    ['without a token, where none is needed', { path: '/oauth/token', length: 1000, piece: ' ' }],
    ['an archive', { path: at(), length: BIG, token: agencyToken, piece: ' ' }],
    [
      'a form with a file',
      {
        path: '/conversations/messages/upload',
        length: BIG,
        token,
        type: 'multipart/form-data; boundary=x',
        piece: ' ',
      },
    ],
  ] as const) {
    const { status, ms } = await trickle(sending, 4_000)
    assert.match(String(status), /^HTTP\/1.1 408 /, `${what}: ${status} after ${ms} ms`)
  }
  await pause(100)
  assert.equal(spooled.count(), 0, 'nothing is left on disk')
})

test('a body that comes steadily is read, though it takes longer than that', async () => {
  const body = JSON.stringify({ locationId: world.mine.locationId, firstName: 'Slow', email: 'slow@post.example' })
  const pieces = [...Array.from({ length: 5 }, () => ' '.repeat(3_000)), body]
  const stream = new ReadableStream({
    async pull(controller) {
      const piece = pieces.shift()
      if (piece === undefined) return controller.close()
      await pause(400)
      controller.enqueue(new TextEncoder().encode(piece))
    },
  })
  const headers = {
    version: '2021-07-28',
    'content-type': 'application/json',
    authorization: `Bearer ${world.mine.locationToken}`,
  }
  const reply = await fetch(`${server.url}/contacts/`, {
    method: 'POST',
    headers,
    body: stream,
    duplex: 'half',
  } as RequestInit)
  assert.equal(reply.status, 201, await reply.text())
})

test('a body that is larger than its operation can need is refused, whatever it holds', async () => {
  const { locationId, locationToken, agencyToken } = world.mine
  const long = 'x'.repeat(70_000)
  assert.equal((await server.client(locationToken).post(`/locations/${locationId}/tags`, { name: long })).status, 413)
  assert.equal(
    (
      await server
        .client(agencyToken)
        .raw('POST', at(), { headers: { version: '2021-07-28' }, body: 'x'.repeat(68_000_000) })
    ).status,
    413,
  )
})

test('a process holds so many connections and no more; with room it takes new ones', async () => {
  await using small = await startTestServer({ work: false, databaseUrl: server.databaseUrl, sockets: 10 })
  const { hostname, port } = new URL(small.url)
  const open = () => connect(Number(port), hostname).on('error', () => {})
  const held = Array.from({ length: 10 }, open)
  await Promise.all(held.map((socket) => once(socket, 'connect')))
  assert.ok(await within(5_000, once(open().resume(), 'close')), 'one more is held')
  for (const socket of held) socket.destroy()
  await until(
    () =>
      fetch(`${small.url}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    'there is room again',
  )
})

test('what a killed process has left on disk goes with the next start, and what is under way stays', async () => {
  const [stale, fresh, other] = [randomUUID(), randomUUID(), `note-${randomUUID()}`].map((name) =>
    join(tmpdir(), `tintype-${name}`),
  ) as [string, string, string]
  for (const path of [stale, fresh, other]) writeFileSync(path, 'x')
  for (const path of [stale, other]) utimesSync(path, new Date(), new Date(Date.now() - 3 * 60 * 60_000))
  await using next = await startTestServer({ work: false, databaseUrl: server.databaseUrl })
  assert.equal((await next.client().get('/health')).status, 200)
  assert.deepEqual([stale, fresh, other].map(existsSync), [false, true, true])
  for (const path of [fresh, other]) rmSync(path)
})
