import assert from 'node:assert/strict'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { freePort } from '../../src/db/free-port.ts'
import { createClient } from '../support/client.ts'
import { Service } from '../support/crash.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer, type TestServerOptions } from '../support/server.ts'

const TOKEN = 'a-token-of-twenty-letters-and-more'
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

async function withServer(
  options: TestServerOptions,
  work: (client: ReturnType<typeof createClient>) => Promise<void>,
): Promise<void> {
  await using server = await startTestServer({ work: false, ...options })
  await work(server.client())
}

test('on a machine of its own everything is told, and nothing to whom a proxy passes on', () =>
  withServer({}, async (client) => {
    assert.equal((await client.get('/metrics')).status, 200)
    assert.deepEqual((await client.get('/ready')).body, {
      status: 'not ready',
      problems: ['no worker has been seen. Run: tintype work'],
    })
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      assert.equal((await client.raw('GET', '/metrics', { headers: { [name]: '203.0.113.7' } })).status, 404, name)
      assert.deepEqual(
        (await client.raw('GET', '/ready', { headers: { [name]: '203.0.113.7' } })).body,
        { status: 'not ready' },
        name,
      )
    }
  }))

test('a page on the web whose name leads to this machine is told nothing', async () => {
  await using server = await startTestServer({ work: false })
  const { port } = new URL(server.url)
  const ask = (host: string) =>
    new Promise<number | undefined>((done, fail) =>
      request({ host: '127.0.0.1', port, path: '/metrics', headers: { host } }, (reply) =>
        done(reply.resume().statusCode),
      )
        .once('error', fail)
        .end(),
    )
  assert.deepEqual(
    [await ask(`127.0.0.1:${port}`), await ask(`localhost:${port}`), await ask(`[::1]:${port}`)],
    [200, 200, 200],
  )
  assert.deepEqual([await ask(`rebound.example:${port}`), await ask('127.0.0.1.example')], [404, 404])
})

test('a server that others reach tells strangers whether it works, and no more', async () => {
  for (const options of [
    { publicUrl: 'https://crm.example' },
    { host: '0.0.0.0' },
    { trustedProxies: '10.0.0.0/8' },
    { metricsPort: 0 },
  ]) {
    await withServer(options, async (client) => {
      const { status, body } = await client.get('/metrics')
      assert.deepEqual([status, body.message], [404, 'Cannot GET /metrics'], JSON.stringify(options))
      assert.deepEqual((await client.get('/ready')).body, { status: 'not ready' })
      assert.deepEqual((await client.get('/health')).body, { status: 'ok' })
    })
  }
})

test('a token opens both, and a wrong one does not', () =>
  withServer({ metricsToken: TOKEN }, async (client) => {
    for (const options of [undefined, bearer('wrong'), bearer(`${TOKEN}x`), bearer('')]) {
      assert.equal((await client.raw('GET', '/metrics', options)).status, 404)
      assert.deepEqual((await client.raw('GET', '/ready', options)).body, { status: 'not ready' })
    }
    assert.match(
      (await client.raw('GET', '/metrics', bearer(TOKEN))).body,
      /tintype_http_request_duration_seconds_count/,
    )
    assert.equal((await client.raw('GET', '/ready', bearer(TOKEN))).body.problems.length, 1)
  }))

test('a balancer may ask for the API alone: it works while no worker does', () =>
  withServer({}, async (client) => {
    assert.deepEqual([(await client.get('/ready')).status, (await client.get('/ready/api')).status], [503, 200])
    assert.deepEqual((await client.get('/ready/api')).body, { status: 'ready', problems: [] })
  }))

test('the reference can be taken off, and with it the description of the API', async () => {
  const statuses = (client: ReturnType<typeof createClient>) =>
    Promise.all(['/docs', '/openapi.json'].map(async (path) => (await client.get(path)).status))
  await withServer({}, async (client) => assert.deepEqual(await statuses(client), [200, 200]))
  await withServer({ docs: false }, async (client) => assert.deepEqual(await statuses(client), [404, 404]))
})

test('a disk that is nearly full is told to whoever watches, with what to do, and turns no balancer away', () =>
  withServer({ data: tmpdir(), diskFreeMb: 99_999_999 }, async (client) => {
    const { status, body } = await client.get('/ready')
    assert.deepEqual([status, body.problems.length], [503, 2])
    assert.match(
      body.problems[1],
      /^the disk of \/.* is nearly full, [\d.]+ [MG]B of [\d.]+ [MG]B are free\. Make room, or writes will be refused/,
    )
    assert.deepEqual((await client.get('/ready/api')).body, { status: 'ready', problems: [] })
  }))

test('a worker, too, has a port for probes; a second process that wants the same is told', async () => {
  const database = await createTestDatabase()
  const port = await freePort()
  const worker = new Service({
    command: 'work',
    databaseUrl: database.url,
    env: { TINTYPE_METRICS_PORT: String(port) },
  })
  try {
    worker.start()
    await worker.ready
    const own = createClient(`http://127.0.0.1:${port}`)
    for (const name of ['process_resident_memory_bytes', 'tintype_jobs'])
      assert.ok((await own.get('/metrics')).body.includes(name), name)
    assert.deepEqual((await own.get('/ready')).body, { status: 'ready', problems: [] })
    assert.equal((await own.get('/health')).headers.get('cache-control'), 'no-store')
    assert.equal((await own.get('/locations/x/tags')).status, 404, 'and nothing else')
    await assert.rejects(
      startTestServer({ work: false, databaseUrl: database.url, metricsPort: port }),
      /TINTYPE_METRICS_PORT\) is in use\. Each process needs one of its own/,
    )
  } finally {
    await worker.end()
    await database.drop()
  }
})
