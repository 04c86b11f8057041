import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { conversations } from '../../resources/records/conversations.ts'
import { MESSAGE_TYPE_NAMES } from '../../resources/records/message-types.ts'
import { messages } from '../../resources/records/messages.ts'
import {
  allOf,
  byCreation,
  type Condition,
  equals,
  findDeletedRecord,
  findRecord,
  getRecord,
  hasTerm,
  isAfter,
  isOneOf,
  listRecords,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Limit } from '../schemas.ts'
import { EmailAnswer, toEmail } from './emails-wire.ts'
import { MessageAnswer, toMessage } from './messages-wire.ts'
import type { MessageDocument, MessageRow } from './threads.ts'

const scope = [messages.scopes.read, messages.scopes.write]
export const common = { category: 'Conversations & Messages', token: 'location', access: 'read', scope } as const
const NEWEST = [byCreation('desc')]
const page = { lastMessageId: Type.String(), nextPage: Type.Boolean() }

/** The message that a reader has come to; it may have been deleted since. */
async function placeOf(ctx: Context, messageId: string): Promise<[number, string]> {
  const row =
    (await findRecord(ctx.db, messages, ctx.locationId, messageId)) ??
    (await findDeletedRecord(ctx.db, messages, ctx.locationId, messageId))
  if (row === null) throw new AppError('bad_request', { reason: `lastMessageId: there is no message ${messageId}` })
  return [row.createdAt.getTime(), row.id]
}

/** The plural is the wire's, for the filter alone. */
const typesOf = (text: string) =>
  text.split(',').map((type) => (type.trim() === 'TYPE_INTERNAL_COMMENTS' ? 'TYPE_INTERNAL_COMMENT' : type.trim()))

/** An e-mail by its own id; the id of its message does as well. */
export async function getEmail(ctx: Context, id: string): Promise<MessageRow> {
  const term = hasTerm(ctx.locationId, 'emailMessageId', id)
  const where = term === null ? equals('emailMessageId', id) : allOf([term, equals('emailMessageId', id)])
  const [email] = await listRecords<MessageDocument>(ctx.db, messages, ctx.locationId, { where, limit: 1 })
  const row = email ?? (await findRecord<MessageDocument>(ctx.db, messages, ctx.locationId, id))
  if (row?.document.emailMessageId === undefined) throw new AppError('not_found', { what: 'email', id })
  return row
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
        type: Type.Optional(
          Type.String({
            maxLength: 1000,
            description: `Types separated by commas: ${MESSAGE_TYPE_NAMES.slice(0, 3).join(', ')} ...`,
          }),
        ),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      messages: Type.Object({ ...page, messages: Type.Array(MessageAnswer) }),
      ...page,
    }),
    async run(ctx, { conversationId, lastMessageId, limit = 20, type }) {
      const { document } = await getRecord(ctx.db, conversations, ctx.locationId, conversationId)
      // The contact's index serves the conversation too.
      const wanted: Condition[] = [
        equals('contactId', String(document.contactId)),
        equals('conversationId', conversationId),
      ]
      if (type !== undefined) wanted.push(isOneOf('messageType', typesOf(type)))
      if (lastMessageId !== undefined) wanted.push(isAfter(NEWEST, await placeOf(ctx, lastMessageId)) as Condition)
      const rows = await listRecords<MessageDocument>(ctx.db, messages, ctx.locationId, {
        where: allOf(wanted),
        order: NEWEST,
        limit: limit + 1,
      })
      const shown = rows.slice(0, limit)
      const place = { lastMessageId: shown.at(-1)?.id ?? '', nextPage: rows.length > limit }
      return { messages: { ...place, messages: shown.map((row) => toMessage(row, ctx.locationId)) }, ...place }
    },
  }),
  operation({
    ...common,
    name: 'messages.get',
    title: 'Get Message by ID',
    description: 'Get specific message details',
    http: 'GET /conversations/messages/:id',
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    // Flat in the documents, under its noun from the servers.
    output: Type.Object({ ...MessageAnswer.properties, message: MessageAnswer }),
    async run(ctx, { id }) {
      const row = await getRecord<MessageDocument>(ctx.db, messages, ctx.locationId, id)
      const message = toMessage(row, ctx.locationId)
      return { ...(message as object), message } as never
    },
  }),
  operation({
    ...common,
    name: 'messages.email',
    title: 'Get Email by ID',
    description: 'Retrieve specific email',
    http: 'GET /conversations/messages/email/:id',
    versionless: true,
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    output: EmailAnswer,
    async run(ctx, { id }) {
      return toEmail(await getEmail(ctx, id), ctx.locationId)
    },
  }),
]
