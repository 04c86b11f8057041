import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'
import { toErrorAnswer } from './errors.ts'

/** How Node's reader of HTTP calls what it gives up; all else is no HTTP. */
const GIVEN_UP: Readonly<Record<string, () => AppError>> = {
  HPE_HEADER_OVERFLOW: () => new AppError('head_too_large'),
  ERR_HTTP_REQUEST_TIMEOUT: () => new AppError('request_too_slow'),
}
const noHttp = () => new AppError('bad_request', { reason: 'This is no HTTP request' })

/**
 * Of requests that Node cannot read, or whose line and headers have more than the 16 KB that it takes: answered in our
 * words, and with a trace id, as every answer is.
 */
export function answerUnreadable(
  error: Error & { code?: string },
  socket: Socket,
  guards: Record<string, string>,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const { headers, status, text } = refusal((GIVEN_UP[error.code ?? ''] ?? noHttp)(), guards)
  const head = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`)
  // What was asked before on the same connection may be under way to whoever asked.
  if (socket.writable) socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${text}`)
  socket.destroy(error)
}

/** The same of those that Node would refuse in words of its own. */
export function answerRefused(app: FastifyInstance, guards: Record<string, string>): void {
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { headers, status, text } = refusal(new AppError('expectation_failed'), guards)
    response.writeHead(status, { ...headers, connection: 'close' }).end(text)
  })
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.httpVersion === '1.1' && raw.headers.host === undefined)
      throw new AppError('bad_request', { reason: 'A request of HTTP/1.1 names its host' })
  })
}

function refusal(error: AppError, guards: Record<string, string>) {
  const traceId = randomUUID()
  const { status, body } = toErrorAnswer(error, traceId)
  const text = `${JSON.stringify(body)}\n`
  const length = String(Buffer.byteLength(text))
  return { headers: { 'x-trace-id': traceId, ...guards, 'content-length': length }, status, text }
}
