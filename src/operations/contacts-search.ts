import { Type } from 'typebox'
import { invalid } from '../errors.ts'
import { contacts } from '../resources/records/contacts.ts'
import { allOf, byCreation, type Condition, isAfter } from '../store/record-conditions.ts'
import { countRecords, findRecord, getRecord, pageRecords } from '../store/record-reads.ts'
import { hasTerm, matchesWords } from '../store/record-terms.ts'
import { toPhone } from './contacts-documents.ts'
import { findMatches } from './contacts-duplicates.ts'
import { SORT_FIELDS, toCondition, toOrder } from './contacts-filters.ts'
import { ContactAnswer, toContact } from './contacts-wire.ts'
import { operation } from './define.ts'
import { Id, Limit, Skip } from './schemas.ts'

const { read, write } = contacts.scopes
const common = { category: 'Contacts', token: 'location', access: 'read', scope: [read, write] } as const
const Query = () => Type.Optional(Type.String({ maxLength: 75, description: 'Beginnings of words in name, e-mail, phone and company.' }))

/** Null for a text without words: it asks nothing. */
const matching = (locationId: string, query: string | undefined): Condition[] => {
  const condition = query === undefined ? null : matchesWords(locationId, query)
  return condition === null ? [] : [condition]
}

/** wire/highlevel/contacts.json: search-contacts-advanced, get-duplicate-contact, get-contacts, get-contacts-by-businessId. */
export const contactSearchOperations = [
  operation({
    ...common,
    name: 'contacts.search',
    title: 'Search Contacts',
    description: 'Advanced search with filters. Every contact carries its `searchAfter`, which goes on behind it; `total` is exact.',
    http: 'POST /contacts/search',
    input: Type.Object(
      {
        locationId: Id(),
        pageLimit: Type.Integer({ minimum: 1, maximum: 500, examples: [20] }),
        page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
        searchAfter: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 20, description: 'The `searchAfter` of the last contact seen. Wins over `page`.' })),
        filters: Type.Optional(
          Type.Array(Type.Unknown(), { maxItems: 200, description: '`{field, operator, value}` or `{group: AND | OR, filters: [...]}`, nested at will.' }),
        ),
        sort: Type.Optional(
          Type.Array(Type.Object({ field: Type.Enum(SORT_FIELDS), direction: Type.Optional(Type.Enum(['asc', 'desc'])) }, { additionalProperties: false }), {
            maxItems: 10,
          }),
        ),
        query: Query(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      contacts: Type.Array(Type.Intersect([ContactAnswer, Type.Object({ searchAfter: Type.Array(Type.Unknown()) })])),
      total: Type.Number(),
      traceId: Type.String(),
    }),
    async run(ctx, { locationId, pageLimit, page = 1, searchAfter, filters = [], sort = [], query }) {
      const where = allOf([toCondition(locationId, filters), ...matching(locationId, query)])
      const after = searchAfter === undefined || searchAfter.length === 0 ? undefined : searchAfter
      const skip = after === undefined ? (page - 1) * pageLimit : 0
      const { records, total } = await pageRecords(ctx.db, contacts, locationId, { where, order: toOrder(sort as never), after, skip, limit: pageLimit })
      return { contacts: records.map((row) => ({ ...(toContact(row, locationId) as object), searchAfter: row.cursor })) as never, total, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'contacts.findDuplicate',
    title: 'Get Duplicate Contact',
    description: 'Check for duplicate contacts: the one with this e-mail, else the one with this phone number; null when there is none.',
    http: 'GET /contacts/search/duplicate',
    input: Type.Object(
      { locationId: Id(), number: Type.Optional(Type.String({ maxLength: 40 })), email: Type.Optional(Type.String({ maxLength: 320 })) },
      { additionalProperties: false },
    ),
    output: Type.Object({ contact: Type.Union([ContactAnswer, Type.Null()]), traceId: Type.String() }),
    async run(ctx, { locationId, number = '', email = '' }) {
      if (number.trim() === '' && email.trim() === '') throw invalid(['email or number should not be empty'])
      const phone = number.trim() === '' ? undefined : await toPhone(ctx, number)
      const [match] = await findMatches(ctx, { email: email.trim() || undefined, phone })
      return { contact: match === undefined ? null : toContact(match.contact, locationId), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'contacts.list',
    title: 'List Contacts (Deprecated)',
    description: 'Legacy contact listing method, newest first. Search Contacts does more.',
    http: 'GET /contacts/',
    input: Type.Object(
      {
        locationId: Id(),
        limit: Limit(20, 100),
        startAfter: Type.Optional(Type.Number({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'Epoch milliseconds of the last contact seen.' })),
        startAfterId: Type.Optional(Id()),
        query: Query(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      contacts: Type.Array(ContactAnswer),
      count: Type.Number(),
      meta: Type.Object({}, { additionalProperties: true }),
      traceId: Type.String(),
    }),
    async run(ctx, { locationId, limit = 20, startAfter, startAfterId, query }) {
      const where = allOf(matching(locationId, query))
      const order = [byCreation('desc')]
      const startedAt =
        startAfter ?? (startAfterId === undefined ? undefined : (await findRecord(ctx.db, contacts, locationId, startAfterId))?.createdAt.getTime())
      // Without an id the cursor stands behind all contacts of its millisecond.
      const after = startedAt === undefined ? undefined : [startedAt, startAfterId ?? '']
      const { records, total } = await pageRecords(ctx.db, contacts, locationId, { where, order, after, limit })
      const behind = after === undefined ? total : await countRecords(ctx.db, contacts, locationId, allOf([where, isAfter(order, after) as Condition]))
      const currentPage = Math.ceil((total - behind) / limit) + 1
      const last = records.at(-1)
      const more = last !== undefined && behind > records.length
      const next = new URLSearchParams({ locationId, limit: String(limit), ...(query === undefined ? {} : { query }) })
      if (more)
        for (const [name, value] of [
          ['startAfter', last.createdAt.getTime()],
          ['startAfterId', last.id],
        ])
          next.set(String(name), String(value))
      const meta = {
        total,
        ...(more ? { nextPageUrl: `${ctx.publicUrl()}/contacts/?${next}` } : {}),
        ...(last === undefined ? {} : { startAfterId: last.id, startAfter: last.createdAt.getTime() }),
        currentPage,
        nextPage: more ? currentPage + 1 : null,
        prevPage: currentPage > 1 ? currentPage - 1 : null,
      }
      return { contacts: records.map((row) => toContact(row, locationId)), count: total, meta, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'contacts.listByBusiness',
    title: 'Get Contacts by Business',
    description: 'Retrieve contacts linked to a business',
    http: 'GET /contacts/business/:businessId',
    input: Type.Object({ locationId: Id(), businessId: Id(), limit: Limit(20, 100), skip: Skip(), query: Query() }, { additionalProperties: false }),
    output: Type.Object({ contacts: Type.Array(ContactAnswer), count: Type.Number() }),
    async run(ctx, { locationId, businessId, limit = 20, skip = 0, query }) {
      await getRecord(ctx.db, { kind: 'businesses', noun: 'business' }, locationId, businessId)
      const linked = hasTerm(locationId, 'businessId', businessId) as Condition
      const { records, total } = await pageRecords(ctx.db, contacts, locationId, {
        where: allOf([linked, ...matching(locationId, query)]),
        order: [byCreation('desc')],
        skip,
        limit,
      })
      return { contacts: records.map((row) => toContact(row, locationId)), count: total }
    },
  }),
]
