import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { dumpSchema } from '../../scripts/schema-dump.ts'
import { openDatabase } from '../../src/db/pool.ts'
import { createLog } from '../../src/log.ts'
import { createTestDatabase } from '../support/database.ts'

test('sql/schema.sql is what the migrations lead to', async () => {
  const clone = await createTestDatabase()
  const database = openDatabase({ url: clone.ownerUrl, poolSize: 2, log: createLog('silent') })
  try {
    const file = readFileSync(join(import.meta.dirname, '../../sql/schema.sql'), 'utf8')
    assert.equal(await dumpSchema(database.db), file, 'npm run generate writes it anew')
  } finally {
    await database.close()
    await clone.drop()
  }
})
