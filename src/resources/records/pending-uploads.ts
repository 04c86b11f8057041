import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Count, Line, Optional } from '../shapes.ts'

/**
 * wire/highlevel/conversations.json: initiate-file-upload. A file that is announced: its bytes come to an address of
 * its own, and it is a file once that is said to be done.
 */
export const pendingUploads = record({
  kind: 'pending_uploads',
  label: 'Pending Upload',
  noun: 'upload',
  idFormat: 'uuid',
  scopes: { read: 'conversations/message.readonly', write: 'conversations/message.write' },
  schema: Type.Object(
    {
      conversationId: Line(64),
      contactId: Line(64),
      fileName: Line(255),
      contentType: Line(100),
      filePath: Line(500),
      channel: Line(40),
      /** As announced. */
      fileSize: Optional(Count(2 ** 40)),
      expiresAt: Line(40),
      /** Of what came. */
      sizeBytes: Optional(Count(2 ** 40)),
      sha256: Optional(Line(64)),
    },
    { additionalProperties: false },
  ),
  refs: OF_CONTACT,
  hasBytes: true,
  examples: [
    {
      conversationId: 'tDtDnQdgm2LXpyiqYvZ6',
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      fileName: 'video.mp4',
      contentType: 'video/mp4',
      filePath: 'location/ve9EPM428h8vShlRW1KT/conversations/tDtDnQdgm2LXpyiqYvZ6/1.mp4',
      channel: 'WHATSAPP',
      expiresAt: '2026-10-25T11:00:00.000Z',
    },
  ],
})
