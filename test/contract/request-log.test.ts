import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '../support/client.ts'
import { Service } from '../support/crash.ts'
import { ownerUrlOf } from '../support/database.ts'
import { openStream, until } from '../support/event-stream.ts'
import { hold } from '../support/hold.ts'
import { type Story, startStory } from '../support/stories.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let story: Story
let agency: TestAgency
before(async () => {
  story = await startStory({ work: false })
  agency = await createAgency(story.server.app)
})
after(() => story?.[Symbol.asyncDispose]())

type Line = Record<string, unknown>

/** What a server of these settings logs of requests while `work` asks for something, and all that it wrote. */
async function logged(
  env: NodeJS.ProcessEnv,
  enough: number,
  work: (url: string) => Promise<void>,
): Promise<{ lines: Line[]; output: string }> {
  const service = new Service({
    command: 'serve',
    databaseUrl: story.server.databaseUrl,
    env: { TINTYPE_LOG_LEVEL: 'info', ...env },
  })
  const linesOf = () =>
    service.output
      .split('\n')
      .flatMap((text): Line[] => (text.startsWith('{') ? [JSON.parse(text)] : []))
      .filter(({ request }) => request === true)
  try {
    service.start()
    await work(await service.ready)
    for (let tries = 0; tries < 300 && linesOf().length < enough; tries++) await pause(10)
    await pause(50)
    return { lines: linesOf(), output: service.output }
  } finally {
    await service.end()
  }
}

const SECRETS = ['hunter2-password', 'pit-11111111-2222-4333-8444-555555555555', 'guest@post.example', 'query-text']

async function ask(url: string): Promise<string[]> {
  const [location] = agency.locations
  const own = createClient(url, location?.token)
  const replies = [
    await own.get(`/locations/${location?.id}/tags?query-text=query-text`),
    await own.post('/contacts/', { locationId: location?.id, email: 'guest@post.example' }),
    await createClient(url, SECRETS[1]).get(`/locations/${location?.id}/tags`),
    await createClient(url).raw('POST', '/oauth/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'client_id=x&client_secret=hunter2-password&grant_type=client_credentials',
    }),
    await createClient(url).get('/nowhere/at/all'),
    await createClient(url).get('/health'),
  ]
  return replies.map(({ headers }) => headers.get('x-trace-id') as string)
}

test('each request is one line: its id, what, how it ended, how long it took, for whom; nothing of what was sent', async () => {
  let ids: string[] = []
  const { lines, output } = await logged({}, 5, async (url) => {
    ids = await ask(url)
  })
  const [location] = agency.locations
  const tenant = { tenant: agency.companyId, location: location?.id }
  const shown = lines.map(({ traceId, method, route, operation, status, tenant, location }) => ({
    traceId,
    method,
    route,
    operation,
    status,
    tenant,
    location,
  }))
  assert.deepEqual(shown, [
    {
      traceId: ids[0],
      method: 'GET',
      route: '/locations/:locationId/tags',
      operation: 'tags.list',
      status: 422,
      ...tenant,
    },
    { traceId: ids[1], method: 'POST', route: '/contacts/', operation: 'contacts.create', status: 201, ...tenant },
    {
      traceId: ids[2],
      method: 'GET',
      route: '/locations/:locationId/tags',
      operation: 'tags.list',
      status: 401,
      tenant: undefined,
      location: undefined,
    },
    {
      traceId: ids[3],
      method: 'POST',
      route: '/oauth/token',
      operation: 'oauth.token',
      status: 401,
      tenant: undefined,
      location: undefined,
    },
    {
      traceId: ids[4],
      method: 'GET',
      route: 'unknown',
      operation: undefined,
      status: 404,
      tenant: undefined,
      location: undefined,
    },
  ])
  for (const { ms, level, time, tokenId } of lines) {
    assert.ok(typeof ms === 'number' && ms > 0 && ms < 60_000, String(ms))
    assert.equal(level, 'info')
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.ok(tokenId === undefined || /^[0-9a-f-]{36}$/.test(String(tokenId)))
  }
  for (const secret of [...SECRETS, location?.token as string]) assert.equal(output.includes(secret), false, secret)
})

test('only failures are logged, or nothing, where that is wished', async () => {
  const failed = await logged({ TINTYPE_REQUEST_LOG: 'failed' }, 5, async (url) => void (await ask(url)))
  assert.deepEqual(
    failed.lines.map(({ status }) => status),
    [422, 400, 401, 401, 404],
    'the contact is there from before',
  )
  const off = await logged({ TINTYPE_REQUEST_LOG: 'off' }, 0, async (url) => void (await ask(url)))
  assert.deepEqual(off.lines, [])
})

test('the end of a push is a line of its worker, with how it ended', async () => {
  const worker = new Service({
    command: 'work',
    databaseUrl: story.server.databaseUrl,
    env: { TINTYPE_LOG_LEVEL: 'info' },
  })
  try {
    worker.start()
    await worker.ready
    const { id } = await story.agency.capture(story.template.id)
    const push = await story.agency.push(id, [story.empty.id])
    for (let tries = 0; tries < 300 && !worker.output.includes('push ended'); tries++) await pause(10)
    const line = worker.output.split('\n').find((text) => text.includes('push ended'))
    const { pushId, state } = JSON.parse(line ?? '{}')
    assert.deepEqual([pushId, state], [push.id, 'completed'], worker.output)
  } finally {
    await worker.end()
  }
})

/** A request of which only the beginning of the body comes. */
async function breakOff(url: string, token: string, path: string, type: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nversion: 2021-07-28\r\nauthorization: Bearer ${token}\r\n`
  const sent = `${head}content-type: ${type}\r\ncontent-length: 1000\r\nexpect: 100-continue\r\n\r\n`
  socket.write(sent)
  // It asks for the body.
  await once(socket, 'data')
  socket.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf', () => socket.destroy())
  await once(socket, 'close')
}

test('who hangs up, before the answer or in the middle of it, and who is one too many is told as a request, and as no error', async () => {
  const { server, demo, template } = story
  const { id: snapshotId } = await story.agency.capture(template.id)
  const { push } = await story.agency.post(`/${snapshotId}/push`, { locationIds: [story.empty.id] }, 202)
  const asked: [method: string, path: string, token: string, body?: object][] = [
    ['GET', `/fleet/changes?companyId=${demo.companyId}`, demo.agencyToken],
    ['GET', `/fleet?companyId=${demo.companyId}`, demo.agencyToken],
    ['GET', `/snapshots/${snapshotId}/export?companyId=${demo.companyId}`, demo.agencyToken],
    ['POST', '/contacts/search', demo.locations[0]!.token, { locationId: template.id, pageLimit: 1 }],
    ['POST', '/crm/v3/objects/contacts/search', demo.locations[0]!.token, {}],
  ]
  const events = `/snapshots/pushes/${push.id}/events?companyId=${demo.companyId}`
  const { lines, output } = await logged({ TINTYPE_STREAMS: '1' }, asked.length + 4, async (url) => {
    for (const [method, path, token, body] of asked) {
      const held = await hold(
        { server: { ...server, databaseUrl: ownerUrlOf(server.databaseUrl) } },
        'lock table change, asset, record, blob, snapshot_entry in access exclusive mode',
        [],
      )
      const leave = new AbortController()
      const answer = fetch(url + path, {
        method,
        headers: { version: '2021-07-28', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        signal: leave.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      await held.waiting()
      leave.abort()
      await assert.rejects(answer)
      await held.letGo()
    }
    for (const [path, type] of [
      ['/contacts/', 'application/json'],
      [`/forms/upload-custom-files?contactId=x&locationId=${template.id}`, 'multipart/form-data; boundary=x'],
    ] as const)
      await breakOff(url, demo.locations[0]!.token, path, type)
    const stream = await openStream(url + events, demo.agencyToken)
    await until(() => stream.names().includes('progress'), 'the first event')
    const { status } = await createClient(url, demo.partner.agencyToken).get(
      `/snapshots/pushes/${push.id}/events?companyId=${demo.partner.companyId}`,
    )
    assert.equal(status, 503, 'another has the only place')
    stream.close()
  })
  assert.deepEqual(
    lines.map(({ operation, status, brokenOff }) => [operation, brokenOff ?? status]),
    [
      ['fleet.changes', true],
      ['fleet.list', true],
      ['snapshots.export', true],
      ['contacts.search', true],
      ['crmObjects.search', true],
      ['contacts.create', true],
      ['contacts.uploadFiles', true],
      ['pushes.events', 503],
      ['pushes.events', true],
    ],
  )
  assert.deepEqual([lines[0]?.status, lines.at(-1)?.status], [undefined, 200], 'one had begun to be answered')
  assert.doesNotMatch(output, /"level":"(warn|error|fatal)"/)
})
