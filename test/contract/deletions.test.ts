import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import { RESOURCES } from '../../src/resources/index.ts'
import { RECORDS } from '../../src/resources/records/index.ts'
import { createAsset } from '../../src/store/assets/index.ts'
import {
  createRecord,
  createRecords,
  deleteRecord,
  equals,
  findDeletedRecord,
  findRecord,
  type RecordDocument,
  type RecordResource,
} from '../../src/store/records/index.ts'
import type { Client } from '../support/client.ts'
import { deletionLines } from '../support/deletion-lines.ts'
import { send } from '../support/requests.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let here: string
let elsewhere: string
let boss: Client
let staff: Client

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 40 })
  ;[here, elsewhere] = agency.locations.map(({ id }) => id) as [string, string]
  boss = server.client(agency.token)
  staff = server.client(agency.locations[0]!.token)
  contactId = await make(kindOf('contacts'))
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db
const kindOf = (kind: string) => RECORDS.get(kind) as RecordResource
/** Users stand under the agency. */
const homeOf = ({ kind }: RecordResource, locationId = here) => (kind === 'users' ? agency.companyId : locationId)
const author = () => ({ actor: 'test', cause: null, atMs: server.app.platform.clock.nowMs() })

function make(resource: RecordResource, changes: RecordDocument = {}, locationId = here): Promise<string> {
  const document = { ...(resource.examples[0] as RecordDocument), ...changes }
  return inTransaction(
    db(),
    async (tx) =>
      (await createRecord({ tx, locationId: homeOf(resource, locationId), author: author() }, resource, document)).id,
  )
}

async function makeAsset(kind: string): Promise<string> {
  const resource = RESOURCES.get(kind)!
  const unique = { name: `New ${Math.random()}`, ...(kind === 'associations' ? { key: `key_${Math.random()}` } : {}) }
  const scope = (tx: never) => ({ tx, locationId: here, author: author(), kinds: [...RESOURCES.keys()] })
  return inTransaction(db(), async (tx) => {
    const document = { ...(resource.examples[0] as RecordDocument), ...unique }
    const fields = Object.fromEntries(Object.entries(document).filter(([name]) => name in resource.schema.properties))
    return (await createAsset(scope(tx as never), resource, fields)).id
  })
}

let contactId: string

const DELETED_AT = deletionLines({
  server: () => server,
  here: () => here,
  staff: () => staff,
  boss: () => boss,
  contactId: () => contactId,
  nextLocation: () => agency.locations.pop()!.id,
  make,
  makeAsset,
})

const REFS = [...RECORDS.values()].flatMap((resource) =>
  Object.entries(resource.refs).flatMap(([field, ref]) =>
    ref.to.map((to) => ({ resource, field, to, gone: ref.gone })),
  ),
)

async function historyOf(resource: RecordResource, id: string) {
  const { status, body } = await boss.get(`/locations/${here}/records/${resource.kind}/${id}/history`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.history as { op: string; fields: { path: string; before?: unknown; after?: unknown }[] }[]
}

const valuesIn = (fields: { path: string; before?: unknown }[]) =>
  Object.fromEntries(fields.map(({ path, before: value }) => [path, value]))

for (const { resource, field, to, gone } of REFS) {
  test(`${gone === 'delete' ? 'a deletion takes along' : 'a deletion leaves'} ${resource.kind} whose ${field} names one of ${to}`, async () => {
    const deletion = DELETED_AT[to]!
    const { make: makeTarget, by = () => staff } = deletion
    const target = await makeTarget()
    const isList = (resource.schema.properties[field] as { type?: string }).type === 'array'
    const email = resource.kind === 'users' ? { email: `${Math.random()}@y.example` } : {}
    const named = (id: string): RecordDocument => ({ ...email, [field]: isList ? ['somebody', id] : id })
    const one = await make(resource, named(target))
    const bystander = await make(resource, named('somebodyElse00000000'))
    if (deletion.remove !== undefined) await deletion.remove(target)
    else {
      const { status, body } = await by().delete(`${deletion.path}${target}`)
      assert.ok(status < 300, JSON.stringify(body))
    }

    assert.equal(
      (await findRecord(db(), resource, homeOf(resource), bystander))?.document[field] !== undefined,
      true,
      'others keep theirs',
    )
    const [last] = await historyOf(resource, one)
    const living = await findRecord(db(), resource, homeOf(resource), one)
    if (gone === 'delete') {
      assert.equal(living, null)
      assert.equal(last?.op, 'delete')
      assert.deepEqual(
        valuesIn(last.fields),
        (await findDeletedRecord(db(), resource, homeOf(resource), one))?.document,
      )
    } else {
      assert.deepEqual(living?.document[field], isList ? ['somebody'] : undefined)
      assert.equal(last?.op, 'update')
      assert.deepEqual(last.fields, [
        { path: field, before: named(target)[field], ...(isList ? { after: ['somebody'] } : {}) },
      ])
    }
  })
}

test('every reference has an index, and every kind that names a contact, user, business or appointment says what becomes of it', () => {
  const NAMES = /^(contactId|businessId|appointmentId|assignedTo|assignedUserId|followers|users|locationIds)$/
  /** Traces: what was written stays what it was. */
  const TRACES = ['messages.appointmentId']
  for (const resource of RECORDS.values()) {
    for (const field of Object.keys(resource.refs))
      assert.ok(field === 'contactId' || resource.exact.includes(field), `${resource.kind}.${field}`)
    for (const field of Object.keys(resource.schema.properties))
      if (NAMES.test(field) && !TRACES.includes(`${resource.kind}.${field}`))
        assert.ok(field in resource.refs, `${resource.kind}.${field}`)
  }
})

test('a contact takes any number of records along, each with a change of its own after the one that made it', async () => {
  const contact = await make(kindOf('contacts'))
  const messages = kindOf('messages')
  const rows = Array.from({ length: 4500 }, () => ({
    document: { ...(messages.examples[0] as RecordDocument), contactId: contact },
  }))
  // Made a moment after the clock of the deletion: its change still comes later.
  const atMs = server.app.platform.clock.nowMs() + 60_000
  await inTransaction(db(), (tx) =>
    createRecords({ tx, locationId: here, author: { ...author(), atMs } }, messages, rows),
  )
  const opportunity = await make(kindOf('opportunities'), { contactId: contact })
  const relation = await make(kindOf('object_associations'), { fromId: 'business', toId: opportunity })
  const { body } = await staff.delete(`/contacts/${contact}`)
  assert.deepEqual(body, { succeded: true, succeeded: true })
  const told = await query(
    db(),
    sql<{ ops: string[]; count: number }>`
      select ops, count(*) as count from (
        select entity_id, array_agg(op order by id) as ops from change where location_id = ${here} and kind = 'messages'
          and entity_id in (select id from record where kind = 'messages' and ${equals('contactId', contact)}
            and deleted_at is not null)
        group by entity_id) each group by ops`,
  )
  assert.deepEqual(told, [{ ops: ['create', 'delete'], count: 4500 }])
  assert.equal(
    await findRecord(db(), kindOf('object_associations'), here, relation),
    null,
    'what hung on its opportunity is gone too',
  )
})

test('nothing comes to hang on a contact that is being deleted', async () => {
  const pipeline = (
    await staff.post('/opportunities/pipelines', {
      locationId: here,
      name: 'Race',
      stages: [{ name: 'New', position: 0 }],
    })
  ).body.pipeline
  for (let round = 0; round < 10; round++) {
    const contactId = await make(kindOf('contacts'), {
      email: `race${round}@x.example`,
      phone: `+1202555${1000 + round}`,
    })
    const deal = { locationId: here, pipelineId: pipeline.id, name: 'Wedding', status: 'open', contactId }
    const replies = await Promise.all([
      staff.post(`/contacts/${contactId}/notes`, { body: 'before' }),
      staff.post('/conversations/messages', { type: 'SMS', contactId, message: 'Hello' }),
      staff.delete(`/contacts/${contactId}`),
      staff.post(`/contacts/${contactId}/notes`, { body: 'after' }),
      staff.post(`/contacts/${contactId}/tasks`, { title: 'Call', dueDate: '2026-10-25T11:00:00Z', completed: false }),
      staff.post('/opportunities/', deal),
    ])
    assert.ok(
      replies.every(({ status }) => status < 300 || status === 404 || status === 422),
      JSON.stringify(replies.map(({ status, body }) => [status, body])),
    )
    const left = await query(
      db(),
      sql<{
        kind: string
      }>`select kind from record where location_id = ${here} and ${equals('contactId', contactId)}
          and deleted_at is null`,
    )
    assert.deepEqual(left, [])
  }
})

test('a user is forgotten in every location of the agency', async () => {
  const user = await make(kindOf('users'), { email: 'everywhere@x.example', type: 'agency', locationIds: [] })
  const stranger = await createAgency(server.app)
  const contacts = kindOf('contacts')
  const [mine, theirs, foreign] = [
    await make(contacts, { assignedTo: user }),
    await make(contacts, { assignedTo: user, followers: [user] }, elsewhere),
    await make(contacts, { assignedTo: user }, stranger.locations[0]!.id),
  ]
  const calendar = { locationId: here, name: 'Team', teamMembers: [{ userId: user }, { userId: 'somebody' }] }
  const { id: calendarId } = (await staff.post('/calendars/', calendar)).body.calendar
  assert.equal((await boss.delete(`/users/${user}`)).status, 200)
  assert.deepEqual((await staff.get(`/calendars/${calendarId}`)).body.calendar.teamMembers, [{ userId: 'somebody' }])
  assert.equal((await findRecord(db(), contacts, here, mine!))?.document.assignedTo, undefined)
  assert.deepEqual((await findRecord(db(), contacts, elsewhere, theirs!))?.document.followers, [])
  assert.equal((await findRecord(db(), contacts, stranger.locations[0]!.id, foreign!))?.document.assignedTo, user)
})

for (const resource of RECORDS.values()) {
  test(`what one of ${resource.kind} was can be read from its history`, async () => {
    const id = await make(resource)
    const scope = (tx: never) => ({ tx, locationId: homeOf(resource), author: author() })
    await inTransaction(db(), (tx) => deleteRecord(scope(tx as never), resource, id))
    const [last, first, ...rest] = await historyOf(resource, id)
    assert.deepEqual([last?.op, first?.op, rest], ['delete', 'create', []])
    assert.deepEqual(valuesIn(last!.fields), resource.examples[0])
    assert.ok(last!.fields.every((field) => !('after' in field)))
  })
}

test('history asks for a scope that reads the kind', async () => {
  const id = await make(kindOf('contacts'))
  const narrow = (scopes: string[]) =>
    boss.post(`/tokens/`, { companyId: agency.companyId, name: 'narrow', locationId: here, scopes })
  const { secret } = (await narrow(['opportunities.readonly'])).body
  assert.equal((await server.client(secret).get(`/locations/${here}/records/contacts/${id}/history`)).status, 401)
  assert.equal((await server.client(secret).get(`/locations/${here}/records/opportunities/${id}/history`)).status, 404)
  assert.equal(
    (await staff.get(`/locations/${here}/records/users/${id}/history`)).status,
    401,
    'users belong to the agency',
  )
  assert.equal((await staff.get(`/locations/${here}/records/nothing/${id}/history`)).status, 404)
})

for (const operation of registry.all.filter(({ http, access }) => http.includes('/:contactId') && access === 'read')) {
  test(`${operation.name} knows no contact that was deleted`, async () => {
    const contactId = await make(kindOf('contacts'))
    await staff.delete(`/contacts/${contactId}`)
    const { status, body } = await send(
      staff,
      operation,
      Object.fromEntries(placementOf(operation).pathNames.map((name) => [name, contactId])),
    )
    assert.equal(status, 404, JSON.stringify(body))
    assert.equal(body.message, `contact ${contactId} was not found`)
  })
}
