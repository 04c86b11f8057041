import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import { allOf, type Condition, isOneOf, listRecords, matchesWords, pageRecords } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { habitsOf, readPhone } from '../phones.ts'
import { Id } from '../schemas.ts'
import { findMatches } from './duplicates.ts'
import { toCondition } from './filters.ts'
import { SORT_FIELDS, toOrder } from './order.ts'
import { ContactAnswer, FoundContact, toContact, toFoundContact } from './wire.ts'

const { read, write } = contacts.scopes
export const common = { category: 'Contacts', token: 'location', access: 'read', scope: [read, write] } as const
export const Query = () =>
  Type.Optional(Type.String({ maxLength: 75, description: 'Beginnings of words in name, e-mail, phone and company.' }))

/** Clients that go on with a list leave it out. */
export const OwnLocation = () => Type.Optional(Id('Default: the location of the token.'))

/** None for a text without words: it asks nothing. */
export async function matching(ctx: Context, query: string | undefined): Promise<Condition[]> {
  if (query === undefined) return []
  const number = /\d{3}/.test(query.replace(/\D/g, '')) ? await readPhone(ctx, query) : null
  return [matchesWords(ctx.locationId, query, number ?? undefined)].filter((condition) => condition !== null)
}

/**
 * HighLevel's documents ask for "URL encoded form", so clients encode what is encoded by their library once more. No
 * address and no number has these signs in it.
 */
function decoded(typed = ''): string {
  if (/[@+]/.test(typed) || !/%(40|2B)/i.test(typed)) return typed
  try {
    return decodeURIComponent(typed)
  } catch {
    return typed
  }
}

/**
 * wire/highlevel/contacts.json: search-contacts-advanced, get-duplicate-contact, get-contacts,
 * get-contacts-by-businessId.
 */
export const contactSearchOperations = [
  operation({
    ...common,
    name: 'contacts.search',
    title: 'Search Contacts',
    description:
      'Advanced search with filters. Every contact carries its `searchAfter`, which goes on behind it; `total` is ' +
      'exact.',
    http: 'POST /contacts/search',
    input: Type.Object(
      {
        locationId: OwnLocation(),
        pageLimit: Type.Integer({ minimum: 1, maximum: 500, examples: [20] }),
        page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
        searchAfter: Type.Optional(
          Type.Array(Type.Unknown(), {
            maxItems: 20,
            description: 'The `searchAfter` of the last contact seen. Wins over `page`.',
          }),
        ),
        filters: Type.Optional(
          Type.Array(Type.Unknown(), {
            maxItems: 200,
            description: '`{field, operator, value}` or `{group: AND | OR, filters: [...]}`, nested at will.',
          }),
        ),
        sort: Type.Optional(
          Type.Array(
            Type.Object(
              { field: Type.Enum(SORT_FIELDS), direction: Type.Optional(Type.Enum(['asc', 'desc'])) },
              { additionalProperties: false },
            ),
            {
              maxItems: 10,
            },
          ),
        ),
        query: Query(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      contacts: Type.Array(FoundContact),
      total: Type.Number(),
      traceId: Type.String(),
    }),
    async run(ctx, { pageLimit, page = 1, searchAfter, filters = [], sort = [], query }) {
      const { locationId } = ctx
      const where = allOf([
        toCondition({ locationId, ...(await habitsOf(ctx, filters)) }, filters),
        ...(await matching(ctx, query)),
      ])
      const after = searchAfter === undefined || searchAfter.length === 0 ? undefined : searchAfter
      const skip = after === undefined ? (page - 1) * pageLimit : 0
      const { records, total } = await pageRecords(ctx.db, contacts, locationId, {
        where,
        order: toOrder(sort as never),
        after,
        skip,
        limit: pageLimit,
      })
      const deals = await listRecords(ctx.db, opportunities, locationId, {
        where: isOneOf(
          'contactId',
          records.map(({ id }) => id),
        ),
      })
      const dealsOf = Map.groupBy(deals, ({ document }) => document.contactId)
      return {
        contacts: records.map((row) => toFoundContact(row, locationId, dealsOf.get(row.id) ?? [])),
        total,
        traceId: ctx.traceId,
      }
    },
  }),
  operation({
    ...common,
    name: 'contacts.findDuplicate',
    title: 'Get Duplicate Contact',
    description:
      'Check for duplicate contacts: the one with this e-mail, else the one with this phone number; null when ' +
      'there is none.',
    http: 'GET /contacts/search/duplicate',
    input: Type.Object(
      {
        locationId: OwnLocation(),
        number: Type.Optional(Type.String({ maxLength: 40 })),
        email: Type.Optional(Type.String({ maxLength: 320 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      contact: Type.Union([ContactAnswer, Type.Null()]),
      matchingField: Type.Optional(Type.Enum(['email', 'phone'])),
      traceId: Type.String(),
    }),
    async run(ctx, asked) {
      const { locationId } = ctx
      const [number, email] = [decoded(asked.number), decoded(asked.email)]
      if (number.trim() === '' && email.trim() === '') throw invalid(['email or number should not be empty'])
      const phone = number.trim() === '' ? undefined : ((await readPhone(ctx, number)) ?? undefined)
      const [match] = await findMatches(ctx, { email: email.trim() || undefined, phone })
      if (match === undefined) return { contact: null, traceId: ctx.traceId }
      const { contact, field } = match
      return { contact: toContact(contact, locationId), matchingField: field, traceId: ctx.traceId }
    },
  }),
]
