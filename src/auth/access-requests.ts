import type { Db } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { type App, findAppByClientId } from './apps.ts'
import { isRedirectOf } from './redirects.ts'

/** What an app asks of whoever opens the authorise page. */
export interface AccessRequest {
  app: App
  redirectUri: string
  scopes: string[]
  /** Given back as it came. */
  state: string | undefined
  /** PKCE, S256. */
  challenge: string | null
}

/** What the browser takes back to the app. */
export type Refusal = Record<'redirectUri' | 'error' | 'error_description', string> & { state: string | undefined }

/** Either a request to show, or a refusal that the app may know of. */
export type Asked = { request: AccessRequest } | { refusal: Refusal }

const MOST_TEXT = 2048

/**
 * Reads the query of the authorise page. Throws where app or address are not known: nobody may be sent to an address
 * that the app did not register. All other faults go back to the app (RFC 6749, 4.1.2.1). `pkce`: asked of all apps,
 * not only of public ones. `url`: what this server is known as.
 */
export async function readAccessRequest(
  db: Db,
  sent: Record<string, unknown>,
  { pkce, url }: { pkce: boolean; url: string },
): Promise<Asked> {
  const text = (name: string) => {
    const value = sent[name]
    if (value === undefined || value === '') return undefined
    if (typeof value !== 'string' || value.length > MOST_TEXT || value.includes('\u0000') || !value.isWellFormed())
      throw new AppError('bad_request', {
        reason: `${name} must be given once, as a text of at most ${MOST_TEXT} characters`,
      })
    return value
  }
  const [clientId, redirectUri, state] = [text('client_id'), text('redirect_uri'), text('state')]
  const app = clientId === undefined ? null : await findAppByClientId(db, clientId)
  if (app === null) throw new AppError('bad_request', { reason: 'There is no app with this client_id' })
  if (redirectUri === undefined || !isRedirectOf(app, redirectUri))
    throw new AppError('bad_request', { reason: `redirect_uri is not an address that ${app.name} registered` })
  const refuse = (error: string, error_description: string): Asked => ({
    refusal: { redirectUri, error, error_description, state },
  })
  if (text('response_type') !== 'code') return refuse('unsupported_response_type', 'response_type must be code')
  const resource = text('resource')
  if (resource !== undefined && !isResource(url, resource))
    return refuse('invalid_target', `${resource} is not a resource of this server`)
  const scopes =
    text('scope') === undefined
      ? app.scopes
      : [
          ...new Set(
            text('scope')
              ?.split(/[\s,]+/)
              .filter((scope) => scope !== ''),
          ),
        ]
  const excess = scopes.filter((scope) => !app.scopes.includes(scope))
  if (excess.length > 0 || scopes.length === 0)
    return refuse('invalid_scope', `the app may not ask for: ${excess.join(' ')}`)
  const challenge = text('code_challenge') ?? null
  if (challenge === null && text('code_challenge_method') !== undefined)
    return refuse('invalid_request', 'code_challenge is missing')
  if (challenge === null && (pkce || app.isPublic))
    return refuse('invalid_request', 'code_challenge is missing: the app must use PKCE (S256)')
  if (challenge !== null && (text('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)))
    return refuse(
      'invalid_request',
      'code_challenge_method must be S256, and code_challenge 43 characters of base64url',
    )
  return { request: { app, redirectUri, scopes, state, challenge } }
}

/** Where clients of the Model Context Protocol show their tokens. */
export const MCP_PATH = '/mcp'

/**
 * What a client names that a token is for (RFC 8707): there is one resource here, by two names. A token for another
 * server is none of ours to give.
 */
export const isResource = (url: string, resource: string) =>
  [url, `${url}${MCP_PATH}`].includes(resource.replace(/\/$/, ''))

/** The address an answer goes to, with what it says. */
export function toRedirect(redirectUri: string, answer: Record<string, string | undefined>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.append(name, value)
  return url.href
}
