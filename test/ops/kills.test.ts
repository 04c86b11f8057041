import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '../support/client.ts'
import type { Service } from '../support/crash.ts'
import { Place, until } from '../support/embedded.ts'

/** In full only: each kill costs seconds. What is here is looked at in little by flows/embedded and crash/crash. */
const skip = process.env.TINTYPE_OPS !== 'long' && 'takes minutes: npm run test:ops'
const ROUNDS = 12

let place: Place
let server: Service
let worker: Service
let companyId: string
let token: string
const acknowledged: string[] = []

before(async () => {
  if (skip) return
  place = new Place({ TINTYPE_RATE_LIMIT: '0', TINTYPE_LOG_LEVEL: 'info' })
  const made = await place.run('agency', 'create', 'Northlight')
  token = made.out.trim()
  companyId = /companyId +(\S+)/.exec(made.err)?.[1] as string
  server = place.other('serve')
  worker = place.other('work')
  server.start()
  await server.ready
  worker.start()
  await worker.ready
})
after(async () => {
  await Promise.all([server?.end(), worker?.end()])
  await place?.[Symbol.asyncDispose]()
})

const client = async () => createClient(await server.ready, token)

async function write(signal: AbortSignal): Promise<void> {
  for (let count = 0; !signal.aborted; count++) {
    const reply = await client()
      .then((one) => one.post('/locations/', { companyId, name: `Place ${count}` }))
      .catch(() => null)
    if (reply?.status === 200) acknowledged.push(reply.body.id)
    else await pause(20)
    assert.ok(reply === null || [200, 503].includes(reply.status), JSON.stringify(reply?.body))
  }
}

async function found(): Promise<Set<string>> {
  const ids = new Set<string>()
  for (let skipped = 0; ; skipped += 100) {
    const { body } = await (await client()).get(`/locations/search?companyId=${companyId}&limit=100&skip=${skipped}`)
    for (const { id } of body.locations) ids.add(id)
    if (body.locations.length < 100) return ids
  }
}

/** A process that serves one connection. */
function backend(): number {
  const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isBackend(pid))
  return Number(children[children.length >> 1])
}

function isBackend(pid: string): boolean {
  try {
    const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return Number(parent) === place.postmaster && /tintype/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return false
  }
}

const victims: Record<string, () => Promise<unknown>> = {
  server: () => server.crash(),
  worker: () => worker.crash(),
  postmaster: async () => process.kill(place.postmaster, 'SIGKILL'),
  backend: async () => process.kill(backend(), 'SIGKILL'),
}

test('kill -9 of server, worker, database and of one of its connections: all comes back by itself, and nothing acknowledged is lost', {
  skip,
}, async (t) => {
  const over = new AbortController()
  const writers = [write(over.signal), write(over.signal)]
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const [name, kill] = Object.entries(victims)[round % 4] as [string, () => Promise<unknown>]
      const before = acknowledged.length
      await until(() => acknowledged.length > before, 60_000)
      await kill()
      const after = acknowledged.length
      await until(() => acknowledged.length > after + 5, 60_000).catch((cause) => {
        throw new Error(`nothing is written after the end of ${name}: ${server.output.slice(-2000)}`, { cause })
      })
    }
  } finally {
    over.abort()
    await Promise.all(writers)
  }
  t.diagnostic(`${acknowledged.length} acknowledged`)
  const there = await found()
  assert.deepEqual(
    acknowledged.filter((id) => !there.has(id)),
    [],
  )
})

test('without a worker the server says so and takes pushes; the next worker does them', { skip }, async () => {
  const one = await client()
  const [source, target] = acknowledged as [string, string]
  assert.equal((await one.post(`/locations/${source}/tags`, { name: 'vip' })).status, 200)
  const captured = await one.post(`/snapshots/?companyId=${companyId}`, { name: 'S', locationId: source })
  assert.equal(captured.status, 201, JSON.stringify(captured.body))
  await worker.end()
  const { push } = (
    await one.post(`/snapshots/${captured.body.snapshot.id}/push?companyId=${companyId}`, { locationIds: [target] })
  ).body
  await until(async () => {
    const { status, body } = await one.get('/ready')
    return status === 503 && JSON.stringify(body).includes('no worker has been seen. Run: tintype work')
  }, 30_000)
  worker.start()
  await until(
    async () => (await one.get(`/snapshots/pushes/${push.id}?companyId=${companyId}`)).body.push.status === 'completed',
    60_000,
  )
  await until(async () => (await one.get('/ready')).status === 200)
})

test('a database that hangs while it stops is waited for aloud, told to drop everything, and started again', {
  skip,
}, async () => {
  const one = await client()
  const hung = backend()
  process.kill(hung, 'SIGSTOP')
  const postmaster = place.postmaster
  process.kill(postmaster, 'SIGINT')
  await Promise.all([server.end(), worker.end()])
  assert.equal(place.postmaster, postmaster, 'it cannot end')
  server.start()
  await server.ready
  assert.match(server.output, new RegExp(`PostgreSQL \\(process ${postmaster}\\) is stopping; waiting for it`))
  assert.match(server.output, /told to drop everything/)
  assert.notEqual(place.postmaster, postmaster)
  assert.ok(one)
  const there = await found()
  assert.deepEqual(
    acknowledged.filter((id) => !there.has(id)),
    [],
  )
})
