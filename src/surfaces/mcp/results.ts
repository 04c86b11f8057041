import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { AppError } from '../../errors.ts'
import type { StreamAnswer } from '../../operations/answer.ts'
import type { Answer } from '../../operations/call.ts'
import type { Operation } from '../../operations/define.ts'
import { type ErrorAnswer, retryAfter } from '../errors.ts'
import { isWrapped, outputOf, toolName, warningOf } from './tools.ts'

export type CallResult = CallToolResult

/** What of a stream was read. */
interface Collected {
  contentType: string
  fileName: string | undefined
  bytes: Buffer
}

/** What came of a call: the answer, and of a stream what of it was read. */
export interface Outcome extends Answer {
  collected?: Collected
}

/** A model reads no more; larger files are fetched over HTTP. */
const MOST_BYTES = 1_000_000
/** How long something is followed that goes on. */
const FOLLOW_MS = 2_000

/** The bytes of a file, or what came of something that goes on until nobody has time any more. */
export async function collect(operation: Operation, { body }: Answer, signal: AbortSignal): Promise<Collected> {
  const { contentType, fileName, body: pieces, packed } = body as StreamAnswer
  const chunks: Buffer[] = []
  let bytes = 0
  const until = operation.follows ? AbortSignal.any([signal, AbortSignal.timeout(FOLLOW_MS)]) : signal
  const ended = new Promise<null>((done) => until.addEventListener('abort', () => done(null), { once: true }))
  const reader = (packed === undefined ? pieces : unpacked(packed))[Symbol.asyncIterator]()
  try {
    while (!until.aborted) {
      const next = await Promise.race([reader.next(), ended])
      if (next === null || next.done === true) break
      chunks.push(Buffer.from(next.value as string))
      bytes += (chunks.at(-1) as Buffer).length
      if (bytes <= MOST_BYTES) continue
      if (operation.follows) break
      const reason = `The file has more than ${MOST_BYTES} bytes: fetch it over HTTP, ${operation.http}`
      throw new AppError('bad_request', { reason })
    }
  } finally {
    // Not waited for: what goes on ends when it next looks up.
    void reader.return?.()
  }
  return { contentType, fileName, bytes: Buffer.concat(chunks) }
}

async function* unpacked(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  const { gunzipSync } = await import('node:zlib')
  yield gunzipSync(packed)
}

const isText = (contentType: string) => /^text\/|[/+]json\b|[/+]xml\b/.test(contentType)

/** An answer as a model and a program read it: as text, and where the tool promises it, as it is. */
export function toResult(operation: Operation, { body, collected, status }: Outcome, traceId: string): CallResult {
  const _meta = { 'tintype/traceId': traceId }
  if (collected !== undefined) return { content: [toContent(operation, collected)], _meta }
  // As it would travel: dates are texts, and what is undefined is not there.
  const value = body === undefined ? null : JSON.parse(JSON.stringify(body))
  const isPlan = operation.access === 'destructive' && status === 200 && value !== null && 'plan' in value
  const said =
    warningOf(operation) === null
      ? []
      : [isPlan ? 'This is the plan. Nothing was done.' : `Done, and not to be repeated: ${operation.title}.`]
  const nothing = operation.access === 'read' ? 'There is nothing yet.' : 'Done.'
  const answer = value === null ? nothing : JSON.stringify(value)
  return {
    content: [...said, answer].map((text) => ({ type: 'text', text })),
    ...(outputOf(operation) === null || value === null
      ? {}
      : { structuredContent: isWrapped(operation) ? { result: value } : value }),
    _meta,
  }
}

function toContent(operation: Operation, { contentType, fileName, bytes }: Collected): CallResult['content'][number] {
  if (isText(contentType))
    return { type: 'text', text: bytes.length === 0 ? 'Nothing has come yet.' : bytes.toString() }
  const uri = `tintype://files/${encodeURIComponent(fileName ?? toolName(operation))}`
  return { type: 'resource', resource: { uri, mimeType: contentType, blob: bytes.toString('base64') } }
}

/** What whoever was refused can do about it. */
function adviceFor({ status, code }: ErrorAnswer, error: unknown): string {
  if (status === 422) return 'Mend the arguments named above and call again.'
  if (status === 429 || status === 503) return `Wait ${retryAfter(error)} s, then call again.`
  if (code === 'token_kind' || code === 'scope_missing' || code === 'role_missing')
    return 'This connection may not do that. Say so to the person; a token with the scope can be made in the console.'
  if (status === 401) return 'The token is not valid any more: the person must connect again.'
  if (status === 403) return 'It belongs to somebody else. Use ids that this connection has listed.'
  if (status === 404) return 'Look the id up with the tool that lists such things.'
  if (status === 409) return 'Read the thing anew, then decide whether to call again.'
  if (status === 413) return 'Send less at a time.'
  return status >= 500 ? 'It is no fault of the arguments: try once more later.' : 'Mend the arguments and call again.'
}

/** A refusal as the answer of a tool. */
export function toFailure(error: unknown, answer: ErrorAnswer): CallResult {
  const { message, traceId } = answer.body
  const text = [[message].flat().join('\n'), adviceFor(answer, error)].join('\n')
  return {
    isError: true,
    content: [{ type: 'text', text }],
    _meta: { 'tintype/traceId': traceId, 'tintype/status': answer.status },
  }
}
