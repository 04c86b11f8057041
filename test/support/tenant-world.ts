import { sql } from 'kysely'
import { signAppToken } from '../../src/auth/app-tokens.ts'
import { deleteApp, registerApp } from '../../src/auth/apps.ts'
import { beginGrant } from '../../src/auth/grants.ts'
import { installApp } from '../../src/auth/installs.ts'
import { createToken } from '../../src/auth/tokens.ts'
import { type Db, query, type Tx } from '../../src/db/pool.ts'
import { runAlone } from '../../src/db/prepared.ts'
import { type Prepared, prepare } from '../../src/db/statements.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { customTypeId } from '../../src/objects/index.ts'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { createAsset } from '../../src/store/assets/index.ts'
import { loadObjectIds } from '../../src/store/records/index.ts'
import { faultsOf } from '../../src/store/validate.ts'
import { connectionThings } from './connections.ts'
import { journalThings } from './journal-world.ts'
import { inputFor, type Owner, send, singular } from './requests.ts'
import { TEST_OPERATOR, type TestServer } from './server.ts'
import { serviceThings } from './service-things.ts'
import { createAgency, type TestAgency, type TestLocation } from './tenants.ts'

/** A location with its agency and everything that was made in it. */
export interface Tenant extends Owner {
  agencyToken: string
  /** An access token of an app that is installed in the agency. */
  oauthToken: string
  locationToken: string
  /** Of that app, which speaks for itself. */
  appToken: string
  ids: Map<string, string>
}

export interface World {
  mine: Tenant
  /** Another location of the same agency. */
  neighbour: Tenant
  /** A location of another agency. */
  stranger: Tenant
}

/** Three tenants that hold one of everything, with a secret word in each thing's texts. */
export async function createWorld(server: TestServer): Promise<World> {
  const own = await createAgency(server.app, { name: 'Own', locations: 2 })
  const other = await createAgency(server.app, { name: 'Other' })
  const tenants = [
    await toTenant(server, own, own.locations[0]!, 'xyzzyamber'),
    await toTenant(server, own, own.locations[1]!, 'xyzzybirch'),
    await toTenant(server, other, other.locations[0]!, 'xyzzycedar'),
  ]
  for (const tenant of tenants) {
    await createAssets(server, tenant)
    // Twice: what needs something that another operation makes succeeds in the second round.
    for (let round = 0; round < 2; round++) await createThings(server, tenant)
    await numberThings(server, tenant)
    await serviceThings(server, tenant)
    await journalThings(server, tenant)
    await webhookThings(server, tenant)
    await connectionThings(server, tenant)
  }
  const [mine, neighbour, stranger] = tenants as [Tenant, Tenant, Tenant]
  return { mine, neighbour, stranger }
}

/** What a token speaks for. */
export type Level = 'agency' | 'location' | 'app'

/** The kinds of token that an operation takes. */
export const levelsOf = ({ token }: Operation): readonly [Level, ...Level[]] =>
  token === 'either' ? ['agency', 'location'] : token === 'agency' || token === 'app' ? [token] : ['location']

/** The token with which a tenant asks for an operation. */
export function tokenFor(tenant: Tenant, operation: Operation, level: Level): string {
  if (operation.token === 'operator') return TEST_OPERATOR
  if (level === 'app') return tenant.appToken
  if (level === 'location') return tenant.locationToken
  return operation.oauthOnly ? tenant.oauthToken : tenant.agencyToken
}

async function toTenant(server: TestServer, agency: TestAgency, location: TestLocation, word: string): Promise<Tenant> {
  const { oauthToken, appToken, appId } = await allowApp(server, agency)
  const ids = new Map([
    ['location', location.id],
    ['company', agency.companyId],
    ['app', appId],
  ])
  return {
    companyId: agency.companyId,
    locationId: location.id,
    word,
    agencyToken: agency.token,
    oauthToken,
    locationToken: location.token,
    appToken,
    ids,
  }
}

/** What an app needs that speaks for itself. */
const APP_SCOPES = registry.all.filter(({ token }) => token === 'app').flatMap(({ scope }) => [scope].flat())

/** An app of the agency that is installed in it. */
function allowApp(
  { app: server }: TestServer,
  { companyId: agencyId }: TestAgency,
): Promise<{ oauthToken: string; appToken: string; appId: string }> {
  const { db, clock } = server.platform
  return inTransaction(db, async (tx) => {
    const { app } = await registerApp(
      tx,
      { agencyId, name: 'App', scopes: ['forms.readonly', ...APP_SCOPES], redirectUris: ['https://example.com/'] },
      clock.nowMs(),
    )
    const appToken = await signAppToken(tx, app, app.scopes, clock.nowMs())
    const grant = { appId: app.id, agencyId, locationId: null, userId: 'user', scopes: ['*'] }
    await installApp(tx, { ...grant, futureLocations: true }, clock.nowMs())
    return { oauthToken: (await beginGrant(tx, grant, clock.nowMs())).accessToken, appToken, appId: app.id }
  })
}

/** Every example of every kind, with the word in its name. */
async function createAssets({ app }: TestServer, tenant: Tenant): Promise<void> {
  const { db, resources, clock } = app.platform
  await inTransaction(db, async (tx) => {
    const scope = {
      tx,
      locationId: tenant.locationId,
      author: { actor: 'test', cause: null, atMs: clock.nowMs() },
      kinds: [...resources.keys()],
    } as never
    for (const resource of resources.values()) {
      for (const [index, example] of resource.examples.entries()) {
        const asset = await createAsset(scope, resource, {
          ...example,
          ...worded(example, tenant.word, (document) => faultsOf(resource.schema, document).length === 0),
        })
        if (index > 0) continue
        for (const name of [resource.kind, resource.noun, singular(resource.kind)]) tenant.ids.set(name, asset.id)
        // Where a path carries a property of the thing (/calendars/resources/:resourceType/:id), it must be this one's.
        for (const [name, value] of Object.entries(example))
          if (typeof value === 'string') tenant.ids.set(`${resource.kind}.${name}`, value)
        if (resource.kind === 'tags') tenant.ids.set('lineage', asset.lineage).set('kind', 'tags')
      }
    }
  })
}

/** The first text of a document that may be anything gets the word. */
function worded(
  document: Record<string, unknown>,
  word: string,
  isValid: (document: Record<string, unknown>) => boolean,
): Record<string, unknown> {
  for (const name of ['name', 'title', ...Object.keys(document)]) {
    if (typeof document[name] !== 'string') continue
    const changed = { [name]: `${document[name]} ${word}` }
    if (isValid({ ...document, ...changed })) return changed
  }
  throw new Error(`no text in ${JSON.stringify(document)}`)
}

/** Calls whatever makes something, as far as plain input takes it, and remembers the ids of the answers. */
async function createThings(server: TestServer, tenant: Tenant): Promise<void> {
  for (const operation of registry.all.filter(makesSomething)) {
    const client = server.client(tokenFor(tenant, operation, levelsOf(operation)[0]))
    const { status, body } = await send(client, operation, inputFor(operation, tenant))
    if (status >= 500) throw new Error(`${operation.name} answers ${status}: ${JSON.stringify(body)}`)
    if (status < 300) remember(tenant.ids, operation, body)
  }
}

/** A webhook of the location, and what waits for it. */
async function webhookThings(server: TestServer, { locationToken, word, ids }: Tenant): Promise<void> {
  const client = server.client(locationToken)
  const { body } = await client.post('/webhooks/', { name: word, url: `https://${word}.example.com/` })
  ids.set('webhook', body.webhook.id)
  const test = await client.post(`/webhooks/${body.webhook.id}/test`)
  ids.set('delivery', test.body.delivery.id)
}

/** What a parameter of the HubSpot wire names -> what was made, by the word of its answer. */
const NUMBERED = { fromObjectId: 'contact', toObjectId: 'buiseness' } as const
const KINDS = { contact: 'contacts', buiseness: 'businesses' } as const

/** The numbers that the HubSpot wire knows things by. */
async function numberThings(
  server: TestServer,
  { companyId, locationId, locationToken, word, ids }: Tenant,
): Promise<void> {
  const client = server.client(locationToken)
  const person = { firstName: word, lastName: word, email: `${word}@example.com`, password: word }
  const works = { companyId, locationIds: [locationId], type: 'account', role: 'user' }
  const { status } = await client.post('/users/', { ...person, ...works })
  const owners = await client.raw('GET', '/crm/v3/owners/')
  if (status !== 201 || owners.body.results?.length === 0) throw new Error(JSON.stringify(owners.body))
  ids.set('hubspot_ownerId', owners.body.results.at(-1).id)
  ids.set('hubspot_customType', customTypeId(ids.get('objects') as string))
  const pipeline = await client.raw('GET', `/crm/v3/pipelines/deals/${ids.get('pipeline')}`)
  ids.set('stage', pipeline.body.stages[0].id)
  for (const [name, noun] of Object.entries(NUMBERED)) {
    const id = ids.get(singular(noun)) as string
    const kind = KINDS[noun]
    const numbers = await loadObjectIds(server.app.platform.db, locationId, [{ kind, id }])
    const number = numbers.get(`${kind} ${id}`)
    if (number === undefined) throw new Error(`no ${noun} was made that ${name} could name`)
    ids.set(`hubspot_${name}`, String(number))
  }
}

const makesSomething = (operation: Operation) =>
  operation.http.startsWith('POST ') &&
  operation.token !== 'none' &&
  operation.rawBody === null &&
  (operation.access === 'write' || operation.name === 'snapshots.push')

function remember(ids: Map<string, string>, operation: Operation, body: unknown): void {
  const keep = (name: string, id: unknown) => {
    if (typeof id === 'string' && !ids.has(name)) ids.set(name, id)
  }
  if (Array.isArray(body)) {
    keep(singular(operation.http.split('/').at(-1) ?? ''), (body[0] as { _id?: unknown } | undefined)?._id)
    return
  }
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    if (name === 'id') for (const segment of operation.http.split('/').slice(1)) keep(singular(segment), value)
    else keep(singular(name), (value as { id?: unknown } | null)?.id)
  }
}

/** A token of this tenant that is not what it should be. */
export function weakToken(
  { app }: TestServer,
  tenant: Tenant,
  options: { level: Level; scopes: string[]; revoked?: boolean },
): Promise<string> {
  const { db, clock } = app.platform
  return inTransaction(db, async (tx) => {
    if (options.level === 'app') return weakAppToken(tx, tenant, options, clock.nowMs())
    const locationId = options.level === 'agency' ? null : tenant.locationId
    const { token, row } = await createToken(
      tx,
      { name: 'weak', agencyId: tenant.companyId, locationId, scopes: options.scopes, unlimited: true },
      clock.nowMs(),
    )
    if (options.revoked) await sql`update token set revoked_at = now() where id = ${row.id}`.execute(tx)
    return token
  })
}

async function weakAppToken(
  tx: Tx,
  { companyId: agencyId }: Tenant,
  { scopes, revoked = false }: { scopes: string[]; revoked?: boolean },
  nowMs: number,
): Promise<string> {
  const held = scopes.includes('*') ? APP_SCOPES : scopes
  const { app } = await registerApp(tx, { agencyId, name: 'Weak', scopes: held, redirectUris: [] }, nowMs)
  const token = await signAppToken(tx, app, held, nowMs)
  if (revoked) await deleteApp(tx, app, nowMs)
  return token
}

/**
 * One value for all that is stored: it changes when any row of any table does. Asked for after each refusal, so it is
 * planned once.
 */
export async function fingerprint({ app }: TestServer): Promise<string> {
  const { db } = app.platform
  const statement = statements.get(app) ?? (await writeFingerprint(db))
  statements.set(app, statement)
  return JSON.stringify(await runAlone(db, statement, []))
}

const statements = new WeakMap<TestServer['app'], Prepared<unknown>>()

/** Where a journal was read is written seconds later, beside the requests; consumers by their names are written in them. */
const OF_THEM: Readonly<Record<string, string>> = { journal_consumer: "where name <> ''" }

async function writeFingerprint(db: Db): Promise<Prepared<unknown>> {
  const tables = await query(
    db,
    sql<{
      name: string
    }>`select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
        and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  )
  const parts = tables
    // Where readers are in a search is nobody's data: it is remembered for an hour, for them alone.
    // A refusal is kept for the agency of whoever was refused, beside the request.
    .filter(({ name }) => !['worker', 'search_walk', 'security_event'].includes(name))
    .map(
      ({ name }) =>
        `select '${name}' as name, count(*) as count, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as sum
            from "${name}" t ${OF_THEM[name] ?? ''}`,
    )
  const all = [...parts, `select 'jobs', count(*), '' from graphile_worker.jobs`].join(' union all ')
  // Parts of a union that are read in parallel come in the order in which they are ready.
  return prepare(`select * from (${all}) as part order by name`)
}
