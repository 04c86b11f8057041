import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { CONVERSATION_TYPES, conversations } from '../../resources/records/conversations.ts'
import { files } from '../../resources/records/files.ts'
import { messages } from '../../resources/records/messages.ts'
import { recordings } from '../../resources/records/recordings.ts'
import { transcriptions } from '../../resources/records/transcriptions.ts'
import {
  allOf,
  deleteRecord,
  equals,
  getRecord,
  holdRecord,
  removeRecords,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { searchConversations } from './search.ts'
import { beginConversation, findConversation, lockContact } from './threads.ts'
import {
  ConversationAnswer,
  type ConversationDocument,
  type ConversationRow,
  contactsOf,
  toConversation,
} from './wire.ts'

const { read, write } = conversations.scopes
const common = { category: 'Conversations & Messages', token: 'location' } as const
const path = { conversationId: Id() }
const answer = Type.Object({ success: Type.Boolean(), conversation: ConversationAnswer })

async function toAnswer(ctx: Context, row: ConversationRow) {
  return toConversation(row, (await contactsOf(ctx, [row])).get(row.document.contactId), ctx.locationId)
}

/** wire/highlevel/conversations.json: the conversation itself. */
export const conversationOperations = [
  searchConversations,
  operation({
    ...common,
    name: 'conversations.get',
    title: 'Get Conversation',
    description: 'Retrieve conversation details',
    access: 'read',
    scope: [read, write],
    http: 'GET /conversations/:conversationId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({
      ...ConversationAnswer.properties,
      type: Type.Integer({ description: '1 phone, 2 e-mail, 3 Messenger, 4 review, 5 group SMS.' }),
    }),
    async run(ctx, { conversationId }) {
      const row = await getRecord<ConversationDocument>(ctx.db, conversations, ctx.locationId, conversationId)
      return {
        ...((await toAnswer(ctx, row)) as object),
        type: CONVERSATION_TYPES[row.document.type as keyof typeof CONVERSATION_TYPES],
      } as never
    },
  }),
  operation({
    ...common,
    name: 'conversations.create',
    title: 'Create Conversation',
    description: 'Begins the conversation with a contact. A contact has one: a second is refused.',
    access: 'write',
    scope: write,
    http: 'POST /conversations/',
    status: 201,
    input: Type.Object({ locationId: Id(), contactId: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId }) {
      const contact = await holdRecord(ctx.scope, contacts, contactId)
      if (contact === null) throw invalid([`contactId: there is no contact ${contactId} in this location`])
      await lockContact(ctx, contactId)
      const existing = await findConversation(ctx, contactId)
      if (existing !== null)
        throw new AppError(
          'bad_request',
          { reason: 'Conversation already exists' },
          { meta: { conversationId: existing.id } },
        )
      return { success: true, conversation: await toAnswer(ctx, await beginConversation(ctx, contactId)) }
    },
  }),
  operation({
    ...common,
    name: 'conversations.update',
    title: 'Update Conversation',
    description: 'Stars a conversation, or sets how many of its messages are unread.',
    access: 'write',
    scope: write,
    http: 'PUT /conversations/:conversationId',
    input: Type.Object(
      {
        ...path,
        locationId: Id(),
        unreadCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
        starred: Type.Optional(Type.Boolean()),
        feedback: Type.Optional(
          Type.Union([
            Type.Enum(['positive', 'negative']),
            Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 100 }),
          ]),
        ),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { conversationId, locationId: _, ...changes }) {
      const row = await updateRecord(ctx.scope, conversations, conversationId, ({ document }) => ({
        ...document,
        ...changes,
      }))
      return { success: true, conversation: await toAnswer(ctx, row as unknown as ConversationRow) }
    },
  }),
  operation({
    ...common,
    name: 'conversations.delete',
    title: 'Delete Conversation',
    description:
      'Removes the conversation with its messages, files, recordings and transcriptions. What was written can be ' +
      'read from history, what was recorded cannot.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /conversations/:conversationId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean() }),
    async run(ctx, { conversationId }) {
      const { document } = await deleteRecord(ctx.scope, conversations, conversationId)
      // The contact's index serves the conversation too.
      const said = allOf([equals('contactId', String(document.contactId)), equals('conversationId', conversationId)])
      for (const resource of [files, recordings, transcriptions, messages])
        await removeRecords(ctx.scope, resource, said)
      return { success: true }
    },
  }),
  operation({
    ...common,
    name: 'conversations.typing',
    title: 'Agent Typing Indicator',
    description: 'Show typing indicator in chat',
    access: 'write',
    scope: 'conversations/livechat.write',
    http: 'POST /conversations/providers/live-chat/typing',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        isTyping: Type.Unsafe<string | boolean>({ type: ['string', 'boolean'], maxLength: 5 }),
        visitorId: Id(),
        conversationId: Id(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ success: Type.Boolean() }),
    async run(ctx, { conversationId, isTyping }) {
      if (!['true', 'false'].includes(String(isTyping))) throw invalid(['isTyping must be true or false'])
      await getRecord(ctx.db, conversations, ctx.locationId, conversationId)
      return { success: true }
    },
  }),
]
