import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, createClient } from '../support/client.ts'
import { Place, until } from '../support/embedded.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

const HOUR_MS = 3_600_000
/** Debian's package faketime: another clock for whole processes, the database included. */
const FAKETIME = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
  .map((path) => join(path, 'faketime/libfaketime.so.1'))
  .find(existsSync)
const skip =
  (process.env.TINTYPE_OPS !== 'long' && 'takes minutes: npm run test:ops') ||
  (FAKETIME === undefined && 'the library faketime is not there')

interface World {
  agency: Client
  companyId: string
  source: string
  target: string
  /** Moves the clock to so much before or after the true time. */
  step(ms: number): Promise<void>
}

/** What people do across two steps of the clock: an hour ahead, and an hour behind. */
async function live({ agency, companyId, source, target, step }: World): Promise<void> {
  const at = (path: string) => `/snapshots${path}?companyId=${companyId}`
  const ended = async (id: string) => {
    for (;;) {
      const { status, body } = await agency.get(at(`/pushes/${id}`))
      assert.equal(status, 200, JSON.stringify(body))
      if (!['pending', 'processing'].includes(body.push.status)) return body.push
      await pause(50)
    }
  }
  const make = async (name: string) =>
    (await agency.post('/forms/', { locationId: source, name })).body.form.id as string
  const push = async (id: string) =>
    ended((await agency.post(at(`/${id}/push`), { locationIds: [target] })).body.push.id)
  const names = async () =>
    (await agency.get(`/forms/?locationId=${target}`)).body.forms.map(({ name }: { name: string }) => name).sort()

  const first = await make('First')
  const { snapshot } = (await agency.post(at('/'), { name: 'Across', locationId: source })).body
  assert.equal((await push(snapshot.id)).status, 'completed')

  await step(HOUR_MS)
  assert.equal((await agency.get(at('/'))).status, 200, 'tokens work')
  await agency.put(`/forms/${first}?locationId=${source}`, { locationId: source, name: 'First, changed' })
  await make('Second')
  await agency.post(at(`/${snapshot.id}/refresh`), {})
  const ahead = await push(snapshot.id)
  assert.deepEqual(
    [ahead.status, ahead.totals.updated, ahead.totals.created],
    ['completed', 1, 1],
    JSON.stringify(ahead),
  )
  assert.deepEqual(await names(), ['First, changed', 'Second'])

  // What happens now bears an earlier hour than what it comes after.
  await step(-HOUR_MS)
  const [form] = (await agency.get(`/forms/?locationId=${target}`)).body.forms.filter(
    ({ name }: { name: string }) => name === 'First, changed',
  )
  const edited = await agency.put(`/forms/${form.id}?locationId=${target}`, {
    locationId: target,
    name: "The client's own",
  })
  assert.equal(edited.status, 200, JSON.stringify(edited.body))
  const undone = await ended((await agency.post(at(`/pushes/${ahead.id}/rollback`), {})).body.push.id)
  assert.ok(['completed', 'partial'].includes(undone.status), JSON.stringify(undone))
  assert.deepEqual(
    await names(),
    ["The client's own"],
    'an edit of the client is later than the push, whatever the clock says',
  )
  const { history } = (await agency.get(`/locations/${target}/assets/forms/${form.id}/history`)).body
  assert.ok(history.length >= 3)

  await step(0)
  assert.equal((await push(snapshot.id)).status, 'completed')
  assert.ok((await names()).includes('Second'))
  for (let count = 0; count < 20; count++)
    assert.equal((await agency.get(at('/'))).status, 200, 'nobody is shut out by counts of another hour')
}

test('a clock that is stepped by an hour, ahead and back, loses nothing and shuts nobody out', async () => {
  let offsetMs = 0
  await using server = await startTestServer({ clock: { nowMs: () => Date.now() + offsetMs } })
  const { companyId, token, locations } = await createAgency(server.app, { locations: 2 })
  const [source, target] = locations.map(({ id }) => id) as [string, string]
  const made = await server.client(token).post(`/tokens/?companyId=${companyId}`, { name: 'limited', scopes: ['*'] })
  const step = async (ms: number) => {
    offsetMs = ms
  }
  await live({ agency: server.client(made.body.secret), companyId, source, target, step })
})

test('so it is when the clock of the whole machine is stepped under server, worker and database', {
  skip,
}, async () => {
  const file = join('/dev/shm', `tintype-test-${process.pid}-clock`)
  const set = (ms: number) => writeFileSync(file, `${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1000}s`, { mode: 0o644 })
  set(0)
  const place = new Place({
    LD_PRELOAD: FAKETIME,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_TIMESTAMP_FILE: file,
  })
  await using _ = place
  const agencyMade = await place.run('agency', 'create', 'Northlight')
  assert.equal(agencyMade.code, 0, agencyMade.err)
  const companyId = /companyId +(\S+)/.exec(agencyMade.err)?.[1] as string
  place.service.start()
  const agency = createClient(await place.service.ready, agencyMade.out.trim())
  const location = async (name: string) => (await agency.post('/locations/', { companyId, name })).body.id as string
  const step = async (ms: number) => {
    set(ms)
    await until(
      async () =>
        Math.abs(Date.parse((await agency.get('/health')).headers.get('date') ?? '') - Date.now() - ms) < 5_000,
    )
  }
  await live({ agency, companyId, source: await location('Source'), target: await location('Target'), step })
  await until(async () => (await agency.get('/ready')).status === 200)
  assert.equal(await place.service.stop(), 0)
})
