import { enqueue } from '../../db/queue.ts'
import { AppError } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { CHANNELS, type ChannelName, dndOf } from '../../resources/records/message-types.ts'
import { messages } from '../../resources/records/messages.ts'
import { getRecord, type RecordDocument } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { SendInput } from './messages-input.ts'
import { SentAnswer, toSent } from './messages-wire.ts'
import { appendMessage, conversationOf, type MessageDocument, type PlacedMessage } from './threads.ts'

/** 400 for what has nothing to say. */
export function refuseEmpty(input: {
  message?: string | undefined
  html?: string | undefined
  subject?: string | undefined
  attachments?: string[] | undefined
}): void {
  if (input.message || input.html || input.subject || (input.attachments?.length ?? 0) > 0) return
  throw new AppError('bad_request', { reason: 'There is no message or attachments for this message. Skip sending.' })
}

/** Who does not want to be disturbed is not. */
function refuseDnd(contact: RecordDocument, type: ChannelName): void {
  const reason = dndOf(contact, type)
  if (reason !== null) throw new AppError('bad_request', { reason })
}

/** A message needs somewhere to go: what the request says, else what the contact has. */
export function refuseNowhere(contact: RecordDocument, type: ChannelName, address: string | undefined): void {
  const { to } = CHANNELS[type]
  if (to === null || (address ?? textOf(contact, to) ?? '').trim() !== '') return
  throw new AppError('bad_request', {
    reason: `The contact has no ${to === 'phone' ? 'phone number' : 'e-mail address'}: ${type} cannot reach them.`,
  })
}

const textOf = (contact: RecordDocument, field: string) =>
  typeof contact[field] === 'string' ? (contact[field] as string) : undefined

export const sendMessage = operation({
  category: 'Conversations & Messages',
  token: 'location',
  name: 'messages.send',
  title: 'Send Message',
  description:
    'Writes a message to a contact. It is pending until whoever delivers it says more (`messages.updateStatus`), ' +
    'and scheduled until its hour if it has one. A contact who does not want to be disturbed, or has no address ' +
    'for the channel, is refused with 400; whoever opts out before the hour of a scheduled one is left alone too.',
  access: 'write',
  scope: messages.scopes.write,
  http: 'POST /conversations/messages',
  input: SendInput,
  output: SentAnswer,
  async run(ctx, input) {
    const { type, contactId } = input
    refuseEmpty(input)
    const { document: contact } = await getRecord(ctx.db, contacts, ctx.locationId, contactId)
    refuseDnd(contact, type)
    refuseNowhere(contact, type, type === 'Email' ? input.emailTo : input.toNumber)
    const conversation = await conversationOf(ctx, contactId)
    const dueMs = (input.scheduledTimestamp ?? 0) * 1000
    const scheduled = dueMs > ctx.author.atMs
    const document: PlacedMessage = {
      conversationId: conversation.id,
      contactId,
      messageType: CHANNELS[type].messageType,
      direction: 'outbound',
      status: scheduled ? 'scheduled' : (input.status ?? 'pending'),
      source: 'api',
      contentType: input.html === undefined ? 'text/plain' : 'text/html',
      attachments: input.attachments ?? [],
      ...(input.message === undefined ? {} : { body: input.message }),
      ...(input.html === undefined ? {} : { html: input.html }),
      ...(scheduled ? { scheduledFor: new Date(dueMs).toISOString() } : {}),
      ...picked(input, ['appointmentId', 'templateId', 'conversationProviderId', 'fromNumber']),
      ...(input.replyMessageId === undefined ? {} : { replyToMessageId: input.replyMessageId }),
      ...(type === 'Email' ? toEmail(input, contact) : toNumbers(input, contact)),
    }
    const sent = await appendMessage(ctx, document)
    if (scheduled)
      await enqueue(ctx.tx, 'release-message', [{ locationId: ctx.locationId, messageId: sent.id }], {
        at: new Date(dueMs),
      })
    return toSent(sent, scheduled ? 'Message scheduled successfully.' : 'Message queued successfully.')
  },
})

type Input = { [Name in 'emailFrom' | 'emailTo' | 'subject' | 'threadId' | 'toNumber']?: string | undefined } & {
  emailCc?: string[]
  emailBcc?: string[]
}

function toEmail(input: Input, contact: RecordDocument): Partial<MessageDocument> {
  const to = input.emailTo ?? textOf(contact, 'email')
  return {
    emailMessageId: newId(),
    to: to === undefined ? [] : [to],
    cc: input.emailCc ?? [],
    bcc: input.emailBcc ?? [],
    ...(input.emailFrom === undefined ? {} : { from: input.emailFrom }),
    ...picked(input, ['subject', 'threadId']),
  }
}

function toNumbers(input: Input, contact: RecordDocument): Partial<MessageDocument> {
  const toNumber = input.toNumber ?? textOf(contact, 'phone')
  return toNumber === undefined ? {} : { toNumber }
}

/** The named properties that have a value. */
export function picked<T extends object, K extends keyof T>(
  value: T,
  names: readonly K[],
): { [Name in K]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(
    names.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]),
  ) as never
}
