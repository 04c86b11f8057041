import { Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import {
  allOf,
  byCreation,
  byUpdate,
  type Condition,
  countRecords,
  findRecord,
  getRecord,
  hasTerm,
  isAfter,
  pageByMoment,
  pageRecords,
  type RecordRow,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id, Limit, Skip } from '../schemas.ts'
import { common, matching, OwnLocation, Query } from './search.ts'
import { ListedContact, toListedContact } from './wire.ts'

export const contactListOperations = [
  operation({
    ...common,
    name: 'contacts.list',
    title: 'List Contacts (Deprecated)',
    description: 'Legacy contact listing method, newest first unless told otherwise. Search Contacts does more.',
    http: 'GET /contacts/',
    input: Type.Object(
      {
        locationId: OwnLocation(),
        limit: Limit(20, 100),
        startAfter: Type.Optional(
          Type.Number({
            minimum: 0,
            maximum: 8_640_000_000_000_000,
            description:
              'Epoch milliseconds of the last contact seen, `meta.startAfter`: when it was added, or updated where ' +
              'that is the order.',
          }),
        ),
        startAfterId: Type.Optional(Id()),
        query: Query(),
        order: Type.Optional(Type.Enum(['asc', 'desc'])),
        sortBy: Type.Optional(Type.Enum(['date_added', 'date_updated'])),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      contacts: Type.Array(ListedContact),
      count: Type.Number(),
      meta: Type.Object({}, { additionalProperties: true }),
      traceId: Type.String(),
    }),
    async run(ctx, { limit = 20, startAfter, startAfterId, query, ...sorting }) {
      const { locationId } = ctx
      const where = allOf(await matching(ctx, query))
      const { order: direction = 'desc', sortBy } = sorting as { order?: 'asc' | 'desc'; sortBy?: string }
      const updated = sortBy === 'date_updated'
      const order = updated ? byUpdate(direction) : byCreation(direction)
      const momentOf = (row: RecordRow | null) => (updated ? row?.updatedAt : row?.createdAt)?.getTime()
      const start =
        startAfter ??
        (startAfterId === undefined
          ? undefined
          : momentOf(await findRecord(ctx.db, contacts, locationId, startAfterId)))
      const { records, total, cursor } = await pageByMoment(ctx.db, contacts, locationId, {
        where,
        order,
        toKey: (ms) => ms,
        after: start === undefined ? undefined : { place: start, id: startAfterId },
        limit,
      })
      const behind =
        cursor === undefined
          ? total
          : await countRecords(ctx.db, contacts, locationId, allOf([where, isAfter([order], cursor) as Condition]))
      const currentPage = Math.ceil((total - behind) / limit) + 1
      const last = records.at(-1)
      const more = last !== undefined && behind > records.length
      const place =
        last === undefined ? {} : { startAfter: last.place ?? (momentOf(last) as number), startAfterId: last.id }
      const again = { locationId, limit, ...(query === undefined ? {} : { query }), ...sorting, ...place }
      const next = new URLSearchParams(Object.entries(again).map(([name, value]) => [name, String(value)]))
      const meta = {
        total,
        ...(more ? { nextPageUrl: `${ctx.publicUrl()}/contacts/?${next}` } : {}),
        ...place,
        currentPage,
        nextPage: more ? currentPage + 1 : null,
        prevPage: currentPage > 1 ? currentPage - 1 : null,
      }
      return {
        contacts: records.map((row) => toListedContact(row, locationId)),
        count: total,
        meta,
        traceId: ctx.traceId,
      }
    },
  }),
  operation({
    ...common,
    name: 'contacts.listByBusiness',
    title: 'Get Contacts by Business',
    description: 'Retrieve contacts linked to a business',
    http: 'GET /contacts/business/:businessId',
    input: Type.Object(
      { locationId: OwnLocation(), businessId: Id(), limit: Limit(20, 100), skip: Skip(), query: Query() },
      { additionalProperties: false },
    ),
    output: Type.Object({ contacts: Type.Array(ListedContact), count: Type.Number() }),
    async run(ctx, { businessId, limit = 20, skip = 0, query }) {
      const { locationId } = ctx
      await getRecord(ctx.db, { kind: 'businesses', noun: 'business' }, locationId, businessId)
      const linked = hasTerm(locationId, 'businessId', businessId) as Condition
      const { records, total } = await pageRecords(ctx.db, contacts, locationId, {
        where: allOf([linked, ...(await matching(ctx, query))]),
        order: [byCreation('desc')],
        skip,
        limit,
      })
      return { contacts: records.map((row) => toListedContact(row, locationId)), count: total }
    },
  }),
]
