import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Answer,
  makeConnection,
  pollUntil,
  rowsOf,
  send,
  untilRows,
  untilRun,
  upload,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { LABELS } from '../support/seventeen-hats.ts'
import {
  bill,
  blocks,
  contactOf,
  contactsOf,
  countsOf,
  draft,
  forward,
  invoiceOf,
  invoicesOf,
  lastRun,
  openOffice,
  openShell,
  pay,
  plain,
  presetOf,
  takeBack,
  untilInvoice,
  ZAP,
} from '../support/seventeen-hats-office.ts'

let server: TestServer
let mailPort: number
const folder = mkdtempSync(join(tmpdir(), 'tintype-17hats-'))

before(async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => probe.once('listening', listening))
  mailPort = (probe.address() as { port: number }).port
  await new Promise((closed) => probe.close(closed))
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8', mailInPort: mailPort })
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server?.[Symbol.asyncDispose]()
})

test('the guide to 17hats can be followed from its first line to its last', async () => {
  await using office = await openOffice(server)
  const { location, client, hats } = office
  const env = {
    BASE: server.url,
    TOKEN: location.token,
    AGENCY_TOKEN: office.agency.token,
    LOCATION: location.id,
    BOOKS: office.books.url,
    TOKENS: `${office.books.url}/token`,
    CLIENT_ID: 'client',
    CLIENT_SECRET: 'their secret',
    REFRESH_TOKEN: 'refresh-0',
  }
  using shell = openShell(folder, env)
  const steps = blocks('sh')
  assert.equal(steps.length, 12)
  const [lines, load, write, zap, tried, sales, mails, poll, relay, brands, make, undo] = steps as [string, ...string[]]
  await hats.addContact({ 'First Name': 'Bob', 'Last Name': 'Smith', 'Primary E-mail Address': 'bob@ex.test' })

  // 1. The contacts that are there.
  writeFileSync(join(folder, 'contacts.csv'), hats.contactsCsv())
  await shell.run(`${lines}\n${load}`)
  const first = await shell.read('FIRST')
  const looked = await lastRun(office.client, first)
  assert.deepEqual([looked.dryRun, ...countsOf(looked)], [true, 2, 0, 0, 0, 0])
  assert.equal((await contactsOf(office)).length, 0, 'nothing is written')
  assert.match(await shell.run(write as string), /"created":2/)
  assert.deepEqual(countsOf(await lastRun(office.client, first)), countsOf(looked))
  const { tags, city, phone, type } = await contactOf(office, 'ada@ex.test')
  assert.deepEqual([tags, city, phone, type], [['wedding', 'vip'], 'Austin', '+12125550100', 'customer'])

  // 2. A Zap.
  await shell.run(zap as string)
  const people = await shell.read('PEOPLE')
  const url = await shell.read('ADDRESS')
  assert.deepEqual(
    [...ZAP.values()].filter((label) => label !== 'ID' && !LABELS.includes(label)),
    [],
  )
  for (const trigger of ['New Contact', 'Updated Contact'] as const) hats.zaps.push({ trigger, url, data: ZAP })
  const [ada, bob] = [...hats.contacts.keys()] as [string, string]
  await hats.changeContact(ada, { City: 'Dallas' })
  assert.match(await shell.run(tried as string), /"state":"updated".*"city":\["Austin","Dallas"\]/)
  assert.equal((await contactOf(office, 'ada@ex.test')).city, 'Austin', 'a sample is written nowhere')
  await hats.addContact({ 'First Name': 'Carl', 'Primary E-mail Address': 'carl@ex.test', Type: 'Hot Lead' })
  await hats.changeContact(bob, { City: 'Rome' })
  await hats.changeContact(bob, {})
  const rows = await untilRows(client, people, 3)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['created', 'updated', 'unchanged'],
  )
  assert.deepEqual([(await contactsOf(office)).length, (await contactOf(office, 'bob@ex.test')).city], [3, 'Rome'])

  // 3. and 4. An invoice that was drafted here is sent, says the report, and paid, says a mail.
  await draft(office, 'INV-0042', 1200)
  bill(office, 'INV-0042', 1200)
  writeFileSync(join(folder, 'sales.csv'), hats.clientSalesCsv())
  await shell.run(sales as string)
  await untilInvoice(office, 'INV-0042', 'sent')
  await shell.run(mails as string)
  pay(office, 'INV-0042', 1200)
  await forward(office, 'INV-0042', { to: await shell.read('MAILBOX'), port: mailPort })
  await untilInvoice(office, 'INV-0042', 'paid')

  // 5. One that only QuickBooks tells.
  bill(office, 'INV-0043', 350)
  assert.match(await shell.run(poll as string), /"reached":true/)
  await untilInvoice(office, 'INV-0043', 'sent')

  // 6. One that a relay has brought as a draft.
  await shell.run(relay as string)
  const [body = ''] = blocks('json')
  const { invoice } = JSON.parse(body)
  const address = await shell.read('RELAY_ADDRESS')
  await hats.changeContact(ada, {})
  for (const [status, balance] of [
    ['draft', 1200],
    ['sent', 1200],
    ['partially_paid', 500],
    ['paid', 0],
  ] as const) {
    const one = { ...invoice, number: 'INV-0044', status, balance, contact_id: ada }
    assert.equal((await send(address, { invoice: one })).status, 202)
    await untilInvoice(office, 'INV-0044', status)
  }
  const paid = await invoiceOf(office, 'INV-0044')
  assert.deepEqual([paid.contactId, paid.amountPaid], [(await contactOf(office, 'ada@ex.test')).id, 1200])
  assert.equal((await invoicesOf(office)).length, 3)

  // 7. Brands.
  const agencys = server.client(office.agency.token)
  const places = async () => (await agencys.get('/locations/search?limit=100')).body.locations.length
  writeFileSync(join(folder, 'brands.csv'), blocks('csv')[0] as string)
  await shell.run(brands as string)
  const brandsId = await shell.read('BRANDS')
  const would = await lastRun(agencys, brandsId)
  assert.deepEqual([would.dryRun, ...countsOf(would), await places()], [true, 2, 0, 0, 0, 0, 1])
  await shell.run(make as string)
  const were = await lastRun(agencys, brandsId)
  assert.deepEqual([were.dryRun, ...countsOf(were), await places()], [false, 2, 0, 0, 0, 0, 3])

  // Afterwards.
  const carl = await contactOf(office, 'carl@ex.test')
  await client.put(`/contacts/${carl.id}`, { lastName: 'Jung' })
  await shell.run(undo as string)
  const undone = await untilRun(client, people, JSON.parse(await shell.read('UNDO')).run.id)
  assert.deepEqual([undone.state, undone.skipped], ['done', 1])
  assert.equal((await contactOf(office, 'bob@ex.test')).city ?? null, null)
  assert.equal((await contactOf(office, 'carl@ex.test')).lastName, 'Jung')
})

test('an invoice goes from draft to paid by the report, each time once, and back', async () => {
  await using office = await openOffice(server)
  const { location, client, hats } = office
  await draft(office, 'INV-1', 1200)
  const before = await plain(office, 'INV-1')
  bill(office, 'INV-1', 1200)
  const { id } = await makeConnection(client, { way: 'file', definition: presetOf('17hats-client-sales-csv') })
  const load = async (dryRun: boolean) => {
    const { body } = await upload({ url: server.url, token: location.token }, { id, dryRun }, hats.clientSalesCsv())
    return untilRun(client, id, body.run.id)
  }
  const runs: Answer[] = []
  for (const [amount, status] of Object.entries({ 0: 'sent', 700: 'partially_paid', 1200: 'paid' })) {
    pay(office, 'INV-1', Number(amount))
    const was = await plain(office, 'INV-1')
    const looked = await load(true)
    assert.deepEqual(await plain(office, 'INV-1'), was)
    const done = await load(false)
    assert.deepEqual([countsOf(looked), countsOf(done)], [countsOf(done), [0, 1, 0, 1, 0]])
    assert.deepEqual(countsOf(await load(false)), [0, 0, 1, 1, 0], 'the same file again')
    assert.equal((await plain(office, 'INV-1')).status, status)
    runs.push(done)
  }
  assert.equal((await invoicesOf(office)).length, 1)
  for (const { id: runId } of runs.toReversed()) await takeBack(office, id, { runId })
  assert.deepEqual(await plain(office, 'INV-1'), before)
})

test('an invoice goes from draft to paid by a mail, once, and back but for what somebody has changed since', async () => {
  await using office = await openOffice(server)
  const { location, client } = office
  await draft(office, 'INV-2', 350)
  const before = await plain(office, 'INV-2')
  bill(office, 'INV-2', 350)
  pay(office, 'INV-2', 350)
  const definition = presetOf('17hats-paid-mail')
  const { id, address } = await makeConnection(client, { way: 'mail', definition })
  await forward(office, 'INV-2', { to: address, port: mailPort })
  const [row] = await untilRows(client, id, 1)
  await forward(office, 'INV-2', { to: address, port: mailPort })
  pay(office, 'INV-2', 350)
  assert.deepEqual([row.state, (await plain(office, 'INV-2')).status], ['updated', 'paid'])
  assert.deepEqual([(await rowsOf(client, id)).length, (await invoicesOf(office)).length], [1, 1])
  await client.post('/invoices', { locationId: location.id, invoice_id: 'by hand INV-2', total: 350, status: 'void' })
  const [taken] = await takeBack(office, id, { runId: row.runId, left: 1 })
  assert.deepEqual(taken.leftAlone, [{ to: 'status', because: 'It was changed since' }])
  assert.deepEqual(await plain(office, 'INV-2'), { ...before, status: 'void' })
})

test('an invoice goes from draft to paid as QuickBooks is asked, past a token that ends and a pause that is asked for', async () => {
  await using office = await openOffice(server)
  const { client, hats } = office
  await draft(office, 'INV-3', 1200)
  const before = await plain(office, 'INV-3')
  bill(office, 'INV-3', 1200)
  hats.invoices.set('INV-9', { ...(hats.invoices.get('INV-3') as Answer), number: 'INV-9', status: 'draft' })
  const { mapping } = presetOf('quickbooks-invoice')
  const poll = {
    url: `${office.books.url}/query?query=select%20*%20from%20Invoice`,
    items: 'QueryResponse.Invoice',
    paging: { style: 'none' },
    authorisation: { kind: 'oauth', grant: 'refresh_token', tokenUrl: `${office.books.url}/token` },
  }
  const fields = mapping.fields.filter(({ to }: { to: string }) => to !== 'customerId')
  const definition = { source: { everyMinutes: 1, poll }, mapping: { ...mapping, fields } }
  const { id } = await makeConnection(client, { way: 'poll', definition }, { deploy: false })
  const secrets = { clientId: 'client', clientSecret: 'their secret', refreshToken: 'refresh-0' }
  assert.equal((await client.put(`/connections/${id}/secrets`, { secrets })).status, 200)
  assert.equal((await client.post(`/connections/${id}/deploy`)).status, 200)
  await untilInvoice(office, 'INV-3', 'sent')
  const asked = async (times = 1) => {
    const was = office.books.asked
    await pollUntil(server, id, { is: async () => office.books.asked >= was + times, what: 'it is asked' })
  }
  await asked()
  pay(office, 'INV-3', 700)
  await asked()
  await untilInvoice(office, 'INV-3', 'partially_paid')
  // The other side is asked too often; then its token ends in the middle.
  office.books.refuse = 429
  pay(office, 'INV-3', 1200)
  await asked()
  await untilInvoice(office, 'INV-3', 'paid')
  office.books.refuse = 401
  await asked()
  const { connection } = (await client.get(`/connections/${id}`)).body
  assert.equal(connection.state, 'live')
  const rows = await rowsOf(client, id)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['updated', 'updated', 'updated'],
  )
  assert.deepEqual((await invoicesOf(office)).length, 1)
  await takeBack(office, id, { runId: rows[0].runId })
  assert.deepEqual(await plain(office, 'INV-3'), before)
})

test('an invoice goes from draft to paid by a relay, each time once, and is gone again', async () => {
  await using office = await openOffice(server)
  const { client, hats } = office
  const people = await makeConnection(client, { definition: presetOf('17hats-contact') })
  const { id, address } = await makeConnection(client, { definition: presetOf('17hats-invoice') })
  const { invoice } = JSON.parse(blocks('json')[0] as string)
  const [ada] = [...hats.contacts.keys()]
  hats.zaps.push({ trigger: 'Updated Contact', url: people.address, data: ZAP })
  await hats.changeContact(ada as string, { City: 'Dallas' })
  await untilRows(client, people.id, 1)
  for (const [status, balance] of [
    ['draft', 1200],
    ['sent', 1200],
    ['partially_paid', 500],
    ['paid', 0],
  ] as const)
    for (let twice = 0; twice < 2; twice++)
      await send(address, { invoice: { ...invoice, contact_id: ada, status, balance } })
  const rows = await untilRows(client, id, 8)
  const once = ['created', 'unchanged', 'updated', 'unchanged', 'updated', 'unchanged', 'updated', 'unchanged']
  assert.deepEqual(
    rows.map(({ state }) => state),
    once,
  )
  const [made, ...more] = await invoicesOf(office)
  assert.deepEqual([made.status, made.amountPaid, made.items.length, more.length], ['paid', 1200, 1, 0])
  assert.equal(made.contactId, (await contactOf(office, 'ada@ex.test')).id)
  await takeBack(office, id, { runId: rows[0].runId })
  assert.deepEqual(await invoicesOf(office), [])
})
