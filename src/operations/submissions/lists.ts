import { Type } from 'typebox'
import { loadTimeZone } from '../../scheduling/index.ts'
import {
  allOf,
  byCreation,
  equals,
  hasTerm,
  isCreatedBetween,
  matchesWords,
  pageRecords,
  type RecordResource,
  type RecordRow,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { parseMoment } from '../moments.ts'
import { Id, Limit, Noun } from '../schemas.ts'

const Day = (standard: string) =>
  Type.Optional(
    Type.String({
      maxLength: 40,
      description: `YYYY-MM-DD, or a moment. Default: ${standard}.`,
      examples: ['2026-11-14'],
    }),
  )

/** wire/highlevel/forms.json and surveys.json: the query of the two lists. */
export const listInput = {
  locationId: Id(),
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Default 1.' })),
  limit: Limit(20, 100),
  q: Type.Optional(
    Type.String({
      maxLength: 320,
      description: 'Words of name, e-mail, phone number or contactId, from their beginning.',
    }),
  ),
  startAt: Day('this day a month ago'),
  endAt: Day('today'),
}

const shared = {
  id: Type.String(),
  contactId: Type.Optional(Type.String()),
  createdAt: Type.String(),
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  others: Type.Object({}, { additionalProperties: true }),
}

export const submissionList = (title: string, of: Record<string, ReturnType<typeof Type.String>>) =>
  Type.Object({
    submissions: Type.Array(Noun(title, { ...shared, ...of })),
    meta: Type.Object({
      total: Type.Number(),
      currentPage: Type.Number(),
      nextPage: Type.Union([Type.Number(), Type.Null()]),
      prevPage: Type.Union([Type.Number(), Type.Null()]),
    }),
  })

export function toSubmission({ id, createdAt, document }: RecordRow): object {
  const { others, eventData, fieldsOriSequance, ...rest } = document
  return {
    id,
    createdAt: createdAt.toISOString(),
    ...rest,
    others: { ...(others as object), eventData, fieldsOriSequance },
  }
}

interface Query {
  page?: number | undefined
  limit?: number | undefined
  q?: string | undefined
  startAt?: string | undefined
  endAt?: string | undefined
}

export async function listSubmissions(
  ctx: Context,
  resource: RecordResource,
  { page = 1, limit = 20, q = '', startAt, endAt }: Query,
  [idField, id]: [string, string | undefined],
): Promise<never> {
  const term = id === undefined ? null : hasTerm(ctx.locationId, idField, id)
  const zone = startAt === undefined && endAt === undefined ? 'UTC' : await loadTimeZone(ctx)
  const from = startAt === undefined ? aMonthBefore(ctx.author.atMs) : parseMoment('startAt', startAt, 'start', zone)
  const to = endAt === undefined ? null : parseMoment('endAt', endAt, 'end', zone)
  const words = matchesWords(ctx.locationId, q)
  const where = allOf([
    ...(term === null ? [] : [term]),
    ...(id === undefined ? [] : [equals(idField, id)]),
    ...(words === null ? [] : [words]),
    isCreatedBetween(from, to),
  ])
  const { records, total } = await pageRecords(ctx.db, resource, ctx.locationId, {
    where,
    order: [byCreation('desc')],
    skip: (page - 1) * limit,
    limit,
  })
  const meta = {
    total,
    currentPage: page,
    nextPage: page * limit < total ? page + 1 : null,
    prevPage: page > 1 ? page - 1 : null,
  }
  return { submissions: records.map(toSubmission), meta } as never
}

/** The first moment of the same day of the month before, or of that month's last day. */
function aMonthBefore(ms: number): Date {
  const day = new Date(ms)
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()]
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1, Math.min(day.getUTCDate(), last)))
}
