import { texts } from '../texts.ts'
import { HEADERS } from './headers.ts'
import { LINES, type Line, type Operations } from './operations.ts'
import { currentSession } from './session.ts'

export type OperationName = keyof Operations
/** The company is that of the session where it is not given. */
export type Input<N extends OperationName> = Omit<Operations[N]['input'], 'companyId'> & { companyId?: string }
export type Output<N extends OperationName> = Operations[N]['output']

export interface CallOptions {
  signal?: AbortSignal
  /** For operations about one location that take none in their input. */
  locationId?: string
  /** The revision of what is changed: refused with 409 where somebody else has changed it since. */
  ifMatch?: string
}

interface Refusal {
  message?: unknown
  error?: unknown
  traceId?: unknown
  /** Of the server's catalogue of errors. */
  code?: unknown
}

/** The headers of a refusal that say more than its body. */
export const refusalIn = (header: (name: string) => string | null): Refusal => ({
  traceId: header('x-trace-id'),
  code: header('x-error-code'),
})

/** A refusal, in the server's words, or in ours where they are for programs. `status` 0: the server could not be reached. */
export class CallError extends Error {
  override name = 'CallError'
  readonly status: number
  /** One for each fault. */
  readonly reasons: readonly string[]
  /** What the server's log can be searched by. */
  readonly traceId: string | null
  readonly error: string | null
  /** From when on the server takes the same again, by `performance.now()`; null: it has not said so. */
  readonly againAtMs: number | null

  constructor(
    status: number,
    { code, ...body }: Refusal,
    { retryAfter = null, ...options }: ErrorOptions & { retryAfter?: string | null } = {},
  ) {
    const told = (texts.refusals as Readonly<Record<string, string>>)[String(code)] ?? body.message
    const reasons = [told].flat().filter((reason) => typeof reason === 'string')
    super(reasons.join(' ') || `The server answered ${status}.`, options)
    this.status = status
    this.reasons = reasons
    this.traceId = typeof body.traceId === 'string' ? body.traceId : null
    this.error = typeof body.error === 'string' ? body.error : null
    const seconds = [429, 503].includes(status) ? Number(retryAfter || Number.NaN) : Number.NaN
    this.againAtMs = Number.isNaN(seconds) ? null : performance.now() + seconds * 1000
  }
}

/** Sends a request with the session's cookie. Throws `CallError` for every answer that is not a success. */
export async function send(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      ...HEADERS,
      ...(options.locationId === undefined ? {} : { 'x-location-id': options.locationId }),
      ...(options.ifMatch === undefined ? {} : { 'if-match': `"${options.ifMatch}"` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause
    throw new CallError(0, { message: 'The server cannot be reached. Check that it runs, then try again.' }, { cause })
  })
  if (response.ok) return response
  if ([401, 403].includes(response.status) && currentSession() !== null)
    void import('../parts/signed-out.tsx').then((told) => told.lookWhoIsSignedIn())
  const refusal = await response.json().catch(() => ({}))
  throw new CallError(
    response.status,
    { ...refusalIn((name) => response.headers.get(name)), ...refusal },
    { retryAfter: response.headers.get('retry-after') },
  )
}

/** Calls an operation by its name and answers its output. Throws `CallError`. */
export async function call<N extends OperationName>(
  name: N,
  input: Input<N>,
  options: CallOptions = {},
): Promise<Output<N>> {
  const response = await request(name, input, options)
  return response.status === 204 ? (null as never) : ((await response.json()) as Output<N>)
}

/** The same for operations whose answer is a stream. */
export async function request<N extends OperationName>(
  name: N,
  input: Input<N>,
  options: CallOptions = {},
): Promise<Response> {
  const { method, address, rest } = await placed(name, input)
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return send(method, address, hasBody || Object.keys(rest).length > 0 ? rest : undefined, options)
}

/** Where an operation is asked, and what of its input does not stand in its address. */
export async function placed(name: OperationName, input: object) {
  const [method, pattern, queryNames = []]: Line = isFirst(name)
    ? LINES[name]
    : (await import('./more-lines.ts').catch(refuseUnloaded)).MORE_LINES[name]
  const rest: Record<string, unknown> = { ...input }
  // Operations of the agency take it in the query. Where it is in the body, the caller says whether it is meant.
  if (queryNames.includes('companyId')) rest.companyId ??= currentSession()?.company.id
  const path = pattern.replace(/:(\w+)/g, (_, part: string) => {
    const value = rest[part]
    delete rest[part]
    return encodeURIComponent(String(value))
  })
  const query = new URLSearchParams()
  for (const part of method === 'GET' ? Object.keys(rest) : queryNames) {
    const value = rest[part]
    delete rest[part]
    for (const one of [value].flat()) if (one !== undefined && one !== null) query.append(part, String(one))
  }
  return { method, address: query.size === 0 ? path : `${path}?${query}`, rest }
}

function refuseUnloaded(cause: unknown): never {
  throw new CallError(0, { message: [texts.states.part, texts.states.partHint] }, { cause })
}

const isFirst = (name: OperationName): name is keyof typeof LINES => name in LINES
