import { Agent, request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type FuzzRequest, type OwnerName, unmarked } from './request.ts'

export interface Answered {
  status: number
  type: string
  text: string
}

/** Longer than the server lets a statement take, on a machine with other things to do. */
const PATIENCE_MS = 45_000
/** Of a stream of events: it ends when what it tells of does. */
const STREAM_MS = 100
const agent = new Agent({ keepAlive: true, maxSockets: 4 })

export interface Target {
  url: string
  find(owner: OwnerName, name: string): string | undefined
  /** The headers by which a caller is known. */
  proof(request: FuzzRequest): Record<string, string>
}

/** Sends a request byte by byte as it is written down; what Node itself refuses to send is null. */
export function sendRaw(target: Target, request: FuzzRequest): Promise<Answered> | null {
  const resolve = (text: string) => unmarked(text, target.find)
  const body = request.body === undefined ? undefined : bytesOf(resolve(request.body), request.encoding)
  const headers: Record<string, string> = {
    ...target.proof(request),
    ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, resolve(value)])),
    ...(request.encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
    ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }),
  }
  const { hostname, port } = new URL(target.url)
  try {
    const sent = httpRequest({ agent, hostname, port, method: request.method, path: resolve(request.path), headers })
    return answerOf(sent, body)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ERR_UNESCAPED_CHARACTERS' || code === 'ERR_INVALID_CHAR') return null
    throw error
  }
}

const bytesOf = (text: string, encoding: FuzzRequest['encoding']) =>
  encoding === 'gzip'
    ? gzipSync(text)
    : Buffer.from(encoding === 'bytes' ? text : text.toWellFormed(), encoding === 'bytes' ? 'latin1' : 'utf8')

function answerOf(sent: ReturnType<typeof httpRequest>, body: Buffer | undefined): Promise<Answered> {
  return new Promise((done, fail) => {
    const late = setTimeout(() => {
      sent.destroy()
      fail(new Error(`no answer in ${PATIENCE_MS / 1000} s`))
    }, PATIENCE_MS)
    sent.once('response', (response) => {
      const chunks: Buffer[] = []
      const type = response.headers['content-type'] ?? ''
      const end = () => {
        clearTimeout(late)
        done({ status: response.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() })
      }
      response.on('data', (chunk) => chunks.push(chunk))
      response.once('end', end)
      response.once('error', end)
      if (!type.startsWith('text/event-stream')) return
      setTimeout(() => {
        end()
        sent.destroy()
      }, STREAM_MS)
    })
    sent.once('error', (error) => {
      clearTimeout(late)
      fail(error)
    })
    sent.end(body)
  })
}
