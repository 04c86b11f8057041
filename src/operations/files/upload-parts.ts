import { extname } from 'node:path'
import { Type } from 'typebox'
import { isLocation } from '../../auth/locations.ts'
import { AppError, invalid } from '../../errors.ts'
import { conversations } from '../../resources/records/conversations.ts'
import { files } from '../../resources/records/files.ts'
import { pendingUploads } from '../../resources/records/pending-uploads.ts'
import {
  createRecord,
  createRecords,
  deleteFiles,
  deleteRecord,
  findRecord,
  getRecord,
  isCreatedBetween,
  type RecordResource,
  type RecordRow,
  removeRecords,
  updateRecord,
  writeFile,
} from '../../store/records/index.ts'
import type { ConversationDocument } from '../conversations/index.ts'
import { type Context, operation } from '../define.ts'
import { FileUpload, Id } from '../schemas.ts'
import { Links } from './field-files.ts'
import { checkTypes, linkOf } from './files.ts'
import { ATTACHMENTS } from './upload.ts'

type Pending = (typeof pendingUploads)['examples'][number]

const resource = pendingUploads as unknown as RecordResource
const common = { category: 'Conversations & Messages', access: 'write', scope: pendingUploads.scopes.write } as const
const LIFE_MS = 60 * 60_000

/** 404 for one that is not there, and for one that nobody has completed in time. */
async function getPending(ctx: Context, locationId: string, id: string): Promise<RecordRow<Pending>> {
  const row = await findRecord<Pending>(ctx.db, resource, locationId, id)
  if (row === null || Date.parse(row.document.expiresAt) < ctx.author.atMs || !(await isLocation(ctx.db, locationId)))
    throw new AppError('not_found', { what: resource.noun, id })
  return row
}

/** wire/highlevel/conversations.json: initiate-file-upload, complete-file-upload, and the address between them. */
export const uploadPartOperations = [
  operation({
    ...common,
    token: 'location',
    name: 'uploads.initiate',
    title: 'Initiate File Upload',
    description:
      'Announces a file for a conversation and answers where to PUT its bytes: without a token, within the hour. ' +
      'It is a file once that is said to be complete.',
    http: 'POST /conversations/messages/upload/initiate',
    input: Type.Object(
      {
        locationId: Id(),
        conversationId: Id(),
        filename: Type.String({ minLength: 1, maxLength: 255, examples: ['video.mp4'] }),
        contentType: Type.String({
          pattern: '^[\\w.+-]{1,19}/[\\w.+-]{1,80}$',
          maxLength: 100,
          examples: ['video/mp4'],
        }),
        fileSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 40 })),
        channel: Type.String({ minLength: 1, maxLength: 40 }),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      uploadUrl: Type.String(),
      uploadId: Type.String(),
      filePath: Type.String(),
      expiresAt: Type.Integer(),
      maxFileSize: Type.Integer(),
    }),
    async run(ctx, { locationId, conversationId, filename, contentType, fileSize, channel }) {
      const { document } = await getRecord<ConversationDocument>(ctx.db, conversations, locationId, conversationId)
      checkTypes([{ fileName: filename }], ATTACHMENTS)
      const { fileBytes: maxFileSize } = ctx.config
      if (fileSize !== undefined && fileSize > maxFileSize) throw invalid([`fileSize: at most ${maxFileSize} bytes`])
      // Whoever begins one clears away what nobody has completed.
      await removeRecords(ctx.scope, resource, isCreatedBetween(null, new Date(ctx.author.atMs - LIFE_MS)))
      const expiresAt = ctx.author.atMs + LIFE_MS
      const filePath = `location/${locationId}/conversations/${conversationId}/${ctx.traceId}${extname(filename)}`
      const { id } = await createRecord(ctx.scope, resource, {
        conversationId,
        contactId: document.contactId,
        fileName: filename,
        contentType,
        filePath,
        channel,
        fileSize,
        expiresAt: new Date(expiresAt).toISOString(),
      })
      const uploadUrl = `${ctx.publicUrl()}/conversations/messages/upload/${locationId}/${id}`

      return { uploadUrl, uploadId: id, filePath, expiresAt, maxFileSize }
    },
  }),
  operation({
    ...common,
    token: 'none',
    name: 'uploads.put',
    title: 'Put the Bytes of an Upload',
    description:
      'The bytes as they are. The address is the key, and nobody can guess it. What came before is replaced.',
    http: 'PUT /conversations/messages/upload/:locationId/:uploadId',
    rawBody: { property: 'bytes', limit: 'fileBytes' },
    input: Type.Object(
      { locationId: Id(), uploadId: Id(), bytes: FileUpload('The file.') },
      { additionalProperties: false },
    ),
    output: Type.Object({ uploadId: Type.String(), size: Type.Integer() }),
    async run(ctx, { locationId, uploadId, bytes }) {
      await getPending(ctx, locationId, uploadId)
      const { sizeBytes, sha256 } = bytes
      // Locks the record: one writes at a time.
      await updateRecord(ctx.scope, resource, uploadId, ({ document }) => ({ ...document, sizeBytes, sha256 }))
      await deleteFiles(ctx.tx, locationId, [uploadId])
      await writeFile(ctx.tx, locationId, uploadId, bytes.read())
      return { uploadId, size: sizeBytes }
    },
  }),
  operation({
    ...common,
    token: 'location',
    name: 'uploads.complete',
    title: 'Complete File Upload',
    description: 'What came is a file of the conversation now. Answers its link.',
    http: 'POST /conversations/messages/upload/complete',
    input: Type.Object(
      {
        uploadId: Id(),
        filePath: Type.String({ maxLength: 500 }),
        locationId: Id(),
        conversationId: Id(),
        filename: Type.String({ minLength: 1, maxLength: 255 }),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      uploadedFiles: Links(),
      metadata: Type.Object({ size: Type.Integer(), contentType: Type.String() }),
    }),
    async run(ctx, { uploadId: id, filePath, locationId, conversationId, filename }) {
      const { document } = await getPending(ctx, locationId, id)
      const { sizeBytes, sha256, contentType, contactId, fileSize, fileName } = document
      const faults = [
        ...(document.filePath === filePath ? [] : ['filePath is not that of the upload']),
        ...(document.conversationId === conversationId ? [] : ['conversationId is not that of the upload']),
        ...(fileName === filename ? [] : ['filename is not that of the upload']),
      ]
      if (faults.length > 0) throw invalid(faults)
      if (sizeBytes === undefined) throw new AppError('bad_request', { reason: 'No bytes have come yet.' })
      if (fileSize !== undefined && fileSize !== sizeBytes)
        throw new AppError('bad_request', { reason: `${sizeBytes} bytes have come of ${fileSize}.` })
      await deleteRecord(ctx.scope, resource, id)
      const file = { name: fileName, contentType, sizeBytes, sha256, contactId, conversationId }
      // Under the same id: the bytes are there already.
      await createRecords(ctx.scope, files as never, [{ id, document: file }])
      return { uploadedFiles: { [fileName]: linkOf(ctx, id, fileName) }, metadata: { size: sizeBytes, contentType } }
    },
  }),
]
