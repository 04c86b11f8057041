import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Service } from '../support/crash.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'
import { makeWebhook, startReceiver } from '../support/webhooks.ts'

/** Kills of either of two workers. */
const ROUNDS = Number(process.env.TINTYPE_CRASH_ROUNDS ?? 4)
const CONTACTS = 12

test(`${ROUNDS} kills of workers lose no webhook, and change no order where it was asked for`, {
  timeout: 20 * 60_000,
}, async () => {
  const database = await createTestDatabase()
  const env = { TINTYPE_OUTGOING_NETWORKS: '127.0.0.0/8' }
  const workers = [1, 2].map(() => new Service({ command: 'work', databaseUrl: database.url, env }))
  await using plain = await startReceiver()
  await using ordered = await startReceiver()
  try {
    await using server = await startTestServer({
      databaseUrl: database.url,
      work: false,
      outgoingNetworks: '127.0.0.0/8',
    })
    const location = (await createAgency(server.app)).locations[0] as TestLocation
    const client = server.client(location.token)
    // Slow enough that something is under way when a worker goes.
    for (const receiver of [plain, ordered])
      receiver.answer = (response, one) => {
        setTimeout(() => {
          receiver.taken.push(one)
          response.end()
        }, 20)
      }
    await makeWebhook(client, { url: plain.url })
    await makeWebhook(client, { url: ordered.url, ordered: true })
    for (const worker of workers) worker.start()
    await Promise.all(workers.map(({ ready }) => ready))

    const made = await Promise.all(
      Array.from({ length: CONTACTS }, async (_, n) => {
        const { body } = await client.post('/contacts/', { locationId: location.id, firstName: `Contact ${n}` })
        return body.contact.id as string
      }),
    )
    const stop = new AbortController()
    let versions = 0
    const editing = (async () => {
      while (!stop.signal.aborted) {
        versions++
        for (const id of made)
          assert.equal((await client.put(`/contacts/${id}`, { city: String(versions) })).status, 200)
      }
    })()
    for (let round = 0; round < ROUNDS; round++) {
      const beforeKill = plain.all.length
      await plain.until(({ all }) => all.length > beforeKill + 10, 'deliveries between two kills')
      await (workers[round % 2] as Service).crash()
    }
    stop.abort()
    await editing
    const told = CONTACTS * (versions + 1)
    const idsOf = ({ taken }: typeof plain) => new Set(taken.map(({ id }) => id))
    // What was under way comes when the leases of the dead are over.
    for (const receiver of [plain, ordered])
      for (let tries = 0; idsOf(receiver).size < told; tries++) {
        assert.ok(tries < 1_200, `${idsOf(receiver).size} of ${told} came`)
        await pause(100)
      }
    for (const id of made) {
      const first = new Map(
        ordered.taken.filter(({ body }) => body.id === id).map((one) => [one.id, one.body] as const),
      )
      const cities = [...first.values()].map(({ city }) => Number(city ?? 0))
      assert.deepEqual(
        cities,
        Array.from({ length: versions + 1 }, (_, n) => n),
      )
    }
  } finally {
    for (const worker of workers) await worker.end()
    await database.drop()
  }
})
