import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Admin, createSignInLimiter, findAdmin, findByPassword, type SignInLimiter } from '../auth/admins.ts'
import { type AccessRequest, allowAccess, getAgencyName, listChoices, readAccessRequest, toRedirect } from '../auth/authorisation.ts'
import { digestFor, isSame, signToken, verifyToken } from '../auth/jwt.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import type { Platform } from '../operations/define.ts'
import { toErrorAnswer } from './errors.ts'
import { acceptUrlForms } from './form-body.ts'
import { type PageForm, policyOf, toConsentPage, toRefusalPage, toSignInPage } from './oauth-page-html.ts'

/** The older and the newer address (wire/highlevel.md, "Authorisation"). */
const PATHS = ['/oauth/chooselocation', '/v2/oauth/chooselocation']
const SESSION_SECONDS = 3600
const SESSION = 'tintype_session'
const FORM = 'tintype_form'
/** Locations shown at once; the search finds the others. */
const MOST_CHOICES = 100

/** Where people sign in, choose an agency or a location, and allow an app to act there. */
export function addOAuthPages(http: FastifyInstance, platform: Platform): void {
  const limiter = createSignInLimiter(platform.clock)
  http.register(async (scope) => {
    acceptUrlForms(scope)
    scope.setErrorHandler((error, request, reply) => {
      const { status, body } = toErrorAnswer(error, request.id)
      if (status >= 500) platform.log.error({ err: error, traceId: request.id, url: request.url.split('?')[0] }, 'page failed')
      return sendPage(reply, { status, html: toRefusalPage(String(body.message)), redirectUri: null })
    })
    for (const path of PATHS) {
      scope.get(path, (request, reply) => openPage(platform, request, reply))
      scope.post(path, (request, reply) => takeForm(platform, limiter, request, reply))
    }
  })
}

async function openPage(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = await readAccessRequest(platform.db, request.query as Record<string, unknown>)
  if ('refusedTo' in asked) return reply.redirect(asked.refusedTo)
  return showPage(platform, request, reply, { access: asked.request, status: 200 })
}

async function takeForm(platform: Platform, limiter: SignInLimiter, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = await readAccessRequest(platform.db, request.query as Record<string, unknown>)
  if ('refusedTo' in asked) return reply.redirect(asked.refusedTo)
  const access = asked.request
  const field = fieldsOf(request)
  if (!isSame(field('csrf'), await csrfOf(platform, request)))
    throw new AppError('bad_request', { reason: 'The form is out of date, or cookies are turned off.' })
  const again = () => reply.redirect(request.url, 303)
  const step = field('step')
  if (step === 'sign-out') {
    setCookie(platform, reply, { name: SESSION, value: '', seconds: 0 })
    return again()
  }
  if (step === 'sign-in') {
    const [email, password] = [field('email').trim(), field('password')]
    limiter.take(email, request.ip)
    const admin = await findByPassword(platform.db, email, password)
    if (admin === null) return showPage(platform, request, reply, { access, status: 401, fault: 'E-mail or password is wrong.', email })
    limiter.forgive(email, request.ip)
    const value = await signToken(
      platform.db,
      'sign-in',
      { sub: admin.id, mark: admin.mark },
      { issuedAtMs: platform.clock.nowMs(), lifeSeconds: SESSION_SECONDS },
    )
    setCookie(platform, reply, { name: SESSION, value, seconds: SESSION_SECONDS })
    return again()
  }
  const admin = await sessionOf(platform, request)
  if (admin === null) return again()
  if (step !== 'consent' || field('decision') !== 'allow')
    return reply.redirect(toRedirect(access.redirectUri, { error: 'access_denied', error_description: 'access was denied', state: access.state }))
  const target = field('target')
  if (target === '') return showPage(platform, request, reply, { access, status: 400, fault: 'Choose where the app may act.' })
  const consent = { admin, request: access, locationId: target === 'agency' ? null : target, futureLocations: field('future') === 'yes' }
  const code = await inTransaction(platform.db, (tx) => allowAccess(tx, consent, platform.clock.nowMs()))
  return reply.redirect(toRedirect(access.redirectUri, { code, state: access.state }))
}

async function showPage(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  options: { access: AccessRequest; status: number; fault?: string; email?: string },
): Promise<FastifyReply> {
  const { access, status, fault, email = '' } = options
  if (cookieOf(request, FORM) === undefined) {
    const value = randomBytes(24).toString('base64url')
    setCookie(platform, reply, { name: FORM, value, seconds: SESSION_SECONDS })
    request.headers.cookie = `${request.headers.cookie ?? ''}; ${FORM}=${value}`
  }
  const form: PageForm = { action: request.url, csrf: await csrfOf(platform, request), fault }
  const admin = await sessionOf(platform, request)
  const html = admin === null ? toSignInPage(form, { appName: access.app.name, email }) : await toConsent(platform, request, { form, access, admin })
  return sendPage(reply, { status, html, redirectUri: access.redirectUri })
}

async function toConsent({ db }: Platform, request: FastifyRequest, page: { form: PageForm; access: AccessRequest; admin: Admin }): Promise<string> {
  const { find: wanted, ...sent } = request.query as Record<string, string>
  const find = typeof wanted === 'string' ? wanted.slice(0, 200).replaceAll('\u0000', '').toWellFormed() : ''
  const { agencyId } = page.admin
  const choices = await listChoices(db, { agencyId, name: find, limit: MOST_CHOICES + 1 })
  return toConsentPage(page.form, {
    admin: page.admin,
    request: page.access,
    agencyName: await getAgencyName(db, agencyId),
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
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
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
function csrfOf(platform: Platform, request: FastifyRequest): Promise<string> {
  return digestFor(platform.db, 'form', `${cookieOf(request, FORM) ?? ''}\n${cookieOf(request, SESSION) ?? ''}`)
}

async function sessionOf({ db, clock }: Platform, request: FastifyRequest): Promise<Admin | null> {
  const session = cookieOf(request, SESSION)
  const payload = session === undefined ? null : await verifyToken(db, 'sign-in', session, clock.nowMs())
  const admin = payload?.sub === undefined ? null : await findAdmin(db, payload.sub)
  return admin?.mark === payload?.mark ? admin : null
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([key, value]) => key === name && value !== undefined && value !== '')
  return found?.[1]
}

function setCookie(platform: Platform, reply: FastifyReply, cookie: { name: string; value: string; seconds: number }): void {
  const secure = platform.publicUrl().startsWith('https:') ? '; Secure' : ''
  // A second cookie of an answer is added to the first one.
  reply.header('set-cookie', `${cookie.name}=${cookie.value}; Path=/; Max-Age=${cookie.seconds}; HttpOnly; SameSite=Lax${secure}`)
}
