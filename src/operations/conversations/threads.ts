import { sql } from 'kysely'
import { conversations } from '../../resources/records/conversations.ts'
import { type messages as messageKind, messages } from '../../resources/records/messages.ts'
import { createRecord, equals, listRecords, type RecordRow, updateRecord } from '../../store/records/index.ts'
import { holdContact } from '../contacts/index.ts'
import type { Context } from '../define.ts'
import type { ConversationDocument, ConversationRow } from './wire.ts'

export type MessageDocument = (typeof messageKind)['examples'][number]
export type MessageRow = RecordRow<MessageDocument>
/** One that stands in a conversation, as all do that this wire writes. */
export type PlacedMessage = MessageDocument & { conversationId: string; contactId: string }
export type PlacedRow = RecordRow<PlacedMessage>

/** A contact has one conversation. */
export async function findConversation(ctx: Context, contactId: string): Promise<ConversationRow | null> {
  const [row] = await listRecords<ConversationDocument>(ctx.db, conversations, ctx.locationId, {
    where: equals('contactId', contactId),
    limit: 1,
  })
  return row ?? null
}

export const lockKeyOf = ({ locationId }: Context, contactId: string) => `${locationId}/conversation/${contactId}`

/** One writer at a time begins a contact's conversation, until its transaction ends. */
export async function lockContact(ctx: Context, contactId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${lockKeyOf(ctx, contactId)}, 0))`.execute(ctx.tx)
}

export const newConversation = (ctx: Context, contactId: string): ConversationDocument => ({
  contactId,
  type: 'TYPE_PHONE',
  inbox: true,
  starred: false,
  unreadCount: 0,
  lastMessageDate: new Date(ctx.author.atMs).toISOString(),
})

export async function beginConversation(ctx: Context, contactId: string): Promise<ConversationRow> {
  const document = newConversation(ctx, contactId)
  return (await createRecord(ctx.scope, conversations, document)) as unknown as ConversationRow
}

/** The contact's conversation; begun when there is none. 404 when there is no such contact. */
export async function conversationOf(ctx: Context, contactId: string): Promise<ConversationRow> {
  await holdContact(ctx, contactId)
  await lockContact(ctx, contactId)
  return (await findConversation(ctx, contactId)) ?? beginConversation(ctx, contactId)
}

const MAX_PREVIEW = 1000

/** What a list shows of a message. */
function previewOf({ body, html, subject }: MessageDocument): string {
  const text = body ?? html?.replace(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' ') ?? subject ?? ''
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_PREVIEW).toWellFormed()
}

/** What a message does to its conversation: an older one than the last only counts as unread. */
export function afterMessage(
  conversation: ConversationDocument,
  message: MessageDocument,
  at: Date,
): ConversationDocument {
  const date = at.toISOString()
  const unreadCount = conversation.unreadCount + (message.direction === 'inbound' && message.status !== 'read' ? 1 : 0)
  if (conversation.lastMessageType !== undefined && date < conversation.lastMessageDate)
    return { ...conversation, unreadCount }
  const manual = message.direction === 'inbound' || message.source === 'app'
  return {
    ...conversation,
    unreadCount,
    lastMessageDate: date,
    lastMessageBody: previewOf(message),
    lastMessageType: message.messageType,
    lastMessageDirection: message.direction,
    ...(message.direction === 'outbound'
      ? { lastOutboundMessageAction: message.source === 'app' ? 'manual' : 'automated' }
      : {}),
    ...(manual ? { lastManualMessageDate: date } : {}),
  }
}

/** Stores a message at the end of its conversation, or where its date puts it. */
export async function appendMessage(ctx: Context, message: PlacedMessage, dateMs?: number): Promise<PlacedRow> {
  const stored = await createRecord(ctx.scope, messages, message, { createdAtMs: dateMs })
  await updateRecord(ctx.scope, conversations, message.conversationId, ({ document }) =>
    afterMessage(document as unknown as ConversationDocument, message, stored.createdAt),
  )
  return stored as unknown as PlacedRow
}
