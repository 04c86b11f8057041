import * as oidc from 'openid-client'
import { isLoopback, parseRedirect } from '../../auth/apps.ts'
import { AddressForbidden } from '../guarded-fetch.ts'
import { type Asking, basic, errorWord, type Refused, type Token } from './oauth.ts'
import type { CodeGrant, PollCredentials } from './poll-rules.ts'

const PATIENCE_MS = 15_000
/** Metadata of large providers have some ten thousand. */
const MOST_BYTES = 262_144
const MOST_NAME = 200

/** Codes, secrets and tokens go over TLS; on the own machine there is nobody between. Null: nothing is wrong. */
function addressFault(text: string): string | null {
  const url = parseRedirect(text)
  if (url === null) return 'it is no URL, or holds a name, a password or a #'
  return url.protocol === 'https:' || isLoopback(url) ? null : 'it does not begin with https://'
}

/** What is wrong with where permission is asked. */
export function codeFaults(grant: CodeGrant): { at: string; message: string }[] {
  const { issuer, authorizeUrl, tokenUrl } = {
    issuer: undefined,
    authorizeUrl: undefined,
    tokenUrl: undefined,
    ...grant,
  }
  return Object.entries({ issuer, authorizeUrl, tokenUrl }).flatMap(([at, text]) => {
    const message = text === undefined ? null : addressFault(text)
    return message === null ? [] : [{ at, message }]
  })
}

/**
 * RFC 6749, 4.1, with PKCE (RFC 7636), by `openid-client`; what it asks goes out by the guarded fetch. Without an issuer there
 * is nobody whose id token it could be.
 */
function fetchBy({ fetch }: Asking, hasIssuer: boolean): oidc.CustomFetch {
  return async (url, { method, headers, body }) => {
    const outgoing = { url, headers, patienceMs: PATIENCE_MS, mostBytes: MOST_BYTES }
    const answered =
      method === 'GET' ? await fetch.get(outgoing) : await fetch.post({ ...outgoing, body: String(body ?? '') })
    const { status, headers: said } = answered
    const text = hasIssuer ? answered.text : withoutIdToken(answered.text)
    const kept = ['content-type', 'www-authenticate'].flatMap((name) =>
      typeof said[name] === 'string' ? [[name, said[name]] as [string, string]] : [],
    )
    return new Response([204, 205, 304].includes(status) ? null : text, { status, headers: kept })
  }
}

function withoutIdToken(text: string): string {
  try {
    const { id_token: _, ...rest } = JSON.parse(text)
    return JSON.stringify(rest)
  } catch {
    return text
  }
}

function clientOf(
  { clientIn = 'header' }: CodeGrant,
  { clientId = '', clientSecret = '' }: PollCredentials,
): oidc.ClientAuth {
  if (clientIn === 'none' || clientSecret === '') return oidc.None()
  if (clientIn === 'body') return oidc.ClientSecretPost(clientSecret)
  // The library's own spells a hyphen %2D, which is right (RFC 6749, 2.3.1), and which many take for another secret.
  return (_server, _client, _body, headers) =>
    headers.set('authorization', basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret)))
}

async function configurationOf(
  grant: CodeGrant,
  credentials: PollCredentials,
  asking: Asking,
): Promise<oidc.Configuration> {
  const { clientId = '' } = credentials
  const client = clientOf(grant, credentials)
  const ask = fetchBy(asking, 'issuer' in grant)
  if ('issuer' in grant) {
    const server = new URL(grant.issuer)
    const execute = isLoopback(server) ? [oidc.allowInsecureRequests] : []
    const discover = (algorithm: 'oidc' | 'oauth2') =>
      oidc.discovery(server, clientId, undefined, client, { algorithm, execute, [oidc.customFetch]: ask })
    return discover('oidc').catch((error) => {
      if (statusOf(error) === 404) return discover('oauth2')
      throw error
    })
  }
  const { authorizeUrl, tokenUrl } = grant
  const metadata = {
    issuer: new URL(authorizeUrl).origin,
    authorization_endpoint: authorizeUrl,
    token_endpoint: tokenUrl,
  }
  const made = new oidc.Configuration(metadata, clientId, undefined, client)
  made[oidc.customFetch] = ask
  if (isLoopback(new URL(tokenUrl))) oidc.allowInsecureRequests(made)
  return made
}

function statusOf(error: unknown): number | null {
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.WWWAuthenticateChallengeError)
    return error.status
  const { cause } = error as { cause?: unknown }
  return cause instanceof Response ? cause.status : null
}

/** Nothing of what was sent or came stands in the reason. */
function refusedBy(error: unknown): Refused {
  const { cause } = error as { cause?: unknown }
  const status = statusOf(error)
  if (status !== null && (status < 200 || status > 299))
    return {
      because: `no token was given (${status}${errorWord((error as { error?: unknown }).error)})`,
      isFinal: status >= 400 && status < 500 && status !== 429,
    }
  // It answered, and not as it is agreed upon.
  if (error instanceof oidc.ClientError && error.code !== undefined)
    return { because: `what it answered is no token: ${error.message}`, isFinal: false }
  const { message } = (cause instanceof Error ? cause : error) as Error
  return { because: message, isFinal: false }
}

export interface Leaving {
  redirectUri: string
  state: string
  verifier: string
}

/** Where a person is sent to allow it. */
export async function permissionAddress(
  grant: CodeGrant,
  credentials: PollCredentials,
  { redirectUri, state, verifier }: Leaving,
  asking: Asking,
): Promise<{ address: string } | Refused> {
  try {
    const config = await configurationOf(grant, credentials, asking)
    const { authorization_endpoint: endpoint = '' } = config.serverMetadata()
    const fault = addressFault(endpoint)
    if (fault !== null) return { because: `where it asks for permission: ${fault}`, isFinal: true }
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(grant.scope === undefined ? {} : { scope: grant.scope }),
    })
    return { address: address.href }
  } catch (error) {
    return refusedBy(error)
  }
}

export type Permitted = { credentials: PollCredentials; as: string | null } | Refused

/** What a person came back with becomes tokens. `as`: as whom, where the other side says so. */
export async function exchangeCode(
  grant: CodeGrant,
  credentials: PollCredentials,
  { redirectUri, state, verifier, code, iss }: Leaving & { code: string; iss: string | undefined },
  asking: Asking,
): Promise<Permitted> {
  try {
    const config = await configurationOf(grant, credentials, asking)
    const url = new URL(redirectUri)
    url.searchParams.set('code', code)
    url.searchParams.set('state', state)
    // Who is not known by a name cannot be held to it (RFC 9207); that the address is theirs alone must do.
    if (iss !== undefined && 'issuer' in grant) url.searchParams.set('iss', iss)
    const tokens = await oidc.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier, expectedState: state })
    const { refreshToken: _r, token: _t, tokenEndsAtMs: _e, ...client } = credentials
    return { credentials: { ...client, ...kept(tokens, asking) }, as: await whoIs(config, tokens) }
  } catch (error) {
    return refusedBy(error)
  }
}

/** RFC 6749, 6. A refresh token that is replaced is kept in place of the old one. */
export async function refreshCode(grant: CodeGrant, credentials: PollCredentials, asking: Asking): Promise<Token> {
  try {
    const config = await configurationOf(grant, credentials, asking)
    const tokens = await oidc.refreshTokenGrant(config, credentials.refreshToken ?? '')
    const { token: _t, tokenEndsAtMs: _e, ...rest } = credentials
    return { credentials: { ...rest, ...kept(tokens, asking) } }
  } catch (error) {
    const { cause } = error as { cause?: unknown }
    if (cause instanceof AddressForbidden) throw cause
    return refusedBy(error)
  }
}

/** RFC 7009. Whether the other side was told that its tokens are worth nothing any more. */
export async function revokeTokens(grant: CodeGrant, credentials: PollCredentials, asking: Asking): Promise<boolean> {
  const token = credentials.refreshToken ?? credentials.token
  if (token === undefined || !('issuer' in grant)) return false
  try {
    const config = await configurationOf(grant, credentials, asking)
    if (config.serverMetadata().revocation_endpoint === undefined) return false
    await oidc.tokenRevocation(config, token)
    return true
  } catch {
    // It may be away, or know the token no more: here it is forgotten all the same.
    return false
  }
}

function kept(tokens: oidc.TokenEndpointResponse, { nowMs }: Asking): PollCredentials {
  const { access_token: token, refresh_token: refreshToken, expires_in: seconds = 0 } = tokens
  return {
    token,
    ...(seconds > 0 ? { tokenEndsAtMs: nowMs + seconds * 1000 } : {}),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  }
}

/** By the id token, or where people are described (OpenID Connect Core, 5.1 and 5.3). */
async function whoIs(
  config: oidc.Configuration,
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
): Promise<string | null> {
  const claims = tokens.claims()
  if (claims === undefined) return null
  const named = nameIn(claims)
  if (named !== null || config.serverMetadata().userinfo_endpoint === undefined) return named ?? shown(claims.sub)
  const told = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub).catch(() => ({}))
  return nameIn(told) ?? shown(claims.sub)
}

const nameIn = ({ email, preferred_username: user, name }: Record<string, unknown>): string | null =>
  shown(email) ?? shown(user) ?? shown(name)

/** A text that somebody else has written, as one line. */
function shown(text: unknown): string | null {
  if (typeof text !== 'string') return null
  return (
    text
      .toWellFormed()
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, MOST_NAME) || null
  )
}
