import { CHANGED, many, one } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import { locationId } from './studio.ts'
import { call, conversation, email, foundConversation, message, transcription } from './studio-messages.ts'

const spoken = { locationId, messageId: call.id }

export const conversationEntries: readonly CatalogEntry[] = [
  trigger('Search Conversations', 'Find conversations by filters', 'GET /conversations/search', {
    dedupe: many('conversations', CHANGED),
    sample: { conversations: [foundConversation], total: 1 },
  }),
  trigger('Get Conversation', 'Retrieve conversation details', 'GET /conversations/:conversationId', {
    dedupe: one('', CHANGED),
    sample: conversation,
  }),
  trigger('Get Email by ID', 'Retrieve specific email', 'GET /conversations/messages/email/:id', {
    dedupe: one(''),
    sample: email,
  }),
  trigger('Get Message by ID', 'Get specific message details', 'GET /conversations/messages/:id', {
    dedupe: one('', CHANGED),
    sample: { ...message, message },
  }),
  trigger(
    'Get Messages by Conversation',
    'List all conversation messages',
    'GET /conversations/:conversationId/messages',
    {
      dedupe: many('messages.messages', CHANGED),
      sample: {
        messages: { lastMessageId: call.id, nextPage: false, messages: [message, call] },
        lastMessageId: call.id,
        nextPage: false,
      },
    },
  ),
  trigger(
    'Get Message Recording',
    'Retrieve voice recording',
    'GET /conversations/messages/:messageId/locations/:locationId/recording',
    {
      dedupe: one('', { id: [], request: ['messageId'] }),
      sample: { contentType: 'audio/mpeg', fileName: 'call.mp3', sizeBytes: 1_504_000 },
      sampleInput: spoken,
    },
  ),
  trigger(
    'Get Message Transcription',
    'Get transcribed message text',
    'GET /conversations/locations/:locationId/messages/:messageId/transcription',
    {
      dedupe: many('sentences', { id: ['mediaChannel', 'sentenceIndex'], request: ['messageId'] }),
      sample: transcription,
      sampleInput: spoken,
    },
  ),
  trigger(
    'Download Transcription',
    'Download transcription file',
    'GET /conversations/locations/:locationId/messages/:messageId/transcription/download',
    {
      dedupe: one('', { id: [], request: ['messageId'] }),
      sample: { contentType: 'text/plain; charset=utf-8', fileName: 'transcription.txt' },
      sampleInput: spoken,
    },
  ),
  action('Update Message Status', 'Change message read/unread status', 'PUT /conversations/messages/:messageId/status'),
  action('Agent Typing Indicator', 'Show typing indicator in chat', 'POST /conversations/providers/live-chat/typing'),
]
