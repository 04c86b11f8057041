import { type TSchema, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { nameAnother } from '../../objects/index.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { invoices } from '../../resources/records/invoices.ts'
import { loadTimeZone } from '../../scheduling/index.ts'
import {
  allOf,
  byCreation,
  createRecord,
  equals,
  findRecord,
  getRecord,
  hasTerm,
  listRecords,
  lockIdentity,
  matchesWords,
  pageRecords,
  type RecordDocument,
  type RecordResource,
  type RecordRow,
  updateRecord,
} from '../../store/records/index.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation, type Writing } from '../define.ts'
import { parseMoment } from '../moments.ts'
import { ofThisWire } from '../other-wire.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'

const properties = ofThisWire(invoices.schema.properties)
const Day = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }))
const Foreign = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 200, description, examples: [example] })

const Invoice = Noun('Invoice', {
  id: Type.String(),
  locationId: Type.String(),
  ...(properties as Record<string, TSchema>),
  createdAt: Type.String(),
  updatedAt: Type.String(),
})

/** Names of the connection guide -> those of an invoice. */
const NAMES: Record<string, string> = {
  invoice_id: 'externalId',
  customer_id: 'customerId',
  amount_paid: 'amountPaid',
  issue_date: 'issueDate',
  due_date: 'dueDate',
  paid_at: 'paidAt',
}
const DAYS = ['issue_date', 'due_date', 'paid_at'] as const

function toInvoice({ id, document, createdAt, updatedAt }: RecordRow, locationId: string): never {
  return {
    id,
    locationId,
    ...ofThisWire(document),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  } as never
}

async function findByExternalId(ctx: Writing, resource: RecordResource, externalId: string): Promise<RecordRow | null> {
  const term = hasTerm(ctx.locationId, 'externalId', externalId)
  const where = allOf([...(term === null ? [] : [term]), equals('externalId', externalId)])
  return (await listRecords(ctx.db, resource, ctx.locationId, { where, limit: 1 }))[0] ?? null
}

/** The contact an invoice is for: named by our id, or by what the other program calls it. */
async function contactOf(
  ctx: Context,
  { contact_id, customer_id }: { contact_id?: string; customer_id?: string },
): Promise<string | undefined> {
  if (contact_id !== undefined) {
    if ((await findRecord(ctx.db, contacts, ctx.locationId, contact_id)) === null)
      throw invalid([`contact_id: there is no contact ${contact_id} in this location`])
    return contact_id
  }
  if (customer_id === undefined) return undefined
  const contact = await findByExternalId(ctx, contacts as unknown as RecordResource, customer_id)
  if (contact === null)
    throw invalid([
      `customer_id: there is no customer ${customer_id} in this location. Synchronise it first: POST /customers`,
    ])
  return contact.id
}

export function changeInvoice(
  ctx: Writing,
  { id, document: known }: RecordRow,
  changes: RecordDocument,
): Promise<RecordRow> {
  const { contactId } = changes
  const write = () => updateRecord(ctx.scope, invoices, id, ({ document }) => ({ ...document, ...changes }))
  if (contactId === undefined || contactId === known.contactId) return write()
  return nameAnother(ctx.scope, { kind: invoices.kind, ids: [id], namedId: String(contactId) }, write)
}

/** HighLevel's own invoices come to the same line. */
const NOT_OURS = (name: string) =>
  `property ${name} should not exist: this line synchronises invoices of another program, invoices cannot be written here`

/** A day is stored as its first moment in UTC, so that it is the same day everywhere; an hour is one of the location's. */
export const toStoredDay = (name: string, text: string, zone: string) =>
  parseMoment(name, text, 'start', text.includes(':') ? zone : 'UTC').toISOString()

/** Contract, "Synchronisation endpoints of the connection guide"; to read them here is ours. */
const reading = {
  category: 'Synchronisation',
  access: 'read',
  token: 'location',
  scope: [invoices.scopes.read, invoices.scopes.write],
} as const

export const invoiceOperations = [
  operation({
    name: 'invoices.upsert',
    title: 'Synchronise Invoice',
    description:
      'Creates an invoice or updates the one with this `invoice_id`: what the body does not name stays. 201 when ' +
      'created, 200 when updated.',
    category: 'Synchronisation',
    access: 'write',
    token: 'either',
    scope: invoices.scopes.write,
    http: 'POST /invoices',
    versionless: true,
    status: 201,
    query: ['locationId'],
    elsewhere: { altId: NOT_OURS('altId'), altType: NOT_OURS('altType') },
    input: Type.Object(
      {
        locationId: Type.Optional(Id('For an agency token: the location meant.')),
        invoice_id: Foreign('What the other program calls the invoice.', 'invoice-2026-014'),
        total: properties.total,
        status: properties.status,
        customer_id: Type.Optional(
          Foreign('What the other program calls the customer: one that was synchronised before.', 'customer-1001'),
        ),
        contact_id: Type.Optional(Id('Id of the contact here, in place of `customer_id`.')),
        number: properties.number,
        name: properties.name,
        currency: properties.currency,
        amount_paid: properties.amountPaid,
        issue_date: Day('ISO 8601 or MM-DD-YYYY.'),
        due_date: Day('ISO 8601 or MM-DD-YYYY.'),
        paid_at: Day('ISO 8601 or MM-DD-YYYY.'),
        url: properties.url,
        notes: properties.notes,
        items: properties.items,
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ id: Type.String(), created: Type.Boolean(), invoice: Invoice }),
    async run(ctx, { locationId: _, contact_id, ...input }) {
      const changes: RecordDocument = {}
      for (const [name, value] of Object.entries(input)) changes[NAMES[name] ?? name] = value
      const zone = DAYS.some((name) => input[name] !== undefined) ? await loadTimeZone(ctx) : 'UTC'
      for (const name of DAYS) {
        const text = input[name]
        if (text !== undefined)
          changes[NAMES[name] as string] = text.trim() === '' ? null : toStoredDay(name, text, zone)
      }
      const contactId = await contactOf(ctx, {
        ...(contact_id === undefined ? {} : { contact_id }),
        ...(input.customer_id === undefined ? {} : { customer_id: input.customer_id }),
      })
      if (contactId !== undefined) changes.contactId = contactId
      await lockIdentity(ctx.tx, ctx.locationId, { email: `invoice/${input.invoice_id}` })
      const known = await findByExternalId(ctx, invoices as unknown as RecordResource, input.invoice_id)
      const row =
        known === null ? await createRecord(ctx.scope, invoices, changes) : await changeInvoice(ctx, known, changes)
      return withStatus(known === null ? 201 : 200, {
        id: row.id,
        created: known === null,
        invoice: toInvoice(row, ctx.locationId),
      })
    },
  }),
  operation({
    ...reading,
    name: 'invoices.list',
    title: 'List Invoices',
    description: 'The invoices of a location, newest first: those that other programs keep in step, and all others.',
    http: 'GET /invoices',
    input: Type.Object(
      {
        locationId: Id(),
        query: Type.Optional(
          Type.String({
            maxLength: 200,
            description: 'Beginnings of words of the number, the name or the id in the other program.',
          }),
        ),
        status: Type.Optional(properties.status),
        contactId: Type.Optional(Id('Those for this contact.')),
        limit: Limit(100, 500),
        skip: Skip(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ invoices: Type.Array(Invoice), total: Type.Integer() }),
    async run(ctx, { locationId, query = '', status, contactId, limit = 100, skip }) {
      const words = matchesWords(locationId, query)
      const where = allOf([
        ...(words === null ? [] : [words]),
        ...(status === undefined ? [] : [equals('status', status)]),
        ...(contactId === undefined ? [] : [equals('contactId', contactId)]),
      ])
      const page = { where, order: [byCreation('desc')], skip, limit }
      const { records, total } = await pageRecords(ctx.db, invoices, locationId, page)
      return { invoices: records.map((row) => toInvoice(row, locationId)), total }
    },
  }),
  operation({
    ...reading,
    name: 'invoices.get',
    title: 'Get Invoice',
    description: 'One invoice, by its id here.',
    http: 'GET /invoices/:invoiceId',
    input: Type.Object({ invoiceId: Id() }, { additionalProperties: false }),
    output: Type.Object({ invoice: Invoice }),
    async run(ctx, { invoiceId }) {
      return { invoice: toInvoice(await getRecord(ctx.db, invoices, ctx.locationId, invoiceId), ctx.locationId) }
    },
  }),
]
