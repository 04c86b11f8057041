import { type Static, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { conversations } from '../../resources/records/conversations.ts'
import { CALL_TYPES, CHANNEL_NAMES, CHANNELS } from '../../resources/records/message-types.ts'
import { CALL_STATUSES } from '../../resources/records/messages.ts'
import { getRecord } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { Id } from '../schemas.ts'
import { getEmail } from './messages.ts'
import { Address, Addresses, Attachments, Body, Html, Subject } from './messages-input.ts'
import { picked } from './messages-send.ts'
import { RecordingFile } from './recordings.ts'
import { conversationOf, type MessageDocument, type PlacedMessage, type PlacedRow } from './threads.ts'
import { TranscriptionInput } from './transcriptions.ts'
import type { ConversationDocument } from './wire.ts'

const OptionalId = () => Type.Optional(Id())

const Phone = () => Type.Optional(Type.String({ maxLength: 40 }))
/** CallDataDTO, and how long it took. */
const CallInput = Type.Object(
  {
    to: Phone(),
    from: Phone(),
    status: Type.Optional(Type.Enum(CALL_STATUSES)),
    duration: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000, description: 'Seconds.' })),
  },
  { additionalProperties: false },
)

export const Told = Type.Object({
  success: Type.Boolean(),
  conversationId: Type.String(),
  messageId: Type.String(),
  message: Type.String(),
  contactId: Type.String(),
  dateAdded: Type.String(),
  emailMessageId: Type.Optional(Type.String()),
})

export const happened = {
  attachments: Attachments(),
  conversationId: OptionalId(),
  conversationProviderId: OptionalId(),
  altId: Type.Optional(Type.String({ maxLength: 1000, description: 'What the provider calls the message.' })),
  date: Type.Optional(Type.String({ format: 'date-time', description: 'When it happened. Default: now.' })),
  call: Type.Optional(CallInput),
}

/** wire/highlevel/conversations.json: ProcessMessageBodyDto, with the recording and the transcription of a call. */
export const InboundInput = Type.Object(
  {
    type: Type.Enum(CHANNEL_NAMES),
    ...happened,
    message: Body(),
    contactId: OptionalId(),
    html: Html(),
    subject: Subject(),
    emailFrom: Address(),
    emailTo: Address(),
    emailCc: Addresses(),
    emailBcc: Addresses(),
    emailMessageId: Type.Optional(Id('The e-mail that this one answers.')),
    direction: Type.Optional(Type.Enum(['inbound', 'outbound'], { description: 'Default inbound.' })),
    recording: Type.Optional(RecordingFile),
    transcription: Type.Optional(TranscriptionInput),
  },
  { additionalProperties: false },
)
type Inbound = Static<typeof InboundInput>

/** The conversation that the message belongs to, named by itself or by its contact. */
export async function placeOf(
  ctx: Context,
  { conversationId, contactId }: Pick<Inbound, 'conversationId' | 'contactId'>,
) {
  if (conversationId === undefined && contactId === undefined) throw invalid(['conversationId should not be empty'])
  if (conversationId === undefined) return conversationOf(ctx, contactId as string)
  const conversation = await getRecord<ConversationDocument>(ctx.db, conversations, ctx.locationId, conversationId)
  if (contactId !== undefined && contactId !== conversation.document.contactId)
    throw invalid([`contactId: conversation ${conversationId} is with another contact`])
  return conversation
}

/** What became of a call, as the status of its message. */
export function statusOfCall(call: MessageDocument['call']): 'connected' | 'pending' | 'failed' | 'undelivered' {
  if (call?.status === 'pending' || call?.status === 'failed') return call.status
  return call?.status === 'busy' || call?.status === 'no-answer' || call?.status === 'canceled'
    ? 'undelivered'
    : 'connected'
}

export async function toDocument(
  ctx: Context,
  input: Inbound,
  place: { id: string; document: ConversationDocument },
): Promise<PlacedMessage> {
  const { messageType } = CHANNELS[input.type]
  const isCall = CALL_TYPES.includes(messageType)
  const direction = input.direction ?? 'inbound'
  const { duration, ...call } = input.call ?? {}
  return {
    conversationId: place.id,
    contactId: place.document.contactId,
    messageType,
    direction,
    status: isCall ? statusOfCall(call) : direction === 'inbound' ? 'delivered' : 'sent',
    source: 'app',
    contentType: input.html === undefined ? 'text/plain' : 'text/html',
    attachments: input.attachments ?? [],
    ...(input.message === undefined ? {} : { body: input.message }),
    ...picked(input, ['html', 'subject', 'altId', 'conversationProviderId']),
    ...(isCall ? { call: { ...call, ...(duration === undefined ? {} : { durationSeconds: duration }) } } : {}),
    ...(input.type === 'Email' ? await toEmail(ctx, input) : {}),
  }
}

async function toEmail(ctx: Context, input: Inbound): Promise<Partial<MessageDocument>> {
  const answered = input.emailMessageId === undefined ? null : await getEmail(ctx, input.emailMessageId)
  return {
    emailMessageId: newId(),
    to: input.emailTo === undefined ? [] : [input.emailTo],
    cc: input.emailCc ?? [],
    bcc: input.emailBcc ?? [],
    ...(input.emailFrom === undefined ? {} : { from: input.emailFrom }),
    ...(answered === null
      ? {}
      : { threadId: answered.document.threadId ?? answered.id, replyToMessageId: input.emailMessageId as string }),
  }
}

export function toTold({ id, document, createdAt }: PlacedRow) {
  const { conversationId, contactId, emailMessageId } = document
  const answer = {
    success: true,
    conversationId,
    messageId: id,
    message: 'Message added successfully.',
    contactId,
    dateAdded: createdAt.toISOString(),
  }
  return { ...answer, ...(emailMessageId === undefined ? {} : { emailMessageId }) }
}

export const dateOf = (date: string | undefined) => (date === undefined ? undefined : Date.parse(date))
