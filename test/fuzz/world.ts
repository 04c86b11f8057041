import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import pg from 'pg'
import { ARENAS, MEMORY } from '../../bin/bootstrap.js'
import { registerApp } from '../../src/auth/apps.ts'
import { beginGrant } from '../../src/auth/grants.ts'
import { installApp } from '../../src/auth/installs.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { fillLocation } from '../support/catalogue-world.ts'
import { ownerUrlOf } from '../support/database.ts'
import { startTestServer, TEST_KEY, TEST_OPERATOR, type TestServer } from '../support/server.ts'
import { createWorld, type Tenant, type World } from '../support/tenant-world.ts'
import type { Target } from './door.ts'
import { FuzzPeople } from './people.ts'
import { type CallerName, type FuzzRequest, isPerson, type OwnerName } from './request.ts'
import type { Look } from './server.ts'

/** What the sessions of the server under test are known by; a migrated database has no such setting. */
const DOOR = 'fuzz.door'

/**
 * A server in a process of its own, the worker in this one, and their database, which remembers every row that the
 * server under test writes. Tenants are made anew whenever the old ones have had enough.
 */
export class FuzzWorld implements AsyncDisposable {
  readonly server: TestServer
  readonly #child: ChildProcess
  readonly #sql: pg.Client
  readonly url: string
  #secrets = new Map<string, string>()
  #people!: FuzzPeople
  world!: World
  /** Made by requests, by the noun of their operations: the newest. */
  readonly made = new Map<string, string>()
  /** Of the server under test, in all. */
  longest = { busyMs: 0, operation: '' }
  peakMb = 0
  last = { rssMb: 0, heapMb: 0 }
  /** Lines that the server has logged as errors since they were taken. */
  #errors: string[] = []

  private constructor(server: TestServer, child: ChildProcess, sql: pg.Client, url: string) {
    this.server = server
    this.#child = child
    this.#sql = sql
    this.url = url
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => this.#errors.push(...text.split('\n').filter((line) => line !== '')))
  }

  static async start(): Promise<FuzzWorld> {
    const server = await startTestServer({ rateLimit: 0 })
    const sql = new pg.Client({ connectionString: ownerUrlOf(server.databaseUrl) })
    sql.on('error', () => {})
    await sql.connect()
    await remember(sql)
    const databaseUrl = new URL(server.databaseUrl)
    databaseUrl.searchParams.set('options', `-c ${DOOR}=on`)
    const child = fork(join(import.meta.dirname, 'server.ts'), {
      env: {
        ...process.env,
        ...ARENAS,
        DATABASE_URL: databaseUrl.href,
        TINTYPE_SECRET_KEY: TEST_KEY,
        TINTYPE_OPERATOR_TOKEN: TEST_OPERATOR,
        TINTYPE_LOG_LEVEL: 'error',
      },
      // As the program itself is started.
      execArgv: [...process.execArgv, ...MEMORY],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    const [{ url }] = (await once(child, 'message')) as [{ url: string }]
    const world = new FuzzWorld(server, child, sql, url)
    try {
      await world.begin()
    } catch (error) {
      await world[Symbol.asyncDispose]()
      throw error
    }
    return world
  }

  /** New tenants: nothing of the old ones is asked for any more. */
  async begin(): Promise<void> {
    this.world = await createWorld(this.server)
    await fill(this.server, this.world.mine)
    this.made.clear()
    this.#secrets = await appOf(this.server, this.world.mine)
    this.#people = await FuzzPeople.of(this.server, this.world)
    for (const [name, id] of this.#people.ids) this.mine.ids.set(name, id)
    for (const [name, secret] of this.#people.secrets) this.#secrets.set(name, secret)
  }

  /** People whose sessions have ended, or who have another password. */
  signInAnew(): Promise<void> {
    return this.#people.signIn()
  }

  get mine(): Tenant {
    return this.world.mine
  }

  /** Names of what requests may name. */
  get names(): Set<string> {
    return new Set(this.mine.ids.keys())
  }

  get target(): Target {
    const proof = ({ caller }: FuzzRequest): Record<string, string> => {
      if (isPerson(caller)) return { cookie: `tintype_session=${this.#people.sessions.get(caller)}` }
      const token = this.#token(caller)
      return token === undefined ? {} : { authorization: `Bearer ${token}` }
    }
    return { url: this.url, find: (owner, name) => this.#find(owner, name), proof }
  }

  #find(owner: OwnerName, name: string): string | undefined {
    if (owner === 'mine') return this.#secrets.get(name) ?? this.mine.ids.get(name)
    return this.world[owner].ids.get(name)
  }

  #token(caller: CallerName): string | undefined {
    const { mine, world } = this
    if (caller === 'agency') return mine.agencyToken
    if (caller === 'location') return mine.locationToken
    if (caller === 'app') return mine.appToken
    if (caller === 'operator') return TEST_OPERATOR
    if (caller === 'stranger') return world.stranger.locationToken
    return caller === 'nobody'
      ? undefined
      : caller === 'unknown'
        ? 'pit-00000000-0000-4000-8000-000000000000'
        : this.#secrets.get(caller)
  }

  /** Tables in which the server under test wrote since it was asked last, and how many rows. */
  async takeWrites(): Promise<Map<string, number>> {
    const { rows } = await this.#sql.query(
      'with taken as (delete from fuzz.write returning name) select name, count(*)::int as count from taken group by name',
    )
    return new Map(rows.map(({ name, count }) => [name, count]))
  }

  /** Jobs that failed, at least once. */
  async failedJobs(): Promise<string[]> {
    const { rows } =
      await this.#sql.query(`with taken as (delete from graphile_worker._private_jobs where last_error is not null
          and locked_at is null returning last_error)
      select last_error from taken`)
    return rows.map((row) => row.last_error)
  }

  /** Until nothing is left to do for the worker. */
  async isIdle(): Promise<boolean> {
    const { rows } = await this.#sql.query(
      'select count(*)::int as count from graphile_worker._private_jobs where run_at <= now() and attempts < max_attempts',
    )
    return rows[0].count === 0
  }

  async look(operation: string): Promise<Look> {
    this.#child.send('look')
    const [look] = (await once(this.#child, 'message')) as [Look]
    if (look.busyMs > this.longest.busyMs) this.longest = { busyMs: look.busyMs, operation }
    this.peakMb = Math.max(this.peakMb, look.rssMb)
    this.last = look
    return look
  }

  takeErrors(): string[] {
    return this.#errors.splice(0).map((line) => {
      try {
        const { err, msg } = JSON.parse(line)
        return err?.stack ?? msg
      } catch {
        return line
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) {
      this.#child.disconnect()
      await once(this.#child, 'exit')
    }
    await this.#sql.end()
    await this.server[Symbol.asyncDispose]()
  }
}

/** Where reading writes: when somebody was seen last. */
const UPDATED: Record<string, string> = { session: 'update of hash, person_id' }

/** Each row that a session of the server under test writes leaves a note; where journals are read, beside requests, none. */
async function remember(sql: pg.Client): Promise<void> {
  await sql.query(`create schema fuzz;
    create unlogged table fuzz.write (name text);
    create function fuzz.note() returns trigger language plpgsql security definer as $$ begin insert into fuzz.write
      values (tg_table_name); return null; end $$;`)
  const { rows } = await sql.query(`select c.oid::regclass::text as name from pg_class c
    where c.relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) and c.relkind in ('r', 'p')
      and not c.relispartition
      and c.relname not in ('worker', 'rate_count', 'migration', 'search_walk', 'security_event',
        'journal_consumer')`)
  for (const { name } of rows)
    await sql.query(
      `create trigger fuzz_note after insert or ${UPDATED[name] ?? 'update'} or delete on ${name} for each row
          when (current_setting('${DOOR}', true) = 'on') execute function fuzz.note()`,
    )
}

/**
 * One of everything that the catalogue names, under the names that paths give it; as nouns only where nothing stands
 * yet.
 */
async function fill(
  server: TestServer,
  { companyId, locationId, agencyToken, locationToken, ids }: Tenant,
): Promise<void> {
  const made: Record<string, string> = {}
  const agency = { companyId, relationshipNumber: '', token: agencyToken, locations: [] }
  const location = { id: locationId, name: 'Fuzz', portalId: 0, token: locationToken }
  await fillLocation(
    { agency, location, server, client: server.client(locationToken), ids: made },
    `ada@${locationId.toLowerCase()}.example`,
  )
  for (const [name, id] of Object.entries(made)) {
    ids.set(name, id)
    ids.set(name.replace(/Id$/, ''), id)
  }
}

/** An app with a secret, let into the agency and into the location. */
function appOf({ app: server }: TestServer, { companyId: agencyId, locationId }: Tenant): Promise<Map<string, string>> {
  const { db, clock } = server.platform
  return inTransaction(db, async (tx) => {
    const { app, secret } = await registerApp(
      tx,
      { agencyId, name: 'Fuzz', scopes: ['contacts.readonly'], redirectUris: ['https://example.com/'] },
      clock.nowMs(),
    )
    const secrets = new Map([
      ['appId', app.id],
      ['clientId', app.clientId],
      ['clientSecret', secret ?? ''],
    ])
    for (const place of [null, locationId]) {
      const grant = { appId: app.id, agencyId, locationId: place, userId: 'user', scopes: ['*'] }
      await installApp(tx, { ...grant, futureLocations: true }, clock.nowMs())
      const { accessToken, refreshToken } = await beginGrant(tx, grant, clock.nowMs())
      secrets.set(place === null ? 'app-agency' : 'app-location', accessToken).set('refreshToken', refreshToken)
    }
    return secrets
  })
}
