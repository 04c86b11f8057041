import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Refusal, readAccessRequest, toRedirect } from '../auth/access-requests.ts'
import { isLoopback } from '../auth/apps.ts'
import { allowAccess } from '../auth/authorisation.ts'
import { isSame } from '../auth/jwt.ts'
import { managesAccess } from '../auth/roles.ts'
import { namesOf, toSubjects } from '../auth/subjects.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import { csrfsOf, sessionOf } from './cookies.ts'
import { retryAfter, toErrorAnswer } from './errors.ts'
import { acceptUrlForms, FORM_BYTES } from './form-body.ts'
import { toRefusalPage } from './oauth-page-html.ts'
import { renewPassword, signIn } from './oauth-passwords.ts'
import { sendPage, showPage } from './oauth-show.ts'
import { fieldsOf, leave, note, noteRefused } from './sign-in.ts'

/** The older and the newer address (wire/highlevel.md, "Authorisation"). */
export const PATHS = ['/oauth/chooselocation', '/v2/oauth/chooselocation'] as const

/** Where people sign in, choose an agency or a location, and allow an app to act there. */
export function addOAuthPages(http: FastifyInstance, platform: Platform): void {
  http.register(async (scope) => {
    acceptUrlForms(scope)
    scope.setErrorHandler(async (error, request, reply) => {
      const { status, body } = toErrorAnswer(error, request.id)
      if ([401, 403, 429].includes(status))
        await noteRefused(platform, request, { event: 'consent', status, detail: String(body.message) })
      if ([429, 503].includes(status)) reply.header('retry-after', retryAfter(error))
      if (status >= 500)
        platform.log.error({ err: error, traceId: request.id, url: request.url.split('?')[0] }, 'page failed')
      return sendPage(reply, { status, html: toRefusalPage(String(body.message)), redirectUri: null })
    })
    for (const path of PATHS) {
      scope.get(path, (request, reply) => openPage(platform, request, reply))
      scope.post(path, { bodyLimit: FORM_BYTES }, (request, reply) => takeForm(platform, request, reply))
    }
  })
}

async function openPage(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = await readAccessRequest(platform.db, request.query as Record<string, unknown>, {
    pkce: platform.config.requirePkce,
    url: platform.publicUrl(),
  })
  if ('refusal' in asked) return tellRefusal(platform, reply, asked.refusal)
  return showPage(platform, request, reply, { access: asked.request, status: 200 })
}

async function takeForm(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = await readAccessRequest(platform.db, request.query as Record<string, unknown>, {
    pkce: platform.config.requirePkce,
    url: platform.publicUrl(),
  })
  if ('refusal' in asked) return tellRefusal(platform, reply, asked.refusal)
  const access = asked.request
  const field = fieldsOf(request)
  const refuse = (detail: string, status?: number) =>
    noteRefused(platform, request, { event: 'consent', status, detail: `app ${access.app.id}: ${detail}` })
  if (!(await csrfsOf(platform, request)).some((csrf) => isSame(field('csrf'), csrf))) {
    await refuse('the form is not from this browser, or out of date', 400)
    throw new AppError('bad_request', { reason: 'The form is out of date, or cookies are turned off.' })
  }
  const { redirectUri, state } = access
  const deny = async () => {
    await refuse('access was denied')
    const denied = { error: 'access_denied', error_description: 'access was denied' }
    return goBack(platform, reply, { redirectUri, ...denied, state })
  }
  // Nobody has to sign in to say no.
  if (field('decision') === 'deny') return deny()
  const step = field('step')
  if (step === 'sign-out') {
    await leave(platform, request, reply)
    return reply.redirect(request.url, 303)
  }
  if (step === 'sign-in') return signIn(platform, request, reply, access)
  const person = await sessionOf(platform, request)
  if (person === null) return reply.redirect(request.url, 303)
  if (step === 'password' || step === 'new-password')
    return renewPassword(platform, request, reply, { access, person, isAsked: step === 'new-password' })
  if (!managesAccess(person.role)) throw new AppError('role_missing', { role: person.role })
  if (step !== 'consent' || field('decision') !== 'allow') return deny()
  const target = field('target')
  if (target === '')
    return showPage(platform, request, reply, { access, status: 400, fault: 'Choose where the app may act.' })
  const consent = {
    person,
    request: access,
    locationId: target === 'agency' ? null : target,
    futureLocations: field('future') === 'yes',
  }
  const code = await inTransaction(platform.db, (tx) => allowAccess(tx, consent, platform.clock.nowMs()))
  const allowed = { appId: access.app.id, locationId: consent.locationId }
  note(platform, request, {
    event: 'consent',
    outcome: 'done',
    who: person.id,
    detail: `app ${access.app.id} in ${target}`,
    about: toSubjects(allowed, await namesOf(platform.db, allowed)),
  })
  return goBack(platform, reply, { redirectUri, code, state })
}

/** Back to the app, with what was decided and who says so (RFC 9207); 303, so that no form is sent along. */
function goBack(
  platform: Platform,
  reply: FastifyReply,
  { redirectUri, ...answer }: { redirectUri: string; [name: string]: string | undefined },
): FastifyReply {
  return reply.redirect(toRedirect(redirectUri, { ...answer, iss: platform.publicUrl() }), 303)
}

/**
 * What is wrong with a request is the app's to know. Whoever registers an app could send people anywhere by a link to
 * this server, so the way to the web, or into another program, is theirs to take (RFC 9700, 4.11.2). On the own machine
 * there is nobody to be sent to.
 */
function tellRefusal(platform: Platform, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { redirectUri, ...answer } = refusal
  if (isLoopback(new URL(redirectUri))) return goBack(platform, reply, refusal)
  const back = toRedirect(redirectUri, { ...answer, iss: platform.publicUrl() })
  return sendPage(reply, { status: 400, html: toRefusalPage(refusal.error_description, back), redirectUri: null })
}
