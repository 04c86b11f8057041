import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Count, Line, Optional } from '../shapes.ts'

const Id = () => Line(64)

/**
 * What is known of an uploaded file: an attachment of a conversation, or a value of a custom field of a contact or an
 * opportunity. Its bytes are kept by src/store/records/files.ts; whoever knows the id may read them, so it is never listed.
 */
export const files = record({
  kind: 'files',
  label: 'File',
  noun: 'file',
  scopes: { read: 'conversations/message.readonly', write: 'conversations/message.write' },
  schema: Type.Object(
    {
      name: Line(255),
      contentType: Line(100),
      sizeBytes: Count(2 ** 40),
      sha256: Line(64),
      contactId: Optional(Id()),
      conversationId: Optional(Id()),
      opportunityId: Optional(Id()),
      customFieldId: Optional(Id()),
    },
    { additionalProperties: false },
  ),
  exact: ['opportunityId'],
  refs: { ...OF_CONTACT, opportunityId: { to: ['opportunities'], gone: 'delete' } },
  hasBytes: true,
  examples: [
    {
      name: 'contract.pdf',
      contentType: 'application/pdf',
      sizeBytes: 48_213,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      conversationId: 'tDtDnQdgm2LXpyiqYvZ6',
    },
  ],
})
