import { Type } from 'typebox'
import { MESSAGE_TYPE_NAMES, MESSAGE_TYPES } from '../../resources/records/message-types.ts'
import { CALL_STATUSES, MESSAGE_STATUSES } from '../../resources/records/messages.ts'
import { Noun } from '../schemas.ts'
import type { MessageRow } from './threads.ts'

export const SOURCES = ['workflow', 'bulk_actions', 'campaign', 'api', 'app'] as const
/** Statuses of SendMessageResponseDto. */
export const SENT_STATUSES = ['delivered', 'failed', 'pending', 'read'] as const

export const text = () => Type.Optional(Type.String())

/** wire/highlevel/conversations.json: GetMessageResponseDto. */
export const MessageAnswer = Noun('Message', {
  id: Type.String(),
  type: Type.Integer(),
  messageType: Type.Enum(MESSAGE_TYPE_NAMES),
  locationId: Type.String(),
  contactId: Type.String(),
  conversationId: Type.String(),
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
  body: text(),
  direction: Type.Enum(['inbound', 'outbound']),
  status: Type.Enum(MESSAGE_STATUSES),
  contentType: Type.String(),
  attachments: Type.Array(Type.String()),
  meta: Type.Object({
    callDuration: text(),
    callStatus: Type.Optional(Type.Enum(CALL_STATUSES)),
    email: Type.Optional(Type.Object({ messageIds: Type.Array(Type.String()) })),
  }),
  source: Type.Enum(SOURCES),
  userId: text(),
  conversationProviderId: text(),
  chatWidgetId: text(),
  altId: text(),
  error: Type.Optional(Type.Object({ code: Type.String(), type: Type.String(), message: Type.String() })),
})

export function toMessage({ id, document, createdAt, updatedAt }: MessageRow, locationId: string) {
  const {
    messageType,
    contactId = '',
    conversationId = '',
    body,
    html,
    direction,
    status,
    contentType,
    attachments,
    source,
  } = document
  const { userId, conversationProviderId, chatWidgetId, altId, error, call, emailMessageId } = document
  const answer = {
    id,
    type: MESSAGE_TYPES[messageType as keyof typeof MESSAGE_TYPES],
    messageType,
    locationId,
    contactId,
    conversationId,
    dateAdded: createdAt.toISOString(),
    dateUpdated: updatedAt.toISOString(),
    body: body ?? html,
    direction,
    status,
    contentType,
    attachments,
    meta: {
      callDuration: call?.durationSeconds === undefined ? undefined : String(call.durationSeconds),
      callStatus: call?.status,
      email: emailMessageId === undefined ? undefined : { messageIds: [emailMessageId] },
    },
    source,
    userId,
    conversationProviderId,
    chatWidgetId,
    altId,
    error,
  }
  // Properties without a value are left out, as on the wire.
  return JSON.parse(JSON.stringify(answer)) as never
}

/** wire/highlevel/conversations.json: SendMessageResponseDto. A message that waits for its hour is pending. */
export const SentAnswer = Type.Object({
  conversationId: Type.String(),
  emailMessageId: text(),
  messageId: Type.String(),
  status: Type.Enum(SENT_STATUSES),
  msg: text(),
})

export function toSent({ id, document }: MessageRow, msg: string) {
  const { emailMessageId, conversationId = '', status } = document
  const known = SENT_STATUSES.includes(status as never) ? status : 'pending'
  return {
    conversationId,
    ...(emailMessageId === undefined ? {} : { emailMessageId }),
    messageId: id,
    status: known,
    msg,
  } as never
}
