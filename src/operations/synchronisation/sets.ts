import {
  changesOf,
  type Left,
  type MappedItem,
  type MappedValues,
  type Writing as OfRun,
  recordsByOutsideId,
  type Written,
} from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { invoices } from '../../resources/records/invoices.ts'
import {
  createRecords,
  deltaOf,
  hasId,
  isOneOf,
  listRecords,
  lockIdentity,
  lockRows,
  newRow,
  nextRow,
  type RecordDocument,
  type RecordRow,
  recordsHaving,
  updateRecords,
} from '../../store/records/index.ts'
import type { Writing } from '../define.ts'
import { changeInvoice, toStoredDay } from './invoices.ts'

/*
 * Invoices of a connection, many at a time, by the rules of `POST /invoices`: what the item does not name stays, and the
 * contact it is for has been synchronised before.
 */

const DAYS = ['issueDate', 'dueDate', 'paidAt']

/** What no two items of one statement share. */
export const ownOfInvoice = ({ values }: MappedItem): string[] =>
  typeof values.number === 'string' && values.number !== '' ? [`number ${values.number}`] : []

interface Plan {
  before: RecordRow | null
  after: RecordRow | null
  left: Left[]
}

const isPlan = (plan: Plan | Written): plan is Plan => 'after' in plan

export async function writeInvoices(
  ctx: Writing,
  items: readonly MappedItem[],
  { mapping, dry }: Pick<OfRun, 'mapping' | 'dry'>,
): Promise<Written[]> {
  const names = items.flatMap(({ externalId }) => (externalId === null ? [] : [`invoice/${externalId}`]))
  if (dry === null && names.length > 0) await lockIdentity(ctx.tx, ctx.locationId, { additionalEmails: names })
  const people = await contactsOf(ctx, items)
  const found = await lookUp(ctx, items, { mapping, dry })
  const held = await hold(ctx, found, dry)
  const taken = new Set<string>()
  const plans = items.map((item, n): Plan | Written => {
    const before = held.get(found[n]?.id ?? '') ?? null
    const isTwice = before !== null && taken.has(before.id)
    if (before !== null) taken.add(before.id)
    return isTwice ? AGAIN : planInvoice(ctx, item, { before, people, mapping })
  })
  await store(ctx, plans.filter(isPlan), dry)
  const written = plans.map((plan) => (isPlan(plan) ? toWritten(plan) : plan))
  for (const [n, plan] of plans.entries())
    if (plan === AGAIN) written.splice(n, 1, ...(await writeInvoices(ctx, [items[n] as MappedItem], { mapping, dry })))
  return written
}

const AGAIN: Written = { outcome: 'failed', problems: [] }

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
  const own = await recordsHaving(ctx.db, contacts, ctx.locationId, 'externalId', ids)
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
    ...(await recordsHaving(ctx.db, invoices, ctx.locationId, 'externalId', externalIds)),
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

async function hold(ctx: Writing, found: readonly (RecordRow | undefined)[], dry: OfRun['dry']) {
  const rows = found.filter((row) => row !== undefined)
  if (dry !== null || rows.length === 0) return new Map(rows.map((row) => [row.id, row]))
  const held = await lockRows(ctx.scope, invoices, hasId(rows.map(({ id }) => id)))
  return new Map(held.map((row) => [row.id, row]))
}

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
  const { write, left } = changesOf(mapping, {
    ours: before?.document ?? null,
    incoming: values,
    lastSynced: link?.synced.values ?? null,
    ...(before === null ? {} : { oursChangedAt: before.updatedAt.toISOString() }),
    ...(item.changedAt === undefined ? {} : { incomingChangedAt: item.changedAt }),
  })
  try {
    const document = toDocument(ctx, write)
    if (contactId !== undefined) document.contactId = contactId
    if (externalId !== null && before?.document.externalId === undefined) document.externalId = externalId
    const items = lines === undefined ? null : itemsAfter(item, before, mapping.conflicts)
    if (items !== null) document.items = items
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

/** Lines are one another's: they are taken together. Null: ours stay. */
function itemsAfter(
  { lines = [], link }: MappedItem,
  before: RecordRow | null,
  conflicts: OfRun['mapping']['conflicts'],
): unknown[] | null {
  const items = lines.map(({ values }) => values)
  const ours = before?.document.items as unknown[] | undefined
  if (ours === undefined || ours.length === 0) return items
  if (conflicts === 'fill') return null
  const synced = link?.synced.lines?.map(({ values }) => values)
  const isOurs = synced !== undefined && Object.keys(deltaOf({ items: synced }, { items: ours })).length > 0
  return conflicts === 'ours' && isOurs ? null : items
}

async function store(ctx: Writing, plans: readonly Plan[], dry: OfRun['dry']): Promise<void> {
  if (dry !== null) {
    for (const { after } of plans)
      if (after !== null) dry.put(after, [`id ${after.document.externalId}`, `number ${after.document.number}`])
    return
  }
  const created = plans.flatMap(({ before, after }) => (before === null && after !== null ? [after] : []))
  const changed = plans.flatMap(({ before, after }) => (before && after ? [{ before, after }] : []))
  const moved = changed.filter(({ before, after }) => before.document.contactId !== after.document.contactId)
  const others = new Map(changed.filter((one) => !moved.includes(one)).map(({ after }) => [after.id, after]))
  if (created.length > 0) await createRecords(ctx.scope, invoices, created)
  if (others.size > 0)
    await updateRecords(
      ctx.scope,
      invoices,
      hasId([...others.keys()]),
      ({ id, document }) => others.get(id)?.document ?? document,
    )
  for (const { before, after } of moved) await changeInvoice(ctx, before, after.document)
}

function toWritten({ before, after, left }: Plan): Written {
  const recordId = (after ?? before)?.id as string
  if (after === null) return { outcome: 'unchanged', recordId, delta: {}, left }
  const outcome = before === null ? 'created' : 'updated'
  return { outcome, recordId, delta: deltaOf(before?.document ?? {}, after.document), left }
}
