import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'

export interface Reply {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are what the test is about; each test asserts on what it reads
  body: any
}

export interface Client {
  get(path: string): Promise<Reply>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  delete(path: string, body?: unknown): Promise<Reply>
  /** As it is: no default headers but the token's, the body sent as the given text. */
  raw(method: string, path: string, options?: { headers?: Record<string, string>; body?: string }): Promise<Reply>
}

/** A caller of the HTTP surface: real requests, `Version: 2021-07-28`, JSON both ways. */
export function createClient(url: string, token?: string): Client {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const raw: Client['raw'] = async (method, path, { headers = {}, body } = {}) => {
    const response = await request(url + path, { method, headers: { ...authorization, ...headers }, body })
    const text = await readText(response)
    return {
      status: response.statusCode as number,
      headers: new Headers(response.headers as Record<string, string>),
      body: toBody(text, response.headers['content-type'] ?? null),
    }
  }
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    raw(method, path, {
      headers: {
        version: '2021-07-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    raw,
    get: (path) => send('GET', path),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    delete: (path, body) => send('DELETE', path, body),
  }
}

interface Request {
  method: string
  headers: Record<string, string>
  body: string | undefined
}

const agent = new Agent({ keepAlive: true })

/** Half of the work of `fetch`, of which a run of all tests makes some hundred thousand. */
function request(url: string, { method, headers, body }: Request): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = httpRequest(url, { method, headers: { ...length, ...headers }, agent }, done)
    sent.once('error', failed)
    sent.end(body)
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What an answer says without its trace, which is another each time: for those of the official client. */
export function untraced<T>(answer: T): T {
  const { traceId: _, ...rest } = answer as { traceId?: string }
  return rest as T
}

/** Every answer has another trace: it can be read, and whoever compares answers does not see it. */
function withTrace(body: unknown): unknown {
  const traced = body !== null && typeof body === 'object' && !Array.isArray(body) && 'traceId' in body
  return traced && !('statusCode' in body) ? Object.defineProperty(body, 'traceId', { enumerable: false }) : body
}

function toBody(text: string, type: string | null): unknown {
  if (text === '') return undefined
  return /[/+]json\b/.test(type ?? '') ? withTrace(JSON.parse(text)) : text
}
