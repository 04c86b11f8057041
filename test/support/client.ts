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
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const raw: Client['raw'] = async (method, path, { headers = {}, body } = {}) => {
    const response = await fetch(url + path, { method, headers: { ...authorization, ...headers }, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: toBody(text, response.headers.get('content-type')) }
  }
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    raw(method, path, {
      headers: { version: '2021-07-28', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
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

function toBody(text: string, type: string | null): unknown {
  if (text === '') return undefined
  return /[/+]json\b/.test(type ?? '') ? JSON.parse(text) : text
}
