import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import pg from 'pg'
import { createFleet, createSource } from '../../bench/fleet.ts'
import { createToken } from '../../src/auth/tokens.ts'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { newId } from '../../src/ids.ts'
import { createLog } from '../../src/log.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { createRecords } from '../../src/store/records/index.ts'
import type { Ground, Tally } from './attacks.ts'
import { type Client, createClient } from './client.ts'
import { Service } from './crash.ts'
import { createTestDatabase } from './database.ts'

/** A server and a worker as processes of their own, one tenant that does its worst, and one that works as ever. */
export interface Street extends AsyncDisposable {
  ground: Ground
  neighbour: { id: string; client: Client }
  /** The most memory that the server has had so far, in bytes. */
  peak(): number
  /** What the server and the worker complained of. */
  errors(): string[]
}

export async function openStreet({ fleet, assets }: { fleet: number; assets: number }): Promise<Street> {
  const testDatabase = await createTestDatabase()
  const services = (['serve', 'work'] as const).map(
    (command) =>
      new Service({
        command,
        databaseUrl: testDatabase.url,
        env: { TINTYPE_POOL_SIZE: '10', TINTYPE_VISITOR_LIMIT: '0' },
      }),
  )
  const [server] = services as [Service, Service]
  const database = openDatabase({ url: testDatabase.url, poolSize: 3, log: createLog('silent') })
  for (const service of services) service.start()
  const url = await server.ready
  await services[1]?.ready
  const ground = await settle(database, url, { fleet, assets })
  const neighbour = await createFleet(database.db, 1)
  const [id] = neighbour.locationIds as [string]
  const token = await tokenFor(database, neighbour.companyId, id, true)
  await people(database, id, 500)
  await analyse(testDatabase.ownerUrl)
  return {
    ground,
    neighbour: { id, client: createClient(url, token) },
    peak: () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    errors: () => services.flatMap((service) => service.errors),
    async [Symbol.asyncDispose]() {
      for (const service of services) await service.end()
      await database.close()
      await testDatabase.drop()
    },
  }
}

/** As autovacuum does within a minute of what was written. */
async function analyse(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('analyze')
  } finally {
    await client.end()
  }
}

async function settle(
  database: Database,
  url: string,
  { fleet, assets }: { fleet: number; assets: number },
): Promise<Ground> {
  const { db } = database
  const { companyId, locationIds } = await createFleet(db, fleet)
  const source = await createSource(db, companyId, assets)
  const agencyToken = await tokenFor(database, companyId, null)
  const agency = createClient(url, agencyToken)
  const made = await agency.post(`/snapshots/?companyId=${companyId}`, { name: 'Fleet', locationId: source })
  const snapshotId: string = made.body.snapshot.id
  const places = locationIds.slice(0, 3)
  const locations = await Promise.all(
    places.map(async (id) => ({ id, token: await tokenFor(database, companyId, id) })),
  )
  const contactIds = (await Promise.all(places.map((id) => people(database, id, 1_000))))[0] as string[]
  const pushId = newId()
  // Nobody is to work on it: it waits for as long as it is followed.
  await sql`
    insert into push (id, agency_id, snapshot_id, version, reverts, options, kinds, state, actor, created_at)
    values (${pushId}, ${companyId}, ${snapshotId}, 1, null, '{}', '{}', 'pending', 'system', now())`.execute(db)
  return { url, companyId, agencyToken, locations, contactIds, pushId, snapshotId, fleet: locationIds }
}

async function tokenFor(
  { db }: Database,
  agencyId: string,
  locationId: string | null,
  unlimited = false,
): Promise<string> {
  return (
    await inTransaction(db, (tx) =>
      createToken(tx, { name: 'street', agencyId, locationId, scopes: ['*'], unlimited }, Date.now()),
    )
  ).token
}

async function people({ db }: Database, locationId: string, count: number): Promise<string[]> {
  const author = { actor: 'test', cause: null, atMs: Date.now() }
  const documents = Array.from({ length: count }, (_, number) => ({
    document: {
      type: 'lead',
      firstName: `Person${number}`,
      email: `p${number}@post.example`,
      tags: [],
      customFields: [],
      dnd: false,
      followers: [],
    },
  }))
  return (await inTransaction(db, (tx) => createRecords({ tx, locationId, author }, contacts, documents))).map(
    ({ id }) => id,
  )
}

export interface Waits {
  count: number
  p50: number
  p95: number
  p99: number
}

/** What the neighbour does all day, call after call, and how long each takes. Every one of them must succeed. */
export async function measure({ neighbour: { id, client } }: Street, ms: number): Promise<Waits> {
  const calls = [
    () => client.get(`/locations/${id}/tags`),
    () => client.post('/contacts/search', { locationId: id, pageLimit: 20, query: 'Person7' }),
    () => client.post('/contacts/', { locationId: id, firstName: 'New', email: `${newId()}@post.example` }),
    () => client.get(`/contacts/?locationId=${id}&limit=20`),
  ]
  const waits: number[] = []
  const until = performance.now() + ms
  while (performance.now() < until) {
    const began = performance.now()
    const { status, body } = await (calls[waits.length % calls.length] as (typeof calls)[number])()
    waits.push(performance.now() - began)
    if (status >= 300) throw new Error(`the neighbour is answered ${status}: ${JSON.stringify(body)}`)
    await pause(10)
  }
  const sorted = waits.toSorted((a, b) => a - b)
  const part = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
  return { count: waits.length, p50: part(0.5), p95: part(0.95), p99: part(0.99) }
}

/** The neighbour's waits while the other tenant does this, from when it has begun. */
export async function under(
  street: Street,
  attack: string,
  { ms, warmMs }: { ms: number; warmMs: number },
): Promise<{ waits: Waits; tally: Tally }> {
  const attacker = new Worker(new URL('./attacker.ts', import.meta.url), {
    workerData: { name: attack, ground: street.ground },
  })
  const ended = new Promise<Tally>((done, fail) => attacker.once('message', done).once('error', fail))
  ended.catch(() => {})
  try {
    await pause(warmMs)
    const waits = await measure(street, ms)
    attacker.postMessage('leave')
    return { waits, tally: await ended }
  } finally {
    await attacker.terminate()
  }
}
