import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, type Reply } from '../support/client.ts'
import { Service } from '../support/crash.ts'
import { until } from '../support/embedded.ts'
import { Gate } from '../support/gate.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

/** How long the database is away. Minutes in the long run. */
const AWAY_MS = Number(process.env.TINTYPE_OPS_AWAY_SECONDS ?? 2.5) * 1000
/** So long it takes to be certain that nothing comes through any more. */
const SILENT_MS = 40_000
const TARGETS = 20

let story: Story
let gate: Gate
let server: Service
let worker: Service
const places: string[] = []

before(async () => {
  story = await startStory({ work: false })
  gate = await Gate.to(story.server.databaseUrl)
  const env = { TINTYPE_STATEMENT_SECONDS: '2' }
  server = new Service({ command: 'serve', databaseUrl: gate.url, env })
  worker = new Service({ command: 'work', databaseUrl: gate.url, env })
  server.start()
  worker.start()
  await Promise.all([server.ready, worker.ready])
  for (let index = 0; index < TARGETS; index++) places.push((await newLocation(story, `Place ${index}`)).id)
})
after(async () => {
  await Promise.all([server?.end(), worker?.end()])
  await gate?.[Symbol.asyncDispose]()
  await story?.[Symbol.asyncDispose]()
})

const isOver = (status: string) => !['pending', 'processing'].includes(status)

/** A push that is under way when the database goes, and what callers see until it is back. */
async function through(leave: () => unknown): Promise<{ replies: Reply[]; slowestMs: number }> {
  const agency = createClient(await server.ready, story.demo.agencyToken)
  const path = (rest: string) => `/snapshots${rest}?companyId=${story.demo.companyId}`
  const snapshot = await story.agency.capture(story.template.id)
  const started = await agency.post(path(`/${snapshot.id}/push`), { locationIds: places })
  assert.equal(started.status, 202, JSON.stringify(started.body))
  const { id } = started.body.push
  // While pieces are being written.
  await until(async () => (await story.agency.get(`/pushes/${id}`)).push.status !== 'pending')
  await leave()
  const replies: Reply[] = []
  let slowestMs = 0
  for (const began = performance.now(); performance.now() - began < AWAY_MS; ) {
    const sentMs = performance.now()
    replies.push(
      ...(await Promise.all([
        agency.get(path(`/pushes/${id}`)),
        agency.get('/ready'),
        agency.post('/locations/', { companyId: 'x', name: 'x' }),
      ])),
    )
    slowestMs = Math.max(slowestMs, performance.now() - sentMs)
    await pause(100)
  }
  await gate.open()
  await until(async () => (await agency.get(path(`/pushes/${id}`))).status === 200)
  await until(async () => isOver((await story.agency.get(`/pushes/${id}`)).push.status), 60_000)
  const { push } = await story.agency.get(`/pushes/${id}`)
  assert.deepEqual([push.status, push.totals.failed ?? 0], ['completed', 0], JSON.stringify(push))
  await until(async () => (await agency.get('/ready')).status === 200)
  return { replies, slowestMs }
}

const endings = () => [...server.errors, ...worker.errors].filter((line) => line.includes('ended by itself'))

test('a database that is shut down and comes back ends neither server nor worker; what was acknowledged goes on', async () => {
  const { replies } = await through(() => gate.close())
  assert.deepEqual(endings(), [])
  assert.ok(replies.length > 10)
  const refused = replies.filter(({ status }) => status !== 503)
  assert.deepEqual(refused, [], 'nothing but 503')
  for (const { headers } of replies) assert.match(headers.get('retry-after') ?? '', /^\d+$/)
})

const skip = AWAY_MS < SILENT_MS && 'takes a minute: npm run test:ops'
test('a network that swallows everything is no different: requests end in time, and connections are made anew', {
  skip,
}, async () => {
  const { replies, slowestMs } = await through(() => gate.silence())
  assert.deepEqual(endings(), [])
  const seen = new Set(replies.map(({ status }) => status))
  assert.ok(seen.has(503))
  // Who the caller is, is known for some seconds more: that is all that can be answered.
  assert.deepEqual(
    [...seen].filter((status) => ![503, 403].includes(status)),
    [],
  )
  assert.ok(slowestMs < SILENT_MS, `${slowestMs} ms`)
})

test('notices are heard again: what one process revokes, the other refuses at once', async () => {
  const made = await story.agency.client.post(`/tokens/?companyId=${story.demo.companyId}`, {
    name: 'Brief',
    scopes: ['*'],
  })
  const agency = createClient(await server.ready, made.body.secret)
  const path = `/snapshots/?companyId=${story.demo.companyId}`
  for (let tries = 0; tries < 20; tries++) assert.equal((await agency.get(path)).status, 200)
  await story.agency.client.delete(`/tokens/${made.body.token.id}?companyId=${story.demo.companyId}`)
  await until(async () => (await agency.get(path)).status === 401, 2_000)
})

test('an outage is told in a few lines, and so is its end', () => {
  for (const { output } of [server, worker]) {
    const lines = output.split('\n').filter((line) => line.startsWith('{'))
    assert.ok(lines.length < 120, `${lines.length} lines:\n${output}`)
    assert.match(output, /answers again/)
  }
})
