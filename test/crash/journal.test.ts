import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createDemo, type DemoFile } from '../../src/demo/index.ts'
import { type Client, createClient, type Reply } from '../support/client.ts'
import { Service, seeded } from '../support/crash.ts'
import { createTestDatabase } from '../support/database.ts'
import { askAppToken, type JournalEvent, JR, readUrl, SNAPSHOTS, SUBSCRIPTIONS } from '../support/journal.ts'
import { startTestServer } from '../support/server.ts'

/** Kills of the server and of the worker, which writes the journal. */
const ROUNDS = Number(process.env.TINTYPE_CRASH_ROUNDS ?? 6)
const SEED = Number(process.env.TINTYPE_CRASH_SEED ?? randomInt(1_000_000))
const CONTACTS = 12
const RATES = { TINTYPE_JOURNAL_RATE: '0', TINTYPE_SUBSCRIPTION_RATE: '0', TINTYPE_SNAPSHOT_RATE: '0' }

/** Asks until it is answered: who is asked may be gone. */
async function patiently<T>(ask: () => Promise<T | null>): Promise<T> {
  const endMs = performance.now() + 60_000
  for (;;) {
    const answer = await ask().catch(() => null)
    if (answer !== null) return answer
    if (performance.now() > endMs) throw new Error('nobody answers any more')
    await pause(30)
  }
}

const ifServed = ({ status, body }: Reply) => (status < 500 ? { status, body } : null)

test(`${ROUNDS} kills of server and worker lose and double nothing of the journal (seed ${SEED})`, {
  timeout: 20 * 60_000,
}, async () => {
  const random = seeded(SEED)
  const database = await createTestDatabase()
  const demo = await prepare(database.url)
  const serve = new Service({ command: 'serve', databaseUrl: database.url, env: RATES })
  const work = new Service({ command: 'work', databaseUrl: database.url, env: RATES })
  const location = demo.locations[2] as DemoFile['locations'][number]
  let url = ''
  const [over, stop] = [new AbortController(), new AbortController()]
  const clientOf = (token: string): Client => createClient(url, token)
  try {
    serve.start()
    work.start()
    url = await serve.ready
    await work.ready
    const token = await tokenOf(url, demo)
    const app = () => clientOf(token)
    const people = () => clientOf(location.token)
    const wish = { subscriptionType: 'OBJECT', portalId: location.portalId, objectTypeId: '0-1' }
    assert.equal((await app().post(SUBSCRIPTIONS, { ...wish, actions: ['CREATE', 'UPDATE'] })).status, 200)

    const events: JournalEvent[] = []
    const reading = follow(() => app(), over.signal, events)
    const contacts = await Promise.all(
      Array.from({ length: CONTACTS }, async (_, n) => {
        const made = await people().post('/contacts/', {
          locationId: location.id,
          firstName: `Contact ${n}`,
          city: '0',
        })
        assert.equal(made.status, 201, JSON.stringify(made.body))
        return { id: made.body.contact.id as string, tried: 0, acknowledged: [] as number[] }
      }),
    )
    const editing = contacts.map(async (contact) => {
      while (!stop.signal.aborted) {
        const n = ++contact.tried
        const reply = await people()
          .put(`/contacts/${contact.id}`, { city: String(n) })
          .catch(() => null)
        if (reply?.status === 200) contact.acknowledged.push(n)
        else await pause(30)
      }
    })
    const asked: string[] = []
    const asking = (async () => {
      while (!stop.signal.aborted) {
        const objectIds = [...new Set(events.map(({ objectId }) => objectId))].slice(0, 5)
        const snapshotRequests = objectIds.map((objectId) => ({
          portalId: location.portalId,
          objectId,
          objectTypeId: '0-1',
          properties: ['city'],
        }))
        const reply =
          objectIds.length === 0
            ? null
            : await app()
                .post(SNAPSHOTS, { snapshotRequests })
                .catch(() => null)
        if (reply?.status === 200) for (const one of reply.body.snapshotResponses) asked.push(one.snapshotStatusId)
        await pause(20)
      }
    })()

    await patiently(async () => (asked.length > 0 ? true : null))
    for (let round = 0; round < ROUNDS; round++) {
      await pause(100 + random() * 500)
      const victim = random() < 0.3 ? serve : work
      await victim.crash()
      const ready = await victim.ready
      if (victim === serve) url = ready
    }
    stop.abort()
    await Promise.all([...editing, asking])
    for (const id of asked) {
      const { status } = await patiently(async () => {
        const { body } = await app().get(`${SNAPSHOTS}/status/${id}`)
        return ['PENDING', 'IN_PROGRESS'].includes(body.status) ? null : body
      })
      assert.equal(status, 'COMPLETED', id)
    }
    const now = await Promise.all(
      contacts.map(async ({ id }) => Number((await people().get(`/contacts/${id}`)).body.contact.city)),
    )
    const told = () => events.filter(({ action }) => action !== 'SNAPSHOT')
    const latestOf = (n: number) => told().findLast(({ propertyChanges }) => propertyChanges.city === String(n))
    await patiently(async () => (now.every((n) => latestOf(n) !== undefined) ? true : null))
    await pause(500)
    over.abort()
    await reading

    assert.equal(new Set(events.map(({ eventId }) => eventId)).size, events.length, 'an event came twice')
    const snapshots = new Set(events.flatMap(({ snapshotStatusId }) => snapshotStatusId ?? []))
    for (const id of asked) assert.ok(snapshots.has(id), `snapshot ${id} is not in the journal`)
    const byObject = Map.groupBy(told(), ({ objectId }) => objectId)
    assert.equal(byObject.size, CONTACTS)
    for (const changes of byObject.values()) {
      const numbers = changes.map(({ propertyChanges }) => Number(propertyChanges.city))
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
        'events of a record are out of order',
      )
      const name = changes[0]?.propertyChanges.firstname
      const contact = contacts[Number(name?.split(' ')[1])]
      assert.deepEqual(
        contact?.acknowledged.filter((n) => !numbers.includes(n)),
        [],
        `edits of ${name} were lost`,
      )
    }
    assert.deepEqual([...serve.errors, ...work.errors], [])
  } finally {
    // What goes on by itself would keep the process, and all that waits for it, for good.
    stop.abort()
    over.abort()
    await serve.end()
    await work.end()
    await database.drop()
  }
})

async function prepare(databaseUrl: string): Promise<DemoFile> {
  await using server = await startTestServer({ databaseUrl, work: false })
  return (await createDemo(server.app.platform, server.url, { records: false })) as DemoFile
}

async function tokenOf(url: string, { app }: DemoFile): Promise<string> {
  const reply = await askAppToken({ client: () => createClient(url) } as never, app)
  return reply.body.access_token
}

/** Follows the journal whoever serves it, and takes each file as a whole. */
async function follow(app: () => Client, signal: AbortSignal, events: JournalEvent[]): Promise<void> {
  let offset: string | null = null
  while (!signal.aborted) {
    const path: string = offset === null ? `${JR}/earliest` : `${JR}/offset/${offset}/next`
    const reply = await app()
      .raw('GET', path)
      .then(ifServed)
      .catch(() => null)
    const file = reply?.status === 200 ? await readUrl(reply.body.url).catch(() => null) : null
    if (file === null) {
      await pause(20)
      continue
    }
    events.push(...file.journalEvents)
    offset = file.offset
  }
}
