import { call } from '../../api/call.ts'
import { titleOf } from '../../parts/document/editors.ts'
import type { Kind } from './address.ts'

export type Doc = Record<string, unknown>

/** A record as a line of a table. */
export interface Row {
  id: string
  name: string
  detail: string
  state: string
  at: string | null
}

interface Page {
  rows: Row[]
  /** What the next page is asked for by; undefined: there is none. */
  next: unknown
}

interface Asked {
  locationId: string
  query: string | undefined
  after: unknown
  signal: AbortSignal
}

const PAGE = 100
const text = (...values: unknown[]) => values.filter((value) => typeof value === 'string' && value !== '').join(' · ')
const due = (day: string | undefined) => (day === undefined ? '' : `due ${day.slice(0, 10)}`)
const moment = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? new Date(value).toISOString() : null

/** How each kind is listed, by its own operation of the HighLevel wire. Appointments are shown by calendar instead. */
export const LISTS: Readonly<Record<Exclude<Kind, 'appointments'>, (asked: Asked) => Promise<Page>>> = {
  async contacts({ locationId, query, after, signal }) {
    const page = { pageLimit: PAGE, ...(after === undefined ? {} : { searchAfter: after as never[] }) }
    const input = { locationId, ...page, ...(query === undefined ? {} : { query }) }
    const { contacts } = await call('contacts.search', input as never, { signal, locationId })
    const rows = (contacts as Doc[]).map((one) => ({
      id: String(one.id),
      name: text(one.contactName) || text(one.email, one.phone) || String(one.id),
      detail: text(one.email, one.phone, one.companyName),
      state: ((one.tags ?? []) as string[]).join(', '),
      at: moment(one.dateUpdated),
    }))
    return { rows, next: rows.length < PAGE ? undefined : (contacts as Doc[]).at(-1)?.searchAfter }
  },
  async opportunities({ locationId, query, after, signal }) {
    const { found } = await findOpportunities({ locationId, query, after, signal })
    return {
      rows: found.map((one) => ({
        id: String(one.id),
        name: String(one.name),
        detail: text((one.contact as Doc | undefined)?.name, money(one.monetaryValue)),
        state: String(one.status),
        at: moment(one.updatedAt),
      })),
      next: found.length < PAGE ? undefined : found.at(-1)?.searchAfter,
    }
  },
  async conversations({ locationId, query, after, signal }) {
    const input = {
      locationId,
      limit: PAGE,
      ...(query === undefined ? {} : { query }),
      ...(after === undefined ? {} : { startAfterDate: after as never }),
    }
    const { conversations } = await call('conversations.search', input, { signal, locationId })
    const rows = (conversations as Doc[]).map((one) => ({
      id: String(one.id),
      name: text(one.contactName) || text(one.fullName) || String(one.id),
      detail: text(one.lastMessageBody),
      state: Number(one.unreadCount) > 0 ? `${one.unreadCount} unread` : '',
      at: moment(one.lastMessageDate ?? one.dateUpdated),
    }))
    const last = (conversations as Doc[]).at(-1)?.sort
    return { rows, next: rows.length < PAGE ? undefined : Array.isArray(last) ? String(last[0]) : last }
  },
  async invoices({ locationId, query, after = 0, signal }) {
    const skip = Number(after)
    const input = { locationId, limit: PAGE, skip, ...(query === undefined ? {} : { query }) }
    const { invoices, total } = await call('invoices.list', input, { signal, locationId })
    const rows = invoices.map((one) => ({
      id: one.id,
      name: text(one.number, one.name) || text(one.externalId) || one.id,
      detail: text(`${money(one.total)} ${one.currency ?? ''}`.trim(), due(one.dueDate)),
      state: one.status.replaceAll('_', ' '),
      at: moment(one.updatedAt),
    }))
    return { rows, next: skip + rows.length < total ? skip + PAGE : undefined }
  },
  async businesses({ locationId, after = 0, signal }) {
    const skip = Number(after)
    const { businesses } = await call('businesses.list', { locationId, limit: PAGE, skip }, { signal, locationId })
    const rows = (businesses as Doc[]).map((one) => ({
      id: String(one.id),
      name: String(one.name),
      detail: text(one.email, one.phone, one.city),
      state: '',
      at: moment(one.updatedAt),
    }))
    return { rows, next: rows.length < PAGE ? undefined : skip + PAGE }
  },
}

/** What a record is called. */
export const nameOf = (doc: Doc | null): string =>
  [doc?.firstName, doc?.lastName].filter((part) => typeof part === 'string').join(' ') ||
  [doc?.contactName, doc?.number].find((name) => typeof name === 'string' && name !== '')?.toString() ||
  titleOf(doc ?? {})

export const money = (value: unknown): string =>
  typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 2 }) : ''

/** Opportunities, of one pipeline where it is given. */
export async function findOpportunities({
  locationId,
  query,
  after,
  signal,
  pipelineId,
  limit = PAGE,
}: Asked & { pipelineId?: string; limit?: number }): Promise<{ found: Doc[]; total: number }> {
  const input = {
    locationId,
    limit,
    ...(query === undefined ? {} : { query }),
    ...(after === undefined ? {} : { searchAfter: after }),
    ...(pipelineId === undefined ? {} : { filters: [{ field: 'pipelineId', operator: 'eq', value: pipelineId }] }),
  }
  const { opportunities, total } = await call('opportunities.searchAdvanced', input as never, { signal, locationId })
  return { found: opportunities as Doc[], total }
}

/** The moment of its last change, as its PUT compares it. */
export const lastChangeOf = (record: Doc): string => String(record.updatedAt ?? record.dateUpdated)

/** One record as it is now, by its own operation. Throws `CallError` where it is gone. */
export async function readRecord(kind: Kind, locationId: string, id: string, signal?: AbortSignal): Promise<Doc> {
  const options = { ...(signal && { signal }), locationId }
  switch (kind) {
    case 'contacts':
      return (await call('contacts.get', { contactId: id }, options)).contact as Doc
    case 'opportunities':
      return (await call('opportunities.get', { id }, options)).opportunity as Doc
    case 'appointments':
      return (await call('appointments.get', { eventId: id }, options)).appointment as Doc
    case 'conversations':
      return (await call('conversations.get', { conversationId: id }, options)) as Doc
    case 'invoices':
      return (await call('invoices.get', { invoiceId: id }, options)).invoice as Doc
    case 'businesses':
      return (await call('businesses.get', { businessId: id }, options)).business as Doc
  }
}
