import { setting } from './config-setting.ts'
import { integer, networks } from './config-values.ts'

/** Settings of what goes out to other programs. */
export const CONNECT_SETTINGS = {
  outgoingNetworks: setting<string | undefined>({
    env: 'TINTYPE_OUTGOING_NETWORKS',
    default: undefined,
    parse: networks,
    description:
      'Networks besides the public internet that webhooks may go to, comma separated (10.0.0.0/8). Default: none, so ' +
      'that nobody reaches what only this machine reaches.',
  }),
  hookBytes: setting({
    env: 'TINTYPE_HOOK_BYTES',
    default: 10_485_760,
    parse: integer(1024, 104_857_600),
    description: 'Largest body that the address of a connection takes, and largest e-mail.',
  }),
  csvBytes: setting({
    env: 'TINTYPE_CSV_BYTES',
    default: 524_288_000,
    parse: integer(1024, 10_737_418_240),
    description: 'Largest CSV file that is uploaded to a connection.',
  }),
  hookRate: setting({
    env: 'TINTYPE_HOOK_RATE',
    default: 5_000,
    parse: integer(1, 1_000_000),
    description: 'Requests in a second that the address of one connection takes. Each process counts for itself.',
  }),
  mailInPort: setting<number | undefined>({
    env: 'TINTYPE_MAIL_IN_PORT',
    default: undefined,
    parse: integer(1, 65_535),
    description: 'Port on which connections take e-mail (SMTP). Default: none, no mail is taken.',
  }),
  mailInHost: setting({
    env: 'TINTYPE_MAIL_IN_HOST',
    default: 'localhost',
    parse: (text: string) => text,
    description: 'What stands behind the @ in the e-mail addresses of connections.',
  }),
  webhookDays: setting({
    env: 'TINTYPE_WEBHOOK_DAYS',
    default: 30,
    // What is tried for the last time is three days old.
    parse: integer(4, 3650),
    description: 'Days that deliveries of webhooks are kept, whatever became of them.',
  }),
}
