import { Type } from 'typebox'
import { opportunities } from '../../resources/records/opportunities.ts'
import { allOf, pageRecords } from '../../store/records/index.ts'
import { toCondition } from '../contacts/index.ts'
import { operation } from '../define.ts'
import { habitsOf } from '../phones.ts'
import { Id, Limit } from '../schemas.ts'
import { toOpportunities } from './answers.ts'
import { FIELD_NAMES, findField, SORT_FIELDS, toOrder } from './filter-fields.ts'
import { FoundOpportunity, toFound } from './found.ts'
import { common, Flag, matching, Page } from './search.ts'

export const opportunityAdvancedOperations = [
  operation({
    ...common,
    name: 'opportunities.searchAdvanced',
    title: 'Search Opportunities with a Body',
    description:
      'The opportunities of a location, the newest first unless told otherwise. Every one carries its `searchAfter`, which goes on ' +
      'behind it; `total` is exact.',
    http: 'POST /opportunities/search',
    // 200 in the documents, 201 from the servers.
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        query: Type.Optional(Type.String({ maxLength: 200 })),
        limit: Limit(20, 500),
        page: Page(),
        searchAfter: Type.Optional(
          Type.Array(Type.Unknown(), {
            maxItems: 20,
            description: 'The `searchAfter` of the last opportunity seen. Wins over `page`.',
          }),
        ),
        filters: Type.Optional(
          Type.Array(Type.Unknown(), {
            maxItems: 200,
            description:
              '`{field, operator, value}` or `{group: AND | OR, filters: [...]}`, nested at will, as those of contacts. ' +
              `Fields: ${FIELD_NAMES.join(', ')}.`,
          }),
        ),
        sort: Type.Optional(
          Type.Array(
            Type.Object(
              { field: Type.Enum(SORT_FIELDS), direction: Type.Optional(Type.Enum(['asc', 'desc'])) },
              { additionalProperties: false },
            ),
            { maxItems: 10 },
          ),
        ),
        additionalDetails: Type.Optional(
          Type.Object(
            {
              notes: Flag('Of the contact.'),
              tasks: Flag('Of the contact.'),
              calendarEvents: Flag('Of the contact.'),
              unReadConversations: Flag('Accepted; conversations tell it themselves.'),
            },
            { additionalProperties: false },
          ),
        ),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      opportunities: Type.Array(FoundOpportunity),
      total: Type.Number(),
      aggregations: Type.Object({}, { additionalProperties: true }),
    }),
    async run(ctx, { locationId, query, limit = 20, page = 1, searchAfter = [], additionalDetails, ...asked }) {
      const { filters = [], sort = [] } = asked
      const where = allOf([
        toCondition({ locationId, ...(await habitsOf(ctx, filters)) }, filters, findField),
        ...matching(locationId, query),
      ])
      const after = searchAfter.length === 0 ? undefined : searchAfter
      const skip = after === undefined ? (page - 1) * limit : 0
      const { records, total } = await pageRecords(ctx.db, opportunities, locationId, {
        where,
        order: toOrder(sort as never),
        after,
        skip,
        limit,
      })
      const found = await toOpportunities(ctx, records, additionalDetails)
      return {
        opportunities: await toFound(ctx, found, records),
        total,
        aggregations: {},
      }
    },
  }),
]
