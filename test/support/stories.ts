import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { createDemo, type DemoFile } from '../../src/demo/index.ts'
import { type AssetDocument, listAssets } from '../../src/store/assets/index.ts'
import type { Client, Reply } from './client.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts'

/** A server with the demo: a rich template, a location set up by hand, an empty one, and a partner agency. */
export interface Story extends AsyncDisposable {
  server: TestServer
  demo: DemoFile
  template: Actor
  byHand: Actor
  empty: Actor
  agency: AgencyActor
  partner: AgencyActor
}

/** One location and the client that speaks for it. */
export interface Actor {
  id: string
  client: Client
}

export interface StoryOptions extends TestServerOptions {
  /** The demo's people and what happened to them, too. Default false. */
  records?: boolean
}

export async function startStory({ records = false, ...options }: StoryOptions = {}): Promise<Story> {
  const server = await startTestServer(options)
  await freeDemo(server)
  const demo = (await createDemo(server.app.platform, server.url, { records })) as DemoFile
  const [template, byHand, empty] = demo.locations.map(({ id, token }) => ({ id, client: server.client(token) })) as [
    Actor,
    Actor,
    Actor,
  ]
  return {
    server,
    demo,
    template,
    byHand,
    empty,
    agency: new AgencyActor(server.client(demo.agencyToken), demo.companyId),
    partner: new AgencyActor(server.client(demo.partner.agencyToken), demo.partner.companyId),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Files that share a server come one after the other: the demo of the last one gives up what only one may have. */
async function freeDemo(server: TestServer): Promise<void> {
  const db = server.owner()
  await sql`update agency set relationship_number = '0-' || id`.execute(db)
  await sql`update location set portal_id = 1e9 + floor(random() * 1e9)`.execute(db)
  await sql`update person set email = id || '@gone.example'`.execute(db)
}

/** A location of its own for one test, made over HTTP as an agency makes it, with a token that holds every scope. */
export async function newLocation({ agency, server }: Story, name: string): Promise<Actor> {
  const made = await agency.client.post('/locations/', { companyId: agency.companyId, name })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  const token = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, {
    name,
    locationId: made.body.id,
    scopes: ['*'],
  })
  assert.equal(token.status, 201, JSON.stringify(token.body))
  return { id: made.body.id, client: server.client(token.body.secret) }
}

const PATIENCE_MS = 60_000

/** An agency doing what agencies do with snapshots. Each call asserts the status it expects. */
export class AgencyActor {
  readonly client: Client
  readonly companyId: string

  constructor(client: Client, companyId: string) {
    this.client = client
    this.companyId = companyId
  }

  path(path: string): string {
    return `/snapshots${path}${path.includes('?') ? '&' : '?'}companyId=${this.companyId}`
  }

  async get(path: string, status = 200) {
    return expect(await this.client.get(this.path(path)), status)
  }

  async post(path: string, body: unknown = {}, status = 200) {
    return expect(await this.client.post(this.path(path), body), status)
  }

  async capture(locationId: string, more: object = {}) {
    return (await this.post('/', { name: 'Snapshot', locationId, ...more }, 201)).snapshot
  }

  async refresh(snapshotId: string, status = 201) {
    return (await this.post(`/${snapshotId}/refresh`, {}, status)).snapshot
  }

  async plan(snapshotId: string, locationIds: string[], more: object = {}) {
    return (await this.post(`/${snapshotId}/plan`, { locationIds, ...more })).plan
  }

  /** Starts a push and waits for its end. */
  async push(snapshotId: string, locationIds: string[] | 'all', more: object = {}) {
    const { push } = await this.post(`/${snapshotId}/push`, { locationIds, ...more }, 202)
    return this.ended(push.id)
  }

  async ended(pushId: string) {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      // First of all: no push ends at once.
      await pause(20)
      const { push } = await this.get(`/pushes/${pushId}`)
      if (push.status !== 'pending' && push.status !== 'processing') return push
      assert.ok(Date.now() < deadline, `push ${pushId} did not end`)
    }
  }

  /** What became of each asset of a target. */
  async outcomes(pushId: string, locationId: string) {
    return (await this.get(`/pushes/${pushId}/targets/${locationId}`)).target
  }

  async rollback(pushId: string, body: object = {}) {
    const { push } = await this.post(`/pushes/${pushId}/rollback`, body, 202)
    return this.ended(push.id)
  }
}

function expect(reply: Reply, status: number) {
  assert.equal(reply.status, status, JSON.stringify(reply.body)?.slice(0, 2000))
  return reply.body
}

export interface StoredAsset {
  kind: string
  id: string
  name: string
  document: AssetDocument
}

/** Every document of a location, as its callers see it. */
export async function readAll({ server }: Story, locationId: string): Promise<StoredAsset[]> {
  const { db, resources } = server.app.platform
  const { rows } = await sql<{
    kind: string
  }>`select distinct kind from asset where location_id = ${locationId}`.execute(db)
  const present = new Set(rows.map(({ kind }) => kind))
  const assets: StoredAsset[] = []
  for (const resource of resources.values()) {
    if (!present.has(resource.kind)) continue
    for (const { id, name, document } of await listAssets(db, resource, locationId))
      assets.push({ kind: resource.kind, id, name, document })
  }
  return assets
}

/** Rows of the asset table of a location, without the moments of writing. */
export async function readRows({ server }: Story, locationId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select kind, id, lineage, name, key, hash, base_hash, local from asset where location_id = ${locationId}
      order by kind, id`.execute(server.app.platform.db)
  return rows
}

export async function countRows(
  { server }: Story,
  table: 'asset' | 'blob' | 'change' | 'snapshot_entry',
): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
    server.app.platform.db,
  )
  return rows[0]?.count ?? 0
}
