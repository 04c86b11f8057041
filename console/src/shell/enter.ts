import type { QueryClient } from '@tanstack/react-query'
import { CallError, send } from '../api/call.ts'
import { sessionQuery } from '../api/query.ts'
import { noteCookie, rememberSession, type Session } from '../api/session.ts'

/** What the server answers where the password is right and a second factor is missing or wrong. */
const SECOND_FACTOR = 'second_factor_needed'

/**
 * Signs in, at whatever answers with a session. Nothing that somebody else asked for in this window stays in it. Throws
 * `CallError`.
 */
export async function enter(client: QueryClient, account: object, at = '/session'): Promise<void> {
  const session = (await (await send('POST', at, account)).json()) as Session
  noteCookie()
  rememberSession(session)
  client.clear()
  client.setQueryData(sessionQuery.queryKey, session)
}

export const asksForCode = (error: unknown): boolean => error instanceof CallError && error.error === SECOND_FACTOR
