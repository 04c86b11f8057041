import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccessRequest } from '../auth/access-requests.ts'
import { newPassword } from '../auth/passwords.ts'
import { findByPassword, type Person, setPassword } from '../auth/people.ts'
import { forgiveSignIn } from '../auth/sign-ins.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import { csrfsOf, SESSION, setCookie } from './cookies.ts'
import { toNewPasswordPage, toPasswordPage } from './oauth-page-html.ts'
import { sendPage, showPage } from './oauth-show.ts'
import { countTry, fieldsOf, note, passwordIn, signInBy } from './sign-in.ts'

export async function signIn(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  access: AccessRequest,
): Promise<FastifyReply> {
  const field = fieldsOf(request)
  const email = field('email').trim()
  try {
    await signInBy(platform, request, reply, { email, password: passwordIn(request), code: field('code').trim() })
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    // It is asked for next: no refusal that an agency has to know of.
    if (error.code === 'second_factor_needed')
      note(platform, request, { event: 'sign-in', outcome: 'refused', status: error.status, detail: error.message })
    const asksCode = error.code === 'second_factor_needed' || error.code === 'second_factor_wrong'
    const page = { access, status: error.status, fault: error.message, email, asksCode }
    return showPage(platform, request, reply, page)
  }
  return reply.redirect(request.url, 303)
}

/**
 * Whoever is signed in, and knows the present password, gets another one. The server draws it, so nobody has it from
 * elsewhere.
 */
export async function renewPassword(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  { access, person, isAsked }: { access: AccessRequest; person: Person; isAsked: boolean },
): Promise<FastifyReply> {
  const { db } = platform
  const { redirectUri } = access
  const who = person.id
  const ask = async (status: number, fault?: string) => {
    const form = { action: request.url, csrf: (await csrfsOf(platform, request))[0], fault }
    return sendPage(reply, { status, html: toPasswordPage(form, person), redirectUri })
  }
  if (!isAsked) return ask(200)
  const counted = await countTry(platform, request, reply, { event: 'new-password', email: person.email, who }).catch(
    (error) => {
      if (error instanceof AppError && error.status === 429) return error
      throw error
    },
  )
  if (counted instanceof AppError) return ask(counted.status, counted.message)
  if ((await findByPassword(db, person.email, passwordIn(request))) === null) {
    note(platform, request, { event: 'new-password', outcome: 'refused', who, detail: 'the present password is wrong' })
    return ask(401, 'This is not your present password.')
  }
  const password = newPassword()
  await inTransaction(db, (tx) => setPassword(tx, person.id, password))
  await forgiveSignIn(db, counted)
  note(platform, request, { event: 'new-password', outcome: 'done', who })
  setCookie(platform, reply, { name: SESSION, value: '', seconds: 0 })
  return sendPage(reply, {
    status: 200,
    html: toNewPasswordPage(request.url, { email: person.email, password }),
    redirectUri,
  })
}
