import { Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { enrolments } from '../../resources/records/enrolments.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import { loadTimeZone } from '../../scheduling/index.ts'
import {
  allOf,
  anyOf,
  byCreation,
  byText,
  byUpdate,
  type Condition,
  equals,
  hasId,
  hasTerm,
  isCreatedBetween,
  matchesWords,
  type OrderKey,
  pageRecords,
  refersTo,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { parseMoment } from '../moments.ts'
import { Id, Limit } from '../schemas.ts'
import { OpportunityAnswer, toOpportunities } from './answers.ts'

const { read, write } = opportunities.scopes
export const common = { category: 'Opportunities', token: 'location', access: 'read', scope: [read, write] } as const
export const Page = () => Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 }))
export const Flag = (description: string) => Type.Optional(Type.Boolean({ description }))
const Day = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }))
const ORDERS = ['added_asc', 'added_desc', 'updated_asc', 'updated_desc', 'name_asc', 'name_desc']

function toOrder(order: string): OrderKey[] {
  const [field, direction] = order.split('_') as [string, 'asc' | 'desc']
  return [
    field === 'name' ? byText('name', direction) : field === 'updated' ? byUpdate(direction) : byCreation(direction),
  ]
}

/** Both ask an index; a value too long for it is compared in the document. */
const is = (locationId: string, field: string, value: string): Condition =>
  allOf([...present(hasTerm(locationId, field, value)), equals(field, value)])

const present = (condition: Condition | null): Condition[] => (condition === null ? [] : [condition])

/** Words of the opportunity's name, or of its contact's name, e-mail, phone and company. */
export function matching(locationId: string, text: string | undefined): Condition[] {
  const words = text === undefined ? null : matchesWords(locationId, text)
  return words === null ? [] : [anyOf([words, refersTo('contactId', contacts, locationId, words)])]
}

/** wire/highlevel/opportunities.json: search-opportunity, search-opportunities-advanced. */
export const opportunitySearchOperations = [
  operation({
    ...common,
    name: 'opportunities.search',
    title: 'Search Opportunities',
    description:
      'Find opportunities with filters, the newest first. `meta.startAfter` and `meta.startAfterId` go on behind ' +
      'the last one, each exactly once; by `page`, some come twice while others are added.',
    http: 'GET /opportunities/search',
    input: Type.Object(
      {
        location_id: Type.Optional(Id('Default: the location of the token.')),
        locationId: Type.Optional(Id('The same as the rest of the wire spells it.')),
        q: Type.Optional(
          Type.String({
            maxLength: 200,
            description: 'Beginnings of words in the name, or in name, e-mail, phone and company of the contact.',
          }),
        ),
        id: Type.Optional(Id()),
        pipeline_id: Type.Optional(Id()),
        pipeline_stage_id: Type.Optional(Id()),
        contact_id: Type.Optional(Id()),
        status: Type.Optional(Type.Enum(['open', 'won', 'lost', 'abandoned', 'all'])),
        assigned_to: Type.Optional(Id()),
        campaignId: Type.Optional(Id('Opportunities of contacts in this campaign.')),
        country: Type.Optional(Type.String({ maxLength: 2, description: 'Of the contact.' })),
        date: Day('Created on this day or later: mm-dd-yyyy or ISO 8601.'),
        endDate: Day('Created on this day or before.'),
        order: Type.Optional(Type.Enum(ORDERS)),
        page: Page(),
        limit: Limit(20, 100),
        startAfter: Type.Optional(Type.String({ maxLength: 300 })),
        startAfterId: Type.Optional(Id()),
        getTasks: Flag('With the tasks of the contact.'),
        getNotes: Flag('With the notes of the contact.'),
        getCalendarEvents: Flag('With the appointments of the contact.'),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      opportunities: Type.Array(OpportunityAnswer),
      meta: Type.Object({
        total: Type.Number(),
        currentPage: Type.Number(),
        nextPage: Type.Optional(Type.Number()),
        prevPage: Type.Optional(Type.Number()),
        nextPageUrl: Type.Optional(Type.String()),
        startAfter: Type.Optional(Type.Number()),
        startAfterId: Type.Optional(Type.String()),
      }),
      aggregations: Type.Object({}, { additionalProperties: true }),
    }),
    async run(ctx, input) {
      const { locationId } = ctx
      const { page = 1, limit = 20, order = 'added_desc', startAfter, startAfterId } = input
      const zone = input.date === undefined && input.endDate === undefined ? 'UTC' : await loadTimeZone(ctx)
      const inCampaign = (id: string) =>
        refersTo('contactId', enrolments, locationId, is(locationId, 'assetId', id), 'contactId')
      const inCountry = (code: string) =>
        refersTo('contactId', contacts, locationId, anyOf(present(hasTerm(locationId, 'country', code))))
      const where = allOf([
        ...matching(locationId, input.q),
        ...(input.id === undefined ? [] : [hasId([input.id])]),
        ...(input.pipeline_id === undefined ? [] : [is(locationId, 'pipelineId', input.pipeline_id)]),
        ...(input.pipeline_stage_id === undefined ? [] : [is(locationId, 'pipelineStageId', input.pipeline_stage_id)]),
        ...(input.contact_id === undefined ? [] : [equals('contactId', input.contact_id)]),
        ...(input.status === undefined || input.status === 'all' ? [] : [is(locationId, 'status', input.status)]),
        ...(input.assigned_to === undefined ? [] : [is(locationId, 'assignedTo', input.assigned_to)]),
        ...(input.campaignId === undefined ? [] : [inCampaign(input.campaignId)]),
        ...(input.country === undefined ? [] : [inCountry(input.country)]),
        ...(input.date === undefined ? [] : [isCreatedBetween(parseMoment('date', input.date, 'start', zone), null)]),
        ...(input.endDate === undefined
          ? []
          : [isCreatedBetween(null, parseMoment('endDate', input.endDate, 'end', zone))]),
      ])
      const after = startAfter === undefined || startAfterId === undefined ? undefined : [startAfter, startAfterId]
      const skip = after === undefined ? (page - 1) * limit : 0
      const { records, total } = await pageRecords(ctx.db, opportunities, locationId, {
        where,
        order: toOrder(order),
        after,
        skip,
        limit,
      })
      const last = records.at(-1)
      const isLast =
        last === undefined || (after === undefined ? skip + records.length >= total : records.length < limit)
      // A name is no number: that order goes on by pages.
      const behind =
        last === undefined || order.startsWith('name')
          ? {}
          : { startAfter: Number(last.cursor[0]), startAfterId: last.id }
      const found = await toOpportunities(ctx, records, {
        notes: input.getNotes,
        tasks: input.getTasks,
        calendarEvents: input.getCalendarEvents,
      })
      return {
        opportunities: found,
        meta: {
          total,
          ...behind,
          currentPage: page,
          ...(isLast
            ? {}
            : {
                nextPage: page + 1,
                nextPageUrl: nextPageUrl(ctx.publicUrl(), { ...input, ...behind, page: page + 1 }),
              }),
          ...(page > 1 ? { prevPage: page - 1 } : {}),
        },
        aggregations: {},
      }
    },
  }),
]

function nextPageUrl(url: string, query: Record<string, unknown>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return `${url}/opportunities/search?${new URLSearchParams(pairs)}`
}
