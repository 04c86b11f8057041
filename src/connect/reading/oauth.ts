import type { GuardedFetch } from '../guarded-fetch.ts'
import type { Authorisation, CodeGrant, PollCredentials } from './poll-rules.ts'

export type OAuth = Extract<Authorisation, { kind: 'oauth' }>

const PATIENCE_MS = 15_000
const MOST_BYTES = 65_536
/** A token is renewed before it ends, so that it does not on the way. */
const AHEAD_MS = 60_000

/** `because`: why there is no token. `isFinal`: the other side refuses, and goes on refusing. */
export interface Refused {
  because: string
  isFinal: boolean
}
export type Token = { credentials: PollCredentials } | Refused

export const hasToken = (
  { token, tokenEndsAtMs = Number.POSITIVE_INFINITY }: PollCredentials,
  nowMs: number,
): boolean => token !== undefined && tokenEndsAtMs - AHEAD_MS > nowMs

export interface Asking {
  fetch: Pick<GuardedFetch, 'get' | 'post'>
  nowMs: number
}

/** RFC 6749, 4.4 and 6. A refresh token that is replaced is kept in place of the old one. */
export async function askForToken(
  { grant, tokenUrl, scope, clientIn = 'header' }: Exclude<OAuth, CodeGrant>,
  credentials: PollCredentials,
  { fetch, nowMs }: Asking,
): Promise<Token> {
  const { clientId = '', clientSecret = '', refreshToken } = credentials
  const form = new URLSearchParams({ grant_type: grant })
  if (grant === 'refresh_token') form.set('refresh_token', refreshToken as string)
  if (scope !== undefined) form.set('scope', scope)
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  if (clientIn === 'header')
    headers.authorization = basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret))
  else
    for (const [name, value] of [
      ['client_id', clientId],
      ['client_secret', clientSecret],
    ] as const)
      form.set(name, value)
  const outgoing = { url: tokenUrl, headers, body: String(form), patienceMs: PATIENCE_MS, mostBytes: MOST_BYTES }
  const { status, text } = await fetch.post(outgoing)
  const answer = parse(text)
  if (status < 200 || status > 299 || typeof answer.access_token !== 'string') {
    return {
      because: `no token was given (${status}${errorWord(answer.error)})`,
      isFinal: status >= 400 && status < 500 && status !== 429,
    }
  }
  const seconds = Number(answer.expires_in)
  const { tokenEndsAtMs: _, ...rest } = credentials
  return {
    credentials: {
      ...rest,
      token: answer.access_token,
      ...(seconds > 0 ? { tokenEndsAtMs: nowMs + seconds * 1000 } : {}),
      ...(typeof answer.refresh_token === 'string' ? { refreshToken: answer.refresh_token } : {}),
    },
  }
}

/** A word of RFC 6749, 5.2, or one like it: whatever else stands there may hold what was sent. */
export const errorWord = (said: unknown): string =>
  typeof said === 'string' && /^[a-zA-Z_.-]{1,60}$/.test(said) ? `: ${said}` : ''

export const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

function parse(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
