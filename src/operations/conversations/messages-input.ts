import { Type } from 'typebox'
import { SENDING_NAMES } from '../../resources/records/message-types.ts'
import { Id } from '../schemas.ts'
import { SENT_STATUSES } from './messages-wire.ts'

export const Body = () => Type.Optional(Type.String({ maxLength: 20_000 }))
export const Html = () => Type.Optional(Type.String({ maxLength: 500_000 }))
export const Attachments = () => Type.Optional(Type.Array(Type.String({ maxLength: 2_000 }), { maxItems: 50 }))
export const Address = () => Type.Optional(Type.String({ maxLength: 320 }))
export const Addresses = () => Type.Optional(Type.Array(Type.String({ maxLength: 320 }), { maxItems: 100 }))
export const Subject = () => Type.Optional(Type.String({ maxLength: 1000 }))
const Flag = () => Type.Optional(Type.Boolean())
const OptionalId = () => Type.Optional(Id())

/** Where an e-mail is forwarded from and to: ForwardConfigDto. */
const Forward = Type.Object(
  {
    isForwarded: Type.Boolean(),
    forwardWholeThread: Flag(),
    messageId: OptionalId(),
    emailMessageId: OptionalId(),
    sourceContactId: OptionalId(),
    sourceConversationId: OptionalId(),
    toEmail: Address(),
    recipientContactId: OptionalId(),
    recipientConversationId: OptionalId(),
  },
  { additionalProperties: false },
)

/**
 * wire/highlevel/conversations.json: SendMessageBodyDto. It calls `subType` and `status` required; clients leave them
 * out.
 */
export const SendInput = Type.Object(
  {
    type: Type.Enum(SENDING_NAMES),
    locationId: Type.Optional(Id('Default: the location of the token.')),
    subType: Type.Optional(Type.Unknown()),
    contactId: Id(),
    appointmentId: OptionalId(),
    attachments: Attachments(),
    emailFrom: Address(),
    emailCc: Addresses(),
    emailBcc: Addresses(),
    html: Html(),
    message: Body(),
    subject: Subject(),
    replyMessageId: OptionalId(),
    templateId: OptionalId(),
    threadId: OptionalId(),
    scheduledTimestamp: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 253_402_300_799,
        description: 'Seconds since 1970. One that is past sends at once.',
      }),
    ),
    conversationProviderId: OptionalId(),
    emailTo: Address(),
    customSubtypeId: OptionalId(),
    emailReplyMode: Type.Optional(Type.Enum(['reply', 'reply_all'])),
    fromNumber: Type.Optional(Type.String({ maxLength: 40 })),
    toNumber: Type.Optional(Type.String({ maxLength: 40 })),
    forward: Type.Optional(Forward),
    status: Type.Optional(Type.Enum(SENT_STATUSES)),
    usesNativeSchedulingAi: Flag(),
    optimizationPeriod: Type.Optional(Type.Enum(['24h', '48h', '72h'])),
  },
  { additionalProperties: false },
)
