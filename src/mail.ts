import { createTransport } from 'nodemailer'
import type { Config } from './config.ts'
import type { Log } from './log.ts'

export interface Mail {
  to: string
  /** Whose address that is: the log names nobody otherwise. */
  personId: string
  subject: string
  text: string
}

export interface Mailer {
  /**
   * Whether mail is set up, and so this one is on its way. Nobody waits for it: one that fails stands in the log, without
   * what it said.
   */
  send(mail: Mail): boolean
}

const PATIENCE_MS = 10_000

export function createMailer({ smtpUrl, smtpFrom }: Config, log: Log): Mailer {
  if (smtpUrl === undefined) return { send: () => false }
  const transport = createTransport(smtpUrl, { from: smtpFrom })
  // What a server that hangs costs ends by itself.
  Object.assign(transport.options, {
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  })
  return {
    send(mail) {
      const { personId, ...message } = mail
      transport
        .sendMail(message)
        // A server that refuses an address repeats it.
        .catch((error: Error) =>
          log.warn({ person: personId, reason: error.message.replaceAll(mail.to, 'the address') }, 'mail failed'),
        )
      return true
    },
  }
}
