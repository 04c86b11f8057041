import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { RECORDS } from '../../src/resources/records/index.ts'
import { listChanges } from '../../src/store/changes/index.ts'
import { deleteRecords } from '../../src/store/records/deletion.ts'
import {
  byCreation,
  byText,
  createRecord,
  createRecords,
  deleteRecord,
  equals,
  findDeletedRecord,
  findRecord,
  getRecord,
  hasId,
  hasTerm,
  listRecords,
  matchesWords,
  pageRecords,
  type RecordResource,
  type RecordScope,
  updateRecord,
  updateRecords,
} from '../../src/store/records/index.ts'
import { faultsOf } from '../../src/store/validate.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { AgencyActor } from '../support/stories.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let here: string
let elsewhere: string
const contacts = RECORDS.get('contacts') as RecordResource
const notes = RECORDS.get('notes') as RecordResource
const AT = Date.UTC(2026, 2, 3)

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 2 })
  ;[here, elsewhere] = agency.locations.map(({ id }) => id) as [string, string]
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db

function write<T>(
  work: (scope: RecordScope) => Promise<T>,
  options: { locationId?: string; atMs?: number } = {},
): Promise<T> {
  const author = { actor: 'test', cause: 'why', atMs: options.atMs ?? AT }
  return inTransaction(db(), (tx) => work({ tx, locationId: options.locationId ?? here, author }))
}

const contact = (more: object = {}) => ({
  type: 'lead',
  tags: [],
  customFields: [],
  dnd: false,
  followers: [],
  ...more,
})
const changesOf = (entityId: string, kind = 'contacts') =>
  listChanges(db(), { locationId: here, kind, entityId, limit: 100 })

test('a record is created, edited and deleted, and the log tells exactly what changed', async () => {
  const created = await write((scope) =>
    createRecord(scope, contacts, contact({ firstName: 'Rosan', tags: ['vip'], city: null })),
  )
  assert.match(created.id, /^[A-Za-z0-9]{20}$/)
  assert.ok(Number.isSafeInteger(created.objectId) && created.objectId > 0)
  assert.deepEqual(await getRecord(db(), contacts, here, created.id), created)
  assert.ok(!('city' in created.document), 'a null is a field that is not there')

  const edited = await write((scope) =>
    updateRecord(scope, contacts, created.id, ({ document }) => ({
      ...document,
      firstName: null,
      tags: ['vip', 'new'],
    })),
  )
  assert.deepEqual(edited.document, contact({ tags: ['vip', 'new'] }))
  assert.ok(edited.updatedAt > created.updatedAt, 'two writes in one millisecond have an order')
  const same = await write((scope) =>
    updateRecord(scope, contacts, created.id, ({ document }) => ({ dnd: false, ...document, city: undefined })),
  )
  assert.deepEqual(same, edited)
  await write((scope) => deleteRecord(scope, contacts, created.id))

  const [gone, update, create, ...rest] = await changesOf(created.id)
  assert.deepEqual(rest, [], 'an edit that changes nothing writes nothing')
  assert.equal(create?.op, 'create')
  assert.deepEqual(create?.delta, {
    type: [null, 'lead'],
    tags: [null, ['vip']],
    customFields: [null, []],
    dnd: [null, false],
    followers: [null, []],
    firstName: [null, 'Rosan'],
  })
  assert.deepEqual([update?.op, update?.actor, update?.cause], ['update', 'test', 'why'])
  assert.deepEqual(update?.delta, { firstName: ['Rosan', null], tags: [['vip'], ['vip', 'new']] })
  assert.equal(gone?.op, 'delete')
  assert.deepEqual(gone?.delta?.tags, [['vip', 'new'], null])

  assert.equal(await findRecord(db(), contacts, here, created.id), null)
  assert.deepEqual((await findDeletedRecord(db(), contacts, here, created.id))?.document, edited.document)
  await assert.rejects(
    write((scope) => updateRecord(scope, contacts, created.id, ({ document }) => document)),
    { code: 'not_found', message: `contact ${created.id} was not found` },
  )
  await assert.rejects(
    write((scope) => deleteRecord(scope, contacts, created.id)),
    { code: 'not_found' },
  )
})

test('many records cost as many statements as one', async () => {
  const documents = Array.from({ length: 2500 }, (_, index) => ({
    document: { contactId: 'someone', body: `note ${index}`, pinned: false },
  }))
  const rows = await write((scope) => createRecords(scope, notes, documents))
  assert.equal(new Set(rows.map(({ objectId }) => objectId)).size, 2500)
  assert.deepEqual(
    rows.map(({ document }) => document.body),
    documents.map(({ document }) => document.body),
  )
  const some = rows.slice(0, 2100).map(({ id }) => id)
  const edited = await write((scope) =>
    updateRecords(scope, notes, hasId(some), ({ document }) => ({
      ...document,
      pinned: document.body === 'note 7' || document.body === 'note 8',
    })),
  )
  assert.equal(edited.length, 2100)
  assert.equal((await listRecords(db(), notes, here, { where: equals('pinned', true) })).length, 2)
  const [told] = await query(
    db(),
    sql<{
      count: number
    }>`select count(*) as count from change where location_id = ${here} and kind = 'notes' and op = 'update'`,
  )
  assert.equal(told?.count, 2, 'only what changed is told of')
  assert.equal((await write((scope) => deleteRecords(scope, notes, hasId(some)))).length, 2100)
  assert.equal((await listRecords(db(), notes, here, { where: equals('contactId', 'someone') })).length, 400)
})

test('documents are checked, and a refused one leaves nothing', async () => {
  const wrong = write((scope) =>
    createRecords(scope, contacts, [{ document: contact() }, { document: contact({ dnd: 'perhaps', colour: 'red' }) }]),
  )
  await assert.rejects(wrong, {
    code: 'invalid',
    faults: ['property colour should not exist', 'dnd must be a boolean value'],
  })
})

test('words and exact values find records of their location only, whatever case and accents', async () => {
  const document = contact({
    firstName: 'José',
    lastName: "O'Neill",
    email: 'jose.oneill@post.example',
    phone: '+12025550199',
    tags: ['vip', "it's \\ odd"],
  })
  const { id } = await write((scope) => createRecord(scope, contacts, document))
  await write((scope) => createRecord(scope, contacts, document), { locationId: elsewhere })
  const found = async (where: ReturnType<typeof matchesWords>) =>
    (await listRecords(db(), contacts, here, { where })).map((row) => row.id)
  for (const text of [
    'jose',
    'JOSÉ nei',
    'oneill@post.ex',
    'post',
    '+1 (202) 555-0199',
    '2025550',
    '12025550199',
    'example jos',
  ])
    assert.deepEqual(await found(matchesWords(here, text)), [id], text)
  for (const text of ['josef', 'jose smith', '5550199 1', 'ose'])
    assert.deepEqual(await found(matchesWords(here, text)), [], text)
  assert.equal(matchesWords(here, ' -&|! '), null)
  for (const tag of ['vip', 'VIP', "it's \\ odd"]) assert.deepEqual(await found(hasTerm(here, 'tags', tag)), [id], tag)
  assert.deepEqual(await found(hasTerm(here, 'tags', 'vi')), [])
})

test('pages go on behind a cursor in every order, and say how many there are', async () => {
  const names = ['bea', 'Ann', undefined, 'cem', 'ann', undefined, 'Dov']
  await write(
    (scope) =>
      createRecords(
        scope,
        contacts,
        names.map((lastName, index) => ({
          document: contact({ lastName, source: 'paging' }),
          createdAtMs: AT + (index >> 1),
        })),
      ),
    { locationId: elsewhere },
  )
  for (const order of [
    [byCreation()],
    [byCreation('desc')],
    [byText('lastName')],
    [byText('lastName', 'desc'), byCreation('desc')],
  ]) {
    const where = equals('source', 'paging')
    const all = await listRecords(db(), contacts, elsewhere, { where, order })
    const walked: string[] = []
    for (let after: unknown[] | undefined; ; ) {
      const { records, total } = await pageRecords(db(), contacts, elsewhere, { where, order, after, limit: 2 })
      assert.equal(total, names.length)
      walked.push(...records.map(({ id }) => id))
      after = records.at(-1)?.cursor
      if (records.length < 2) break
    }
    assert.deepEqual(
      walked,
      all.map(({ id }) => id),
    )
  }
  await assert.rejects(pageRecords(db(), contacts, elsewhere, { limit: 1, after: ['yesterday', 'x'] }), {
    code: 'bad_request',
  })
})

test('snapshots carry no records', async () => {
  const actor = new AgencyActor(server.client(agency.token), agency.companyId)
  const { id } = await actor.capture(here)
  const { assets } = await actor.get(`/${id}/assets?limit=100`)
  assert.deepEqual(
    assets.filter((asset: { kind: string }) => RECORDS.has(asset.kind)),
    [],
  )
})

test('the examples of every kind of record are what its schema says', () => {
  for (const resource of RECORDS.values()) {
    assert.ok(resource.examples.length > 0, resource.kind)
    for (const example of resource.examples) assert.deepEqual(faultsOf(resource.schema, example), [], resource.kind)
    const fields = Object.keys(resource.schema.properties)
    for (const name of [...resource.search, ...resource.exact])
      assert.ok(fields.includes(name), `${resource.kind} has no ${name}`)
  }
})
