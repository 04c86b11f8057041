import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { conversations } from '../../resources/records/conversations.ts'
import { messages } from '../../resources/records/messages.ts'
import { findRecord, updateRecord } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { getEmail } from './messages.ts'
import { MessageAnswer, SENT_STATUSES, SentAnswer, toMessage, toSent } from './messages-wire.ts'
import type { MessageDocument, MessageRow } from './threads.ts'
import type { ConversationDocument } from './wire.ts'

const common = {
  category: 'Conversations & Messages',
  token: 'location',
  access: 'write',
  scope: messages.scopes.write,
} as const
const path = { messageId: Id() }
const Cancelled = Type.Object({ status: Type.Integer(), message: Type.String() })

/** What the edit makes of a message, and of the number of unread messages beside it. */
export async function updateMessage(
  ctx: Context,
  messageId: string,
  edit: (document: MessageDocument) => MessageDocument,
): Promise<MessageRow> {
  let unread = 0
  const isUnread = ({ direction, status }: MessageDocument) => (direction === 'inbound' && status !== 'read' ? 1 : 0)
  const row = await updateRecord(ctx.scope, messages, messageId, (current) => {
    const before = current.document as unknown as MessageDocument
    const after = edit(before)
    unread = isUnread(after) - isUnread(before)
    return after
  })
  const message = row as unknown as MessageRow
  const { conversationId } = message.document
  if (unread !== 0 && conversationId !== undefined) {
    await updateRecord(ctx.scope, conversations, conversationId, ({ document }) => {
      const { unreadCount } = document as unknown as ConversationDocument
      return { ...document, unreadCount: Math.max(0, unreadCount + unread) }
    })
  }
  return message
}

/** It never leaves; it stays in the conversation as failed. */
async function cancelScheduled(ctx: Context, messageId: string) {
  if ((await findRecord(ctx.db, messages, ctx.locationId, messageId)) === null)
    throw new AppError('message_unknown', { messageId }, { canonicalCode: 'CONVERSATIONS_MSG_NOT_FOUND' })
  await updateMessage(ctx, messageId, ({ scheduledFor: _, ...document }) => {
    if (document.status !== 'scheduled')
      throw new AppError('bad_request', { reason: `Message ${messageId} is not scheduled: it is ${document.status}` })
    return {
      ...document,
      status: 'failed',
      error: { code: 'cancelled', type: 'schedule', message: 'Cancelled before it was sent.' },
    }
  })
  return { status: 200, message: 'Scheduled message cancelled successfully' }
}

/** What becomes of a message after it was written. */
export const messageStatusOperations = [
  operation({
    ...common,
    name: 'messages.updateStatus',
    title: 'Update Message Status',
    description:
      'Change message read/unread status: reading an inbound message takes it off the unread ones of its ' +
      'conversation. Whoever delivers messages tells what became of them.',
    http: 'PUT /conversations/messages/:messageId/status',
    input: Type.Object(
      {
        ...path,
        status: Type.Enum(SENT_STATUSES),
        error: Type.Optional(
          Type.Object(
            {
              code: Type.String({ maxLength: 100 }),
              type: Type.String({ maxLength: 100 }),
              message: Type.String({ maxLength: 2000 }),
            },
            { additionalProperties: false },
          ),
        ),
        emailMessageId: Type.Optional(Id()),
        recipients: Type.Optional(Type.Array(Type.String({ maxLength: 320 }), { maxItems: 100 })),
      },
      { additionalProperties: false },
    ),
    output: SentAnswer,
    async run(ctx, { messageId, status, error, recipients, emailMessageId }) {
      const row = await updateMessage(ctx, messageId, (document) => {
        if (emailMessageId !== undefined && emailMessageId !== document.emailMessageId)
          throw new AppError('not_found', { what: `email of message ${messageId}`, id: emailMessageId })
        if (document.status === 'scheduled')
          throw new AppError('bad_request', { reason: `Message ${messageId} is scheduled: nobody has sent it yet` })
        const { error: _, ...rest } = document
        return {
          ...rest,
          status,
          ...(error === undefined ? {} : { error }),
          ...(recipients === undefined ? {} : { recipients }),
        }
      })
      return toSent(row, 'Message status updated successfully.')
    },
  }),
  operation({
    ...common,
    name: 'messages.setAttachments',
    title: 'Set Message Attachments',
    description: 'Replaces the attachments of a message.',
    http: 'PUT /conversations/messages/:messageId/attachments',
    input: Type.Object(
      { ...path, attachments: Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 5 }) },
      { additionalProperties: false },
    ),
    output: Type.Object({ success: Type.Boolean(), message: MessageAnswer }),
    async run(ctx, { messageId, attachments }) {
      const row = await updateMessage(ctx, messageId, (document) => ({ ...document, attachments }))
      return { success: true, message: toMessage(row, ctx.locationId) }
    },
  }),
  operation({
    ...common,
    access: 'destructive',
    name: 'messages.cancelScheduled',
    title: 'Cancel Scheduled Message',
    description: 'Keeps a message that waits for its hour from being sent.',
    http: 'DELETE /conversations/messages/:messageId/schedule',
    input: Type.Object(path, { additionalProperties: false }),
    output: Cancelled,
    async run(ctx, { messageId }) {
      return cancelScheduled(ctx, messageId)
    },
  }),
  operation({
    ...common,
    access: 'destructive',
    name: 'messages.cancelScheduledEmail',
    title: 'Cancel Scheduled Email',
    description: 'Keeps an e-mail that waits for its hour from being sent.',
    http: 'DELETE /conversations/messages/email/:emailMessageId/schedule',
    versionless: true,
    input: Type.Object({ emailMessageId: Id() }, { additionalProperties: false }),
    output: Cancelled,
    async run(ctx, { emailMessageId }) {
      return cancelScheduled(ctx, (await getEmail(ctx, emailMessageId)).id)
    },
  }),
]
