import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { migrate, readMigrations } from '../../src/db/migrate.ts'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { createLog } from '../../src/log.ts'
import { createTestDatabase } from '../support/database.ts'

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const clone = await createTestDatabase()
  const database = openDatabase({ url: clone.ownerUrl, poolSize: 2, log: createLog('silent') })
  try {
    await work(database)
  } finally {
    await database.close()
    await clone.drop()
  }
}

test('an older program refuses a database that a newer one has migrated, and names both', () =>
  withDatabase(async (database) => {
    await sql`insert into migration (name, hash) values ('999999-of-tomorrow', 'x')`.execute(database.db)
    await assert.rejects(
      migrate(database),
      new RegExp(
        `newer Tintype: it has 999999-of-tomorrow, and \\S+ knows migrations up to ${readMigrations().at(-1)?.name}`,
      ),
    )
  }))

test('a migration whose text was changed after it was applied is refused', () =>
  withDatabase(async (database) => {
    const [first] = readMigrations()
    await sql`update migration set hash = 'x' where name = ${first?.name}`.execute(database.db)
    await assert.rejects(migrate(database), /was changed after it had been applied/)
  }))

test('no two migrations have one number, but for two that were applied so', () => {
  const numbers = readMigrations().map(({ name }) => name.split('-')[0])
  assert.deepEqual(
    numbers.filter((number, index) => numbers.indexOf(number) !== index),
    ['000009'],
  )
})

test('migrating again changes nothing', () =>
  withDatabase(async (database) => {
    assert.deepEqual(await migrate(database), [])
  }))
