import { type Static, Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { conversations } from '../../resources/records/conversations.ts'
import { messages } from '../../resources/records/messages.ts'
import { getRecord } from '../../store/records/index.ts'
import { holdContact } from '../contacts/index.ts'
import type { ConversationDocument } from '../conversations/index.ts'
import { type Context, operation } from '../define.ts'
import { FileUploads, Id } from '../schemas.ts'
import { Links } from './field-files.ts'
import { checkTypes, type FileOwner, getFile, linksOf, MOST_FILES, storeFiles } from './files.ts'

/** wire/highlevel/conversations.json: upload-file-attachments. */
export const ATTACHMENTS = [
  'jpg',
  'jpeg',
  'png',
  'mp4',
  'mpeg',
  'zip',
  'rar',
  'pdf',
  'doc',
  'docx',
  'txt',
  'mp3',
  'wav',
]

const AttachmentInput = Type.Object(
  {
    locationId: Id(),
    conversationId: Type.Optional(Id('Of conversationId and contactId one is enough.')),
    contactId: Type.Optional(Id()),
    fileAttachment: Type.Optional(FileUploads('Files, each in a field called fileAttachment.', MOST_FILES)),
    attachmentUrls: Type.Optional(
      Type.Array(Type.String({ maxLength: 2000 }), {
        maxItems: 50,
        description: 'Links already: answered as they are.',
      }),
    ),
    isGroupSms: Type.Optional(Type.String({ maxLength: 5, description: 'true: one file at a time.' })),
    chatServiceSid: Type.Optional(Type.String({ maxLength: 100, description: 'Accepted, not used.' })),
  },
  { additionalProperties: false },
)

async function conversationOwner(
  ctx: Context,
  { conversationId, contactId }: Static<typeof AttachmentInput>,
): Promise<FileOwner> {
  if (conversationId === undefined && contactId === undefined) throw invalid(['conversationId should not be empty'])
  if (conversationId === undefined) return { contactId: (await holdContact(ctx, contactId as string)).id }
  const { document } = await getRecord<ConversationDocument>(ctx.db, conversations, ctx.locationId, conversationId)
  if (contactId !== undefined && contactId !== document.contactId)
    throw invalid([`contactId: conversation ${conversationId} is with another contact`])
  return { conversationId, contactId: document.contactId }
}

export const fileOperations = [
  getFile,
  operation({
    category: 'Conversations & Messages',
    token: 'location',
    name: 'messages.upload',
    title: 'Upload File Attachments',
    description:
      'Stores files for a conversation, each in a field called fileAttachment, and answers links for ' +
      `\`attachments\`. They go when the conversation or the contact goes. Taken: ${ATTACHMENTS.join(', ')}.`,
    access: 'write',
    scope: messages.scopes.write,
    http: 'POST /conversations/messages/upload',
    upload: { property: 'fileAttachment', limit: 'fileBytes', most: MOST_FILES },
    input: AttachmentInput,
    output: Type.Object({ uploadedFiles: Links() }),
    async run(ctx, input) {
      const { fileAttachment: uploads = [], attachmentUrls = [], isGroupSms } = input
      if (uploads.length + attachmentUrls.length === 0) throw invalid(['fileAttachment should not be empty'])
      if (isGroupSms === 'true' && uploads.length > 1)
        throw new AppError('bad_request', { reason: 'Only one file at a time can be uploaded for a group SMS.' })
      checkTypes(uploads, ATTACHMENTS)
      const stored = await storeFiles(ctx, uploads, await conversationOwner(ctx, input))
      return { uploadedFiles: { ...linksOf(attachmentUrls.map((url) => ({ name: url, url }))), ...linksOf(stored) } }
    },
  }),
]
