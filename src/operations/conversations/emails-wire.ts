import { Type } from 'typebox'
import { MESSAGE_STATUSES } from '../../resources/records/messages.ts'
import { Noun } from '../schemas.ts'
import { SOURCES, text } from './messages-wire.ts'
import type { MessageRow } from './threads.ts'

/** What became of an e-mail on its way to one of those whom it was sent to. */
export const EmailRecipient = Type.Object(
  {
    emailId: Type.String({ minLength: 3, maxLength: 320 }),
    status: Type.Enum(MESSAGE_STATUSES),
    failReason: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)

/** wire/highlevel/conversations.json: GetEmailMessageResponseDto; `events` and `recipients` came with v3. */
export const EmailAnswer = Noun('Email', {
  id: Type.String(),
  altId: text(),
  threadId: Type.String(),
  locationId: Type.String(),
  contactId: Type.String(),
  conversationId: Type.String(),
  dateAdded: Type.String(),
  subject: text(),
  body: Type.String(),
  direction: Type.Enum(['inbound', 'outbound']),
  status: Type.Enum(MESSAGE_STATUSES),
  contentType: Type.String(),
  attachments: Type.Array(Type.String()),
  from: Type.String(),
  to: Type.Array(Type.String()),
  cc: Type.Array(Type.String()),
  bcc: Type.Array(Type.String()),
  replyToMessageId: text(),
  source: Type.Enum(SOURCES),
  conversationProviderId: text(),
  events: Type.Optional(Type.Record(Type.String(), Type.Number())),
  recipients: Type.Optional(
    Type.Array(
      Type.Object({
        emailId: Type.String(),
        status: Type.Enum(MESSAGE_STATUSES),
        failReason: Type.Optional(Type.String()),
      }),
    ),
  ),
})

export function toEmail({ id, document, createdAt }: MessageRow, locationId: string) {
  const {
    altId,
    subject,
    html,
    body,
    direction,
    status,
    contentType,
    attachments,
    from,
    to,
    cc,
    bcc,
    replyToMessageId,
    source,
  } = document
  const answer = {
    id: document.emailMessageId ?? id,
    altId,
    threadId: document.threadId ?? id,
    locationId,
    contactId: document.contactId ?? '',
    conversationId: document.conversationId ?? '',
    dateAdded: createdAt.toISOString(),
    subject,
    body: html ?? body ?? '',
    direction,
    status,
    contentType,
    attachments,
    from: from ?? '',
    to: to ?? [],
    cc: cc ?? [],
    bcc: bcc ?? [],
    replyToMessageId,
    source,
    conversationProviderId: document.conversationProviderId,
    events: document.emailEvents,
    recipients: document.emailRecipients,
  }
  return JSON.parse(JSON.stringify(answer)) as never
}
