import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccessRequest } from '../auth/access-requests.ts'
import { getAgencyName, listChoices } from '../auth/authorisation.ts'
import type { Person } from '../auth/people.ts'
import { managesAccess } from '../auth/roles.ts'
import type { Platform } from '../operations/platform.ts'
import { cookieName, cookieOf, csrfsOf, FORM, sessionOf, setCookie } from './cookies.ts'
import { toConsentPage } from './oauth-consent-html.ts'
import { type PageForm, policyOf, toSignInPage } from './oauth-page-html.ts'
import { note } from './sign-in.ts'

/** Locations shown at once; the search finds the others. */
const MOST_CHOICES = 100
const FORM_SECONDS = 3_600

export async function showPage(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  options: { access: AccessRequest; status: number; fault?: string; email?: string; asksCode?: boolean },
): Promise<FastifyReply> {
  const { access, status, fault, email = '', asksCode = false } = options
  if (cookieOf(platform, request, FORM) === undefined) {
    const value = randomBytes(24).toString('base64url')
    setCookie(platform, reply, { name: FORM, value, seconds: FORM_SECONDS })
    request.headers.cookie = `${request.headers.cookie ?? ''}; ${cookieName(platform, FORM)}=${value}`
  }
  const form: PageForm = { action: request.url, csrf: (await csrfsOf(platform, request))[0], fault }
  const person = await sessionOf(platform, request)
  const isOther = person !== null && !managesAccess(person.role)
  const others = `You are signed in as ${person?.email}, who may not allow apps. Sign in as an owner or an admin.`
  if (isOther)
    note(platform, request, { event: 'consent', outcome: 'refused', who: person.id, status: 403, detail: others })
  const html =
    person === null || isOther
      ? toSignInPage({ ...form, fault: isOther ? others : fault }, { app: access.app, email, asksCode })
      : await toConsent(platform, request, { form, access, person })
  return sendPage(reply, { status: isOther ? 403 : status, html, redirectUri: access.redirectUri })
}

async function toConsent(
  { db }: Platform,
  request: FastifyRequest,
  page: { form: PageForm; access: AccessRequest; person: Person },
): Promise<string> {
  const { find: wanted, ...others } = request.query as Record<string, unknown>
  const sent = Object.entries(others).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  const find = typeof wanted === 'string' ? wanted.slice(0, 200).replaceAll('\u0000', '').toWellFormed() : ''
  const { agencyId } = page.person
  const choices = await listChoices(db, { agencyId, name: find, limit: MOST_CHOICES + 1 })
  return toConsentPage(page.form, {
    person: page.person,
    request: page.access,
    agencyName: await getAgencyName(db, agencyId),
    owner: page.access.app.agencyId === agencyId ? null : await getAgencyName(db, page.access.app.agencyId),
    choices: choices.slice(0, MOST_CHOICES),
    more: choices.length > MOST_CHOICES,
    find,
    sent,
  })
}

export function sendPage(
  reply: FastifyReply,
  page: { status: number; html: string; redirectUri: string | null },
): FastifyReply {
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
