import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Count, Line } from '../shapes.ts'

/**
 * What is known of a call's recording; its id is that of the message. The sound itself is kept by src/store/records/files.ts.
 */
export const recordings = record({
  kind: 'recordings',
  label: 'Recording',
  noun: 'recording of message',
  scopes: { read: 'conversations/message.readonly', write: 'conversations/message.write' },
  schema: Type.Object(
    {
      conversationId: Line(64),
      contactId: Line(64),
      contentType: Line(100),
      sizeBytes: Count(2 ** 40),
      sha256: Line(64),
    },
    { additionalProperties: false },
  ),
  refs: OF_CONTACT,
  hasBytes: true,
  examples: [
    {
      conversationId: 'tDtDnQdgm2LXpyiqYvZ6',
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      contentType: 'audio/x-wav',
      sizeBytes: 16_044,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    },
  ],
})
