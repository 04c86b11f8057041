import type { FastifyInstance, FastifyReply } from 'fastify'
import { takeLink } from '../auth/person-links.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import { acceptUrlForms, FORM_BYTES } from './form-body.ts'
import { escapeHtml } from './html.ts'
import { frame, toRefusalPage } from './oauth-page-html.ts'
import { sendPage } from './oauth-show.ts'
import { checkOrigin } from './same-origin.ts'
import { enter, fieldsOf, note } from './sign-in.ts'

/**
 * Signs in whoever opens a link that works once. Opening it shows a button and does nothing yet: programs that look at
 * links on their way do not use it up.
 */
export function addEnterPage(http: FastifyInstance, platform: Platform): void {
  http.register(async (scope) => {
    acceptUrlForms(scope)
    scope.get('/enter', async (request, reply) => {
      const { token } = request.query as { token?: unknown }
      return show(reply, 200, toEnterPage(typeof token === 'string' ? token : ''))
    })
    scope.post('/enter', { bodyLimit: FORM_BYTES }, async (request, reply) => {
      checkOrigin(platform, request)
      const wanted = { token: fieldsOf(request)('token'), purposes: ['sign-in'] } as const
      try {
        const person = await inTransaction(platform.db, (tx) => takeLink(tx, wanted, platform.clock.nowMs()))
        await enter(platform, request, reply, person)
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error
        note(platform, request, { event: 'sign-in', outcome: 'refused', status: error.status, detail: error.message })
        return show(reply, error.status, toRefusalPage(error.message))
      }
      return reply.redirect('/app/', 303)
    })
  })
}

/** The form says where it came from, to us alone. */
function show(reply: FastifyReply, status: number, html: string): FastifyReply {
  return sendPage(reply.header('referrer-policy', 'same-origin'), { status, html, redirectUri: null })
}

const toEnterPage = (token: string) =>
  frame(
    'Sign in',
    `<h1>Sign in</h1><p>This link signs you in to Tintype, once.</p><form method="post" action="/enter"><input type="hidden" name="token" value="${escapeHtml(token.slice(0, 200))}"><div class="buttons"><button class="main" type="submit" autofocus>Sign in</button></div></form>`,
  )
