import { listAgencies } from '../../auth/agencies.ts'
import { findByEmail } from '../../auth/people.ts'
import { makeLink } from '../../auth/person-links.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { Application, Invocation } from './command.ts'

/**
 * Without an agency nothing can be asked of a server: the code lets whoever reads it make the first one. A hint is no
 * reason to end: the database may just be away.
 */
export async function hintAtAgency(call: Pick<Invocation, 'print'>, { platform }: Application): Promise<void> {
  const { db, clock } = platform
  const agencies = await listAgencies(db).catch(() => null)
  if (agencies?.length !== 0) return
  call.print('Agency          none yet: tintype agency create NAME --admin E-MAIL')
  const made = await inTransaction(db, (tx) =>
    makeLink(tx, { personId: null, purpose: 'set-up' }, clock.nowMs()),
  ).catch(() => null)
  if (made !== null) call.print(`Set-up          or ${platform.publicUrl()}/app/setup#code=${made.token} (once)`)
}

/** The line with a link that signs somebody in, once; null where there is nobody with this e-mail. */
export async function signInLine({ platform }: Application, email: string): Promise<string | null> {
  const { db, clock } = platform
  const person = await findByEmail(db, email)
  if (person === null) return null
  const { token } = await inTransaction(db, (tx) =>
    makeLink(tx, { personId: person.id, purpose: 'sign-in' }, clock.nowMs()),
  )
  return `Sign in         ${platform.publicUrl()}/enter?token=${token} (once, as ${email})`
}
