import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { PRESETS } from '../../src/connect/index.ts'
import type { Client } from '../support/client.ts'
import {
  type Answer,
  makeConnection,
  pollAgain,
  rowsOf,
  send,
  until,
  untilRows,
  untilRun,
  upload,
  walk,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { LABELS, type QuickBooks, SeventeenHats, startQuickBooks } from '../support/seventeen-hats.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/connect-17hats.md'), 'utf8')
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] as string)
/** Key of the Zap -> label of 17hats. */
const ZAP = new Map([...PAGE.matchAll(/^\| `(\w+)` \| (.+?) \|$/gm)].map(([, key = '', label = '']) => [key, label]))

let server: TestServer
let mailPort: number
let agency: TestAgency
let location: TestLocation
let client: Client
let hats: SeventeenHats
let books: QuickBooks
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
  await books?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** Each story has an agency, a 17hats account and books of its own. */
async function begin(): Promise<void> {
  agency = await createAgency(server.app)
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  hats = new SeventeenHats()
  await books?.[Symbol.asyncDispose]()
  books = await startQuickBooks(hats)
  await hats.addContact(ADA)
}

const ADA = {
  'First Name': 'Ada',
  'Last Name': 'Lovelace',
  Type: 'Client',
  'Primary E-mail Address': 'ada@ex.test',
  'Other E-mail Addresses': 'a2@ex.test, a3@ex.test',
  'Primary Phone Number': '212-555-0100',
  'Address Line 1': '1 Main St',
  City: 'Austin',
  State: 'TX',
  'ZIP Code': '78701',
  Country: 'United States',
  Tags: 'wedding, vip',
}

/** A terminal, in which somebody does what the page says. */
function openShell(env: Record<string, string>) {
  const child = spawn('bash', ['-eu', '-o', 'pipefail'], { cwd: folder, env: { ...process.env, ...env } })
  let output = ''
  let isOver = false
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  child.on('close', () => {
    isOver = true
  })
  let count = 0
  /** What it prints. */
  const run = async (block: string): Promise<string> => {
    const end = `-- done ${++count} --`
    output = ''
    child.stdin.write(`${block}\necho '${end}'\n`)
    await until(async () => output.includes(end) || isOver, `an end of: ${block}`)
    assert.ok(output.includes(end), `${block}\n${output}`)
    return output.slice(0, output.indexOf(end)).trim()
  }
  return { run, read: (name: string) => run(`echo "$${name}"`), [Symbol.dispose]: () => child.kill() }
}

const countsOf = ({ created, updated, unchanged, skipped, failed }: Answer) => [
  created,
  updated,
  unchanged,
  skipped,
  failed,
]
const contactsOf = async (): Promise<Answer[]> =>
  (await client.post('/contacts/search', { locationId: location.id, pageLimit: 100 })).body.contacts
const contactOf = async (email: string): Promise<Answer> =>
  (await client.get(`/contacts/${(await contactsOf()).find((one) => one.email === email).id}`)).body.contact
const invoicesOf = async (): Promise<Answer[]> =>
  (await client.get(`/invoices?locationId=${location.id}`)).body.invoices
const invoiceOf = async (number: string): Promise<Answer> => (await invoicesOf()).find((one) => one.number === number)
const untilInvoice = (number: string, status: string) =>
  until(async () => (await invoiceOf(number))?.status === status, `${number} is ${status}`)
const lastRun = async (id: string, who = client): Promise<Answer> =>
  untilRun(who, id, (await walk(who, `/connections/${id}/runs?limit=50`, 'runs'))[0].id, ['done', 'open', 'failed'])

const draft = async (number: string, total: number) => {
  const body = { locationId: location.id, invoice_id: `by hand ${number}`, number, total, status: 'draft' }
  assert.equal((await client.post('/invoices', body)).status, 201)
}
const bill = (number: string, total: number) =>
  hats.invoices.set(number, {
    number,
    contactId: [...hats.contacts.keys()][0] as string,
    project: 'Wedding',
    total,
    paid: 0,
    status: 'sent',
    date: '2026-03-01',
    due: '2026-04-01',
    changedAt: new Date().toISOString(),
  })
const pay = (number: string, paid: number) =>
  Object.assign(hats.invoices.get(number) as object, { paid, changedAt: new Date().toISOString() })
const mail = async (number: string, to: string) => {
  const transport = createTransport({ host: '127.0.0.1', port: mailPort, ignoreTLS: true })
  await transport.sendMail(hats.paidMail(number, to))
  transport.close()
}

test('the guide to 17hats can be followed from its first line to its last', async () => {
  await begin()
  const env = {
    BASE: server.url,
    TOKEN: location.token,
    AGENCY_TOKEN: agency.token,
    LOCATION: location.id,
    BOOKS: books.url,
    TOKENS: `${books.url}/token`,
    CLIENT_ID: 'client',
    CLIENT_SECRET: 'their secret',
    REFRESH_TOKEN: 'refresh-0',
  }
  using shell = openShell(env)
  const steps = blocks('sh')
  assert.equal(steps.length, 12)
  const [lines, load, write, zap, tried, sales, mails, poll, relay, brands, make, undo] = steps as [string, ...string[]]
  await hats.addContact({ 'First Name': 'Bob', 'Last Name': 'Smith', 'Primary E-mail Address': 'bob@ex.test' })

  // 1. The contacts that are there.
  writeFileSync(join(folder, 'contacts.csv'), hats.contactsCsv())
  await shell.run(`${lines}\n${load}`)
  const first = await shell.read('FIRST')
  const looked = await lastRun(first)
  assert.deepEqual([looked.dryRun, ...countsOf(looked)], [true, 2, 0, 0, 0, 0])
  assert.equal((await contactsOf()).length, 0, 'nothing is written')
  assert.match(await shell.run(write as string), /"created":2/)
  assert.deepEqual(countsOf(await lastRun(first)), countsOf(looked))
  const { tags, city, phone, type } = await contactOf('ada@ex.test')
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
  assert.equal((await contactOf('ada@ex.test')).city, 'Austin', 'a sample is written nowhere')
  await hats.addContact({ 'First Name': 'Carl', 'Primary E-mail Address': 'carl@ex.test', Type: 'Hot Lead' })
  await hats.changeContact(bob, { City: 'Rome' })
  await hats.changeContact(bob, {})
  const rows = await untilRows(client, people, 3)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['created', 'updated', 'unchanged'],
  )
  assert.deepEqual([(await contactsOf()).length, (await contactOf('bob@ex.test')).city], [3, 'Rome'])

  // 3. and 4. An invoice that was drafted here is sent, says the report, and paid, says a mail.
  await draft('INV-0042', 1200)
  bill('INV-0042', 1200)
  writeFileSync(join(folder, 'sales.csv'), hats.clientSalesCsv())
  await shell.run(sales as string)
  await untilInvoice('INV-0042', 'sent')
  await shell.run(mails as string)
  pay('INV-0042', 1200)
  await mail('INV-0042', await shell.read('MAILBOX'))
  await untilInvoice('INV-0042', 'paid')

  // 5. One that only QuickBooks tells.
  bill('INV-0043', 350)
  assert.match(await shell.run(poll as string), /"reached":true/)
  await untilInvoice('INV-0043', 'sent')

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
    await untilInvoice('INV-0044', status)
  }
  const paid = await invoiceOf('INV-0044')
  assert.deepEqual([paid.contactId, paid.amountPaid], [(await contactOf('ada@ex.test')).id, 1200])
  assert.equal((await invoicesOf()).length, 3)

  // 7. Brands.
  const agencys = server.client(agency.token)
  const places = async () => (await agencys.get('/locations/search?limit=100')).body.locations.length
  writeFileSync(join(folder, 'brands.csv'), blocks('csv')[0] as string)
  await shell.run(brands as string)
  const brandsId = await shell.read('BRANDS')
  const would = await lastRun(brandsId, agencys)
  assert.deepEqual([would.dryRun, ...countsOf(would), await places()], [true, 2, 0, 0, 0, 0, 1])
  await shell.run(make as string)
  const were = await lastRun(brandsId, agencys)
  assert.deepEqual([were.dryRun, ...countsOf(were), await places()], [false, 2, 0, 0, 0, 0, 3])

  // Afterwards.
  const carl = await contactOf('carl@ex.test')
  await client.put(`/contacts/${carl.id}`, { lastName: 'Jung' })
  await shell.run(undo as string)
  const undone = await untilRun(client, people, JSON.parse(await shell.read('UNDO')).run.id)
  assert.deepEqual([undone.state, undone.skipped], ['done', 1])
  assert.equal((await contactOf('bob@ex.test')).city ?? null, null)
  assert.equal((await contactOf('carl@ex.test')).lastName, 'Jung')
})

const presetOf = (id: string): Answer => {
  const { mapping, csv, email } = PRESETS.find((one) => one.id === id) as (typeof PRESETS)[number]
  return { source: { ...(csv && { csv }), ...(email && { mail: email }) }, mapping }
}

/** All of an invoice that is ours to change. */
const plain = async (number: string) => {
  const { total, status, amountPaid, dueDate, name, contactId } = await invoiceOf(number)
  return { total, status, amountPaid, dueDate, name, contactId }
}

/** Until a connection has done all that came, in one run; then what that has written is taken back. */
async function takeBack(id: string, runId: string, left = 0): Promise<Answer[]> {
  const { body } = await client.post(`/connections/${id}/runs/${runId}/undo`)
  const undone = await untilRun(client, id, body.run.id)
  const rows = await rowsOf(client, id, `&runId=${undone.id}`)
  assert.deepEqual([undone.state, rows.flatMap(({ leftAlone }) => leftAlone).length], ['done', left])
  return rows
}

test('an invoice goes from draft to paid by the report, each time once, and back', async () => {
  await begin()
  await draft('INV-1', 1200)
  const before = await plain('INV-1')
  bill('INV-1', 1200)
  const { id } = await makeConnection(client, { way: 'file', definition: presetOf('17hats-client-sales-csv') })
  const load = async (dryRun: boolean) => {
    const { body } = await upload({ url: server.url, token: location.token }, { id, dryRun }, hats.clientSalesCsv())
    return untilRun(client, id, body.run.id)
  }
  const runs: Answer[] = []
  for (const [amount, status] of [
    [0, 'sent'],
    [700, 'partially_paid'],
    [1200, 'paid'],
  ] as const) {
    pay('INV-1', amount)
    const was = await plain('INV-1')
    const looked = await load(true)
    assert.deepEqual(await plain('INV-1'), was)
    const done = await load(false)
    assert.deepEqual([countsOf(looked), countsOf(done)], [countsOf(done), [0, 1, 0, 1, 0]])
    assert.deepEqual(countsOf(await load(false)), [0, 0, 1, 1, 0], 'the same file again')
    assert.equal((await plain('INV-1')).status, status)
    runs.push(done)
  }
  assert.equal((await invoicesOf()).length, 1)
  for (const { id: runId } of runs.toReversed()) await takeBack(id, runId)
  assert.deepEqual(await plain('INV-1'), before)
})

test('an invoice goes from draft to paid by a mail, once, and back but for what somebody has changed since', async () => {
  await begin()
  await draft('INV-2', 350)
  const before = await plain('INV-2')
  bill('INV-2', 350)
  pay('INV-2', 350)
  const definition = presetOf('17hats-paid-mail')
  const { id, address } = await makeConnection(client, { way: 'mail', definition })
  await mail('INV-2', address)
  const [row] = await untilRows(client, id, 1)
  await mail('INV-2', address)
  pay('INV-2', 350)
  assert.deepEqual([row.state, (await plain('INV-2')).status], ['updated', 'paid'])
  assert.deepEqual([(await rowsOf(client, id)).length, (await invoicesOf()).length], [1, 1])
  await client.post('/invoices', { locationId: location.id, invoice_id: 'by hand INV-2', total: 350, status: 'void' })
  const [taken] = await takeBack(id, row.runId, 1)
  assert.deepEqual(taken.leftAlone, [{ to: 'status', because: 'It was changed since' }])
  assert.deepEqual(await plain('INV-2'), { ...before, status: 'void' })
})

test('an invoice goes from draft to paid as QuickBooks is asked, past a token that ends and a pause that is asked for', async () => {
  await begin()
  await draft('INV-3', 1200)
  const before = await plain('INV-3')
  bill('INV-3', 1200)
  hats.invoices.set('INV-9', { ...(hats.invoices.get('INV-3') as Answer), number: 'INV-9', status: 'draft' })
  const { mapping } = presetOf('quickbooks-invoice')
  const poll = {
    url: `${books.url}/query?query=select%20*%20from%20Invoice`,
    items: 'QueryResponse.Invoice',
    paging: { style: 'none' },
    authorisation: { kind: 'oauth', grant: 'refresh_token', tokenUrl: `${books.url}/token` },
  }
  const fields = mapping.fields.filter(({ to }: { to: string }) => to !== 'customerId')
  const definition = { source: { everyMinutes: 1, poll }, mapping: { ...mapping, fields } }
  const { id } = await makeConnection(client, { way: 'poll', definition }, { deploy: false })
  const secrets = { clientId: 'client', clientSecret: 'their secret', refreshToken: 'refresh-0' }
  assert.equal((await client.put(`/connections/${id}/secrets`, { secrets })).status, 200)
  assert.equal((await client.post(`/connections/${id}/deploy`)).status, 200)
  await untilInvoice('INV-3', 'sent')
  const asked = async (times = 1) => {
    const was = books.asked
    await until(async () => {
      await pollAgain(server, id)
      return books.asked >= was + times
    }, 'it is asked')
  }
  await asked()
  pay('INV-3', 700)
  await asked()
  await untilInvoice('INV-3', 'partially_paid')
  // The other side is asked too often; then its token ends in the middle.
  books.refuse = 429
  pay('INV-3', 1200)
  await asked()
  await untilInvoice('INV-3', 'paid')
  books.refuse = 401
  await asked()
  const { connection } = (await client.get(`/connections/${id}`)).body
  assert.equal(connection.state, 'live')
  const rows = await rowsOf(client, id)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['updated', 'updated', 'updated'],
  )
  assert.deepEqual((await invoicesOf()).length, 1)
  await takeBack(id, rows[0].runId)
  assert.deepEqual(await plain('INV-3'), before)
})
