import { createTransport } from 'nodemailer'
import type { Config } from './config.ts'
import type { Log } from './log.ts'

export interface Mail {
  to: string
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
      transport.sendMail(mail).catch((error: Error) => log.warn({ to: mail.to, reason: error.message }, 'mail failed'))
      return true
    },
  }
}
