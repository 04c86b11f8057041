import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { createRun } from '../../src/connect/index.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client } from './client.ts'
import type { TestServer } from './server.ts'
import type { Tenant } from './tenant-world.ts'

/** A contact of another program, as the 17hats app of Zapier sends it. */
export const CONTACT_DEFINITION = {
  source: {},
  mapping: {
    object: 'contact',
    fields: [
      { to: 'firstName', from: { path: 'first_name' } },
      { to: 'lastName', from: { path: 'last_name' } },
      { to: 'email', from: { path: 'email' } },
      { to: 'phone', from: { path: 'phone' } },
      { to: 'city', from: { path: 'city' } },
      { to: 'tags', from: { path: 'tags' } },
    ],
    filters: [{ when: { path: 'type', is: 'equal', value: 'Spam' }, reason: 'spam' }],
    externalId: { path: 'id' },
    keys: ['externalId', 'email', 'phone'],
    conflicts: 'source',
  },
}

export const INVOICE_DEFINITION = {
  source: { items: 'invoices' },
  mapping: {
    object: 'invoice',
    fields: [
      { to: 'number', from: { path: 'number' } },
      { to: 'total', from: { path: 'total' } },
      { to: 'status', from: { path: 'status' } },
      { to: 'currency', from: { path: 'currency' } },
      { to: 'customerId', from: { path: 'contact_id' } },
      { to: 'dueDate', from: { path: 'due_date' } },
    ],
    filters: [],
    externalId: { path: 'id' },
    keys: ['externalId', 'number'],
    conflicts: 'source',
    lines: {
      from: 'items',
      key: { path: 'id' },
      fields: [
        { to: 'name', from: { path: 'name' } },
        { to: 'quantity', from: { path: 'qty' } },
        { to: 'price', from: { path: 'price' } },
      ],
    },
  },
}

export interface MadeConnection {
  id: string
  address: string
}

/** A connection, deployed unless said otherwise. */
export async function makeConnection(
  client: Client,
  body: object = {},
  { deploy = true, query = '' }: { deploy?: boolean; query?: string } = {},
): Promise<MadeConnection> {
  const wish = { name: 'Theirs', way: 'hook', definition: CONTACT_DEFINITION, ...body }
  const reply = await client.post(`/connections/${query}`, wish)
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  const { id } = reply.body.connection
  if (deploy) {
    const deployed = await client.post(`/connections/${id}/deploy`)
    assert.equal(deployed.status, 200, JSON.stringify(deployed.body))
  }
  return { id, address: reply.body.address }
}

/** As the other program calls it: no token. */
export async function send(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  })
}

// biome-ignore lint/suspicious/noExplicitAny: answers are what the tests are about
export type Answer = any

export async function rowsOf(client: Client, id: string, query = ''): Promise<Answer[]> {
  return walk(client, `/connections/${id}/rows?limit=200${query}`, 'rows')
}

/** A list, page by page. */
export async function walk(client: Client, path: string, name: 'rows' | 'runs'): Promise<Answer[]> {
  const all: Answer[] = []
  for (let after = ''; ; ) {
    const { status, body } = await client.get(`${path}${after}`)
    assert.equal(status, 200, JSON.stringify(body))
    all.push(...body[name])
    if (body.after === null) return all
    after = `&after=${body.after}`
  }
}

/** Until this is so. */
export async function until<T>(look: () => Promise<T | null | undefined | false>, what: string): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await look()
    if (found) return found
    assert.ok(tries < 2_000, `it never came to this: ${what}`)
    await pause(15)
  }
}

/** Until so many rows have become something. */
export function untilRows(client: Client, id: string, count: number, query = ''): Promise<Answer[]> {
  return until(async () => {
    const rows = (await rowsOf(client, id, query)).filter(({ state }) => state !== 'waiting')
    return rows.length >= count ? rows : null
  }, `${count} rows`)
}

export const untilRun = (client: Client, id: string, runId: string, states = ['done', 'failed', 'undone']) =>
  until(async () => {
    const { run } = (await client.get(`/connections/${id}/runs/${runId}`)).body
    return states.includes(run.state) ? run : null
  }, `run ${runId}`) as Promise<Answer>

/** Time has passed: a polling connection is asked again now. */
export const pollAgain = (server: TestServer, id: string) =>
  sql`update graphile_worker._private_jobs set run_at = now() where key = ${`poll-connection/${id}`}`.execute(
    server.owner(),
  )

/** The same until something is so: the end of a poll that was still under way puts the next one off again. */
export const pollUntil = <T>(
  server: TestServer,
  id: string,
  { is, what }: { is: () => Promise<T | null | undefined | false>; what: string },
): Promise<T> =>
  until(async () => {
    await pollAgain(server, id)
    return is()
  }, what)

/** For a tenant's world: a connection of the location, and a run of it. */
export async function connectionThings(
  server: TestServer,
  { locationId, locationToken, word, ids }: Tenant,
): Promise<void> {
  const { id } = await makeConnection(server.client(locationToken), { name: word })
  const wish = { kind: 'file', version: 1, state: 'done', actor: 'system' } as const
  const run = await inTransaction(server.app.platform.db, (tx) => createRun(tx, { locationId, id }, wish, Date.now()))
  ids.set('connection', id).set('run', run.id)
}

export const ada = (more: object = {}) => ({
  id: '17h_c_1001',
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'Ada@ex.test',
  phone: '212-555-0100',
  city: 'Austin',
  tags: 'wedding, vip',
  ...more,
})

/** A file, as a form brings it. */
export async function upload(
  { url, token }: { url: string; token: string },
  { id, dryRun = false }: { id: string; dryRun?: boolean },
  bytes: string | Uint8Array,
): Promise<{ status: number; body: Answer }> {
  const form = new FormData()
  form.set('file', new Blob([bytes as string], { type: 'text/csv' }), 'people.csv')
  form.set('dryRun', String(dryRun))
  const headers = { authorization: `Bearer ${token}`, version: '2021-07-28' }
  const reply = await fetch(`${url}/connections/${id}/upload`, { method: 'POST', headers, body: form })
  return { status: reply.status, body: await reply.json() }
}
