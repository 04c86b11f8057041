import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { messages } from '../../resources/records/messages.ts'
import { recordings } from '../../resources/records/recordings.ts'
import { createRecord, getRecord, streamFile, writeFile } from '../../store/records/index.ts'
import { type Context, operation, type Upload } from '../define.ts'
import { FileUpload, Id } from '../schemas.ts'
import type { MessageRow } from './threads.ts'

export const common = {
  category: 'Conversations & Messages',
  token: 'location',
  access: 'read',
  scope: [messages.scopes.read, messages.scopes.write],
} as const
export const input = Type.Object({ locationId: Id(), messageId: Id() }, { additionalProperties: false })

export const RecordingFile = FileUpload('The sound of the call: a file of a multipart/form-data body.')

const AUDIO = /^audio\/[\w.+-]{1,80}$/
/** For clients that do not say what they send. */
const BY_EXTENSION: Record<string, string> = {
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  mp4: 'audio/mp4',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  webm: 'audio/webm',
  wav: 'audio/x-wav',
}

function soundTypeOf({ contentType, fileName }: Upload): string | null {
  if (AUDIO.test(contentType)) return contentType
  return contentType === 'application/octet-stream' || contentType === ''
    ? (BY_EXTENSION[extensionOf(fileName)] ?? 'audio/x-wav')
    : null
}

const extensionOf = (fileName: string) => /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''

/** What is served again must be sound and nothing else. */
export function checkRecording(file: Upload): void {
  if (soundTypeOf(file) === null) throw invalid([`recording must be an audio file, not ${file.contentType}`])
  if (file.sizeBytes === 0) throw invalid(['recording should not be empty'])
}

export async function storeRecording(ctx: Context, message: MessageRow, file: Upload): Promise<void> {
  const { conversationId, contactId } = message.document
  const contentType = soundTypeOf(file) as string
  await createRecord(
    ctx.scope,
    recordings,
    { conversationId, contactId, contentType, sizeBytes: file.sizeBytes, sha256: file.sha256 },
    { id: message.id },
  )
  await writeFile(ctx.tx, ctx.locationId, message.id, file.read())
}

export const recordingOperations = [
  operation({
    ...common,
    name: 'recordings.get',
    title: 'Get Message Recording',
    description: 'Retrieve voice recording, whole or in part (HTTP ranges).',
    http: 'GET /conversations/messages/:messageId/locations/:locationId/recording',
    input,
    output: 'stream',
    async run(ctx, { locationId, messageId }) {
      await getRecord(ctx.db, messages, locationId, messageId)
      const { document } = await getRecord<(typeof recordings)['examples'][number]>(
        ctx.db,
        recordings,
        locationId,
        messageId,
      )
      const { contentType, sizeBytes, sha256 } = document
      const extension = Object.entries(BY_EXTENSION).find(([, type]) => type === contentType)?.[0] ?? 'wav'
      return {
        contentType,
        fileName: `audio.${extension}`,
        ...streamFile(ctx.db, { locationId, id: messageId, sizeBytes, sha256 }),
      }
    },
  }),
]
