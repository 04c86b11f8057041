import { Type } from 'typebox'
import { users } from '../../resources/records/users.ts'
import { emailKey } from '../../store/natural-key.ts'
import {
  allOf,
  anyOf,
  byCreation,
  byText,
  byUpdate,
  type Condition,
  hasId,
  matchesWords,
  type OrderKey,
  pageRecords,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { has, toUser, User, visible } from './wire.ts'

const common = { category: 'Users', access: 'read', scope: [users.scopes.read, users.scopes.write] } as const
/** Numbers that the wire writes as texts; they are taken as numbers too. */
const Skip = () => Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 }))
const Limit = () => Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 25, at most 500.' }))
const answer = Type.Object({ users: Type.Array(User), count: Type.Integer() })

const ORDERS: Record<string, (direction: 'asc' | 'desc') => OrderKey> = {
  dateAdded: byCreation,
  dateUpdated: byUpdate,
  firstName: (direction) => byText('firstName', direction),
  lastName: (direction) => byText('lastName', direction),
  email: (direction) => byText('email', direction),
}

/** Most texts between commas that one request may name. */
const MOST = 500
const partsOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, MOST)

/** wire/highlevel/users.json: search-users, filter-users-by-email. */
export const userSearchOperations = [
  operation({
    ...common,
    name: 'users.search',
    title: 'Search Users',
    description: 'Find users with filters. A location token finds those who work in its location.',
    token: 'either',
    http: 'GET /users/search',
    input: Type.Object(
      {
        companyId: Type.Optional(Id('The wire demands it; without it, the company of the token is meant.')),
        query: Type.Optional(
          Type.String({ maxLength: 200, description: 'Beginnings of words in name, e-mail and phone.' }),
        ),
        skip: Skip(),
        limit: Limit(),
        locationId: Type.Optional(Id('Users who work in this location.')),
        type: Type.Optional(Type.Enum(['account', 'agency'])),
        role: Type.Optional(Type.Enum(['admin', 'user'])),
        ids: Type.Optional(Type.String({ maxLength: 10_000, description: 'Ids of users, separated by commas.' })),
        sort: Type.Optional(Type.Enum(Object.keys(ORDERS))),
        sortDirection: Type.Optional(Type.Enum(['asc', 'desc'])),
        enabled2waySync: Type.Optional(
          Type.Boolean({ description: 'Accepted; Tintype has no calendar synchronisation of users.' }),
        ),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(
      ctx,
      { query = '', skip = 0, limit = 25, locationId, type, role, ids, sort = 'dateAdded', sortDirection = 'asc' },
    ) {
      const words = matchesWords(ctx.agencyId, query)
      const conditions: Condition[] = [
        ...visible(ctx),
        ...(words === null ? [] : [words]),
        ...(locationId === undefined ? [] : [has(ctx, 'locationIds', locationId)]),
        ...(type === undefined ? [] : [has(ctx, 'type', type)]),
        ...(role === undefined ? [] : [has(ctx, 'role', role)]),
        ...(ids === undefined ? [] : [hasId(partsOf(ids))]),
      ]
      const order = [(ORDERS[sort] ?? byCreation)(sortDirection as 'asc' | 'desc')]
      const { records, total } = await pageRecords(ctx.db, users, ctx.agencyId, {
        where: allOf(conditions),
        order,
        skip,
        limit,
      })
      return { users: records.map((row) => toUser(ctx, row)), count: total }
    },
  }),
  operation({
    ...common,
    name: 'users.filterByEmail',
    title: 'Filter Users by Email',
    description: 'Search users by email address: those of the agency that have one of these.',
    token: 'agency',
    http: 'POST /users/search/filter-by-email',
    input: Type.Object(
      {
        companyId: Id(),
        emails: Type.Union([
          Type.String({ maxLength: 20_000, description: 'Separated by commas.' }),
          Type.Array(Type.String({ maxLength: 320 }), { maxItems: MOST }),
        ]),
        deleted: Type.Optional(
          Type.Boolean({ description: 'Those who were deleted, in place of those who were not.' }),
        ),
        skip: Type.Optional(
          Type.Union([Type.String({ pattern: '^\\d{1,7}$' }), Type.Integer({ minimum: 0, maximum: 1_000_000 })]),
        ),
        limit: Type.Optional(
          Type.Union([Type.String({ pattern: '^\\d{1,3}$' }), Type.Integer({ minimum: 1, maximum: 500 })]),
        ),
        projection: Type.Optional(
          Type.String({ maxLength: 200, description: 'Accepted; answers hold every property.' }),
        ),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { emails, deleted = false, skip = 0, limit = 25 }) {
      const wanted = typeof emails === 'string' ? partsOf(emails) : emails
      const where = anyOf(wanted.map((email) => has(ctx, 'email', emailKey(email))))
      const page = { where, deleted, skip: Number(skip), limit: Math.min(500, Math.max(1, Number(limit))) }
      const { records, total } = await pageRecords(ctx.db, users, ctx.agencyId, page)
      return { users: records.map((row) => toUser(ctx, row)), count: total }
    },
  }),
]
