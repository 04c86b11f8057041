import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Client } from '../support/client.ts'
import {
  type Answer,
  ada,
  CONTACT_DEFINITION,
  makeConnection,
  rowsOf,
  send,
  until,
  untilRows,
  untilRun,
  upload,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let client: Client

before(async () => {
  server = await startTestServer()
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story has a location of its own. */
async function begin(): Promise<void> {
  location = (await createAgency(server.app)).locations[0] as TestLocation
  client = server.client(location.token)
}

const contactsOf = async () => (await client.get(`/contacts/?locationId=${location.id}&limit=100`)).body.contacts

const person = (n: number, more: object = {}) =>
  ada({ id: `p${n}`, email: `p${n}@ex.test`, phone: null, budget: n, ...more })

const mapping = {
  ...CONTACT_DEFINITION.mapping,
  fields: [...CONTACT_DEFINITION.mapping.fields, { to: 'customFields.budget', from: { path: 'budget' } }],
}
const definition = { source: {}, mapping }

const untilStopped = (id: string, why: RegExp) =>
  until(async () => {
    const { connection } = (await client.get(`/connections/${id}`)).body
    return connection.state === 'paused' && why.test(connection.stateReason) && connection
  }, `a stop: ${why}`)

async function makeBudget(more: object = {}): Promise<string> {
  const wish = { name: 'Budget', dataType: 'NUMERICAL', model: 'contact', ...more }
  const { status, body } = await client.post(`/locations/${location.id}/customFields`, wish)
  assert.equal(status, 201, JSON.stringify(body))
  return body.customField.id
}

test('a custom field of ours that is gone or of another type stops what writes it, before anything is written', async () => {
  await begin()
  const path = async () => `/locations/${location.id}/customFields/${await makeBudget()}`
  const field = await path()
  const { id, address } = await makeConnection(client, { definition })
  await send(address, person(1))
  await untilRows(client, id, 1)
  // Another name is no other field.
  assert.equal((await client.put(field, { name: 'What it may cost' })).status, 200)
  await send(address, person(2))
  assert.equal((await untilRows(client, id, 2))[1].state, 'created')
  assert.equal((await client.put(field, { dataType: 'TEXT' })).status, 200)
  await send(address, [person(3), person(4, { budget: undefined })])
  await untilStopped(id, /“budget” was NUMERICAL and is TEXT now\. Nothing of what waits was written/)
  assert.deepEqual([(await rowsOf(client, id)).length, (await contactsOf()).length], [2, 2])
  // It is meant to be so: what has waited is written.
  assert.equal((await client.post(`/connections/${id}/resume`)).status, 200)
  assert.deepEqual(
    (await untilRows(client, id, 4)).map(({ state }: Answer) => state),
    ['created', 'created', 'created', 'created'],
  )
  assert.equal((await client.delete(field)).status, 200)
  await send(address, person(5))
  await untilStopped(id, /“budget” is gone/)
  // The field is made again.
  await path()
  assert.equal((await client.post(`/connections/${id}/resume`)).status, 200)
  assert.equal((await untilRows(client, id, 5))[4].state, 'created')
  assert.equal((await contactsOf()).length, 5)
})

test('so does a file, which goes on where it was once somebody has decided', async () => {
  await begin()
  const field = await makeBudget()
  const { id } = await makeConnection(client, { way: 'file', definition })
  const csv = (from: number, to: number) =>
    ['id,first_name,last_name,email,phone,city,tags,type,budget']
      .concat(Array.from({ length: to - from }, (_, n) => `p${from + n},A,B,p${from + n}@ex.test,,C,,Client,${n}`))
      .join('\n')
  const at = { url: server.url, token: location.token }
  const first = await untilRun(client, id, (await upload(at, { id }, csv(0, 300))).body.run.id)
  assert.deepEqual([first.state, first.created], ['done', 300])
  await client.delete(`/locations/${location.id}/customFields/${field}`)
  const { run } = (await upload(at, { id }, csv(300, 900))).body
  await untilStopped(id, /“budget” is gone/)
  assert.equal((await rowsOf(client, id, `&runId=${run.id}`)).length, 0)
  // Another mapping is put to work: the file is written by the one that it came for, so the field must be there.
  await makeBudget()
  assert.equal((await client.post(`/connections/${id}/resume`)).status, 200)
  const { state, created, failed } = await untilRun(client, id, run.id)
  assert.deepEqual([state, created, failed], ['done', 600, 0])
})

for (const keys of [['externalId'], ['externalId', 'email', 'phone']])
  test(`two contacts that a person has merged stay one, whichever of them changes there (${keys.join()})`, async () => {
    await begin()
    const known = { source: {}, mapping: { ...CONTACT_DEFINITION.mapping, keys } }
    const { id, address } = await makeConnection(client, { definition: known })
    const ann = ada({ id: 'a', first_name: 'Ann', last_name: 'Jones', email: 'ann@ex.test', phone: null })
    const anna = ada({ id: 'b', first_name: 'Anna', last_name: 'Jones-Lee', email: 'anna@ex.test', phone: null })
    await send(address, [ann, anna])
    const [{ recordId: primary }, { recordId: other }] = await untilRows(client, id, 2)
    const numberOf = async (recordId: string) => {
      const { rows } = await sql<{
        number: string
      }>`select object_id::text as number from record where id = ${recordId}`.execute(server.owner())
      return rows[0]?.number
    }
    const wish = { primaryObjectId: await numberOf(primary), objectIdToMerge: await numberOf(other) }
    const merged = await client.post('/crm/v3/objects/contacts/merge', wish)
    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    await send(address, { ...anna, city: 'Dallas' })
    await send(address, { ...ann, tags: 'wedding, vip, second' })
    const rows = (await untilRows(client, id, 4)).slice(2)
    assert.deepEqual(
      rows.map(({ state, recordId }: Answer) => [state, recordId]),
      [
        ['updated', primary],
        ['updated', primary],
      ],
    )
    const contacts = await contactsOf()
    assert.equal(contacts.length, 1)
    const { firstName, lastName, city, email, tags } = (await client.get(`/contacts/${primary}`)).body.contact
    // What the person has made of both is changed in what has changed there, and in nothing else.
    assert.deepEqual([firstName, lastName, city, email], ['Ann', 'Jones', 'Dallas', 'ann@ex.test'])
    assert.deepEqual(tags.toSorted(), ['second', 'vip', 'wedding'])
  })
