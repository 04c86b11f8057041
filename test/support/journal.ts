import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { inTransaction } from '../../src/db/transaction.ts'
import type { DemoFile } from '../../src/demo/index.ts'
import { ROUND_LOCK } from '../../src/journal/index.ts'
import type { Client, Reply } from './client.ts'
import type { TestServer } from './server.ts'

export const JR = '/webhooks-journal/journal/2026-03'
export const SUBSCRIPTIONS = '/webhooks-journal/subscriptions/2026-03'
export const SNAPSHOTS = '/webhooks-journal/snapshots/2026-03/crm'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** Asks for a token as an app asks. */
export function askAppToken(
  server: TestServer,
  app: Pick<DemoFile['app'], 'clientId' | 'clientSecret'>,
  more: Record<string, string> = {},
  path = '/oauth/2026-03/token',
): Promise<Reply> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.clientSecret,
    ...more,
  }).toString()
  return server.client().raw('POST', path, { headers: FORM, body })
}

export const JOURNAL_SCOPES = [
  'developer.webhooks_journal.read',
  'developer.webhooks_journal.subscriptions.read',
  'developer.webhooks_journal.subscriptions.write',
  'developer.webhooks_journal.snapshots.read',
  'developer.webhooks_journal.snapshots.write',
]

export interface JournalEvent {
  type: string
  action: string
  portalId: number
  objectId: number
  objectTypeId: string
  propertyChanges: Record<string, string | null>
  previousValues?: Record<string, string | null>
  eventId: string
  snapshotStatusId?: string
  [name: string]: unknown
}

export interface JournalFile {
  offset: string
  journalEvents: JournalEvent[]
  publishedAt: string
}

/** An app that follows its journal. */
export class Reader {
  readonly client: Client
  readonly path: string
  offset: string | null = null

  constructor(client: Client, path = JR) {
    this.client = client
    this.path = path
  }

  /** The next file, or null: 204. */
  async next(query = ''): Promise<JournalFile | null> {
    const at = this.offset === null ? 'earliest' : `offset/${this.offset}/next`
    const reply = await this.client.raw('GET', `${this.path}/${at}${query}`)
    if (reply.status === 204) return null
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
    const file = await readUrl(reply.body.url)
    assert.equal(file.offset, reply.body.currentOffset)
    this.offset = file.offset
    return file
  }

  /** Everything that is there now. */
  async rest(): Promise<JournalEvent[]> {
    const events: JournalEvent[] = []
    for (let file = await this.next(); file !== null; file = await this.next()) events.push(...file.journalEvents)
    return events
  }

  /** Follows until as many events have come; fails when they do not. */
  async events(count: number, patienceMs = 10_000): Promise<JournalEvent[]> {
    const events: JournalEvent[] = []
    const endMs = performance.now() + patienceMs
    while (events.length < count) {
      events.push(...(await this.rest()))
      if (performance.now() > endMs) break
      if (events.length < count) await pause(20)
    }
    assert.equal(events.length, count, JSON.stringify(events))
    return events
  }
}

export async function readUrl(url: string): Promise<JournalFile> {
  const response = await fetch(url)
  assert.equal(response.status, 200)
  return (await response.json()) as JournalFile
}

/** Waits for a status that does not change any more. */
export async function ended(client: Client, id: string, patienceMs = 10_000): Promise<Reply['body']> {
  const endMs = performance.now() + patienceMs
  for (;;) {
    const { status, body } = await client.raw('GET', `${SNAPSHOTS}/status/${id}`)
    assert.equal(status, 200, JSON.stringify(body))
    if (!['PENDING', 'IN_PROGRESS'].includes(body.status) || performance.now() > endMs) return body
    await pause(20)
  }
}

/** Nobody writes the journal until this is disposed of. */
export async function holdJournal(server: TestServer): Promise<AsyncDisposable> {
  const held = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  const holding = inTransaction(server.owner(), async (tx) => {
    await sql`select pg_advisory_xact_lock(${ROUND_LOCK})`.execute(tx)
    held.resolve()
    await free.promise
  })
  await held.promise
  return {
    async [Symbol.asyncDispose]() {
      free.resolve()
      await holding
    },
  }
}
