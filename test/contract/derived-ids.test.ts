import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { deriveId, newId, uuidv7, uuidv7Prefix } from '../../src/ids.ts'
import { findPartLineage, toPartId } from '../../src/store/assets/index.ts'
import { newPartLineage } from '../../src/store/assets/parts.ts'
import { createTestDatabase } from '../support/database.ts'

test('ids derived in SQL are those derived here', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    for (let round = 0; round < 50; round++) {
      const [location, lineage] = [newId(), newId(round % 2 === 0 ? 'id20' : 'uuid')]
      const { rows } = await client.query(
        `select derive_id($1, 'tags', $2) as id20, derive_hex($1, 'tags', $2, 24) as hex24,
            derive_hex($1, 'tags', $2, 32)::uuid::text as uuid`,
        [location, lineage],
      )
      for (const format of ['id20', 'hex24', 'uuid'] as const)
        assert.equal(rows[0][format], deriveId(format, location, 'tags', lineage))
    }
  } finally {
    await client.end()
    await database.drop()
  }
})

test('ids of parts keep their format, differ between locations, and lead back to the lineage', () => {
  const [here, there] = [newId(), newId()]
  for (const format of ['id20', 'uuid', 'hex24'] as const) {
    for (let round = 0; round < 200; round++) {
      const lineage = newPartLineage(format)
      const id = toPartId(lineage, here)
      assert.equal(findPartLineage(id, here), lineage)
      assert.notEqual(toPartId(lineage, there), id)
      assert.equal(findPartLineage(id, there), null)
      assert.equal(id.length, { id20: 20, uuid: 36, hex24: 24 }[format])
    }
  }
  assert.equal(findPartLineage(newId(), here), null, 'a random id is no part')
})

test('ids of changes that are written at one moment rise as they were written, as UUIDs of version 7', () => {
  const atMs = Date.UTC(2026, 2, 3)
  const given = Array.from({ length: 20_000 }, () => uuidv7Prefix(atMs))
  assert.deepEqual(given, given.toSorted())
  assert.equal(new Set(given).size, given.length)
  for (const prefix of given)
    assert.match(prefix, new RegExp(`^${uuidv7(atMs).slice(0, 13).replace('-', '')}7.{3}[89ab].{7}$`))
})
