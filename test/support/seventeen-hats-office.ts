import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { PRESETS } from '../../src/connect/index.ts'
import type { Client } from './client.ts'
import { type Answer, rowsOf, until, untilRun, walk } from './connections.ts'
import type { TestServer } from './server.ts'
import { type QuickBooks, SeventeenHats, startQuickBooks } from './seventeen-hats.ts'
import { createAgency, type TestAgency, type TestLocation } from './tenants.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/connect-17hats.md'), 'utf8')
/** What stands in the guide as this language. */
export const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] as string)
/** Key of the Zap -> label of 17hats. */
export const ZAP = new Map(
  [...PAGE.matchAll(/^\| `(\w+)` \| (.+?) \|$/gm)].map(([, key = '', label = '']) => [key, label]),
)

/** What a connection begins with. */
export const presetOf = (id: string): Answer => {
  const { mapping, csv, email } = PRESETS.find((one) => one.id === id) as (typeof PRESETS)[number]
  return { source: { ...(csv && { csv }), ...(email && { mail: email }) }, mapping }
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
export function openShell(cwd: string, env: Record<string, string>) {
  const child = spawn('bash', ['-eu', '-o', 'pipefail'], { cwd, env: { ...process.env, ...env } })
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

/** An agency that works with 17hats: an account there, books, and what has come of them here. */
export interface Office extends AsyncDisposable {
  agency: TestAgency
  location: TestLocation
  client: Client
  hats: SeventeenHats
  books: QuickBooks
}

/** With one client in 17hats: Ada. */
export async function openOffice(server: TestServer): Promise<Office> {
  const agency = await createAgency(server.app)
  const location = agency.locations[0] as TestLocation
  const hats = new SeventeenHats()
  const books = await startQuickBooks(hats)
  await hats.addContact(ADA)
  const client = server.client(location.token)
  return { agency, location, client, hats, books, [Symbol.asyncDispose]: () => books[Symbol.asyncDispose]() }
}

export const countsOf = ({ created, updated, unchanged, skipped, failed }: Answer) => [
  created,
  updated,
  unchanged,
  skipped,
  failed,
]
export const contactsOf = async ({ client, location }: Office): Promise<Answer[]> =>
  (await client.post('/contacts/search', { locationId: location.id, pageLimit: 100 })).body.contacts
export const contactOf = async (office: Office, email: string): Promise<Answer> => {
  const { id } = (await contactsOf(office)).find((one) => one.email === email)
  return (await office.client.get(`/contacts/${id}`)).body.contact
}
export const invoicesOf = async ({ client, location }: Office): Promise<Answer[]> =>
  (await client.get(`/invoices?locationId=${location.id}`)).body.invoices
export const invoiceOf = async (office: Office, number: string): Promise<Answer> =>
  (await invoicesOf(office)).find((one) => one.number === number)
export const untilInvoice = (office: Office, number: string, status: string) =>
  until(async () => (await invoiceOf(office, number))?.status === status, `${number} is ${status}`)

/** All of an invoice that is ours to change. */
export const plain = async (office: Office, number: string) => {
  const { total, status, amountPaid, dueDate, name, contactId } = await invoiceOf(office, number)
  return { total, status, amountPaid, dueDate, name, contactId }
}

/** The newest run of a connection, when it is done or takes what comes. */
export const lastRun = async (client: Client, id: string): Promise<Answer> =>
  untilRun(client, id, (await walk(client, `/connections/${id}/runs?limit=50`, 'runs'))[0].id, [
    'done',
    'open',
    'failed',
  ])

/** An invoice that somebody has drafted here. */
export async function draft({ client, location }: Office, number: string, total: number): Promise<void> {
  const body = { locationId: location.id, invoice_id: `by hand ${number}`, number, total, status: 'draft' }
  assert.equal((await client.post('/invoices', body)).status, 201)
}

/** Sent from 17hats, to its first client. */
export const bill = ({ hats }: Office, number: string, total: number) =>
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
export const pay = ({ hats }: Office, number: string, paid: number) =>
  Object.assign(hats.invoices.get(number) as object, { paid, changedAt: new Date().toISOString() })

/** 17hats' mail about a payment, forwarded. */
export async function forward({ hats }: Office, number: string, { to, port }: { to: string; port: number }) {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
  await transport.sendMail(hats.paidMail(number, to))
  transport.close()
}

/** Undoes a run; so many fields are left alone. */
export async function takeBack({ client }: Office, id: string, { runId, left = 0 }: { runId: string; left?: number }) {
  const { body } = await client.post(`/connections/${id}/runs/${runId}/undo`)
  const undone = await untilRun(client, id, body.run.id)
  const rows = await rowsOf(client, id, `&runId=${undone.id}`)
  assert.deepEqual([undone.state, rows.flatMap(({ leftAlone }) => leftAlone).length], ['done', left])
  return rows
}
