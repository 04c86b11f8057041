import type { Config } from './config.ts'

export interface Mail {
  to: string
  subject: string
  text: string
}

export interface Mailer {
  /** Whether there is a mail server to send by. */
  isSetUp: boolean
  /** Settles when the mail server has taken it; throws `MailFailed`. */
  send(mail: Mail): Promise<void>
}

/** Why the mail server has not taken it, without whom it was for and what it said. */
export class MailFailed extends Error {
  /** As the transport calls it. */
  readonly code: string | undefined
  /** It would refuse it again. */
  readonly isFinal: boolean

  constructor(reason: string, { code, isFinal = false }: { code?: string | undefined; isFinal?: boolean } = {}) {
    super(reason)
    this.code = code
    this.isFinal = isFinal
  }
}

const PATIENCE_MS = 10_000

export async function createMailer({ smtpUrl, smtpFrom }: Config): Promise<Mailer> {
  if (smtpUrl === undefined)
    return {
      isSetUp: false,
      send: async () => {
        throw new MailFailed('mail waits for a worker that has TINTYPE_SMTP_URL')
      },
    }
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(smtpUrl, { from: smtpFrom })
  // What a server that hangs costs ends by itself.
  Object.assign(transport.options, {
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  })
  return {
    isSetUp: true,
    async send(mail) {
      await transport.sendMail(mail).catch((error: Error & { code?: string; responseCode?: number }) => {
        const { code, responseCode = 0 } = error
        // RFC 5321, 4.2.1: 4yz may be tried again. A password that is refused is the operator's to mend.
        const isFinal = responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')
        // A server that refuses an address repeats it.
        throw new MailFailed(error.message.replace(new RegExp(RegExp.escape(mail.to), 'gi'), 'the address'), {
          code,
          isFinal,
        })
      })
    },
  }
}
