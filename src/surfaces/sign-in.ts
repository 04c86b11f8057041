import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LIFE_SECONDS, signToken } from '../auth/jwt.ts'
import { findByPassword, type Person } from '../auth/people.ts'
import { hasSecondFactor, takeCode } from '../auth/second-factor.ts'
import type { ToKeep } from '../auth/security-events.ts'
import { beginSession, endSession } from '../auth/sessions.ts'
import { countSignIn, forgiveSignIn, type Try } from '../auth/sign-ins.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import { logSecurity, type SecurityEvent } from '../log.ts'
import type { Platform } from '../operations/platform.ts'
import { emailKey } from '../store/natural-key.ts'
import { networkOf } from './addresses.ts'
import { cookieOf, KNOWN, knownBrowserOf, SESSION, sessionOf, setCookie } from './cookies.ts'
import { retryAfter } from './errors.ts'

const DAY_SECONDS = 86_400
const KNOWN_SECONDS = LIFE_SECONDS.browser
const MOST_PASSWORD = 1000

/** An event of signing in: logged, and kept for the agency of whom it is about. `email`: where nobody is known yet. */
export function note(
  platform: Platform,
  request: FastifyRequest,
  { about, ...event }: Pick<ToKeep, 'event' | 'outcome' | 'who' | 'detail' | 'status' | 'about'>,
  email?: string,
): void {
  const whole = { ...event, from: request.ip, traceId: request.id }
  logSecurity(platform.log, whole)
  const of = event.who === undefined ? (email === undefined ? null : { email }) : { personId: event.who }
  if (of !== null) platform.securityEvents.beside(of, { ...whole, about })
}

/** A refusal of a page, which answers by itself: with whoever is signed in, whom a flood (429) is not worth looking up. */
export async function noteRefused(
  platform: Platform,
  request: FastifyRequest,
  refusal: Pick<SecurityEvent, 'event' | 'status' | 'detail'>,
): Promise<void> {
  const person = refusal.status === 429 ? null : await sessionOf(platform, request)
  note(platform, request, { ...refusal, outcome: 'refused', who: person?.id })
}

/** Signs in whoever knows the password. Throws 401 where it is wrong, 429 after too many tries; both are noted. */
export async function signInBy(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, password, code }: { email: string; password: string; code: string },
): Promise<Person> {
  const { db } = platform
  const attempt = await countTry(platform, request, reply, { event: 'sign-in', email })
  const person = await findByPassword(db, email, password)
  if (person === null) {
    note(platform, request, { event: 'sign-in', outcome: 'refused', detail: 'e-mail or password is wrong' }, email)
    throw new AppError('sign_in_wrong')
  }
  await checkCode(platform, request, person, code)
  await forgiveSignIn(db, attempt)
  await enter(platform, request, reply, person)
  return person
}

/** Throws 401 where a second factor is asked for and not there, or wrong: that counts like a wrong password. */
async function checkCode(platform: Platform, request: FastifyRequest, { id }: Person, code: string): Promise<void> {
  const { db, clock } = platform
  if (!(await hasSecondFactor(db, id))) return
  if (code === '') throw new AppError('second_factor_needed')
  if (await inTransaction(db, (tx) => takeCode(tx, id, code, clock.nowMs()))) return
  note(platform, request, { event: 'sign-in', outcome: 'refused', who: id, detail: 'the second factor is wrong' })
  throw new AppError('second_factor_wrong')
}

/** Begins a session in this browser, which is known from now on. Whatever session it had before ends. */
export async function enter(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  person: Person,
): Promise<void> {
  const { db, clock, config } = platform
  const issuedAtMs = clock.nowMs()
  const place = { address: request.ip, agent: request.headers['user-agent'] ?? '' }
  const session = await inTransaction(db, async (tx) => {
    await endSession(tx, cookieOf(platform, request, SESSION))
    return beginSession(tx, person.id, place, issuedAtMs)
  })
  setCookie(platform, reply, { name: SESSION, value: session, seconds: config.sessionDays * DAY_SECONDS })
  const known = await signToken(
    db,
    'browser',
    { sub: person.id, mark: person.mark, jti: randomUUID() },
    { issuedAtMs, lifeSeconds: KNOWN_SECONDS },
  )
  setCookie(platform, reply, { name: KNOWN, value: known, seconds: KNOWN_SECONDS })
  note(platform, request, { event: 'sign-in', outcome: 'done', who: person.id })
}

/** Ends the session of this browser. */
export async function leave(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const who = await inTransaction(platform.db, (tx) => endSession(tx, cookieOf(platform, request, SESSION)))
  note(platform, request, { event: 'sign-out', outcome: 'done', who: who ?? undefined })
  setCookie(platform, reply, { name: SESSION, value: '', seconds: 0 })
}

/** Counts a try at the password of an e-mail. Throws 429 after too many, which is noted. */
export async function countTry(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  { event, email, who }: { event: string; email: string; who?: string },
): Promise<Try> {
  const attempt = {
    email: emailKey(email),
    address: networkOf(request.ip),
    browser: await knownBrowserOf(platform, request, email),
  }
  try {
    await countSignIn(platform.db, attempt, platform.clock.nowMs())
    return attempt
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    note(platform, request, { event, outcome: 'refused', who, detail: 'too many tries' }, email)
    reply.header('retry-after', retryAfter(error))
    throw error
  }
}

/** Whole, or not at all: no part of it is anybody's password. */
export function passwordIn({ body }: FastifyRequest): string {
  const { password } = (body ?? {}) as Record<string, unknown>
  return typeof password === 'string' && password.length <= MOST_PASSWORD ? password : ''
}

/** A field of the body as one text, cut to what any of them may be. */
export function fieldsOf(request: FastifyRequest): (name: string) => string {
  const body = (request.body ?? {}) as Record<string, unknown>
  return (name) =>
    typeof body[name] === 'string' ? body[name].slice(0, 1000).replaceAll('\u0000', '').toWellFormed() : ''
}
