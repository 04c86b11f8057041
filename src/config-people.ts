import { setting } from './config-setting.ts'
import { integer, smtpUrl } from './config-values.ts'

/** Settings of people and how they sign in. */
export const PEOPLE_SETTINGS = {
  sessionIdleHours: setting({
    env: 'TINTYPE_SESSION_IDLE_HOURS',
    default: 12,
    parse: integer(1, 720),
    description: 'A session in which nothing is done for so long ends.',
  }),
  sessionDays: setting({
    env: 'TINTYPE_SESSION_DAYS',
    default: 30,
    parse: integer(1, 365),
    description: 'A session ends after so many days, whatever is done in it.',
  }),
  smtpUrl: setting<string | undefined>({
    env: 'TINTYPE_SMTP_URL',
    secret: true,
    default: undefined,
    parse: smtpUrl,
    description:
      'Mail server for invitations and new passwords: smtp://USER:PASSWORD@HOST:587, or smtps:// for TLS from the ' +
      'start. Of serve and work alike. Without it links are copied by whoever makes ' +
      'them.',
  }),
  smtpFrom: setting({
    env: 'TINTYPE_SMTP_FROM',
    default: 'Tintype <tintype@localhost>',
    parse: String,
    description: 'Who that mail is from.',
  }),
} as const
