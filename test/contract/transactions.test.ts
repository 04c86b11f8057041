import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type Database, openDatabase, query, queryOne, type Tx } from '../../src/db/pool.ts'
import { run, runLater } from '../../src/db/prepared.ts'
import { together } from '../../src/db/session.ts'
import { prepare } from '../../src/db/statements.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createLog } from '../../src/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let clone: TestDatabase
let database: Database

before(async () => {
  clone = await createTestDatabase()
  database = openDatabase({ url: clone.ownerUrl, poolSize: 2, log: createLog('silent') })
  await sql`create table thing (id int primary key, name text, constraint thing_object_id_key unique (name))`.execute(
    database.db,
  )
})
after(async () => {
  await database?.close()
  await clone?.drop()
})

const INSERT = prepare('insert into thing (id, name) values ($1, $2)')
const names = async () =>
  (await query(database.db, sql<{ name: string }>`select name from thing order by id`)).map(({ name }) => name)
const clear = () => sql`delete from thing`.execute(database.db)
const codeOf = (work: (tx: Tx) => Promise<unknown>) =>
  inTransaction(database.db, work).then(
    () => null,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )

test('a write that is sent for later is there for whatever follows, and with the commit', async () => {
  await clear()
  const seen = await inTransaction(database.db, async (tx) => {
    runLater(tx, INSERT, [1, 'one'])
    runLater(tx, INSERT, [2, 'two'])
    return (await queryOne(tx, sql<{ n: number }>`select count(*) as n from thing`))?.n
  })
  assert.equal(seen, 2)
  await inTransaction(database.db, async (tx) => runLater(tx, INSERT, [3, 'three']))
  assert.deepEqual(await names(), ['one', 'two', 'three'])
})

test('its failure is the failure of the transaction, even where something else failed for its sake', async () => {
  await clear()
  await sql`insert into thing values (1, 'one')`.execute(database.db)
  assert.equal(await codeOf(async (tx) => runLater(tx, INSERT, [1, 'again'])), '23505')
  const after = async (tx: Tx) => {
    runLater(tx, INSERT, [2, 'two'])
    runLater(tx, INSERT, [1, 'again'])
    await sql`select 1`.execute(tx)
  }
  assert.equal(await codeOf(after), '23505')
  const thrown = async (tx: Tx) => {
    runLater(tx, INSERT, [2, 'two'])
    throw new Error('changed my mind')
  }
  assert.equal(await codeOf(thrown), 'changed my mind')
  assert.deepEqual(await names(), ['one'])
  // The connections are as good as new.
  assert.deepEqual(
    await Promise.all(Array.from({ length: 6 }, () => codeOf(async (tx) => sql`select 1`.execute(tx)))),
    Array(6).fill(null),
  )
})

test('a failure that nobody awaited does not become a commit', async () => {
  await clear()
  const swallowed = async (tx: Tx) => {
    await run(tx, INSERT, [1, 'one'])
    await sql`select 1 / 0`.execute(tx).catch(() => {})
  }
  assert.match(String(await codeOf(swallowed)), /was undone/)
  assert.deepEqual(await names(), [])
})

test('statements that are sent together are carried out in their order, and one failure fails all', async () => {
  await clear()
  const [, rows] = await inTransaction(database.db, (tx) =>
    together(tx, () => [run(tx, INSERT, [1, 'one']), query(tx, sql<{ name: string }>`select name from thing`)]),
  )
  assert.deepEqual(rows, [{ name: 'one' }])
  assert.equal(
    await codeOf((tx) => together(tx, () => [run(tx, INSERT, [1, 'one']), run(tx, INSERT, [2, 'two'])])),
    '23505',
  )
  assert.deepEqual(await names(), ['one'])
})

test('an object id that is taken is drawn again', async () => {
  await clear()
  await sql`insert into thing values (1, 'taken')`.execute(database.db)
  const drawn = ['taken', 'free']
  await inTransaction(database.db, async (tx) => runLater(tx, INSERT, [2, drawn.shift()]))
  assert.deepEqual(await names(), ['taken', 'free'])
})
