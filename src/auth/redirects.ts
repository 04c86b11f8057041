import { type App, isLoopback, parseRedirect } from './apps.ts'

/** What is wrong with an address that an app wants its codes sent to, or null. */
export function redirectFault(text: string): string | null {
  const url = parseRedirect(text)
  if (url === null) return 'must be a URL without a fragment or a password'
  if (url.protocol === 'https:' || isLoopback(url)) return null
  // RFC 8252: programs on a device own schemes in the way of reversed domains.
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol)
    ? null
    : 'must begin with https://, with http:// and a loopback address, or with com.example.app:'
}

/**
 * Exactly one of the registered addresses, letter by letter; only the port of a loopback address is free (RFC 8252,
 * 7.3).
 */
export function isRedirectOf(app: App, text: string): boolean {
  if (parseRedirect(text) === null) return false
  if (app.redirectUris.includes(text)) return true
  const place = withoutPort(text)
  return place !== null && (app.loopback || app.redirectUris.some((registered) => withoutPort(registered) === place))
}

/**
 * A loopback address as it is spelled, but for its port; null for others, and for spellings that only come to one
 * (`127.1`).
 */
function withoutPort(text: string): string | null {
  const [, host, rest = ''] = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?((?:[/?].*)?)$/.exec(text) ?? []
  return host === undefined ? null : `${host}${rest}`
}
