import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Choice, Count, Line, List, Markup, Optional, Shape, Text, Url, WireValues } from '../shapes.ts'
import { MESSAGE_TYPE_NAMES } from './message-types.ts'

const Id = () => Line(64)
const Address = () => Line(320)

export const MESSAGE_STATUSES = [
  'connected',
  'delivered',
  'failed',
  'opened',
  'pending',
  'read',
  'scheduled',
  'sent',
  'undelivered',
  'clicked',
  'opt_out',
  'queued',
] as const
export const CALL_STATUSES = [
  'pending',
  'completed',
  'answered',
  'busy',
  'no-answer',
  'failed',
  'canceled',
  'voicemail',
] as const

/**
 * One message of a conversation, whatever way it travels. wire/highlevel/conversations.json: GetMessageResponseDto,
 * GetEmailMessageResponseDto.
 */
export const messages = record({
  kind: 'messages',
  label: 'Message',
  noun: 'message',
  scopes: { read: 'conversations/message.readonly', write: 'conversations/message.write' },
  schema: Type.Object(
    {
      /** A call or an e-mail that the HubSpot wire makes may be nobody's: then it stands in no conversation. */
      conversationId: Optional(Id()),
      contactId: Optional(Id()),
      messageType: Choice(...MESSAGE_TYPE_NAMES),
      direction: Choice('inbound', 'outbound'),
      status: Choice(...MESSAGE_STATUSES),
      source: Choice('workflow', 'bulk_actions', 'campaign', 'api', 'app'),
      contentType: Line(100),
      body: Optional(Text(65_536)),
      html: Optional(Markup()),
      attachments: List(Url(), 50),
      userId: Optional(Id()),
      conversationProviderId: Optional(Id()),
      chatWidgetId: Optional(Id()),
      appointmentId: Optional(Id()),
      templateId: Optional(Id()),
      altId: Optional(Line(1000)),
      replyToMessageId: Optional(Id()),
      scheduledFor: Optional(Line(40)),
      fromNumber: Optional(Line(40)),
      toNumber: Optional(Line(40)),
      emailMessageId: Optional(Id()),
      threadId: Optional(Id()),
      subject: Optional(Line(1000)),
      from: Optional(Address()),
      to: Optional(List(Address(), 100)),
      cc: Optional(List(Address(), 100)),
      bcc: Optional(List(Address(), 100)),
      call: Optional(
        Shape({
          from: Optional(Line(40)),
          to: Optional(Line(40)),
          status: Optional(Choice(...CALL_STATUSES)),
          durationSeconds: Optional(Count(1_000_000)),
        }),
      ),
      error: Optional(Shape({ code: Line(100), type: Line(100), message: Line(2000) })),
      recipients: Optional(List(Address(), 100)),
      /** What whoever delivers an e-mail has told: how often what happened, and of each recipient what became of it. */
      emailEvents: Optional(Type.Record(Type.String({ maxLength: 100 }), Count(1_000_000_000))),
      emailRecipients: Optional(
        List(
          Shape({ emailId: Address(), status: Choice(...MESSAGE_STATUSES), failReason: Optional(Line(2000)) }),
          1000,
        ),
      ),
      properties: WireValues(),
    },
    { additionalProperties: false },
  ),
  search: ['body', 'subject'],
  exact: ['emailMessageId', 'altId', 'messageType'],
  refs: OF_CONTACT,
  examples: [
    {
      conversationId: 'tDtDnQdgm2LXpyiqYvZ6',
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      messageType: 'TYPE_SMS',
      direction: 'inbound',
      status: 'delivered',
      source: 'app',
      contentType: 'text/plain',
      body: 'Is Saturday still free?',
      attachments: [],
    },
  ],
})
