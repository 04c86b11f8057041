import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { syncedAfter } from '../../src/connect/runs/bases.ts'
import type { Client } from '../support/client.ts'
import {
  ada,
  CONTACT_DEFINITION,
  INVOICE_DEFINITION,
  makeConnection,
  rowsOf,
  send,
  untilRows,
  untilRun,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let client: Client

before(async () => {
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8' })
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story has a location of its own. */
async function begin(): Promise<void> {
  location = (await createAgency(server.app)).locations[0] as TestLocation
  client = server.client(location.token)
}

const contactOf = async (id: string) => (await client.get(`/contacts/${id}`)).body.contact

const POLICIES = ['source', 'newest', 'ours'] as const

for (const conflicts of POLICIES)
  test(`what was taken back is written when the same comes again, but for what a person has changed (${conflicts})`, async () => {
    await begin()
    const budget = { name: 'Budget', dataType: 'TEXT', model: 'contact' }
    const field = (await client.post(`/locations/${location.id}/customFields`, budget)).body.customField
    const { mapping } = CONTACT_DEFINITION
    const fields = [
      ...mapping.fields,
      { to: 'customFields.budget', from: { path: 'budget' } },
      { to: 'customFields.theme', from: { path: 'theme' } },
    ]
    await client.post(`/locations/${location.id}/customFields`, { ...budget, name: 'Theme' })
    const changedAt = conflicts === 'newest' ? { changedAt: { path: 'at' } } : {}
    const definition = { ...CONTACT_DEFINITION, mapping: { ...mapping, conflicts, fields, ...changedAt } }
    const { id, address } = await makeConnection(client, { definition })
    const first = ada({ city: 'London', tags: 'old, wedding', at: '2026-01-01', budget: 'small', theme: 'sea' })
    await send(address, first)
    const [{ recordId }] = await untilRows(client, id, 1)
    // A run of its own.
    await client.put(`/connections/${id}`, {
      definition: { ...definition, mapping: { ...definition.mapping, filters: [] } },
    })
    await client.post(`/connections/${id}/deploy`)
    const second = { ...first, first_name: 'Augusta', last_name: 'King', city: 'Paris', tags: 'wedding, vip' }
    const changed = { ...second, budget: 'large', theme: 'woods' }
    await send(address, changed)
    const { runId } = (await untilRows(client, id, 2))[1]
    await client.put(`/contacts/${recordId}`, { lastName: 'Noel', tags: ['wedding', 'vip', 'mine'] })
    const before = (await contactOf(recordId)).customFields
    const theme = before.find((one: { id: string }) => one.id !== field.id)
    await client.put(`/contacts/${recordId}`, { customFields: [{ id: theme.id, value: 'desert' }] })
    const { run } = (await client.post(`/connections/${id}/runs/${runId}/undo`)).body
    assert.equal((await untilRun(client, id, run.id)).updated, 1)
    const valuesOf = async () => {
      const { firstName, lastName, city, tags, customFields } = await contactOf(recordId)
      const own = new Map(customFields.map((one: { id: string; value: string }) => [one.id, one.value]))
      return [firstName, lastName, city, tags.toSorted().join(), own.get(field.id), own.get(theme.id)]
    }
    assert.deepEqual(await valuesOf(), ['Ada', 'Noel', 'London', 'mine,old,wedding', 'small', 'desert'])
    await send(address, changed)
    const again = (await untilRows(client, id, 4)).at(-1)
    assert.equal(again.state, 'updated', JSON.stringify(again))
    assert.deepEqual(await valuesOf(), ['Augusta', 'Noel', 'Paris', 'mine,vip,wedding', 'large', 'desert'])
    assert.deepEqual(again.leftAlone.map(({ to }: { to: string }) => to).toSorted(), ['customFields.theme', 'lastName'])
    // And once more it is known.
    await send(address, changed)
    assert.equal((await untilRows(client, id, 5)).at(-1).state, 'unchanged')
  })

test('a contact that a person has deleted comes again as a whole, and not as what was changed of it', async () => {
  await begin()
  const { id, address } = await makeConnection(client)
  await send(address, ada())
  const [{ recordId }] = await untilRows(client, id, 1)
  assert.equal((await client.delete(`/contacts/${recordId}`)).status, 200)
  await send(address, ada({ city: 'Paris' }))
  const { state, recordId: other, leftAlone } = (await untilRows(client, id, 2)).at(-1)
  assert.deepEqual([state, leftAlone], ['created', []])
  assert.notEqual(other, recordId)
  const { firstName, lastName, email, city, tags } = await contactOf(other)
  assert.deepEqual([firstName, lastName, email, city], ['Ada', 'Lovelace', 'Ada@ex.test', 'Paris'])
  assert.deepEqual(tags.toSorted(), ['vip', 'wedding'])
})

test('a message that was a sample is written when it is sent once more, once', async () => {
  await begin()
  const { id, address } = await makeConnection(client, {}, { deploy: false })
  const sendIt = async () => {
    const { id: known } = (await (await send(address, ada(), { 'webhook-id': 'msg_1' })).json()) as { id: string }
    return known
  }
  const sample = await sendIt()
  assert.equal(await sendIt(), sample)
  await client.post(`/connections/${id}/deploy`)
  const meant = await sendIt()
  assert.notEqual(meant, sample)
  assert.equal(await sendIt(), meant)
  await send(address, ada({ id: 'other', email: 'other@ex.test', phone: null }))
  const rows = await untilRows(client, id, 2)
  assert.deepEqual(
    rows.map(({ arrivalId, externalId }) => [arrivalId === meant, externalId]),
    [
      [true, '17h_c_1001'],
      [false, 'other'],
    ],
  )
})

test('what a dead letter was not shown of stays as it came when the rest of it is mended', async () => {
  await begin()
  const { mapping } = CONTACT_DEFINITION
  const fields = [
    ...mapping.fields,
    { to: 'website', from: { path: 'pin' } },
    { to: 'address1', from: { path: 'cards[0].iban' } },
  ]
  const { id, address } = await makeConnection(client, {
    definition: { source: {}, mapping: { ...mapping, fields } },
  })
  await send(address, ada({ email: 'nobody', pin: '12-34', cards: [{ iban: 'AT12', owner: 'Ada' }] }))
  const [{ id: rowId, item }] = await untilRows(client, id, 1)
  assert.deepEqual([item.pin, item.cards[0]], ['••••', { iban: '••••', owner: 'Ada' }])
  const which = { rowIds: [rowId], item: { ...item, email: 'ada@ex.test' } }
  const [seen] = (await client.post(`/connections/${id}/replay/preview`, which)).body.rows
  assert.deepEqual([seen.state, seen.item.pin], ['created', '••••'])
  const { run } = (await client.post(`/connections/${id}/replay`, which)).body
  await untilRun(client, id, run.id)
  const [{ recordId }] = await rowsOf(client, id, `&runId=${run.id}`)
  const { website, address1, email } = await contactOf(recordId)
  assert.deepEqual([website, address1, email], ['12-34', 'AT12', 'ada@ex.test'])
})

const WHO_WINS = { source: 'theirs', ours: 'ours', fill: 'ours' }

for (const [conflicts, winner] of Object.entries(WHO_WINS))
  test(`lines of an invoice stand as other fields do: whoever changed them alone, and where both did the policy (${conflicts})`, async () => {
    await begin()
    const definition = { ...INVOICE_DEFINITION, mapping: { ...INVOICE_DEFINITION.mapping, conflicts } }
    const { id, address } = await makeConnection(client, { definition })
    const line = (name: string) => ({ id: name, name, qty: 1, price: 100 })
    let sent = 0
    const sendLines = async (status: string, lines: string[]) => {
      await send(address, { invoices: [{ id: 'i1', number: 'INV-1', status, total: 100, items: lines.map(line) }] })
      return (await untilRows(client, id, ++sent)).at(-1)
    }
    const invoiceOf = async () => (await client.get(`/invoices?locationId=${location.id}`)).body.invoices[0]
    const namesOf = async () => (await invoiceOf()).items.map(({ name }: { name: string }) => name)
    await sendLines('draft', ['one'])
    const { id: invoiceId } = await invoiceOf()
    const change = async (name: string) => {
      const items = [{ name, quantity: 1, price: 100 }]
      const body = { invoice_id: 'i1', number: 'INV-1', total: 100, status: 'draft', items }
      assert.equal((await client.post('/invoices', body)).status, 200)
    }
    // Theirs alone.
    await sendLines('draft', ['two'])
    assert.deepEqual(await namesOf(), conflicts === 'fill' ? ['one'] : ['two'])
    // Ours alone: it is paid, and its lines stay as a person has them.
    await change('mine')
    const paid = await sendLines('paid', ['two'])
    assert.deepEqual([(await invoiceOf()).id, await namesOf()], [invoiceId, ['mine']])
    assert.ok(
      paid.leftAlone.some(({ to }: { to: string }) => to === 'items'),
      JSON.stringify(paid),
    )
    await sendLines('paid', ['three'])
    assert.deepEqual(await namesOf(), winner === 'ours' ? ['mine'] : ['three'])
  })

test('lines that were taken back are known as they were before', () => {
  const synced = { values: { total: 2 }, lines: [{ key: 'l1', values: { name: 'new' } }] }
  const back = { items: [[{ name: 'new' }], [{ name: 'old' }]] } as const
  assert.deepEqual(syncedAfter(synced, { items: [...back.items] }, String), {
    values: { total: 2 },
    lines: [{ key: '', values: { name: 'old' } }],
  })
  assert.deepEqual(syncedAfter({ values: {} }, { items: [...back.items] }, String), { values: {} })
})
