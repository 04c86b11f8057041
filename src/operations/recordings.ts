import { type Static, Type } from 'typebox'
import { invalid } from '../errors.ts'
import { messages } from '../resources/records/messages.ts'
import { recordings } from '../resources/records/recordings.ts'
import { transcriptions } from '../resources/records/transcriptions.ts'
import { streamFile, writeFile } from '../store/files.ts'
import { getRecord } from '../store/record-reads.ts'
import { createRecord } from '../store/records.ts'
import type { MessageRow } from './conversations-threads.ts'
import { type Context, operation, type Upload } from './define.ts'
import { FileUpload, Id } from './schemas.ts'

const common = {
  category: 'Conversations & Messages',
  token: 'location',
  access: 'read',
  scope: [messages.scopes.read, messages.scopes.write],
} as const
const input = Type.Object({ locationId: Id(), messageId: Id() }, { additionalProperties: false })

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
  return contentType === 'application/octet-stream' || contentType === '' ? (BY_EXTENSION[extensionOf(fileName)] ?? 'audio/x-wav') : null
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
  await createRecord(ctx.scope, recordings, { conversationId, contactId, contentType, sizeBytes: file.sizeBytes, sha256: file.sha256 }, { id: message.id })
  await writeFile(ctx.tx, ctx.locationId, message.id, file.read())
}

const Millis = () => Type.Optional(Type.Number({ minimum: 0, maximum: 1e9, description: 'Milliseconds from the beginning.' }))
const Sentence = Type.Object(
  {
    transcript: Type.String({ minLength: 1, maxLength: 20_000 }),
    mediaChannel: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    sentenceIndex: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
    startTime: Millis(),
    endTime: Millis(),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  },
  { additionalProperties: false },
)
type Sentence = Static<typeof Sentence>

/** Sentences; one alone needs no list. */
export const TranscriptionInput = Type.Unsafe<Sentence | Sentence[]>({
  ...Sentence,
  type: ['array', 'object'],
  items: Sentence,
  minItems: 1,
  maxItems: 10_000,
  description: 'What was said, sentence by sentence: {transcript, mediaChannel, sentenceIndex, startTime, endTime, confidence}.',
})

export async function storeTranscription(ctx: Context, message: MessageRow, said: Sentence | Sentence[]): Promise<void> {
  const { conversationId, contactId } = message.document
  const sentences = [said].flat().map((sentence, index) => {
    const startTime = sentence.startTime ?? 0
    return { mediaChannel: 1, sentenceIndex: index, confidence: 1, ...sentence, startTime, endTime: sentence.endTime ?? startTime }
  })
  await createRecord(ctx.scope, transcriptions, { conversationId, contactId, sentences }, { id: message.id })
}

type Spoken = (typeof transcriptions)['examples'][number]

async function sentencesOf(ctx: Context, locationId: string, messageId: string): Promise<Spoken['sentences']> {
  await getRecord(ctx.db, messages, locationId, messageId)
  return (await getRecord<Spoken>(ctx.db, transcriptions, locationId, messageId)).document.sentences
}

/** wire/highlevel/conversations.json: GetMessageTranscriptionResponseDto. */
const said = {
  mediaChannel: Type.Number(),
  sentenceIndex: Type.Number(),
  startTime: Type.Number(),
  endTime: Type.Number(),
  transcript: Type.String(),
  confidence: Type.Number(),
}

/** `00:01:05` */
const clock = (ms: number) =>
  [3_600_000, 60_000, 1000].map((unit, index) => String(Math.floor(ms / unit) % (index === 0 ? 1000 : 60)).padStart(2, '0')).join(':')

async function* lines(sentences: Spoken['sentences']): AsyncGenerator<string> {
  for (const { startTime, endTime, mediaChannel, transcript } of sentences)
    yield `${clock(startTime)} - ${clock(endTime)} Speaker ${mediaChannel}: ${transcript}\n`
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
      const { document } = await getRecord<(typeof recordings)['examples'][number]>(ctx.db, recordings, locationId, messageId)
      const { contentType, sizeBytes, sha256 } = document
      const extension = Object.entries(BY_EXTENSION).find(([, type]) => type === contentType)?.[0] ?? 'wav'
      return { contentType, fileName: `audio.${extension}`, ...streamFile(ctx.db, { locationId, id: messageId, sizeBytes, sha256 }) }
    },
  }),
  operation({
    ...common,
    name: 'transcriptions.get',
    title: 'Get Message Transcription',
    description: 'Get transcribed message text: all that was said in one, and sentence by sentence in `sentences`.',
    http: 'GET /conversations/locations/:locationId/messages/:messageId/transcription',
    input,
    output: Type.Object({ ...said, sentences: Type.Array(Type.Object(said)) }),
    async run(ctx, { locationId, messageId }) {
      const sentences = await sentencesOf(ctx, locationId, messageId)
      const [first] = sentences as [Spoken['sentences'][number]]
      return {
        ...first,
        endTime: Math.max(...sentences.map(({ endTime }) => endTime)),
        transcript: sentences.map(({ transcript }) => transcript).join(' '),
        confidence: Math.min(...sentences.map(({ confidence }) => confidence)),
        sentences,
      }
    },
  }),
  operation({
    ...common,
    name: 'transcriptions.download',
    title: 'Download Transcription',
    description: 'Download transcription file',
    http: 'GET /conversations/locations/:locationId/messages/:messageId/transcription/download',
    input,
    output: 'stream',
    async run(ctx, { locationId, messageId }) {
      return { contentType: 'text/plain; charset=utf-8', fileName: 'transcription.txt', body: lines(await sentencesOf(ctx, locationId, messageId)) }
    },
  }),
]
