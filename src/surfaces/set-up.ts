import type { FastifyInstance } from 'fastify'
import { createAgency, listAgencies } from '../auth/agencies.ts'
import { faultOfPassword, MOST_PASSWORD } from '../auth/passwords.ts'
import { createPerson, EMAIL } from '../auth/people.ts'
import { takeSetUpCode } from '../auth/person-links.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError, invalid } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import { checkOrigin } from './same-origin.ts'
import { describePerson } from './session.ts'
import { enter, fieldsOf, note } from './sign-in.ts'

const BODY_BYTES = 8_192
const MOST_NAME = 200

interface Wanted {
  companyName: string
  name: string
  email: string
  password: string
}

/** The first agency and its owner, made by whoever reads the code in the log: nobody can sign in yet. */
export function addSetUp(http: FastifyInstance, platform: Platform): void {
  const { db, clock } = platform
  http.get('/setup', async () => ({ needed: (await listAgencies(db)).length === 0 }))
  http.post('/setup', { bodyLimit: BODY_BYTES }, async (request, reply) => {
    checkOrigin(platform, request)
    const field = fieldsOf(request)
    const { password } = (request.body ?? {}) as { password?: unknown }
    const wanted = {
      companyName: field('companyName').trim(),
      name: field('name').trim(),
      email: field('email').trim(),
      password: typeof password === 'string' ? password : '',
    }
    const person = await inTransaction(db, async (tx) => {
      if (!(await takeSetUpCode(tx, field('code').trim(), clock.nowMs())) || (await listAgencies(tx)).length > 0)
        throw new AppError('set_up_refused')
      const faults = faultsOf(wanted)
      if (faults.length > 0) throw invalid(faults)
      const agency = await createAgency(tx, { name: wanted.companyName }, clock.nowMs())
      const { name, email } = wanted
      return createPerson(
        tx,
        { agencyId: agency.id, name, email, role: 'owner', password: wanted.password },
        clock.nowMs(),
      )
    })
    note(platform, request, { event: 'set-up', outcome: 'done', who: person.id, detail: `agency ${person.agencyId}` })
    await enter(platform, request, reply, person)
    return reply.status(201).send(await describePerson(platform, person))
  })
}

function faultsOf({ companyName, name, email, password }: Wanted): string[] {
  const isName = (text: string) => text !== '' && text.length <= MOST_NAME
  return [
    isName(companyName) ? null : `companyName should have 1 to ${MOST_NAME} characters`,
    isName(name) ? null : `name should have 1 to ${MOST_NAME} characters`,
    EMAIL.test(email) && email.length <= MOST_NAME ? null : 'email should be an e-mail',
    password.length <= MOST_PASSWORD ? faultOfPassword(password, { email, name }) : 'password is too long',
  ].filter((fault) => fault !== null)
}
