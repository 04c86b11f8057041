import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { INVOICE_DEFINITION, makeConnection, rowsOf, untilRows } from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let port: number

before(async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => probe.once('listening', listening))
  port = (probe.address() as { port: number }).port
  await new Promise((closed) => probe.close(closed))
  server = await startTestServer({ mailInPort: port, hookBytes: 200_000 })
})
after(() => server?.[Symbol.asyncDispose]())

const PAID = {
  source: {
    mail: {
      senders: ['@17hats.com'],
      fields: [
        { name: 'number', pattern: 'invoice (\\S+)', in: 'subject', required: true },
        { name: 'total', label: 'Amount', required: true },
      ],
    },
  },
  mapping: {
    ...INVOICE_DEFINITION.mapping,
    lines: undefined,
    externalId: null,
    keys: ['number'],
    fields: [
      { to: 'number', from: { path: 'fields.number' } },
      { to: 'total', from: { path: 'fields.total' } },
      { to: 'status', from: { value: 'paid' } },
    ],
  },
}

test('an e-mail that says what was paid pays the invoice, once; mail for nobody, or too large, is refused', async () => {
  const location = (await createAgency(server.app)).locations[0] as TestLocation
  const client = server.client(location.token)
  const invoice = { locationId: location.id, invoice_id: 'i1', number: 'INV-7', total: 99, status: 'sent' }
  assert.equal((await client.post('/invoices', invoice)).status, 201)
  const { id, address } = await makeConnection(client, { way: 'mail', definition: PAID })
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
  const mail = (more: object = {}) => ({
    from: '17hats <no-reply@17hats.com>',
    to: address,
    subject: 'You have been paid: invoice INV-7',
    text: 'Hello,\n\nAmount: $1,250.00\n',
    messageId: '<one@17hats.com>',
    ...more,
  })
  await transport.sendMail(mail())
  await transport.sendMail(mail())
  await transport.sendMail(mail({ from: 'eve@evil.test', messageId: '<two@evil.test>' }))
  await transport.sendMail(mail({ text: 'Nothing here.', messageId: '<three@17hats.com>' }))
  await transport.sendMail(mail({ to: address.toUpperCase(), messageId: '<four@17hats.com>' }))
  const rows = await untilRows(client, id, 4)
  const states = rows.map(({ state }) => state)
  assert.deepEqual(states, ['updated', 'skipped', 'failed', 'unchanged'], JSON.stringify(rows.map((r) => r.problems)))
  const { invoices } = (await client.get(`/invoices?locationId=${location.id}`)).body
  assert.deepEqual([invoices.length, invoices[0].status, invoices[0].total], [1, 'paid', 1250])
  await assert.rejects(transport.sendMail(mail({ to: 'somebody@example.com' })), /550/)
  const large = mail({ text: 'x'.repeat(300_000), messageId: '<five@17hats.com>' })
  await assert.rejects(transport.sendMail(large), /552/)
  assert.equal((await rowsOf(client, id)).length, 4)
  transport.close()
})
