import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedBetween, type Entry, recordAt } from '../../console/src/screens/records/replay.ts'

test('a record is replayed backwards: to each of its states, and to before it was there', () => {
  const entry = (second: number, op: string, fields: Entry['fields']): Entry => ({
    id: `${second}`,
    at: new Date(second * 1000).toISOString(),
    op,
    actor: 'system',
    actorName: null,
    cause: null,
    fields,
  })
  const entries = [
    entry(3, 'delete', [
      { path: 'name', before: 'B' },
      { path: 'tags', before: ['x'] },
    ]),
    entry(2, 'update', [
      { path: 'name', before: 'A', after: 'B' },
      { path: 'tags', after: ['x'] },
    ]),
    entry(1, 'create', [{ path: 'name', after: 'A' }]),
  ]
  assert.equal(recordAt(null, entries, 3000), null)
  assert.deepEqual(recordAt(null, entries, 2000), { name: 'B', tags: ['x'] })
  assert.deepEqual(recordAt(null, entries, 1999), { name: 'A' })
  assert.equal(recordAt(null, entries, 500), null)
  assert.deepEqual([...changedBetween({ name: 'A' }, { name: 'B', tags: ['x'] })], ['name', 'tags'])
})
