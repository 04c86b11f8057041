import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Db, query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createDice } from '../../src/demo/index.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { createRecords, updateRecord } from '../../src/store/records/index.ts'
import { askAppToken, type JournalEvent, Reader, SUBSCRIPTIONS } from '../support/journal.ts'
import { startStory } from '../support/stories.ts'

const WRITERS = 8
const MOST_MADE = 200
/** Records that are changed, over and over. */
const MOST_CHANGED = 400
const EVENTS = Number(process.env.TINTYPE_JOURNAL_EVENTS ?? 4_000)

/**
 * Writers commit in every order: transactions are held open for random times, several records in each, two of them
 * often after the same record. A consumer that follows offsets meanwhile sees each event once, and those of a record in
 * the order in which they were committed.
 */
test(`a consumer that follows ${EVENTS} events of ${WRITERS} writers sees each once, those of a record in their order`, async () => {
  await using story = await startStory({ alone: true, poolSize: 14 })
  const { body } = await askAppToken(story.server, story.demo.app)
  const app = story.server.client(body.access_token)
  const location = story.demo.locations[2]!
  const wish = { subscriptionType: 'OBJECT', portalId: location.portalId, objectTypeId: '0-1' }
  const subscribed = await app.post(SUBSCRIPTIONS, { ...wish, actions: ['CREATE', 'UPDATE'] })
  assert.equal(subscribed.status, 200, JSON.stringify(subscribed.body))
  const { db, clock } = story.server.app.platform
  const scopeOf = (tx: Parameters<Parameters<typeof inTransaction>[1]>[0]) =>
    ({ tx, locationId: location.id, author: { actor: 'test', cause: null, atMs: clock.nowMs() } }) as never
  const create = (tx: Parameters<typeof scopeOf>[0], count: number) =>
    createRecords(
      scopeOf(tx),
      contacts,
      Array.from({ length: count }, (_, n) => ({
        document: { firstName: `start ${n}`, type: 'lead', tags: [], customFields: [], dnd: false, followers: [] },
      })),
    )
  const ids = (await inTransaction(db, (tx) => create(tx, 40))).map(({ id }) => id)
  let written = 0
  const over = new AbortController()
  const ledger = createLedger()
  const reader = new Reader(app)
  const following = (async () => {
    while (!over.signal.aborted) {
      for (let file = await reader.next(); file !== null; file = await reader.next()) ledger.enter(file.journalEvents)
      await pause(5)
    }
  })()
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const dice = createDice(100 + writer)
      for (let step = 0; written < EVENTS; step++) {
        // Many at once; some of them are written again from now on.
        if (step % 8 === 7) {
          const made = await inTransaction(db, async (tx) => {
            const all = await create(tx, 1 + dice.roll(MOST_MADE))
            await pause(dice.roll(12))
            return all
          })
          written += made.length
          if (ids.length < MOST_CHANGED) ids.push(...made.slice(0, 2).map(({ id }) => id))
          continue
        }
        const wanted = new Set(Array.from({ length: 1 + dice.roll(4) }, () => ids[dice.roll(ids.length)] as string))
        // In one order, so that they do not wait for each other in a circle.
        await inTransaction(db, async (tx) => {
          for (const id of [...wanted].sort()) {
            await updateRecord(scopeOf(tx), contacts, id, ({ document }) => ({
              ...document,
              firstName: `${writer}/${step}`,
              city: String(Number(document.city ?? 0) + 1),
            }))
            if (dice.roll(4) === 0) await pause(dice.roll(12))
          }
        })
        written += wanted.size
      }
    }),
  )
  const expected = await countChanges(db, location.id)
  const endMs = performance.now() + 60_000
  while (ledger.count < expected && performance.now() < endMs) await pause(20)
  await pause(300)
  over.abort()
  await following
  assert.deepEqual([ledger.count, ledger.faults], [expected, []])
  assert.deepEqual(ledger.lastOfRecords(), await citiesOf(db, location.id), 'all that happened was told')
})

/**
 * What has been told: each event once, and of each record one change after the other. Each change raises a number in the
 * record by one, so a gap or an exchange shows.
 */
function createLedger() {
  const ids = new Set<string>()
  const last = new Map<number, number>()
  const faults: string[] = []
  return {
    faults,
    get count() {
      return ids.size
    },
    enter(events: readonly JournalEvent[]) {
      for (const { eventId, objectId, action, propertyChanges } of events) {
        if (ids.has(eventId)) faults.push(`${eventId} came twice`)
        ids.add(eventId)
        const before = last.get(objectId) ?? -1
        const now = action === 'CREATE' ? 0 : Number(propertyChanges.city)
        if (now !== before + 1) faults.push(`${objectId}: ${now} came after ${before}`)
        last.set(objectId, now)
      }
    },
    lastOfRecords: () => [...last].map(([id, n]) => `${id} ${n}`).sort(),
  }
}

async function countChanges(db: Db, locationId: string): Promise<number> {
  const [row] = await query(
    db,
    sql<{ n: number }>`select count(*) as n from change where location_id = ${locationId} and kind = 'contacts'`,
  )
  return row?.n ?? 0
}

async function citiesOf(db: Db, locationId: string): Promise<string[]> {
  const rows = await query(
    db,
    sql<{ text: string }>`select object_id || ' ' || coalesce(doc->>'city', '0') as text from record
      where location_id = ${locationId} and kind = 'contacts'`,
  )
  return rows.map(({ text }) => text).sort()
}
