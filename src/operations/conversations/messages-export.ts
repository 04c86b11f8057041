import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { messages } from '../../resources/records/messages.ts'
import { loadTimeZone } from '../../scheduling/index.ts'
import {
  allOf,
  byCreation,
  byUpdate,
  type Condition,
  equals,
  isCreatedBetween,
  pageRecords,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { readMoment } from '../moments.ts'
import { Id } from '../schemas.ts'
import { common } from './messages.ts'
import { MessageAnswer, toMessage } from './messages-wire.ts'
import type { MessageDocument } from './threads.ts'

const EXPORTED: Record<string, string> = {
  Call: 'TYPE_CALL',
  SMS: 'TYPE_SMS',
  Email: 'TYPE_EMAIL',
  WhatsApp: 'TYPE_WHATSAPP',
  Instagram: 'TYPE_INSTAGRAM',
  Facebook: 'TYPE_FACEBOOK',
}

const Moment = () => Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601 or milliseconds since 1970.' }))

function toMoment(name: string, text: string | undefined, zone: string): Date | null {
  if (text === undefined) return null
  const moment = readMoment(text, zone)
  if (moment === null) throw invalid([`${name} must be a date`])
  return moment.at
}

const toCursor = (values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url')

function fromCursor(text: string): unknown[] {
  try {
    const values = JSON.parse(Buffer.from(text, 'base64url').toString())
    return Array.isArray(values) ? values : []
  } catch {
    return []
  }
}

export const messageExportOperations = [
  operation({
    ...common,
    name: 'messages.export',
    title: 'Export Messages',
    description: 'All messages of the location, page by page. `nextCursor` is missing on the last page.',
    http: 'GET /conversations/messages/export',
    input: Type.Object(
      {
        locationId: Id(),
        limit: Type.Optional(Type.Integer({ minimum: 10, maximum: 500, description: 'Default 100.' })),
        cursor: Type.Optional(Type.String({ maxLength: 500 })),
        sortBy: Type.Optional(Type.Enum(['createdAt', 'updatedAt'])),
        sortOrder: Type.Optional(Type.Enum(['asc', 'desc'])),
        conversationId: Type.Optional(Id()),
        contactId: Type.Optional(Id()),
        channel: Type.Optional(Type.Enum(Object.keys(EXPORTED))),
        startDate: Moment(),
        endDate: Moment(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      messages: Type.Array(MessageAnswer),
      nextCursor: Type.Optional(Type.String()),
      total: Type.Integer(),
    }),
    async run(
      ctx,
      {
        locationId,
        limit = 100,
        cursor,
        sortBy,
        sortOrder = 'desc',
        conversationId,
        contactId,
        channel,
        startDate,
        endDate,
      },
    ) {
      const zone = startDate === undefined && endDate === undefined ? 'UTC' : await loadTimeZone(ctx)
      const [from, to] = [toMoment('startDate', startDate, zone), toMoment('endDate', endDate, zone)]
      const wanted: Condition[] = [isCreatedBetween(from, to)]
      if (conversationId !== undefined) wanted.push(equals('conversationId', conversationId))
      if (contactId !== undefined) wanted.push(equals('contactId', contactId))
      if (channel !== undefined) wanted.push(equals('messageType', EXPORTED[channel] as string))
      const { records, total } = await pageRecords<MessageDocument>(ctx.db, messages, locationId, {
        where: allOf(wanted),
        order: [sortBy === 'updatedAt' ? byUpdate(sortOrder) : byCreation(sortOrder)],
        limit: limit + 1,
        after: cursor === undefined ? undefined : fromCursor(cursor),
      })
      const page = records.slice(0, limit)
      const last = records.length > limit ? page.at(-1) : undefined
      return {
        messages: page.map((row) => toMessage(row, locationId)),
        ...(last === undefined ? {} : { nextCursor: toCursor(last.cursor) }),
        total,
      }
    },
  }),
]
