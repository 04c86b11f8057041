import type { JobHelpers } from 'graphile-worker'
import { findUnsent, forgetUnsent, type LinkPurpose } from '../auth/person-links.ts'
import { MailFailed } from '../mail.ts'
import type { JobContext } from './context.ts'

const WORDS: Partial<Record<LinkPurpose, { subject: string; text: string }>> = {
  invitation: {
    subject: 'Your invitation to Tintype',
    text: 'You were invited to Tintype. Set your password here, within seven days:',
  },
  reset: { subject: 'A new password for Tintype', text: 'Set a new password for Tintype here, within a day:' },
}

/**
 * A link goes to whom it is for. The job names it by its hash; the link itself stands sealed beside that, until it is
 * sent or given up. A mail server that is away gets it later.
 */
export async function mailLink(
  { db, clock, log, mail }: JobContext,
  payload: unknown,
  { job }: JobHelpers,
): Promise<void> {
  const { hash } = payload as { hash: string }
  const unsent = await findUnsent(db, hash, clock.nowMs())
  const words = unsent === null ? undefined : WORDS[unsent.purpose]
  if (unsent === null || words === undefined) return
  const { person, open } = unsent
  try {
    await mail.send({
      to: person.email,
      subject: words.subject,
      text: `${words.text}\n\n${open()}\n`,
    })
  } catch (error) {
    if (!(error instanceof MailFailed && error.isFinal) && job.attempts < job.max_attempts) throw error
    log.warn({ person: person.id, reason: (error as Error).message }, 'mail failed')
  }
  await forgetUnsent(db, hash)
}
