import type { JobHelpers } from 'graphile-worker'
import { findPerson } from '../auth/people.ts'
import { MailFailed } from '../mail.ts'
import type { JobContext } from './context.ts'

/** Tells a person something that has happened and is no secret. A mail server that is away gets it later. */
export async function mailNews({ db, log, mail }: JobContext, payload: unknown, { job }: JobHelpers): Promise<void> {
  const { personId, subject, text } = payload as { personId: string; subject: string; text: string }
  const person = await findPerson(db, personId)
  if (person === null) return
  try {
    await mail.send({ to: person.email, subject, text })
  } catch (error) {
    if (!(error instanceof MailFailed && error.isFinal) && job.attempts < job.max_attempts) throw error
    log.warn({ person: personId, reason: (error as Error).message }, 'mail failed')
  }
}
