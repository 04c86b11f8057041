import { Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { CONVERSATION_TYPES, type conversations } from '../../resources/records/conversations.ts'
import { MESSAGE_TYPE_NAMES, MESSAGE_TYPES, type MessageType } from '../../resources/records/message-types.ts'
import { hasId, listRecords, type RecordDocument, type RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { Noun } from '../schemas.ts'

export type ConversationDocument = (typeof conversations)['examples'][number]
export type ConversationRow = RecordRow<ConversationDocument>

const TypeName = () => Type.Enum(Object.keys(CONVERSATION_TYPES) as (keyof typeof CONVERSATION_TYPES)[])

const ofLastMessage = {
  messageTypes: Type.Array(Type.Integer(), { description: 'The number of the last type of message.' }),
  isLastMessageInternalComment: Type.Boolean(),
}

const showLast = ({ lastMessageType: last }: ConversationDocument) => ({
  messageTypes: last === undefined ? [] : [MESSAGE_TYPES[last as MessageType]],
  isLastMessageInternalComment: last === 'TYPE_INTERNAL_COMMENT',
})

/** wire/highlevel/conversations.json: ConversationSchema, with what the product itself adds. */
export const FoundConversation = Noun('FoundConversation', {
  id: Type.String(),
  contactId: Type.String(),
  locationId: Type.String(),
  type: TypeName(),
  fullName: Type.String(),
  contactName: Type.String(),
  email: Type.String(),
  phone: Type.String(),
  assignedTo: Type.Optional(Type.String()),
  followers: Type.Array(Type.String()),
  tags: Type.Array(Type.String()),
  inbox: Type.Boolean(),
  starred: Type.Boolean(),
  unreadCount: Type.Number(),
  lastMessageBody: Type.String(),
  lastMessageType: Type.Enum(MESSAGE_TYPE_NAMES),
  lastMessageDate: Type.Number({ description: 'Milliseconds since 1970.' }),
  lastMessageDirection: Type.Optional(Type.Enum(['inbound', 'outbound'])),
  lastOutboundMessageAction: Type.Optional(Type.Enum(['automated', 'manual'])),
  lastManualMessageDate: Type.Optional(Type.Number()),
  dateAdded: Type.Number(),
  dateUpdated: Type.Number(),
  ...ofLastMessage,
  companyName: Type.Union([Type.String(), Type.Null()]),
  mentions: Type.Array(Type.String()),
  scoring: Type.Array(Type.Unknown()),
  profilePhoto: Type.Null(),
  attributed: Type.Null(),
  sort: Type.Array(Type.Union([Type.Number(), Type.Null()]), {
    description: 'What `startAfterDate` takes to go on behind this one, beside its `id`.',
  }),
})

/** wire/highlevel/conversations.json: ConversationCreateResponseDto, ConversationDto. */
export const ConversationAnswer = Noun('Conversation', {
  id: Type.String(),
  locationId: Type.String(),
  contactId: Type.String(),
  type: TypeName(),
  assignedTo: Type.Optional(Type.String()),
  deleted: Type.Boolean(),
  inbox: Type.Boolean(),
  starred: Type.Boolean(),
  unreadCount: Type.Number(),
  feedback: Type.Optional(Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())])),
  lastMessageBody: Type.Optional(Type.String()),
  lastMessageDate: Type.String(),
  lastMessageType: Type.Optional(Type.Enum(MESSAGE_TYPE_NAMES)),
  lastMessageDirection: Type.Optional(Type.Enum(['inbound', 'outbound'])),
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
  ...ofLastMessage,
})

/** The contacts of conversations, by id. Who is gone is missing. */
export async function contactsOf(ctx: Context, rows: readonly ConversationRow[]): Promise<Map<string, RecordDocument>> {
  const ids = [...new Set(rows.map(({ document }) => document.contactId))]
  const found = await listRecords(ctx.db, contacts, ctx.locationId, { where: hasId(ids) })
  return new Map(found.map(({ id, document }) => [id, document]))
}

const millis = (instant: string | undefined) => (instant === undefined ? undefined : Date.parse(instant))

export function toFoundConversation(
  row: ConversationRow,
  contact: RecordDocument | undefined,
  more: { locationId: string; sort: unknown[] },
) {
  const { feedback: _, lastMessageDate, lastManualMessageDate, ...document } = row.document
  const text = (field: string) => (typeof contact?.[field] === 'string' ? (contact[field] as string) : '')
  const fullName = [text('firstName'), text('lastName')].filter((part) => part !== '').join(' ')
  const answer = {
    id: row.id,
    locationId: more.locationId,
    ...document,
    fullName,
    contactName: fullName || text('companyName') || text('email') || text('phone'),
    email: text('email'),
    phone: text('phone'),
    ...(text('assignedTo') === '' ? {} : { assignedTo: text('assignedTo') }),
    followers: contact?.followers ?? [],
    tags: contact?.tags ?? [],
    lastMessageBody: document.lastMessageBody ?? '',
    // The wire knows no conversation without a message; its own first entry is that of the contact.
    lastMessageType: document.lastMessageType ?? 'TYPE_ACTIVITY_CONTACT',
    lastMessageDate: millis(lastMessageDate),
    ...(lastManualMessageDate === undefined ? {} : { lastManualMessageDate: millis(lastManualMessageDate) }),
    dateAdded: row.createdAt.getTime(),
    dateUpdated: row.updatedAt.getTime(),
    ...showLast(row.document),
    companyName: text('companyName') || null,
    // Messages carry no mentions and contacts neither scores nor pictures.
    mentions: [],
    scoring: [],
    profilePhoto: null,
    attributed: null,
    sort: more.sort,
  }
  return answer as never
}

export function toConversation(
  { id, document, createdAt, updatedAt, deletedAt }: ConversationRow,
  contact: RecordDocument | undefined,
  locationId: string,
) {
  const { lastOutboundMessageAction: _, lastManualMessageDate: __, ...shown } = document
  const answer = {
    id,
    locationId,
    ...shown,
    ...(contact?.assignedTo === undefined ? {} : { assignedTo: contact.assignedTo }),
    deleted: deletedAt !== null,
    dateAdded: createdAt.toISOString(),
    dateUpdated: updatedAt.toISOString(),
    ...showLast(document),
  }
  return answer as never
}
