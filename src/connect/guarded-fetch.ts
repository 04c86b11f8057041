import { lookup as resolve } from 'node:dns'
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { createAddressGuard } from './forbidden-addresses.ts'

export interface Outgoing {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  /** From the first step to the last byte that is read of the answer. */
  patienceMs: number
  /** Of the answer, this much is read and kept. */
  mostBytes: number
}

export interface Answered {
  status: number
  headers: IncomingMessage['headers']
  /** The beginning of the answer. */
  text: string
}

/** Nothing was sent: the address is one that nobody may make us call. */
export class AddressForbidden extends Error {}

export interface GuardedFetch {
  post(outgoing: Outgoing): Promise<Answered>
  get(outgoing: Omit<Outgoing, 'body'>): Promise<Answered>
  close(): void
}

/** Why a URL cannot be called, as far as it says so itself; null: nothing is wrong with it. */
export function urlFault(text: string, isAllowed: (address: string) => boolean): string | null {
  const url = URL.parse(text)
  if (url === null) return 'it is no URL'
  if (!['http:', 'https:'].includes(url.protocol)) return 'it begins with neither https:// nor http://'
  if (url.username !== '' || url.password !== '') return 'it holds a name or a password'
  // All spellings of an IPv4 address (octal, hexadecimal, one number) are one to a URL.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isAllowed(host)) return `${host} is no address on the public internet`
  return null
}

/**
 * Requests to addresses that people outside have named. A name is resolved once, all that it resolves to is looked at, and
 * what was looked at is what is connected to: a name that means something else a moment later gains nothing. Redirects are
 * answers like others; nobody follows them.
 */
export function createGuardedFetch({
  allowedNetworks,
  lookup = resolve as LookupFunction,
  connections = 64,
}: {
  allowedNetworks: string | undefined
  /** In place of the system's own. */
  lookup?: LookupFunction
  /** To one address at a time. */
  connections?: number
}): GuardedFetch {
  const isAllowed = createAddressGuard(allowedNetworks)
  const guarded: LookupFunction = (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : []
      const [first] = addresses
      const forbidden = addresses.find(({ address }) => !isAllowed(address))
      if (error !== null) return done(error, [])
      if (forbidden !== undefined || first === undefined)
        return done(new AddressForbidden(`${host} leads to ${forbidden?.address ?? 'nothing'}`), [])
      if (options.all) return done(null, addresses)
      done(null, first.address, first.family)
    })
  const common = { keepAlive: true, maxSockets: connections, lookup: guarded, timeout: 60_000 }
  const [http, https] = [new HttpAgent(common), new HttpsAgent(common)]

  async function send(method: 'POST' | 'GET', outgoing: Outgoing, again = true): Promise<Answered> {
    const { url: text, headers, body, patienceMs, mostBytes } = outgoing
    const fault = urlFault(text, isAllowed)
    if (fault !== null) throw new AddressForbidden(fault)
    const url = new URL(text)
    const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options = { method, headers: { ...headers, ...length } }
    return new Promise<Answered>((answered, failed) => {
      const onAnswer = (answer: IncomingMessage) => readSome(request, answer, mostBytes).then(settle, fail)
      const request: ClientRequest =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: https }, onAnswer)
          : httpRequest(url, { ...options, agent: http }, onAnswer)
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs)
      const fail = (error: Error) => {
        clearTimeout(timer)
        // The other side has closed a connection that was kept, just as it was used again.
        if (again && request.reusedSocket && (error as { code?: string }).code === 'ECONNRESET')
          send(method, outgoing, false).then(answered, failed)
        else failed(error)
      }
      const settle = (answer: Answered) => {
        clearTimeout(timer)
        answered(answer)
      }
      request.on('error', fail).end(body)
    })
  }

  return {
    post: (outgoing) => send('POST', outgoing),
    get: (outgoing) => send('GET', { ...outgoing, body: '' }),
    close() {
      http.destroy()
      https.destroy()
    },
  }
}

/** The beginning; whoever has more to say is cut off, and the connection with it. */
function readSome(request: ClientRequest, answer: IncomingMessage, mostBytes: number): Promise<Answered> {
  const { promise, resolve: settle, reject } = Promise.withResolvers<Answered>()
  const chunks: Buffer[] = []
  let bytes = 0
  const end = () =>
    settle({
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      text: Buffer.concat(chunks).subarray(0, mostBytes).toString(),
    })
  answer
    .on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes <= mostBytes) return
      end()
      request.destroy()
    })
    .on('end', end)
    .on('error', reject)
    .on('close', () => reject(new Error('the answer broke off')))
  return promise
}
