import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { conversations } from '../../resources/records/conversations.ts'
import { dndOf } from '../../resources/records/message-types.ts'
import { messages } from '../../resources/records/messages.ts'
import { allOf, equals, getRecord, isOneOf, listRecords } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { SentAnswer, toSent } from './messages-wire.ts'
import { appendMessage } from './threads.ts'
import type { ConversationDocument } from './wire.ts'

/** What comes from a Google business profile. */
const REVIEWS = ['TYPE_REVIEW', 'TYPE_GMB']

/** wire/highlevel/conversations.json: send-review-reply. */
export const sendReviewReply = operation({
  category: 'Conversations & Messages',
  token: 'location',
  name: 'messages.replyToReview',
  title: 'Send a Review Reply',
  description:
    'Writes an answer to a Google review. 400 where the conversation has none. It is pending until whoever delivers it ' +
    'says more (`messages.updateStatus`).',
  access: 'write',
  scope: messages.scopes.write,
  http: 'POST /conversations/messages/review-reply',
  input: Type.Object(
    { conversationId: Id(), locationId: Id(), message: Type.String({ minLength: 1, maxLength: 20_000 }) },
    { additionalProperties: false },
  ),
  output: SentAnswer,
  async run(ctx, { conversationId, locationId, message }) {
    const { document } = await getRecord<ConversationDocument>(ctx.db, conversations, locationId, conversationId)
    const { contactId } = document
    const where = allOf([
      equals('contactId', contactId),
      isOneOf('messageType', REVIEWS),
      equals('direction', 'inbound'),
    ])
    const reviews = await listRecords(ctx.db, messages, locationId, { where })
    const review = reviews.at(-1)
    if (review === undefined) throw new AppError('bad_request', { reason: 'There is no review in this conversation.' })
    const { document: contact } = await getRecord(ctx.db, contacts, locationId, contactId)
    const refused = dndOf(contact, 'GMB')
    if (refused !== null) throw new AppError('bad_request', { reason: refused })
    const sent = await appendMessage(ctx, {
      conversationId,
      contactId,
      messageType: 'TYPE_REVIEW',
      direction: 'outbound',
      status: 'pending',
      source: 'api',
      contentType: 'text/plain',
      attachments: [],
      body: message,
      replyToMessageId: review.id,
    })
    return toSent(sent, 'Message queued successfully.')
  },
})
