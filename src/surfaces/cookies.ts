import type { FastifyReply, FastifyRequest } from 'fastify'
import { digestsFor, verifyToken } from '../auth/jwt.ts'
import { findPerson, type Person } from '../auth/people.ts'
import { findSession, sessionLifeOf } from '../auth/sessions.ts'
import type { Shown } from '../operations/call.ts'
import type { Platform } from '../operations/platform.ts'
import { emailKey } from '../store/natural-key.ts'
import { bearerOf, singleHeader } from './request-heads.ts'
import { isOfConsole } from './same-origin.ts'

export const SESSION = 'tintype_session'
export const FORM = 'tintype_form'
/** Tells a browser that somebody has signed in with from one that guesses. */
export const KNOWN = 'tintype_known'

/** Bound to the browser and to who is signed in, so that nobody else can fill in the form for them. */
export function csrfsOf(platform: Platform, request: FastifyRequest): Promise<[string, ...string[]]> {
  return digestsFor(
    platform.db,
    'form',
    `${cookieOf(platform, request, FORM) ?? ''}\n${cookieOf(platform, request, SESSION) ?? ''}`,
  )
}

/** Who is signed in. */
export async function sessionOf(platform: Platform, request: FastifyRequest): Promise<Person | null> {
  const { db, config, clock } = platform
  const found = await findSession(db, cookieOf(platform, request, SESSION), sessionLifeOf(config), clock.nowMs())
  return found?.person ?? null
}

/** A person's request: it has the cookie of a session, and no authorization of any kind. */
export const isByCookie = (platform: Platform, request: FastifyRequest) =>
  request.headers.authorization === undefined && cookieOf(platform, request, SESSION) !== undefined

/** What a request shows. One of the console without a cookie is that of somebody who is not signed in any more. */
export function shownBy(platform: Platform, request: FastifyRequest): Shown {
  const session = cookieOf(platform, request, SESSION) ?? (isOfConsole(request) ? '' : undefined)
  if (session === undefined || request.headers.authorization !== undefined) return { token: bearerOf(request) }
  return { session, at: singleHeader(request, 'x-location-id') || undefined }
}

/** The browser's own name, where the person with this e-mail has signed in with it under the present password. */
export async function knownBrowserOf(
  platform: Platform,
  request: FastifyRequest,
  email: string,
): Promise<string | undefined> {
  const { db, clock } = platform
  const payload = await verifyToken(db, 'browser', cookieOf(platform, request, KNOWN) ?? '', clock.nowMs())
  const person = payload?.sub === undefined ? null : await findPerson(db, payload.sub)
  return person !== null && person.mark === payload?.mark && emailKey(person.email) === emailKey(email)
    ? payload.jti
    : undefined
}

const isSecure = (platform: Platform) => platform.publicUrl().startsWith('https:')

/**
 * Behind https no other site of the same domain can plant such a cookie: browsers hold the prefix to this host, and to
 * https.
 */
export const cookieName = (platform: Platform, name: string) => (isSecure(platform) ? `__Host-${name}` : name)

export function cookieOf(platform: Platform, request: FastifyRequest, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([key, value]) => key === cookieName(platform, name) && value !== undefined && value !== '')
  return found?.[1]
}

export function setCookie(
  platform: Platform,
  reply: FastifyReply,
  cookie: { name: string; value: string; seconds: number },
): void {
  // A second cookie of an answer is added to the first one.
  const secure = isSecure(platform) ? '; Secure' : ''
  reply.header(
    'set-cookie',
    `${cookieName(platform, cookie.name)}=${cookie.value}; Path=/; Max-Age=${cookie.seconds}; HttpOnly; ` +
      `SameSite=Lax${secure}`,
  )
}
