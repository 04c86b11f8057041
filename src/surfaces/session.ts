import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getAgencyName } from '../auth/authorisation.ts'
import type { Person } from '../auth/people.ts'
import { AppError } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import { sessionOf } from './cookies.ts'
import { checkFromConsole, checkOrigin } from './same-origin.ts'
import { fieldsOf, leave, passwordIn, signInBy } from './sign-in.ts'

/** Where people sign in to the console: for no other origin. */
export const SESSION_PATHS = ['/session', '/enter', '/setup'] as const

/** Larger than any e-mail, password and code. */
const BODY_BYTES = 8_192

/** Signing in and out, and who is signed in, as JSON. */
export function addSession(http: FastifyInstance, platform: Platform): void {
  http.post('/session', { bodyLimit: BODY_BYTES }, async (request: FastifyRequest, reply: FastifyReply) => {
    checkOrigin(platform, request)
    const field = fieldsOf(request)
    const person = await signInBy(platform, request, reply, {
      email: field('email').trim(),
      password: passwordIn(request),
      code: field('code').trim(),
    })
    return reply.status(201).send(await describePerson(platform, person))
  })
  http.get('/session', async (request) => {
    const person = await sessionOf(platform, request)
    if (person === null) throw new AppError('session_ended')
    return describePerson(platform, person)
  })
  const fromConsole = async (request: FastifyRequest) => checkFromConsole(platform, request)
  http.delete('/session', { bodyLimit: BODY_BYTES, onRequest: fromConsole }, async (request, reply) => {
    await leave(platform, request, reply)
    return reply.status(204).send()
  })
}

/** Who is signed in, as the console is told. */
export async function describePerson({ db }: Platform, { id, name, email, role, locationIds, agencyId }: Person) {
  return {
    person: { id, name, email, role, locationIds },
    company: { id: agencyId, name: await getAgencyName(db, agencyId) },
  }
}
