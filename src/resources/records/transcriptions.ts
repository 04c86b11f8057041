import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Count, Line, List, Shape, Text } from '../shapes.ts'

/**
 * What was said in a call, sentence by sentence; its id is that of the message. wire/highlevel/conversations.json:
 * GetMessageTranscriptionResponseDto.
 */
export const transcriptions = record({
  kind: 'transcriptions',
  label: 'Transcription',
  noun: 'transcription of message',
  scopes: { read: 'conversations/message.readonly', write: 'conversations/message.write' },
  schema: Type.Object(
    {
      conversationId: Line(64),
      contactId: Line(64),
      sentences: List(
        Shape({
          mediaChannel: Count(100),
          sentenceIndex: Count(10_000),
          startTime: Count(1e9),
          endTime: Count(1e9),
          transcript: Text(),
          confidence: Count(1),
        }),
        10_000,
      ),
    },
    { additionalProperties: false },
  ),
  refs: OF_CONTACT,
  examples: [
    {
      conversationId: 'tDtDnQdgm2LXpyiqYvZ6',
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      sentences: [
        {
          mediaChannel: 1,
          sentenceIndex: 0,
          startTime: 0,
          endTime: 1800,
          transcript: 'Good morning.',
          confidence: 0.97,
        },
      ],
    },
  ],
})
