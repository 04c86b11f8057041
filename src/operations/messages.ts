import { Type } from 'typebox'
import { AppError, invalid } from '../errors.ts'
import { conversations } from '../resources/records/conversations.ts'
import { MESSAGE_TYPE_NAMES } from '../resources/records/message-types.ts'
import { messages } from '../resources/records/messages.ts'
import { allOf, byCreation, byUpdate, type Condition, equals, isAfter, isOneOf } from '../store/record-conditions.ts'
import { isCreatedBetween } from '../store/record-links.ts'
import { findDeletedRecord, findRecord, getRecord, listRecords, pageRecords } from '../store/record-reads.ts'
import { hasTerm } from '../store/record-terms.ts'
import type { MessageDocument, MessageRow } from './conversations-threads.ts'
import { type Context, operation } from './define.ts'
import { EmailAnswer, MessageAnswer, toEmail, toMessage } from './messages-wire.ts'
import { isStorableMoment } from './moments.ts'
import { Id, Limit } from './schemas.ts'

const scope = [messages.scopes.read, messages.scopes.write]
const common = { category: 'Conversations & Messages', token: 'location', access: 'read', scope } as const
const NEWEST = [byCreation('desc')]

/** The message that a reader has come to; it may have been deleted since. */
async function placeOf(ctx: Context, messageId: string): Promise<[number, string]> {
  const row = (await findRecord(ctx.db, messages, ctx.locationId, messageId)) ?? (await findDeletedRecord(ctx.db, messages, ctx.locationId, messageId))
  if (row === null) throw new AppError('bad_request', { reason: `lastMessageId: there is no message ${messageId}` })
  return [row.createdAt.getTime(), row.id]
}

/** The plural is the wire's, for the filter alone. */
const typesOf = (text: string) => text.split(',').map((type) => (type.trim() === 'TYPE_INTERNAL_COMMENTS' ? 'TYPE_INTERNAL_COMMENT' : type.trim()))

/** An e-mail by its own id; the id of its message does as well. */
export async function getEmail(ctx: Context, id: string): Promise<MessageRow> {
  const term = hasTerm(ctx.locationId, 'emailMessageId', id)
  const where = term === null ? equals('emailMessageId', id) : allOf([term, equals('emailMessageId', id)])
  const [email] = await listRecords<MessageDocument>(ctx.db, messages, ctx.locationId, { where, limit: 1 })
  const row = email ?? (await findRecord<MessageDocument>(ctx.db, messages, ctx.locationId, id))
  if (row?.document.emailMessageId === undefined) throw new AppError('not_found', { what: 'email', id })
  return row
}

const EXPORTED: Record<string, string> = {
  Call: 'TYPE_CALL',
  SMS: 'TYPE_SMS',
  Email: 'TYPE_EMAIL',
  WhatsApp: 'TYPE_WHATSAPP',
  Instagram: 'TYPE_INSTAGRAM',
  Facebook: 'TYPE_FACEBOOK',
}

const Moment = () => Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601 or milliseconds since 1970.' }))

function toMoment(name: string, text: string | undefined): Date | null {
  if (text === undefined) return null
  const at = new Date(/^\d+$/.test(text) ? Number(text) : text)
  if (!isStorableMoment(at)) throw invalid([`${name} must be a date`])
  return at
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

/** wire/highlevel/conversations.json: reading messages. */
export const messageReadOperations = [
  operation({
    ...common,
    name: 'messages.list',
    title: 'Get Messages by Conversation',
    description: 'List all conversation messages, newest first. `lastMessageId` goes on behind that message.',
    http: 'GET /conversations/:conversationId/messages',
    input: Type.Object(
      {
        conversationId: Id(),
        lastMessageId: Type.Optional(Id()),
        limit: Limit(20, 100),
        type: Type.Optional(Type.String({ maxLength: 1000, description: `Types separated by commas: ${MESSAGE_TYPE_NAMES.slice(0, 3).join(', ')} ...` })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ lastMessageId: Type.String(), nextPage: Type.Boolean(), messages: Type.Array(MessageAnswer) }),
    async run(ctx, { conversationId, lastMessageId, limit = 20, type }) {
      const { document } = await getRecord(ctx.db, conversations, ctx.locationId, conversationId)
      // The contact's index serves the conversation too.
      const wanted: Condition[] = [equals('contactId', String(document.contactId)), equals('conversationId', conversationId)]
      if (type !== undefined) wanted.push(isOneOf('messageType', typesOf(type)))
      if (lastMessageId !== undefined) wanted.push(isAfter(NEWEST, await placeOf(ctx, lastMessageId)) as Condition)
      const rows = await listRecords<MessageDocument>(ctx.db, messages, ctx.locationId, { where: allOf(wanted), order: NEWEST, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return { lastMessageId: page.at(-1)?.id ?? '', nextPage: rows.length > limit, messages: page.map((row) => toMessage(row, ctx.locationId)) }
    },
  }),
  operation({
    ...common,
    name: 'messages.get',
    title: 'Get Message by ID',
    description: 'Get specific message details',
    http: 'GET /conversations/messages/:id',
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    output: MessageAnswer,
    async run(ctx, { id }) {
      return toMessage(await getRecord<MessageDocument>(ctx.db, messages, ctx.locationId, id), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'messages.email',
    title: 'Get Email by ID',
    description: 'Retrieve specific email',
    http: 'GET /conversations/messages/email/:id',
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    output: EmailAnswer,
    async run(ctx, { id }) {
      return toEmail(await getEmail(ctx, id), ctx.locationId)
    },
  }),
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
    output: Type.Object({ messages: Type.Array(MessageAnswer), nextCursor: Type.Optional(Type.String()), total: Type.Integer() }),
    async run(ctx, { locationId, limit = 100, cursor, sortBy, sortOrder = 'desc', conversationId, contactId, channel, startDate, endDate }) {
      const wanted: Condition[] = [isCreatedBetween(toMoment('startDate', startDate), toMoment('endDate', endDate))]
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
      return { messages: page.map((row) => toMessage(row, locationId)), ...(last === undefined ? {} : { nextCursor: toCursor(last.cursor) }), total }
    },
  }),
]
