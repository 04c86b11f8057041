import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { PLACEMENTS } from '../../src/db/placement.ts'
import { createTestDatabase } from '../support/database.ts'
import { checkStatements, readVolatility } from '../support/placement/check.ts'
import { EXCEPTIONS } from '../support/placement/exceptions.ts'
import { judge, readColumns } from '../support/placement/judge.ts'
import type { Rule, Volatility } from '../support/placement/rules.ts'

let volatility: Volatility
before(async () => {
  const database = await createTestDatabase()
  volatility = await readVolatility(database.ownerUrl)
  await database.drop()
})

/** So that this file is one of those that write statements. */
const sql = (texts: TemplateStringsArray) => texts

const rulesOf = (text: string) => judge(text, volatility)?.map(({ rule, table }) => `${rule}: ${table}`)

const PLANTED: [string, Rule, string][] = [
  ['a table read whole', 'whole table', 'select id from asset where kind = $1'],
  [
    'a location that only a list brings',
    'whole table',
    'select a.id from unnest($1::text[]) w(location_id) join asset a using (location_id)',
  ],
  [
    'a location that is hidden from the cluster',
    'whole table',
    "select id from record where location_id || '' = $1 and kind = 'contacts'",
  ],
  [
    'rows of many locations taken as from a queue',
    'locked across',
    'select location_id from push_target where location_id = any($1) limit 10 for update skip locked',
  ],
  [
    'a row that moves to another location',
    'moved',
    'update asset set location_id = $2 where location_id = $1 and kind = $3 and id = $4',
  ],
  [
    'a moment moved on by the time zone of the session',
    'may change its mind',
    "update record set updated_at = updated_at + interval '1 millisecond' where location_id = $1 and kind = $2",
  ],
  [
    'a function that is different each time',
    'may change its mind',
    `insert into push_outcome as o (location_id, push_id, kind, lineage, name, outcome) values ($1, $2, $3, $4, $5, $6)
      on conflict (location_id, push_id, kind, lineage) do update set detail = to_jsonb(gen_random_uuid())`,
  ],
  [
    'tables of different locations laid beside each other',
    'joined apart',
    `select a.id from asset a join asset_alias l on l.id = a.id
      where a.location_id = any($1) and l.location_id = any($2)`,
  ],
  [
    'a sub-select that looks for a row in any location',
    'correlated across',
    `select a.id from asset a where a.location_id = any($1)
      and exists (select 1 from record r where r.location_id = any($2) and r.doc->>'formId' = a.id)`,
  ],
  [
    'a sub-select that ends early, location by location',
    'correlated across',
    `select t.location_id, a.id from push_target t cross join lateral (
        select id from asset a where a.location_id = t.location_id and a.kind = $3 order by name limit 1) a
      where t.push_id = $1 and t.location_id = any($2)`,
  ],
  [
    'a table of the coordinator asked for each row of a spread one',
    'correlated with the coordinator',
    `select a.id from asset a where a.location_id = $1
      and exists (select 1 from push p where p.id = a.source_push and p.state = 'failed')`,
  ],
  [
    'several writes, the last of which inserts what it finds',
    'ends with an insert',
    `with written as (update asset set name = $3 where location_id = $1 and kind = 'forms' and id = $2 returning id)
      insert into change (location_id, id, kind, entity_id, op, actor, at)
      select $1, $4, 'forms', id, 'update', $5, $6 from written`,
  ],
]

for (const [what, rule, text] of PLANTED)
  test(`it finds ${what}`, () => {
    assert.ok(
      judge(text, volatility)?.some((finding) => finding.rule === rule),
      JSON.stringify(rulesOf(text)),
    )
  })

const FINE: [string, string][] = [
  ['one location', 'select id, name from asset where location_id = $1 and kind = $2 for update skip locked'],
  ['listed locations', 'select id from asset where location_id = any($1) and (kind = $2 or kind = $3)'],
  [
    'tables of one location joined',
    `select a.id, l.lineage from asset a left join asset_alias l on l.location_id = a.location_id and l.id = a.id
      where a.location_id = any($1)`,
  ],
  [
    'a sub-select about the same location',
    `select a.id from asset a where a.location_id = any($1) and not exists (
      select 1 from asset_tombstone d where d.location_id = a.location_id and d.id = a.id)`,
  ],
  [
    'a select in a select',
    'select n from (select location_id, count(*) as n from record group by 1) r where location_id = $1',
  ],
  [
    'several rows written',
    'insert into asset_alias (location_id, kind, lineage, id) values ($1, $2, $3, $4), ($5, $6, $7, $8)',
  ],
  [
    'several writes that end with a select',
    `with written as (update asset set name = $3 where location_id = $1 and kind = 'forms' and id = $2 returning id),
      told as (insert into change (location_id, id, kind, entity_id, op, actor, at)
        select $1, $4, 'forms', (select id from written), 'update', $5, $6)
      select 1`,
  ],
  [
    'a moment moved on without a time zone',
    `update record set updated_at = (updated_at at time zone 'UTC' + interval '1 millisecond') at time zone 'UTC'
      where location_id = $1 and kind = $2`,
  ],
  ['a table of the coordinator', 'select id from push where agency_id = $1 for update skip locked'],
]

for (const [what, text] of FINE) test(`it lets pass ${what}`, () => assert.deepEqual(rulesOf(text), []))

test('one of two conditions names no location', () => {
  assert.deepEqual(rulesOf('select id from asset where location_id = $1 or id = $2'), ['whole table: asset'])
})

test('what is found is told with the file that wrote it, unless that is a test', () => {
  const text = ['select lineage,', 'id from asset_alias'].join(' ')
  assert.deepEqual(checkStatements([text], volatility).problems, [`nowhere: whole table (asset_alias): ${text}`])
  const ofTest = sql`select id from asset where name = a_name_that_only_this_test_asks_for`
  assert.deepEqual(checkStatements([ofTest.join('')], volatility).problems, [])
})

test('where each table lives is decided', () => {
  const tables = [...readColumns().keys()].filter((name) => !/^(record|change|journal_segment(_location)?)_/.test(name))
  const spreadParts = ['record_count', 'record_count_change', 'journal_segment_location']
  assert.deepEqual([...PLACEMENTS.keys()].sort(), [...new Set([...tables, ...spreadParts])].sort())
})

test('a table that lives with its location names it first in its key', () => {
  const columns = readColumns()
  for (const [name, place] of PLACEMENTS) if (place === 'location') assert.equal(columns.get(name)?.[0], 'location_id')
})

test('each exception has its reason, and is of a file that there is', () => {
  for (const { why, files } of EXCEPTIONS) {
    assert.match(why, /^[A-Z].{40,}\.$/)
    for (const file of files) assert.ok(existsSync(join(import.meta.dirname, '../..', file)), file)
  }
})
