import {
  changesOf,
  type MappedItem,
  type MappedValues,
  type Writing as OfRun,
  recordsByOutsideId,
  type Written,
} from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { invoices } from '../../resources/records/invoices.ts'
import { canonicalJson } from '../../store/hash.ts'
import {
  hasId,
  isOneOf,
  listRecords,
  lockIdentity,
  newRow,
  nextRow,
  type RecordDocument,
  type RecordRow,
  recordsOfExternalIds,
} from '../../store/records/index.ts'
import type { Writing } from '../define.ts'
import { changeAll, type Plan, writeSet } from '../write-sets.ts'
import { changeInvoice, toStoredDay } from './invoices.ts'

/*
 * Invoices of a connection, many at a time, by the rules of `POST /invoices`: what the item does not name stays, and the
 * contact it is for has been synchronised before.
 */

const DAYS = ['issueDate', 'dueDate', 'paidAt']

/** What no two items of one statement share. */
export const ownOfInvoice = ({ values }: MappedItem): string[] =>
  typeof values.number === 'string' && values.number !== '' ? [`number ${values.number}`] : []

export async function writeInvoices(
  ctx: Writing,
  items: readonly MappedItem[],
  { mapping, dry }: Pick<OfRun, 'mapping' | 'dry'>,
): Promise<Written[]> {
  const names = items.flatMap(({ externalId }) => (externalId === null ? [] : [`invoice/${externalId}`]))
  if (dry === null && names.length > 0) await lockIdentity(ctx.tx, ctx.locationId, { additionalEmails: names })
  const people = await contactsOf(ctx, items)
  const found = await lookUp(ctx, items, { mapping, dry })
  return writeSet(
    ctx,
    { resource: invoices, items, found, dry },
    {
      plan: async (item, before) => planInvoice(ctx, item, { before, people, mapping }),
      keysOf: ({ document }) => [`id ${document.externalId}`, `number ${document.number}`],
      async change(changed) {
        const moved = changed.filter(({ before, after }) => before.document.contactId !== after.document.contactId)
        await changeAll(
          ctx,
          invoices,
          changed.filter((one) => !moved.includes(one)),
        )
        for (const { before, after } of moved) await changeInvoice(ctx, before, after.document)
      },
      alone: (item) => writeInvoices(ctx, [item], { mapping, dry }),
    },
  )
}

/** The contacts that invoices are for: by what the other program calls them, and which of those named by our id there are. */
interface People {
  byOutsideId: ReadonlyMap<string, string>
  here: ReadonlySet<string>
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

async function contactsOf(ctx: Writing, items: readonly MappedItem[]): Promise<People> {
  const ids = items.flatMap(({ values }) => textOf(values.customerId) ?? [])
  const named = items.flatMap(({ values }) => textOf(values.contactId) ?? [])
  const linked = await recordsByOutsideId(ctx.db, ctx.locationId, contacts.kind, ids)
  const wanted = [...new Set([...linked.values(), ...named])]
  const living =
    wanted.length === 0 ? [] : await listRecords(ctx.db, contacts, ctx.locationId, { where: hasId(wanted) })
  const here = new Set(living.map(({ id }) => id))
  const own = await recordsOfExternalIds(ctx.db, contacts, ctx.locationId, ids)
  const byOutsideId = new Map([
    ...[...linked].filter(([, id]) => here.has(id)),
    ...own.map(({ id, document }) => [String(document.externalId), id] as const),
  ])
  return { byOutsideId, here }
}

/** The invoice that each item is: in the order of the keys. */
async function lookUp(
  ctx: Writing,
  items: readonly MappedItem[],
  { mapping, dry }: Pick<OfRun, 'mapping' | 'dry'>,
): Promise<(RecordRow | undefined)[]> {
  const linked = items.flatMap(({ link }) => link?.recordId ?? [])
  const externalIds = items.flatMap(({ externalId }) => externalId ?? [])
  const numbers = mapping.keys.includes('number') ? items.flatMap(({ values }) => textOf(values.number) ?? []) : []
  const rows = [
    ...(linked.length === 0 ? [] : await listRecords(ctx.db, invoices, ctx.locationId, { where: hasId(linked) })),
    ...(await recordsOfExternalIds(ctx.db, invoices, ctx.locationId, externalIds)),
    ...(numbers.length === 0
      ? []
      : await listRecords(ctx.db, invoices, ctx.locationId, { where: isOneOf('number', numbers) })),
  ].map((row) => dry?.seen(row) ?? row)
  const imagined = dry === null ? [] : dry.having(items.flatMap(keysOfItem))
  const all = [...rows, ...imagined]
  const byId = new Map(all.map((row) => [row.id, row]))
  const by = (field: string) => new Map(all.map((row) => [String(row.document[field] ?? ''), row]))
  const [byExternalId, byNumber] = [by('externalId'), by('number')]
  return items.map(({ externalId, link, values }) => {
    const own = link === null ? undefined : (byId.get(link.recordId) ?? dry?.get(link.recordId))
    return mapping.keys.flatMap((key) => {
      if (key === 'externalId') return own ?? (externalId === null ? [] : (byExternalId.get(externalId) ?? []))
      return key === 'number' ? (byNumber.get(textOf(values.number) ?? '-') ?? []) : []
    })[0]
  })
}

const keysOfItem = ({ externalId, values }: MappedItem) => [`id ${externalId}`, `number ${values.number}`]

interface Standing {
  before: RecordRow | null
  people: People
  mapping: OfRun['mapping']
}

function planInvoice(ctx: Writing, item: MappedItem, { before, people, mapping }: Standing): Plan | Written {
  const { externalId, link, lines } = item
  const { contactId: named, ...values } = item.values
  const customerId = textOf(values.customerId)
  if (textOf(named) !== undefined && !people.here.has(String(named)))
    return { outcome: 'failed', problems: [{ at: 'contactId', message: `There is no contact ${named} here` }] }
  const contactId = textOf(named) ?? (customerId === undefined ? undefined : people.byOutsideId.get(customerId))
  if (contactId === undefined && customerId !== undefined)
    return {
      outcome: 'later',
      problems: [{ at: 'customerId', message: `There is no customer ${customerId} here yet` }],
    }
  // Lines are one another's: they are taken together.
  const { write: settled, left } = changesOf(mapping, {
    ours: before === null ? null : { ...before.document, items: together(before.document.items as unknown[]) },
    incoming: { ...values, ...ofLines(item) },
    lastSynced: link === null ? null : { ...link.synced.values, ...ofLines(link.synced) },
    ...(before === null ? {} : { oursChangedAt: before.updatedAt.toISOString() }),
    ...(item.changedAt === undefined ? {} : { incomingChangedAt: item.changedAt }),
  })
  const { items, ...write } = settled
  try {
    const document = toDocument(ctx, write)
    if (contactId !== undefined) document.contactId = contactId
    if (externalId !== null && before?.document.externalId === undefined) document.externalId = externalId
    if (items !== undefined) document.items = linesOf(lines)
    if (before === null) return { before, after: newRow(ctx.author, invoices, { document }), left }
    return { before, after: nextRow(ctx, invoices, before, { ...before.document, ...document }), left }
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    const faults = error.faults ?? [error.message]
    return { outcome: 'failed', problems: faults.map((message) => ({ at: message.split(/[: ]/)[0] ?? '', message })) }
  }
}

function toDocument(ctx: Writing, values: MappedValues): RecordDocument {
  const document: RecordDocument = { ...values }
  for (const name of DAYS) {
    const text = textOf(values[name])
    if (text !== undefined) document[name] = toStoredDay(name, text, ctx.known?.location.timezone ?? 'UTC')
  }
  return document
}

type Lines = NonNullable<MappedItem['lines']>

const linesOf = (lines: Lines = []): MappedValues[] => lines.map(({ values }) => values)

const ofLines = ({ lines }: Pick<MappedItem, 'lines'>): MappedValues =>
  lines === undefined ? {} : { items: together(linesOf(lines)) }

/** As a value that is the same where they are. */
const together = (lines: readonly unknown[] = []): string | null => (lines.length === 0 ? null : canonicalJson(lines))
