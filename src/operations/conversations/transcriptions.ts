import { type Static, Type } from 'typebox'
import { messages } from '../../resources/records/messages.ts'
import { transcriptions } from '../../resources/records/transcriptions.ts'
import { createRecord, getRecord } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { common, input } from './recordings.ts'
import type { MessageRow } from './threads.ts'

const Millis = () =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1e9, description: 'Milliseconds from the beginning.' }))
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
  description:
    'What was said, sentence by sentence: {transcript, mediaChannel, sentenceIndex, startTime, endTime, confidence}.',
})

export async function storeTranscription(
  ctx: Context,
  message: MessageRow,
  said: Sentence | Sentence[],
): Promise<void> {
  const { conversationId, contactId } = message.document
  const sentences = [said].flat().map((sentence, index) => {
    const startTime = sentence.startTime ?? 0
    return {
      mediaChannel: 1,
      sentenceIndex: index,
      confidence: 1,
      ...sentence,
      startTime,
      endTime: sentence.endTime ?? startTime,
    }
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
  [3_600_000, 60_000, 1000]
    .map((unit, index) => String(Math.floor(ms / unit) % (index === 0 ? 1000 : 60)).padStart(2, '0'))
    .join(':')

async function* lines(sentences: Spoken['sentences']): AsyncGenerator<string> {
  for (const { startTime, endTime, mediaChannel, transcript } of sentences)
    yield `${clock(startTime)} - ${clock(endTime)} Speaker ${mediaChannel}: ${transcript}\n`
}

export const transcriptionOperations = [
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
      return {
        contentType: 'text/plain; charset=utf-8',
        fileName: 'transcription.txt',
        body: lines(await sentencesOf(ctx, locationId, messageId)),
      }
    },
  }),
]
