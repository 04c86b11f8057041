import { canonicalJson, hashText } from '../../store/hash.ts'
import { AddressForbidden, type Answered, type GuardedFetch } from '../guarded-fetch.ts'
import { parsePath, readPath } from '../mapping/paths.ts'
import { retryAfterMs } from '../outcomes.ts'
import { allowancePauseMs } from './allowance.ts'
import { basic, hasToken, type Token } from './oauth.ts'
import type { PollCredentials, PollCursor, PollReading, PollResult } from './poll-rules.ts'

const PATIENCE_MS = 30_000
const MOST_BYTES = 10_000_000
/** Of a side that has too much to do, and does not say how long. */
const PAUSE_MS = 60_000
/** What can succeed when it is tried again. */
const PASSING = [408, 425, 500, 502, 503, 504]

export interface PollPage {
  reading: PollReading
  credentials: PollCredentials
  /** Null: the first page. */
  cursor: PollCursor | null
  /** What was changed since. Null: everything. */
  sinceMs: number | null
}

export interface Polled {
  fetch: Pick<GuardedFetch, 'get'>
  nowMs: number
  /** A token in place of the one that is named, which has ended. Whoever makes it keeps it before it is used. */
  renew(ended: PollCredentials): Promise<Token>
}

/** One page of a list. A token that ends while it is used is renewed once. */
export async function pollPage(page: PollPage, { fetch, nowMs, renew }: Polled): Promise<PollResult> {
  const { authorisation } = page.reading
  let { credentials } = page
  let isRenewed = false
  try {
    const url = addressOf(page)
    if (url === null) return { outcome: 'failed', because: 'the address of the list is no URL', again: false }
    for (let attempt = 0; ; attempt++) {
      if (authorisation.kind === 'oauth' && (attempt > 0 || !hasToken(credentials, nowMs))) {
        const made = await renew(credentials)
        if ('because' in made)
          return made.isFinal
            ? { outcome: 'unauthorised', because: made.because }
            : { outcome: 'failed', because: made.because, again: true }
        credentials = made.credentials
        isRenewed = true
      }
      const answered = await fetch.get(signed(url, page.reading, credentials))
      if (answered.status === 401 && authorisation.kind === 'oauth' && !isRenewed) continue
      return resultOf(answered, page, url, nowMs)
    }
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    return { outcome: 'failed', because, again: !(error instanceof AddressForbidden) }
  }
}

function addressOf({ reading, cursor, sinceMs }: PollPage): URL | null {
  const { paging, since } = reading
  const url = URL.parse(reading.url)
  if (url === null) return null
  // What the other side has named says everything itself.
  if (cursor !== null && (paging.style === 'link' || paging.style === 'url')) return URL.parse(String(cursor.at), url)
  if (since !== undefined && sinceMs !== null) url.searchParams.set(since.parameter, written(sinceMs, since.format))
  if ('size' in paging && paging.size !== undefined)
    url.searchParams.set(paging.size.parameter, String(paging.size.value))
  if (paging.style === 'page') url.searchParams.set(paging.parameter, String(cursor?.at ?? paging.first ?? 1))
  if (paging.style === 'offset') url.searchParams.set(paging.parameter, String(cursor?.at ?? 0))
  if (paging.style === 'cursor' && cursor !== null) url.searchParams.set(paging.parameter, String(cursor.at))
  return url
}

function written(ms: number, format: NonNullable<PollReading['since']>['format']): string {
  if (format === 'milliseconds') return String(ms)
  if (format === 'seconds') return String(Math.floor(ms / 1000))
  const iso = new Date(ms).toISOString()
  return format === 'date' ? iso.slice(0, 10) : iso
}

function signed(url: URL, { headers: own = {}, authorisation }: PollReading, credentials: PollCredentials) {
  const address = new URL(url)
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'Tintype-Poll/1' }
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value
  const { key = '', username = '', password = '', token = '' } = credentials
  if (authorisation.kind === 'basic') headers.authorization = basic(username, password)
  if (authorisation.kind === 'bearer' || authorisation.kind === 'oauth') headers.authorization = `Bearer ${token}`
  if (authorisation.kind === 'key') {
    const value = (authorisation.prefix ?? '') + key
    if (authorisation.in === 'header') headers[authorisation.name.toLowerCase()] = value
    else address.searchParams.set(authorisation.name, value)
  }
  return { url: String(address), headers, patienceMs: PATIENCE_MS, mostBytes: MOST_BYTES }
}

function resultOf(answered: Answered, page: PollPage, url: URL, nowMs: number): PollResult {
  const { status, headers, text } = answered
  const asked = retryAfterMs(headers['retry-after'], nowMs)
  const pauseMs = allowancePauseMs(headers, nowMs)
  if (status === 429 || (status === 503 && asked !== null))
    return { outcome: 'limited', retryAfterMs: asked ?? (pauseMs > 0 ? pauseMs : PAUSE_MS) }
  if (status === 401 || status === 403) return { outcome: 'unauthorised', because: `the other side answered ${status}` }
  if (status < 200 || status > 299)
    return { outcome: 'failed', because: `the other side answered ${status}`, again: PASSING.includes(status) }
  if (Buffer.byteLength(text) >= MOST_BYTES)
    return {
      outcome: 'failed',
      because: `the answer has more than ${MOST_BYTES} bytes: ask for smaller pages`,
      again: false,
    }
  const body = parse(text)
  if (body === undefined) return { outcome: 'failed', because: 'the answer is no JSON', again: false }
  const { items: at } = page.reading
  const items = at === undefined ? body : readPath(body, parsePath(at) ?? [])
  if (!Array.isArray(items))
    return {
      outcome: 'failed',
      because: `there is no list ${at === undefined ? 'in the answer' : `at ${at}`}`,
      again: false,
    }
  const next = nextOf(page, { body, items, headers, url })
  if (typeof next === 'string') return { outcome: 'failed', because: next, again: false }
  return { outcome: 'page', items, next, pauseMs }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Null: that was the last page. A text: why there is no telling. */
function nextOf(
  { reading: { paging }, cursor }: PollPage,
  { body, items, headers, url }: { body: unknown; items: unknown[]; headers: Answered['headers']; url: URL },
): PollCursor | null | string {
  if (paging.style === 'none') return null
  if (paging.style === 'page' || paging.style === 'offset') {
    const isLast = items.length === 0 || (paging.size !== undefined && items.length < paging.size.value)
    if (isLast) return null
    return paging.style === 'page'
      ? { at: Number(cursor?.at ?? paging.first ?? 1) + 1 }
      : { at: Number(cursor?.at ?? 0) + items.length }
  }
  const named = paging.style === 'link' ? linkOf(headers.link) : readPath(body, parsePath(paging.path) ?? [])
  if ((typeof named !== 'string' && typeof named !== 'number') || named === '') return null
  if (named === cursor?.at) return 'the other side names the same page as the next one'
  if (paging.style === 'cursor') return { at: named }
  const next = URL.parse(String(named), url)
  // Credentials go to whom they are of, and to nobody else.
  if (next?.origin !== url.origin) return 'the next page is said to be somewhere else'
  return String(next) === String(url) ? 'the other side names the same page as the next one' : { at: String(next) }
}

/** The address with rel="next". */
function linkOf(header: string | string[] | undefined): string | undefined {
  for (const link of [header ?? []]
    .flat()
    .join(',')
    .split(/,(?=\s*<)/)) {
    const [, address, parameters = ''] = /^\s*<([^<>]*)>([^<>]*)$/.exec(link) ?? []
    if (/;\s*rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|next\b)/i.test(parameters)) return address
  }
  return undefined
}

/** By what an item is the same as the last time, whatever the order of its properties. */
export const contentHash = (item: unknown): string => hashText(canonicalJson(item))
