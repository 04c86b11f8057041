import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Choice, Count, Free, Line, Optional } from '../shapes.ts'
import { MESSAGE_TYPE_NAMES } from './message-types.ts'

/** Kinds of conversations and the number that `GET /conversations/{id}` tells in place of the name. */
export const CONVERSATION_TYPES = {
  TYPE_PHONE: 1,
  TYPE_EMAIL: 2,
  TYPE_FB_MESSENGER: 3,
  TYPE_REVIEW: 4,
  TYPE_GROUP_SMS: 5,
} as const

/**
 * Everything said between the location and one contact. wire/highlevel/conversations.json: ConversationSchema,
 * ConversationDto.
 */
export const conversations = record({
  kind: 'conversations',
  label: 'Conversation',
  noun: 'conversation',
  scopes: { read: 'conversations.readonly', write: 'conversations.write' },
  schema: Type.Object(
    {
      contactId: Line(64),
      type: Choice(...(Object.keys(CONVERSATION_TYPES) as (keyof typeof CONVERSATION_TYPES)[])),
      inbox: Type.Boolean(),
      starred: Type.Boolean(),
      unreadCount: Count(),
      /** A word with v3, an object before. */
      feedback: Optional(Type.Union([Choice('positive', 'negative'), Free()])),
      /** Of the newest message, or when the conversation began. */
      lastMessageDate: Line(40),
      lastMessageBody: Optional(Line(1000)),
      lastMessageType: Optional(Choice(...MESSAGE_TYPE_NAMES)),
      lastMessageDirection: Optional(Choice('inbound', 'outbound')),
      lastOutboundMessageAction: Optional(Choice('automated', 'manual')),
      /** Of the newest message that a person wrote. */
      lastManualMessageDate: Optional(Line(40)),
    },
    { additionalProperties: false },
  ),
  search: ['lastMessageBody'],
  exact: ['lastMessageType', 'starred'],
  refs: OF_CONTACT,
  examples: [
    {
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      type: 'TYPE_PHONE',
      inbox: true,
      starred: false,
      unreadCount: 1,
      lastMessageDate: '2026-10-25T11:00:00.000Z',
      lastMessageBody: 'Is Saturday still free?',
      lastMessageType: 'TYPE_SMS',
      lastMessageDirection: 'inbound',
      lastManualMessageDate: '2026-10-25T11:00:00.000Z',
    },
  ],
})
