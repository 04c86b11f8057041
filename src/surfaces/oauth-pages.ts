import { randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Admin, findAdmin, findByPassword, newPassword, setPassword } from '../auth/admins.ts'
import { isLoopback } from '../auth/apps.ts'
import { type AccessRequest, allowAccess, getAgencyName, listChoices, type Refusal, readAccessRequest, toRedirect } from '../auth/authorisation.ts'
import { digestsFor, isSame, LIFE_SECONDS, signToken, verifyToken } from '../auth/jwt.ts'
import { beginSession, endSession, findSession, SESSION_SECONDS } from '../auth/sessions.ts'
import { countSignIn, forgiveSignIn, type Try } from '../auth/sign-ins.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import { logSecurity, type SecurityEvent } from '../log.ts'
import type { Platform } from '../operations/define.ts'
import { networkOf } from './addresses.ts'
import { retryAfter, toErrorAnswer } from './errors.ts'
import { acceptUrlForms, FORM_BYTES } from './form-body.ts'
import { type PageForm, policyOf, toConsentPage, toNewPasswordPage, toPasswordPage, toRefusalPage, toSignInPage } from './oauth-page-html.ts'

/** The older and the newer address (wire/highlevel.md, "Authorisation"). */
export const PATHS = ['/oauth/chooselocation', '/v2/oauth/chooselocation'] as const
const SESSION = 'tintype_session'
const FORM = 'tintype_form'
/** Tells a browser that somebody has signed in with from one that guesses. */
const KNOWN = 'tintype_known'
const KNOWN_SECONDS = LIFE_SECONDS.browser
const MOST_PASSWORD = 1000
/** Locations shown at once; the search finds the others. */
const MOST_CHOICES = 100

/** Where people sign in, choose an agency or a location, and allow an app to act there. */
export function addOAuthPages(http: FastifyInstance, platform: Platform): void {
  http.register(async (scope) => {
    acceptUrlForms(scope)
    scope.setErrorHandler((error, request, reply) => {
      const { status, body } = toErrorAnswer(error, request.id)
      if ([429, 503].includes(status)) reply.header('retry-after', retryAfter(error))
      if (status >= 500) platform.log.error({ err: error, traceId: request.id, url: request.url.split('?')[0] }, 'page failed')
      return sendPage(reply, { status, html: toRefusalPage(String(body.message)), redirectUri: null })
    })
    for (const path of PATHS) {
      scope.get(path, (request, reply) => openPage(platform, request, reply))
      scope.post(path, { bodyLimit: FORM_BYTES }, (request, reply) => takeForm(platform, request, reply))
    }
  })
}

function note(platform: Platform, request: FastifyRequest, event: Pick<SecurityEvent, 'event' | 'outcome' | 'who' | 'detail'>): void {
  logSecurity(platform.log, { ...event, from: request.ip, traceId: request.id })
}

async function openPage(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = await readAccessRequest(platform.db, request.query as Record<string, unknown>, { pkce: platform.config.requirePkce })
  if ('refusal' in asked) return tellRefusal(platform, reply, asked.refusal)
  return showPage(platform, request, reply, { access: asked.request, status: 200 })
}

async function takeForm(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = await readAccessRequest(platform.db, request.query as Record<string, unknown>, { pkce: platform.config.requirePkce })
  if ('refusal' in asked) return tellRefusal(platform, reply, asked.refusal)
  const access = asked.request
  const field = fieldsOf(request)
  if (!(await csrfsOf(platform, request)).some((csrf) => isSame(field('csrf'), csrf)))
    throw new AppError('bad_request', { reason: 'The form is out of date, or cookies are turned off.' })
  const { redirectUri, state } = access
  const denied = { redirectUri, error: 'access_denied', error_description: 'access was denied', state }
  // Nobody has to sign in to say no.
  if (field('decision') === 'deny') return leave(platform, reply, denied)
  const step = field('step')
  if (step === 'sign-out') {
    note(platform, request, { event: 'sign-out', outcome: 'done', who: (await sessionOf(platform, request))?.id })
    await endSession(platform.db, cookieOf(platform, request, SESSION), platform.clock.nowMs())
    setCookie(platform, reply, { name: SESSION, value: '', seconds: 0 })
    return reply.redirect(request.url, 303)
  }
  if (step === 'sign-in') return signIn(platform, request, reply, access)
  const admin = await sessionOf(platform, request)
  if (admin === null) return reply.redirect(request.url, 303)
  if (step === 'password' || step === 'new-password') return renewPassword(platform, request, reply, { access, admin, isAsked: step === 'new-password' })
  if (step !== 'consent' || field('decision') !== 'allow') return leave(platform, reply, denied)
  const target = field('target')
  if (target === '') return showPage(platform, request, reply, { access, status: 400, fault: 'Choose where the app may act.' })
  const consent = { admin, request: access, locationId: target === 'agency' ? null : target, futureLocations: field('future') === 'yes' }
  const code = await inTransaction(platform.db, (tx) => allowAccess(tx, consent, platform.clock.nowMs()))
  note(platform, request, { event: 'consent', outcome: 'done', who: admin.id, detail: `app ${access.app.id} in ${target}` })
  return leave(platform, reply, { redirectUri, code, state })
}

async function signIn(platform: Platform, request: FastifyRequest, reply: FastifyReply, access: AccessRequest): Promise<FastifyReply> {
  const { db, clock } = platform
  const field = fieldsOf(request)
  const email = field('email').trim()
  const password = passwordIn(request)
  const { attempt, refused } = await countTry(platform, request, reply, { event: 'sign-in', email })
  if (refused !== null) return showPage(platform, request, reply, { access, status: refused.status, fault: refused.message, email })
  const admin = await findByPassword(db, email, password)
  if (admin === null) {
    note(platform, request, { event: 'sign-in', outcome: 'refused', detail: 'e-mail or password is wrong' })
    return showPage(platform, request, reply, { access, status: 401, fault: 'E-mail or password is wrong.', email })
  }
  note(platform, request, { event: 'sign-in', outcome: 'done', who: admin.id })
  await forgiveSignIn(db, attempt)
  const who = { sub: admin.id, mark: admin.mark }
  const issuedAtMs = clock.nowMs()
  // Whoever signs in anew in this browser leaves no older session behind.
  await endSession(db, cookieOf(platform, request, SESSION), issuedAtMs)
  setCookie(platform, reply, { name: SESSION, value: await beginSession(db, admin, issuedAtMs), seconds: SESSION_SECONDS })
  const known = await signToken(db, 'browser', { ...who, jti: randomUUID() }, { issuedAtMs, lifeSeconds: KNOWN_SECONDS })
  setCookie(platform, reply, { name: KNOWN, value: known, seconds: KNOWN_SECONDS })
  return reply.redirect(request.url, 303)
}

/** Whoever is signed in, and knows the present password, gets another one. The server draws it, so nobody has it from elsewhere. */
async function renewPassword(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  { access, admin, isAsked }: { access: AccessRequest; admin: Admin; isAsked: boolean },
): Promise<FastifyReply> {
  const { db } = platform
  const { redirectUri } = access
  const ask = async (status: number, fault?: string) => {
    const form = { action: request.url, csrf: (await csrfsOf(platform, request))[0], fault }
    return sendPage(reply, { status, html: toPasswordPage(form, admin), redirectUri })
  }
  if (!isAsked) return ask(200)
  const { attempt, refused } = await countTry(platform, request, reply, { event: 'new-password', email: admin.email, who: admin.id })
  if (refused !== null) return ask(refused.status, refused.message)
  if ((await findByPassword(db, admin.email, passwordIn(request))) === null) {
    note(platform, request, { event: 'new-password', outcome: 'refused', who: admin.id, detail: 'the present password is wrong' })
    return ask(401, 'This is not your present password.')
  }
  const password = newPassword()
  await setPassword(db, admin.id, password)
  await forgiveSignIn(db, attempt)
  note(platform, request, { event: 'new-password', outcome: 'done', who: admin.id })
  setCookie(platform, reply, { name: SESSION, value: '', seconds: 0 })
  return sendPage(reply, { status: 200, html: toNewPasswordPage(request.url, { email: admin.email, password }), redirectUri })
}

/** Counts a try at the password of an e-mail. `refused`: there were too many, which is noted, and the answer says how long to wait. */
async function countTry(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  { event, email, who }: { event: string; email: string; who?: string },
): Promise<{ attempt: Try; refused: AppError | null }> {
  const attempt = { email, address: networkOf(request.ip), browser: await knownBrowserOf(platform, request, email) }
  try {
    await countSignIn(platform.db, attempt, platform.clock.nowMs())
    return { attempt, refused: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    note(platform, request, { event, outcome: 'refused', who, detail: 'too many tries' })
    reply.header('retry-after', retryAfter(error))
    return { attempt, refused: error }
  }
}

/** Whole, or not at all: no part of it is anybody's password. */
function passwordIn({ body }: FastifyRequest): string {
  const { password } = (body ?? {}) as Record<string, unknown>
  return typeof password === 'string' && password.length <= MOST_PASSWORD ? password : ''
}

/** Back to the app, with what was decided and who says so (RFC 9207); 303, so that no form is sent along. */
function leave(platform: Platform, reply: FastifyReply, { redirectUri, ...answer }: { redirectUri: string; [name: string]: string | undefined }): FastifyReply {
  return reply.redirect(toRedirect(redirectUri, { ...answer, iss: platform.publicUrl() }), 303)
}

/**
 * What is wrong with a request is the app's to know. Whoever registers an app could send people anywhere by a link to this server, so the way to
 * the web, or into another program, is theirs to take (RFC 9700, 4.11.2). On the own machine there is nobody to be sent to.
 */
function tellRefusal(platform: Platform, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { redirectUri, ...answer } = refusal
  if (isLoopback(new URL(redirectUri))) return leave(platform, reply, refusal)
  const back = toRedirect(redirectUri, { ...answer, iss: platform.publicUrl() })
  return sendPage(reply, { status: 400, html: toRefusalPage(refusal.error_description, back), redirectUri: null })
}

async function showPage(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  options: { access: AccessRequest; status: number; fault?: string; email?: string },
): Promise<FastifyReply> {
  const { access, status, fault, email = '' } = options
  if (cookieOf(platform, request, FORM) === undefined) {
    const value = randomBytes(24).toString('base64url')
    setCookie(platform, reply, { name: FORM, value, seconds: SESSION_SECONDS })
    request.headers.cookie = `${request.headers.cookie ?? ''}; ${cookieName(platform, FORM)}=${value}`
  }
  const form: PageForm = { action: request.url, csrf: (await csrfsOf(platform, request))[0], fault }
  const admin = await sessionOf(platform, request)
  const html = admin === null ? toSignInPage(form, { app: access.app, email }) : await toConsent(platform, request, { form, access, admin })
  return sendPage(reply, { status, html, redirectUri: access.redirectUri })
}

async function toConsent({ db }: Platform, request: FastifyRequest, page: { form: PageForm; access: AccessRequest; admin: Admin }): Promise<string> {
  const { find: wanted, ...others } = request.query as Record<string, unknown>
  const sent = Object.entries(others).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
  const find = typeof wanted === 'string' ? wanted.slice(0, 200).replaceAll('\u0000', '').toWellFormed() : ''
  const { agencyId } = page.admin
  const choices = await listChoices(db, { agencyId, name: find, limit: MOST_CHOICES + 1 })
  return toConsentPage(page.form, {
    admin: page.admin,
    request: page.access,
    agencyName: await getAgencyName(db, agencyId),
    owner: page.access.app.agencyId === agencyId ? null : await getAgencyName(db, page.access.app.agencyId),
    choices: choices.slice(0, MOST_CHOICES),
    more: choices.length > MOST_CHOICES,
    find,
    sent,
  })
}

function sendPage(reply: FastifyReply, page: { status: number; html: string; redirectUri: string | null }): FastifyReply {
  return reply
    .status(page.status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyOf(page.redirectUri),
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    })
    .send(page.html)
}

/** A field of the form as one text, cut to what any of them may be. */
function fieldsOf(request: FastifyRequest): (name: string) => string {
  const body = (request.body ?? {}) as Record<string, unknown>
  return (name) => (typeof body[name] === 'string' ? body[name].slice(0, 1000).replaceAll('\u0000', '').toWellFormed() : '')
}

/** Bound to the browser and to who is signed in, so that nobody else can fill in the form for them. */
function csrfsOf(platform: Platform, request: FastifyRequest): Promise<[string, ...string[]]> {
  return digestsFor(platform.db, 'form', `${cookieOf(platform, request, FORM) ?? ''}\n${cookieOf(platform, request, SESSION) ?? ''}`)
}

function sessionOf(platform: Platform, request: FastifyRequest): Promise<Admin | null> {
  return findSession(platform.db, cookieOf(platform, request, SESSION), platform.clock.nowMs())
}

/** The browser's own name, where the admin with this e-mail has signed in with it under the present password. */
async function knownBrowserOf(platform: Platform, request: FastifyRequest, email: string): Promise<string | undefined> {
  const { db, clock } = platform
  const payload = await verifyToken(db, 'browser', cookieOf(platform, request, KNOWN) ?? '', clock.nowMs())
  const admin = payload?.sub === undefined ? null : await findAdmin(db, payload.sub)
  return admin !== null && admin.mark === payload?.mark && admin.email.toLowerCase() === email.toLowerCase() ? payload.jti : undefined
}

const isSecure = (platform: Platform) => platform.publicUrl().startsWith('https:')

/** Behind https no other site of the same domain can plant such a cookie: browsers hold the prefix to this host, and to https. */
const cookieName = (platform: Platform, name: string) => (isSecure(platform) ? `__Host-${name}` : name)

function cookieOf(platform: Platform, request: FastifyRequest, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([key, value]) => key === cookieName(platform, name) && value !== undefined && value !== '')
  return found?.[1]
}

function setCookie(platform: Platform, reply: FastifyReply, cookie: { name: string; value: string; seconds: number }): void {
  // A second cookie of an answer is added to the first one.
  const secure = isSecure(platform) ? '; Secure' : ''
  reply.header('set-cookie', `${cookieName(platform, cookie.name)}=${cookie.value}; Path=/; Max-Age=${cookie.seconds}; HttpOnly; SameSite=Lax${secure}`)
}
