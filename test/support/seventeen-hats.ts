import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { SendMailOptions } from 'nodemailer'

/**
 * 17hats as far as it is known (wire/connect.md): it tells new and changed contacts through its Zapier app, exports CSVs,
 * pushes sent invoices and payments into QuickBooks Online, and writes a mail when an invoice is paid. The labels of
 * contacts are its own; columns of reports and words of mails are what we take them to be. It tells nobody of drafts.
 */

/** By the labels that its Zapier app shows. */
export type Contact = Record<string, string>

export interface Invoice {
  number: string
  contactId: string
  project: string
  total: number
  paid: number
  status: 'draft' | 'sent' | 'void'
  date: string
  due: string
  changedAt: string
}

/** What somebody has set up in Zapier: a trigger of 17hats, and Webhooks by Zapier, POST. */
export interface Zap {
  trigger: 'New Contact' | 'Updated Contact'
  url: string
  /** Key -> the label of what is inserted there. */
  data: ReadonlyMap<string, string>
}

export const LABELS = [
  'Is Company?',
  'First Name',
  'Type',
  'Last Name',
  'Title',
  'Company Name',
  'Primary E-mail Address',
  'Other E-mail Addresses',
  'Primary Phone Number',
  'Other Phone Numbers',
  'Address Line 1',
  'Address Line 2',
  'City',
  'State',
  'ZIP Code',
  'Country',
  'Birthday',
  'Facebook Id',
  'Instagram Id',
  'LinkedIn Id',
  'Referred By',
  'Twitter Id',
  'Pinterest Id',
  'Website',
  'Tags',
  'Notes',
]
/** Of contacts in the export, which has a set of addresses for each place. */
const ADDRESSED = ['Address Line 1', 'Address Line 2', 'City', 'State', 'ZIP Code', 'Country']

export class SeventeenHats {
  readonly contacts = new Map<string, Contact>()
  readonly invoices = new Map<string, Invoice>()
  readonly zaps: Zap[] = []
  #next = 1001

  async addContact(contact: Contact): Promise<string> {
    const id = `17h_c_${this.#next++}`
    this.contacts.set(id, { ID: id, ...contact })
    await this.#tell('New Contact', id)
    return id
  }

  async changeContact(id: string, changes: Contact): Promise<void> {
    this.contacts.set(id, { ...this.contacts.get(id), ...changes })
    await this.#tell('Updated Contact', id)
  }

  async #tell(trigger: Zap['trigger'], id: string): Promise<void> {
    const contact = this.contacts.get(id) as Contact
    for (const zap of this.zaps.filter((one) => one.trigger === trigger)) await runZap(zap, contact)
  }

  /** Contacts > Export. */
  contactsCsv(): string {
    const columns = LABELS.flatMap((label) => (ADDRESSED.includes(label) ? [] : [label]))
    const places = ['Business', 'Home', 'Other'].flatMap((place) => ADDRESSED.map((label) => `${place} ${label}`))
    const rows = [...this.contacts.values()].map((contact) => [
      ...columns.map((label) => contact[label] ?? ''),
      ...places.map((label) => (label.startsWith('Home ') ? (contact[label.slice('Home '.length)] ?? '') : '')),
    ])
    return toCsv([...columns, ...places], rows)
  }

  /** Reports > Client Sales: what was sent, and a line of totals. */
  clientSalesCsv(): string {
    const sent = [...this.invoices.values()].filter(({ status }) => status === 'sent')
    const sum = (of: (invoice: Invoice) => number) => money(sent.reduce((total, one) => total + of(one), 0))
    const rows = sent.map((one) => [
      this.nameOf(one.contactId),
      one.project,
      one.number,
      us(one.date),
      us(one.due),
      money(one.total),
      money(one.paid),
      money(one.total - one.paid),
    ])
    const totals = ['Total', '', '', '', '', sum((one) => one.total), sum((one) => one.paid), '']
    return toCsv(
      ['Client', 'Project', 'Invoice Number', 'Invoice Date', 'Due Date', 'Total', 'Paid', 'Balance'],
      [...rows, totals],
    )
  }

  nameOf(contactId: string): string {
    const { 'First Name': first, 'Last Name': last } = this.contacts.get(contactId) as Contact
    return `${first} ${last}`
  }

  /** What it writes when an invoice is paid. */
  paidMail(number: string, to: string): SendMailOptions {
    const { contactId, paid, changedAt } = this.invoices.get(number) as Invoice
    const client = this.nameOf(contactId)
    const line = (label: string, value: string) => `<tr><td>${label}</td><td>${value}</td></tr>`
    return {
      from: '17hats <no-reply@17hats.com>',
      to,
      subject: `You received a payment from ${client}`,
      date: new Date(changedAt),
      messageId: `<paid-${number}-${paid}@17hats.com>`,
      html:
        `<p>Good news! Invoice #${number} was paid.</p><table>${line('Client', client)}` +
        `${line('Amount', money(paid))}${line('Date', changedAt.slice(0, 10))}</table>`,
    }
  }

  /** What stands in QuickBooks Online: drafts never. Its ids are its own. */
  quickbooks(): object[] {
    const contacts = [...this.contacts.keys()]
    return [...this.invoices.values()]
      .filter(({ status }) => status !== 'draft')
      .map((one, at) => ({
        Id: String(130 + at),
        DocNumber: one.number.slice(0, 21),
        TxnDate: one.date,
        DueDate: one.due,
        TotalAmt: one.total,
        Balance: one.total - one.paid,
        CurrencyRef: { value: 'USD', name: 'United States Dollar' },
        CustomerRef: { value: String(58 + contacts.indexOf(one.contactId)), name: this.nameOf(one.contactId) },
        Line: [
          {
            Id: '1',
            Description: one.project,
            Amount: one.total,
            DetailType: 'SalesItemLineDetail',
            SalesItemLineDetail: { ItemRef: { value: '2', name: 'Services' }, Qty: 1, UnitPrice: one.total },
          },
          { Amount: one.total, DetailType: 'SubTotalLineDetail', SubTotalLineDetail: {} },
        ],
        MetaData: { CreateTime: `${one.date}T09:00:00-08:00`, LastUpdatedTime: one.changedAt },
      }))
  }
}

const money = (amount: number) => `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2 })}`
const us = (day: string) => day.replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1')
const cell = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
const toCsv = (columns: readonly string[], rows: readonly string[][]) =>
  `${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`

/** As Zapier posts it: what is empty is left out, and two underscores in a key are one place within another. */
async function runZap({ url, data }: Zap, contact: Contact): Promise<void> {
  const body: Record<string, Record<string, string>> = {}
  for (const [key, label] of data) {
    const value = contact[label]
    const [outer = '', inner = ''] = key.split('__')
    if (value !== undefined && value !== '') body[outer] = { ...body[outer], [inner]: value }
  }
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!reply.ok) throw new Error(`The Zap failed: ${reply.status} ${await reply.text()}`)
}

export interface QuickBooks extends AsyncDisposable {
  url: string
  /** Requests that were answered with invoices. */
  asked: number
  /** What it refuses next, once. */
  refuse: number | null
}

/** QuickBooks Online, as far as a poll sees it: tokens that end, and the query of invoices. */
export async function startQuickBooks(hats: SeventeenHats): Promise<QuickBooks> {
  let [tokens, token, refresh] = [0, '', 'refresh-0']
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/token') {
      const form = new URLSearchParams(await text(request))
      if (form.get('refresh_token') !== refresh) return answer(400, { error: 'invalid_grant' })
      tokens++
      ;[token, refresh] = [`access-${tokens}`, `refresh-${tokens}`]
      return answer(200, { token_type: 'bearer', access_token: token, refresh_token: refresh, expires_in: 3600 })
    }
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { fault: 'AuthenticationFailed' })
    if (books.refuse !== null) {
      const status = books.refuse
      books.refuse = null
      if (status === 401) token = ''
      return answer(status, {})
    }
    books.asked++
    return answer(200, { QueryResponse: { Invoice: hats.quickbooks() } })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const books: QuickBooks = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: 0,
    refuse: null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return books
}
